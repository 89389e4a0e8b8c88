"""The list of key people: what is wrong told by row and column, and who is who across cases and corrections."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewcore.errors import BadInput
from reviewcore.language import Field
from reviewcore.profile.settings import List
from reviewcore.register.key_people import KeyPerson, pseudonyms, read_key_people
from reviewcore.reviewtype import Source

SOURCE = Source(
    "key_people", (Field("phone_first", "flag", required=False),), kind="key people",
    roles=("mother", "father", "therapist"), consent=("mother", "father"),
)  # fmt: skip
HEAD = "Case Number,Name,E-mail,Relationship,Consent,Interpreter,Place"
WORKERS = {"C-01": "worker@county.example", "C-02": ""}


class Blind:
    """Pseudonyms that can be read."""

    def worker(self, person_id: str) -> str:
        """Return the id as it is."""
        return person_id


def read(tmp_path: Path, *rows: str, head: str = HEAD) -> tuple[KeyPerson, ...]:
    """Read a list with these rows; its headings are the county's own, mapped by the profile."""
    path = tmp_path / "key_people.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    columns = {"case_id": "Case Number", "email": "E-mail", "role": "Relationship"}
    return read_key_people(path, List("key_people.csv", columns), SOURCE, WORKERS)[1]


def test_a_list_is_read(tmp_path: Path) -> None:
    """QSR-3: if this fails, a key person's role, consent, interpreter or place is lost."""
    one, two = read(
        tmp_path,
        "C-01,Ana Ruiz,,Mother,Yes,es,at home",
        "C-02,,,,,,",
        "C-02,Bo Lind,bo@t.example,therapist,,,",
    )
    assert (one.role, one.consent, one.interpreter, one.place) == ("mother", "yes", "es", "at home")
    assert (two.row, two.role, two.consent, two.email) == (4, "therapist", "", "bo@t.example")


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("C-09,Ana Ruiz,,mother,yes,,", "Case Number", "not in the review"),
        ("C-01,,,mother,yes,,", "Name", "blank, but every row needs it"),
        ("C-01,Ana Ruiz,ana,mother,yes,,", "E-mail", "one e-mail address"),
        ("C-01,Ana Ruiz,,aunt,yes,,", "Relationship", "expected one of: mother, father, therapist"),
        ("C-01,Ana Ruiz,,mother,perhaps,,", "Consent", "expected yes, no, or asked"),
        ("C-01,Ana Ruiz,,mother,,,", "Consent", "whether a mother agrees must be on record"),
        ("C-01,Ana Ruiz,,mother,yes,Spanish please,", "Interpreter", "the code of a language"),
        ("C-01,Bo Lind,worker@county.example,therapist,,,", "E-mail", "the case's own worker"),
    ],
)
def test_faults_are_told_by_row_and_column(tmp_path: Path, row: str, column: str, words: str) -> None:
    """ALL-1: if this fails, a coordinator cannot find what to mend, or a parent is seen without recorded consent."""
    with pytest.raises(BadInput) as told:
        read(tmp_path, row)
    [problem] = told.value.problems
    assert str(problem).startswith(f"key_people.csv row 2: column '{column}'"), str(problem)
    assert words in str(problem)
    assert "Ana Ruiz" not in str(problem)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """If this fails, a list with ten faults takes ten rounds to mend."""
    with pytest.raises(BadInput) as told:
        read(
            tmp_path,
            "C-09,Ana Ruiz,,aunt,maybe,,",
            "C-01,Bo Lind,x,therapist,,,",
            "C-01,Bo Lind,,therapist,,,",
        )
    assert len(told.value.problems) == 5


def test_somebody_listed_twice_for_a_case(tmp_path: Path) -> None:
    """If this fails, one person has two appointments for one case."""
    with pytest.raises(BadInput) as told:
        read(tmp_path, "C-01,Bo Lind,,therapist,,,", "C-01,bo  LIND,bo@t.example,therapist,,,")
    assert "the same name and role for the same case as in row 2" in str(told.value.problems[0])


def person(row: int, case: str, name: str, role: str, email: str = "") -> KeyPerson:
    """Return a row of the list."""
    return KeyPerson(row, case, name, email, role, "yes", "", "", {})


def test_who_is_who() -> None:
    """QSR-3: if this fails, a lawyer of two cases is to be in two places, or two parents are taken for one person."""
    found = pseudonyms(
        [
            person(1, "C-01", "Bo Lind", "therapist", "bo@t.example"),
            person(2, "C-02", "Robert Lind", "therapist", "BO@t.example"),  # one address
            person(3, "C-03", "bo lind", "therapist"),  # one name and role
            person(4, "C-04", "Bo Lind", "therapist", "other@t.example"),  # another address: somebody else
            person(5, "C-05", "Ana Ruiz", "mother", "home@mail.example"),
            person(6, "C-05", "Leo Ruiz", "father", "home@mail.example"),  # parents who share an address
            person(7, "C-06", "Ana Ruiz", "father"),  # another role
        ],
        [], [], Blind(),
    )  # fmt: skip
    assert found[1] == found[2] == found[3]
    assert len({found[1], found[4], found[5], found[6], found[7]}) == 5


def test_staff_are_known_by_their_address() -> None:
    """If this fails, a reviewer who is somebody's key person can be in two places."""
    staff = [{"pseudonym": "S1", "email": "Sam@county.example"}]
    found = pseudonyms([person(1, "C-01", "Sam", "therapist", "sam@county.example")], staff, [], Blind())
    assert found == {1: "S1"}


PEOPLE = st.tuples(
    st.sampled_from("ABCD"),
    st.sampled_from(("mother", "therapist")),
    st.sampled_from(("", "x@m.example", "y@m.example")),
)
LISTED = st.lists(
    st.tuples(st.sampled_from("123"), PEOPLE), max_size=12, unique_by=lambda one: (one[0], one[1][:2])
)


@given(LISTED)
def test_rows_alike_are_one_person_and_nobody_stands_twice_in_a_case(
    listed: list[tuple[str, tuple[str, str, str]]],
) -> None:
    """QSR-3: if this fails, some mixture of names and addresses gives one person two places or two one."""
    rows = [person(n, case, name, role, mail) for n, (case, (name, role, mail)) in enumerate(listed)]
    found = pseudonyms(rows, [], [], Blind())
    for one in rows:
        for other in rows:
            if one.row < other.row and one.case_id == other.case_id:
                assert found[one.row] != found[other.row]
    again = [
        {"pseudonym": found[one.row], "email": one.email, "name": one.name, "role": one.role} for one in rows
    ]
    assert set(pseudonyms(rows, [], again, Blind()).values()) <= set(found.values())


def test_a_corrected_name_or_address_is_the_same_person() -> None:
    """If this fails, mending a name writes a second letter and gives somebody a second time."""
    before = [{"pseudonym": "P1", "email": "ana@m.example", "name": "Anna Ruis", "role": "mother"}]
    renamed = pseudonyms([person(1, "C-01", "Ana Ruiz", "mother", "ana@m.example")], [], before, Blind())
    unmailed = pseudonyms([person(1, "C-01", "Anna Ruis", "mother")], [], before, Blind())
    assert renamed == unmailed == {1: "P1"}
