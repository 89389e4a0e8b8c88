"""A workbook as another program would save it again, with some cells changed: for tests of reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

Grid = list[list[Any]]
Cells = Mapping[tuple[str, str], Any]


def grids(data: bytes) -> dict[str, list[list[Any]]]:
    """Return the cells of every sheet from A1 on."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def find(data: bytes, sheet: str, key: str) -> int:
    """Return the row of a question by its key, as people number rows."""
    rows = [n for n, cells in enumerate(grids(data)[sheet], start=1) if cells and cells[0] == key]
    assert len(rows) == 1, key
    return rows[0]


def resave(
    data: bytes,
    cells: Cells = MappingProxyType({}),
    rename: Mapping[str, str] = MappingProxyType({}),
    drop: tuple[str, ...] = (),
    extra: Mapping[str, Grid] = MappingProxyType({}),
) -> bytes:
    """Write all cells again, some of them changed, without protection, drop-downs or formats."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    for name, rows in {**grids(data), **extra}.items():
        if name in drop:
            continue
        page = book.add_worksheet(rename.get(name, name))
        placed = {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row)}
        for (sheet, cell), value in cells.items():
            if sheet == name:
                letter, digits = re.fullmatch(r"([A-Z])(\d+)", cell).groups()  # type: ignore[union-attr]
                placed[int(digits) - 1, ord(letter) - 65] = value
        for (r, c), value in placed.items():
            if isinstance(value, str):
                if value:
                    page.write_string(r, c, value)
            else:
                page.write(r, c, value)
    book.close()
    return target.getvalue()
