"""Who is told what and when in a quality service review, and what the settings say in the letters."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.api import DaysFrom, Letter, NotificationPlan, read_wording
from reviewcore_qsr.about import STAFF
from reviewcore_qsr.interview import FOCUS_MINUTES
from reviewcore_qsr.settings import FocusGroup, Settings

QUOTED = (
    "Nobody is quoted.",
    "A sentence is quoted only if the whole group agrees to it at the end, with no name, no group and no place.",
)
QUOTED_ES = (
    "No se cita a nadie.",
    "Una frase se cita solo si todo el grupo está de acuerdo con ella al final, sin nombres ni el grupo o el lugar.",
)
"""What the letters to focus groups say of quotes: where the agency quotes nothing, and where it does (QSR-6)."""

_LETTERS = (
    Letter(
        "reviewer", "reviewer", leave=DaysFrom("training", -28), reply_by=DaysFrom("training", -14),
        invites=("training", "exit_conference"),
    ),
    Letter(
        "worker", "selected worker", "draw", leave=DaysFrom("orientation", -14),
        reply_by=DaysFrom("orientation", -5), invites=("orientation",),
    ),
    Letter(
        "supervisor", "supervisor of a selected worker", "draw", leave=DaysFrom("orientation", -14),
        invites=("orientation",),
    ),
    Letter(
        "key-person", "key person", "schedule", leave=DaysFrom("event", -21), reply_by=DaysFrom("event", -7),
        invites=("interview",),
    ),
    Letter("appointment", "selected worker", "schedule", leave=DaysFrom("event", -14), invites=("interview",)),
)  # fmt: skip


def plan(settings: Settings) -> NotificationPlan:
    """Return the letters to everyone who is asked for something; those to focus groups share their words."""
    facilitator = Letter(
        "facilitator", "facilitator", leave=DaysFrom("event", -42), reply_by=DaysFrom("event", -28),
        invites=tuple(group.meeting for group in settings.focus_groups),
    )  # fmt: skip
    groups = [_invitation(group) for group in settings.focus_groups]
    letters = (*_LETTERS, *([facilitator, *groups] if groups else []))
    said = {letter.said_in() for letter in letters}
    wordings = tuple(one for one in read_wording("reviewcore_qsr") if one.key in said)
    return NotificationPlan(letters, wordings, values(settings))


def _invitation(group: FocusGroup) -> Letter:
    """Return a group's invitation: staff are told that their supervisor has a copy, and nobody else has one (QSR-8)."""
    staff = group.role in STAFF
    return Letter(
        f"group-{group.key}", f"drawn for {group.key}", "draw", leave=DaysFrom(group.meeting, -28),
        reply_by=DaysFrom(group.meeting, -14), invites=(group.meeting,), copy_supervisor=staff,
        wording="focus-staff" if staff else "focus-partner", meeting=group.meeting,
        values={"group_title": group.title},
    )  # fmt: skip


def values(settings: Settings) -> Mapping[str, str]:
    """Return what fills the blanks that the settings answer for (QSR-9)."""
    days = settings.days_per_case
    return {
        "cases": str(settings.sample.cases),
        "days_said": "one day" if days == 1 else f"{days} days in a row",
        "interview_length": f"{settings.interview_minutes} minutes",
        "focus_length": f"60 to {FOCUS_MINUTES} minutes",
        "focus_length_es": f"de 60 a {FOCUS_MINUTES} minutos",
        "record_system": settings.record_system,
        "quoted_said": QUOTED[settings.quotes],
        "quoted_said_es": QUOTED_ES[settings.quotes],
        "group_list": "\n".join(group.title for group in settings.focus_groups),
        "state_agency": settings.state_agency,
        "improvement_plan": settings.improvement_plan,
    }
