"""The hours that a county's own settings cost, by role (PQCR-8). They are told to staff in the letters."""

from __future__ import annotations

from attrs import frozen

from reviewcore.api import Count
from reviewcore_pqcr.settings import Settings


@frozen
class RoleTime:
    """What one role gives to the review: how many people, and how many minutes each of them."""

    role: str
    people: Count
    minutes_each: int

    def total(self) -> Count:
        """Return the minutes of all of them together."""
        return Count(self.people.low * self.minutes_each, self.people.high * self.minutes_each)

    def said_total(self) -> str:
        """Say the total, as a range where the number of people is not fixed yet.

        >>> RoleTime("reviewer", Count(2, 4), 480).said_total()
        '16 hours to 32 hours'
        """
        total = self.total()
        return said(total.low) if total.low == total.high else f"{said(total.low)} to {said(total.high)}"


def role_times(settings: Settings) -> tuple[RoleTime, ...]:
    """Return the time that every role gives, for the county to see before it settles the review.

    Workers are as many as cases, since nobody has more than one (PQCR-4).
    """
    hours, teams = settings.hours, settings.teams
    worker = (hours.pre_briefing + hours.reading) * 60 + settings.interview_minutes
    reviewer = (hours.training + hours.review_days * hours.working_day) * 60
    return (
        RoleTime("worker", _just(settings.cases()), worker),
        RoleTime("supervisor", _just(hours.supervisors), hours.supervisor * 60),
        RoleTime("clerical", _just(clerks(settings)), hours.review_days * hours.working_day * 60),
        RoleTime("coordinator", _just(hours.coordinators), hours.planning * 60),
        RoleTime("reviewer", Count(teams.number * teams.smallest, teams.number * teams.largest), reviewer),
    )


def clerks(settings: Settings) -> int:
    """Return how many clerks the interviews need on each day; none where the work is contracted out."""
    if settings.clerical.contracted:
        return 0
    return -(-settings.cases() // (settings.clerical.interviews_a_day * settings.hours.review_days))


def said(minutes: int) -> str:
    """Say a length of time.

    >>> said(150), said(60), said(45)
    ('2 hours 30 minutes', '1 hour', '45 minutes')
    """
    whole, rest = divmod(minutes, 60)
    parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((whole, "hour"), (rest, "minute")) if n]
    return " ".join(parts) or "no time"


def _just(number: int) -> Count:
    return Count(number, number)
