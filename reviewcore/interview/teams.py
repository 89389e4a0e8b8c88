"""Forming the review teams (PQCR-6): two to four people, a peer-county member on each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.interview.plan import TeamRules


@frozen
class Reviewer:
    """Somebody who reviews, by pseudonym, with what teams are formed by; "" where the list does not say."""

    person: str
    county: str = ""
    program: str = ""
    unit: str = ""


@frozen
class Team:
    """A team: its name, such as "T1", and the pseudonyms of its members."""

    name: str
    members: tuple[str, ...]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 room", "2 rooms"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def is_peer(reviewer: Reviewer, host_county: str) -> bool:
    """Return whether somebody comes from another county than the agency's. Without a county: from here."""
    return reviewer.county.strip().casefold() not in ("", host_county.strip().casefold())


def form(reviewers: Sequence[Reviewer], rules: TeamRules, host_county: str) -> tuple[Team, ...]:
    """Return the teams, the same for the same reviewers in any order; raise Refused with every reason.

    Sizes differ by one at most and peers are spread evenly. As many teams as can be have people of more
    than one program; then members of one unit are kept together, so that few teams are barred from a case
    of that unit.
    """
    everyone = sorted(reviewers, key=lambda one: one.person)
    peers = [one for one in everyone if is_peer(one, host_county)]
    _check(len(everyone), len(peers), rules)
    by_program = lambda one: (one.program, one.unit, one.person)  # noqa: E731
    hosts = [one for one in everyone if not is_peer(one, host_county)]
    dealt = sorted(peers, key=by_program) + sorted(hosts, key=by_program)
    teams = [dealt[n :: rules.teams] for n in range(rules.teams)]
    _improve(teams, rules.peers, host_county)
    return tuple(
        Team(f"T{n}", tuple(sorted(one.person for one in team))) for n, team in enumerate(teams, start=1)
    )


def _check(reviewers: int, peers: int, rules: TeamRules) -> None:
    reasons = []
    n, smallest = rules.teams, max(rules.smallest, rules.peers)
    if n < 1:
        raise Refused("teams: there must be at least one team")
    if smallest > rules.largest:
        reasons.append(
            f"a team of at most {rules.largest} cannot have {smallest} members; raise the largest size, or ask "
            "for fewer members or peers on each team"
        )
    if reviewers < n * smallest:
        reasons.append(
            f"{counted(n, 'team')} of at least {smallest} must have {counted(n * smallest, 'reviewer')}, and the "
            f"people list has {reviewers}; add reviewers or plan fewer teams"
        )
    if reviewers > n * rules.largest:
        reasons.append(
            f"{counted(n, 'team')} of at most {rules.largest} can have {counted(n * rules.largest, 'reviewer')}, and "
            f"the people list has {reviewers}; plan more teams or take the role from some"
        )
    if peers < n * rules.peers:
        reasons.append(
            f"{counted(n, 'team')} with at least {rules.peers} from a peer county on each must have "
            f"{counted(n * rules.peers, 'peer')}, and the people list has {counted(peers, 'reviewer')} from other "
            f"counties; invite more or plan fewer teams"
        )
    if reasons:
        raise Refused("the review teams cannot be formed: " + "; ".join(reasons))


def _improve(teams: list[list[Reviewer]], peers: int, host_county: str) -> None:
    """Swap two members of different teams for as long as that makes the teams better."""

    def worth(team: list[Reviewer]) -> tuple[int, int]:
        programs = {one.program for one in team if one.program}
        units = {one.unit for one in team if one.unit}
        return len(programs) > 1, -len(units)

    def enough(team: list[Reviewer]) -> bool:
        return sum(is_peer(one, host_county) for one in team) >= peers

    better = True
    while better:
        better = False
        for one, other in combinations(teams, 2):
            for a, b in product(range(len(one)), range(len(other))):
                before = _both(worth(one), worth(other))
                one[a], other[b] = other[b], one[a]
                if enough(one) and enough(other) and _both(worth(one), worth(other)) > before:
                    better = True
                else:
                    one[a], other[b] = other[b], one[a]


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]
