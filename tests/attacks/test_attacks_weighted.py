"""Weighted shares, attacked by whoever knows how many cases have which weight; and an engine that must be caught."""

from __future__ import annotations

import random

import pytest

from tests.attacks import scores
from tests.attacks.design import Design
from tests.attacks.driver import Agency, Review, engine_without_weights
from tests.attacks.finished import files
from tests.attacks.known import SHARES, Loss
from tests.attacks.made_up import case
from tests.attacks.readers import READERS
from tests.attacks.rounds import Out, assault_last
from tests.attacks.seen import percent

SITES = ("North", "South")
RUNGS = {"q0": "acceptable", "q0/site": "acceptable"}


def attacked(seed: int) -> tuple[int, list[Loss], int]:
    """Return of a made-up review how many shares are told weighted, what was lost, and how many numbers were tried.

    In every second one some cases stand for a large part of the list.
    """
    source = random.Random(seed)
    weights = tuple(map(str, sorted([*source.sample(range(50, 260), 11), 900 if seed % 2 else 280])))
    design = Design(
        {"site": SITES}, {"q0": ("1", "2")}, {"agency": RUNGS}, {"agency": 5}, {"q0": ("site",)}, weights=weights
    )  # fmt: skip
    shape = {"lopsided": 0.0, "low": 0.35, "missing": 0.0, "shared": 0.3}
    review = Review(Agency(), design)
    cases = [case(source, design, number, shape) for number in range(source.randint(28, 44))]
    review.draw(cases)
    review.answer(cases)
    given = {name: READERS["json"](files(one, ("json",))["json"]) for name, one in review.publish().items()}
    told = sum(
        percent(table.row("q0")["Acceptable, weighted"]) is not None
        for seen in given.values()
        if (table := seen.table(SHARES))
    )
    lost, tried = assault_last(design, [Out(dict(review.frozen), given)], insiders=2)
    return told, lost, tried.get("weighted shares", 0) + tried.get("7 insiders", 0)


SEEDS = range(400 if scores.deep() else 4)


def test_weighted_shares_give_nothing_away() -> None:
    """If this fails, a share tells how the cases of one weight were answered, to a witness or to a worker."""
    found = [attacked(seed) for seed in SEEDS]
    told, tried = sum(one for one, _, _ in found), sum(one for _, _, one in found)
    lost = [one for _, some, _ in found for one in some]
    scores.record("weighted shares", {"told": told, "numbers tried": tried, "numbers lost": len(lost)})
    assert lost == []
    assert told >= len(SEEDS) // 4


def test_an_engine_that_takes_a_weighted_share_for_a_count_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, the attack above finds nothing wherever it is."""
    engine_without_weights(monkeypatch)
    found = [attacked(seed) for seed in SEEDS[1::2]]
    lost, tried = sum(bool(some) for _, some, _ in found), sum(one for _, _, one in found)
    scores.record("planted: weights not looked at", {"numbers tried": tried, "reviews that lost any": lost})
    assert lost
