"""Reads a workbook: the tables of its sheets, hidden ones too, and every text and number of every part."""

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from typing import Any
from zipfile import ZipFile

from tests.attacks.readers._office import stamps, texts
from tests.attacks.seen import BANDS, Seen, SeenTable

FORMAT = "xlsx"
_LABELS = ("Section", "Subject")


def read(data: bytes) -> Seen:
    """Read one finished file."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data))
    tables: list[SeenTable] = []
    said: list[str] = []
    for sheet in book:
        grid = [[_shown(cell) for cell in row] for row in sheet.iter_rows()]
        said += [text for row in grid for text in row if text]
        said += [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment]
        if len(grid) > 2 and len(grid[1]) > 1 and sheet.title not in ("Contents", "Text"):
            tables += _tables(grid)
    with ZipFile(BytesIO(data)) as package:
        # Shares of a hundred stand in the parts as fractions; what they show is read above.
        rest = [text for text in texts(package) if not ("." in text and text.replace(".", "").isdigit())]
        return Seen(tuple(tables), (*said, *rest), tuple(stamps(package)))


def _tables(grid: list[list[str]]) -> list[SeenTable]:
    heading, head, *rows = grid[0][0], *grid[1:]
    skip = sum(name in _LABELS for name in head[:2])
    wide = sum(bool(name) and name not in BANDS for name in head)  # the bands' own columns hold a dot
    title = lambda row: row[skip - 1] if "Subject" in head[:skip] else heading  # noqa: E731
    rows = [row for row in rows if row[skip]]
    return [
        SeenTable(
            name,
            tuple(head[skip + 1 : wide]),
            tuple((row[skip], tuple(row[skip + 1 : wide])) for row in found),
        )
        for name, found in groupby(rows, title)
    ]


def _shown(cell: Any) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return f"{round(cell.value * 100)}%" if cell.number_format == "0%" else f"{cell.value:,}"
    return str(cell.value)
