"""A time that moved after its letter was handed over: the person is told, once, by a letter that is looked at first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from icalendar import Calendar
from letters_of_alder import PLAN, PROFILE, Alder, alder
from sending_of_alder import LATER, send, sending, stand

from reviewcore.notification.incoming import take_in
from reviewcore.notification.plan import DaysFrom
from reviewcore.notification.stage import approve, state
from reviewcore.profile.settings import Meeting
from tests.mail_server import MailServer, serving

SOON = datetime(2027, 2, 1, 17, tzinfo=UTC)


@pytest.fixture
def review(tmp_path: Path) -> Alder:
    """The small review with every letter handed over; Wes is seen on March 16 at nine, with team T1."""
    made = alder(tmp_path / "review")
    made.draw()
    made.schedule()
    made.draft()
    approve(made.records)
    return made


def move(review: Alder, start: str, end: str = "15:00") -> None:
    """Schedule Wes's interview for another hour."""
    body: Any = review.records.log.last("interview.scheduled").body  # type: ignore[union-attr]
    sessions = [
        dict(one, start=start, end=end) if one["day"] == "2027-03-16" else one for one in body["sessions"]
    ]
    review.records.log.append("interview.scheduled", {**body, "sessions": sessions})


def pending(review: Alder) -> list[str]:
    """Draft, and return the letters that wait to be looked at."""
    review.draft(SOON)
    return [one.id for one in state(review.records.log).pending()]


def event(review: Alder, letter: str) -> Any:
    """Return the first meeting that a letter invites to."""
    (one,) = Calendar.from_ical(next(iter(review.messages()[letter].iter_attachments())).get_content()).walk(
        "VEVENT"
    )
    return one


def test_whoever_is_concerned_and_nobody_else_is_told_once(review: Alder) -> None:
    """If this fails, somebody comes at the wrong hour, or everybody is written to with every run."""
    move(review, "14:00")
    assert pending(review) == ["0012-appointment-moved", "0013-team-moved"]
    message = review.messages()["0012-appointment-moved"]
    said = message.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert message["Subject"] == "Changed: Your interview: Tuesday, March 16, 2027, 2:00 p.m. to 3:00 p.m."
    assert said.startswith("Dear Wes Holly,\n\nA time or a place has changed. Please go by this letter")
    assert "Worried about somebody's safety? Tell Pat Hazel at once" in said  # ALL-2, as in the letter before
    before, after = event(review, "0008-appointment"), event(review, "0012-appointment-moved")
    assert before["UID"] == after["UID"]
    assert int(before["SEQUENCE"]) < int(after["SEQUENCE"])
    assert after.start.isoformat() == "2027-03-16T14:00:00-07:00"
    approve(review.records)
    told = review.told()
    assert pending(review) == []
    assert review.told() == told


def test_what_nobody_was_told_of_needs_no_letter(review: Alder) -> None:
    """If this fails, a person gets a letter about a change that was taken back, or two about one."""
    move(review, "14:00")
    assert "0012-appointment-moved" in pending(review)
    move(review, "11:00", "12:00")
    assert pending(review) == ["0012-appointment-moved", "0013-team-moved"]  # under the same ids
    assert "11:00 a.m." in str(review.messages()["0012-appointment-moved"]["Subject"])
    move(review, "09:00", "10:00")
    assert pending(review) == []
    assert not [name for name in review.files() if "moved" in name]


def test_every_further_change_is_told_also_one_back(review: Alder) -> None:
    """If this fails, whoever was told of a new time is not told that the old one holds again."""
    for number, (start, end) in enumerate(
        (("14:00", "15:00"), ("09:00", "10:00"), ("14:00", "15:00")), start=1
    ):
        move(review, start, end)
        new = [one for one in pending(review) if "appointment" in one]
        assert len(new) == 1, number
        assert int(event(review, new[0])["SEQUENCE"]) >= number * len(PLAN.letters)
        approve(review.records)
    chain = [
        one.moves for one in state(review.records.log).letters.values() if one.key == "appointment-moved"
    ]
    assert chain == ["0008-appointment", "0012-appointment-moved", "0014-appointment-moved"]


def test_a_meeting_that_moved_is_told_to_all_who_were_invited_with_the_copy(review: Alder) -> None:
    """If this fails, people wait in a hall that is locked, or the supervisor plans for the old day (QSR-8)."""
    meeting = Meeting(date(2027, 3, 9), time(9), time(12), "Annex")
    review = evolve(review, profile=evolve(PROFILE, meetings={**PROFILE.meetings, "pre_briefing": meeting}))
    assert pending(review) == ["0012-union-moved", "0013-worker-moved", "0014-worker-moved"]
    messages = review.messages()
    assert messages["0013-worker-moved"]["Cc"] == "Sam Fir <s1@alder.example>"
    assert str(messages["0014-worker-moved"]["Subject"]).startswith("Cambio: ")
    assert "Ha cambiado una hora o un lugar." in messages["0014-worker-moved"].get_body().get_content()  # type: ignore[union-attr]


def test_a_letter_that_only_names_a_meeting_tells_of_it_too(tmp_path: Path) -> None:
    """If this fails, a union is told a day in a letter without an invitation, and never that it moved (PQCR-9)."""
    union = evolve(PLAN.letters[0], invites=())
    review = evolve(alder(tmp_path / "review"), plan=evolve(PLAN, letters=(union, PLAN.letters[1])))
    review.draft()
    approve(review.records)
    moves = {**PROFILE.meetings, "planning": Meeting(date(2027, 1, 26), time(9), time(11), "Room 4")}
    review = evolve(review, profile=evolve(PROFILE, meetings=moves))
    assert pending(review) == ["0004-union-moved"]
    moves |= {"reflections": Meeting(date(2027, 3, 23), time(9), time(11), "Hall")}
    review = evolve(review, profile=evolve(PROFILE, meetings=moves))
    approve(review.records)
    assert pending(review) == []  # which it does not name


def test_an_answer_to_the_earlier_time_is_none_to_the_new_one(review: Alder, tmp_path: Path) -> None:
    """If this fails, a yes to Monday counts as a yes to Friday, which nobody has answered."""
    move(review, "14:00")
    pending(review)
    approve(review.records)
    got = event(review, "0012-appointment-moved")
    folder = tmp_path / "replies"
    folder.mkdir()
    for stamp, name in (("20270120T080000Z", "old"), ("20270205T080000Z", "new")):
        lines = (
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//A//EN", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{got['UID']}",
            f"DTSTAMP:{stamp}", f"ATTENDEE;PARTSTAT=ACCEPTED:{got['ATTENDEE']}", "END:VEVENT", "END:VCALENDAR", "",
        )  # fmt: skip
        (folder / f"{name}.ics").write_text("\r\n".join(lines))
        take_in(folder, review.records, review.vault)
        now = state(review.records.log)
        assert now.standing("0008-appointment").available is True
        assert now.standing("0012-appointment-moved").available is (True if name == "new" else None)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server."""
    with serving(tmp_path / "mail") as running:
        yield running


def test_a_letter_that_had_not_left_yet_stays_where_another_takes_its_place(
    tmp_path: Path, server: MailServer
) -> None:
    """If this fails, the old time arrives after the new one."""
    plan = evolve(PLAN, letters=(evolve(PLAN.letters[4], leave=DaysFrom("event", -7)),))
    review = evolve(alder(tmp_path / "review"), plan=plan, profile=evolve(PROFILE, sending=sending(server)))
    review.draw()
    review.schedule()
    review.draft()
    approve(review.records)
    move(review, "14:00")
    pending(review)
    approve(review.records)
    send(review, LATER.replace(month=3, day=10))
    assert {letter: how for (letter, _), how in stand(review).items()} == {
        "0001-appointment": "waiting", "0002-appointment": "sent", "0003-appointment-moved": "sent",
    }  # fmt: skip
