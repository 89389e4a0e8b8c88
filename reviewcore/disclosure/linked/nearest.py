"""The whole numbers nearest to given ones that add up, are as printed, and come to some goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from reviewcore.disclosure.linked.numbers import Ints, whole_numbers
from reviewcore.disclosure.linked.solver import NODES, quiet

Goal: TypeAlias = tuple[Any, float, float]
"""A factor for each number, and the least and most that their sum is to be."""


def nearest(
    base: Ints,
    relations: Sequence[tuple[list[int], int]],
    printed: Mapping[int, tuple[int, int]],
    goals: Sequence[Goal],
    most: float,
    seed: int = 0,
    missed: float = 0.0,
) -> Ints | None:
    """Return the numbers, or None where there are none or none were found.

    With `missed`, which is what it costs to miss a goal by one, they come to the goals only as far as that is worth
    it; moving a number by one costs 1 and a bit, by `seed`. No number is more than `most`.
    """
    import highspy
    import numpy as np

    size, program = len(base), quiet("dual")
    low, high = np.zeros(size), np.full(size, most)
    for quantity, span in printed.items():
        low[quantity], high[quantity] = span
    # The columns: by how much each number is moved up, and down, and by how much each goal is missed.
    columns, none = 2 * size + len(goals), np.zeros(len(goals))
    every = np.arange(columns, dtype=np.int32)
    program.addVars(
        columns,
        np.concatenate((np.maximum(low - base, 0), np.maximum(base - high, 0), none)),
        np.concatenate(
            (np.maximum(high - base, 0), np.maximum(base - low, 0), none + (most if missed else 0))
        ),
    )
    costs = 1 + np.random.default_rng(seed).random(2 * size) / 4
    program.changeColsCost(columns, every, np.concatenate((costs, none + missed)))
    for parts, whole in relations:
        off = float(base[whole] - base[parts].sum())
        places = np.array([*parts, whole, *(size + one for one in parts), size + whole], dtype=np.int32)
        ones = [1.0] * len(parts)
        program.addRow(off, off, len(places), places, np.array([*ones, -1.0, *(-one for one in ones), 1.0]))
    for place, (factors, least, greatest) in enumerate(goals):
        used = np.flatnonzero(factors)
        places = np.array([*used, *(size + used), 2 * size + place], dtype=np.int32)
        for bound, sign in ((least, 1.0), (greatest, -1.0)):
            row = np.array([*(sign * factors[used]), *(-sign * factors[used]), 1.0])
            program.addRow(float(sign * (bound - factors @ base)), np.inf, len(places), places, row)
    found = _solved(program, base)
    if found is None:
        # Fractions: searched for among whole numbers.
        for option, value in (("presolve", "choose"), ("solver", "choose"), ("mip_max_nodes", NODES)):
            program.setOptionValue(option, value)
        kinds = np.full(2 * size, highspy.HighsVarType.kInteger)
        program.changeColsIntegrality(2 * size, every[: 2 * size], kinds)
        found = _solved(program, base)
    return found


def _solved(program: Any, base: Ints) -> Ints | None:
    import highspy
    import numpy as np

    program.run()
    if program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = np.array(program.getSolution().col_value)
    moved = whole_numbers(found[: len(base)] - found[len(base) : 2 * len(base)])
    return None if moved is None else base + moved
