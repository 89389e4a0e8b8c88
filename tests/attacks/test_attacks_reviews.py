"""Publications of reviews, one and many, attacked by whoever holds them; and engines with a protection off, caught."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.attacks import planted, scores
from tests.attacks.design import Case, Design
from tests.attacks.driver import Agency, Publication, Review, engine_without_insiders
from tests.attacks.finished import files
from tests.attacks.known import Loss
from tests.attacks.machine import Life
from tests.attacks.made_up import case
from tests.attacks.readers import READERS
from tests.attacks.rounds import Out, assault, few_workers
from tests.attacks.seen import Seen
from tests.attacks.words import hidden_small


def read(publication: Publication) -> Seen:
    """Return a publication as it is read from its finished file."""
    return READERS["json"](files(publication, ("json",))["json"])


SEED = 3
"""Makes every run the same."""


def test_no_sequence_of_publications_gives_anything_away() -> None:
    """Attacks 2 to 7 and 9: if this fails, somebody works out a small number from all that an audience was given.

    At least 60 % of the publications hold small cells, and at least 30 % follow an earlier one.
    """

    class Run(Life):
        counted, tried, lost = Counter(), Counter(), []

    examples = 3600 if scores.deep() else 20
    run_state_machine_as_test(
        seed(SEED)(Run),
        settings=settings(
            max_examples=examples, stateful_step_count=8, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
        ),
    )  # fmt: skip
    out = Run.counted["publications"]
    scores.record("sequences of publications", {
        "publications": out,
        "share that held small cells": round(Run.counted["held small cells"] / out, 3),
        "share that followed an earlier one": round(Run.counted["followed an earlier one"] / out, 3),
        "refused by the engine": {
            "beside an earlier one": Run.counted["refused (Blocked)"], "too few new": Run.counted["refused (Refused)"]
        },
        "numbers tried": dict(sorted(Run.tried.items())),
        "numbers lost": dict(sorted(Counter(one.attack for one in Run.lost).items())),
        "agencies that lost any": Run.counted["lost"],
    })  # fmt: skip
    assert Run.counted["held small cells"] / out >= 0.6
    assert Run.counted["followed an earlier one"] / out >= 0.3
    assert out >= (10_000 if scores.deep() else 50)
    assert (
        min(
            Run.tried[name]
            for name in ("2 joint", "4 side by side", "6 alike", "7 insiders", "9 complements")
        )
        > 20
    )


# -- engines with one protection off ----------------------------------------------------------------------------


@frozen
class Made:
    """A made-up review and what the real engine published of it."""

    design: Design
    cases: dict[str, Case]
    given: dict[str, Publication]

    def lost(self, change: Callable[[Publication], Publication], insiders: int = 0) -> list[Loss]:
        """Return what is found out where every publication is changed by an engine that is wrong."""
        out = Out(self.cases, {name: read(change(one)) for name, one in self.given.items()})
        return assault(self.design, [out], insiders=insiders)[0]


TWO = Design(
    {"site": ("North", "South", "West")},
    {"q0": ("1", "2")},
    {name: {"q0": "acceptable", "q0/site": "acceptable"} for name in ("team", "agency")},
    {"team": 3, "agency": 5},
    {"q0": ("site",)},
)


def reviews(number: int) -> Iterator[Made]:
    """Yield made-up reviews with counts in their tables, half of them with few that are low."""
    for each in range(number):
        source = random.Random(each)
        shape = {"lopsided": 0.3, "low": 0.1 + 0.2 * (each % 3), "missing": 0.1 * (each % 2), "shared": 0.2}
        cases = [case(source, TWO, n, shape) for n in range(source.randint(14, 44))]
        yield publish(TWO, cases)


def publish(design: Design, cases: list[Case]) -> Made:
    """Return what the real engine publishes of some cases, all answered, in an agency of their own."""
    review = Review(Agency(), design)
    review.draw(cases)
    review.answer(cases)
    return Made(design, {one.key: one for one in cases}, review.publish())


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """Return made-up reviews as the real engine published them."""
    return list(reviews(60 if scores.deep() else 6))


def caught(name: str, found: list[list[Loss]]) -> int:
    """Record what a planted engine lost, and return in how many publications it was caught."""
    lost = Counter(loss.attack for losses in found for loss in losses)
    scores.record(f"planted: {name}", {
        "reviews": len(found), "reviews caught": sum(map(bool, found)), "numbers lost": sum(lost.values()),
        "by attack": dict(sorted(lost.items())),
    })  # fmt: skip
    return sum(map(bool, found))


def test_the_real_engine_is_not_caught(made: list[Made]) -> None:
    """If this fails, the planted engines below prove nothing: the right one is accused as well."""
    assert [one.lost(lambda publication: publication, insiders=1) for one in made] == [[]] * len(made)
    assert not any(hidden_small(read(p), one.design.k[name]) for one in made for name, p in one.given.items())


@pytest.mark.parametrize(
    ("name", "row", "attack"),
    [
        ("threshold off", planted.everything, "2 joint"),
        ("secondary suppression off", planted.primary, "2 joint"),
        ("complements off", planted.primary, "9 complements"),
        ("homogeneity off", planted.alike, "6 alike"),
        ("percents of withheld counts, n known", planted.percents, "2 joint"),
    ],
)
def test_a_planted_engine_is_caught(made: list[Made], name: str, row: Callable, attack: str) -> None:
    """Attacks 1, 2, 6, 8 and 9: if this fails, an engine without this protection would pass unnoticed."""
    found = [one.lost(lambda p, one=one: planted.without(p, one.design, one.cases, row)) for one in made]
    assert caught(name, found) > 0
    assert any(loss.attack == attack for losses in found for loss in losses)
    if name == "threshold off":
        assert any(
            hidden_small(read(planted.without(p, one.design, one.cases, row)), one.design.k[audience])
            for one in made for audience, p in one.given.items()
        )  # fmt: skip


def test_an_engine_that_hides_n_but_tells_percents_is_caught(made: list[Made]) -> None:
    """Attack 8, n unknown: if this fails, percents alone would be thought to hide what they are of."""

    def unknown(true, k, cells):
        shown = planted.percents(true, k, cells)
        return [planted.HIDDEN, *shown[1:]]

    found = [one.lost(lambda p, one=one: planted.without(p, one.design, one.cases, unknown)) for one in made]
    assert caught("percents of withheld counts, n unknown", found) > 0


def test_an_engine_that_looks_at_exact_recovery_alone_is_caught(made: list[Made]) -> None:
    """Attack 3: if this fails, a withheld count of 2 could be known to be 1 or 2, unnoticed."""

    def exact(one: Made) -> Callable[[Publication], bool]:
        return lambda p: any(x.low == x.high for x in evolve(one, given={p.audience: p}).lost(lambda q: q))

    found = [
        one.lost(lambda p, one=one: planted.not_exact(p, one.design, one.cases, exact(one))) for one in made
    ]
    assert caught("intervals not looked at", found) > 0


def test_an_engine_without_a_ledger_is_caught() -> None:
    """Attack 4: if this fails, two publications could tell of one case that came in between, unnoticed."""
    found, real = [], []
    for each in range(3):
        source = random.Random(each)
        cases = [
            case(source, TWO, n, {"lopsided": 0, "low": 0.5, "missing": 0, "shared": 0}) for n in range(40)
        ]
        outs = []
        for last in (38, 40):
            one = publish(TWO, cases[:last])
            outs.append(Out(one.cases, {name: read(p) for name, p in one.given.items()}))
        found.append(assault(TWO, outs)[0])
        real.append(_remembered(cases))
    assert caught("ledger off", found) > 0
    assert real == [[]] * 3


def _remembered(cases: list[Case]) -> list[Loss]:
    # The same two publications by one agency, in two reviews.
    from tests.attacks.driver import Blocked

    agency, outs = Agency(), []
    for last in (38, 40):
        review = Review(agency, TWO)
        review.draw(cases[:last])
        review.answer(cases[:last])
        try:
            given = review.publish()
        except Blocked:
            continue
        outs.append(Out({one.key: one for one in cases[:last]}, {name: read(p) for name, p in given.items()}))
    return assault(TWO, outs)[0]


NESTED = evolve(
    TWO,
    splits={"site": ("North", "South", "West"), "county": ("East", "Coast")},
    inside={("site", "county"): {"North": "East", "South": "East", "West": "Coast"}},
    tables={"q0": ("site", "county")},
)


def test_audiences_published_to_apart_are_caught() -> None:
    """Attack 4: if this fails, what one audience is told could open what another's report withholds, unnoticed."""
    found, real = [], []
    for each in (64, 69, 269):
        source = random.Random(each)
        base = NESTED if source.random() < 0.5 else TWO
        design = evolve(base, items={"q0": source.choice([("1", "2"), ("1", "2", "3")])})
        tables = ["q0", *(f"q0/{split}" for split in design.tables["q0"])]
        rungs = ("codes", "acceptable", "acceptable", "band", None)
        design = evolve(
            design,
            k={"team": 3, "agency": 5},
            rungs={name: {one: source.choice(rungs) for one in tables} for name in ("team", "agency")},
        )
        shape = {
            "lopsided": source.choice((0, 0.4)), "low": source.choice((0.3, 0.5)), "missing": source.choice((0, 0.1)),
            "shared": 0,
        }  # fmt: skip
        cases = [case(source, design, n, shape) for n in range(source.randint(20, 60))]
        real.append(publish(design, cases).lost(lambda p: p))
        apart = {
            name: read(publish(evolve(design, k={name: k}), cases).given[name])
            for name, k in design.k.items()
        }
        found.append(assault(design, [Out({one.key: one for one in cases}, apart)])[0])
    assert caught("audiences looked at apart", found) > 0
    assert real == [[]] * len(real)


def test_an_engine_that_ignores_insiders_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack 7: if this fails, workers who know their own cases could learn of the others', unnoticed."""

    def attacked() -> list[list[Loss]]:
        found = []
        for start in (4, 28, 63, 78, 84, 118):
            source = random.Random(start)
            k, one, other = source.choice((3, 4, 5)), *(source.choice(("acceptable", "band")) for _ in "ab")
            design = evolve(
                TWO,
                splits={"site": ("North", "South")},
                k={"team": k},
                rungs={"team": {"q0": one, "q0/site": other}},
            )
            shape = {
                "lopsided": 0, "low": source.choice((0.1, 0.3, 0.5)), "missing": source.choice((0, 0.1)), "shared": 0
            }  # fmt: skip
            each = source.choice((1, 2, 3))
            cases = [
                evolve(case(source, design, n, shape), worker=f"w{n // each}")
                for n in range(source.randint(2 * k, 6 * k))
            ]
            found.append(publish(design, cases).lost(lambda p: p, insiders=40))
        return found

    assert attacked() == [[]] * 6
    of_two = [Case(f"c{n}", f"w{n % 2}", {"site": "North"}, {"q0": "12"[n % 2]}) for n in range(20)]
    few = lambda one: few_workers(TWO, Out(one.cases, {name: read(p) for name, p in one.given.items()}))  # noqa: E731
    assert few(publish(TWO, of_two)) == []
    engine_without_insiders(monkeypatch)
    assert caught("insiders off", attacked()) > 0
    assert few(publish(TWO, of_two))
