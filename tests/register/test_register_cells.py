"""Single cells: what each kind accepts, and what is said of the rest without repeating it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewcore.language import Field
from reviewcore.register.cells import Cell, Flaw, Padded, as_id, as_value, blank

CHOICE = Field("program", "choice", choices=("child-welfare", "probation"))
GOOD: list[tuple[Field, Cell, object]] = [
    (Field("d", "date"), "2024-05-01", date(2024, 5, 1)),
    (Field("d", "date"), "2024-05-01T13:30:00", date(2024, 5, 1)),
    (Field("d", "date"), " 5/1/2024 ", date(2024, 5, 1)),
    (Field("d", "date"), "05/01/2024 0:00", date(2024, 5, 1)),
    (Field("d", "date"), datetime(2024, 5, 1, 13, tzinfo=UTC), date(2024, 5, 1)),
    (Field("d", "date"), date(2024, 5, 1), date(2024, 5, 1)),
    (Field("n", "number"), "12", 12),
    (Field("n", "number"), "12.0", 12),
    (Field("n", "number"), 12.0, 12),
    (Field("n", "number"), Padded(12), 12),
    (Field("n", "number"), "-3", -3),
    (Field("f", "flag"), "Yes", True),
    (Field("f", "flag"), "FALSE", False),
    (Field("f", "flag"), True, True),
    (Field("f", "flag"), 0.0, False),
    (Field("t"), "  Zoe\u0308 ", "Zoë"),
    (Field("t"), 7.0, "7"),
    (Field("t"), 1.5, "1.5"),
    (CHOICE, "probation", "probation"),
    (CHOICE, "Child Welfare", "child-welfare"),
    (Field("r", "choice", choices=("1", "2")), 2.0, "2"),
]
BAD: list[tuple[Field, Cell, str]] = [
    (Field("d", "date"), "45231", "looks like an Excel date number"),
    (Field("d", "date"), 45231.0, "looks like an Excel date number"),
    (Field("d", "date"), "1/2/24", "a year of four digits"),
    (Field("d", "date"), "soon", "a year of four digits"),
    (Field("d", "date"), "7", "a year of four digits"),
    (Field("d", "date"), "13/5/2024", "the month first"),
    (Field("d", "date"), time(1, 2), "a year of four digits"),
    (Field("n", "number"), "1.5", "a whole number"),
    (Field("n", "number"), 1.5, "a whole number"),
    (Field("n", "number"), True, "a whole number"),
    (Field("n", "number"), float("nan"), "a whole number"),
    (Field("n", "number"), 1e300, "a whole number"),
    (Field("f", "flag"), "maybe", "yes or no"),
    (Field("t"), "two\nlines", "a line break"),
    (Field("t"), "#N/A", "an Excel error"),
    (Field("t"), Flaw.ERROR, "an Excel error"),
    (Field("d", "date"), Flaw.UNCALCULATED, "never calculated"),
    (CHOICE, "prison", "expected one of: child-welfare, probation"),
]


@pytest.mark.parametrize(("field", "cell", "value"), GOOD)
def test_a_cell_is_read_as_its_declared_kind(field: Field, cell: Cell, value: object) -> None:
    """If this fails, a value that offices write in this way is refused or read as another."""
    read = as_value(cell, field)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(("field", "cell", "said"), BAD)
def test_a_cell_that_does_not_fit_is_told_with_the_mend(field: Field, cell: Cell, said: str) -> None:
    """If this fails, a wrong value is taken, or the county is not told what would be right."""
    with pytest.raises(ValueError, match=said):
        as_value(cell, field)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (456.5, "a point or a minus sign"),
        (-3.0, "a point or a minus sign"),
        (float("inf"), "a point or a minus sign"),
        (1234567890123456.0, "keeps only 15"),
        ("1.2E+11", "has lost digits"),
        ("456.0", "ends in .0"),
        (date(2024, 3, 12), "a date, a time or true/false"),
        (True, "a date, a time or true/false"),
        (Padded(456), "only shows zeros"),
        ("00\u200b7", "an invisible character"),
        ("00\u00077", "control character"),
        (Flaw.ERROR, "an Excel error"),
    ],
)
def test_what_spreadsheets_do_to_ids_is_told(cell: Cell, said: str) -> None:
    """If this fails, an id that Excel has changed is taken for the id: another case could be drawn."""
    with pytest.raises(ValueError, match=said):
        as_id(cell)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("007", "007"), (456.0, "456"), ("1E05", "1E05"), ("A-10", "A-10"), (" Ä\u0301 ", "Ä\u0301")],
)
def test_ids_that_only_look_strange_stay_as_they_are(cell: Cell, said: str) -> None:
    """If this fails, an honest id is refused or changed."""
    assert as_id(cell) == said


@given(st.text(max_size=10))
def test_an_id_is_read_the_same_however_it_is_composed_and_padded(text: str) -> None:
    """If this fails, two spellings of one id count as two cases (selection.md section 4: NFC, trimmed)."""
    import unicodedata

    def read(one: str) -> str:
        try:
            return as_id(one)
        except ValueError:
            return "refused"

    composed = unicodedata.normalize("NFC", text)
    assert read(f" {unicodedata.normalize('NFD', text)}\t") == read(composed)
    if read(composed) != "refused":
        assert read(composed) == composed.strip()


@given(st.one_of(st.text(max_size=8), st.floats(), st.booleans(), st.dates(), st.sampled_from(list(Flaw))))
def test_no_cell_whatever_ends_in_a_traceback_or_is_repeated(cell: Cell) -> None:
    """If this fails, a strange cell stops the check, or a message repeats what could be a person's data."""
    kinds = (Field("d", "date"), Field("n", "number"), Field("f", "flag"), Field("t"), CHOICE)
    readers: list[Callable[[Cell], object]] = [as_id, *(partial(as_value, field=field) for field in kinds)]
    for read in readers:
        said = ""
        try:
            read(cell)
        except ValueError as error:
            said = str(error)
        assert not isinstance(cell, str) or len(cell.strip()) < 6 or cell not in said


@pytest.mark.parametrize(
    ("cell", "empty"), [("", True), (" \t", True), ("NULL", True), ("null", False), (0.0, False)]
)
def test_what_counts_as_blank(cell: Cell, empty: bool) -> None:
    """If this fails, an exported NULL becomes an id or a name, or a zero is lost."""
    assert blank(cell) == empty
