"""Reads a Word file: tables under their captions; alternative texts, properties, comments and every other part."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from tests.attacks.readers._office import stamps, texts
from tests.attacks.seen import Seen, SeenTable

FORMAT = "docx"
_CAPTION = "Caption"


def read(data: bytes) -> Seen:
    """Read one finished file."""
    import docx

    tables, title = [], ""
    for block in docx.Document(BytesIO(data)).iter_inner_content():
        if hasattr(block, "rows"):
            grid = [[cell.text.strip() for cell in row.cells] for row in block.rows]
            if block.style is not None and block.style.style_id == "Figures":
                tables.append(
                    SeenTable(title, tuple(grid[0][1:]), tuple((r[0], tuple(r[1:])) for r in grid[1:]))
                )
        elif block.style is not None and block.style.style_id == _CAPTION:
            title = block.text.strip()
    with ZipFile(BytesIO(data)) as package:
        return Seen(tuple(tables), tuple(texts(package)), tuple(stamps(package)))
