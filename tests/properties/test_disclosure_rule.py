"""What somebody learns who knows the rule by which the row over all cases steps down (attacks 5 and 14)."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from attrs import evolve
from disclosure_made_up import plan, published, schema, tabulated
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.aggregation.rungs import Planned, fix_tables
from reviewcore.aggregation.values import Tabulated, codings, find

K = 4


@pytest.mark.parametrize("size", [8, 13, 17, 24])
def test_knowing_the_rule_leaves_withheld_counts_open(size):
    """If this fails, printing a band where counts were planned gives the count away to who knows why."""
    alike: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for good in range(size + 1):
        for bad in range(size - good + 1):
            table = [[bad, good, size - good - bad]]
            said = published(tabulated(table, ("1", "2")), 1, K, "acceptable", None, ("1", "2"))
            alike[repr(said)].append((bad, good, size - good - bad))
    for said, tables in alike.items():
        if "kind='band'" not in said:
            continue  # the counts are printed, or nothing is
        for which in (0, 1):
            values = {one[which] for one in tables}
            # "where zeros are printed, a withheld cell is known to be >= 1" (section 3, point 4)
            assert set(range(1, K)) <= values or min(values) >= K, (said, values)


def shown(table, over):
    """The coding that the engine shows over all cases."""
    return published(tabulated(table), len(table), 3, over, over).table("q").rung


def finest_that_passes(table, over):
    """An engine that looks at the answers to choose the coding."""
    for rung in ("codes", "zones", "acceptable"):
        made = published(tabulated(table), len(table), 3, rung, rung).table("q")
        if made.rung == rung:
            return rung
    return "band"


def follows_the_answers(engine) -> bool:
    """Whether an engine shows anything but the planned coding or the band."""
    source = random.Random(3)
    for _ in range(60):
        table = [[source.randint(0, 12) for _ in range(3)] + [0]]
        if engine(table, "acceptable") not in ("acceptable", "band"):
            return True
    return False


def test_a_rung_chosen_from_the_data_is_caught():
    """If this fails, an engine could print the finest coding that happens to pass, which itself tells."""
    assert not follows_the_answers(shown)
    assert follows_the_answers(finest_that_passes)


def test_rungs_are_fixed_from_the_plan_alone():
    """If this fails, the fineness of a table would depend on more than quotas and k."""
    (measure,) = plan().measures
    coded = codings(*find(schema(2).instruments, "tool", "q"))
    sizes = Planned(60, {"split0": {"g0": 40, "g1": 20}})
    assert fix_tables(measure, coded, sizes, 5) == {"q": "acceptable", "q/split0": "band"}
    assert fix_tables(measure, coded, sizes, 11) == {"q": "band", "q/split0": "band"}
    assert fix_tables(measure, coded, Planned(75, {}), 5) == {"q": "codes", "q/split0": None}
    assert fix_tables(measure, coded, Planned(9, {"split0": {"g0": 9}}), 5) == {"q": None, "q/split0": None}


tables = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_who_the_persons_are_changes_nothing(table, source):
    """If this fails, names or the order of cases leave a trace in what is printed (attack 14)."""
    inner = tabulated(table)
    places = list(range(len(inner.population)))
    source.shuffle(places)
    names = {member.key: f"person-{place:04}" for member, place in zip(inner.population, places, strict=True)}
    population = [
        evolve(member, key=names[member.key], worker=names[member.key] + "w") for member in inner.population
    ]
    source.shuffle(population)
    ratings = {names[key]: code for key, code in inner.ratings["q"].items()}
    other = Tabulated(tuple(population), {"q": ratings})
    before = published(inner, len(table), 3, "acceptable", "acceptable")
    assert published(other, len(table), 3, "acceptable", "acceptable") == before
    assert not any(name in repr(before) for name in names.values())


@settings(max_examples=40, deadline=None)
@given(tables, tables)
def test_rows_and_columns_never_come_from_the_data(one, other):
    """If this fails, a row or column that is missing tells that nobody was there (attack 12)."""
    size = max(len(one), len(other))
    tables_ = [[*table, *[[0, 0, 0, 0]] * (size - len(table))] for table in (one, other)]
    first, second = (published(tabulated(t), size, 3, "band", "band") for t in tables_)
    for a, b in zip(first.tables, second.tables, strict=True):
        assert (a.key, a.columns, [r.key for r in a.rows]) == (b.key, b.columns, [r.key for r in b.rows])
