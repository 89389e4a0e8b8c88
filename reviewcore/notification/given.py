"""What the core gives a review type to plan letters with: milestones and roles, no person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reviewcore.notification.plan import Milestone, Role
from reviewcore.profile.settings import Profile
from reviewcore.reviewtype import ReviewType
from reviewcore.selection.plan import Count


def milestones(profile: Profile, review_type: ReviewType) -> tuple[Milestone, ...]:
    """Return the review's dates in the order of time: its meetings, "event" and "report", in its time zone.

    The event starts and ends with its first and last day's hours. A date due starts and ends at once.
    """
    zone, calendar = ZoneInfo(profile.calendar.time_zone), profile.calendar
    words = {kind.key: kind.words for kind in review_type.milestones}
    found = [
        Milestone(
            key,
            words.get(key, key.replace("_", " ").replace("-", " ")),
            datetime.combine(meeting.date, meeting.start, zone),
            datetime.combine(meeting.date, meeting.end, zone),
            meeting.place,
        )
        for key, meeting in profile.meetings.items()
    ]
    due = datetime.combine(calendar.report_due(), calendar.day_end, zone)
    found += [
        Milestone(
            "event",
            words.get("event", profile.title),
            datetime.combine(calendar.event_start, calendar.day_start, zone),
            datetime.combine(calendar.event_end, calendar.day_end, zone),
        ),
        Milestone("report", words.get("report", "report due"), due, due),
    ]
    return tuple(sorted(found, key=lambda milestone: (milestone.starts, milestone.key)))


def roles(people: Iterable[Mapping[str, Any]], k: int) -> tuple[Role, ...]:
    """Return the roles that people hold, how many each, and in which languages; fewer than `k` as a band."""
    counts: dict[str, int] = {}
    languages: dict[str, set[str]] = {}
    for person in people:
        for role in person.get("roles") or ():
            counts[role] = counts.get(role, 0) + 1
            languages.setdefault(role, set()).update({person["language"]} if person.get("language") else ())
    return tuple(
        Role(name, Count(1, k - 1) if n < k else Count(n, n), tuple(sorted(languages[name])))
        for name, n in sorted(counts.items())
    )
