"""What holds for every choice of what to withhold: how much each number that gives way lets another one move.

A number is hidden if it can move by so much, and moves only as far as others are withheld. The attacker's program
says what stands in its way, and how much each printed number would let through (capacity cuts: Fischetti and Salazar).
That is asked of choices in fractions, too, long before there is a choice in whole numbers. Numbers are here what they
are more, or less, than in truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import define, frozen

from reviewcore.disclosure.linked.audit import Audit, Side
from reviewcore.disclosure.linked.numbers import Floats, Guards, Ints
from reviewcore.disclosure.linked.solver import Budget, quiet
from reviewcore.disclosure.linked.values import LinkedTables

if TYPE_CHECKING:
    import highspy

SLACK = 1e-4
"""By how much a choice must miss a cut before it is worth while."""
SAFE = 1e-6
"""What a cut is loosened by, so that no rounding makes it wrong."""
AGAIN = 3
"""How often a move is sought anew with what moves little made dearer, so that fewer numbers do."""


@frozen
class Need:
    """A guard that must be able to move by so much: always, or while quantity `of` is withheld and not surely large."""

    guard: int
    side: Side
    by: int
    of: int = -1


@frozen
class Lesson:
    """The factors of quantities, 1 for one that is withheld, come to `least` or more.

    To them is added `by` where quantity `of` has to be hidden because it is not surely large, or nobody.
    """

    factors: tuple[tuple[int, float], ...]
    least: float
    of: int = -1
    by: float = 0.0


@define(eq=False)
class Cuts:
    """The program: a column for each quantity, then for each inner cell that is no quantity by itself.

    `turned` has two of each, for what it is more and what it is less.
    """

    guards: Guards
    values: Ints
    at: Ints
    left: Ints
    columns: Ints
    most: float
    must: frozenset[int]
    program: highspy.Highs
    turned: highspy.Highs
    budget: Budget

    @classmethod
    def of(cls, tables: LinkedTables, audit: Audit, must: Iterable[int]) -> Cuts:
        """Return the programs; the audit knows the true table first."""
        import numpy as np

        guards, truth, at = audit.guards, audit.tables[0], audit.found[0]
        size = guards.quantities
        columns = np.full(len(truth), -1, dtype=np.int64)
        stands = np.zeros(size, dtype=bool)
        for quantity in range(size):
            mine = guards.sums.at(quantity)
            if len(mine) == 1 and columns[mine[0]] < 0:
                columns[mine[0]], stands[quantity] = quantity, True
        left = np.flatnonzero(columns < 0)
        columns[left] = np.arange(size, size + len(left))
        rows: list[list[tuple[int, float]]] = []
        for quantity in np.flatnonzero(~stands).tolist():
            others, own = guards.made_of[quantity]
            parts = [*others, *columns[list(own)].tolist()]
            rows.append([*((one, 1.0) for one in parts), (quantity, -1.0)])
        rows += [[(int(columns[cell]), float(f)) for cell, f in one.cells.items()] for one in tables.told]
        most = float(2 * truth.sum() + 2 * audit.k)
        return cls(
            guards, at[:size], at, truth[left], columns, most, frozenset(must),
            _program(rows, size + len(left)),
            _program([[*row, *((size + len(left) + c, -f) for c, f in row)] for row in rows], 2 * (size + len(left))),
            audit.attacker.budget,
        )  # fmt: skip

    def needs(self, audit: Audit) -> list[Need]:
        """Return what every choice has to leave open, whatever else it withholds."""
        found = []
        for guard in range(len(self.guards)):
            if self.settled(guard, audit.k):
                both = self.need(audit, guard, "low"), self.need(audit, guard, "high")
                found += [need for need in both if need.by > 0]
        return found

    def need(self, audit: Audit, guard: int, side: Side, of: int = -1) -> Need:
        """Return by how much a guard must be able to move."""
        at = int(self.at[guard])
        by = at - int(audit.need_low[guard]) if side == "low" else int(audit.need_high[guard]) - at
        return Need(guard, side, by, of)

    def settled(self, guard: int, k: int) -> bool:
        """Return whether a guard must be hidden in any case, and not only while it is withheld."""
        if 0 < int(self.at[guard]) < k:
            return guard in self.must or guard >= self.guards.quantities
        whole = int(self.guards.whole[guard])
        return guard >= self.guards.quantities and whole >= 0 and int(self.at[whole]) > 0

    def missed(
        self, needs: Sequence[Need], chosen: Floats, spared: Floats | None = None
    ) -> list[Lesson | None]:
        """Return for each need a lesson that a choice misses, or None; `chosen` is 0 to 1 for each quantity.

        `spared` is how far the quantities of the needs must be hidden, where that is not in any case.
        """
        import numpy as np

        found: list[Lesson | None] = [None] * len(needs)
        for by in sorted({need.by for need in needs}):
            self._bound(np.minimum(self.values, by) * chosen, by * chosen)
            for place, need in enumerate(needs):
                if need.by == by:
                    wanted = 1.0 if need.of < 0 or spared is None else float(spared[need.of])
                    found[place] = self._missed(need, chosen, wanted)
        return found

    def lesson(self, need: Need, chosen: Floats) -> Lesson | None:
        """Return what is to be learnt from a choice in whole numbers that leaves too little open, if anything."""
        self._bound(self.values * chosen, self.most * chosen)
        return self._missed(need, chosen, 1.0)

    def _bound(self, less: Floats, more: Floats) -> None:
        import numpy as np

        low = np.concatenate((-less, -self.left)).astype(float)
        high = np.concatenate((more, np.full(len(self.left), self.most))).astype(float)
        self.program.changeColsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)

    def _missed(self, need: Need, chosen: Floats, wanted: float) -> Lesson | None:
        import highspy
        import numpy as np

        size, by = len(self.values), float(need.by)
        objective = self._objective(need.guard) * (1.0 if need.side == "low" else -1.0)
        every = np.arange(len(objective), dtype=np.int32)
        self.budget.spend()
        if need.of >= 0:
            own = self.program.getCol(need.of)
            self.program.changeColBounds(need.of, -float(self.values[need.of]), self.most)
        self.program.changeColsCost(len(every), every, objective)
        self.program.run()
        answer = self.program.getModelStatus() == highspy.HighsModelStatus.kOptimal
        duals = np.array(self.program.getSolution().col_dual) if answer else None
        moved = -float(self.program.getInfo().objective_function_value)
        if need.of >= 0:
            self.program.changeColBounds(need.of, own[2], own[3])
        if duals is None or moved > by * wanted - SLACK:
            return None
        shares = np.where(duals < -1e-9, by, 0.0)
        down = duals > 1e-9
        shares[:size][down[:size]] = np.minimum(duals[:size] * self.values, by)[down[:size]]
        # What an inner cell that nothing is printed of lets through, it lets through whatever is chosen.
        room = by - float((duals[size:] * self.left)[down[size:]].sum())
        if (duals[size:] < -1e-9).any() or room < 1e-6:
            return None
        factors = np.minimum(shares[:size], room) / room
        if need.of >= 0:
            factors[need.of] = 0.0
        if float(factors @ chosen) > wanted - SLACK / by:
            return None
        used = tuple((int(q), float(factors[q])) for q in np.flatnonzero(factors > 1e-9))
        return Lesson(used, 1.0 - SAFE) if need.of < 0 else Lesson(used, -SAFE, need.of, -1.0)

    def moving(self, quantity: int, change: int, chosen: Floats) -> frozenset[int] | None:
        """Return few of the chosen quantities that can move so that one changes by so much, or None where none can."""
        import highspy
        import numpy as np

        size, every = (
            len(self.values) + len(self.left),
            np.arange(2 * (len(self.values) + len(self.left)), dtype=np.int32),
        )
        rest = np.full(len(self.left), self.most)
        high = np.concatenate((self.most * chosen, rest, self.values * chosen, self.left)).astype(float)
        low = np.zeros(2 * size)
        up, down = quantity, size + quantity
        low[up], high[up] = max(change, 0), max(change, 0)
        low[down], high[down] = max(-change, 0), max(-change, 0)
        self.turned.changeColsBounds(2 * size, every, low, high)
        price = np.concatenate(
            (
                np.where(np.isin(np.arange(len(self.values)), list(self.must)), 0.001, 1.0),
                np.zeros(len(self.left)),
            )
        )
        costs, best = price, None
        for _ in range(AGAIN):
            self.budget.spend()
            self.turned.changeColsCost(2 * size, every, np.tile(costs, 2))
            self.turned.run()
            if self.turned.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            found = np.array(self.turned.getSolution().col_value)
            moved = found[:size] + found[size:]
            who = frozenset(map(int, np.flatnonzero(moved[: len(self.values)] > 1e-7))) - self.must
            if best is None or len(who) < len(best):
                best = who
            costs = price / (0.05 + moved / abs(change))
        return best

    def _objective(self, guard: int) -> Floats:
        import numpy as np

        found = np.zeros(len(self.values) + len(self.left))
        for number, factor in ((int(self.guards.plus[guard]), 1.0), (int(self.guards.minus[guard]), -1.0)):
            if number < len(self.values):
                found[number] += factor
            elif number != self.guards.none:
                np.add.at(found, self.columns[self.guards.sums.at(number)], factor)
        return found


def _program(rows: list[list[tuple[int, float]]], size: int) -> highspy.Highs:
    # Sums that come to nothing.
    import numpy as np

    program = quiet("primal")
    program.addVars(size, np.zeros(size), np.zeros(size))
    for row in rows:
        places = np.array([place for place, _ in row], dtype=np.int32)
        program.addRow(0.0, 0.0, len(row), places, np.array([factor for _, factor in row]))
    return program
