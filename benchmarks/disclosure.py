"""Joint suppression and certificate, with Tau-Argus (pytauargus, a comparator only) where it is installed.

`python benchmarks/disclosure.py` sets both side by side: how many numbers each withholds beside the small
ones, how many of the small ones an exact attacker can then narrow below [0, k-1], and how long it takes.
`python benchmarks/run.py disclosure` times one against the other.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from itertools import combinations, product
from random import Random

from contest import Contest, Target

from reviewcore.disclosure.linked import LinkedTables, Quantity, certify, checktables, large, protect
from reviewcore.disclosure.linked.solver import Budget
from reviewcore.disclosure.linked.twoway import TwoWay
from reviewcore.disclosure.linked.witnesses import Witnesses

K, LINKED_K = 5, 11
SHAPES: Mapping[str, tuple[tuple[int, ...], float]] = {
    "100-cells": ((5, 5, 4), 8),
    "1000-cells-few": ((10, 10, 10), 12),
    "1000-cells-many": ((10, 10, 10), 5),
    "1024-cells-flat": ((32, 32), 16),
    "99856-cells-flat": ((315, 315), 12),
}
"""Made-up tables by name: how many values each attribute has, and about how many persons are in a cell."""
WIDE: Mapping[str, int] = {"792-linked-three": 110, "9261-cells": 497}
"""Tables that Tau-Argus does not protect, and how many numbers a prototype withheld of such ones besides, unproved."""


def counts(shape: tuple[int, ...], mean: float) -> list[int]:
    """Return the inner cells of a made-up table: attributes of uneven weight, and chance."""
    source = Random(1)
    weights = [[source.lognormvariate(0, 0.6) for _ in range(size)] for size in shape]
    found = []
    for place in product(*map(range, shape)):
        expected = mean
        for attribute, value in enumerate(place):
            expected *= weights[attribute][value]
        found.append(max(0, round(source.gauss(expected, expected**0.5))))
    return found


def tables(shape: tuple[int, ...], cells: list[int]) -> LinkedTables:
    """Return all cells, margins and totals of a table; a quantity's name has `*` for a sum over all values."""
    quantities = []
    for which in product(*(range(size + 1) for size in shape)):
        members = [0]
        for one, size in zip(which, shape, strict=True):
            values = range(size) if one == size else (one,)
            members = [cell * size + value for cell in members for value in values]
        name = "/".join("*" if w == size else f"{w:02d}" for w, size in zip(which, shape, strict=True))
        quantities.append(Quantity(name, members))
    return LinkedTables(cells, quantities, inner=False)


def linked_tables() -> LinkedTables:
    """Return all two-way tables of five attributes over 1,000 persons: 336 numbers, 4,480 inner cells."""
    return _margins((4, 4, 5, 7, 8), 2)


def wide_tables(name: str) -> tuple[LinkedTables, int]:
    """Return tables of `WIDE`, and k: three-way tables of four attributes over 1,000 persons, or one of three."""
    if name == "792-linked-three":
        return _margins((3, 5, 6, 8), 3), LINKED_K
    shape = (20, 20, 20)
    return tables(shape, counts(shape, 16.2)), K


def _margins(sizes: tuple[int, ...], most: int) -> LinkedTables:
    source = Random(6)
    weights = [[source.lognormvariate(0, 0.6) for _ in range(size)] for size in sizes]
    persons = Counter(
        tuple(source.choices(range(size), of)[0] for size, of in zip(sizes, weights, strict=True))
        for _ in range(1000)
    )
    places = list(product(*map(range, sizes)))
    quantities = []
    for which in (one for up in range(most + 1) for one in combinations(range(len(sizes)), up)):
        for values in product(*(range(sizes[a]) for a in which)):
            wanted = list(zip(which, values, strict=True))
            cells = [i for i, place in enumerate(places) if all(place[a] == v for a, v in wanted)]
            quantities.append(Quantity("/".join(f"{a}={v}" for a, v in wanted) or "*", cells))
    return LinkedTables([persons[place] for place in places], quantities, inner=False)


def ours(made: LinkedTables, k: int = K) -> Mapping[str, int | None]:
    """Protect with proof."""
    protected = protect(made, k)
    assert checktables.problems(json.loads(certify(made, protected, k))) == []
    return protected.values


def argus(made: LinkedTables, shape: tuple[int, ...]) -> Mapping[str, int | None]:
    """Protect by Tau-Argus: counts below k are unsafe, with a protection interval as wide as themselves."""
    import pytauargus  # type: ignore[import-not-found,import-untyped,unused-ignore]

    names = "ABCD"[: len(shape)]
    columns: dict[str, list[object]] = {name: [] for name in (*names, "n")}
    for place, count in zip(product(*map(range, shape)), made.counts, strict=True):
        for name, value in zip(names, place, strict=True):
            columns[name] += [f"{value:02d}"] * count
        columns["n"] += [1] * count
    with (
        tempfile.TemporaryDirectory() as scratch,
        contextlib.chdir(scratch),
    ):  # it leaves its logs where it stands
        done = pytauargus.protect(
            columns, list(names), "n", safety_rules=f"FREQ({K},100)", suppress="MOD(1,5,1,0,0)"
        )
    hidden = {
        "/".join(str(row[name]).strip() or "*" for name in names).replace("Total", "*"): row["status"] in "UM"
        for row in done.tables[0].rows
    }
    return {one.name: None if hidden.get(one.name, False) else made.value(one) for one in made.quantities}


def narrowed(made: LinkedTables, values: Mapping[str, int | None], k: int = K) -> int:
    """Return of how many small numbers an exact attacker knows more than that they are from 0 to k-1."""
    two = large.two_way(made)
    if two and len(made.quantities) > large.MOST:
        return _narrowed_flat(made, two, values)
    from reviewcore.disclosure.linked.attacker import Attacker
    from reviewcore.disclosure.linked.numbers import guards

    held = guards(made, k, 1)
    attacker = Attacker.of(made, held, 2 * sum(made.counts) + 2 * k, Budget(10**6))
    for number, value in enumerate(values.values()):
        if value is not None:
            attacker.print(number, value)
    lost = 0
    for number, one in enumerate(made.quantities):
        if 0 < made.value(one) < k:
            objective = attacker.objective(number)
            low, high = -attacker.largest(-objective), attacker.largest(objective)
            lost += low > 1e-6 or high < k - 1 - 1e-6
    return lost


def _narrowed_flat(made: LinkedTables, two: TwoWay, values: Mapping[str, int | None]) -> int:
    # A table too large for a linear program for each number: by the cycles through what is withheld.
    import numpy as np

    truth = two.table(np.array(made.counts))
    withheld = two.values([-1 if value is None else value for value in values.values()], 0) < 0
    _, narrow = Witnesses.of(truth, withheld, K, Budget(10**7)).settle()
    return len({place for place, _ in narrow if 0 < truth[place] < K})


def _contest(name: str) -> Contest:
    return Contest(
        "disclosure",
        name,
        (sys.executable, __file__, "ours", name),
        (sys.executable, __file__, "argus", name),
        "pytauargus (without proof)",
        "no slower",
        lambda mine, theirs: mine <= theirs,
        quick=False,
        runs=5,
        unit="cpu s",
        more=(
            Target("printed", "no more withheld", lambda mine, theirs: mine <= theirs),
            Target("s", "under a minute", lambda mine, _: mine < 60),
        ),
    )


def _wide_contest(name: str) -> Contest:
    return Contest(
        "disclosure",
        name,
        (sys.executable, __file__, "ours", name),
        (sys.executable, __file__, "prototype", name),
        "what a prototype withheld (without proof)",
        "under a minute",
        lambda mine, _: mine < 60,
        quick=False,
        runs=5,
        unit="cpu s",
        more=(Target("printed", "no more withheld", lambda mine, theirs: mine <= theirs),),
    )


CONTESTS = [_contest(name) for name in SHAPES if find_spec("pytauargus")] + [
    _wide_contest(name) for name in WIDE
]


def main(asked: list[str]) -> None:
    """Run one contender on one table, or print both side by side."""
    if asked and asked[1] in WIDE:
        made, k = wide_tables(asked[1])
        if asked[0] == "ours":
            print(sum(value is None for value in ours(made, k).values()))
        else:
            print(WIDE[asked[1]] + sum(0 < made.value(one) < k for one in made.quantities))
        return
    if asked:
        shape, mean = SHAPES[asked[1]]
        made = tables(shape, counts(shape, mean))
        print(sum(v is None for v in (ours(made) if asked[0] == "ours" else argus(made, shape)).values()))
        return
    print(f"{'table':<18}{'small':>6}  contender  withheld besides  narrowed  seconds of one core")
    for name, (shape, mean) in SHAPES.items():
        made = tables(shape, counts(shape, mean))
        small = sum(0 < made.value(one) < K for one in made.quantities)
        for who in ("ours", "argus"):
            begun = time.process_time()
            try:
                values = ours(made) if who == "ours" else argus(made, shape)
            except ImportError:
                print(f"{name:<18}{small:>6}  {who:<9}  not installed")
                continue
            taken = time.process_time() - begun
            besides = sum(value is None for value in values.values()) - small
            lost = narrowed(made, values)
            print(f"{name:<18}{small:>6}  {who:<9}{besides:>18}{lost:>10}{taken:>9.2f}", flush=True)
    # Tau-Argus takes one table at a time, and of the largest it makes nothing in minutes.
    for name in ("336-linked", *WIDE):
        made, k = wide_tables(name) if name in WIDE else (linked_tables(), LINKED_K)
        begun = time.process_time()
        values = ours(made, k)
        taken = time.process_time() - begun
        small = sum(0 < made.value(one) < k for one in made.quantities)
        besides, lost = sum(v is None for v in values.values()) - small, narrowed(made, values, k)
        print(f"{name:<18}{small:>6}  {'ours':<9}{besides:>18}{lost:>10}{taken:>9.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
