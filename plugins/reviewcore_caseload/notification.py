"""Who is told what and when: all staff are invited, the facilitator and the coordinators prepare (CAS-1, CAS-4)."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.api import DaysFrom, Letter, NotificationPlan, Reminder, Role, read_wording
from reviewcore_caseload.about import MEETING, STAFF
from reviewcore_caseload.interview import guide
from reviewcore_caseload.settings import Settings

REMINDER = "reminder"
"""The wording of every reminder, which goes to those who have not answered."""

LETTERS = (
    Letter(
        "facilitator", "facilitator",
        leave=DaysFrom(MEETING, -28), reply_by=DaysFrom(MEETING, -21), invites=(MEETING,),
        reminder=Reminder("facilitator-reminder", 3, REMINDER),
    ),
    Letter("coordinator", "coordinator", leave=DaysFrom(MEETING, -28), invites=(MEETING,)),
    Letter("supervisor", "supervisor", leave=DaysFrom(MEETING, -21), invites=(MEETING,)),
    Letter("union", "union representative", leave=DaysFrom(MEETING, -21), printed=True),
    Letter(
        "invitation", STAFF,
        leave=DaysFrom(MEETING, -14), reply_by=DaysFrom(MEETING, -5), invites=(MEETING,),
        reminder=Reminder("invitation-reminder", 3, REMINDER),
    ),
)  # fmt: skip


def plan(roles: tuple[Role, ...], settings: Settings) -> NotificationPlan:
    """Return the letters to everyone who has a part in the in-service."""
    here = {role.name for role in roles} | {STAFF}
    letters = tuple(letter for letter in LETTERS if letter.to in here)
    keys = {letter.key for letter in letters} | {REMINDER}
    wordings = tuple(one for one in read_wording("reviewcore_caseload") if one.key in keys)
    return NotificationPlan(letters, wordings, values(settings))


def values(settings: Settings) -> Mapping[str, str]:
    """Return what fills the blanks that the settings answer for."""
    agenda = guide(settings)
    first, second, third = agenda.objectives
    return {
        "state": settings.state,
        "system": settings.system,
        "benefits": settings.benefits,
        "leader": settings.facilitator,
        "goal": settings.goal.said(),
        "objective_one": first,
        "objective_two": second,
        "objective_three": third,
        "parts": "; ".join(step.title[:1].lower() + step.title[1:] for step in agenda.steps),
        "clinics": str(len(settings.clinics)),
    }
