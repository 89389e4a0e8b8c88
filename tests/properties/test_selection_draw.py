"""Rule T against brute force: selection.md section 6, invariants 1 to 3, 4 to 6, 8, 13, 15 and 17 (OWN-3)."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from selection_oracles import (
    chances,
    feasible,
    follows_rule_t,
    full,
    greedy,
    leaf,
    lexicographic_first,
    tickets,
)

from reviewcore.errors import Refused
from reviewcore.selection.casedraw import purpose_key, seed
from reviewcore.selection.draw import Draw, Entry, core, draw, kernel
from reviewcore.selection.feasible import infeasible

KEY = purpose_key("5" * 64, "ticket")

keys = st.integers(0, 2**32).map(lambda n: hashlib.sha256(str(n).encode()).hexdigest())


@st.composite
def instances(draw_from, cases: int = 10, total: int = 5):
    """A small list, as (worker, stratum) of each case, with quotas that are often tight, and a cap."""
    strata = ["x", "y", "z"][: draw_from(st.integers(1, 3))]
    row = st.tuples(st.sampled_from("ABCDE"), st.sampled_from(strata))
    rows = draw_from(st.lists(row, max_size=cases))
    quotas = {}
    for name in strata:
        quotas[name] = draw_from(st.integers(0, min(3, total - sum(quotas.values()))))
    return rows, quotas, draw_from(st.sampled_from([1, 1, 2]))


def entries(rows) -> list[Entry]:
    """The rows as entries of the sealed list, each with a leaf of its own."""
    return [Entry(leaf(number), *row) for number, row in enumerate(rows)]


def in_order(rows, key: str) -> list[tuple[str, str]]:
    """The rows in ticket order, by the oracle."""
    where = {leaf(number): row for number, row in enumerate(rows)}
    return [where[one] for one in tickets(key, where)]


def expected(rows, quotas: Mapping[str, int], cap: int, key: str) -> tuple[str, ...] | None:
    """The leaves that brute force draws, in order."""
    order = tickets(key, (leaf(number) for number in range(len(rows))))
    places = lexicographic_first(in_order(rows, key), quotas, cap)
    return None if places is None else tuple(order[place] for place in places)


@given(instances(), keys)
@example(([("A", "x"), ("A", "y"), ("B", "x")], {"x": 1, "y": 1}, 1), KEY)
@settings(max_examples=300, deadline=None)
def test_a_draw_is_the_lexicographically_first_full_selection(instance, key):
    """Else some order of the tickets is drawn otherwise than rule T says, or a full draw is not found (1, 2, 6)."""
    rows, quotas, cap = instance
    want = expected(rows, quotas, cap, key)
    if want is None:
        event("infeasible")
        with pytest.raises(Refused, match="case slots; workers can supply"):
            draw(entries(rows), quotas, cap, key)
        return
    drawn = draw(entries(rows), quotas, cap, key)
    event("look-ahead" if "would leave" in str(drawn) else "no look-ahead")
    assert drawn.taken() == want


def county(chance: random.Random) -> tuple[list[tuple[str, str]], dict[str, int], int]:
    """A list of some dozens of cases whose workers span strata, with quotas that take nearly all of them to fill."""
    strata, cap = [f"s{number}" for number in range(chance.randint(3, 12))], chance.choice([1, 1, 2, 3])
    rows, quotas = [], Counter(dict.fromkeys(strata, 0))
    for worker in range(chance.randint(4, 30)):
        home = chance.sample(strata, chance.choice([1, 2, 2, 3]))
        mine = [chance.choice(home) for _ in range(chance.randint(1, 5))]
        rows += [(str(worker), stratum) for stratum in mine]
        if chance.random() < 0.95:
            quotas.update(chance.sample(mine, min(cap, len(mine))))
    chance.shuffle(rows)
    return rows, dict(quotas), cap


# Besides the first forty: counties in which a slip in the rerouting, planted on trial, changed the draw.
COUNTIES = [*range(40), 84, 89, 180, 196, 270, 384, 434, 505, 529, 536, 769]


def test_a_draw_from_a_tight_county_follows_rule_t():
    """Else long ways of rerouting, which small lists do not have, come to another draw (2, 4)."""
    looked_ahead = 0
    for number in COUNTIES:
        walk, quotas, cap = county(random.Random(number))
        drawn = core(walk, quotas, cap)
        assert follows_rule_t(walk, quotas, cap, drawn)
        kept = kernel(walk, quotas, cap)
        assert [kept[place] for place in core([walk[place] for place in kept], quotas, cap)] == drawn
        looked_ahead += not full((walk[place] for place in greedy(walk, quotas, cap)), quotas, cap)
    assert looked_ahead > len(COUNTIES) / 2


@given(instances(), keys)
@settings(max_examples=150, deadline=None)
def test_quotas_and_caps_are_exact_and_every_case_has_one_disposition(instance, key):
    """Else a worker could be reviewed twice (PQCR-4), or a case be drawn twice or lost from the account (1)."""
    rows, quotas, cap = instance
    assume(feasible(rows, quotas, cap))
    drawn = draw(entries(rows), quotas, cap, key)
    assert full((rows[number] for number in range(len(rows)) if leaf(number) in drawn.taken()), quotas, cap)
    assert [one.leaf for one in drawn.dispositions] == tickets(key, map(leaf, range(len(rows))))


@given(instances(), keys)
@settings(max_examples=150, deadline=None)
def test_every_reason_for_passing_a_case_over_is_true(instance, key):
    """Else the account of a draw tells a worker or the union something that was not so."""
    rows, quotas, cap = instance
    assume(feasible(rows, quotas, cap))
    order, so_far = in_order(rows, key), []
    for place, one in enumerate(draw(entries(rows), quotas, cap, key).dispositions):
        worker, stratum = order[place]
        room = Counter(s for _, s in so_far)[stratum] < quotas[stratum]
        free = Counter(w for w, _ in so_far)[worker] < cap
        if one.why == "taken":
            so_far.append((worker, stratum))
        elif one.why == "stratum full":
            assert not room
        elif one.why == "worker taken":
            assert room
            assert not free
        else:
            assert room
            assert free
            left = Counter(quotas) - Counter(s for _, s in [*so_far, (worker, stratum)])
            later = order[place + 1 :]
            fixed = Counter(w for w, _ in [*so_far, (worker, stratum)])
            assert not any_completion(later, left, fixed, cap)


def any_completion(later, left, fixed, cap) -> bool:
    """Whether the remaining quotas can be filled from the later cases, by trying all ways."""
    if not later:
        return not +left
    (worker, stratum), rest = later[0], later[1:]
    if left[stratum] and fixed[worker] < cap:
        taken = any_completion(rest, left - Counter([stratum]), fixed + Counter([worker]), cap)
        if taken:
            return True
    return any_completion(rest, left, fixed, cap)


@given(instances(), keys)
@settings(max_examples=150, deadline=None)
def test_where_plain_greedy_ends_full_the_draw_is_the_same(instance, key):
    """Else look-ahead changes draws that need none; and it must skip exactly where greedy dead-ends (3)."""
    rows, quotas, cap = instance
    assume(feasible(rows, quotas, cap))
    order = in_order(rows, key)
    places = greedy(order, quotas, cap)
    drawn = draw(entries(rows), quotas, cap, key)
    looked_ahead = any(one.why == "would leave a quota unfilled" for one in drawn.dispositions)
    complete = full((order[place] for place in places), quotas, cap)
    assert complete != looked_ahead
    if complete:
        assert drawn.taken() == tuple(tickets(key, map(leaf, range(len(rows))))[place] for place in places)


@given(instances(cases=40, total=9))
@settings(max_examples=200, deadline=None)
def test_the_kernel_gives_the_draw_of_the_whole_list(instance):
    """Else a draw at scale differs from the draw by the definition (4)."""
    walk, quotas, cap = instance
    kept = kernel(walk, quotas, cap)
    whole, small = core(walk, quotas, cap), core([walk[place] for place in kept], quotas, cap)
    assert whole == (None if small is None else [kept[place] for place in small])


@given(instances(), keys, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_list_and_of_the_quotas_is_irrelevant(instance, key, shuffler):
    """Else whoever sorts the spreadsheet, or names the strata, can steer the draw (5)."""
    rows, quotas, cap = instance
    assume(feasible(rows, quotas, cap))
    listed, names = entries(rows), list(quotas)
    first = draw(listed, quotas, cap, key)
    shuffler.shuffle(listed)
    shuffler.shuffle(names)
    assert draw(listed, {name: quotas[name] for name in names}, cap, key) == first


@given(instances())
@settings(max_examples=300, deadline=None)
def test_infeasible_exactly_where_brute_force_finds_nothing_and_the_violator_is_real(instance):
    """Else a county is told that its plan cannot work when it can, or is not told and stands there with a seed (6)."""
    rows, quotas, cap = instance
    short = infeasible(entries(rows), quotas, cap)
    assert (short is None) == feasible(rows, quotas, cap)
    if short is None:
        return
    supply = Counter(worker for worker, stratum in rows if stratum in short.strata)
    assert short.need == sum(quotas[name] for name in short.strata)
    assert short.have == sum(min(cap, count) for count in supply.values())
    assert short.need > short.have
    assert infeasible(entries(rows)[::-1], dict(reversed(quotas.items())), cap).need == short.need
    for name in quotas:
        would = [q for q in range(quotas[name]) if feasible(rows, {**quotas, name: q}, cap)]
        assert short.alone.get(name) == max(would, default=None)
    assert set(short.empty) == set(short.strata) - {stratum for _, stratum in rows}
    higher = [more for more in range(cap + 1, 12) if feasible(rows, quotas, more)]
    assert short.cap == min(higher, default=0)
    said = str(short)
    assert all(f"{name} to {quota}" in said for name, quota in (short.alone or short.together).items())
    assert feasible(rows, {**quotas, **short.together}, cap)
    assert list(short.together) == [name for name in quotas if name in short.together]
    assert sum(quotas[name] - quota for name, quota in short.together.items()) == short.need - short.have


@given(instances(), keys)
@settings(max_examples=100, deadline=None)
def test_other_names_for_workers_and_strata_give_the_same_cases(instance, key):
    """Else a name, and not the number in the draw, decides who is reviewed (8)."""
    rows, quotas, cap = instance
    assume(feasible(rows, quotas, cap))
    renamed = [
        Entry(one.leaf, f"w{69 - ord(one.worker)}", f"{ord(one.stratum) % 7}") for one in entries(rows)
    ]
    other = {f"{ord(name) % 7}": quota for name, quota in quotas.items()}
    renamed_draw = draw(renamed, other, cap, key)
    assert renamed_draw.dispositions == draw(entries(rows), quotas, cap, key).dispositions


@given(instances(), keys, st.integers(0, 10))
@settings(max_examples=150, deadline=None)
def test_later_cases_do_not_change_a_draw_that_greedy_completes(instance, key, cut):
    """Else cases behind the last one drawn have a say in who was drawn before them (13)."""
    rows, quotas, cap = instance
    order = in_order(rows, key)
    places = greedy(order, quotas, cap)
    assume(full((order[place] for place in places), quotas, cap))
    last = max(places, default=-1)
    keep = set(tickets(key, map(leaf, range(len(rows))))[: last + 1 + cut])
    listed = entries(rows)
    assert (
        draw([one for one in listed if one.leaf in keep], quotas, cap, key).taken()
        == draw(listed, quotas, cap, key).taken()
    )


SMALL = [("A", "x"), ("A", "x"), ("A", "y"), ("B", "x"), ("C", "y"), ("C", "y")]
SMALL_QUOTAS = {"x": 1, "y": 1}
SEEDS = 4000


def plausible(rows, quotas, drawn_by_seed) -> bool:
    """Whether each case was drawn about as often as its exact chance says: within five standard errors."""
    stated, count = chances(rows, quotas, 1), Counter()
    for number in range(SEEDS):
        count.update(drawn_by_seed(number))
    return all(
        abs(count[case] / SEEDS - float(p)) <= 5 * (float(p * (1 - p)) / SEEDS) ** 0.5 + 1e-12
        for case, p in enumerate(stated)
    )


def seeded(number: int) -> str:
    """The ticket key of one of many seeds, made of dice as a real one is."""
    return purpose_key(seed("c" * 64, [f"dice {number:024}"]), "ticket")


def drawn_by_us(number: int) -> list[int]:
    """The cases of the small list that this seed draws."""
    taken = draw(entries(SMALL), SMALL_QUOTAS, 1, seeded(number)).taken()
    return [case for case in range(len(SMALL)) if leaf(case) in taken]


def test_over_many_seeds_every_case_is_drawn_at_its_exact_chance():
    """Else some case, and so some worker, is favoured or spared by something other than chance (QSR-2, 17)."""
    assert plausible(SMALL, SMALL_QUOTAS, drawn_by_us)


# -- planted offenders ---------------------------------------------------------------------------------


def tight_county(workers: int = 40, chosen: int = 34) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """A county in which most workers are drawn and many have cases in several strata; it is feasible."""
    chance = random.Random(7)
    home = {f"w{n}": chance.sample("vxyz", chance.choice([1, 1, 2, 3])) for n in range(workers)}
    rows = [(worker, stratum) for worker, strata in home.items() for stratum in strata for _ in range(3)]
    quotas = Counter(chance.choice(home[worker]) for worker in sorted(home)[:chosen])
    return rows, dict(quotas)


def dead_ends(pick, rows, quotas, seeds: int = 100) -> int:
    """In how many of so many draws `pick` does not return a full selection."""
    wrong = 0
    for number in range(seeds):
        order = in_order(rows, seeded(number))
        wrong += not full((order[place] for place in pick(order, quotas)), quotas, 1)
    return wrong


def by_rule_t(order, quotas):
    """Ours."""
    places = core(order, quotas, 1)
    assert places is not None
    return places


def one_per_worker_then_strata(order, quotas):
    """The pandas idiom: one random case of each worker, then a sample by group."""
    first = {}
    for place, (worker, _) in enumerate(order):
        first.setdefault(worker, place)
    room, places = Counter(quotas), []
    for place in first.values():
        if room[order[place][1]]:
            room[order[place][1]] -= 1
            places.append(place)
    return places


def with_replacement(order, quotas):
    """Sampling in which each draw forgets the one before."""
    chance = random.Random(len(order))
    by_stratum = {name: [p for p, row in enumerate(order) if row[1] == name] for name in quotas}
    return [chance.choice(by_stratum[name]) for name, quota in quotas.items() for _ in range(quota)]


@pytest.mark.parametrize(
    "offender",
    [lambda order, quotas: greedy(order, quotas, 1), one_per_worker_then_strata, with_replacement],
    ids=["greedy without look-ahead", "one per worker, then strata", "with replacement"],
)
def test_offenders_that_fall_short_in_a_tight_county_are_caught(offender):
    """Else a selection that leaves a quota open, or takes a worker twice, would pass for a draw."""
    rows, quotas = tight_county()
    assert infeasible(entries(rows), quotas, 1) is None
    assert dead_ends(by_rule_t, rows, quotas) == 0
    assert dead_ends(offender, rows, quotas) > 0


def test_greedy_is_caught_by_the_union_hall_example():
    """A has cases in X and Y, B only in X: A's X-case first must not leave Y empty for ever."""
    walk, quotas = [("A", "x"), ("A", "y"), ("B", "x")], {"x": 1, "y": 1}
    assert greedy(walk, quotas, 1) == (0,)
    assert core(walk, quotas, 1) == [1, 2]


def test_the_first_n_by_id_is_caught():
    """A draw that ignores the seed fills quotas and keeps caps: only the chances give it away."""
    walk = lexicographic_first(SMALL, SMALL_QUOTAS, 1)
    assert full((SMALL[case] for case in walk), SMALL_QUOTAS, 1)
    assert not plausible(SMALL, SMALL_QUOTAS, lambda number: walk)


def test_replacement_sampling_is_caught_by_its_chances():
    """Equal chances within strata are not what rule T gives; the test of chances must see the difference."""

    def unruly(number: int) -> list[int]:
        chance = random.Random(number)
        return [chance.choice([0, 1, 3]), chance.choice([2, 4, 5])]

    assert not plausible(SMALL, SMALL_QUOTAS, unruly)


def test_a_leaf_that_stands_twice_and_a_stratum_without_quota_are_errors():
    """Else a case that is listed twice has two numbers in the draw."""
    twice = [Entry(leaf(1), "A", "x"), Entry(leaf(1), "B", "x")]
    with pytest.raises(ValueError, match="stands twice"):
        draw(twice, {"x": 1}, 1, KEY)
    with pytest.raises(ValueError, match="no quota"):
        infeasible([Entry(leaf(1), "A", "y")], {"x": 1}, 1)


def test_an_empty_draw_is_a_draw():
    """Else a stratum that is not reviewed this time breaks the draw of the others."""
    assert draw([], {"x": 0}, 1, KEY) == Draw(())
