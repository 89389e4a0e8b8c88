"""Reads slides: tables by their alternative text, over several slides where they are long; and every other part.

Charts keep their figures twice, as drawn and in a workbook within.
"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from tests.attacks.readers._office import stamps, texts
from tests.attacks.seen import Seen, SeenTable

FORMAT = "pptx"
_OWN = re.compile(r"(Title|Subtitle|TextBox) \d+|\d*\.\d+")
"""The program's names of boxes, by their place on a slide; and shares as fractions, whose percents are shown."""


def read(data: bytes) -> Seen:
    """Read one finished file."""
    import pptx

    tables: dict[str, SeenTable] = {}
    for slide in pptx.Presentation(BytesIO(data)).slides:
        captions = {shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
        for shape in slide.shapes:
            title = shape._element.xpath("string(.//p:cNvPr/@descr)")
            if not shape.has_table or title not in captions:
                continue  # fields of a chart say more in their alternative text than their caption does
            grid = [[cell.text for cell in row.cells] for row in shape.table.rows]
            before = tables.get(title)
            rows = tuple((row[0], tuple(row[1:])) for row in grid[1:])
            tables[title] = SeenTable(title, tuple(grid[0][1:]), (*(before.rows if before else ()), *rows))
    with ZipFile(BytesIO(data)) as package:
        found = [text for text in texts(package) if not _OWN.fullmatch(text)]
        return Seen(tuple(tables.values()), tuple(found), tuple(stamps(package)))
