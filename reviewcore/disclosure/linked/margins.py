"""The attacker on the margins of a grid: the numbers themselves are the unknown, not the many inner cells.

What cannot be by what the numbers add up to cannot be at all. That something can be is shown by a whole table with
such numbers, found by exchanges, and where that fails by a search among all inner cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field

from reviewcore.disclosure.linked.attacker import Attacker
from reviewcore.disclosure.linked.grid import AGAIN, Grid
from reviewcore.disclosure.linked.nearest import nearest
from reviewcore.disclosure.linked.numbers import Guards, Ints
from reviewcore.disclosure.linked.solver import Budget, quiet
from reviewcore.disclosure.linked.values import LinkedTables
from reviewcore.disclosure.linked.wide import Wide, wide

MANY = 300
"""From how many inner cells on they are left out."""
TRIES = 3
"""How often numbers are chosen anew, for which a table is then found or not."""
CORNERS = 12
"""How many ends the first table is put between."""
MISSED = 12.0
"""What it costs to miss a goal by one, beside 1 for every number that changes by one."""


def attacker(
    tables: LinkedTables,
    guards: Guards,
    most: int,
    budget: Budget,
    grid: Grid | None,
    only: Sequence[int] | None = None,
) -> Attacker:
    """Return the attacker who suits the tables: on the margins of a grid, or on inner cells, as `Attacker.of`."""
    if grid:
        return Margins.on(grid, tables, guards, most, budget)
    if wide(tables):
        return Wide.on(tables, guards, most, budget)
    return Attacker.of(tables, guards, most, budget, only)


def grid_of(tables: LinkedTables, guards: Guards) -> Grid | None:
    """Return the grid of tables with so many inner cells that these are better left out."""
    inner = len(guards.sums) > guards.quantities
    return Grid.of(tables) if len(tables.counts) > MANY and not inner else None


@define(eq=False)
class Margins(Attacker):
    """`first` is the table from which all others are looked for; `inner` makes the attacker on inner cells."""

    grid: Grid
    relations: list[tuple[list[int], int]]
    inner: Callable[[], Attacker]
    first: Ints | None = None
    printed: dict[int, tuple[int, int]] = field(factory=dict)
    slow: Attacker | None = None

    @classmethod
    def on(cls, grid: Grid, tables: LinkedTables, guards: Guards, most: int, budget: Budget) -> Margins:
        """Return the attacker to whom nothing has been printed."""
        import numpy as np

        size, relations = guards.quantities, grid.relations()
        program = quiet("primal")
        program.addVars(size, np.zeros(size), np.full(size, float(most)))
        for parts, whole in relations:
            places = np.array([*parts, whole], dtype=np.int32)
            program.addRow(0.0, 0.0, len(places), places, np.array([1.0] * len(parts) + [-1.0]))

        def inner() -> Attacker:
            return Attacker.of(tables, guards, most, budget)

        return cls(
            guards, program, 0, float(most), budget, np.arange(size), np.arange(0), grid, relations, inner
        )

    def print(self, quantity: int, value: int | tuple[int, int] | None) -> None:
        """Tell the attacker a quantity's number, or its least and most, or with None take it back."""
        super().print(quantity, value)
        if value is None:
            self.printed.pop(quantity, None)
        else:
            self.printed[quantity] = value if isinstance(value, tuple) else (value, value)
        if self.slow:
            self.slow.print(quantity, value)

    def take(self, table: Ints) -> None:
        """Remember a table that agrees, where it is the first: others are looked for from it."""
        if self.first is None:
            self.first = table

    def table(self) -> Ints | None:
        """Return a first table. After that, none: the last answer is the farthest from it, and `whole` is near."""
        return self._near([], 0) if self.first is None else None

    def towards(self, goals: list[tuple[int, int, int]]) -> Ints | None:
        """Return a table in which guards are as far as can well be from their least to their most, or None."""
        return self._near(goals, 0, MISSED)

    def factors(self) -> tuple[Any, Any]:
        """Return how much the last answer changes with each quantity's number; nothing else is told."""
        import numpy as np

        return np.array(self.program.getSolution().col_dual), np.zeros(0)

    def whole(self, guard: int | None, least: int, most: int) -> Ints | None:
        """Return a table of whole numbers in which a guard is from `least` to `most`, or None if none is found."""
        goals = [] if guard is None else [(guard, least, most)]
        for again in range(TRIES):
            table = self._near(goals, again)
            if table is not None:
                return table
        if self.slow is None:
            self.slow = self.inner()
            for quantity, span in self.printed.items():
                self.slow.print(quantity, span)
        return self.slow.whole(guard, least, most)

    def _near(self, goals: list[tuple[int, int, int]], seed: int, missed: float = 0.0) -> Ints | None:
        self.budget.spend()
        base = (
            self._middle() if self.first is None else self.guards.values(self.first)[: self.guards.quantities]
        )
        wanted = [(self.objective(guard), float(least), float(most)) for guard, least, most in goals]
        numbers = nearest(base, self.relations, self.printed, wanted, self.most, seed, missed)
        return None if numbers is None else self.grid.table(numbers, self.first, 1 if missed else AGAIN)

    def _middle(self) -> Ints:
        # Numbers from which there is room on all sides: between some that are as far apart as can be.
        import numpy as np

        source, found = np.random.default_rng(0), []
        for _ in range(CORNERS):
            self.largest(source.normal(size=self.guards.quantities))
            found.append(np.array(self.program.getSolution().col_value))
        middle: Ints = np.rint(np.mean(found, axis=0)).astype(np.int64)
        return middle
