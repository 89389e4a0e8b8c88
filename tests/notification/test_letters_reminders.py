"""Reminders: in time, once, and to nobody who has answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from letters_of_alder import PLAN, PROFILE, TYPE, Alder, alder, wording
from sending_of_alder import send, sending, stand

from reviewcore.notification.plan import Reminder, Role
from reviewcore.notification.stage import approve, draft, milestones, reply, state
from reviewcore.notification.wording import problems
from reviewcore.selection.plan import Count
from tests.mail_server import MailServer, serving

WORKER = PLAN.letters[2]
KIND = evolve(WORKER, reminder=Reminder("worker-reminder", 5))
WORDS = wording(
    "worker-reminder", "en", "Please answer by {{ reply_by }}", "Dear {{ recipient }}, we have not heard from "
    "you about {{ case_id }}. Please answer by {{ reply_by }}.", "recipient", "case_id", "reply_by",
)  # fmt: skip
REMINDING = evolve(PLAN, letters=(PLAN.letters[0], KIND), wordings=(*PLAN.wordings, WORDS))
"""The plan with a reminder to selected workers, due five days before March 1, 2027: on February 24."""


def day(month: int, number: int) -> datetime:
    """Midday in the county."""
    return datetime(2027, month, number, 20, tzinfo=UTC)


@pytest.fixture
def review(tmp_path: Path) -> Alder:
    """The small review with its letters to the workers handed over."""
    made = evolve(alder(tmp_path / "review"), plan=REMINDING)
    made.draw()
    made.draft()
    approve(made.records)
    return made


def remind(review: Alder, at: datetime, *, due: bool = True) -> list[str]:
    """Draft at a time, with reminders where they are due; return the letters that wait to be looked at."""
    draft(
        review.records, review.vault, review.profile, review.plan, milestones(PROFILE, TYPE), at, remind=due
    )
    return [one.id for one in state(review.records.log).pending()]


def test_a_reminder_is_written_in_its_days_when_it_is_asked_for(review: Alder) -> None:
    """If this fails, people are pressed weeks before, or asked to answer by a day that is over."""
    assert [one.reply_by for one in state(review.records.log).letters.values()][1:] == ["2027-03-01"] * 2
    assert remind(review, day(2, 23)) == []
    assert remind(review, day(2, 24), due=False) == []
    assert remind(review, day(3, 2)) == []
    assert remind(review, day(2, 24)) == ["0004-worker-reminder", "0005-worker-reminder"]
    assert remind(review, day(3, 1)) == ["0004-worker-reminder", "0005-worker-reminder"]
    assert remind(review, day(3, 2)) == []  # drafted, never looked at, and now too late


def test_only_who_has_not_answered_is_reminded(review: Alder) -> None:
    """If this fails, somebody who has answered is told that nobody listened (QSR-7: a receipt is no answer yet)."""
    reply(review.records, "0002-worker", "no")
    reply(review.records, "0003-worker", "receipt")
    assert remind(review, day(2, 25)) == ["0004-worker-reminder"]
    assert state(review.records.log).letters["0004-worker-reminder"].reminds == "0003-worker"
    reply(review.records, "0003-worker", "yes")
    assert remind(review, day(2, 25)) == []  # withdrawn, since the answer came


def test_a_reminder_says_the_day_that_was_promised_and_goes_to_its_recipient_alone(review: Alder) -> None:
    """If this fails, a reminder tells the supervisor who has not answered, or moves the date."""
    remind(review, day(2, 26))
    message = review.messages()["0004-worker-reminder"]
    assert message["Subject"] == "Please answer by Monday, March 1, 2027"
    assert message["Cc"] is None
    assert not [part for part in message.walk() if part.get_content_type() == "text/calendar"]


def test_each_is_reminded_once(review: Alder) -> None:
    """If this fails, whoever is silent gets a reminder with every run."""
    assert len(remind(review, day(2, 24))) == 2
    approve(review.records)
    before = review.told()
    assert remind(review, day(2, 26)) == []
    assert review.told() == before


def test_an_answer_to_a_reminder_answers_the_letter(review: Alder) -> None:
    """If this fails, whoever answers the reminder counts as silent."""
    remind(review, day(2, 24))
    approve(review.records)
    reply(review.records, "0004-worker-reminder", "yes", supervisor=True)
    now = state(review.records.log)
    assert (now.standing("0002-worker").available, now.standing("0002-worker").supervisor) == (True, True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server."""
    with serving(tmp_path / "mail") as running:
        yield running


def test_a_reminder_stays_where_the_answer_came_first(review: Alder, server: MailServer) -> None:
    """If this fails, an answer that comes between approval and sending is answered with a reminder."""
    review = evolve(review, profile=evolve(PROFILE, sending=sending(server)))
    server.orders(**{"w1@alder.example": "550"})
    send(review, day(2, 1))
    assert remind(review, day(2, 24)) == ["0004-worker-reminder"]  # and not who never got the letter
    approve(review.records)
    reply(review.records, "0003-worker", "yes")
    server.orders()
    send(review, day(2, 25))
    assert [key for key, how in stand(review).items() if how == "waiting"] == [
        ("0004-worker-reminder", "w2@alder.example")
    ]


def test_a_reminder_is_checked_like_any_letter() -> None:
    """If this fails, a reminder without words, or of a letter that asks for nothing, is found by its recipients."""
    dates = milestones(PROFILE, TYPE)
    roles = [Role("union", Count(1, 1))]
    assert problems(REMINDING, ("en",), roles, dates) == []
    silent = evolve(REMINDING, wordings=PLAN.wordings)
    assert "letters/en/worker-reminder.toml: missing" in "\n".join(problems(silent, ("en",), roles, dates))
    odd = evolve(REMINDING, letters=(evolve(KIND, reply_by=None),))
    assert "letter worker: reminder: this letter asks for no reply" in "\n".join(
        problems(odd, ("en",), roles, dates)
    )
