"""A coder's sheet: a row for each note, a column for each code, marked with an x; and reading it when it comes back.

It bears notes as they were written, so it is a paper of the review office's, and goes when the review is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from attrs import frozen

from reviewcore.coding.values import Mark
from reviewcore.errors import BadInput, Problem

FORMAT = "reviewcore coding 1"
CODING, READ_ME, ABOUT = "Coding", "Read me", "About"
FIRST = 3
"""The first column, from 0, that holds a code; before it the note's own name (hidden), the question, the note."""
HEAD = 1
"""The row, from 0, of the codes' names; above it stand the hidden keys."""
_MOST = 30_000  # characters of a note in one cell; a longer one goes on in the next row

_GUIDE = (
    "Read each note and put an x under every theme that it speaks of. Leave the other cells empty.",
    "Mark a theme once, however often it comes up in a note. A long note goes on in the row below.",
    (
        "Code by yourself. Whoever codes the same notes does it apart, and you compare afterwards: "
        "`reviewcore code` says how far you agree, theme by theme. Talk over what you see differently, correct your "
        "sheets and hand them in again; the last one counts."
    ),
    "A theme counts for a session where all coders marked it.",
    "Put the sheet into the folder returned/coding. It holds notes as they were written: hand it to nobody else.",
)


@frozen
class Note:
    """A note to be coded: its name, its question, what was written, and the lists of themes that it may speak of."""

    name: str
    question: str
    text: str
    lists: tuple[str, ...]


@frozen
class Code:
    """A code as the sheet shows it."""

    mark: Mark
    list_title: str
    label: str


def write(
    coder: str, notes: Sequence[Note], codes: Sequence[Code], version: str, title: str, created: datetime
) -> bytes:
    """Return a coder's sheet, the same bytes for the same arguments."""
    from xlsxwriter import Workbook
    from xlsxwriter.utility import xl_col_to_name

    file = BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties({"title": f"{title}: coding sheet {coder}", "created": created})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "rotation": 60, "bg_color": "#E4EBF3", "border": 1}
    )
    entry = book.add_format(
        {"align": "center", "valign": "top", "bg_color": "#FFFBE6", "border": 1, "locked": False}
    )
    grey = book.add_format({"bg_color": "#EEEEEE"})
    guide, sheet, about = (book.add_worksheet(name) for name in (READ_ME, CODING, ABOUT))
    guide.set_column(0, 0, 90)
    guide.write_string(0, 0, f"{title}: coding sheet {coder}", bold)
    for row, text in enumerate(_GUIDE, start=2):
        guide.write_string(row, 0, text, wrap)
        guide.set_row(row, 32)
    sheet.set_column(0, 0, 2, None, {"hidden": True})
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 70)
    sheet.set_column(FIRST, FIRST + len(codes), 5)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(HEAD, 170)
    sheet.write_string(HEAD, 1, "Question", bold)
    sheet.write_string(HEAD, 2, "Note", bold)
    for column, code in enumerate(codes, start=FIRST):
        sheet.write_string(0, column, "/".join(code.mark))
        sheet.write_string(HEAD, column, f"{code.list_title}: {code.label}", head)
    row = HEAD
    for note in notes:
        for start in range(0, max(len(note.text), 1), _MOST):
            row += 1
            sheet.write_string(row, 0, note.name)
            sheet.write_string(row, 1, note.question, wrap)
            sheet.write_string(row, 2, note.text[start : start + _MOST], wrap)
            sheet.set_row(row, min(15 * (1 + len(note.text[start : start + _MOST]) // 75), 400))
            for column, code in enumerate(codes, start=FIRST):
                sheet.write_blank(row, column, None, entry if code.mark[0] in note.lists else grey)
    last = f"{xl_col_to_name(FIRST)}{HEAD + 2}:{xl_col_to_name(FIRST + max(len(codes), 1) - 1)}{row + 1}"
    sheet.data_validation(last, {"validate": "list", "source": ["x"], "ignore_blank": True})
    sheet.freeze_panes(HEAD + 1, FIRST)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    for line, (key, value) in enumerate((("format", FORMAT), ("coder", coder), ("version", version))):
        about.write_string(line, 0, key)
        about.write_string(line, 1, value)
    about.hide()
    sheet.activate()
    book.close()
    return file.getvalue()


def read(
    name: str, data: bytes, notes: Sequence[Note], codes: Sequence[Code], version: str
) -> tuple[str, dict[str, list[Mark]]]:
    """Return whose sheet it is, and the codes marked by note; raise BadInput with every problem, by cell."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        about = {
            str(row[0]): str(row[1]) for row in book.get_sheet_by_name(ABOUT).to_python() if len(row) > 1
        }
        grid = book.get_sheet_by_name(CODING).to_python(skip_empty_area=False)
    except CalamineError:
        about, grid = {}, []
    if about.get("format") != FORMAT or about.get("coder") not in ("a", "b"):
        what = "this is not a whole coding sheet of this review; use the one that stands in papers/coding"
        raise BadInput([Problem(name, what)])
    if about.get("version") != version:
        what = (
            "notes or codes have changed since this sheet was written: take the new one from papers/coding, and carry "
            "the marks over"
        )
        raise BadInput([Problem(name, what)])
    return about["coder"], _marks(name, grid, notes, codes)


def _marks(
    name: str, grid: list[list[Any]], notes: Sequence[Note], codes: Sequence[Code]
) -> dict[str, list[Mark]]:
    from xlsxwriter.utility import xl_col_to_name

    lists = {note.name: note.lists for note in notes}
    found: dict[str, set[Mark]] = {}
    problems = []
    for row, cells in enumerate(grid[HEAD + 1 :], start=HEAD + 2):
        note = str(cells[0]) if cells else ""
        for column, code in enumerate(codes, start=FIRST):
            mark = str(cells[column]).strip().casefold() if column < len(cells) else ""
            place = f"{name} sheet {CODING} cell {xl_col_to_name(column)}{row}"
            if mark in ("x", "yes", "1", "1.0") and note in lists and code.mark[0] in lists[note]:
                found.setdefault(note, set()).add(code.mark)
            elif mark and note in lists and code.mark[0] not in lists[note]:
                problems.append(Problem(place, "this theme is not asked of this note; empty the cell"))
            elif mark:
                problems.append(Problem(place, "this is no mark: put an x, or leave the cell empty"))
        if note in lists:
            found.setdefault(note, set())
    if missing := lists.keys() - found.keys():
        what = f"{len(missing)} of {len(lists)} notes are missing; carry the marks over into the sheet in papers/coding"
        problems.append(Problem(f"{name} sheet {CODING}", what))
    if problems:
        raise BadInput(problems)
    return {note: sorted(marks) for note, marks in sorted(found.items())}


def by_title(codes: Sequence[Code]) -> Mapping[str, str]:
    """Return the title of every list of themes."""
    return {code.mark[0]: code.list_title for code in codes}
