"""Moves: other tables that agree with what is printed, found as the cheapest way to change one number.

What an outsider must allow for is the true table moved by a few persons here and there. A move makes a
guard as small or as large as it must be able to be, and costs the weight of every printed number that has
to give way: those are then withheld. Moves that give way little are sought, since they stand when other
numbers are printed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from typing import TYPE_CHECKING, Any

from attrs import define, frozen

from reviewcore.disclosure.linked.grid import Grid
from reviewcore.disclosure.linked.numbers import Guards, Ints, whole_numbers
from reviewcore.disclosure.linked.solver import Budget, quiet
from reviewcore.disclosure.linked.values import LinkedTables

if TYPE_CHECKING:
    import highspy

WITHHELD = 0.02
"""What it costs to move a number that is withheld already, beside 1 for one that is printed."""
AGAIN = 2
"""How often a move is sought anew with what gives way little made dearer, so that fewer numbers do."""


@frozen(eq=False)
class Move:
    """What is added to each inner cell, None where that is not in whole numbers; who gives way for it."""

    change: Ints | None
    giving: tuple[int, ...]


@define(eq=False)
class Moves:
    """The program: a column for the change of each inner cell, and two for that of each guard, up and down.

    On a grid the inner cells are left out: there a table is found by exchanges.
    """

    guards: Guards
    truth: Ints
    values: Ints
    grid: Grid | None
    size: int
    program: highspy.Highs
    weights: Any
    costs: Any
    room: float
    budget: Budget

    @classmethod
    def of(
        cls, tables: LinkedTables, guards: Guards, truth: Ints, budget: Budget, grid: Grid | None = None
    ) -> Moves:
        """Return the program with every quantity printed."""
        import numpy as np

        size, rows = 0 if grid else len(truth), len(guards)
        program = quiet("dual")
        values = guards.values(truth)
        most = float(2 * truth.sum() + 2 * guards.least_high.max(initial=0))
        room = most * max(size, 1)
        program.addVars(size, -truth[:size].astype(float), np.full(size, most))
        program.addVars(rows, np.zeros(rows), np.full(rows, room))
        program.addVars(rows, np.zeros(rows), values.astype(float) if grid else np.full(rows, room))
        cells: list[list[int]] = []
        factors: list[list[float]] = []
        for row, others, own in _sums(guards, grid):
            # What gives way up, less what gives way down, is the change.
            plain = [(size + q, f) for q, f in others] + [(size + rows + q, -f) for q, f in others]
            plain += [(cell, 1.0) for cell in own] + [(size + row, -1.0), (size + rows + row, 1.0)]
            cells.append([place for place, _ in plain])
            factors.append([factor for _, factor in plain])
        starts = np.cumsum([0, *map(len, cells)])
        if cells:
            program.addRows(
                len(cells), np.zeros(len(cells)), np.zeros(len(cells)), int(starts[-1]), starts[:-1].astype(np.int32),
                np.array([c for one in cells for c in one], dtype=np.int32),
                np.array([f for one in factors for f in one]),
            )  # fmt: skip
        for told in tables.told:
            places = np.array(list(told.cells), dtype=np.int32)
            program.addRow(0.0, 0.0, len(places), places, np.array(list(told.cells.values()), dtype=float))
        weights = np.zeros(rows)
        weights[: guards.quantities] = [
            one.weight * (1 + log2(1 + int(value)) / 8)
            for one, value in zip(tables.quantities, values, strict=False)
        ]
        made = cls(guards, truth, values, grid, size, program, weights, weights.copy(), room, budget)
        made._price(weights)
        return made

    def withhold(self, quantity: int) -> None:
        """Let a quantity move nearly for nothing."""
        self.costs[quantity] = WITHHELD * self.weights[quantity]
        for place in self._places(quantity):
            self.program.changeColCost(place, float(self.costs[quantity]))

    def print(self, quantity: int) -> None:
        """Let a quantity move only at its full price."""
        self.costs[quantity] = self.weights[quantity]
        for place in self._places(quantity):
            self.program.changeColCost(place, float(self.costs[quantity]))

    def hold(self, quantity: int, fast: bool) -> None:
        """Let a quantity not move at all, or let it go again."""
        for place, room in zip(self._places(quantity), self._rooms(quantity), strict=True):
            self.program.changeColBounds(place, 0.0, 0.0 if fast else room)

    def seek(self, guard: int, change: int) -> Move | None:
        """Return a cheap move that changes a guard by just so much, or None where there is none."""
        import numpy as np

        up, down = self._places(guard)
        rows, size = len(self.guards), self.size
        self.program.changeColBounds(up, float(max(change, 0)), float(max(change, 0)))
        self.program.changeColBounds(down, float(max(-change, 0)), float(max(-change, 0)))
        best: tuple[tuple[float, bool], Move] | None = None
        altered = False
        for again in range(1 + AGAIN):
            found = self._solve()
            if found is None:
                break
            ups, downs = found[size : size + rows], found[size + rows :]
            gives = (ups + downs)[: self.guards.quantities]
            paid = self.costs[: self.guards.quantities] > WITHHELD * self.weights[: self.guards.quantities]
            giving = np.flatnonzero((gives > 1e-7) & paid)
            price = float(self.costs[giving].sum())
            whole = whole_numbers(ups - downs if self.grid else found[:size])
            if best is None or (price, whole is None) < best[0]:
                best = (price, whole is None), Move(whole, tuple(map(int, giving)))
            if again == AGAIN or (not giving.size and whole is not None):
                break
            factor = np.ones(rows)
            factor[: self.guards.quantities] = 1 / (0.05 + gives / max(1, abs(change)))
            self._price(self.costs * factor)
            altered = True
        if altered:
            self._price(self.costs)
        for place, room in zip((up, down), self._rooms(guard), strict=True):
            self.program.changeColBounds(place, 0.0, room)
        return self._table(best[1]) if best else None

    def _table(self, move: Move) -> Move:
        # On a grid, the numbers have changed so far; now a table that has them.
        if not self.grid or move.change is None:
            return move
        numbers = (self.values + move.change)[: self.guards.quantities]
        table = self.grid.table(numbers, self.truth)
        return Move(None if table is None else table - self.truth, move.giving)

    def _places(self, guard: int) -> tuple[int, int]:
        return self.size + guard, self.size + len(self.guards) + guard

    def _rooms(self, guard: int) -> tuple[float, float]:
        # How far a guard can go up and down; where inner cells hold it back, these are enough.
        return self.room, float(self.values[guard]) if self.grid else self.room

    def _price(self, costs: Any) -> None:
        import numpy as np

        rows, size = len(self.guards), self.size
        places = np.arange(size, size + 2 * rows, dtype=np.int32)
        self.program.changeColsCost(2 * rows, places, np.tile(costs, 2))

    def _solve(self) -> Any:
        import highspy
        import numpy as np

        self.budget.spend()
        self.program.run()
        if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self.program.getSolution().col_value)


def _sums(
    guards: Guards, grid: Grid | None
) -> Iterator[tuple[int, list[tuple[int, float]], tuple[int, ...]]]:
    # How every guard is made of quantities and inner cells; on a grid, all that adds up.
    for parts, whole in grid.relations() if grid else ():
        yield whole, [(one, 1.0) for one in parts], ()
    for row in range(guards.quantities if grid else 0, len(guards)):
        yield row, *_sum(guards, row)


def _sum(guards: Guards, row: int) -> tuple[list[tuple[int, float]], tuple[int, ...]]:
    # How a guard is made of quantities, each with its factor, and of inner cells.
    if row < guards.quantities:
        others, own = guards.made_of[row]
        return [(other, 1.0) for other in others], own
    plus, minus = int(guards.plus[row]), int(guards.minus[row])
    if minus == guards.none:
        return [], tuple(map(int, guards.sums.at(plus)))
    return [(plus, 1.0), (minus, -1.0)], ()
