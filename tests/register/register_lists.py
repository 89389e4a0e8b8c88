"""Small lists, profiles and blinds that the tests of the register share."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from reviewcore.errors import BadInput, Problem
from reviewcore.language import Field
from reviewcore.profile.settings import Agency, Calendar, List, Profile, Safety
from reviewcore.reviewtype import ReviewType, Source

PEOPLE_HEAD = ["person_id", "name", "email", "roles", "unit", "supervisor_id"]
PEOPLE_ROWS = [
    ["S1", "Sam Made-Up", "s1@alder.example", "supervisor", "North", ""],
    ["W1", "Wren Made-Up", "w1@alder.example", "social worker", "North", "S1"],
    ["W2", "Wade Made-Up", "w2@alder.example", "Probation Officer; reviewer", "", "S1"],
]
CASE_HEAD = ["case_id", "worker_id", "family_id", "program", "opened", "visits", "closed"]
CASE_ROWS = [
    ["C-01", "W1", "F1", "child-welfare", "2024-05-01", "3", "no"],
    ["C-02", "W1", "F1", "Child Welfare", "5/2/2024", "", "Y"],
    ["C-03", "W2", "", "probation", "2024-05-03", "0", ""],
]
SOURCE = Source(
    "cases",
    (
        Field("program", "choice", choices=("child-welfare", "probation")),
        Field("opened", "date", "date opened"),
        Field("visits", "number", required=False),
        Field("closed", "flag", required=False),
    ),
)
TYPE = ReviewType("visits", "Visit review", object, (SOURCE,))


class HmacBlind:
    """A stand-in for the draw's blinding: keyed, and other pseudonyms for every kind."""

    def case(self, case_id: str) -> str:
        return self._mac("case", case_id)

    def worker(self, person_id: str) -> str:
        return self._mac("worker", person_id)

    def unit(self, name: str) -> str:
        return self._mac("unit", name)

    def _mac(self, kind: str, text: str) -> str:
        return hmac.new(b"k" * 32, f"{kind}\n{text}".encode(), hashlib.sha256).hexdigest()


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    path.write_bytes(text.getvalue().encode())
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Any]]) -> Path:
    """Write a workbook: numbers, dates and texts as such; a callable cell is called with sheet, row, column."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        dates = book.add_format({"num_format": "m/d/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if callable(cell):
                        cell(book, sheet, row, column)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, dates)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def replaced(rows: Sequence[Sequence[Any]], row: int, column: int, value: Any) -> list[list[Any]]:
    """Return the rows with one cell replaced."""
    copy = [list(cells) for cells in rows]
    copy[row][column] = value
    return copy


def told(call: Any, *args: Any) -> str:
    """Return what a call says that must refuse its input; identities in it fail the test."""
    with pytest.raises(BadInput) as caught:
        call(*args)
    said = str(caught.value)
    for private in ("Made-Up", "alder.example"):
        assert private not in said, "a message repeats a person's data"
    return said


def faults(call: Any, *args: Any) -> tuple[Problem, ...]:
    """Return the problems that a call raises, or none where it takes its input."""
    try:
        call(*args)
    except BadInput as error:
        return error.problems
    return ()


def profile(cases: List | None = None, people: List | None = None) -> Profile:
    """Return a profile of a made-up county."""
    return Profile(
        1, "alder-2027", "visits", "Visit review",
        Agency("alder", "Alder", "Alder", "1 Main St", "C", "c@alder.example", "555-0100", "D", "Director"),
        Safety("Safe Desk", "555-0101", "safe@alder.example"),
        Calendar("America/Los_Angeles", date(2027, 3, 1), date(2027, 3, 5), time(9), time(17)),
        {}, {"people": people or List("people.csv"), "cases": cases or List("cases.csv")}, None,
    )  # fmt: skip


def clock() -> datetime:
    """Return a fixed time."""
    return datetime(2027, 1, 4, 9, tzinfo=UTC)
