"""What one cell of a list says, read as the kind that is wanted; what does not fit is told with the mend.

Every reader raises ValueError with words that never repeat the cell: it could hold a person's data.
Text follows selection.md section 4: NFC, trimmed, no control characters. Ids are text, never numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TypeAlias, TypeGuard

from reviewcore.errors import nearest
from reviewcore.language import Field, Value


class Flaw(Enum):
    """What stands in a list in place of a value; `value` is what to say about it."""

    ERROR = "an Excel error such as #N/A stands in the cell; mend its formula, or write the value itself"
    UNCALCULATED = (
        "the cell's formula was never calculated; open the workbook in Excel, save it, and try again"
    )
    NESTED = "the cell holds a list or bytes, not one value; export the column as text"


class Padded(float):
    """A number that a spreadsheet shows with zeros in front which it does not hold: 456 shown as 00456."""


Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | Flaw
Row: TypeAlias = tuple[int, tuple[Cell, ...]]
"""A row's number in its file, counted from 1, and its cells."""

_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_NOTHING = frozenset({"", "NULL"})
_EXACT = 10**15  # Excel keeps fifteen digits; a longer number has lost its end
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_SOUND = re.compile(r"[A-Za-z0-9._/-]*[A-Za-z1-9]")  # the usual id, with which nothing can be wrong
_PLAIN = re.compile(r"[A-Za-z0-9._/-]*")
_POINT_ZERO = re.compile(r"\d+\.0+")
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: +\d{1,2}:\d{2}.*)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/](\d{4})", re.ASCII)
_SERIAL = range(18_000, 80_000)  # the days from 1949 to 2119, as Excel counts them
_FLAGS = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}


def blank(cell: Cell) -> bool:
    """Return whether a cell is empty. `NULL` in capitals is how databases export nothing."""
    return isinstance(cell, str) and cell.strip() in _NOTHING


def all_filled(cells: Sequence[Cell]) -> bool:
    """Return whether no cell is empty; where all are text, that is told at one glance."""
    if all_text(cells):
        return _NOTHING.isdisjoint(map(str.strip, cells))
    return not any(map(blank, cells))


def all_text(cells: Sequence[Cell]) -> TypeGuard[Sequence[str]]:
    """Return whether all cells are text, as those of CSV are."""
    return set(map(type, cells)) == {str}


def clean(text: str) -> str:
    """Return `text` trimmed and in NFC, so that ids which look the same are the same."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text).strip()


def folded(text: str) -> str:
    """Return the words of `text` in small letters, parted by single spaces: "Social_Worker" as "social worker"."""
    return " ".join(re.findall(r"[^\W_]+", clean(text).casefold()))


def _whole(number: int | float) -> bool:
    return isinstance(number, int) or number.is_integer()


def as_text(cell: Cell) -> str:
    """Read a cell as text; a whole number as its digits."""
    if isinstance(cell, str):
        text = clean(cell)
        if text in _EXCEL_ERRORS:
            raise ValueError(Flaw.ERROR.value)
        if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text):
            raise ValueError("it holds a line break or another control character; type it again on one line")
        return text
    if isinstance(cell, Flaw):
        raise ValueError(cell.value)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return str(int(cell)) if _whole(cell) else repr(float(cell))
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def as_id(cell: Cell) -> str:
    """Read a cell as an id, and refuse what a spreadsheet is known to have done to ids."""
    if isinstance(cell, str) and _SOUND.fullmatch(cell):
        return cell
    if isinstance(cell, Padded):
        raise ValueError(
            "the cell only shows zeros in front of the number and does not hold them; give the column the "
            "format Text and type the ids again, or export the list again with ids as text"
        )
    if isinstance(cell, (date, time, timedelta, bool)):
        raise ValueError(
            "it is a date, a time or true/false, not an id, as when Excel takes 3-12 for a day; give the "
            "column the format Text and type the id again"
        )
    if isinstance(cell, (int, float)) and (not _whole(cell) or cell < 0):
        raise ValueError("it is a number with a point or a minus sign, not an id; give the id as text")
    if isinstance(cell, (int, float)) and cell >= _EXACT:
        raise ValueError(
            "it is a number of 16 digits or more, of which Excel keeps only 15, so its end is lost; export "
            "the list again with ids as text"
        )
    text = as_text(cell)
    if text.isprintable() and text.isascii() and not text.endswith("0") and "+" not in text:
        return text
    if not text.isprintable():
        raise ValueError("the id holds an invisible character; type it again")
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError(
            "the id was turned into a number like 1.2E+11 and has lost digits; export the list again with "
            "ids as text, and do not save it from Excel in between"
        )
    if _POINT_ZERO.fullmatch(text):
        raise ValueError(
            "the id ends in .0, as when a program takes ids for numbers (zeros in front are lost too); "
            "export the list again with ids as text"
        )
    return text


def plain_ids(cells: Sequence[Cell]) -> TypeGuard[Sequence[str]]:
    """Return whether every cell is an id that is read as it stands, as nearly all are: told at one glance."""
    if not all_text(cells):
        return False
    together = "".join(cells)
    return bool(_PLAIN.fullmatch(together)) and ".0" not in together and _NOTHING.isdisjoint(cells)


def as_number(cell: Cell) -> int:
    """Read a cell as a whole number."""
    text = "" if isinstance(cell, bool) else as_text(cell)
    if not _WHOLE.fullmatch(text) or len(text) > 15:
        raise ValueError("expected a whole number such as 12")
    return int(text.split(".")[0])


def as_flag(cell: Cell) -> bool:
    """Read a cell as yes or no."""
    found = _FLAGS.get(as_text(cell).casefold())
    if found is None:
        raise ValueError("expected yes or no (or true/false, y/n, 1/0)")
    return found


def as_date(cell: Cell) -> date:
    """Read a cell as a date: a date cell, YYYY-MM-DD, or month/day/year; a time of day is left off."""
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    text = as_text(cell)
    if _WHOLE.fullmatch(text) and len(text) < 9 and int(float(text)) in _SERIAL:
        raise ValueError(
            "it looks like an Excel date number (days counted from 1900); give the column a date format in "
            "Excel and save the list again, or write the date as YYYY-MM-DD"
        )
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _US.fullmatch(text):
        month, day, year = map(int, found.groups())
    else:
        raise ValueError("expected a date with a year of four digits, as YYYY-MM-DD or month/day/year")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            "there is no such day; a date is read as YYYY-MM-DD or month/day/year, the month first"
        ) from None


def as_month(cell: Cell) -> str:
    """Read a cell as a month, "2027-03": a date cell, YYYY-MM, MM/YYYY, or a month's name and the year."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    text = as_text(cell)
    for pattern, year, month in ((_YEAR_FIRST, 1, 2), (_YEAR_LAST, 2, 1)):
        if (found := pattern.fullmatch(text)) and 1 <= int(found[month]) <= 12:
            return f"{found[year]}-{int(found[month]):02}"
    for form in ("%b %Y", "%B %Y", "%b-%Y"):
        with suppress(ValueError):
            return f"{datetime.strptime(text, form):%Y-%m}"  # noqa: DTZ007  (a month has no zone)
    raise ValueError("expected a month with a year of four digits, as in 2027-03")


def as_choice(cell: Cell, choices: Iterable[str]) -> str:
    """Read a cell as one of `choices`, whatever its case, spaces and hyphens."""
    choices = tuple(choices)
    text = as_text(cell)
    if text in choices:
        return text
    near = [choice for choice in choices if folded(choice) == folded(text)]
    if len(near) != 1:
        raise ValueError(f"expected one of: {', '.join(choices)}{nearest(text, choices)}")
    return near[0]


def as_value(cell: Cell, field: Field) -> Value:
    """Read a cell as the kind that a declared field has."""
    if field.kind == "date":
        return as_date(cell)
    if field.kind == "flag":
        return as_flag(cell)
    if field.kind == "number":
        return as_number(cell)
    if field.kind == "month":
        return as_month(cell)
    if field.kind == "choice":
        return as_choice(cell, field.choices)
    return as_text(cell)
