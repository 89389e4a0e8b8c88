"""Planted engines, each with one protection of linked tables off: the attacker must catch every one."""

from __future__ import annotations

import random

from attrs import evolve
from linked_made_up import cross
from linked_oracle import Oracle

from reviewcore.disclosure.linked import protect

K = 4


def caught(engine, tries: int = 40) -> bool:
    """Whether an engine loses one of some made-up sets of tables."""
    source = random.Random(5)
    for _ in range(tries):
        tables = cross((2, 3), [source.choice([0, 1, 2, 5, 8, 9]) for _ in range(6)], rates=True)
        values, rates = engine(tables)
        if Oracle(tables, values, rates, K, 1).leaks():
            return True
    return False


def test_the_engine_itself_loses_nothing():
    """If this fails, the figures of the planted engines say nothing."""

    def engine(tables):
        made = protect(tables, K)
        return made.values, made.rates

    assert not caught(engine, 15)


def test_an_engine_without_complementary_suppression_is_caught():
    """If this fails, small counts are found by subtraction, unnoticed."""

    def engine(tables):
        values = {q.name: tables.value(q) for q in tables.quantities}
        return {name: None if 0 < value < K else value for name, value in values.items()}, frozenset()

    assert caught(engine)


def test_an_engine_that_looks_at_each_table_alone_is_caught():
    """If this fails, a number withheld in one table is found from the other, unnoticed."""

    def engine(tables):
        values = {}
        for which in (("0/", "1/"), ("*/",)):
            mine = [q for q in tables.quantities if q.name.startswith(which)]
            names = {q.name for q in mine}
            splits = [one for one in tables.splits if names.issuperset((one.whole, *one.parts))]
            values |= protect(evolve(tables, quantities=mine, splits=splits, rates=()), K).values
        return values, frozenset()

    assert caught(engine)


def test_an_engine_that_prints_rates_of_withheld_counts_is_caught():
    """If this fails, a percentage is worked back to the count that was withheld, unnoticed (attack 8)."""

    def engine(tables):
        made = protect(tables, K)
        return made.values, frozenset(
            rate.name for rate in tables.rates if made.values[rate.whole] is not None
        )

    assert caught(engine)


def test_an_engine_that_tells_what_all_have_in_common_is_caught():
    """If this fails, a group that is all alike is told, unnoticed (attack 6)."""

    def engine(tables):
        made = protect(evolve(tables, splits=()), K)
        return made.values, frozenset()

    assert caught(engine)


def test_an_engine_with_a_lower_threshold_is_caught():
    """If this fails, an engine that works with a smaller k than the audience's would pass."""

    def engine(tables):
        made = protect(tables, K - 1)
        return made.values, made.rates

    assert caught(engine)
