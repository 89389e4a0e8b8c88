"""Case reviews that take days: which team has which case when, and who is interviewed at what time (QSR-3).

A team has a case for some days in a row, and sees its key people one by one on those days. Days are given
first, as if each run of days were one time; then, within each run, every interview finds its own time.
Nobody is in two places: a lawyer who is listed for four cases is seen four times, one after another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.interview.schedule import Interview, Place, Slot, slots, timetable
from reviewcore.interview.teams import Team, counted

Run = tuple[date, ...]


@frozen
class Asked:
    """One interview of a case: its key, who is interviewed, the supervisor who sits in or ""."""

    key: str
    person: str
    supervisor: str = ""


def runs(days: Iterable[date], length: int) -> tuple[Run, ...]:
    """Return the event's days in runs of so many days in a row, none of them over a weekend or a holiday.

    >>> week = [date(2027, 5, n) for n in (10, 11, 12, 13, 14)]
    >>> [[day.day for day in run] for run in runs(week, 2)]
    [[10, 11], [12, 13]]
    """
    found: list[Run] = []
    run: list[date] = []
    for day in sorted(days):
        if run and day != run[-1] + timedelta(days=1):
            run = []
        run.append(day)
        if len(run) == length:
            found.append(tuple(run))
            run = []
    return tuple(found)


def too_many(cases: int, at_once: int, blocks: Sequence[Run], length: int) -> str:
    """Say why so many cases cannot be reviewed, or return ""."""
    if cases <= at_once * len(blocks):
        return ""
    return (
        f"{counted(cases, 'case')} of {counted(length, 'day')} each: {counted(at_once, 'team')} at a time and "
        f"{counted(len(blocks), 'run')} of {counted(length, 'day')} in a row have room for "
        f"{at_once * len(blocks)}; plan more teams, rooms or days, or fewer cases"
    )


def give_days(
    reviews: Sequence[Interview],
    teams: Sequence[Team],
    blocks: Sequence[Run],
    hours: tuple[time, time],
    rooms: int,
    kept: Mapping[str, Place],
) -> dict[str, Place]:
    """Return by token which team has a case, in which room, and the first day of its run.

    Raises Refused with the reason where the cases do not fit.
    """
    at_once = min(len(teams), rooms)
    if why := too_many(len(reviews), at_once, blocks, len(blocks[0]) if blocks else 1):
        raise Refused(f"the case reviews cannot be scheduled: {why}")
    return timetable(reviews, teams, [Slot(run[0], *hours) for run in blocks], rooms, kept)


def give_times(
    asked: Mapping[str, Sequence[Asked]],
    places: Mapping[str, Place],
    teams: Sequence[Team],
    blocks: Sequence[Run],
    hours: tuple[time, time],
    minutes: int,
    kept: Mapping[str, Slot],
    engaged: Mapping[str, Collection[Slot]],
) -> dict[str, Slot]:
    """Return the time of every interview by its key; `asked` and `places` are by the token of the case.

    An interview that has a time in `kept` stays there as far as that clashes with nothing. Raises Refused
    where a case has more interviews than its days have times, or nobody finds a time. `engaged` are the times
    at which somebody is in a focus group.
    """
    found: dict[str, Slot] = {}
    for run in blocks:
        here = {token: place for token, place in places.items() if place.slot.day == run[0]}
        times = slots(run, *hours, minutes)
        full = sorted(len(asked[token]) for token in here if len(asked[token]) > len(times))
        if full:
            raise Refused(
                f"the interviews cannot be scheduled: {counted(len(full), 'case')} with up to "
                f"{counted(full[-1], 'interview')}, and {counted(len(run), 'day')} have {counted(len(times), 'time')} "
                f"of {minutes} minutes; plan shorter interviews, longer days or more days for each case"
            )
        on_site = [team for team in teams if team.name in {place.team for place in here.values()}]
        wanted = list(_bound(asked, here, on_site))
        before = {one.token: Place(team, kept[one.token], 1) for one, team in wanted if one.token in kept}
        # A team sees its people where they are or in its own room, so rooms bind nobody here.
        given = timetable([one for one, _ in wanted], on_site, times, max(1, len(on_site)), before, engaged)
        found |= {key: place.slot for key, place in given.items()}
    return found


def _bound(
    asked: Mapping[str, Sequence[Asked]], here: Mapping[str, Place], teams: Sequence[Team]
) -> Iterator[tuple[Interview, str]]:
    """Yield every interview, bound to the team that has its case: nobody else may hold it."""
    for token, place in here.items():
        others = frozenset(one for team in teams if team.name != place.team for one in team.members)
        for one in asked[token]:
            yield Interview(one.key, one.person, one.supervisor, others - {one.person}), place.team
