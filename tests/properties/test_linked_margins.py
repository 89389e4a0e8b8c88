"""Linked tables that are the margins of a grid: protected and proved without their inner cells, and attacked."""

from __future__ import annotations

import json
from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from linked_made_up import examples
from linked_oracle import Oracle

from reviewcore.disclosure.linked import LinkedTables, Quantity, certify, checktables, margins, protect
from reviewcore.disclosure.linked.certificate import Proof
from reviewcore.disclosure.linked.exchange import Exchange
from reviewcore.disclosure.linked.grid import Grid
from reviewcore.disclosure.linked.margins import Margins
from reviewcore.errors import Refused


def linked(shape: tuple[int, ...], counts, without=frozenset()) -> LinkedTables:
    """All one-way and two-way tables of some attributes, less some pairs of these."""
    places = list(product(*map(range, shape)))
    quantities = []
    for up in range(3):
        for which in combinations(range(len(shape)), up):
            for values in product(*(range(shape[a]) for a in which)) if which not in without else ():
                cells = [
                    i
                    for i, p in enumerate(places)
                    if all(p[a] == v for a, v in zip(which, values, strict=True))
                ]
                quantities.append(Quantity(f"{which} {values}", cells))
    return LinkedTables(counts, quantities, inner=False)


@st.composite
def small(draw) -> LinkedTables:
    shape = draw(st.sampled_from([(2, 2, 2), (2, 2, 2), (2, 2, 2), (3, 2, 2)]))
    size = shape[0] * shape[1] * shape[2]
    count = st.one_of(st.integers(0, 3), st.integers(0, 5), st.just(0))
    without = draw(st.sets(st.sampled_from([(0, 1), (0, 2), (1, 2)]), max_size=1))
    return linked(shape, draw(st.lists(count, min_size=size, max_size=size)), without)


@pytest.fixture(autouse=True)
def _all_by_margins(monkeypatch):
    monkeypatch.setattr(margins, "MANY", 0)


@settings(max_examples=examples(15))
@given(small(), st.integers(3, 4))
def test_nothing_small_can_be_worked_out_from_margins(tables, k):
    """If this fails, numbers that add up are thought to hide a count that no whole table hides."""
    assert Grid.of(tables) is not None
    made = protect(tables, k)
    assert Oracle(tables, made.values, made.rates, k, 1).leaks() == []
    assert checktables.problems(json.loads(certify(tables, made, k))) == []


@settings(max_examples=examples(15))
@given(small())
def test_no_table_is_believed_that_does_not_agree(tables):
    """If this fails, a fault in how tables are found lets a small count out: here every table found is wrong."""

    def wrong(grid, numbers, near=None, ways=0):
        return np.zeros(len(grid.place), dtype=np.int64)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grid, "table", wrong)
        try:
            made = protect(tables, 3)
        except Refused:
            return
    assert Oracle(tables, made.values, made.rates, 3, 1).leaks() == []


@settings(max_examples=examples(30))
@given(st.sampled_from([(3, 3, 3), (4, 3, 2, 2), (5, 4)]), st.randoms(use_true_random=False))
def test_exchanges_lead_from_any_table_to_the_margins_of_another(shape, source):
    """If this fails, whole tables that there are are not found, and what could be published is refused."""
    one, two = (np.zeros(shape, dtype=np.int64) for _ in range(2))
    for table in (one, two):
        for _ in range(200):
            table[tuple(source.randrange(size) for size in shape)] += 1
    axes = range(len(shape))
    singles = [two.sum(axis=tuple(x for x in axes if x != a)) for a in axes]
    pairs = {
        (a, b): two.sum(axis=tuple(x for x in axes if x not in (a, b))) for a, b in combinations(axes, 2)
    }
    found = [way.table for seed in range(5) if (way := Exchange.of(one, singles, pairs, seed)).run()]
    assert found
    for table in found:
        assert table.min() >= 0
        for pair, wanted in pairs.items():
            assert (table.sum(axis=tuple(x for x in axes if x not in pair)) == wanted).all()


def test_two_truths_with_the_same_margins_have_one_certificate():
    """If this fails, the certificate of linked tables tells which inner cells are true."""
    source, shape = Random(3), (3, 3, 4, 3)
    counts = np.zeros(shape, dtype=np.int64)
    for _ in range(200):
        counts[tuple(int(source.random() ** 2 * size) for size in shape)] += 1
    tables = linked(shape, counts.ravel().tolist())
    # In one place two persons exchange the value that they have in one attribute, in another two do the contrary.
    other, places = counts.copy(), list(product(range(4), range(3)))
    here, there = next(
        (one, two)
        for one in places
        for two in places
        if one != two
        and min(other[(0, 0, *one)], other[(1, 1, *one)], other[(0, 1, *two)], other[(1, 0, *two)]) > 0
    )
    for at, by in ((here, 1), (there, -1)):
        other[(0, 0, *at)] -= by
        other[(1, 1, *at)] -= by
        other[(0, 1, *at)] += by
        other[(1, 0, *at)] += by
    moved = evolve(tables, counts=other.ravel().tolist())
    assert other.min() >= 0
    assert [tables.value(one) for one in tables.quantities] == [moved.value(one) for one in moved.quantities]
    made = protect(tables, 5)
    assert made.small
    assert isinstance(Proof.of(tables, made, 5).attacker, Margins)
    assert certify(tables, made, 5) == certify(moved, made, 5)
