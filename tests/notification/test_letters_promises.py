"""Whoever is on the list and whatever is drawn: copies go to one's own supervisor, cases to their own worker."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from letters_of_alder import CASES, SESSIONS, Alder, alder, person

from reviewcore.notification import recipients, stage
from reviewcore.notification.stage import approve

STAFF = [f"P{n}" for n in range(6)]


@st.composite
def reviews(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """A people list, where anybody may be anybody's supervisor, and a draw over it."""
    order = draw(st.permutations(STAFF))
    people = [
        person(
            one,
            draw(st.sampled_from(["Ann Ash", "Bo, Jr.", "=1+1", "דנה כהן", "{{ case_id }}"])),
            *draw(st.sets(st.sampled_from(["worker", "reviewer", "union"]), max_size=3)),
            supervisor=draw(st.sampled_from([other for other in STAFF if other != one])),
            language=draw(st.sampled_from(["en", "es", "hmn", ""])),
        )
        for one in order
    ]
    cases = draw(st.lists(st.sampled_from(sorted(CASES)), unique=True, max_size=3))
    return people, [(case, draw(st.sampled_from(STAFF))) for case in cases]


def broken(review: Alder, people: Iterable[Mapping[str, Any]], drawn: list[tuple[str, str]]) -> list[str]:
    """Return which promises the messages break, told from the lists and the messages alone."""
    by_mail = {one["email"]: one for one in people}
    mail_of = {one["person_id"]: one["email"] for one in people}
    wrong = []
    for name, message in review.messages().items():
        (to,) = (one.addr_spec for one in message["To"].addresses)
        copies = {one.addr_spec for one in message["Cc"].addresses} if message["Cc"] else set()
        who = by_mail[to]["person_id"]
        text = "".join(
            str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"
        ) + str(message["Subject"])
        about = set(re.findall(r"C-1[0-9]{5}", text))
        if copies - {mail_of[by_mail[to]["supervisor_id"]]}:
            wrong.append(f"{name}: a copy to somebody else than their own supervisor")
        if name.endswith("-worker") and not copies:
            wrong.append(f"{name}: the copy that the letter speaks of does not go")
        if not name.endswith("-worker") and copies:
            wrong.append(f"{name}: a copy that nobody planned")
        if about - {case for case, worker in drawn if worker == who}:
            wrong.append(f"{name}: about somebody else's case")
        calendars = re.findall(r"ATTENDEE[^:]*:mailto:(\S+)", text.replace("\r\n ", "").replace("\n ", ""))
        if set(calendars) - {to}:
            wrong.append(f"{name}: an invitation with somebody else in it")
    told = sorted(
        (message["To"].addresses[0].addr_spec, case)
        for name, message in review.messages().items()
        if name.endswith("-worker")
        for case in set(re.findall(r"C-1[0-9]{5}", str(message.get_body(("plain",)))))
    )
    if told != sorted((mail_of[worker], case) for case, worker in drawn):
        wrong.append("not every drawn case was told to its worker once")
    return wrong


def outcome(people: list[dict[str, Any]], drawn: list[tuple[str, str]]) -> list[str]:
    """Draft and approve the letters of a review, and hold them against the promises."""
    with tempfile.TemporaryDirectory() as folder:
        review = alder(Path(folder), people)
        letters = tuple(evolve(letter, printed=False) for letter in review.plan.letters[:4])
        review = evolve(review, plan=evolve(review.plan, letters=letters))
        review.draw(drawn)
        review.draft()
        approve(review.records)
        return broken(review, people, drawn)


@settings(max_examples=15, deadline=None)
@given(reviews())
def test_copies_and_cases_go_to_their_own(review: tuple[list[dict[str, Any]], list[tuple[str, str]]]) -> None:
    """Else a supervisor of another unit, or a colleague, learns whose case is in the review (QSR-8, PQCR-7)."""
    assert outcome(*review) == []


def copy_to_the_first(letter: Any, about: bool, people: Any, known: Any) -> Any:
    """A planted offender: everybody's copy goes to the supervisor of the first."""
    found, wrong = recipients.recipients(letter, about, people, known)
    return [evolve(one, copy=found[0].copy) for one in found], wrong


def cases_by_place(letter: Any, about: bool, people: Any, known: Any) -> Any:
    """A planted offender: it gives the drawn cases out in the order of the people list."""
    found, wrong = recipients.recipients(letter, about, people, known)
    cases = [one.case for one in found]
    return [evolve(one, case=case) for one, case in zip(found, reversed(cases), strict=True)], wrong


def copy_of_everything(letter: Any, about: bool, people: Any, known: Any) -> Any:
    """A planted offender: every letter is copied to the supervisor."""
    found, wrong = recipients.recipients(letter, about, people, known)
    return [evolve(one, copy=one.supervisor) for one in found], wrong


@pytest.mark.parametrize(
    ("offender", "caught"),
    [
        (copy_to_the_first, "somebody else than their own supervisor"),
        (cases_by_place, "about somebody else's case"),
        (copy_of_everything, "a copy that nobody planned"),
    ],
)
def test_planted_offenders_are_caught(
    monkeypatch: pytest.MonkeyPatch, offender: Callable[..., Any], caught: str
) -> None:
    """If these were not caught, the test above would prove nothing."""
    monkeypatch.setattr(stage, "recipients", offender)
    people = [
        person("P0", "Ann Ash", "worker", supervisor="P2"),
        person("P1", "Bo Elm", "worker", supervisor="P3"),
        person("P2", "Cy Fir", "supervisor", supervisor="P3"),
        person("P3", "Di Gum", "supervisor", supervisor="P2"),
    ]
    found = outcome(people, [("C-100001", "P0"), ("C-100002", "P1")])
    assert any(caught in text for text in found)


def test_a_session_is_told_to_its_worker_and_its_team_alone(tmp_path: Path) -> None:
    """The hour of an interview tells who has a case: only the worker and the team may know it (PQCR-7)."""
    review = alder(tmp_path)
    review.draw()
    review.schedule()
    review.draft()
    days = {
        "2027-03-16": {"w1@alder.example", "r1@alder.example"},
        "2027-03-15": {"w2@alder.example", "r2@alder.example"},
    }
    for day, allowed in days.items():
        said = f"March {int(day[-2:])}, 2027, 9:00 a.m."
        told = {
            message["To"].addresses[0].addr_spec
            for message in review.messages().values()
            if said in f"{message['Subject']}{message.get_body(('plain',))}"
        }
        assert told == allowed
    assert {one[4] for one in SESSIONS} == set(days)
