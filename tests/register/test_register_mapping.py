"""The proposal of which column is which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_lists import SOURCE

from reviewcore.register.mapping import CASES, PEOPLE, case_fields, propose

CASE_HEADINGS = [
    (["Case ID", "Worker ID", "Family ID"], ["Case ID", "Worker ID", "Family ID"]),
    (["CaseNumber", "Assigned Worker", "Household"], ["CaseNumber", "Assigned Worker", "Household"]),
    (["CASE NO.", "Caseworker", "Notes"], ["CASE NO.", "Caseworker", None]),
    (["case#", "Worker Name", "WORKER_ID"], ["case#", "WORKER_ID", None]),
    (["Id Case", "Primry Worker", "family-id"], ["Id Case", "Primry Worker", "family-id"]),
    (["Opened", "County", ""], [None, None, None]),
    (["Case ID", "Case ID", "Worker"], [None, "Worker", None]),
]


@pytest.mark.parametrize(("headings", "expected"), CASE_HEADINGS)
def test_usual_headings_are_known(headings: list[str], expected: list[str | None]) -> None:
    """If this fails, a new review proposes the wrong column, or none for a heading that counties use."""
    found = propose(headings, CASES)
    assert [found.get(field) for field in CASES] == expected


def test_a_types_own_fields_are_found_by_name_and_words() -> None:
    """If this fails, the type's own columns have to be named by hand."""
    found = propose(["Date Opened", "VISITS", "Program", "Case", "Worker"], case_fields(SOURCE))
    assert found == {
        "case_id": "Case",
        "worker_id": "Worker",
        "program": "Program",
        "opened": "Date Opened",
        "visits": "VISITS",
    }


def test_a_usual_people_list_maps_whole() -> None:
    """If this fails, the people list of an ordinary county maps in part only."""
    headings = [
        "Employee ID",
        "Name",
        "E-mail",
        "Role(s)",
        "Unit",
        "Supervisor ID",
        "Language",
        "County",
        "Program",
    ]
    assert list(propose(headings, PEOPLE).values()) == headings


WORDS = st.sampled_from(
    ["case", "Case", "ID", "id", "worker", "name", "family", "number", "no", "_", " ", "#", "x"]
)
HEADINGS = st.lists(st.lists(WORDS, max_size=4).map("".join), max_size=8)


@given(HEADINGS)
def test_no_heading_goes_to_two_fields_and_none_is_made_up(headings: list[str]) -> None:
    """If this fails, one column is read as two fields, or a heading that stands twice is guessed at."""
    found = propose(headings, CASES)
    assert len(set(found.values())) == len(found)
    trimmed = [heading.strip() for heading in headings]
    assert all(trimmed.count(heading) == 1 for heading in found.values())


@given(st.permutations(["Case ID", "Worker ID", "Family ID", "Worker", "Case", "Family Name", "Opened"]))
def test_the_order_of_the_columns_does_not_matter(headings: list[str]) -> None:
    """If this fails, moving a column in the export maps another one."""
    assert propose(headings, CASES) == {
        "case_id": "Case ID",
        "worker_id": "Worker ID",
        "family_id": "Family ID",
    }
