"""The stage: both lists at once, sealed once, blinded, and safe to repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_lists import (
    CASE_HEAD,
    CASE_ROWS,
    PEOPLE_HEAD,
    PEOPLE_ROWS,
    TYPE,
    HmacBlind,
    clock,
    profile,
    replaced,
    told,
    write_csv,
)

from reviewcore.errors import BadInput, Refused
from reviewcore.profile.settings import List
from reviewcore.register.stage import check, frame, register
from reviewcore.reviewtype import Source
from reviewcore.selection.values import FrameRow
from reviewcore.store import log as log_table
from reviewcore.store import points
from reviewcore.store import vault as vault_table
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key
from reviewcore.store.log import Log
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault

KEY = Key(bytes(range(32)))


@frozen
class Review:
    """A review's folder and stores, as the engine hands them to the stage."""

    folder: Path
    records: Records
    vault: Vault

    def lists(self, people: list[list[str]] = PEOPLE_ROWS, cases: list[list[str]] = CASE_ROWS) -> None:
        """Put both lists into the folder."""
        write_csv(self.folder / "people.csv", PEOPLE_HEAD, people)
        write_csv(self.folder / "cases.csv", CASE_HEAD, cases)

    def register(self, cases: List | None = None) -> None:
        """Run the stage."""
        register(self.records, self.vault, HmacBlind(), self.folder, profile(cases), TYPE)

    def frame(self) -> tuple[FrameRow, ...]:
        """Return the blinded rows."""
        return frame(self.vault, member, HmacBlind(), TYPE)

    def state(self) -> tuple[Any, Any, Any]:
        """Return all that is stored, opened."""
        events = [(event.kind, event.body) for event in self.records.log.events()]
        return events, self.vault.all("person"), self.vault.all("case")


def member(text: str) -> str:
    """Return a ledger's pseudonym."""
    return hashlib.sha256(b"ledger" + text.encode()).hexdigest()


def opened(folder: Path) -> Review:
    """Open the stores of a review in a folder."""
    engine = connect(sqlite_url(folder / "review.db"), log_table.table().metadata, "review")
    sealed = connect(sqlite_url(folder / "vault.db"), vault_table.table().metadata, "vault")
    records = Records(folder, Log(engine, "alder", "alder-2027", clock, "test"), KEY, lambda text: ())
    return Review(folder, records, Vault(sealed, "alder", "alder-2027", KEY))


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """A review with both lists in its folder, nothing registered yet."""
    review = opened(tmp_path)
    review.lists()
    return review


def test_check_tells_the_problems_of_both_lists_at_once_and_writes_nothing(review: Review) -> None:
    """If this fails, the county mends one list per attempt, or a check leaves something behind."""
    review.lists(replaced(PEOPLE_ROWS, 0, 1, ""), replaced(CASE_ROWS, 2, 1, "W9"))
    before = review.state()
    said = told(check, review.folder, profile(List("cases.csv", control_total=9)), TYPE).splitlines()
    assert [line.split(":")[0] for line in said] == ["people.csv row 2", "cases.csv", "cases.csv row 4"]
    with pytest.raises(BadInput):
        review.register()
    assert review.state() == before == ([], (), ())
    assert not (review.folder / "papers").exists()


def test_an_unreadable_people_list_does_not_blame_every_case(review: Review) -> None:
    """If this fails, one wrong file name buries the rest under a message for every case."""
    (review.folder / "people.csv").unlink()
    assert told(check, review.folder, profile(), TYPE).splitlines() == [
        "people.csv: there is no such file; put the list there"
    ]


def test_registering_seals_both_lists_and_logs_counts_only(review: Review) -> None:
    """If this fails, the later stages miss what the contract says, or the log holds an identity."""
    review.register(List("cases.csv", control_total=3, control_source="monthly report"))
    [(kind, body)], people, cases = review.state()
    assert kind == "register.read"
    digests = body.pop("digests")
    assert digests["cases"] == hashlib.sha256((review.folder / "cases.csv").read_bytes()).hexdigest()
    assert digests["people"] == hashlib.sha256((review.folder / "people.csv").read_bytes()).hexdigest()
    assert body.pop("columns") == {
        "people": {name: name for name in PEOPLE_HEAD},
        "cases": {name: name for name in CASE_HEAD},
    }
    assert body.pop("sheets") == {"people": "", "cases": ""}
    assert body == {
        "people": 3,
        "cases": 3,
        "roles": {"probation officer": 1, "reviewer": 1, "social worker": 1, "supervisor": 1},
        "languages": {
            "probation officer": ["en"],
            "reviewer": ["en"],
            "social worker": ["en"],
            "supervisor": ["en"],
        },
        "control_total": 3,
        "control_source": "monthly report",
    }
    assert people[1] == {
        "person_id": "W1", "name": "Wren Made-Up", "email": "w1@alder.example", "roles": ["social worker"],
        "unit": "North", "supervisor_id": "S1", "language": "en", "county": "", "program": "",
        "pseudonym": HmacBlind().worker("W1"),
    }  # fmt: skip
    assert cases[1] == {
        "case_id": "C-02", "worker_id": "W1", "family_id": "F1", "pseudonym": HmacBlind().case("C-02"),
        "fields": {"program": "child-welfare", "opened": "2024-05-02", "visits": None, "closed": True},
    }  # fmt: skip


def test_the_frame_is_blind_and_its_dates_are_dates(review: Review) -> None:
    """If this fails, an id reaches the draw, a family counts as two, or a date has become a text."""
    review.register()
    first, second, third = review.frame()
    assert first == FrameRow(
        HmacBlind().case("C-01"), HmacBlind().worker("W1"), HmacBlind().unit("North"), first.family, first.member,
        {"program": "child-welfare", "opened": date(2024, 5, 1), "visits": 3, "closed": False},
    )  # fmt: skip
    assert (first.family, first.member) == (second.family, second.member)
    assert first.family != third.family != third.case
    assert first.member != third.member
    assert third.unit == ""
    for row in (first, second, third):
        assert all(len(one) == 64 for one in (row.case, row.worker, row.family, row.member))
        for private in ("C-0", "W1", "W2", "F1", "North", "Made"):
            assert private not in str(row)


def test_the_same_lists_again_change_nothing(review: Review) -> None:
    """If this fails, every run of the review adds an event or seals everything again."""
    review.register()
    before = (
        review.state(),
        (review.folder / "vault.db").read_bytes(),
        (review.folder / "review.db").read_bytes(),
    )
    review.register()
    opened(review.folder).register()
    after = (
        review.state(),
        (review.folder / "vault.db").read_bytes(),
        (review.folder / "review.db").read_bytes(),
    )
    assert after == before


def test_changed_lists_before_the_draw_replace_the_earlier(review: Review) -> None:
    """If this fails, a corrected list is ignored, or cases that left the list are still drawn from."""
    review.register()
    review.lists(cases=CASE_ROWS[1:])
    review.register()
    events, _, cases = review.state()
    assert [body["cases"] for _, body in events] == [3, 2]
    assert [case["case_id"] for case in cases] == ["C-02", "C-03"]


def test_another_mapping_of_the_same_file_is_another_reading(review: Review) -> None:
    """If this fails, a column that was mapped wrongly stays in the vault because the file is the same."""
    write_csv(review.folder / "cases.csv", [*CASE_HEAD, "second"], [[*row, "W2"] for row in CASE_ROWS])
    review.register()
    review.register(List("cases.csv", {"worker_id": "second"}))
    events, _, cases = review.state()
    assert len(events) == 2
    assert {case["worker_id"] for case in cases} == {"W2"}


WITHOUT_SUPERVISOR = [["S2", *PEOPLE_ROWS[0][1:]], *([*row[:5], ""] for row in PEOPLE_ROWS[1:])]
AFTER_THE_DRAW: dict[str, tuple[list[list[str]], list[list[str]], str]] = {
    "a case less": (PEOPLE_ROWS, CASE_ROWS[1:], "the case list has changed"),
    "another field": (PEOPLE_ROWS, replaced(CASE_ROWS, 0, 5, "4"), "the case list has changed"),
    "another worker": (PEOPLE_ROWS, replaced(CASE_ROWS, 0, 1, "W2"), "the case list has changed"),
    "another unit": (replaced(PEOPLE_ROWS, 1, 4, "South"), CASE_ROWS, "a worker's unit has changed"),
    "somebody gone": (WITHOUT_SUPERVISOR, CASE_ROWS, "somebody is no longer on the people list"),
}  # fmt: skip


@pytest.mark.parametrize("change", AFTER_THE_DRAW)
def test_once_the_draw_is_committed_the_sealed_list_stands(review: Review, change: str) -> None:
    """If this fails, a list can be changed under a commitment that witnesses already hold."""
    people, cases, said = AFTER_THE_DRAW[change]
    review.register()
    review.records.log.append("selection.committed", {"commitment": "00"})
    review.register()
    before = review.state()
    review.lists(people, cases)
    with pytest.raises(Refused, match=said) as caught:
        review.register()
    assert "put back the lists as they were" in str(caught.value)
    assert review.state() == before


def test_the_same_list_in_another_order_is_the_same_list(review: Review) -> None:
    """If this fails, a list that somebody sorted after sealing is refused though nothing in it has changed."""
    review.register()
    review.records.log.append("selection.committed", {"commitment": "00"})
    rows = review.frame()
    review.lists(cases=CASE_ROWS[::-1])
    review.register()
    assert review.frame() == rows
    assert review.state()[2][0]["case_id"] == "C-01"


def test_people_may_be_corrected_and_added_after_the_draw(review: Review) -> None:
    """If this fails, a letter that came back cannot be sent to the right address."""
    review.register()
    review.records.log.append("selection.committed", {"commitment": "00"})
    rows = review.frame()
    stands_in = ["R9", "Rae Made-Up", "r9@birch.example", "reviewer", "", ""]
    review.lists([*replaced(PEOPLE_ROWS, 1, 2, "wren@alder.example"), stands_in])
    review.register()
    events, people, _ = review.state()
    assert [kind for kind, _ in events] == ["register.read", "selection.committed", "register.read"]
    assert (len(people), people[1]["email"]) == (4, "wren@alder.example")
    assert review.frame() == rows


class Died(BaseException):
    """Stands for a process that was killed at a write point."""


def killed_at(number: int) -> Callable[[str], None]:
    """Return a write point that kills the process the `number`th time."""
    left = [number]

    def about_to(what: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Died(what)

    return about_to


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_crash_at_any_write_is_mended_by_the_same_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """If this fails, a killed process leaves people of one list with cases of another."""
    whole, broken = opened(_folder(tmp_path / "whole")), opened(_folder(tmp_path / "broken"))
    for review in (whole, broken):
        review.lists()
        review.register()
        review.lists(replaced(PEOPLE_ROWS, 1, 1, "Wynn Made-Up"), CASE_ROWS[1:])
    whole.register()
    monkeypatch.setattr(points, "about_to", killed_at(number))
    with pytest.raises(Died):
        broken.register()
    monkeypatch.undo()
    again = opened(tmp_path / "broken")
    again.register()
    assert again.state() == whole.state()


def test_lists_put_back_after_a_crash_are_sealed_as_they_are(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, an event that matches the lists hides a vault that holds others."""
    review.register()
    before = review.state()
    review.lists(cases=CASE_ROWS[1:])
    monkeypatch.setattr(points, "about_to", killed_at(2))
    with pytest.raises(Died):
        review.register()
    monkeypatch.undo()
    review.lists()
    opened(review.folder).register()
    assert opened(review.folder).state() == before


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


FAMILIES = st.lists(st.sampled_from(["", "F1", "F2", "C-0", "C-1"]), min_size=1, max_size=6)


def by_family_id_or_case_id(families: list[str]) -> list[str]:
    """A planted offender: it takes a case's own id for its family without telling the two apart."""
    return [family or f"C-{number}" for number, family in enumerate(families)]


def same(left: object, right: object, families: list[str], a: int, b: int) -> bool:
    """Say whether two cases are told as one family exactly where the list says so."""
    return (left == right) == (a == b or (families[a] == families[b] != ""))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FAMILIES)
def test_cases_are_one_family_exactly_where_the_list_says_so(
    tmp_path_factory: pytest.TempPathFactory, families: list[str]
) -> None:
    """If this fails, a family is drawn twice, or a stranger is taken for kin."""
    review = opened(tmp_path_factory.mktemp("families"))
    rows = [[f"C-{n}", "W1", family, "probation", "2024-05-01", "", ""] for n, family in enumerate(families)]
    review.lists(cases=rows)
    review.register()
    found = review.frame()
    for a, left in enumerate(found):
        for b, right in enumerate(found):
            assert same(left.family, right.family, families, a, b)
            assert same(left.member, right.member, families, a, b)


def test_the_comparison_catches_an_offender_that_mixes_ids_of_cases_and_families() -> None:
    """If this fails, the test above would let a frame pass that takes case C-1 for family C-1."""
    families = ["C-1", ""]
    left, right = by_family_id_or_case_id(families)
    assert not same(left, right, families, 0, 1)


def test_a_case_list_without_fields_needs_the_core_fields_only(review: Review) -> None:
    """If this fails, a review type that declares no field of its own cannot be registered."""
    bare = evolve(TYPE, sources=(Source("cases", ()),))
    cases = check(review.folder, profile(), bare).cases
    assert [dict(case.fields) for case in cases] == [{}, {}, {}]
