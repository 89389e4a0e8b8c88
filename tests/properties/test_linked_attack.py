"""Linked tables attacked by counting out every table that agrees (disclosure.md section 4, attacks 1 to 3, 6, 8, 9)."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linked_made_up import cross, examples, linked
from linked_oracle import Oracle

from reviewcore.disclosure.linked import LinkedTables, Quantity, Told, certify, protect
from reviewcore.errors import BadInput, Refused


@settings(max_examples=examples(150))
@given(linked(rates=True), st.integers(3, 4))
def test_nothing_small_can_be_worked_out(tables, k):
    """If this fails, somebody can work out a small count from the printed cells, margins and rates together."""
    made = protect(tables, k)
    assert Oracle(tables, made.values, made.rates, k, 1).leaks() == []


@settings(max_examples=60)
@given(linked(), st.data())
def test_numbers_told_elsewhere_are_reckoned_with(tables, data):
    """If this fails, a size that a letter tells opens what the tables withhold."""
    one = data.draw(st.sampled_from(tables.quantities))
    assume(not 0 < tables.value(one) < 3 and one.cells)
    both = evolve(tables, told=(Told(dict.fromkeys(one.cells, 1), tables.value(one)),))
    made = protect(both, 3)
    alone = Oracle(both, dict.fromkeys(made.values), frozenset(), 3, 1)
    # What the letter alone tells is no fault of the tables.
    assert set(Oracle(both, made.values, made.rates, 3, 1).leaks()) <= set(alone.leaks())


@settings(max_examples=30)
@given(linked())
def test_tables_without_small_numbers_are_printed_whole(tables):
    """If this fails, tables are withheld that give nothing away, and a report says less than it may."""
    large = evolve(tables, counts=[9 + count for count in tables.counts])
    assert None not in protect(large, 3).values.values()


@settings(max_examples=30)
@given(linked(), st.randoms(use_true_random=False))
def test_the_order_of_the_inner_cells_leaves_no_small_number(tables, source):
    """If this fails, protection depends on the order in which cells are given."""
    places = list(range(len(tables.counts)))
    source.shuffle(places)
    counts = [0] * len(places)
    for old, new in enumerate(places):
        counts[new] = tables.counts[old]
    moved = evolve(
        tables,
        counts=counts,
        quantities=[evolve(q, cells={places[c] for c in q.cells}) for q in tables.quantities],
    )
    made = protect(moved, 3)
    assert Oracle(moved, made.values, made.rates, 3, 1).leaks() == []


@settings(max_examples=20)
@given(linked(rates=True))
def test_the_same_tables_give_the_same_publication(tables):
    """If this fails, publishing twice gives two different sets of numbers, which together tell more."""
    assert protect(tables, 3) == protect(tables, 3)


def test_a_remainder_of_four_is_not_left_over():
    """If this fails, 28 less 24 is printed and leaves 4: 9 cells of other tools' defects."""
    made = protect(cross((2,), [24, 4]), 5)
    assert [made.values[name] for name in ("0", "1", "*")].count(None) >= 2


def test_forty_of_forty_alike_is_not_told():
    """If this fails, a clinic where all 40 had the same outcome says so of every one of them."""
    made = protect(cross((2,), [40, 0], rates=True), 5)
    assert made.values["0"] is None or made.values["*"] is None
    assert "0 of *" not in made.rates


def test_two_ones_beside_a_known_sum():
    """If this fails, 15 = 10 + 3 + x + x leaves too few values for x."""
    tables = cross((4,), [10, 3, 1, 1])
    made = protect(tables, 5)
    assert Oracle(tables, made.values, made.rates, 5, 1).leaks() == []


def test_empty_tables_and_lone_cells():
    """If this fails, a clinic without clients, or a table of one cell, breaks the publication."""
    assert protect(LinkedTables((), ()), 5).values == {}
    assert protect(cross((2, 2), [0, 0, 0, 0]), 5).values["*/*"] == 0
    assert protect(LinkedTables([3], [Quantity("one", {0})]), 5).values == {"one": None}
    assert protect(LinkedTables([7], [Quantity("one", {0}), Quantity("nobody", ())]), 5).values == {
        "one": 7,
        "nobody": 0,
    }


def test_bad_tables_are_refused_with_all_that_is_wrong():
    """If this fails, negative, fractional or contradictory counts go through the door."""
    tables = LinkedTables(
        [3, -1, 2.5], [Quantity("a", {0, 7}), Quantity("a", {1})], told=[Told({0: 1}, 4)]
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        protect(tables, 5)
    assert len(caught.value.problems) == 4
    with pytest.raises(BadInput, match="do not add up"):
        protect(LinkedTables([3], [Quantity("a", {0})], told=[Told({0: 1}, 4)]), 5)


def test_a_spent_budget_refuses():
    """If this fails, tables that were not fully protected in time are published."""
    with pytest.raises(Refused, match="steps"):
        protect(cross((3, 3), [1, 2, 9, 8, 3, 1, 2, 2, 6]), 5, budget=3)


@pytest.mark.parametrize("shape", [(3, 3), (21, 21)])
def test_time_that_is_up_refuses_and_says_what_to_do(shape):
    """If this fails, tables that were not fully protected in time are published, or nobody learns what to change."""
    size = shape[0] * shape[1]
    tables = cross(shape, [1 + place % 9 for place in range(size)])
    with pytest.raises(Refused, match=r"in the time .* nothing is published.*fewer splits, or coarser"):
        protect(tables, 5, seconds=0)
    made = protect(tables, 5, seconds=60)
    with pytest.raises(Refused, match="in the time"):
        certify(tables, made, 5, seconds=0)


@pytest.mark.parametrize("shape", [(4, 4), (21, 21)])
def test_who_waits_is_told_how_far_it_is(shape):
    """If this fails, a long protection looks like one that hangs."""
    said = []
    tables = cross(shape, [1 + place * 7 % 23 for place in range(shape[0] * shape[1])])
    made = protect(tables, 5, progress=lambda doing, left: said.append((doing, left)))
    certify(tables, made, 5, progress=lambda doing, left: said.append((doing, left)))
    assert {"withholding", "printing again", "seeking the least", "proving"} >= {doing for doing, _ in said}
    assert {"proving"} <= {doing for doing, _ in said}
    assert all(left > 0 for _, left in said)
