"""That what is withheld of a small table is the least that would do, by another program that has all in one: a MILP.

It shares no code with the engine. For every number that is withheld it has two whole tables, in one of which the number
is 0 and in the other k-1 or more, and which differ from the true one only where something is withheld; or else factors
of the printed numbers that show it to be k or more.
"""

from __future__ import annotations

from itertools import product
from random import Random

import highspy
import numpy as np
import pytest
from attrs import evolve
from linked_made_up import cross, examples

from reviewcore.disclosure.linked import LinkedTables, protect
from reviewcore.disclosure.linked.master import Master

K, FACTOR = 5, 8.0


class Program:
    """A program in whole numbers."""

    def __init__(self) -> None:
        self.solver, self.columns = highspy.Highs(), 0
        for option, value in (("output_flag", False), ("threads", 1), ("time_limit", 200.0)):
            self.solver.setOptionValue(option, value)

    def add(self, low: float, high: float, count: int, whole: bool = True) -> list[int]:
        found = list(range(self.columns, self.columns + count))
        self.solver.addVars(count, np.full(count, float(low)), np.full(count, float(high)))
        for one in found if whole else ():
            self.solver.changeColIntegrality(one, highspy.HighsVarType.kInteger)
        self.columns += count
        return found

    def row(self, factors: dict[int, float], least: float = -np.inf, most: float = np.inf) -> None:
        places = np.array([*factors], dtype=np.int32)
        self.solver.addRow(least, most, len(places), places, np.array([*factors.values()], dtype=float))

    def possible(self) -> bool:
        self.solver.run()
        status = self.solver.getModelStatus()
        assert status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible), status
        return bool(status == highspy.HighsModelStatus.kOptimal)


def would_do(tables: LinkedTables, most: int) -> bool:
    """Whether it could be that `most` numbers or fewer are withheld, and all of them hidden."""
    program, size, far = Program(), len(tables.counts), float(sum(tables.counts) + 2 * K)
    numbers = {one.name: (sorted(one.cells), tables.value(one)) for one in tables.quantities}
    hide = dict(zip(numbers, program.add(0, 1, len(numbers)), strict=True))
    program.row(dict.fromkeys(hide.values(), 1.0), most=most)
    for name in numbers:
        # What the others of a sum leave of it is known.
        at = name.split("/")
        for a in (a for a, value in enumerate(at) if value == "*"):
            line = [one for one in numbers if [*at[:a], one.split("/")[a], *at[a + 1 :]] == one.split("/")]
            for one in line:
                program.row({hide[other]: 1.0 if other != one else -1.0 for other in line}, least=0.0)

    def ends(cells: list[int], unless: dict[int, float]) -> None:
        # Two tables at the ends, unless the columns of `unless`, with their factors, come to less than 1.
        for low in (True, False):
            table = program.add(0, far, size)
            for name, (mine, value) in numbers.items():
                of = dict.fromkeys((table[cell] for cell in mine), 1.0)
                program.row(of | {hide[name]: float(value)}, least=value)
                program.row(of | {hide[name]: -far}, most=value)
            of = dict.fromkeys((table[cell] for cell in cells), 1.0)
            if low:
                program.row(of | {one: far * by for one, by in unless.items()}, most=far if unless else 0.0)
            else:
                least = 0.0 if unless else K - 1
                program.row(of | {one: -(K - 1) * by for one, by in unless.items()}, least=least)

    for name, (mine, value) in numbers.items():
        if 0 < value < K:
            program.row({hide[name]: 1.0}, least=1.0)
            ends(mine, {})
            continue
        (sure,) = program.add(0, 1 if value >= K else 0, 1)
        ends(mine, {hide[name]: 1.0, sure: -1.0})
        factor = dict(zip(numbers, program.add(-FACTOR, FACTOR, len(numbers), whole=False), strict=True))
        for other in numbers if value >= K else ():
            program.row({factor[other]: 1.0, hide[other]: FACTOR}, most=FACTOR)
            program.row({factor[other]: -1.0, hide[other]: FACTOR}, most=FACTOR)
        for cell in range(size) if value >= K else ():
            on = {factor[other]: 1.0 for other, (its, _) in numbers.items() if cell in its}
            room = FACTOR * len(on)
            program.row(on | {sure: room}, most=(cell in mine) + room)
        room = FACTOR * sum(value for _, value in numbers.values())
        of = {factor[other]: float(value) for other, (_, value) in numbers.items()}
        program.row(of | {sure: -room}, least=K - 1 + 1e-3 - room)
    seen = {frozenset(mine) for mine, _ in numbers.values()}
    for mine, value in numbers.values():
        for inside, less in numbers.values():
            left = frozenset(mine) - frozenset(inside)
            if set(inside) < set(mine) and 0 < value - less < K and left not in seen:
                seen.add(left)
                ends(sorted(left), {})
    return program.possible()


def table(shape: tuple[int, ...], seed: int, nobody: float = 0.0) -> LinkedTables:
    """Return a made-up table of some dozen numbers, with a share of cells in which is nobody."""
    source, size = Random(seed), int(np.prod(shape))
    counts = [0 if source.random() < nobody else int(source.lognormvariate(2.3, 0.8)) for _ in range(size)]
    return evolve(cross(shape, counts, inner=False), splits=())


TABLES = [
    ((3, 3), 0, 0),
    ((3, 3), 6, 0.5),
    ((2, 2, 2), 14, 0),
    ((2, 2, 2), 3, 0.5),
    ((4, 4), 3, 0),
]
DEEP = list(product(((3, 3), (2, 2, 2), (4, 4), (2, 2, 3), (5, 5)), range(20), (0, 0.5)))


@pytest.mark.parametrize(("shape", "seed", "nobody"), TABLES if examples(0) == 0 else DEEP)
def test_no_fewer_would_do(shape, seed, nobody):
    """If this fails, more is withheld of a small table than need be."""
    tables = table(shape, seed, nobody)
    values = protect(tables, K).values.values()
    withheld = sum(value is None for value in values)
    assert would_do(tables, withheld)  # the other program knows what the engine found
    assert not withheld or not would_do(tables, withheld - 1)


SEARCHED = [((6, 6), 3, 0), ((6, 6), 3, 0.6), ((3, 3, 2), 4, 0), ((3, 3, 2), 6, 0.6), ((2, 2, 2), 5, 0.3)]


@pytest.mark.parametrize(
    ("shape", "seed", "nobody"),
    SEARCHED if examples(0) == 0 else product(((6, 6), (3, 3, 2), (2, 2, 2)), range(40), (0, 0.3, 0.6)),
)
def test_the_search_for_the_fewest_ends_in_a_proof(shape, seed, nobody, monkeypatch):
    """If this fails, the search in a table of up to 50 numbers gives up before it is known that no fewer would do."""
    ends, choose = [], Master.choose

    def noted(*given):
        ends.append(choose(*given))
        return ends[-1]

    monkeypatch.setattr(Master, "choose", noted)
    further = protect(table(shape, seed, nobody), K).further
    assert not further or ends[-1] == (None, True)


def test_weights_may_be_whole_numbers():
    """If this fails, a table whose numbers all weigh 1 or 2 is not protected at all."""
    tables = table((3, 3), 0)
    whole = evolve(tables, quantities=[evolve(one, weight=1) for one in tables.quantities])
    assert protect(whole, K).values == protect(tables, K).values


def test_the_other_program_would_know_of_fewer():
    """If this fails, the proof that nothing less would do could not fail."""
    tables = table((3, 3), 0)
    assert would_do(tables, len(tables.quantities))
