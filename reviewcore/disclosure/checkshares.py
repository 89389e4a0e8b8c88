"""Read out of a certificate which share it proves to be told, each case counted by its weight. Whole numbers only.

A share of so many percent is two rows over inner cells: that it is no less than half a step below, and that it is
less than half a step above. Both must be about the same cases and weights, and come from one percent and one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from reviewcore.disclosure.linked import checktables


class Wrong(ValueError):
    """The rows are not those of a share."""


STEPS = (1, 5, 10)
"""To what a share can be rounded, in percents."""


def shares(part: Mapping[str, Any]) -> dict[str, tuple[int, int, int]]:
    """Return of every share in a certificate its percent, the step, and how many cases have it, by the number's name.

    Raises Wrong where its rows are not those of a share in whole percents.
    """
    numbers = {one["name"]: one for one in part["numbers"]}
    return {
        name: (*_percent(part, one, _cells(of := numbers[f"{name} of"])), of["value"])
        for name, one in numbers.items()
        if one["table"] == checktables.WEIGHTED
    }


def _percent(part: Mapping[str, Any], one: Mapping[str, Any], good: frozenset[int]) -> tuple[int, int]:
    short = _cells(one)
    rows = [
        (dict(row), value) for row, value in part["told"] if not short.isdisjoint(cell for cell, _ in row)
    ]
    if one["value"] != 0 or len(rows) != 2 or [value for _, value in rows] != [0, 1]:
        raise Wrong
    from_, below = (dict(_weighed(part, row, short)) for row, _ in rows)
    if from_.keys() != below.keys() or not good <= from_.keys():
        raise Wrong
    for step in STEPS:
        edges = set()
        for cell, factor in from_.items():
            weight = Fraction(factor + below[cell], 2)
            whole = 200 // step if cell in good else 0
            edges.add(whole - factor / weight if weight >= 1 and weight == int(weight) else None)
        edge = edges.pop()
        if not edges and edge is not None and edge % 2 == 1:
            return int(edge + 1) // 2 * step, step
    raise Wrong


def _weighed(
    part: Mapping[str, Any], row: Mapping[int, int], short: frozenset[int]
) -> Iterator[tuple[int, int]]:
    # The row without what it is beyond what is asked, and what it falls short of that.
    lacking = [cell for cell in row if cell in short]
    counted = frozenset().union(*(_cells(one) for one in part["numbers"]))
    beyond = [cell for cell in row if cell not in counted]
    if [row[cell] for cell in (*lacking, *beyond)] != [1, -1]:
        raise Wrong
    yield from ((cell, factor) for cell, factor in row.items() if cell not in (*lacking, *beyond))


def _cells(one: Mapping[str, Any]) -> frozenset[int]:
    return frozenset(cell for first, last in one["cells"] for cell in range(first, last + 1))
