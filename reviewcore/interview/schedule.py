"""When and where each interview is held, and with which team (selection.md section 7). Standard library only.

Everybody is in one place at a time: reviewers, the worker, a supervisor who sits in. Nobody reviews a case
that they are barred from. Two steps. First every interview gets a team, by augmenting paths over teams, the
loads as even as they can be: if that fails, the teams visited are too few for the interviews that need
them, and the refusal says so. Then every interview gets a time. Two interviews that share somebody must
differ, which is a colouring; where no time is free, two times are swapped along a chain of interviews
until one is. With teams and supervisors alone this always succeeds if anything can; where people who
review are interviewed or sit in elsewhere too, it begins anew some times before it gives up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import permutations

from attrs import define, field, frozen

from reviewcore.errors import Refused
from reviewcore.interview.teams import Team, counted

MIDDAY = time(12)
LUNCH = timedelta(hours=1)
_STEP = timedelta(minutes=15)
_ELSEWHERE = ""  # the token of what is no interview
_TRIES = 30  # how often to begin anew with the interview that found no time put first


@frozen(order=True)
class Slot:
    """A time at which an interview can begin, and when it must be over."""

    day: date
    start: time
    end: time


@frozen
class Interview:
    """An interview to be held: its worker, the supervisor who sits in or "", and who may not review it."""

    token: str
    worker: str
    supervisor: str = ""
    barred: frozenset[str] = frozenset()

    def people(self) -> set[str]:
        """Return who takes part besides the team."""
        return {self.worker, self.supervisor} - {""}


@frozen
class Place:
    """Where and when an interview is held: by which team, in which room (from 1)."""

    team: str
    slot: Slot
    room: int


def slots(days: Iterable[date], day_start: time, day_end: time, minutes: int) -> tuple[Slot, ...]:
    """Return the times of the event's days, back to back, with an hour for lunch left free around midday.

    Lunch begins between 11:30 and 13:00, where it costs the fewest interviews, and then nearest to noon.
    """
    some_day = date(2000, 1, 1)
    first, last = datetime.combine(some_day, day_start), datetime.combine(some_day, day_end)
    noon, length = datetime.combine(some_day, MIDDAY), timedelta(minutes=minutes)

    def run(begin: datetime, end: datetime) -> list[datetime]:
        return [begin + n * length for n in range(max(0, (end - begin) // length))]

    def around(lunch: datetime) -> list[datetime]:
        if last <= lunch or first >= lunch + LUNCH:  # a half day has no lunch in it
            return run(first, last)
        return run(first, lunch) + run(max(first, lunch + LUNCH), last)

    lunches = sorted((noon + n * _STEP for n in range(-2, 5)), key=lambda at: (abs(at - noon), at))
    best = max(lunches, key=lambda at: len(around(at)))  # the first of equals: nearest to noon
    starts = around(best)
    return tuple(Slot(day, at.time(), (at + length).time()) for day in sorted(days) for at in starts)


def timetable(
    interviews: Sequence[Interview],
    teams: Sequence[Team],
    times: Sequence[Slot],
    rooms: int,
    kept: Mapping[str, Place] | None = None,
    engaged: Mapping[str, Collection[Slot]] | None = None,
) -> dict[str, Place]:
    """Return the place of every interview by token; raise Refused with the reason where there is none.

    Nobody is seen at a time at which they are `engaged` elsewhere, as in a focus group.

    Interviews in `kept` stay where they are as far as that clashes with nothing. They are moved only if
    the others could not be placed otherwise.
    """
    ordered = sorted(interviews, key=lambda one: one.token)
    _capacity(ordered, teams, times, rooms)
    for movable in (False, True) if kept else (True,):
        first: list[str] = []
        for _ in range(_TRIES):
            table = _Table(ordered, teams, times, rooms, movable)
            table.engage(engaged or {})
            table.keep(kept or {})
            if not table.assign():
                break
            stuck = table.place_all(first)
            if stuck is None:
                return table.places(kept or {})
            first = [stuck, *(token for token in first if token != stuck)]
    raise Refused(
        f"no timetable was found for {counted(len(interviews), 'interview')}, although each rule alone can be met: "
        "some people are needed in too many places; add a day, a team or a room, or take people who are "
        "interviewed or sit in off the teams"
    )


def _capacity(
    interviews: Sequence[Interview], teams: Sequence[Team], times: Sequence[Slot], rooms: int
) -> None:
    """Refuse what cannot be, with every reason."""
    reasons = []
    days = len({slot.day for slot in times})
    at_once = min(len(teams), rooms)
    if len(interviews) > at_once * len(times):
        what = counted(len(teams), "team")
        what = what if len(teams) <= rooms else f"{counted(rooms, 'room')} for {what}"
        a_day = len(times) // days if days else 0
        reasons.append(
            f"{counted(len(interviews), 'interview')}; {what} x {counted(days, 'day')} x {counted(a_day, 'time')} "
            f"a day make {counted(at_once * len(times), 'place')}; plan more teams, rooms, days or longer days"
        )
    alone = [one for one in interviews if not any(_may(team, one) for team in teams)]
    if alone:
        reasons.append(
            f"{counted(len(alone), 'interview')} can be held by no team: each team has a member of the case's unit, "
            "its worker or its worker's supervisor; add reviewers from other units or other counties"
        )
    most = max(_needed(interviews).values(), default=0)
    if most > len(times):
        reasons.append(
            f"one person is needed in {most} interviews and the event has {counted(len(times), 'time')}; "
            "plan more days, or let fewer interviews ask for the same supervisor"
        )
    if reasons:
        raise Refused("the interviews cannot be scheduled: " + "; ".join(reasons))


def _needed(interviews: Sequence[Interview]) -> Counter[str]:
    """Return in how many interviews each person takes part, as worker or as supervisor."""
    return Counter(person for one in interviews for person in one.people())


def _may(team: Team, one: Interview) -> bool:
    """Return whether a team may hold an interview: none of its members is barred or takes part in it."""
    return not (one.barred | one.people()) & set(team.members)


@define
class _Table:
    """A timetable in the making. Teams and times are numbered; `busy` says where each person is when."""

    interviews: Sequence[Interview]
    teams: Sequence[Team]
    times: Sequence[Slot]
    rooms: int
    movable: bool
    by_token: dict[str, Interview] = field(factory=dict, init=False)
    may: dict[str, list[int]] = field(factory=dict, init=False)
    limit: list[int] = field(factory=list, init=False)
    team: dict[str, int] = field(factory=dict, init=False)
    at: dict[str, int] = field(factory=dict, init=False)
    members: list[set[str]] = field(factory=list, init=False)
    busy: dict[tuple[str, int], str] = field(factory=dict, init=False)
    size: Counter[int] = field(factory=Counter, init=False)
    load: Counter[tuple[int, date]] = field(factory=Counter, init=False)
    day: Counter[date] = field(factory=Counter, init=False)
    fixed: set[str] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        self.by_token = {one.token: one for one in self.interviews}
        self.may = {o.token: [n for n, t in enumerate(self.teams) if _may(t, o)] for o in self.interviews}
        self.members = [set(team.members) for team in self.teams]
        needed = _needed(self.interviews)
        self.limit = [len(self.times) - max(needed[m] for m in team.members) for team in self.teams]

    def engage(self, engaged: Mapping[str, Collection[Slot]]) -> None:
        """Take the times at which people are elsewhere: nothing can be put there, and nothing moves it."""
        self.fixed.add(_ELSEWHERE)
        for person, taken in engaged.items():
            for n, slot in enumerate(self.times):
                if any(
                    slot.day == one.day and slot.start < one.end and one.start < slot.end for one in taken
                ):
                    self.busy[person, n] = _ELSEWHERE

    def keep(self, kept: Mapping[str, Place]) -> None:
        """Begin with the places that were given before, as far as they still hold."""
        number = {team.name: n for n, team in enumerate(self.teams)}
        when = {slot: n for n, slot in enumerate(self.times)}
        for token in sorted(set(kept) & set(self.by_token)):
            team, time_ = number.get(kept[token].team), when.get(kept[token].slot)
            if team is None or time_ is None or team not in self.may[token]:
                continue
            self.team[token] = team
            if self.size[time_] < self.rooms and self._free(token, time_):
                self._put(token, time_)
                if not self.movable:
                    self.fixed.add(token)
            else:
                del self.team[token]

    # -- teams ----------------------------------------------------------------------------------------

    def assign(self) -> bool:
        """Give every interview a team, the largest load as small as can be."""
        have: list[list[str]] = [[t for t, n in self.team.items() if n == k] for k in range(len(self.teams))]
        cap = -(-len(self.interviews) // max(1, len(self.teams)))
        for one in sorted(self.interviews, key=lambda one: (len(self.may[one.token]), one.token)):
            if one.token in self.team:
                continue
            seen: set[int] = set()
            while not self._augment(one.token, cap, have, seen):
                if cap >= len(self.times):
                    if self.fixed:
                        return False
                    self._too_few(seen)
                cap, seen = cap + 1, set()
        return True

    def _augment(self, token: str, cap: int, have: list[list[str]], seen: set[int]) -> bool:
        for team in sorted(self.may[token], key=lambda n: (len(have[n]), n)):
            if team in seen:
                continue
            seen.add(team)
            others = [t for t in have[team] if t not in self.fixed]
            if len(have[team]) < min(cap, self.limit[team]) or any(
                self._augment(other, cap, have, seen) for other in others
            ):
                if token in self.team:
                    have[self.team[token]].remove(token)
                    self._lift(token)
                self.team[token] = team
                have[team].append(token)
                return True
        return False

    def _too_few(self, seen: Collection[int]) -> None:
        """Refuse: these teams alone can hold certain interviews, and there are too many of them."""
        bound = sum(set(may) <= set(seen) for may in self.may.values())
        names = ", ".join(self.teams[n].name for n in sorted(seen))
        raise Refused(
            f"the interviews cannot be scheduled: {counted(bound, 'interview')} can be held only by {names}, which "
            f"have time for {sum(self.limit[n] for n in seen)}; spread the reviewers of one unit "
            "over fewer teams, or add days"
        )

    # -- times ----------------------------------------------------------------------------------------

    def place_all(self, first: Sequence[str]) -> str | None:
        """Give every interview a time, or return one that found none.

        Those in `first` come first, then those that share most people with others.
        """
        rank = {token: n for n, token in enumerate(first)}
        shared = _needed(self.interviews)
        waiting = [one for one in self.interviews if one.token not in self.at]

        def order(one: Interview) -> tuple[int, int, int, str]:  # team by team, so that the days fill evenly
            sharing = sum(shared[person] for person in one.people())
            return rank.get(one.token, len(rank)), -sharing, self.team[one.token], one.token

        return next((one.token for one in sorted(waiting, key=order) if not self._settle(one.token)), None)

    def _settle(self, token: str) -> bool:
        first = self.team[token]
        for team in (first, *(n for n in self.may[token] if n != first)):
            self.team[token] = team
            if self._directly(token) or self._by_a_swap(token):
                return True
        return False

    def _directly(self, token: str) -> bool:
        """Take a free time: on the team's emptiest day, then the emptiest day of all, then the earliest."""
        team, per_day = self.team[token], len(self.times) // len({slot.day for slot in self.times})
        free = [n for n in range(len(self.times)) if self.size[n] < self.rooms and self._free(token, n)]
        if not free:
            return False

        def order(n: int) -> tuple[int, int, int, int]:
            day = self.times[n].day
            return self.load[team, day], self.day[day], n % per_day, n

        self._put(token, min(free, key=order))
        return True

    def _by_a_swap(self, token: str) -> bool:
        """Free a time by swapping two times along a chain; make room where the rooms are full."""
        before, every = dict(self.at), range(len(self.times))
        for one in every:
            if self._free(token, one):
                self._put(token, one)
                if self._relieve(one):
                    return True
                self._restore(before)
        for one, other in permutations(every, 2):
            chain = self._chain(self._blockers(token, one), one, other)
            if chain is None or chain & self._blockers(token, other):
                continue
            self._flip(chain, one, other)
            self._put(token, one)
            if self._relieve(one) and self._relieve(other):
                return True
            self._restore(before)
        return False

    def _relieve(self, full: int) -> bool:
        """Bring a time that has one interview too many back to the number of rooms."""
        if self.size[full] <= self.rooms:
            return True
        for other in range(len(self.times)):
            if self.size[other] >= self.rooms:
                continue
            for token in [t for t, n in self.at.items() if n == full]:
                chain = self._chain({token}, full, other)
                if chain is None:
                    continue
                gain = sum(1 if self.at[t] == full else -1 for t in chain)
                if gain >= 1 and self.size[other] + gain <= self.rooms:
                    self._flip(chain, full, other)
                    return True
        return False

    def _chain(self, start: set[str], one: int, other: int) -> set[str] | None:
        """Return all interviews that hang together with `start` at two times; None if one of them is fixed."""
        chain, todo = set(start), list(start)
        while todo:
            token = todo.pop()
            if token in self.fixed:
                return None
            there = other if self.at[token] == one else one
            found = self._blockers(token, there) - chain
            chain |= found
            todo += found
        return chain

    def _flip(self, chain: set[str], one: int, other: int) -> None:
        moves = {token: other if self.at[token] == one else one for token in chain}
        for token in moves:
            self._lift(token)
        for token, there in moves.items():
            self._put(token, there)

    # -- bookkeeping ----------------------------------------------------------------------------------

    def _needs(self, token: str) -> set[str]:
        return self.by_token[token].people() | self.members[self.team[token]]

    def _blockers(self, token: str, n: int) -> set[str]:
        return {self.busy[need, n] for need in self._needs(token) if (need, n) in self.busy}

    def _free(self, token: str, n: int) -> bool:
        return not any((need, n) in self.busy for need in self._needs(token))

    def _put(self, token: str, n: int) -> None:
        self.at[token] = n
        self._count(token, 1)
        for need in self._needs(token):
            self.busy[need, n] = token

    def _lift(self, token: str) -> None:
        if token not in self.at:
            return
        for need in self._needs(token):
            del self.busy[need, self.at[token]]
        self._count(token, -1)
        del self.at[token]

    def _restore(self, before: Mapping[str, int]) -> None:
        moved = {token for token, n in self.at.items() if before.get(token) != n}
        for token in moved:
            self._lift(token)
        for token in moved & set(before):
            self._put(token, before[token])

    def _count(self, token: str, step: int) -> None:
        n = self.at[token]
        self.size[n] += step
        self.day[self.times[n].day] += step
        self.load[self.team[token], self.times[n].day] += step

    def places(self, kept: Mapping[str, Place]) -> dict[str, Place]:
        """Return every interview's place. A team has its own room where there are as many rooms as teams."""
        found: dict[str, Place] = {}
        for n in sorted(set(self.at.values())):
            here = sorted((t for t in self.at if self.at[t] == n), key=lambda t: (t not in self.fixed, t))
            used: set[int] = set()
            for token in here:
                team = self.team[token]
                if self.rooms >= len(self.teams):
                    room = team + 1
                else:
                    before = kept[token].room if token in self.fixed else 0
                    spare = (r for r in range(1, self.rooms + 1) if r not in used)
                    room = before if 0 < before <= self.rooms and before not in used else next(spare)
                used.add(room)
                found[token] = Place(self.teams[team].name, self.times[n], room)
        return found
