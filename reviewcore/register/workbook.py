"""Rows out of a workbook, by calamine."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.register import unseen
from reviewcore.register.cells import Cell, Padded, Row

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def kind(data: bytes) -> str:
    """Tell what a zip file is by the names in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return "other"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "ods" if {"mimetype", "content.xml"} <= names else "other"


def rows(data: bytes, file: str, sheet: str) -> tuple[str, list[Row]]:
    """Return the sheet's name and its numbered rows; raise BadInput where the sheet cannot be told or read."""
    try:
        import python_calamine
    except ImportError:
        raise Refused(
            f"{file}: to read workbooks, install reviewcore with its office part "
            "(pip install 'reviewcore[office]'), or save the list as CSV"
        ) from None
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        meant = _sheet(book, file, sheet)
        name, found = meant.name, meant.to_python(skip_empty_area=False)
        hidden = unseen.look(data, name) if kind(data) == "xlsx" else unseen.Unseen()
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError, KeyError, ValueError):
        raise BadInput(
            [
                Problem(
                    file,
                    "the workbook is damaged and cannot be read; open it in Excel, save it again as .xlsx, and "
                    "use that",
                )
            ]
        ) from None
    if hidden.rows:
        raise BadInput(
            [
                Problem(
                    f"{file} sheet {name} row {hidden.rows[0]}",
                    f"{'this row is' if len(hidden.rows) == 1 else f'this row and {len(hidden.rows) - 1} more are'}"
                    " hidden; clear the filter and show all rows, or delete those that are not on the list, so "
                    "that the list is what you see",
                )
            ]
        )
    return name, [(number, _shown(number, cells, hidden)) for number, cells in enumerate(found, start=1)]


def _shown(row: int, cells: Sequence[Cell], hidden: unseen.Unseen) -> tuple[Cell, ...]:
    """Return the cells of a row with what calamine did not tell of them."""
    if not (hidden.flaws or hidden.padded):
        return tuple(cells)
    return tuple(
        Padded(cell)
        if (row, column) in hidden.padded and isinstance(cell, (int, float)) and not isinstance(cell, bool)
        else hidden.flaws.get((row, column), cell)
        for column, cell in enumerate(cells)
    )


def _sheet(book: CalamineWorkbook, file: str, sheet: str) -> CalamineSheet:
    """Return the sheet that is meant: the one named, or the only one on which anything stands."""
    if sheet in book.sheet_names:
        return book.get_sheet_by_name(sheet)
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    filled = [one for one in sheets if one.height]
    if not sheet and len(filled) < 2:
        return (filled or sheets)[0]
    names = ", ".join(f"'{one.name}'" for one in (sheets if sheet else filled))
    what = (
        f"there is no sheet named '{sheet}'; the workbook has {names}"
        if sheet
        else f"there are several sheets with something on them; say which is the list, sheet = one of {names}"
    )
    raise BadInput([Problem(file, what)])
