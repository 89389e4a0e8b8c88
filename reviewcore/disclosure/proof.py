"""The certificate that goes with a publication: all that is printed of it, proved from what is printed alone.

One part for the sizes, one for each measure, one for each month of a tally. Measures share nothing but the cases
that they are about: where the sizes of its groups are told, a measure can be proved by itself; where one is
withheld, the measures that know of it are proved together with the sizes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from reviewcore.disclosure.linked import LinkedTables, Protected, Quantity, Split, Told, Unproved, checktables
from reviewcore.disclosure.linked.attacker import Impossible
from reviewcore.disclosure.linked.certificate import certificate, written
from reviewcore.disclosure.model import Measured, Problem
from reviewcore.disclosure.rules import Rules
from reviewcore.disclosure.shape import WEIGHT
from reviewcore.disclosure.sizes import Sizes, name

SIZES = "sizes"


@frozen
class Proving:
    """A measure to be proved, with the population that it is about.

    `alone` is the same without earlier publications: where these, as they were printed, contradict it (an answer was
    corrected since, which no reader can know), it is proved by itself.
    """

    measured: Measured
    population: str
    alone: Measured | None = None


def prove(
    sizes: Sizes, measures: Sequence[Proving], tallies: Mapping[str, Any], rules: Rules
) -> dict[str, Any]:
    """Return the certificate, checked.

    `tallies` are the parts of tallies, already proved. Raises Unproved with the name of the number that is not.
    """
    parts = dict(tallies)
    together = []
    for proving in measures:
        one, population = proving.measured, proving.population
        known = [
            sizes.told.get(name(population, split, row)) is not None
            for split, rows in (("", one.shape.rows("")), *one.shape.splits)
            for row, _ in (rows if split != WEIGHT else ())
        ]
        problem = Problem(one)
        if all(known):
            try:
                parts[one.key] = certificate(problem.tables, problem.made, rules.k, rules.t)
            except Impossible:
                if proving.alone is None:
                    raise
                problem = Problem(proving.alone)
                parts[one.key] = certificate(problem.tables, problem.made, rules.k, rules.t)
        else:
            together.append((problem, population))
    tables, made = _joined(sizes, together)
    if tables.quantities:
        parts[SIZES] = certificate(tables, made, rules.k, rules.t)
    held = {"spec": checktables.SPEC, "parts": parts}
    if wrong := checktables.problems(json.loads(written(held))):
        raise Unproved(wrong[0].partition(": ")[2])
    return held


def _joined(sizes: Sizes, problems: Sequence[tuple[Problem, str]]) -> tuple[LinkedTables, Protected]:
    # The sizes and some measures as one problem: in each row of a measure are as many cases as its size says.
    quantities: list[Quantity] = [evolve(one, name=f"{SIZES}|{one.name}") for one in sizes.tables.quantities]
    cells = {one.name: one.cells for one in sizes.tables.quantities}
    told: list[Told] = list(sizes.tables.told)
    splits: list[Split] = []
    values: dict[str, int | None] = {f"{SIZES}|{key}": value for key, value in sizes.told.items()}
    ranges: dict[str, tuple[int, int]] = {}
    size = len(sizes.tables.counts)
    for problem, population in problems:
        shape = problem.shape
        quantities += [
            evolve(one, cells=frozenset(cell + size for cell in one.cells))
            for one in problem.tables.quantities
        ]
        told += [
            Told({cell + size: by for cell, by in one.cells.items()}, one.value)
            for one in problem.tables.told
        ]
        for split, rows in (("", shape.rows("")), *shape.splits):
            for row, places in rows:
                mine = cells.get(name(population, split, row))
                if mine is not None:
                    ours = {cell + size: 1 for cell in sorted(problem.cells(places, problem.atoms))}
                    told.append(Told(ours | dict.fromkeys(sorted(mine), -1), 0))
        splits += problem.splits
        values |= problem.made.values
        ranges |= problem.made.ranges
        size += len(problem.tables.counts)
    return LinkedTables([0] * size, quantities, splits, (), told, inner=False), Protected(
        values, frozenset(), ranges=ranges
    )
