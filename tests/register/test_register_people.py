"""The people list: what is read, and every fault with its row, column and mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_lists import PEOPLE_HEAD, PEOPLE_ROWS, faults, replaced, told, write_csv, write_xlsx

from reviewcore.errors import BadInput
from reviewcore.profile.settings import List
from reviewcore.register.people import Person, read_people

LIST = List("people.csv")


def people(tmp_path: Path, rows: list[list[str]], head: list[str] = PEOPLE_HEAD) -> tuple[Person, ...]:
    """Read a people list of these rows."""
    return read_people(write_csv(tmp_path / "people.csv", head, rows), LIST, ())


def test_people_are_read_with_roles_and_defaults(tmp_path: Path) -> None:
    """If this fails, somebody loses a role, or a language that was not given is guessed."""
    found = people(tmp_path, PEOPLE_ROWS)
    assert found[2] == Person(
        "W2", "Wade Made-Up", "w2@alder.example", ("probation officer", "reviewer"), "", "S1", "en", "", ""
    )
    more = [[*row, "es", "Alder", "probation"] for row in PEOPLE_ROWS]
    assert people(tmp_path, more, [*PEOPLE_HEAD, "language", "county", "program"])[0].language == "es"


def test_columns_are_found_by_the_mapping_or_by_their_own_name(tmp_path: Path) -> None:
    """If this fails, the mapping of the profile is not followed."""
    path = write_csv(
        tmp_path / "p.csv", ["Staff", "NAME", "Mail", "Roles"], [["W1", "Wren", "w@x.example", "manager"]]
    )
    listing = List("p.csv", {"person_id": "Staff", "email": "mail"})
    assert read_people(path, listing, ())[0].person_id == "W1"


def test_a_types_own_role_is_known(tmp_path: Path) -> None:
    """If this fails, a review type cannot bring its own roles."""
    path = write_csv(
        tmp_path / "people.csv",
        PEOPLE_HEAD,
        [["N1", "Nan Made-Up", "n@alder.example", "Nutritionist", "", ""]],
    )
    assert read_people(path, LIST, ("nutritionist",))[0].roles == ("nutritionist",)
    assert "row 2: column 'roles': unknown role; the roles are social worker, " in told(
        read_people, path, LIST, ()
    )


FAULTS = {
    "no id": (1, 0, "", "people.csv row 3: column 'person_id': blank, but every row needs it"),
    "id twice": (1, 0, "S1 ", "people.csv row 3: column 'person_id': the same id as in row 2; every person stands"),
    "no name": (1, 1, " ", "people.csv row 3: column 'name': blank, but every row needs it"),
    "name over lines": (1, 1, "Wren\nBcc: x", "people.csv row 3: column 'name': it holds a line break"),
    "no e-mail": (1, 2, "", "people.csv row 3: column 'email': blank, but every row needs it"),
    "bad e-mail": (1, 2, "w1 at alder", "people.csv row 3: column 'email': expected one e-mail address, as in"),
    "two e-mails": (1, 2, "a@b.example;c@d.example", "people.csv row 3: column 'email': expected one e-mail"),
    "no role": (1, 3, "", "people.csv row 3: column 'roles': blank, but every row needs it"),
    "only a semicolon": (1, 3, " ; ", "people.csv row 3: column 'roles': blank, but every row needs it"),
    "unknown role": (1, 3, "reviewer; wizard", "people.csv row 3: column 'roles': unknown role; the roles are"),
    "role misspelt": (1, 3, "Socail Worker", "unknown role; did you mean 'social worker'?"),
    "supervisor unknown": (1, 5, "S9", "people.csv row 3: column 'supervisor_id': this supervisor is not on the"),
    "own supervisor": (1, 5, "W1", "people.csv row 3: column 'supervisor_id': this person is their own supervisor"),
    "circle": (0, 5, "W1", "people.csv row 2: column 'supervisor_id': the people of rows 2 and 3 supervise each"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_once_with_row_column_and_mend(tmp_path: Path, fault: str) -> None:
    """If this fails, a fault of the people list is taken in silence, told vaguely, or told twice."""
    row, column, value, said = FAULTS[fault]
    path = write_csv(tmp_path / "people.csv", PEOPLE_HEAD, replaced(PEOPLE_ROWS, row, column, value))
    message = told(read_people, path, LIST, ())
    assert said in message
    if column:  # where an id is missing, those who name it are told as well
        assert "\n" not in message


def test_clerical_staff_need_no_e_mail_but_a_wrong_one_is_told(tmp_path: Path) -> None:
    """If this fails, a county must invent addresses for staff who get no letters."""
    rows = [*PEOPLE_ROWS, ["K1", "Kay Made-Up", "", "clerical", "", ""]]
    assert people(tmp_path, rows)[3].email == ""
    with pytest.raises(BadInput, match="row 5: column 'email': expected one e-mail address"):
        people(tmp_path, replaced(rows, 3, 2, "kay"))
    with pytest.raises(BadInput, match="row 5: column 'email': blank"):
        people(tmp_path, replaced(rows, 3, 3, "clerical; coordinator"))


def test_all_faults_come_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    """If this fails, the county mends one fault per attempt."""
    rows = replaced(replaced(replaced(PEOPLE_ROWS, 2, 3, "wizard"), 1, 2, "x"), 0, 1, "")
    with pytest.raises(BadInput) as caught:
        people(tmp_path, rows)
    assert [problem.where for problem in caught.value.problems] == [f"people.csv row {n}" for n in (2, 3, 4)]


def test_many_like_faults_are_counted_after_the_first_twenty(tmp_path: Path) -> None:
    """If this fails, a wrongly mapped column of a long list buries everything else that is wrong."""
    rows = [[f"W{n}", "Wren Made-Up", "nobody", "manager", "", ""] for n in range(50)]
    path = write_csv(tmp_path / "people.csv", PEOPLE_HEAD, rows)
    *_, last = told(read_people, path, LIST, ()).splitlines()
    assert last == (
        "people.csv row 22: column 'email': 30 more rows are wrong in the same way, the last of them row 51"
    )


def test_a_control_total_of_people_is_reconciled(tmp_path: Path) -> None:
    """If this fails, a people list that was cut off is taken for whole."""
    path = write_csv(tmp_path / "people.csv", PEOPLE_HEAD, PEOPLE_ROWS)
    said = told(read_people, path, List("people.csv", control_total=4, control_source="payroll"), ())
    assert said.startswith(
        "people.csv: there are 3 people on the list, but the control total (payroll) is 4; look for"
    )


NONE = 'there is no column for it; say which it is, lists.people.columns.{} = "the heading"'
COLUMNS = {
    "missing": (PEOPLE_HEAD[:3] + PEOPLE_HEAD[4:], {}, f"people.csv row 1: roles: {NONE.format('roles')}"),
    "near": (
        ["Employee ID", *PEOPLE_HEAD[1:]],
        {},
        f"people.csv row 1: person_id: {NONE.format('person_id')}; did you mean 'Employee ID'?",
    ),
    "not there": (
        PEOPLE_HEAD,
        {"email": "Mial"},
        "there is no column headed 'Mial', as lists.people.columns.email says; did you mean 'email'?",
    ),
    "doubled": (
        ["person_id", "name", "email", "roles", "roles", "x"],
        {},
        "roles: the columns D, E are all headed 'roles'; rename those that are not meant",
    ),
    "unknown field": (
        PEOPLE_HEAD,
        {"emial": "email"},
        "lists.people.columns: unknown field 'emial'; did you mean 'email'?",
    ),
}


@pytest.mark.parametrize("fault", COLUMNS)
def test_columns_that_cannot_be_told_are_named(tmp_path: Path, fault: str) -> None:
    """If this fails, a missing or doubled column is guessed, or the county is not told how to map it."""
    head, columns, said = COLUMNS[fault]
    rows = [row[: len(head)] for row in PEOPLE_ROWS]
    path = write_csv(tmp_path / "people.csv", head, rows)
    assert said in told(read_people, path, List("people.csv", columns), ())


def test_headings_under_another_line_are_pointed_at(tmp_path: Path) -> None:
    """If this fails, a full line of other words over the headings ends in six missing columns."""
    path = write_csv(tmp_path / "people.csv", ["a", "b", "c", "d", "e", "f"], [PEOPLE_HEAD, *PEOPLE_ROWS])
    assert told(read_people, path, LIST, ()) == (
        "people.csv row 1: row 2 looks like the headings; delete the rows above it, so that they stand first"
    )


def test_a_file_without_headings_repeats_nobodys_data(tmp_path: Path) -> None:
    """If this fails, a missing heading row puts a person's name into a message."""
    path = write_csv(tmp_path / "people.csv", PEOPLE_ROWS[0], PEOPLE_ROWS[1:])
    assert "there is no column for it" in told(read_people, path, LIST, ())


def test_workbook_faults_name_the_cell(tmp_path: Path) -> None:
    """If this fails, a fault of a workbook names no cell that could be clicked."""
    path = write_xlsx(tmp_path / "people.xlsx", {"Staff": [PEOPLE_HEAD, *replaced(PEOPLE_ROWS, 1, 2, "x")]})
    assert told(read_people, path, LIST, ()).startswith(
        "people.xlsx sheet Staff cell C3: column 'email': expected"
    )


IDS = ["A", "B", "C", "D", "E"]


def never_ends(above: dict[str, str]) -> bool:
    """Say by walking far enough whether somebody's chain of supervisors of two or more never ends."""
    for start in above:
        one = start
        for _ in range(len(above) + 1):
            if one not in above or above[one] == one:
                break
            one = above[one]
        else:
            return True
    return False


def circle_between_two(above: dict[str, str]) -> bool:
    """A planted offender: it looks only for two people who supervise each other."""
    return any(other in above and above[other] == one != other for one, other in above.items())


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["", *IDS]), min_size=5, max_size=5))
def test_circles_of_supervisors_are_found_exactly(tmp_path: Path, supervisors: list[str]) -> None:
    """If this fails, a supervisor's copy goes round in a circle, or an honest list is refused."""
    rows = [
        [one, "Wren Made-Up", "w@alder.example", "manager", "", s]
        for one, s in zip(IDS, supervisors, strict=True)
    ]
    said = "\n".join(map(str, faults(people, tmp_path, rows)))
    assert ("in a circle" in said) == never_ends(dict(zip(IDS, supervisors, strict=True)))
    assert said.count("their own supervisor") == sum(
        one == s for one, s in zip(IDS, supervisors, strict=True)
    )


def test_the_walk_catches_an_offender_that_sees_small_circles_only() -> None:
    """If this fails, the test above would let a detector pass that misses circles of three."""
    three = {"A": "B", "B": "C", "C": "A"}
    assert never_ends(three)
    assert not circle_between_two(three)
