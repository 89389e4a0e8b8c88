"""Case reviews of several days, held to their rules by a checker that shares no code with the scheduler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.errors import Refused
from reviewcore.interview.schedule import Interview, Place, Slot
from reviewcore.interview.stays import Asked, give_days, give_times, runs
from reviewcore.interview.teams import Team

WEEK = [date(2027, 5, n) for n in range(10, 15)]
HOURS = (time(8, 30), time(16, 30))


def broken(
    asked: Mapping[str, Sequence[Asked]],
    places: Mapping[str, Place],
    times: Mapping[str, Slot],
    teams: Sequence[Team],
    length: int,
    engaged: Mapping[str, Sequence[Slot]],
) -> list[str]:
    """Return every rule that a schedule breaks: an oracle with no code of the scheduler."""
    found = []
    members = {team.name: team.members for team in teams}
    taken: dict[str, list[tuple[date, time, time]]] = {
        person: [(one.day, one.start, one.end) for one in slots] for person, slots in engaged.items()
    }
    at: dict[tuple[str, date], str] = {}
    for token, people in asked.items():
        first = WEEK.index(places[token].slot.day)
        days = WEEK[first : first + length]
        found += [
            f"team {places[token].team} has two cases on {day}"
            for day in days
            if at.setdefault((places[token].team, day), token) != token
        ]
        for one in people:
            slot = times.get(one.key)
            if slot is None:
                found.append(f"{one.key}: no time")
                continue
            if slot.day not in days:
                found.append(f"{one.key}: not on the case's days")
            if not HOURS[0] <= slot.start < slot.end <= HOURS[1]:
                found.append(f"{one.key}: outside of the day")
            present = [
                one.person,
                *([one.supervisor] if one.supervisor else []),
                *members[places[token].team],
            ]
            for who in present:
                for day, start, end in taken.get(who, []):
                    if day == slot.day and slot.start < end and start < slot.end:
                        found.append(f"{who} is in two places")
                taken.setdefault(who, []).append((slot.day, slot.start, slot.end))
    return found


def scheduled(
    listed: Mapping[str, Sequence[str]], teams: int, engaged: Mapping[str, Sequence[Slot]]
) -> tuple[dict[str, list[Asked]], dict[str, Place], dict[str, Slot], tuple[Team, ...]]:
    """Schedule cases with these key people, two days each."""
    formed = tuple(Team(f"T{n}", (f"r{n}a", f"r{n}b")) for n in range(1, teams + 1))
    asked = {
        case: [Asked(f"{case}/{who}", who) for who in dict.fromkeys((f"w{case}", *people))]
        for case, people in listed.items()
    }
    blocks = runs(WEEK, 2)
    places = give_days([Interview(case, f"w{case}") for case in listed], formed, blocks, HOURS, teams, {})
    times = give_times(asked, places, formed, blocks, HOURS, 60, {}, engaged)
    return asked, places, times, formed


NAMES = [f"lawyer {n}" for n in range(4)] + [f"other {n}" for n in range(30)]
CASES = st.lists(
    st.lists(st.sampled_from(NAMES), max_size=8, unique=True),
    min_size=1, max_size=6,
)  # fmt: skip
LUNCH = Slot(WEEK[1], time(9), time(10, 30))


@settings(max_examples=60, deadline=None)
@given(CASES, st.booleans())
def test_nobody_is_in_two_places(cases: list[list[str]], busy: bool) -> None:
    """QSR-3: if this fails, a lawyer of three cases is to be with two teams at once, or at a focus group too."""
    engaged = {"lawyer 0": [LUNCH], "other 1": [LUNCH]} if busy else {}
    asked, places, times, teams = scheduled({f"c{n}": people for n, people in enumerate(cases)}, 3, engaged)
    assert broken(asked, places, times, teams, 2, engaged) == []


def test_offenders_are_found() -> None:
    """If this fails, the checker passes whatever the scheduler does."""
    asked, places, times, teams = scheduled({"c1": ["lawyer", "a"], "c2": ["lawyer", "b"]}, 2, {})
    assert broken(asked, places, times, teams, 2, {}) == []
    one, two = times["c1/lawyer"], times["c1/a"]
    for wrong in (
        {**times, "c1/a": one},
        {**times, "c2/lawyer": one},
        {**times, "c1/a": Slot(WEEK[4], two.start, two.end)},
        {**times, "c1/a": Slot(two.day, time(17), time(18))},
        {key: slot for key, slot in times.items() if key != "c1/a"},
    ):
        assert broken(asked, places, wrong, teams, 2, {})
    assert broken(asked, places, times, teams, 2, {"a": [two]})
    both = {**places, "c2": Place("T1", places["c1"].slot, 1), "c1": Place("T1", places["c1"].slot, 1)}
    assert broken(asked, both, times, teams, 2, {})


def test_days_in_a_row() -> None:
    """QSR-3: if this fails, a team's days with a case are parted by a weekend or a holiday."""
    fortnight = [date(2027, 5, n) for n in (10, 11, 13, 14, 17, 18, 19)]
    assert [[day.day for day in run] for run in runs(fortnight, 2)] == [[10, 11], [13, 14], [17, 18]]
    assert [[day.day for day in run] for run in runs(fortnight, 3)] == [[17, 18, 19]]


def test_what_does_not_fit_is_refused_with_the_numbers() -> None:
    """If this fails, a coordinator does not learn what to change."""
    with pytest.raises(
        Refused, match=r"7 cases of 2 days each: 3 teams at a time and 2 runs .* have room for 6"
    ):
        scheduled({f"c{n}": [] for n in range(7)}, 3, {})
    with pytest.raises(
        Refused, match="1 case with up to 16 interviews, and 2 days have 14 times of 60 minutes"
    ):
        scheduled({"c1": [f"p{n}" for n in range(15)]}, 1, {})


def test_what_was_planned_stays() -> None:
    """If this fails, one more key person moves the times that others were told."""
    asked, places, times, teams = scheduled({"c1": ["a", "b"], "c2": ["a", "c"]}, 2, {})
    more = {**asked, "c1": [*asked["c1"], Asked("c1/d", "d")]}
    again = give_times(more, places, teams, runs(WEEK, 2), HOURS, 60, times, {})
    assert {key: again[key] for key in times} == times
    assert broken(more, places, again, teams, 2, {}) == []
