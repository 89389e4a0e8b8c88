"""The register on a real case file: 300 cases, with caseloads as a state has them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from register_lists import told, write_csv

from reviewcore.language import Field
from reviewcore.profile.settings import List
from reviewcore.register.cases import read_cases
from reviewcore.register.mapping import PEOPLE, case_fields, propose
from reviewcore.register.people import read_people
from reviewcore.register.table import read_table
from reviewcore.reviewtype import Source
from tests.real_input import PEER_COUNTIES, child_welfare

SOURCE = Source(
    "cases",
    (
        Field("program", "choice", choices=("child-welfare", "probation")),
        Field("case_type", "choice", choices=("assessment", "investigation", "services")),
        Field("county"),
        Field("referral_date", "date"),
        Field("closure_date", "date", required=False),
    ),
)


def test_the_real_lists_are_read_whole(tmp_path: Path) -> None:
    """If this fails, an ordinary county's export is refused or read in part (PQCR-4, PQCR-6)."""
    people_csv, cases_csv = child_welfare(tmp_path)
    people = read_people(people_csv, List("people.csv"), ())
    cases = read_cases(cases_csv, List("cases.csv", control_total=300), SOURCE, people)
    with cases_csv.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [case.case_id for case in cases] == [row["case_id"] for row in rows]
    assert [case.fields["closure_date"] is None for case in cases] == [
        row["closure_date"] == "NULL" for row in rows
    ]
    assert Counter(str(case.fields["program"]) for case in cases) == Counter(row["program"] for row in rows)
    assert len({case.family_id for case in cases}) < 300, "the case file has families with several cases"
    by_id = {person.person_id: person for person in people}
    assert all(by_id[case.worker_id].program == case.fields["program"] for case in cases)
    teams = Counter(
        person.supervisor_id for person in people if person.unit and "supervisor" not in person.roles
    )
    assert max(teams.values()) <= 7
    peers = [person for person in people if person.county in PEER_COUNTIES]
    assert len(peers) == 12
    assert all(person.roles == ("reviewer",) for person in peers)


def test_the_same_call_gives_the_same_lists(tmp_path: Path) -> None:
    """If this fails, tests on the real lists are not repeatable."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = map(child_welfare, folders)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_real_headings_are_proposed(tmp_path: Path) -> None:
    """If this fails, `new --from` proposes a wrong mapping for a plain export."""
    people_csv, cases_csv = child_welfare(tmp_path)
    for path, wanted in ((people_csv, PEOPLE), (cases_csv, case_fields(SOURCE))):
        assert propose(read_table(path).headings, wanted) == {name: name for name in wanted}


def test_dirt_in_the_real_list_is_told_by_row(tmp_path: Path) -> None:
    """If this fails, faults that such exports have go through: NULL workers, doubled rows, date numbers."""
    people_csv, cases_csv = child_welfare(tmp_path)
    people = read_people(people_csv, List("people.csv"), ())
    with cases_csv.open(newline="") as file:
        head, *rows = csv.reader(file)
    rows[10][1] = "NULL"
    rows[20][6] = "45231"
    rows[30] = rows[29]
    said = told(read_cases, write_csv(cases_csv, head, rows), List("cases.csv"), SOURCE, people).splitlines()
    assert [line.split(":")[0] for line in said] == [
        "cases.csv row 12",
        "cases.csv row 22",
        "cases.csv row 32",
    ]
