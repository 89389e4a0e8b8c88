"""The independent checker of a schedule (selection.md sections 6 and 7, invariant 16).

It looks only at plain data: who is where and when. It shares no code with what makes a schedule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

People = Mapping[str, Mapping[str, str]]


def wrong_teams(
    teams: Mapping[str, Sequence[str]], people: People, host: str, *, smallest: int, largest: int, peers: int
) -> list[str]:
    """Return what is wrong with teams of people who have a "county"."""
    found = []
    for name, members in teams.items():
        if not smallest <= len(members) <= largest:
            found.append(f"{name}: size")
        if sum(people[m]["county"] not in ("", host) for m in members) < peers:
            found.append(f"{name}: peers")
    everyone = [m for members in teams.values() for m in members]
    if len(everyone) != len(set(everyone)):
        found.append("somebody is on two teams")
    return found


def wrong_times(
    sessions: Sequence[Mapping[str, Any]],
    teams: Mapping[str, Sequence[str]],
    people: People,
    host: str,
    *,
    tokens: set[str],
    days: Sequence[date],
    opens: str,
    closes: str,
    minutes: int,
    rooms: int,
) -> list[str]:
    """Return what is wrong with sessions; people have "county", "unit" and "supervisor" (a person)."""
    found = []
    if sorted(s["token"] for s in sessions) != sorted(tokens):
        found.append("somebody is left out, or comes twice")
    for s in sessions:
        if date.fromisoformat(s["day"]) not in days or s["start"] < opens or s["end"] > closes:
            found.append(f"{s['token']}: outside of the event's hours")
        if _minutes(s["end"]) - _minutes(s["start"]) != minutes:
            found.append(f"{s['token']}: length")
        if not 1 <= s["room"] <= rooms:
            found.append(f"{s['token']}: room {s['room']}")
        worker = people[s["worker"]]
        for member in teams[s["team"]]:
            theirs = people[member]
            from_here = theirs["county"] in ("", host)
            if member in (s["worker"], worker["supervisor"]):
                found.append(f"{s['token']}: reviews a case of their own")
            if from_here and theirs["unit"] and theirs["unit"] == worker["unit"]:
                found.append(f"{s['token']}: reviews their own unit")
    for one, other in combinations(sessions, 2):
        together = one["day"] == other["day"] and one["start"] < other["end"] and other["start"] < one["end"]
        if together and one["room"] == other["room"]:
            found.append(f"{one['token']}, {other['token']}: one room")
        if together and _there(one, teams) & _there(other, teams):
            found.append(f"{one['token']}, {other['token']}: somebody is in two places")
    if opens <= "11:30" and closes >= "14:00":
        by_day = {
            day: [s for s in sessions if s["day"] == day] for day in sorted({s["day"] for s in sessions})
        }
        found += [f"{day}: no hour for lunch" for day, those in by_day.items() if not _lunch(those)]
    return found


def _there(s: Mapping[str, Any], teams: Mapping[str, Sequence[str]]) -> set[str]:
    return {s["worker"], s["supervisor"], *teams[s["team"]]} - {None, ""}


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _lunch(sessions: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether some hour that begins between 11:30 and 13:00 is free for everybody."""
    return any(
        all(_minutes(s["end"]) <= begin or _minutes(s["start"]) >= begin + 60 for s in sessions)
        for begin in range(11 * 60 + 30, 13 * 60 + 1, 15)
    )
