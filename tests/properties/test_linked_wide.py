"""Tables of very many numbers, or of very many inner cells: protected in batches, proved, and attacked while small."""

from __future__ import annotations

import json
from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from linked_made_up import cross, examples, linked
from linked_oracle import Oracle

from reviewcore.disclosure.linked import (
    LinkedTables,
    Protected,
    Quantity,
    batches,
    certify,
    checktables,
    large,
    nearby,
    protect,
    wide,
)
from reviewcore.disclosure.linked.certificate import Proof
from reviewcore.disclosure.linked.grid import Grid
from reviewcore.errors import Refused


@pytest.fixture(autouse=True)
def _all_are_wide(monkeypatch):
    monkeypatch.setattr(wide, "MANY", 0)


def margins(shape: tuple[int, ...], counts, up: int) -> LinkedTables:
    """All tables of at most so many of some attributes; the inner cells are none of the numbers."""
    places = list(product(*map(range, shape)))
    quantities = [
        Quantity(
            f"{which} {values}",
            [i for i, p in enumerate(places) if all(p[a] == v for a, v in zip(which, values, strict=True))],
        )
        for size in range(up + 1)
        for which in combinations(range(len(shape)), size)
        for values in product(*(range(shape[a]) for a in which))
    ]
    return LinkedTables(counts, quantities, inner=False)


@settings(max_examples=examples(40))
@given(linked(rates=True), st.integers(3, 4), st.integers(1, 16))
def test_nothing_small_can_be_worked_out_of_wide_tables(tables, k, batch):
    """If this fails, a small count can be worked out of tables that are protected in batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH", batch)
        made = protect(tables, k)
    assert Oracle(tables, made.values, made.rates, k, 1).leaks() == []
    assert checktables.problems(json.loads(certify(tables, made, k))) == []


@settings(max_examples=examples(6))
@given(st.data())
def test_nothing_small_can_be_worked_out_of_linked_tables_of_three(data):
    """If this fails, tables of three of four attributes give away a count that no table of its own shows."""
    counts = data.draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, 3]), min_size=16, max_size=16))
    tables = margins((2, 2, 2, 2), counts, 3)
    made = protect(tables, 3)
    assert Oracle(tables, made.values, made.rates, 3, 1).leaks() == []
    assert checktables.problems(json.loads(certify(tables, made, 3))) == []


@settings(max_examples=examples(30))
@given(linked(), st.data())
def test_what_is_withheld_in_any_case_is_hidden_in_wide_tables(tables, data):
    """If this fails, an audience that is told more can be asked for what another was not to know."""
    names = data.draw(st.sets(st.sampled_from([one.name for one in tables.quantities]), max_size=3))
    made = protect(tables, 3, withheld=frozenset(names))
    assert {made.values[name] for name in names} <= {None}
    assert Oracle(tables, made.values, made.rates, 3, 1).leaks() == []
    certify(tables, made, 3)


@settings(max_examples=examples(30))
@given(linked(), st.data())
def test_what_is_proved_of_wide_tables_gives_nothing_away(tables, data):
    """If this fails, tables that narrow a withheld number get a certificate."""
    tables = evolve(tables, inner=False)
    values = {q.name: None if data.draw(st.booleans()) else tables.value(q) for q in tables.quantities}
    try:
        certify(tables, Protected(values, frozenset()), 3)
    except Refused:
        return
    leaks = Oracle(tables, values, frozenset(), 3, 1).leaks()
    assert [one for one in leaks if not one.startswith("[")] == []


def test_what_is_refused_when_wide_is_refused_when_not(monkeypatch):
    """If this fails, whole tables that there are are not found near the first, and what is safe is refused."""
    source, tried = Random(4), [0, 0]
    for _ in range(25):
        tables = cross((2, 3, 2), [source.choice((0, 1, 3, 4, 6, 9)) for _ in range(12)])
        monkeypatch.setattr(wide, "MANY", 0)
        values = dict(protect(tables, 3).values)
        # One number more is withheld, or printed, than should be.
        one = source.choice([one for one in tables.quantities if not 0 < tables.value(one) < 3])
        values[one.name] = None if values[one.name] is not None else tables.value(one)
        results = []
        for bound in (0, 10**6):
            monkeypatch.setattr(wide, "MANY", bound)
            try:
                certify(tables, Protected(values, frozenset()), 3)
                results.append(True)
            except Refused:
                results.append(False)
        assert results[0] == results[1]
        tried[results[0]] += 1
    assert min(tried) > 5


def test_an_engine_that_withholds_only_what_is_small_is_caught(monkeypatch):
    """If this fails, wide tables go out with nothing withheld for another's sake, unnoticed."""
    monkeypatch.setattr(batches, "mend", lambda *given: None)
    tables = cross((3, 3), [2, 9, 9, 9, 9, 9, 9, 9, 9])
    made = protect(tables, 4)
    assert Oracle(tables, made.values, made.rates, 4, 1).leaks()
    with pytest.raises(Refused, match="could not be proved"):
        certify(tables, made, 4)


@settings(max_examples=examples(15))
@given(linked())
def test_no_table_is_believed_that_does_not_agree(tables):
    """If this fails, a fault in how tables are found lets a small count out: here every whole table is wrong."""

    def wrong(search, found, costs, budget):
        return np.full(search.cells, 1, dtype=np.int64)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearby._Search, "dive", wrong)
        made = protect(tables, 3)
    assert Oracle(tables, made.values, made.rates, 3, 1).leaks() == []


def test_dives_find_whole_tables_where_the_program_answers_in_fractions():
    """If this fails, tables of three of four attributes are refused: hardly an answer there is in whole numbers."""
    source = Random(2)
    counts = [int(source.random() ** 2 * 7) for _ in range(2 * 3 * 3 * 4)]
    tables = margins((2, 3, 3, 4), counts, 3)
    made = protect(tables, 5)
    assert made.small > 10
    held = json.loads(certify(tables, made, 5))
    assert checktables.problems(held) == []
    hidden = [int(one) for one, proof in held["hidden"].items() if proof["how"] == "between"]
    low = held["hidden"][str(hidden[0])]["low"]
    held["hidden"][str(hidden[0])]["high"] = low
    assert checktables.problems(held)


def test_two_truths_of_wide_tables_with_one_output_have_one_certificate():
    """If this fails, the certificate of wide tables tells which inner cells are true."""
    source = Random(3)
    counts = np.array([int(source.random() ** 2 * 6) + 1 for _ in range(81)]).reshape(3, 3, 3, 3)
    other = counts.copy()
    # Persons exchanged between the corners of a box of all four attributes: no table of three of them shows it.
    for corner in product((0, 1), repeat=4):
        other[corner] += 1 if sum(corner) % 2 else -1
    assert other.min() >= 0
    tables, moved = (margins((3, 3, 3, 3), one.ravel().tolist(), 3) for one in (counts, other))
    made = protect(tables, 5)
    assert isinstance(Proof.of(tables, made, 5).attacker, wide.Wide)
    assert certify(tables, made, 5) == certify(moved, made, 5)


def test_only_what_is_large_and_stands_alone_is_taken_for_wide(monkeypatch):
    """If this fails, tables beside which more is known are protected as if nothing were."""
    monkeypatch.setattr(wide, "MANY", 100)
    monkeypatch.setattr(wide, "INNER", 100)
    assert wide.wide(cross((5, 5, 5), range(125)))
    assert not wide.wide(cross((4, 4, 3), range(48)))
    many = margins((3, 3, 4, 4), range(144), 2)
    assert wide.wide(many)
    assert Grid.of(many)
    assert not wide.wide(evolve(many, publications=[range(144)]))
    monkeypatch.setattr(large, "LARGE", 100)
    assert not wide.wide(cross((10, 10), range(100)))
