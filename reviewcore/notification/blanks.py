"""The blanks that the core fills, for which letter each of them is there, and with what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from reviewcore.notification.dates import say_day, say_span
from reviewcore.notification.plan import Letter, Milestone

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile

SELECTED = "selected worker"
SUPERVISOR = "supervisor of a selected worker"
REVIEWER = "reviewer"
KEY_PERSON = "key person"
GIVEN_ROLES = (SELECTED, SUPERVISOR, REVIEWER, KEY_PERSON)
"""The roles that the review itself gives, beside those of the focus groups."""

DRAWN_FOR = "drawn for "
"""How the role begins that the members of a focus group have; the group's key follows."""

STAFF_ROLES = frozenset(
    {
        SELECTED, SUPERVISOR, REVIEWER, "worker", "caseworker", "social worker", "probation officer", "supervisor",
        "manager", "clerical", "coordinator", "staff",
    }
)  # fmt: skip
"""The roles whose supervisor may get a copy. A closed list: whoever is not on it is never copied to anybody."""

ALWAYS = (
    "recipient", "agency", "agency_address", "contact", "contact_email", "contact_phone", "signed_by",
    "signed_title", "safety_name", "safety_phone", "safety_email", "event_start", "event_end", "report_due",
)  # fmt: skip
TALK = ("role", "interpreter")
"""What a letter to a key person can say besides when and where they are seen."""

INTERVIEW = ("interviews", "interview_when", "interview_where", "interview_minutes")
"""The recipient's own sessions: as a list, each with its time, place and case; and all times, places and lengths."""
MEETING = ("meeting_when", "meeting_where")
OWN = "interview"
"""The invitation to the recipient's own session, beside the milestones' keys."""


def stem(milestone: str) -> str:
    """Return a milestone's key as it begins a blank: "pre-briefing" gives pre_briefing_when."""
    return milestone.replace("-", "_")


def core_blanks(letter: Letter, milestones: Iterable[Milestone]) -> frozenset[str]:
    """Return the names of the blanks that the core can fill in one kind of letter."""
    names = {*ALWAYS}
    for milestone in milestones:
        names |= {f"{stem(milestone.key)}_when", f"{stem(milestone.key)}_where"}
    if letter.reply_by:
        names.add("reply_by")
    if letter.meeting:
        names |= set(MEETING)
    if letter.to in STAFF_ROLES or letter.copy_supervisor:
        names.add("supervisor")
    if letter.to in (SELECTED, KEY_PERSON):
        names.add("case_id")
    if letter.to == KEY_PERSON:
        names |= set(TALK)
    if letter.to in GIVEN_ROLES and letter.after == "schedule":
        names |= set(INTERVIEW)
    return frozenset(names)


def every_core_blank(milestones: Iterable[Milestone]) -> frozenset[str]:
    """Return the names of all blanks that the core fills in some letter; a review's own values have others."""
    every = Letter("", SELECTED, "schedule", reply_by=None)
    return core_blanks(every, milestones) | {"reply_by", *MEETING, *TALK}


def common_values(profile: Profile, milestones: Iterable[Milestone], language: str) -> dict[str, str]:
    """Return what fills the blanks that are the same for everybody, said in one language."""
    agency, safety, calendar = profile.agency, profile.safety, profile.calendar

    def day(value: date) -> str:
        return say_day(value, language)

    values = {
        "agency": agency.name,
        "agency_address": agency.address,
        "contact": agency.contact,
        "contact_email": agency.contact_email,
        "contact_phone": agency.contact_phone,
        "signed_by": agency.signed_by,
        "signed_title": agency.signed_title,
        "safety_name": safety.name,
        "safety_phone": safety.phone,
        "safety_email": safety.email,
        "event_start": day(calendar.event_start),
        "event_end": day(calendar.event_end),
        "report_due": day(calendar.report_due()),
    }
    for milestone in milestones:
        values[f"{stem(milestone.key)}_when"] = say_span(milestone.starts, milestone.ends, language)
        values[f"{stem(milestone.key)}_where"] = milestone.place
    return values
