"""Codings and tabulation, before protection."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from reviewcore.aggregation.plan import AggregationPlan, Measure, ThemeMeasure
from reviewcore.aggregation.rungs import expected
from reviewcore.aggregation.tabulate import tabulate
from reviewcore.aggregation.values import Answered, codings
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section, Zone

CODES = tuple(Code(str(n), f"L{n}") for n in range(1, 5))
PLAN = AggregationPlan((Measure("q", "Q", "tool", "q", ("p",)),), (ThemeMeasure("t", "T", "tool", "t"),))


def tool(scale: Scale) -> tuple[Instrument, Item]:
    """A tool with one item on a scale."""
    item = Item("q", "Q?", scale="s")
    return Instrument("tool", "T", "1", "team", (Section("S", (item,)),), (scale,)), item


def test_an_item_has_the_codings_that_its_scale_declares():
    """If this fails, a measure is counted in a way that its scale does not know."""
    whole = Scale("s", CODES, ("3", "4"), (Zone("low", ("1", "2")), Zone("high", ("3", "4"))))
    assert list(codings(*tool(whole))) == ["codes", "zones", "acceptable"]
    gap = Scale("s", CODES, (), (Zone("low", ("1", "2")),))
    assert list(codings(*tool(gap))) == ["codes"]
    assert list(codings(tool(whole)[0], Item("n", "N", "text"))) == []
    yes = Item("y", "Y", "choice", choices=CODES[:2])
    assert [one.key for one in codings(tool(whole)[0], yes)["codes"]] == ["1", "2"]


answers = st.lists(st.sampled_from(["1", "2", "3", "4", None]), max_size=12)


@given(answers, st.integers())
def test_not_applicable_is_out_of_the_denominator_and_order_is_nothing(given_, seed):
    """If this fails, cases that an item does not apply to are counted, or the order of reading matters."""
    sessions = [
        Answered(f"T{i}", "tool", f"w{i}", f"m{i}", "s", {"p": True}, {"q": code, "t": ("a",)} if code else {},
                 frozenset({f"w{i}", "boss"}))
        for i, code in enumerate(given_)
    ]  # fmt: skip
    inner = tabulate(PLAN, sessions)
    assert inner.ratings["q"] == {f"m{i}": code for i, code in enumerate(given_) if code}
    assert len(inner.population) == len(given_)
    assert all(member.fields == {"p": "true"} for member in inner.population)
    assert inner.voiced["t"].get("a", frozenset()) == {f"T{i}" for i, code in enumerate(given_) if code}
    random.Random(seed).shuffle(sessions)
    assert tabulate(PLAN, sessions) == inner


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None])), max_size=40),
       st.integers(0, 20), st.integers(0, 20))  # fmt: skip
def test_expected_cases_never_exceed_the_quota(rows, first, second):
    """If this fails, a table is planned finer than the sample can carry."""
    quotas = {"a": first, "b": second}
    found = expected([(stratum, {"p": value}) for stratum, value in rows], quotas, "p")
    assert sum(found.values()) <= first + second
    assert set(found) == {value or "" for _, value in rows}


def test_where_the_stratum_is_the_split_the_quota_is_expected():
    """If this fails, a split by stratum is not planned from its quota."""
    rows = [("a", {"p": "x"})] * 90 + [("b", {"p": "y"})] * 10
    assert expected(rows, {"a": 40, "b": 20}, "p") == {"x": 40, "y": 20}
