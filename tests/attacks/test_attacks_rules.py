"""What else could tell: means and deviations, the engine run on every input, bent certificates."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from itertools import product

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks import planted, scores
from tests.attacks.certificates import accepted
from tests.attacks.design import Case, Design
from tests.attacks.driver import Agency, Review, certified
from tests.attacks.finished import files
from tests.attacks.made_up import case
from tests.attacks.moments import answers, decimals
from tests.attacks.program import Program
from tests.attacks.readers import READERS

SIX = Design(
    {"site": ("North", "South")}, {"q": ("1", "2", "3", "4")}, {"team": {"q": "acceptable", "q/site": None}},
    {"team": 4}, {"q": ("site",)},
)  # fmt: skip


def publish(design: Design, cases: list[Case]):
    """Return what the real engine publishes of some cases to the team."""
    review = Review(Agency(), design)
    review.draw(cases)
    review.answer(cases)
    return review.publish()["team"]


def test_a_mean_and_a_deviation_give_the_answers_back() -> None:
    """Attack 10 (GRIM, SPRITE): if this fails, a printed mean could be worked back to the answers, unnoticed.

    The real engine prints no figure with decimals; one that prints means is caught.
    """
    lost = tried = 0
    for seed in range(4):
        source = random.Random(seed)
        shape = {"lopsided": 0, "low": 0.3, "missing": 0, "shared": 0}
        cases = [case(source, SIX, n, shape) for n in range(9 + seed)]
        real = publish(SIX, cases)
        assert decimals(READERS["json"](files(real, ("json",))["json"])) == []
        wrong = planted.means(real, SIX, {one.key: one for one in cases})
        for _, _, (mean, deviation) in decimals(READERS["json"](files(wrong, ("json",))["json"])):
            codes = [int(one.codes["q"]) for one in cases]
            ways = list(answers(mean, deviation, len(codes), (1, 2, 3, 4)))
            assert tuple(codes.count(code) for code in (1, 2, 3, 4)) in ways
            for place, code in enumerate((1, 2, 3, 4)):
                if 0 < codes.count(code) < 4:
                    tried += 1
                    values = {way[place] for way in ways}
                    lost += not {0, 1, 2, 3} <= values
    scores.record("planted: means and deviations", {"numbers tried": tried, "numbers lost": lost})
    assert lost > 0


def test_every_input_with_this_very_output_is_counted() -> None:
    """Attack 11, measured and not promised: how many withheld counts are narrower to who runs the engine on all inputs.

    If this fails, the figure is no longer measured.
    """
    k, sizes = 3, (6, 5) if scores.deep() else (5, 4)
    design = Design(
        {"site": ("North", "South")}, {"q": ("1", "2")}, {"team": {"q": "acceptable", "q/site": "acceptable"}},
        {"team": k}, {"q": ("site",)},
    )  # fmt: skip
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for low in product(*(range(size + 1) for size in sizes)):
        cases = [
            Case(f"c{site}{n}", f"w{site}{n}", {"site": site}, {"q": "1" if n < bad else "2"})
            for site, size, bad in zip(("North", "South"), sizes, low, strict=True)
            for n in range(size)
        ]
        seen = READERS["json"](files(publish(design, cases), ("json",))["json"])
        alike[seen.tables].append((*low, sum(low)))
    narrowed = exact = withheld = 0
    for tables, inputs in alike.items():
        shown = {table.title: dict(table.rows) for table in tables}
        for place, (title, row) in enumerate(
            (("q, by site", "North"), ("q, by site", "South"), ("q", "All cases"))
        ):
            if shown[title][row][-1] == "withheld":
                values, size = {one[place] for one in inputs}, (*sizes, sum(sizes))[place]
                for true in {one[place] for one in inputs if 0 < one[place] < k}:
                    withheld += 1
                    narrowed += not set(range(1, min(k - 1, size) + 1)) <= values
                    exact += values == {true}
    scores.record("every input enumerated (measured, not promised)", {
        "inputs": sum(map(len, alike.values())), "outputs": len(alike), "small withheld counts": withheld,
        "narrowed": narrowed, "known exactly": exact,
    })  # fmt: skip
    assert withheld


def test_no_bent_certificate_is_accepted() -> None:
    """Attack 15: if this fails, a proof for another output, or half a proof, is taken for this one's."""
    found, tried, by_none, lazy = [], 0, 0, 0
    for counts in ((9, 2, 0, 8, 12, 1), (30, 9, 14, 3, 2, 11), (1, 1, 8, 9, 4, 7), (6, 0, 3, 3, 9, 20)):
        certificate, truth, check = certified(counts)
        assert check(json.loads(certificate)) == []
        bent, number = accepted(certificate, truth, check)
        found, tried = found + bent, tried + number
        by_none += len(accepted(certificate, truth, lambda _: [])[0])
        # A verifier that looks only whether the tables agree with what is printed, and not at each proof.
        lazy += len(accepted(certificate, truth, lambda held: [] if "base" in held else ["no tables"])[0])
    scores.record("planted: certificates not checked", {
        "certificates bent": tried, "accepted by the real verifier": len(found), "accepted by none": by_none,
        "accepted by one that looks at the form alone": lazy,
    })  # fmt: skip
    assert found == []
    assert by_none == tried > 40
    assert lazy > 0


def test_the_worse_engine_is_found_by_enumeration_too() -> None:
    """Attack 11's own check: if this fails, enumerating inputs finds nothing even where a count is given away."""
    design = evolve(SIX, items={"q": ("1", "2")}, k={"team": 3})
    outputs: dict[object, set[int]] = defaultdict(set)
    for bad in range(7):
        cases = [Case(f"c{n}", f"w{n}", {"site": "North"}, {"q": "1" if n < bad else "2"}) for n in range(6)]
        real = publish(design, cases)
        wrong = planted.without(real, design, {one.key: one for one in cases}, planted.primary)
        outputs[READERS["json"](files(wrong, ("json",))["json"]).tables].add(bad)
    assert any(len(values) == 1 and next(iter(values)) in (1, 2) for values in outputs.values())


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
    st.lists(st.sets(st.integers(0, 3), min_size=1), max_size=4),
)
def test_the_attackers_own_solver_is_exact(table: list[int], printed: list[set[int]]) -> None:
    """If this fails, the attackers' bounds are not those of all whole tables, and they find too little or too much."""
    made = Program()
    for _ in table:
        made.unknown(0, 5)
    for cells in printed:
        value = sum(table[cell] for cell in cells)
        made.tie(dict.fromkeys(cells, 1), value, value)
    every = [
        other for other in product(range(6), repeat=4)
        if all(sum(other[c] for c in cells) == sum(table[c] for c in cells) for cells in printed)
    ]  # fmt: skip
    for cells in ({0}, {1, 2}, {0, 3}):
        values = [sum(one[cell] for cell in cells) for one in every]
        sums = dict.fromkeys(cells, 1)
        assert (made.least(sums, -1), made.most(sums, 99)) == (min(values), max(values))
