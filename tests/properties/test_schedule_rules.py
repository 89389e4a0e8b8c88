"""Schedules of random counties, held against an independent checker and against brute force (PQCR-6)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from itertools import product
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.errors import Refused
from reviewcore.interview.plan import TeamRules
from reviewcore.interview.schedule import Interview, Place, Slot, slots, timetable
from reviewcore.interview.teams import Reviewer, Team, form
from tests.properties.schedule_checker import wrong_teams, wrong_times

HOST = "Alder"
MONDAY = date(2027, 3, 1)


@frozen(repr=False)
class County:
    """A made-up county: its people, the interviews it needs, its days, rooms and rules for teams."""

    people: Mapping[str, Mapping[str, str]]
    reviewers: tuple[str, ...]
    interviews: tuple[Interview, ...]
    days: tuple[date, ...]
    opens: time
    closes: time
    minutes: int
    rooms: int
    rules: TeamRules


def county(
    seed: int, *, teams: int, workers: int, supervisors: int, days: int, rooms: int, own: bool
) -> County:
    """Make a county; with `own`, some host reviewers are workers or supervisors of the sample themselves."""
    rolls = random.Random(seed)
    people: dict[str, dict[str, str]] = {}
    for n in range(supervisors):
        people[f"s{n}"] = {"county": HOST, "unit": f"U{n}", "supervisor": ""}
    for n in range(workers):
        place = rolls.randrange(supervisors)
        people[f"w{n}"] = {"county": "", "unit": f"U{place}", "supervisor": f"s{place}"}
    reviewers = []
    for n in range(teams):
        people[f"p{n}"] = {"county": rolls.choice(["Birch", "Cedar"]), "unit": "U0", "supervisor": ""}
        people[f"h{n}"] = {"county": HOST, "unit": rolls.choice(["", "Q", "U0"]), "supervisor": ""}
        reviewers += [f"p{n}", f"h{n}"]
    if own:
        mine = [p for p in people if p[0] in "ws"]
        reviewers += rolls.sample(mine, min(2, teams, len(mine)))
    interviews = []
    for n in range(workers):
        worker = f"w{n}"
        boss = people[worker]["supervisor"]
        unit = people[worker]["unit"]
        same = {p for p, r in people.items() if r["unit"] == unit and r["county"] in ("", HOST)}
        interviews.append(
            Interview(
                f"{n:04}", worker, boss if rolls.random() < 0.5 else "", frozenset({worker, boss, *same})
            )
        )
    return County(
        people, tuple(reviewers), tuple(interviews), tuple(MONDAY + timedelta(n) for n in range(days)),
        time(8, rolls.choice([0, 30])), time(17), 60, rooms, TeamRules(teams, 2, 4, 1),
    )  # fmt: skip


counties = st.builds(
    county,
    st.integers(0, 10**9),
    teams=st.integers(1, 5),
    workers=st.integers(0, 60),
    supervisors=st.integers(1, 8),
    days=st.integers(1, 5),
    rooms=st.integers(1, 6),
    own=st.booleans(),
)

Plan = tuple[tuple[Team, ...], dict[str, Place]]
Scheduler = Callable[[County], Plan]


def ours(one: County) -> Plan:
    """Schedule as the engine does."""
    reviewers = [Reviewer(p, one.people[p]["county"], "", one.people[p]["unit"]) for p in one.reviewers]
    teams = form(reviewers, one.rules, HOST)
    times = slots(one.days, one.opens, one.closes, one.minutes)
    return teams, timetable(one.interviews, teams, times, one.rooms)


def wrong(one: County, plan: Plan) -> list[str]:
    """Return what the independent checker finds."""
    teams = {team.name: team.members for team in plan[0]}
    by_token = {i.token: i for i in one.interviews}
    sessions: list[dict[str, Any]] = [
        {"token": token, "worker": by_token[token].worker, "supervisor": by_token[token].supervisor,
         "team": p.team, "day": p.slot.day.isoformat(), "start": f"{p.slot.start:%H:%M}",
         "end": f"{p.slot.end:%H:%M}", "room": p.room}
        for token, p in plan[1].items()
    ]  # fmt: skip
    rules = one.rules
    return wrong_teams(
        teams, one.people, HOST, smallest=rules.smallest, largest=rules.largest, peers=rules.peers
    ) + wrong_times(
        sessions, teams, one.people, HOST, tokens=set(by_token), days=one.days, opens=f"{one.opens:%H:%M}",
        closes=f"{one.closes:%H:%M}", minutes=one.minutes, rooms=one.rooms,
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(counties)
def test_every_schedule_keeps_every_rule(one: County) -> None:
    """Somebody would sit in two places, review their own unit, or be left out (invariant 16, PQCR-6)."""
    try:
        plan = ours(one)
    except Refused as refusal:
        assert len(str(refusal)) > 40  # noqa: PT017
        return
    assert wrong(one, plan) == []


@settings(max_examples=60, deadline=None)
@given(counties, st.randoms(use_true_random=False))
def test_the_order_of_people_and_interviews_changes_nothing(one: County, rolls: random.Random) -> None:
    """Two runs on the same data would send people to different places."""
    reviewers, interviews = list(one.reviewers), list(one.interviews)
    rolls.shuffle(reviewers)
    rolls.shuffle(interviews)
    other = evolve(one, reviewers=tuple(reviewers), interviews=tuple(interviews))
    assert told(one) == told(other)


def told(one: County) -> object:
    """Return the schedule, or the words of the refusal."""
    try:
        return ours(one)
    except Refused as refusal:
        return str(refusal)


@settings(max_examples=60, deadline=None)
@given(counties)
def test_loads_are_spread_over_teams_and_days(one: County) -> None:
    """One team would work all week while another waits."""
    free = evolve(
        one, rooms=9, interviews=tuple(evolve(i, supervisor="", barred=frozenset()) for i in one.interviews)
    )
    outside = tuple(p for p in free.reviewers if p[0] in "ph")
    try:
        teams, places = ours(evolve(free, reviewers=outside))
    except Refused:
        return
    for names in ([t.name for t in teams], list(one.days)):
        counts = [sum(name in (p.team, p.slot.day) for p in places.values()) for name in names]
        assert max(counts) - min(counts) <= 1


# -- brute force --------------------------------------------------------------------------------------


def possible(interviews: Sequence[Interview], teams: Sequence[Team], times: int, rooms: int) -> bool:
    """Return whether any schedule at all keeps the rules, by trying all of them."""

    def search(n: int, used: dict[int, list[set[str]]]) -> bool:
        if n == len(interviews):
            return True
        one = interviews[n]
        for team, slot in product(teams, range(times)):
            there = {*team.members, one.worker, one.supervisor} - {""}
            if set(team.members) & ({one.worker, one.supervisor} | one.barred):
                continue
            if len(used[slot]) >= rooms or any(there & other for other in used[slot]):
                continue
            used[slot].append(there)
            if search(n + 1, used):
                return True
            used[slot].pop()
        return False

    return search(0, {slot: [] for slot in range(times)})


@st.composite
def small(draw: st.DrawFn) -> tuple[list[Interview], list[Team], int, int]:
    """Make a week so small that every schedule can be tried."""
    teams = [Team(f"T{n}", (f"p{n}", f"h{n}")) for n in range(draw(st.integers(1, 3)))]
    barred = st.frozensets(st.sampled_from([f"h{n}" for n in range(3)]), max_size=2)
    boss = st.sampled_from(["", "s0", "s1"])
    interviews = [
        Interview(f"{n}", f"w{n}", draw(boss), draw(barred)) for n in range(draw(st.integers(1, 7)))
    ]
    return interviews, teams, draw(st.integers(1, 4)), draw(st.integers(1, 3))


@settings(max_examples=250, deadline=None)
@given(small())
def test_a_schedule_is_found_exactly_where_there_is_one(
    case: tuple[list[Interview], list[Team], int, int],
) -> None:
    """A county would be told that its week is too short when it is not (exact for teams and supervisors)."""
    interviews, teams, times, rooms = case
    week = [Slot(MONDAY, time(8 + n), time(9 + n)) for n in range(times)]
    try:
        found = len(timetable(interviews, teams, week, rooms)) == len(interviews)
    except Refused:
        found = False
    assert found == possible(interviews, teams, times, rooms)


def test_reviewers_who_are_interviewed_too_still_find_a_time() -> None:
    """A small county, whose reviewers are also workers and supervisors, would be refused a week that can be."""
    for seed in range(400):
        rolls = random.Random(seed)
        teams = [Team(f"T{n}", (f"p{n}", f"h{n}")) for n in range(rolls.randint(1, 3))]
        workers, bosses = ["w0", "w1", "w2", "h0", "p1"], ["", "s0", "s1", "h0", "h1"]
        interviews = [
            Interview(f"{n}", rolls.choice(workers), rolls.choice(bosses)) for n in range(rolls.randint(1, 7))
        ]
        times, rooms = rolls.randint(1, 5), rolls.randint(1, 3)
        week = [Slot(MONDAY, time(8 + n), time(9 + n)) for n in range(times)]
        try:
            found = len(timetable(interviews, teams, week, rooms)) == len(interviews)
        except Refused:
            found = False
        assert found == possible(interviews, teams, times, rooms), seed


# -- planted wrong schedulers -------------------------------------------------------------------------

CROWDED = county(3, teams=4, workers=30, supervisors=3, days=2, rooms=4, own=False)


def _changed(one: County, change: Callable[[Interview, Place], Place]) -> Plan:
    teams, places = ours(one)
    by_token = {i.token: i for i in one.interviews}
    return teams, {token: change(by_token[token], place) for token, place in places.items()}


def forgets_units(one: County) -> Plan:
    """Let people review their own unit."""
    return ours(evolve(one, interviews=tuple(evolve(i, barred=frozenset()) for i in one.interviews)))


def forgets_supervisors(one: County) -> Plan:
    """Forget that a supervisor who sits in is somewhere."""
    return ours(evolve(one, interviews=tuple(evolve(i, supervisor="") for i in one.interviews)))


def forgets_rooms(one: County) -> Plan:
    """Use rooms that are not there."""
    return ours(evolve(one, rooms=9))


def one_room(one: County) -> Plan:
    """Hold everything in one room."""
    return _changed(one, lambda _, place: evolve(place, room=1))


def one_team(one: County) -> Plan:
    """Let one team do everything."""
    return _changed(one, lambda _, place: evolve(place, team="T1"))


def through_lunch(one: County) -> Plan:
    """Leave no hour for lunch."""

    def late(_: Interview, place: Place) -> Place:
        hour = 11 if place.slot.start.hour == one.opens.hour else 12
        return evolve(place, slot=Slot(place.slot.day, time(hour, 45), time(hour + 1, 45)))

    return _changed(one, late)


def after_hours(one: County) -> Plan:
    """Hold interviews in the evening."""
    return _changed(one, lambda _, p: evolve(p, slot=Slot(p.slot.day, time(17), time(18))))


def leaves_one_out(one: County) -> Plan:
    """Leave one interview out."""
    teams, places = ours(one)
    return teams, dict(list(places.items())[1:])


def peers_together(one: County) -> Plan:
    """Put all peers on the same teams."""
    teams, places = ours(one)
    members = sorted((m for team in teams for m in team.members), key=lambda p: (p[0] == "p", p))
    return tuple(Team(t.name, tuple(members[2 * n : 2 * n + 2])) for n, t in enumerate(teams)), places


@pytest.mark.parametrize(
    ("scheduler", "rooms", "says"),
    [
        (forgets_units, 4, "their own unit"),
        (forgets_supervisors, 4, "in two places"),
        (forgets_rooms, 2, "room"),
        (one_room, 4, "one room"),
        (one_team, 4, "in two places"),
        (through_lunch, 4, "no hour for lunch"),
        (after_hours, 4, "outside of the event's hours"),
        (leaves_one_out, 4, "left out"),
        (peers_together, 4, "peers"),
    ],
)
def test_the_checker_catches_wrong_schedulers(scheduler: Scheduler, rooms: int, says: str) -> None:
    """A checker that catches nothing would bless any schedule."""
    one = evolve(CROWDED, rooms=rooms)
    assert wrong(one, ours(one)) == []
    assert any(says in problem for problem in wrong(one, scheduler(one)))
