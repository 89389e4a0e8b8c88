"""The parts of the door: rules, bounds, themes, sample, history, codec."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.aggregation.values import Category, Member
from reviewcore.disclosure.codec import from_json, to_json
from reviewcore.disclosure.flow import Network
from reviewcore.disclosure.history import check_groups, conflicts
from reviewcore.disclosure.lines import SILENT, Line, Printed, together
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


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=3), st.data())
def test_bounds_are_those_of_all_tables(table, data):
    """If this fails, the engine's attacker is weaker or stronger than the integers allow."""
    from itertools import product

    net, arcs = Network(), {}
    limits = {}
    for r, row in enumerate(table):
        for c, value in enumerate(row):
            limits[r, c] = (data.draw(st.integers(0, value)), data.draw(st.integers(value, 6)))
            arcs[r, c] = net.arc(("row", str(r)), ("col", str(c)), value, *limits[r, c])
    sums = [sum(row[c] for row in table) for c in range(3)]
    fixed = [data.draw(st.booleans()) for _ in range(3)]
    for c, known in enumerate(fixed):
        net.arc(("col", str(c)), ("end",), sums[c], *((sums[c], sums[c]) if known else (0, 99)))
    rows = [
        [
            combo
            for combo in product(*(range(limits[r, c][0], limits[r, c][1] + 1) for c in range(3)))
            if sum(combo) == sum(row)
        ]
        for r, row in enumerate(table)
    ]
    if len(rows) == 3 and len(rows[0]) * len(rows[1]) * len(rows[2]) > 3000:
        return
    every = [
        tables
        for tables in product(*rows)
        if all(sum(row[c] for row in tables) == sums[c] for c in range(3) if fixed[c])
    ]
    for (r, c), arc in arcs.items():
        values = [tables[r][c] for tables in every]
        assert net.bounds(arc) == (min(values), max(values))


@pytest.mark.parametrize(
    ("told", "of"),
    [
        (True, group(5, 5)),
        (False, group(5, 4)),  # 4 is small
        (False, group(10, 0)),  # all alike
        (False, group(10, 1)),  # all but one: that one's worker would know of all others
        (False, group(5, 5, 2)),  # ten of twelve rated: two were not
        (True, group(5, 5, 5)),
        (False, group(5, 10, per_worker=5)),  # one worker behind five cases
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
    assert may_tell_counts(of, YES_NO, (YES_NO,), Rules(5, 1, 2))
    assert not may_tell_counts(of, YES_NO, (YES_NO,), Rules(5, 2, 2))


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


def cells(table: Table) -> list[str]:
    """A table's first column as it is printed."""
    return [str(row.cells[0]) for row in table.rows]


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
    assert cells(sample(people(**strata), {name: name for name in strata}, Rules(5))) == said


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(3, 6))
def test_what_is_withheld_of_the_sample_is_never_a_small_sum(counts, k):
    """If this fails, the strata that are withheld number few together, or one stands alone."""
    strata = {f"s{i}": n for i, n in enumerate(counts)}
    said = cells(sample(people(**strata), {name: name for name in strata}, Rules(k)))
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


def test_two_printed_forms_of_a_table_are_held_together():
    """If this fails, two bands of one row are not seen to narrow each other."""
    few = Line(band="few", spans=((0, 10), (11, 40)))
    some = Line(band="some", spans=((9, 30), (9, 30)))
    both = together(Printed("band", YES_NO, {"all": few}), Printed("band", YES_NO, {"all": some}))
    assert both is not None
    assert both.lines["all"].spans == ((9, 10), (11, 30))
    other = (Category("a", "A", frozenset("yn")), Category("b", "B", frozenset("z")))
    crossed = (Category("a", "A", frozenset("yz")), Category("b", "B", frozenset("n")))
    assert together(Printed("codes", other, {"all": few}), Printed("zones", crossed, {"all": few})) is None
    quiet = Printed("zones", crossed, {"all": SILENT})
    assert together(Printed("codes", other, {"all": few}), quiet) == Printed("codes", other, {"all": few})
