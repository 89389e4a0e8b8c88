"""The parts of the door: rules, bounds, themes, sample, history, codec."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.aggregation.plan import AggregationPlan, Schema
from reviewcore.aggregation.values import Category, Member, Tabulated
from reviewcore.disclosure.codec import from_json, to_json
from reviewcore.disclosure.history import check_groups, conflicts
from reviewcore.disclosure.publication import (
    Cell,
    Column,
    Publication,
    Table,
    TableRow,
    Theme,
    ThemeList,
)
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated
from reviewcore.disclosure.sample import sample
from reviewcore.disclosure.sizes import sizes
from reviewcore.disclosure.themes import themes
from reviewcore.errors import Blocked
from reviewcore.interview.plan import Code
from reviewcore.store.ledger import Entry

YES_NO = (Category("y", "Yes", frozenset("y")), Category("n", "No", frozenset("n")))


def group(yes: int, no: int, unrated: int = 0, per_worker: int = 1) -> Group:
    """A group with so many answers of each kind."""
    codes = ["y"] * yes + ["n"] * no + [None] * unrated
    return Group(
        {f"m{i}": f"w{i // per_worker}" for i in range(len(codes))},
        {f"m{i}": code for i, code in enumerate(codes) if code},
    )


@pytest.mark.parametrize(
    ("told", "of"),
    [
        (True, group(6, 6)),
        (False, group(6, 4)),  # 4 is small
        (False, group(6, 5)),  # one of the 5 knows of 4 others
        (False, group(10, 0)),  # all alike
        (False, group(10, 1)),  # all but one: that one's worker would know of all others
        (False, group(6, 6, 2)),  # twelve of fourteen rated: two were not
        (True, group(6, 6, 6)),
        (False, group(10, 20, per_worker=5)),  # two workers behind ten cases
        (False, group(7, 7, per_worker=3)),  # whoever has 3 of the 7 knows of 4 others
    ],
)
def test_a_row_by_itself(told, of):
    """If this fails, a row is printed that is small, alike, or has too few workers behind it (section 1)."""
    assert may_tell_counts(of, YES_NO, (YES_NO,), Rules(5)) is told


def test_zero_is_shown_where_others_differ():
    """If this fails, a harmless zero is withheld, or one that makes all alike in a coarser way is shown."""
    three = (*YES_NO, Category("z", "Never", frozenset("z")))
    assert may_tell_counts(group(6, 6), three, (three,), Rules(5))
    coarse = (Category("any", "Any", frozenset("yn")), Category("z", "Never", frozenset("z")))
    assert not may_tell_counts(group(6, 6), three, (three, coarse), Rules(5))


def test_a_coalition_of_two_needs_more_to_hide_among():
    """If this fails, two workers who put their cases together can learn the answer of all others."""
    of = Group(
        {f"m{i}": f"w{i}" for i in range(8)} | {f"n{i}": f"v{i % 2}" for i in range(6)},
        {f"m{i}": "y" for i in range(8)} | {f"n{i}": "n" for i in range(6)},
    )
    assert may_tell_counts(of, YES_NO, (YES_NO,), Rules(3, 1, 2))
    assert not may_tell_counts(of, YES_NO, (YES_NO,), Rules(4, 2, 2))


def test_rules_need_room():
    """If this fails, a k could be set under which even a withheld count tells about everybody."""
    for k, t in ((2, 1), (3, 2)):
        with pytest.raises(ValueError, match="k must be at least"):
            Rules(k, t)


def test_all_rated_is_no_secret():
    """If this fails, a table is withheld only because every case was rated."""
    assert may_tell_rated(group(3, 3), Rules(5))
    assert not may_tell_rated(group(2, 2), Rules(5))


BOOK = tuple(Code(key, key.title()) for key in ("trust", "time", "teams", "tools"))


def heard(**sessions: int):
    """Sessions named by theme, each with so many attendees."""
    voiced, attendees = {}, {}
    for theme, count in sessions.items():
        tokens = frozenset(f"{theme}{i}" for i in range(count))
        voiced[theme] = tokens
        attendees |= {token: frozenset({f"w-{token}"}) for token in tokens}
    return voiced, attendees


def test_themes_are_told_when_heard_widely_and_in_the_books_order():
    """If this fails, a theme that a few raised goes out, or the order tells how often each was heard."""
    voiced, attendees = heard(tools=9, time=4, trust=5)
    told = themes("t", "Themes", BOOK, voiced, attendees, Rules(5)).themes
    assert [one.key for one in told] == ["trust", "tools"]


def test_one_small_session_is_not_enough_and_one_person_counts_once():
    """If this fails, one session of five, or one worker heard five times, makes a theme."""
    few = frozenset(f"p{i}" for i in range(5))
    assert not themes("t", "T", BOOK, {"time": frozenset("a")}, {"a": few}, Rules(5)).themes
    same = {str(i): frozenset({"p"}) for i in range(9)}
    assert not themes("t", "T", BOOK, {"time": frozenset(same)}, same, Rules(5)).themes


def test_one_group_of_six_is_enough_where_so_many_are_k():
    """If this fails, what all staff named together is told of nobody, or a group smaller than k makes a theme."""
    crowd = frozenset(f"p{i}" for i in range(6))
    told = themes("t", "T", BOOK, {"time": frozenset("a")}, {"a": crowd}, Rules(5)).themes
    assert [one.key for one in told] == ["time"]
    assert not themes("t", "T", BOOK, {"time": frozenset("a")}, {"a": crowd}, Rules(11)).themes


def people(**strata: int) -> tuple[Member, ...]:
    """So many cases in each stratum."""
    return tuple(Member(f"{s}{i}", f"{s}{i}", s, {}) for s, n in strata.items() for i in range(n))


def cells(k: int, **strata: int) -> list[str]:
    """What is printed of a sample with so many cases in each stratum."""
    schema, inner = Schema((), ()), Tabulated(people(**strata), {})
    names = {name: name for name in strata}
    told = sizes(AggregationPlan(()), schema, inner, names, Rules(k)).told
    return [str(row.cells[0]) for row in sample(told, names).rows]


@pytest.mark.parametrize(
    ("strata", "said"),
    [
        ({"a": 40, "b": 20}, ["60", "40", "20"]),
        ({"a": 40, "b": 2}, ["42", "withheld", "withheld"]),
        ({"a": 40, "b": 2, "c": 9}, ["51", "40", "withheld", "withheld"]),
        ({"a": 40, "b": 1, "c": 1, "d": 7}, ["49", "40", "withheld", "withheld", "withheld"]),
        ({"a": 40, "b": 0}, ["40", "40", "0"]),
        ({"a": 2, "b": 1}, ["withheld", "withheld", "withheld"]),
    ],
)
def test_the_sample_gives_no_small_stratum_back(strata, said):
    """If this fails, the cases of a small stratum can be had from the total."""
    assert cells(5, **strata) == said


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(3, 6))
def test_what_is_withheld_of_the_sample_is_never_a_small_sum(counts, k):
    """If this fails, the strata that are withheld number few together, or one stands alone."""
    said = cells(k, **{f"s{i}": n for i, n in enumerate(counts)})
    hidden = [n for n, cell in zip(counts, said[1:], strict=False) if cell == "withheld"]
    assert not any(cell != "withheld" and 0 < int(cell) < k for cell in said)
    if said[0] != "withheld" and hidden:
        assert sum(hidden) >= k
        assert len(hidden) > 1


def entry(audience: str, *members: str, population="pqcr", key="group|all") -> Entry:
    """An earlier publication in the ledger."""
    return Entry("r1", audience, 1, population, {key: frozenset(members)})


MANY = tuple(f"m{i}" for i in range(20))
LEAST = {"team": 3, "agency": 5, "state": 11, "public": 11}


def test_one_case_more_is_blocked_before_any_table():
    """If this fails, two publications that differ by one case tell that case's answers (section 3, Ledger)."""
    new = {"group|all": frozenset((*MANY, "late"))}
    for earlier, audience in (("agency", "agency"), ("agency", "state"), ("state", "agency")):
        with pytest.raises(Blocked, match="Wait until more answers are in, pool them"):
            check_groups([entry(earlier, *MANY)], audience, "pqcr", new, LEAST)
    check_groups([entry("agency", *MANY, population="other")], "agency", "pqcr", new, LEAST)
    check_groups([entry("agency", *MANY)], "agency", "pqcr", {"group|all": frozenset(MANY)}, LEAST)


@given(st.integers(0, 14), st.integers(0, 14), st.sampled_from(["team", "agency", "state", "public"]),
       st.sampled_from(["team", "agency", "state", "public"]))  # fmt: skip
def test_the_rules_of_who_holds_both_apply(more, fewer, earlier, audience):
    """If this fails, a difference is held against the wrong audience's k."""
    new = frozenset(MANY[fewer:]) | {f"n{i}" for i in range(more)}
    holder = min(earlier, audience, key=("team", "agency", "state", "public").index)
    found = conflicts([entry(earlier, *MANY)], audience, "pqcr", {"group|all": new}, LEAST)
    assert bool(found) == any(0 < d < LEAST[holder] for d in (more, fewer))


def test_a_publication_survives_json():
    """If this fails, what is read back from the log is not what was published."""
    table = Table("q/p", "Q", "band", (Column("rated", "Rated"), Column("band", "Share")),
                  (TableRow("all", "All", (Cell("withheld"), Cell("band", "few"))),), "p")  # fmt: skip
    one = Publication("state", 2, (table,), (ThemeList("t", "T", (Theme("a", "A"),)),))
    assert from_json(json.loads(json.dumps(to_json(one)))) == one
    assert '["withheld", null]' in json.dumps(to_json(one))
