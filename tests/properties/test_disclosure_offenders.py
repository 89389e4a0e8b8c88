"""Engines that are wrong on purpose: each must be caught by the attacker that tries everything."""

from __future__ import annotations

import random

import pytest
from attrs import evolve
from disclosure_made_up import published, tabulated
from test_disclosure_attack import TWO, attack, small_or_alike

from reviewcore.aggregation.values import Band, bands
from reviewcore.disclosure import lines, protect, provemeasures, rules
from reviewcore.disclosure.publication import Cell

TABLES = [
    [[6, 6, 0], [1, 3, 0]],
    [[8, 8, 0], [5, 6, 0], [2, 1, 0]],
    [[7, 7, 0], [9, 0, 0], [4, 4, 0]],
    [[10, 6, 0], [6, 6, 2]],
    [[14, 2, 0], [12, 4, 0]],
    [[4, 12, 0], [3, 13, 0], [1, 7, 0]],
    [[7, 7, 4], [6, 6, 1], [5, 5, 0]],
]


def caught(change=lambda publication, table: publication, k=3, engine_k=3, split="acceptable") -> list[str]:
    """What the attacker finds over a handful of telling tables and a hundred random ones."""
    source = random.Random(7)
    tables = TABLES + [
        [[source.randint(0, 7), source.randint(0, 7), source.choice([0, 0, 1, 3])] for _ in range(3)]
        for _ in range(40)
    ]
    found: list[str] = []
    for table in tables:
        for over, rung in (("acceptable", split), ("band", "band")):
            right = published(tabulated(table, TWO), len(table), engine_k, over, rung, TWO)
            made = change(right, table)
            found += attack(table, k, made) + [
                f"small or alike: {key}" for key in small_or_alike(table, k, made)
            ]
    return found


def test_the_engine_itself_is_not_caught():
    """If this fails, the offenders below prove nothing: the right engine is accused as well."""
    assert caught() == []


def test_without_complementary_suppression_a_row_is_given_back(monkeypatch):
    """If this fails, a withheld row could be had by subtracting the others from the whole, unnoticed."""
    monkeypatch.setattr(protect, "leak", lambda *_: "")
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert any("g1" in one or "g2" in one for one in caught())


def test_small_cells_shown_are_caught(monkeypatch):
    """If this fails, a count from 1 to k-1 could be printed, unnoticed (attack 1)."""
    monkeypatch.setattr(protect, "may_tell_counts", lambda *_: True)
    monkeypatch.setattr(protect, "leak", lambda *_: "")
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert any("small or alike" in one for one in caught())


def test_groups_that_are_all_alike_are_caught(monkeypatch):
    """If this fails, a group whose members all answered alike could be printed, unnoticed (attack 6)."""
    may = protect.may_tell_counts
    monkeypatch.setattr(protect, "may_tell_counts", lambda g, c, _, r: may(g, c, (), r))
    monkeypatch.setattr(protect, "leak", lambda *_: "")
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert any("small or alike" in one for one in caught())


def test_percents_of_withheld_counts_are_caught():
    """If this fails, a percentage could be worked back to the count that was withheld (attack 8)."""

    def with_percents(publication, truth):
        table = publication.table("q/split0")
        if table.rung != "acceptable":
            return publication
        rows = []
        for row, (bad, good, _) in zip(table.rows, truth, strict=True):
            cells = list(row.cells)
            if good + bad and cells[1].kind == "withheld":
                cells[1:] = [Cell("percent", round(100 * part / (good + bad))) for part in (good, bad)]
            rows.append(evolve(row, cells=tuple(cells)))
        changed = evolve(table, rows=tuple(rows))
        return evolve(publication, tables=(publication.table("q"), changed))

    found = caught(with_percents)
    assert found
    assert not any("contradiction" in one for one in found)


def test_bands_with_edges_one_case_wide_are_caught(monkeypatch):
    """If this fails, a band could be so narrow that it is the count itself, unnoticed (attack 3)."""
    narrow = lambda n, k, *_: (Band("few", 0, 1), Band("some", 2, n - 2), Band("most", n - 1, n))  # noqa: E731
    monkeypatch.setattr(lines, "bands", narrow)
    monkeypatch.setattr(protect, "leak", lambda *_: "")
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert caught()


def test_a_lowered_threshold_is_caught():
    """If this fails, an engine that works with a smaller k than the audience's would pass."""
    assert caught(k=5, engine_k=3)


def test_a_split_checked_without_the_row_over_all_cases_is_caught(monkeypatch):
    """If this fails, the overall row less the printed rows would give the rest away, unnoticed."""
    leak = protect.leak

    def alone(held, *rest):
        splits = tuple(one for one in held.said if one.split)
        return leak(evolve(held, said=splits or held.said), *rest)

    monkeypatch.setattr(protect, "leak", alone)
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert any("g" in one for one in caught())


def test_a_not_rated_count_that_shows_through_is_caught(monkeypatch):
    """If this fails, the cases reviewed less the cases rated could give a small count, unnoticed."""
    monkeypatch.setattr(protect, "may_tell_rated", lambda *_: True)
    monkeypatch.setattr(protect, "leak", lambda *_: "")
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert any("not rated" in one for one in caught())


def test_an_engine_that_ignores_insiders_is_caught(monkeypatch):
    """If this fails, workers could subtract their own cases from what is printed, unnoticed (attack 7)."""

    def lost() -> list[str]:
        found = []
        for table in ([[4, 4, 0]], [[2, 6, 0], [4, 8, 0]], [[5, 4, 0], [4, 9, 0]]):
            made = published(tabulated(table, TWO), len(table), 4, "acceptable", "acceptable", TWO)
            for place in (0, 1):
                found += attack(table, 4, made, knows={(f"g{len(table) - 1}", place): 1})
        return found

    assert lost() == []
    monkeypatch.setattr(protect, "own_of", lambda *_: frozenset())
    monkeypatch.setattr(rules, "_wide", lambda behind, r: not behind or behind.total() >= r.k)
    monkeypatch.setattr(lines, "bands", lambda n, k, *h: bands(n + (n == 2 * k), k, *h))
    assert lost()


@pytest.mark.parametrize("halves", [False, True])
@pytest.mark.parametrize("k", range(3, 16))
def test_every_band_is_at_least_k_cases_wide(k, halves):
    """If this fails, a band tells a count to within fewer than k cases."""
    for n in range(200):
        made = bands(n, k, halves)
        assert (made is None) == (n <= 2 * k)
        if made:
            assert [value for band in made for value in range(band.low, band.high + 1)] == list(range(n + 1))
            assert all(band.high - band.low + 1 >= k for band in made)
