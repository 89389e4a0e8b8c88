"""What is called off after its letter was handed over, and what is over before its letter is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from icalendar import Calendar
from letters_of_alder import DATES, PEOPLE, PLAN, PROFILE, Alder, alder, person, pseudonym, wording

from reviewcore.notification.plan import DaysFrom, Letter, NotificationPlan, Role
from reviewcore.notification.replies import reply
from reviewcore.notification.stage import approve, state
from reviewcore.notification.wording import problems, read_wording
from reviewcore.profile.settings import Meeting
from reviewcore.promises import promises
from reviewcore.selection.plan import Count

SOON = datetime(2027, 2, 1, 17, tzinfo=UTC)
AFTER = datetime(2027, 4, 1, 17, tzinfo=UTC)


@pytest.fixture
def review(tmp_path: Path) -> Alder:
    """The small review with every letter handed over: Wes is seen on March 16 by team T1, Win on March 15."""
    made = alder(tmp_path / "review")
    made.draw()
    made.schedule()
    made.draft()
    approve(made.records)
    return made


def off(review: Alder, *kept: str) -> None:
    """Hold no sessions but those that are `kept`."""
    body: Any = review.records.log.last("interview.scheduled").body  # type: ignore[union-attr]
    sessions = [one for one in body["sessions"] if one["token"] in kept]
    review.records.log.append("interview.scheduled", {**body, "sessions": sessions})


def pending(review: Alder, at: datetime = SOON) -> list[str]:
    """Draft, and return the letters that wait to be looked at."""
    review.draft(at)
    return [one.id for one in state(review.records.log).pending()]


def calendar(review: Alder, letter: str) -> Any:
    """Return the first calendar that is attached to a letter."""
    return Calendar.from_ical(next(iter(review.messages()[letter].iter_attachments())).get_content())


def test_whoever_need_not_come_any_more_is_told_once_and_nobody_else(review: Alder) -> None:
    """If this fails, somebody waits in an empty room, or everybody is told to stay at home."""
    off(review, "AAAA-BBBB")
    assert pending(review) == ["0012-appointment-off", "0013-team-off"]
    message = review.messages()["0012-appointment-off"]
    said = message.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert message["To"] == "Wes Holly <w1@alder.example>"
    assert message["Subject"] == "You need not come: what we wrote on Monday, January 4, 2027"
    assert "- Tuesday, March 16, 2027, 9:00 a.m. to 10:00 a.m." in said
    assert "Pat Hazel" in said  # ALL-2
    approve(review.records)
    told = review.told()
    assert pending(review) == []
    assert review.told() == told


def test_the_meeting_leaves_the_calendar(review: Alder) -> None:
    """If this fails, the entry stays in Outlook, and the person comes all the same (RFC 5546, CANCEL)."""
    off(review, "AAAA-BBBB")
    pending(review)
    before, after = calendar(review, "0008-appointment"), calendar(review, "0012-appointment-off")
    assert (before["METHOD"], after["METHOD"]) == ("REQUEST", "CANCEL")
    (was,), (now,) = before.walk("VEVENT"), after.walk("VEVENT")
    assert now["STATUS"] == "CANCELLED"
    assert (was["UID"], was["ATTENDEE"], was["ORGANIZER"]) == (now["UID"], now["ATTENDEE"], now["ORGANIZER"])
    assert int(was["SEQUENCE"]) < int(now["SEQUENCE"])
    assert (was.start, was.end) == (now.start, now.end)
    parts = [one for one in review.messages()["0012-appointment-off"].walk() if one.get_param("method")]
    assert [one.get_param("method") for one in parts] == ["CANCEL"]


def test_one_of_several_meetings_is_called_off_with_the_letter_that_tells_the_others(review: Alder) -> None:
    """If this fails, a team is told its new times, and the time of a case that dropped out stays in its calendars."""
    body: Any = review.records.log.last("interview.scheduled").body  # type: ignore[union-attr]
    both = [dict(one, team="T1", day=f"2027-03-1{n}") for n, one in enumerate(body["sessions"], start=6)]
    review.records.log.append("interview.scheduled", {**body, "sessions": both})
    assert "0013-team-moved" in pending(review)
    approve(review.records)
    off(review, "K7QF-2M9X")
    (last,) = [one for one in pending(review) if one.endswith("team-moved")]
    calendars = [
        Calendar.from_ical(part.get_content()) for part in review.messages()[last].iter_attachments()
    ]
    assert [one["METHOD"] for one in calendars] == ["REQUEST", "CANCEL"]
    dropped = calendars[1].walk("VEVENT")[0]["UID"]
    assert dropped in state(review.records.log).letters["0013-team-moved"].invited


def test_who_had_the_copy_is_told_as_well_and_in_the_readers_language(review: Alder) -> None:
    """If this fails, a supervisor keeps time free for nothing, or a letter cannot be read (QSR-8)."""
    review.draw([("C-100001", "W1"), ("C-100003", "W3")])
    pending(review)  # the case of Win, who reads Spanish, was eliminated, and one of Wyn's drawn instead
    (letter,) = [one for one in state(review.records.log).pending() if one.key == "worker-off"]
    message = review.messages()[letter.id]
    assert (message["To"], message["Cc"]) == ("Win Iris <w2@alder.example>", "Sue Gum <s2@alder.example>")
    said = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "ya no hace falta que venga" in said
    assert "Sue Gum recibe una copia" in said


def test_whoever_declined_is_not_told_to_stay_away(review: Alder) -> None:
    """If this fails, somebody who said no gets a letter that sounds as if they had not been heard."""
    reply(review.records, "0008-appointment", "no", False)
    off(review, "AAAA-BBBB")
    assert pending(review) == ["0012-team-off"]


def test_what_is_called_off_and_asked_again_is_told_again(review: Alder) -> None:
    """If this fails, a person was told not to come, is needed after all, and hears nothing."""
    off(review, "AAAA-BBBB")
    pending(review)
    approve(review.records)
    review.schedule()
    assert pending(review) == ["0014-appointment-moved", "0015-team-moved"]
    (again,) = calendar(review, "0014-appointment-moved").walk("VEVENT")
    (gone,) = calendar(review, "0012-appointment-off").walk("VEVENT")
    assert int(gone["SEQUENCE"]) < int(again["SEQUENCE"])
    approve(review.records)
    off(review)
    assert [one for one in pending(review) if "appointment" in one] == [
        "0016-appointment-off",
        "0017-appointment-off",
    ]


def test_what_was_called_off_before_anybody_heard_of_it_needs_no_letter(tmp_path: Path) -> None:
    """If this fails, people are told to stay away from what they never were asked to."""
    review = alder(tmp_path / "review")
    review.draw()
    review.schedule()
    review.draft()
    off(review, "AAAA-BBBB")
    assert not [one for one in pending(review) if one.endswith("-off") or one == "0008-appointment"]


def test_whoever_is_on_no_list_any_more_is_not_written_to(review: Alder) -> None:
    """If this fails, drafting stops for everybody because one person has left."""
    review.people([one for one in PEOPLE if one["person_id"] != "R1"])
    assert pending(review) == []


def test_nothing_is_called_off_that_is_over(review: Alder) -> None:
    """If this fails, a schedule that is tidied up in April tells people not to come in March."""
    off(review, "AAAA-BBBB")
    assert pending(review, AFTER) == []


def test_a_letter_that_invites_to_what_is_over_is_not_written(review: Alder) -> None:
    """If this fails, whoever joins late is asked to answer by May whether they come in April; it is told instead."""
    union = person("U2", "Uma Lark", "union")
    reviewer = person("R3", "Ray Moss", "reviewer")
    review.people([*PEOPLE, union, reviewer])
    late = datetime(
        2027, 3, 20, 17, tzinfo=UTC
    )  # after the event, before the last of the union's four meetings
    outcome = review.draft(late)
    assert [one.id for one in state(review.records.log).pending()] == ["0012-union"]
    assert outcome.over == ("reviewer",)
    assert review.draft(AFTER).over == ("union", "reviewer")
    assert pending(review, AFTER) == []  # a draft that nobody approved in time is withdrawn
    assert pseudonym("person", "U1") in {one.to for one in state(review.records.log).handed_over()}


def test_the_cores_own_wordings_are_held_to_the_rules_of_all() -> None:
    """If this fails, the letter that calls off says less than every other must (ALL-2), or fills a blank wrongly."""
    plan = evolve(
        PLAN,
        letters=(evolve(PLAN.letters[2], wording="called-off", reply_by=None, invites=()),),
        wordings=read_wording("reviewcore.notification"),
        values={"written": "x", "called_off": "y"},
    )
    assert {one.language for one in plan.wordings} == {"en", "es"}
    assert problems(plan, PROFILE.languages, [Role("worker", Count(3, 3))], DATES) == []


def test_a_review_in_another_language_is_told_in_english(tmp_path: Path) -> None:
    """If this fails, calling off stops a review whose first language the core does not write."""
    hmong = tuple(evolve(one, language="hmn") for one in PLAN.wordings if one.language == "en")
    review = evolve(
        alder(tmp_path / "review", profile=evolve(PROFILE, languages=("hmn",))),
        plan=evolve(PLAN, wordings=hmong),
    )
    review.draw()
    review.schedule()
    review.draft()
    approve(review.records)
    off(review, "AAAA-BBBB")
    assert pending(review) == ["0012-appointment-off", "0013-team-off"]


def test_a_letter_more_to_one_is_no_invitation_to_another(tmp_path: Path) -> None:
    """If this fails, a letter that one person gets twice hides that another was never invited (CAS-1)."""
    staff = Letter("invitation", "worker", reply_by=DaysFrom("planning", -1), invites=("planning",))
    said = wording(
        "invitation", "en", "Come", "Dear {{ recipient }}, answer by {{ reply_by }}.", "recipient", "reply_by"
    )
    review = evolve(alder(tmp_path / "review"), plan=NotificationPlan((staff,), (said,)))
    review.people([one for one in PEOPLE if one["person_id"] != "W3"])
    review.records.log.append("selection.everyone", {"roles": {"worker": 3}})
    review.draft()
    approve(review.records)
    moves = {**PROFILE.meetings, "planning": Meeting(date(2027, 1, 26), time(9), time(11), "Room 4")}
    review = evolve(review, profile=evolve(PROFILE, meetings=moves))

    def invited() -> tuple[str, str]:
        review.draft()
        approve(review.records)
        (found,) = (
            one for one in promises(review.records.log, date(2027, 5, 1), ("agency",), date(2027, 1, 9), UTC)
            if one.key == "invited"
        )  # fmt: skip
        return found.standing, found.evidence

    assert invited() == ("not yet", "3 people, 2 invitations handed over")
    review.people(PEOPLE)
    assert invited() == ("kept", "3 people, 3 invitations handed over")
