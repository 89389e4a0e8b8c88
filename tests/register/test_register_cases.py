"""The case list: typed fields, ids as they stand, and every fault with its row, column and mend."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_lists import CASE_HEAD, CASE_ROWS, SOURCE, faults, replaced, told, write_csv, write_xlsx

from reviewcore.language import Field
from reviewcore.profile.settings import List
from reviewcore.register.cases import CaseRow, read_cases
from reviewcore.register.people import Person
from reviewcore.reviewtype import Source

LIST = List("cases.csv")
WORKERS = tuple(Person(one, "Wren Made-Up", "", ("social worker",)) for one in ("W1", "W2", "007"))
BARE = Source("cases", ())


def cases(tmp_path: Path, rows: list[list[Any]]) -> tuple[CaseRow, ...]:
    """Read a CSV case list of these rows."""
    return read_cases(write_csv(tmp_path / "cases.csv", CASE_HEAD, rows), LIST, SOURCE, WORKERS)


def test_declared_fields_are_typed_and_families_carried(tmp_path: Path) -> None:
    """If this fails, eligibility and strata are worked out on other values than the list's."""
    first, second, third = cases(tmp_path, CASE_ROWS)
    assert first == CaseRow(
        "C-01",
        "W1",
        "F1",
        {"program": "child-welfare", "opened": date(2024, 5, 1), "visits": 3, "closed": False},
    )
    assert second.fields == {
        "program": "child-welfare", "opened": date(2024, 5, 2), "visits": None, "closed": True
    }  # fmt: skip
    assert (second.family_id, third.family_id) == ("F1", "")
    assert third.fields["visits"] == 0
    assert third.fields["closed"] is None


def test_a_workbook_and_a_csv_of_the_same_list_are_the_same(tmp_path: Path) -> None:
    """If this fails, the draw depends on the file's format (selection.md section 6, 5)."""
    cells = [
        ["C-01", "W1", "F1", "child-welfare", date(2024, 5, 1), 3, False],
        ["C-02", "W1", "F1", "Child Welfare", date(2024, 5, 2), None, True],
        ["C-03", "W2", "", "probation", date(2024, 5, 3), 0, None],
    ]
    path = write_xlsx(tmp_path / "cases.xlsx", {"Cases": [CASE_HEAD, *cells]})
    assert read_cases(path, LIST, SOURCE, WORKERS) == cases(tmp_path, CASE_ROWS)


def test_optional_columns_may_be_left_out_and_others_are_not_read(tmp_path: Path) -> None:
    """If this fails, a list needs columns that nothing uses, or what no mapping names gets into the review."""
    head = ["Case", "Worker", "program", "opened", "Mother's name"]
    path = write_csv(tmp_path / "cases.csv", head, [["C-01", "W1", "probation", "2024-05-01", "Mo Made-Up"]])
    listing = List("cases.csv", {"case_id": "Case", "worker_id": "Worker"})
    [case] = read_cases(path, listing, SOURCE, WORKERS)
    assert "Made-Up" not in str(case)
    assert case.fields["visits"] is None


FAULTS = {
    "no id": (1, 0, "", "cases.csv row 3: column 'case_id': blank, but every row needs it"),
    "id is NULL": (1, 0, "NULL", "cases.csv row 3: column 'case_id': blank, but every row needs it"),
    "id twice": (1, 0, "C-01", "cases.csv row 3: column 'case_id': the same id as in row 2; every case stands"),
    "id twice but for spaces": (2, 0, " C-01\t", "cases.csv row 4: column 'case_id': the same id as in row 2"),
    "control character": (1, 0, "C\x07-2", "cases.csv row 3: column 'case_id': it holds a line break or another"),
    "invisible character": (1, 0, "C-\u200b2", "cases.csv row 3: column 'case_id': the id holds an invisible"),
    "scientific": (1, 0, "1.2E+11", "cases.csv row 3: column 'case_id': the id was turned into a number like 1.2E+11"),
    "point zero": (1, 0, "456.0", "cases.csv row 3: column 'case_id': the id ends in .0"),
    "no worker": (1, 1, "", "cases.csv row 3: column 'worker_id': blank, but every row needs it"),
    "worker unknown": (1, 1, "W9", "cases.csv row 3: column 'worker_id': this worker is not on the people list; add"),
    "worker's zeros": (1, 1, "7", "(it is there with other zeros in front: keep ids as text in both lists)"),
    "family an error": (1, 2, "#REF!", "cases.csv row 3: column 'family_id': an Excel error such as #N/A stands in"),
    "choice unknown": (1, 3, "prison", "cases.csv row 3: column 'program': expected one of: child-welfare, probation"),
    "date number": (1, 4, "45231", "cases.csv row 3: column 'opened': it looks like an Excel date number (days count"),
    "no such day": (1, 4, "2/30/2024", "cases.csv row 3: column 'opened': there is no such day"),
    "required blank": (1, 4, "", "cases.csv row 3: column 'opened': blank, but every row needs it"),
    "no number": (1, 5, "three", "cases.csv row 3: column 'visits': expected a whole number such as 12"),
    "no flag": (1, 6, "perhaps", "cases.csv row 3: column 'closed': expected yes or no"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_once_with_row_column_and_mend(tmp_path: Path, fault: str) -> None:
    """If this fails, a fault of the case list is taken in silence, told vaguely, or told twice."""
    row, column, value, said = FAULTS[fault]
    path = write_csv(tmp_path / "cases.csv", CASE_HEAD, replaced(CASE_ROWS, row, column, value))
    message = told(read_cases, path, LIST, SOURCE, WORKERS)
    assert said in message
    assert "\n" not in message


def ids_told(tmp_path: Path, ids: list[Any], name: str = "cases.xlsx") -> str:
    """Return what is said of a case list with these ids, or "" where it is read."""
    rows = [[one, "W1"] for one in ids]
    if name.endswith("csv"):
        path = write_csv(tmp_path / name, CASE_HEAD[:2], rows)
    else:
        path = write_xlsx(tmp_path / name, {"Cases": [CASE_HEAD[:2], *rows]})
    return "\n".join(map(str, faults(read_cases, path, LIST, BARE, WORKERS)))


def formula(value: object) -> Callable[..., None]:
    """Return a cell with a formula that has this stored value."""
    return lambda book, sheet, row, column: sheet.write_formula(row, column, "=1+1", None, value)


def padded(book: Any, sheet: Any, row: int, column: int) -> None:
    """Write 456 so that it shows as 00456."""
    sheet.write_number(row, column, 456, book.add_format({"num_format": "00000"}))


def test_ids_that_a_spreadsheet_has_changed_are_told_by_cell(tmp_path: Path) -> None:
    """If this fails, an id that lost its zeros or its end names another case, and nobody is told."""
    place = "cases.xlsx sheet Cases cell A3: column 'case_id': "
    assert ids_told(tmp_path, [1.0, 456.0, 123456.0]) == ""
    assert ids_told(tmp_path, ["0012", 456, "C-3", 7]).startswith(
        place + "in this column 2 rows are a number and 2 rows are text, so zeros in front may be lost"
    )
    assert ids_told(tmp_path, [12, 1234567890123456]).startswith(
        place + "it is a number of 16 digits or more"
    )
    assert ids_told(tmp_path, [12, 4.5]).startswith(place + "it is a number with a point")
    assert ids_told(tmp_path, [12, padded]).startswith(place + "the cell only shows zeros in front")
    assert ids_told(tmp_path, ["12", date(2024, 3, 12)]).startswith(
        place + "it is a date, a time or true/false"
    )
    assert ids_told(tmp_path, ["12", formula("#N/A")]).startswith(
        place + "an Excel error such as #N/A stands"
    )
    assert ids_told(tmp_path, ["12", formula("")]).startswith(
        place + "the cell's formula was never calculated"
    )
    assert ids_told(tmp_path, ["12", formula("C-13")]) == ""


def test_ids_that_lost_their_zeros_are_told_where_others_kept_theirs(tmp_path: Path) -> None:
    """If this fails, half a list that went through Excel is drawn from under wrong ids."""
    said = ids_told(tmp_path, ["00012", "00013", "456", "99999", "7"], "cases.csv")
    assert said.startswith(
        "cases.csv row 4: column 'case_id': ids of this column that begin with 0 have 5 digits, but 2 rows are shorter"
    )
    for honest in (
        ["00012", "99999"],
        ["1", "22", "333"],
        ["007", "1234", "12"],
        ["C-01", "C-1"],
        ["0", "1"],
    ):
        assert ids_told(tmp_path, honest, "cases.csv") == "", "an honest list is refused"


def test_an_error_where_the_family_should_be_is_not_a_case_without_family(tmp_path: Path) -> None:
    """If this fails, calamine's empty cell for #N/A makes one family two, and it can be drawn twice."""
    rows = [CASE_HEAD[:3], ["C-01", "W1", "F1"], ["C-02", "W1", formula("#N/A")]]
    path = write_xlsx(tmp_path / "cases.xlsx", {"Cases": rows})
    said = told(read_cases, path, LIST, BARE, WORKERS)
    assert said.startswith("cases.xlsx sheet Cases cell C3: column 'family_id': an Excel error such as #N/A")


def test_a_count_that_differs_from_the_control_total_is_told_with_both(tmp_path: Path) -> None:
    """If this fails, a list that was cut off is drawn from, and cases have no chance."""
    path = write_csv(tmp_path / "cases.csv", CASE_HEAD, CASE_ROWS)
    listing = List("cases.csv", control_total=5, control_source="monthly report")
    said = told(read_cases, path, listing, SOURCE, WORKERS)
    assert said.startswith(
        "cases.csv: there are 3 cases on the list, but the control total (monthly report) is 5; look for a filter or a"
    )
    assert len(read_cases(path, List("cases.csv", control_total=3), SOURCE, WORKERS)) == 3


def test_a_missing_field_column_is_told(tmp_path: Path) -> None:
    """If this fails, a review runs without a field that its plan depends on."""
    path = write_csv(
        tmp_path / "cases.csv", ["case_id", "worker_id", "opend"], [["C-01", "W1", "2024-05-01"]]
    )
    assert told(read_cases, path, LIST, Source("cases", (Field("opened", "date"),)), WORKERS) == (
        "cases.csv row 1: opened: there is no column for it; say which it is, lists.cases.columns.opened = "
        "\"the heading\"; did you mean 'opend'?"
    )


LETTERS = st.text(st.sampled_from(["a", "e", "\u0301", "é", " ", "A", "0"]), min_size=1, max_size=4)


def by_bytes(ids: list[str]) -> bool:
    """A planted offender: whether two ids are the same as they are written in the file."""
    return len(set(ids)) < len(ids)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LETTERS.filter(str.strip), min_size=2, max_size=5))
def test_ids_that_look_the_same_collide_loudly(tmp_path: Path, ids: list[str]) -> None:
    """If this fails, one case stands in the draw twice (selection.md section 6, 14)."""
    said = ids_told(tmp_path, ids, "cases.csv")
    pairs = [
        (a, b)
        for b in range(len(ids))
        for a in range(b)
        if unicodedata.normalize("NFD", ids[a]).strip() == unicodedata.normalize("NFD", ids[b]).strip()
    ]
    assert said.count("the same id as in row") == len({b for _, b in pairs})
    for a, b in pairs[:1]:
        assert f"cases.csv row {b + 2}: column 'case_id': the same id as in row {a + 2};" in said


def test_the_pairs_catch_an_offender_that_compares_bytes(tmp_path: Path) -> None:
    """If this fails, the test above would let a reader pass that takes two spellings for two cases."""
    ids = ["e\u0301", "é"]
    assert "the same id as in row 2" in ids_told(tmp_path, ids, "cases.csv")
    assert not by_bytes(ids)


def test_a_formula_that_gives_no_text_is_a_blank_and_not_a_fault(tmp_path: Path) -> None:
    """If this fails, a list whose formulas leave cells empty on purpose is refused."""
    rows = [CASE_HEAD[:3], ["C-01", "W1", "F1"], ["C-02", "W1", formula("")]]
    path = write_xlsx(tmp_path / "cases.xlsx", {"Cases": rows})
    assert "never calculated" in told(read_cases, path, LIST, BARE, WORKERS)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content.replace(b'<c r="C3">', b'<c r="C3" t="str">'))
    assert [case.family_id for case in read_cases(path, LIST, BARE, WORKERS)] == ["F1", ""]


def test_errors_are_placed_beyond_column_z_too(tmp_path: Path) -> None:
    """If this fails, an error in a wide export is taken for an empty cell, or put down to another."""
    wide = [f"column {chr(97 + n)}" for n in range(26)]
    rows = [[*wide, "case_id", "worker_id", "family_id"], [*wide, "C-01", "W1", formula("#N/A")]]
    path = write_xlsx(tmp_path / "cases.xlsx", {"Cases": rows})
    said = told(read_cases, path, LIST, BARE, WORKERS)
    assert said.startswith("cases.xlsx sheet Cases cell AC2: column 'family_id': an Excel error")


def test_the_heading_as_written_wins_over_one_that_is_alike(tmp_path: Path) -> None:
    """If this fails, a mapping that names its column exactly is called unclear."""
    path = write_csv(tmp_path / "cases.csv", ["CASE-ID", "Case ID", "worker_id"], [["x", "C-01", "W1"]])
    [case] = read_cases(path, List("cases.csv", {"case_id": "Case ID"}), BARE, WORKERS)
    assert case.case_id == "C-01"
    assert "the columns A, B are all headed" in told(read_cases, path, LIST, BARE, WORKERS)
