"""The sealed proofs about insiders: there for whatever is published, and for nothing that tells a worker of others."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from disclosure_made_up import tabulated, told
from hypothesis import given, settings
from hypothesis import strategies as st
from test_disclosure_attack import TWO, attack, reviews, rungs

from reviewcore.disclosure import checkinsiders, door, lines, protect, rules
from reviewcore.disclosure.linked.certificate import Unproved, written


def sealed(made: door.Told) -> dict[str, Any]:
    """Return the proofs as they are read back from the vault."""
    found: dict[str, Any] = json.loads(written(made.about_insiders()))
    return found


@settings(max_examples=40, deadline=None)
@given(reviews(total=24), st.integers(4, 5), rungs, rungs, st.integers(1, 3), st.integers(1, 2))
def test_whatever_is_published_has_its_proofs(table, k, over, split, per_worker, t):
    """If this fails, a publication is refused for want of a proof, or goes out with one that proves nothing."""
    made = told(tabulated(table, TWO, per_worker), len(table), k, over, split, TWO, t)
    assert checkinsiders.problems(sealed(made), made.certificate) == []


@settings(max_examples=20, deadline=None)
@given(reviews(total=24), rungs, rungs)
def test_the_proofs_are_about_all_that_a_reader_of_two_publications_holds(table, over, split):
    """If this fails, it is not proved that the agency's workers learn nothing from what the state is told."""
    inner, rows = tabulated(table, TWO), len(table)
    agency = told(inner, rows, 4, over, split, TWO)
    state = told(inner, rows, 6, over, split, TWO, wider=(agency,))
    found = sealed(state)
    assert checkinsiders.problems(found, state.certificate) == []
    said = [any(cell.kind != "withheld" for row in one.publication.table("q").rows for cell in row.cells)
            for one in (agency, state)]  # fmt: skip
    if all(said):
        assert sorted({one["outside"]["k"] for one in found["measures"]["q"]}) == [4, 6]


def test_what_tells_a_worker_of_others_has_no_proof(monkeypatch):
    """If this fails, an engine that forgets insiders seals a proof that they learn nothing (attack 7)."""
    tables = ([[4, 4, 0]], [[2, 6, 0], [4, 8, 0]], [[5, 4, 0], [4, 9, 0]])

    def refused(planted: bool) -> int:
        found = 0
        for table in tables:
            made = told(tabulated(table, TWO), len(table), 4, "acceptable", "acceptable", TWO)
            row = f"g{len(table) - 1}"
            lost = any(attack(table, 4, made.publication, knows={(row, place): 1}) for place in (0, 1))
            assert lost <= planted
            try:
                sealed(made)
            except Unproved:
                found += 1
            else:
                assert not lost
        return found

    assert refused(False) == 0
    monkeypatch.setattr(protect, "own_of", lambda *_: frozenset())
    monkeypatch.setattr(rules, "_wide", lambda behind, r: not behind or behind.total() >= r.k)
    bands = lines.bands
    monkeypatch.setattr(lines, "bands", lambda n, k, *h: bands(n + (n == 2 * k), k, *h))
    assert refused(True) > 0


def outside(record: dict[str, Any]) -> dict[str, Any]:
    """Return the proof for outsiders within a record."""
    found: dict[str, Any] = record["outside"]
    return found


def fewer_tables(record: dict[str, Any]) -> None:
    # Still a proof for outsiders, or none at all: either way too little for a worker.
    del outside(record)["differences"][len(outside(record)["differences"]) // 3 :]


def smaller_place(record: dict[str, Any]) -> None:
    record["sizes"][0] -= 1


def nobody_there(record: dict[str, Any]) -> None:
    record["workers"] = []


def worker_left_out(record: dict[str, Any]) -> None:
    record["workers"][0][0].pop()


def fewer_cases(record: dict[str, Any]) -> None:
    record["workers"][-1][1][-1][1] += 1


def lower_k(record: dict[str, Any]) -> None:
    outside(record)["k"] = 3


def other_number(record: dict[str, Any]) -> None:
    one = next(one for one in outside(record)["numbers"] if one["value"])
    one["value"] += 5


def fewer_ways(record: dict[str, Any]) -> None:
    record["atoms"] -= 1


@pytest.mark.parametrize(
    "bent",
    [
        fewer_tables,
        smaller_place,
        nobody_there,
        worker_left_out,
        fewer_cases,
        lower_k,
        other_number,
        fewer_ways,
    ],
)
def test_a_bent_record_is_refused(bent):
    """If this fails, whoever holds the vault's key can take a proof's place by something that proves nothing."""
    made = told(tabulated([[9, 7, 3], [3, 11, 4]], TWO), 2, 5, "acceptable", "acceptable", TWO)
    found = sealed(made)
    assert checkinsiders.problems(found, made.certificate) == []
    changed = deepcopy(found)
    bent(changed["measures"]["q"][0])
    assert changed != found
    assert checkinsiders.problems(changed, made.certificate) != []
    assert checkinsiders.problems({**found, "measures": {}}, made.certificate) == [
        "q: there is no record by the rules of the publication"
    ]
    assert checkinsiders.problems({"spec": "insiders/1"}, made.certificate) == [
        "it is no record of this kind"
    ]
