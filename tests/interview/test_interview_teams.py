"""Review teams: two to four people, peers on each, programs mixed where that can be (PQCR-6)."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.errors import Refused
from reviewcore.interview.plan import TeamRules
from reviewcore.interview.teams import Reviewer, form
from tests.properties.schedule_checker import wrong_teams

HOST = "Alder"
reviewer_lists = st.lists(
    st.tuples(st.sampled_from(["", "alder ", "Birch", "Cedar"]), st.sampled_from(["cw", "jp"])), max_size=8
)


def reviewers(given: list[tuple[str, str]]) -> list[Reviewer]:
    """Return reviewers of these counties and programs."""
    return [Reviewer(f"r{n}", county, program) for n, (county, program) in enumerate(given)]


def host(one: Reviewer) -> bool:
    """Return whether somebody is from here."""
    return one.county in ("", "alder ")


def most_mixed(left: list[Reviewer], teams: int, rules: TeamRules) -> int | None:
    """Return how many teams can be mixed at best with sizes as even as can be, by trying all; None if none can be."""
    if teams == 0:
        return 0 if not left else None
    best = None
    for size in {len(left) // teams, -(-len(left) // teams)}:
        if not rules.smallest <= size <= rules.largest or not left:
            continue
        first, rest = left[0], left[1:]
        for others in combinations(rest, size - 1):
            team = [first, *others]
            if sum(not host(one) for one in team) < rules.peers:
                continue
            further = most_mixed([one for one in rest if one not in others], teams - 1, rules)
            if further is not None:
                best = max(best or 0, further + (len({one.program for one in team}) > 1))
    return best


@settings(max_examples=150, deadline=None)
@given(reviewer_lists, st.integers(1, 3), st.integers(0, 2))
def test_teams_are_formed_where_they_can_be_and_mixed_at_best(
    given: list[tuple[str, str]], teams: int, peers: int
) -> None:
    """A county would be told to find more reviewers, or get teams of one program, without need."""
    rules = TeamRules(teams, 2, 4, peers)
    everyone = reviewers(given)
    best = most_mixed(everyone, teams, rules)
    try:
        made = form(everyone, rules, HOST)
    except Refused:
        assert best is None
        return
    by_name = {one.person: one for one in everyone}
    people = {one.person: {"county": "" if host(one) else one.county} for one in everyone}
    assert wrong_teams(
        {t.name: t.members for t in made}, people, HOST, smallest=2, largest=4, peers=peers
    ) == []  # fmt: skip
    assert sorted(m for t in made for m in t.members) == sorted(by_name)
    mixed = sum(len({by_name[m].program for m in t.members}) > 1 for t in made)
    if peers < 2:
        assert mixed == best
    shuffled = everyone[:]
    random.Random(1).shuffle(shuffled)
    assert form(shuffled, rules, HOST) == made


def test_members_of_one_unit_are_kept_together() -> None:
    """Every team would be barred from the unit's cases, and nobody could review them."""
    people = [Reviewer(f"p{n}", "Birch", "cw") for n in range(4)]
    people += [Reviewer(f"h{n}", HOST, "cw", f"U{n % 2}") for n in range(4)]
    made = form(people, TeamRules(2), HOST)
    units = [{one.unit for one in people if one.person in team.members and one.unit} for team in made]
    assert sorted(map(sorted, units)) == [["U0"], ["U1"]]


def test_every_reason_is_told_at_once() -> None:
    """The county would find one reviewer, and only then hear that peers are missing."""
    with pytest.raises(Refused) as caught:
        form([Reviewer("a", HOST), Reviewer("b", "")], TeamRules(2), HOST)
    assert str(caught.value) == (
        "the review teams cannot be formed: 2 teams of at least 2 must have 4 reviewers, and the people list has 2; "
        "add reviewers or plan fewer teams; 2 teams with at least 1 from a peer county on each must have 2 peers, "
        "and the people list has 0 reviewers from other counties; invite more or plan fewer teams"
    )
    with pytest.raises(
        Refused, match="1 team of at most 2 can have 2 reviewers, and the people list has 3; plan more"
    ):
        form([Reviewer(f"{n}", "Birch") for n in range(3)], TeamRules(1, 2, 2), HOST)
