"""The promise of one door, attacked by brute force (disclosure.md sections 1 and 4, attacks 1 to 3, 6, 7, 9)."""

from __future__ import annotations

from collections import Counter

import pytest
from disclosure_made_up import CODED, plan, published, schema, tabulated, told
from disclosure_oracle import Attacker
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.aggregation.values import Member, Tabulated
from reviewcore.disclosure import judge, protect
from reviewcore.disclosure.door import publish
from reviewcore.disclosure.linked.attacker import Impossible
from reviewcore.disclosure.linked.certificate import Proof, Unproved
from reviewcore.disclosure.model import Problem
from reviewcore.disclosure.rules import Rules

TWO = ("1", "2")


@st.composite
def reviews(draw, codes=TWO, largest=14, rows=3, total=30):
    """A table of rows by codes and not rated, small enough to be attacked by trying everything."""
    table = []
    left = total
    for _ in range(draw(st.integers(1, rows))):
        size = draw(st.integers(0, min(largest, left)))
        left -= size
        kind = draw(st.sampled_from(["any", "all rated", "few not rated", "lopsided"]))
        missing = {"any": size, "all rated": 0, "few not rated": 2, "lopsided": 1}[kind]
        unrated = draw(st.integers(0, min(missing, size)))
        rest, counts = size - unrated, []
        for _ in codes[:-1]:
            most = 1 if kind == "lopsided" else rest
            counts.append(draw(st.integers(0, min(most, rest))))
            rest -= counts[-1]
        table.append([*counts, rest, unrated])
    return table


def attack(table, k, publication, codes=TWO, knows=None):
    """What the attacker finds in one publication, or in several with the k of each."""
    sizes = {f"g{i}": sum(row) for i, row in enumerate(table)}
    good = frozenset(codes) - {"1"}
    coded = {
        rung: {key: found & frozenset(codes) for key, found in one.items() if found & frozenset(codes)}
        for rung, one in CODED.items()
    }
    held = publication if isinstance(publication, list) else [(publication, k)]
    printed = [(one.table("q"), one.table("q/split0"), its_k) for one, its_k in held]
    return Attacker(codes, good, coded, k, printed, sizes, knows).leaks()


def small_or_alike(table, k, publication):
    """Every printed row that is small, or whose cases are all alike (or all but one)."""
    found = []
    for one in publication.tables:
        if one.key == "sample" or one.rung == "band":
            continue
        for row in one.rows:
            counts = [c.value for c in row.cells[1:] if c.kind == "count"]
            if counts and (any(0 < c < k for c in counts) or max(counts) >= sum(counts) - 1):
                found.append((one.key, row.key))
    return found


rungs = st.sampled_from(["codes", "zones", "acceptable", "band", None])


@settings(max_examples=250, deadline=None)
@given(reviews(), st.integers(3, 5), rungs, rungs)
def test_nothing_withheld_is_narrowed_by_what_is_printed(table, k, over, split):
    """If this fails, somebody can work a withheld number out of a table and the row over all cases."""
    publication = published(tabulated(table, TWO), len(table), k, over, split, TWO)
    assert attack(table, k, publication) == []
    assert small_or_alike(table, k, publication) == []


@settings(max_examples=60, deadline=None)
@given(reviews(("1", "2", "3"), 9, 2, 18), rungs, rungs)
def test_three_codes_with_a_finer_row_over_all_cases(table, over, split):
    """If this fails, a fine overall row and a coarser split together give a withheld number away."""
    codes = ("1", "2", "3")
    publication = published(tabulated(table, codes), len(table), 3, over, split, codes)
    assert attack(table, 3, publication, codes) == []
    assert small_or_alike(table, 3, publication) == []


@settings(max_examples=80, deadline=None)
@given(reviews(total=24), st.sampled_from(["acceptable", "band"]), st.sampled_from(["acceptable", "band"]),
       st.integers(1, 2))  # fmt: skip
def test_a_worker_who_knows_their_own_cases_learns_no_more(table, over, split, per_worker):
    """If this fails, a worker can subtract their own cases and learn about the others (insiders)."""
    k = 4
    inner = tabulated(table, TWO, per_worker)
    publication = published(inner, len(table), k, over, split, TWO)
    own: dict[str, Counter] = {}
    for member in inner.population:
        code = inner.ratings["q"].get(member.key)
        place = TWO.index(code) if code else len(TWO)
        own.setdefault(member.worker, Counter())[member.fields["split0"], place] += 1
    for knows in {tuple(sorted(one.items())): one for one in own.values()}.values():
        assert attack(table, k, publication, knows=knows) == []


@settings(max_examples=120, deadline=None)
@given(reviews(largest=20, total=40), st.integers(3, 4), st.integers(5, 7), rungs, rungs, rungs, rungs)
def test_who_knows_more_cannot_put_two_publications_together(table, k, wide, over, split, over2, split2):
    """If this fails, the agency learns from the state's publication what its own had withheld."""
    inner, rows = tabulated(table, TWO), len(table)
    agency = told(inner, rows, k, over, split, TWO)
    state = told(inner, rows, wide, over2, split2, TWO, wider=(agency,))
    public = told(inner, rows, wide + 1, over2, split2, TWO, wider=(agency, state))
    two = [(state.publication, wide), (public.publication, wide + 1)]
    assert attack(table, k, [(agency.publication, k), two[0]]) == []
    assert attack(table, k, [(agency.publication, k), *two]) == []
    assert attack(table, wide, two) == []
    assert attack(table, wide, state.publication) == []
    assert small_or_alike(table, wide, state.publication) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("12"), min_size=12, max_size=30), st.integers(1, 9), st.integers(3, 5),
       st.sampled_from(["acceptable", "band"]))  # fmt: skip
def test_groups_of_two_splits_that_differ_by_few_are_not_both_shown(codes, moved, k, rung):
    """If this fails, two splits that are nearly the same give the few cases away by which they differ."""
    half = len(codes) // 2
    members = tuple(
        Member(f"m{i:03}", f"w{i}", "all", {
            "split0": "g0" if i < half else "g1", "split1": "g0" if i < half - moved else "g1"})
        for i in range(len(codes))
    )  # fmt: skip
    inner = Tabulated(members, {"q": {m.key: code for m, code in zip(members, codes, strict=True)}})
    fixed = {"q": "acceptable", "q/split0": rung, "q/split1": rung}
    two = publish("agency", 1, plan(2), schema(2, TWO, 2), inner, Rules(k), fixed, {}).publication
    speaks = [{row.key: any(c.kind != "withheld" for c in row.cells) for row in two.table(f"q/split{i}").rows}
              for i in (0, 1)]  # fmt: skip
    for one in ("g0", "g1"):
        for other in ("g0", "g1"):
            mine = {m.key for m in members if m.fields["split0"] == one}
            theirs = {m.key for m in members if m.fields["split1"] == other}
            if speaks[0][one] and speaks[1][other]:
                assert not 0 < len(mine - theirs) < k
                assert not 0 < len(theirs - mine) < k


def proved(tables, made, k: int, t: int) -> bool:
    """Whether it is proved, number by number, that nothing is told; what nobody can have answered tells nothing."""
    if any(0 < (value or 0) < k for value in made.values.values()):
        return False
    try:
        Proof.of(tables, made, k, t, before=True).make()
    except Impossible:
        pass
    except Unproved:
        return False
    return True


def one_by_one(measured, insiders, k, t, *_):
    """What `leak` is to say: every worker and every way of answering looked at alone."""
    problem = Problem(measured)
    if not measured.said:
        return ""
    ways = [problem.without(mine) for own in insiders for mine in problem.ways(own)]
    alone = proved(problem.tables, problem.made, k, t)
    return "" if alone and all(proved(*others, k, 0) for others in ways if others) else "counts"


def answered_alike(publishing):
    """Whether everything that is tried while something is published has the same answer quickly as one by one."""
    alike = []

    def both(measured, insiders, k, t, kept=None, brief=False):
        found = judge.leak(measured, insiders, k, t, kept, brief)
        alike.append(bool(found) == bool(one_by_one(measured, insiders, k, t)))
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(protect, "leak", both)
        publishing()
    return all(alike)


@settings(max_examples=25, deadline=None)
@given(reviews(total=24), st.integers(3, 4), rungs, rungs, st.integers(1, 3))
def test_the_quick_answer_for_insiders_is_the_exact_one(table, k, over, split, per_worker):
    """If this fails, tables shared between insiders let through what one of them would learn, or withhold more."""
    inner = tabulated(table, TWO, per_worker)
    assert answered_alike(lambda: published(inner, len(table), k, over, split, TWO))
