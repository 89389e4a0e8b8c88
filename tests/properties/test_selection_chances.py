"""Chances and weights against brute force over all orders: selection.md section 6, invariants 8 to 10 and 17."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from selection_oracles import chances as by_all_orders
from selection_oracles import feasible, leaf

from reviewcore.selection import casedraw
from reviewcore.selection.chances import Chances, chances, read
from reviewcore.selection.draw import Entry, draw
from reviewcore.selection.estimates import chances_of, hajek

KEY = casedraw.preview_key("1" * 64, "2" * 64)
Walk = list[tuple[str, str]]


def entries(cases: Walk) -> list[Entry]:
    """The cases as entries, each with a leaf of its own."""
    return [Entry(leaf(number), *case) for number, case in enumerate(cases)]


def stated(cases: Walk, found: Chances) -> list[float]:
    """The stated chance of each case, in the order of the list."""
    sizes = Counter(cases)
    return [found.of(worker, stratum, sizes[worker, stratum]) for worker, stratum in cases]


@st.composite
def apart(draw_from: st.DrawFn) -> tuple[Walk, dict[str, int]]:
    """A tiny list whose workers do not span strata, with quotas that can be filled."""
    cases = [("A", "x"), *draw_from(st.lists(st.sampled_from([(w, "x") for w in "ABC"]), max_size=3))]
    cases += draw_from(st.lists(st.sampled_from([(w, "y") for w in "DE"]), max_size=2))
    workers = {name: len({w for w, s in cases if s == name}) for name in "xy"}
    return cases, {name: draw_from(st.integers(0, workers[name])) for name in "xy"}


@given(apart())
@settings(max_examples=40, deadline=None)
def test_invariant_10_chances_by_quadrature_are_those_of_all_orders(
    county: tuple[Walk, dict[str, int]],
) -> None:
    """Else a county states chances, and weights by them, that its draw does not have (10)."""
    cases, quotas = county
    found = chances(entries(cases), quotas, 1, KEY)
    assert found.replicates == 0
    exact = by_all_orders(cases, quotas, 1)
    assert all(abs(one - float(want)) < 1e-9 for one, want in zip(stated(cases, found), exact, strict=True))


@st.composite
def spanning(draw_from: st.DrawFn) -> tuple[Walk, dict[str, int], int]:
    """A tiny list whose workers may span strata."""
    case = st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"))
    cases = draw_from(st.lists(case, min_size=2, max_size=6))
    cap = draw_from(st.sampled_from([1, 1, 2]))
    quotas = {name: draw_from(st.integers(0, 2)) for name in "xy"}
    assume(sum(quotas.values()) and feasible(cases, quotas, cap))
    return cases, quotas, cap


@given(spanning())
@settings(max_examples=40, deadline=None)
def test_invariants_8_and_10_tried_chances_lie_within_their_error_of_the_exact_ones(
    county: tuple[Walk, dict[str, int], int],
) -> None:
    """Else the stated error is not that of the trials, or cases of one cell have other chances (8, 10)."""
    cases, quotas, cap = county
    found, sizes = chances(entries(cases), quotas, cap, KEY, most=400), Counter(cases)
    exact = by_all_orders(cases, quotas, cap)
    for case, want in zip(cases, exact, strict=True):
        one, error = found.of(*case, sizes[case]), found.error(*case, sizes[case])
        assert abs(one - float(want)) <= 5 * error + 5 / max(found.replicates, 10**9) + 1e-9
    assert all(len({e for c, e in zip(cases, exact, strict=True) if c == cell}) == 1 for cell in sizes)
    assert {one for one, want in enumerate(exact) if want == 0} == {
        one for one in range(len(cases)) if leaf(one) in found.zero
    }


@given(spanning())
@settings(max_examples=60, deadline=None)
def test_invariant_9_chances_sum_to_the_quota_and_to_at_most_the_cap(
    county: tuple[Walk, dict[str, int], int],
) -> None:
    """Else the weights of a stratum are too large or too small by a factor (9)."""
    cases, quotas, cap = county
    one = stated(cases, chances(entries(cases), quotas, cap, KEY, most=100))
    for name, quota in quotas.items():
        assert abs(sum(p for p, case in zip(one, cases, strict=True) if case[1] == name) - quota) < 1e-9
    for worker in {worker for worker, _ in cases}:
        assert sum(p for p, case in zip(one, cases, strict=True) if case[0] == worker) < cap + 1e-9


@pytest.mark.parametrize(
    ("sizes", "quota"),
    [
        ({1: 2, 30: 1}, 2), ({1: 1, 80: 3}, 2), ({1: 12}, 12), ({20: 40}, 9), ({1: 5, 2: 4, 7: 3, 40: 1}, 6),
        ({957: 1}, 1), ({2: 3}, 2), ({5: 4}, 3), ({1: 12}, 11), ({1: 8, 3: 1, 2884: 6}, 11), ({10: 7, 400: 3}, 10),
        ({1: 3, 1000: 3}, 3), ({1: 3, 1000: 3}, 4),
    ],
)  # fmt: skip
def test_chances_of_uneven_caseloads_are_those_of_the_verifier(sizes: Mapping[int, int], quota: int) -> None:
    """Else the integral goes wrong where one caseload is far from the others (10)."""
    from reviewcore.selection import verify

    cases = [(f"{size}/{n}", "x") for size, count in sizes.items() for n in range(count) for _ in range(size)]
    found = chances(entries(cases), {"x": quota}, 1, KEY)
    worked_out = verify.chances_of(sizes, quota)
    assert all(abs(found.exact["x"][size] - worked_out[size]) < 1e-10 for size in sizes)
    assert abs(sum(size * count * found.exact["x"][size] for size, count in sizes.items()) - quota) < 1e-7


@given(st.dictionaries(st.integers(1, 60), st.integers(1, 6), min_size=1, max_size=4), st.data())
@settings(max_examples=15, deadline=None)
def test_chances_of_any_caseloads_are_those_of_the_verifier(
    sizes: Mapping[int, int], data: st.DataObject
) -> None:
    """Else an honest county's papers are refused, or wrong chances pass: the two integrate in different ways (10)."""
    from reviewcore.selection import integral, verify

    quota = data.draw(st.integers(1, sum(sizes.values())))
    found, worked_out = integral.chances(sizes, quota), verify.chances_of(sizes, quota)
    assert all(abs(found[size] - worked_out[size]) < 1e-10 for size in sizes)


@pytest.mark.parametrize("quota", [30, 600])
def test_chances_cost_as_little_for_a_large_quota(quota: int) -> None:
    """Else the chances of a large county are only tried out: these are known, as every worker has three cases."""
    from reviewcore.selection import integral

    found = integral.chances({3: 5000}, quota)
    assert abs(found[3] - quota / 15000) < 1e-10


def test_what_would_cost_too_much_is_tried_out() -> None:
    """Else sealing the list of a very large county takes hours."""
    cases = [(f"w{n % 9}", "x") for n in range(30)]
    exact, tried = (chances(entries(cases), {"x": 4}, 1, KEY, dear=dear) for dear in (10**9, 0))
    assert (exact.replicates, tried.replicates) == (0, 2000)
    sizes = Counter(cases)
    for case in cases:
        error = tried.error(*case, sizes[case])
        assert 0 < error < 0.01
        assert abs(exact.of(*case, sizes[case]) - tried.of(*case, sizes[case])) < 5 * error


def test_chances_do_not_depend_on_the_order_of_the_list_and_come_back_as_they_were_said() -> None:
    """Else a witness who works the trials out again comes to other figures (5)."""
    cases = [(f"w{n % 5}", "xyz"[n % 3]) for n in range(20)]
    listed = entries(cases)
    first = chances(listed, {"x": 1, "y": 2, "z": 1}, 1, KEY)
    random.Random(3).shuffle(listed)
    assert chances(listed, {"z": 1, "y": 2, "x": 1}, 1, KEY) == first
    assert read(first.said()).said() == first.said()
    assert chances(listed, {"x": 1, "y": 2, "z": 1}, 1, KEY[::-1]) != first


def test_invariant_17_over_many_seeds_every_case_is_drawn_at_its_stated_chance() -> None:
    """Else some case, and so some worker, is favoured: this catches "the first n by id" (17, QSR-2)."""
    cases = [(f"w{n % 6}", "x" if n < 9 or n % 2 else "y") for n in range(24)]
    quotas = {"x": 3, "y": 2}
    listed, found, seeds = entries(cases), stated(cases, chances(entries(cases), quotas, 1, KEY)), 2500
    count: Counter[str] = Counter()
    for number in range(seeds):
        key = casedraw.purpose_key(casedraw.seed("c" * 64, [f"dice {number:024}"]), "ticket")
        count.update(draw(listed, quotas, 1, key).taken())

    def plausible(drawn: Mapping[str, int]) -> bool:
        return all(
            abs(drawn.get(leaf(n), 0) / seeds - p) <= 5 * (p * (1 - p) / seeds + 1 / 2000 / 4) ** 0.5
            for n, p in enumerate(found)
        )

    assert plausible(count)
    by_id = dict.fromkeys((leaf(n) for n in (0, 1, 2, 10, 16)), seeds)
    assert not plausible(by_id)


# -- weights --------------------------------------------------------------------------------------------


@given(spanning(), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_invariant_10_the_horvitz_thompson_mean_is_the_total(
    county: tuple[Walk, dict[str, int], int], seed: int
) -> None:
    """Else weights that are right for one draw are wrong on average (10). Exactly, over all orders."""
    from itertools import permutations

    from selection_oracles import lexicographic_first

    cases, quotas, cap = county
    exact = by_all_orders(cases, quotas, cap)
    chance = random.Random(seed)
    values = [Fraction(chance.randint(0, 9)) for _ in cases]
    total, orders = Fraction(0), 0
    for order in permutations(range(len(cases))):
        places = lexicographic_first([cases[case] for case in order], quotas, cap) or ()
        total += sum(values[order[place]] / exact[order[place]] for place in places)
        orders += 1
    assert total / orders == sum(value for value, p in zip(values, exact, strict=True) if p)


def test_the_combined_ratio_weighs_by_the_chance_and_stands_beside_the_plain_share() -> None:
    """Else rates are off where practice falls with caseload, and nobody sees by how much."""
    found = hajek([(True, 0.5), (False, 0.25), (True, 1.0), (None, 0.1)])
    assert found.weighted == pytest.approx((2 + 1) / (2 + 4 + 1))
    assert found.plain == pytest.approx(2 / 3)
    assert found.cases == 3
    assert hajek([(None, 0.5)]).weighted is None


def test_weights_are_the_chances_that_were_sealed() -> None:
    """Else a share is weighted by other chances than those that witnesses hold (9)."""
    import selection_papers as made

    cases = [("A", "x"), ("A", "x"), ("B", "x"), ("C", "x"), ("D", "y"), ("A", "y")]
    body = made.committed(cases, {"x": 2, "y": 1}, 1)
    found = chances_of(body)
    assert set(found) == {row["case"] for row in body["rows"]}
    for name, quota in (("x", 2), ("y", 1)):
        assert sum(found[r["case"]] for r in body["rows"] if r["stratum"] == name) == pytest.approx(quota)


def test_a_case_without_a_chance_has_no_weight() -> None:
    """Else an estimate divides by nothing."""
    with pytest.raises(ValueError, match="no chance"):
        hajek([(True, 0.0)])


def test_weighted_shares_come_closer_where_small_caseloads_do_better() -> None:
    """Else the weights only look right: a whole county in which workers with few cases do better (section 2)."""
    chance = random.Random(11)
    cases, value = [], {}
    for worker in range(40):
        size = chance.choice([1, 2, 3, 12, 20])
        for _ in range(size):
            value[leaf(len(cases))] = chance.random() < (0.9 if size < 4 else 0.4)
            cases.append((f"w{worker}", "x"))
    listed, sizes = entries(cases), Counter(cases)
    found = chances(listed, {"x": 20}, 1, KEY)
    true = sum(value.values()) / len(cases)
    weighted, plain, seeds = 0.0, 0.0, 300
    where = {one.leaf: (one.worker, one.stratum) for one in listed}
    for number in range(seeds):
        taken = draw(listed, {"x": 20}, 1, casedraw.purpose_key(f"{number:064x}", "ticket")).taken()
        one = hajek([(value[leaf], found.of(*where[leaf], sizes[where[leaf]])) for leaf in taken])
        assert one.weighted is not None
        assert one.plain is not None
        weighted, plain = weighted + one.weighted / seeds, plain + one.plain / seeds
    assert abs(weighted - true) < abs(plain - true) / 3
