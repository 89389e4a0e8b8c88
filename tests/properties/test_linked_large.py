"""Large two-way tables, protected by cycles: the same promise, tried out on tables small enough to count out."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import product
from random import Random

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linked_made_up import cross, examples
from linked_oracle import Oracle

from reviewcore.disclosure.linked import (
    LinkedTables,
    Protected,
    Quantity,
    Split,
    certificate,
    certify,
    checktables,
    large,
    protect,
)
from reviewcore.disclosure.linked.twoway import TwoWay
from reviewcore.errors import BadInput, Refused


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)
    monkeypatch.setattr(large, "MOST", 0)


@st.composite
def two_way(draw):
    """A small two-way table with zeros and lopsided rows, some of its splits forgotten."""
    shape = draw(st.sampled_from([(2, 2), (2, 3), (3, 3), (3, 2)]))
    size = shape[0] * shape[1]
    counts = draw(st.lists(st.sampled_from([0, 1, 2, 3, 3, 4, 5, 7, 9]), min_size=size, max_size=size))
    return cross(shape, counts, rates=draw(st.booleans()))


def protected(tables, k, withheld=frozenset()):
    """What is printed, where the table is one that is protected this way."""
    try:
        return protect(tables, k, withheld=withheld)
    except large.Lopsided:
        assume(False)


@settings(max_examples=examples(60))
@given(two_way(), st.integers(3, 4))
def test_nothing_small_can_be_worked_out_of_a_large_table(tables, k):
    """If this fails, a small count can be worked out of a table that no linear program has looked at."""
    made = protected(tables, k)
    assert Oracle(tables, made.values, made.rates, k, 1).leaks() == []
    assert checktables.problems(json.loads(certify(tables, made, k))) == []


@settings(max_examples=examples(40))
@given(two_way(), st.data())
def test_what_is_withheld_in_any_case_is_hidden_in_a_large_table(tables, data):
    """If this fails, an audience that is told more can be asked for what another was not to know."""
    names = data.draw(st.sets(st.sampled_from([one.name for one in tables.quantities]), max_size=3))
    made = protected(tables, 3, frozenset(names))
    assert {made.values[name] for name in names} <= {None}
    assert Oracle(tables, made.values, made.rates, 3, 1).leaks() == []
    certify(tables, made, 3)


@pytest.mark.parametrize(
    ("counts", "withheld"), [((0, 0, 0, 0, 1, 2, 1, 1, 1), {"0/0"}), ((2, 7, 9, 2, 5, 3, 3, 1, 5), set())]
)
def test_what_deep_searches_found_stays_found(counts, withheld):
    """If this fails, an empty cell that is surely empty opens its row, or a number printed again is counted on."""
    tables = cross((3, 3), counts)
    made = protect(tables, 3, withheld=frozenset(withheld))
    assert Oracle(tables, made.values, made.rates, 3, 1).leaks() == []
    certify(tables, made, 3)


def test_an_engine_that_withholds_only_what_is_small_is_caught(monkeypatch):
    """If this fails, a large table goes out with nothing withheld for another's sake, unnoticed."""
    monkeypatch.setattr(large._Work, "mend", lambda self: None)
    tables = cross((3, 3), [2, 9, 9, 9, 9, 9, 9, 9, 9])
    made = protect(tables, 4)
    assert Oracle(tables, made.values, made.rates, 4, 1).leaks()
    with pytest.raises(Refused, match="could not be proved"):
        certify(tables, made, 4)


@settings(max_examples=60)
@given(two_way(), st.data())
def test_what_is_proved_of_a_large_table_gives_nothing_away(tables, data):
    """If this fails, cycles prove what is not so: tables that narrow a withheld number get a certificate."""
    values = {q.name: None if data.draw(st.booleans()) else tables.value(q) for q in tables.quantities}
    t = data.draw(st.sampled_from([0, 1]))
    try:
        certify(tables, Protected(values, frozenset()), 3, t)
    except Refused:
        return
    oracle = Oracle(evolve(tables, inner=False), values, frozenset(), 3, t)
    assert [one for one in oracle.leaks() if not one.startswith("[")] == []


def test_what_cycles_leave_unproved_linear_programs_do_too(monkeypatch):
    """If this fails, cycles miss tables that there are, and a large table is refused though it is safe."""
    source, tried = Random(3), 0
    for _ in range(150):
        tables = cross((3, 3), [source.choice((0, 1, 2, 3, 4, 6)) for _ in range(9)])
        if alike := source.random() < 0.5:
            tables = evolve(tables, splits=())
        values = {q.name: None if source.random() < 0.6 else tables.value(q) for q in tables.quantities}
        results = []
        for bound in (0, 100):
            monkeypatch.setattr(large, "LARGE", bound)
            try:
                certify(tables, Protected(values, frozenset()), 3)
                results.append(True)
            except Refused:
                results.append(False)
        # Where a margin is withheld too, cycles do not try everything that could part a group.
        assert results[0] == results[1] if alike else results[0] <= results[1]
        tried += results[0]
    assert tried > 20


def test_two_truths_of_a_large_table_with_one_output_have_one_certificate():
    """If this fails, the proof of a large table tells which of the withheld numbers are small."""
    truths = defaultdict(list)
    for counts in product((0, 1, 3, 4, 6), repeat=4):
        tables = cross((2, 2), [*counts])
        try:
            made = protect(tables, 3)
        except large.Lopsided:
            continue
        truths[tuple(made.values.items())].append((tables, made))
    several = [same for same in truths.values() if len(same) > 1]
    assert len(several) > 5
    for same in several:
        assert len({certify(tables, made, 3) for tables, made in same[:4]}) == 1


def test_a_table_of_twenty_by_twenty_is_protected_and_proved():
    """If this fails, large tables are refused, or withhold far more than they must."""
    source = Random(5)
    counts = [max(0, round(source.gauss(14, 7))) for _ in range(400)]
    tables = cross((20, 20), counts)
    made = protect(tables, 5)
    assert made.small > 10
    assert made.further <= 2 * made.small
    held = json.loads(certify(tables, made, 5))
    assert checktables.problems(held) == []
    held["base"][0] += 1
    assert checktables.problems(held)


def test_only_two_way_tables_are_taken_for_one():
    """If this fails, tables of another form are protected by rules that do not hold for them."""
    assert TwoWay.of(cross((3, 4), range(12)))
    for other in (
        cross((12,), range(12)),
        cross((2, 2, 3), range(12)),
        cross((3, 4), range(12), merged=True),
        cross((3, 4), range(12), without=("*/*",)),
        cross((3, 4), range(12), without=("*/1",)),
        cross((3, 4), range(12), without=("1/1",)),
    ):
        assert TwoWay.of(other) is None


def test_tables_with_bands_or_beside_others_are_proved_as_before(monkeypatch):
    """If this fails, cycles prove a band away, or hold a silent table to what nothing printed of it tells."""
    tables = cross((3, 3), [9, 9, 9, 9, 9, 9, 9, 9, 9])
    values = {one.name: None if one.name == "*/*" else tables.value(one) for one in tables.quantities}
    values |= dict.fromkeys(["0/0", "0/*", "*/0"])
    made = Protected(values, frozenset(), ranges={"*/*": (0, 100)})
    taken = []
    monkeypatch.setattr(certificate, "prove", lambda *given: taken.append(given))
    held = json.loads(certify(tables, made, 3))
    assert [one["band"] for one in held["numbers"] if "band" in one] == [[0, 100]]
    split = [evolve(one, table="" if one.name == "*/*" else "sites") for one in tables.quantities]
    certify(evolve(tables, quantities=split), evolve(made, ranges={}), 3)
    assert taken == []
    with pytest.raises(Refused):
        certify(tables, evolve(made, ranges={}), 3)
    assert len(taken) == 1


def test_a_table_of_ten_thousand_columns_is_protected_and_proved():
    """If this fails, a table with a column for everything breaks the publication, or goes out without a proof."""
    size = 10_000
    counts = [7 + place % 5 for place in range(2 * size)]
    counts[3] = counts[size + 8] = 2
    parts = [Quantity(f"cell {cell}", {cell}) for cell in range(2 * size)]
    parts += [Quantity(f"column {at}", {at, size + at}) for at in range(size)]
    parts += [Quantity("row 0", range(size)), Quantity("row 1", range(size, 2 * size))]
    tables = LinkedTables(counts, [*parts, Quantity("all", range(2 * size))], inner=False)
    made = protect(tables, 5, seconds=120)
    assert [name for name, value in made.values.items() if value is None][0::3] == ["cell 3", "cell 10008"]
    assert made.further == 2
    certify(tables, made, 5)


def test_hierarchies_that_run_in_a_loop_are_refused():
    """If this fails, groups that are each a part of the other are protected as if they added up."""
    numbers = [Quantity("a", {0, 1}), Quantity("b", {1, 2}), Quantity("c", {0, 1, 2})]
    loop = [Split("a", ("b",)), Split("b", ("a",)), Split("c", ("a", "b"))]
    with pytest.raises(BadInput) as caught:
        protect(LinkedTables([9, 8, 7], numbers, loop), 5)
    assert [one.subject for one in caught.value.problems] == ["a", "b"]


def test_an_indicator_with_one_code_is_no_secret_of_its_own():
    """If this fails, a group is withheld because its only code holds all of it, or a small one goes out."""
    for count in (0, 3, 40):
        tables = cross((1,), [count])
        made = protect(tables, 5)
        assert set(made.values.values()) == ({None} if count == 3 else {count})
        certify(tables, made, 5)
