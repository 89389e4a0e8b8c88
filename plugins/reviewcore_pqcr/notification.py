"""Who is told what and when: the letters of a peer review, and what the county's settings say in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve

from reviewcore.api import DaysFrom, Letter, NotificationPlan, Reminder, Role, read_wording
from reviewcore_pqcr.about import UNION
from reviewcore_pqcr.hours import RoleTime, clerks, role_times, said
from reviewcore_pqcr.settings import Settings

_EARLY = (
    Letter(
        "union", UNION, leave=DaysFrom("planning", -21), reply_by=DaysFrom("planning", -7),
        invites=("planning", "orientation", "pre_briefing", "reflections"), printed=True,
    ),
    Letter("coordinator", "coordinator", leave=DaysFrom("planning", -14), invites=("planning",)),
    Letter(
        "focus-group", "supervisor", leave=DaysFrom("planning", -14), reply_by=DaysFrom("planning", -5),
        invites=("planning", "orientation", "focus_group"),
    ),
    Letter("staff", "social worker", leave=DaysFrom("orientation", -14), invites=("orientation",)),
    Letter("staff-probation", "probation officer", leave=DaysFrom("orientation", -14), invites=("orientation",)),
    Letter(
        "reviewer", "reviewer", leave=DaysFrom("training", -28), reply_by=DaysFrom("training", -14),
        invites=("training", "exit_interview"),
    ),
    Letter(
        "clerical", "clerical", leave=DaysFrom("orientation", -14),
        reply_by=DaysFrom("orientation", -5), invites=("orientation",),
    ),
)  # fmt: skip

_AFTER_THE_DRAW = (
    Letter(
        "worker", "selected worker", "draw", leave=DaysFrom("pre_briefing", -14),
        reply_by=DaysFrom("pre_briefing", -7), invites=("pre_briefing",),
    ),
    Letter("supervisor", "supervisor of a selected worker", "draw", leave=DaysFrom("pre_briefing", -14)),
    Letter("appointment", "selected worker", "schedule", leave=DaysFrom("pre_briefing"), invites=("interview",)),
)  # fmt: skip


_SAME_WORDS = {"staff-probation": "staff"}
"""Letters to two roles in the same words."""
_REMINDER = "reminder"
"""The wording of every reminder."""


def plan(roles: tuple[Role, ...], settings: Settings) -> NotificationPlan:
    """Return the letters to everyone who has a part in the review.

    The union is always written to (PQCR-9), clerks only where the county's own write down the interviews.
    """
    here = {role.name for role in roles} | {UNION}
    early = [
        letter
        for letter in _EARLY
        if letter.to in here and not (letter.key == "clerical" and settings.clerical.contracted)
    ]
    letters = tuple(_reminding(letter) for letter in (*early, *_AFTER_THE_DRAW))
    written = read_wording("reviewcore_pqcr")
    wordings = tuple(
        evolve(wording, key=letter.key)
        for letter in letters
        for wording in written
        if wording.key == _SAME_WORDS.get(letter.key, letter.key)
    ) + tuple(wording for wording in written if wording.key == _REMINDER)
    return NotificationPlan(letters, wordings, values(settings))


def _reminding(letter: Letter) -> Letter:
    """Let whoever is asked for an answer be reminded of it, three days before."""
    if not letter.reply_by:
        return letter
    return evolve(letter, reminder=Reminder(f"{letter.key}-{_REMINDER}", 3, _REMINDER))


def values(settings: Settings) -> Mapping[str, str]:
    """Return what fills the blanks that the settings answer for (PQCR-13), the hours among them (PQCR-8)."""
    times = {time.role: time for time in role_times(settings)}
    one, two = settings.programs
    teams = settings.teams
    return {
        "mandate": settings.mandate,
        "cycle_years": str(settings.cycle_years),
        "replaces": settings.replaces,
        "assessment": settings.assessment,
        "plan_name": settings.plan.name,
        "plan_starts": settings.plan.starts,
        "plan_years": str(settings.plan.years),
        "program_one": one.title,
        "focus_one": one.focus_area,
        "program_two": two.title,
        "focus_two": two.focus_area,
        "case_numbers": f"{one.quota} cases from {one.title} and {two.quota} from {two.title}",
        "record_system": settings.record_system,
        "interview_length": said(settings.interview_minutes),
        "focus_groups": _and(settings.focus_groups),
        "teams": str(teams.number),
        "team_size": str(teams.smallest) if teams.smallest == teams.largest
        else f"{teams.smallest} to {teams.largest}",
        "peer_term": teams.peer_term,
        "host_term": teams.host_term,
        "review_days": str(settings.hours.review_days),
        "time_pre_briefing": said(settings.hours.pre_briefing * 60),
        "time_reading": said(settings.hours.reading * 60),
        "time_worker": said(times["worker"].minutes_each),
        "time_supervisor": said(times["supervisor"].minutes_each),
        "time_planning": said(times["coordinator"].minutes_each),
        "time_reviewer": said(times["reviewer"].minutes_each),
        "all_workers": _together(times["worker"]),
        "all_supervisors": _together(times["supervisor"]),
        "all_planning": _together(times["coordinator"]),
        "all_reviewers": _together(times["reviewer"]),
        "clerical_said": _clerical(settings, times["clerical"]),
        "union_local": settings.union.local,
        "state_agency": settings.state_agency,
        "more_information": settings.more_information,
    }  # fmt: skip


def _together(time: RoleTime) -> str:
    return f"{time.people} people, {said(time.minutes_each)} each, {time.said_total()} in all"


def _clerical(settings: Settings, time: RoleTime) -> str:
    if not clerks(settings):
        return "Clerical staff: no time. People under contract write down the interviews."
    return f"Clerical staff, who write down the interviews each day: {_together(time)}."


def _and(parts: Iterable[str]) -> str:
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last
