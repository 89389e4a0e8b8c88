"""The attacker's question as a linear program: how small and how large can a number be, given all printed?

The unknown is a table of inner cells, each zero or more. What is printed fixes a sum; what is withheld
leaves it free. The same program serves for all questions, so each starts from the last one's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import define

from reviewcore.disclosure.linked.numbers import Guards, Ints, whole_numbers
from reviewcore.disclosure.linked.solver import NODES, TINY, Budget, quiet
from reviewcore.disclosure.linked.values import LinkedTables
from reviewcore.errors import Refused

if TYPE_CHECKING:
    import highspy

STEADY = (1.0, 0.8, 0.0)
"""What share of the cells that are whole stays when a whole table is looked for near an answer in fractions."""


class Impossible(Refused):
    """No table agrees with what is printed and told."""


@define(eq=False)
class Attacker:
    """All tables of inner cells that agree with what is printed and with what is told.

    `columns` has the place of each quantity in the program, after the inner cells; -1 for one that is never printed.
    `loose` are inner cells that say how far a weighted share is from what is told of it.
    """

    guards: Guards
    program: highspy.Highs
    size: int
    most: float
    budget: Budget
    columns: Ints
    loose: Ints

    @classmethod
    def of(
        cls,
        tables: LinkedTables,
        guards: Guards,
        most: int,
        budget: Budget,
        only: Sequence[int] | None = None,
    ) -> Attacker:
        """Return the attacker to whom nothing has been printed; `most` is more than any cell can be.

        `only` are the quantities that can be printed, where these are few.
        """
        import numpy as np

        wanted = list(range(guards.quantities) if only is None else only)
        size, rows = len(tables.counts), len(wanted)
        columns = np.full(guards.quantities, -1, dtype=np.int64)
        columns[wanted] = np.arange(rows) + size
        weighted = [one for one in tables.told if max(map(abs, one.cells.values()), default=0) > 1]
        loose = np.array(
            [cell for one in weighted for cell, by in one.cells.items() if abs(by) == 1], dtype=np.int64
        )
        # How far a weighted share is from what is told has no end; a large one makes the solver crash.
        high, room = np.full(size, float(most)), float("inf") if len(loose) else float(most * max(size, 1))
        high[loose] = float("inf")
        program = quiet("primal")
        program.addVars(size, np.zeros(size), high)
        program.addVars(rows, np.zeros(rows), np.full(rows, room))
        for quantity in wanted:
            others, own = (
                guards.made_of[quantity] if only is None else ((), guards.sums.at(quantity).tolist())
            )
            places = np.array([*own, *(size + other for other in others), columns[quantity]], dtype=np.int32)
            factors = np.array([1.0] * (len(places) - 1) + [-1.0])
            program.addRow(0.0, 0.0, len(places), places, factors)
        for told in tables.told:
            places = np.array(list(told.cells), dtype=np.int32)
            factors = np.array(list(told.cells.values()), dtype=float)
            program.addRow(float(told.value), float(told.value), len(places), places, factors)
        return cls(guards, program, size, room, budget, columns, loose)

    def print(self, quantity: int, value: int | tuple[int, int] | None) -> None:
        """Tell the attacker a quantity's number, or its least and most, or with None take it back."""
        if value is None:
            low, high = 0.0, self.most
        else:
            low, high = map(float, value) if isinstance(value, tuple) else (float(value), float(value))
        self.program.changeColBounds(int(self.columns[quantity]), float(low), float(high))

    def with_only(self, kept: Sequence[int]) -> Attacker:
        """Return another attacker, to whom of all that this one was told only some quantities were."""
        import numpy as np

        program = quiet("primal")
        program.passModel(self.program.getLp())
        lost = np.setdiff1d(self.columns[self.columns >= 0], self.columns[list(kept)]).astype(np.int32)
        program.changeColsBounds(len(lost), lost, np.zeros(len(lost)), np.full(len(lost), self.most))
        return Attacker(self.guards, program, self.size, self.most, self.budget, self.columns, self.loose)

    def objective(self, guard: int | None) -> Any:
        """Return the factor of each inner cell and of each quantity in a guard, or in nothing."""
        import numpy as np

        found = np.zeros(self.size + int((self.columns >= 0).sum()))
        if guard is None:
            return found
        for number, factor in ((int(self.guards.plus[guard]), 1.0), (int(self.guards.minus[guard]), -1.0)):
            if number < self.guards.quantities and self.columns[number] >= 0:
                found[self.columns[number]] += factor
            elif number != self.guards.none:
                found[self.guards.sums.at(number)] += factor
        return found

    def largest(self, objective: Any) -> float:
        """Return how large a objective can be, fractions allowed."""
        import highspy
        import numpy as np

        self.budget.spend()
        self.program.changeColsCost(len(objective), np.arange(len(objective), dtype=np.int32), -objective)
        self.program.run()
        if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Numerically astray from a bad start: once more from nothing.
            self.program.clearSolver()
            self.program.run()
            if self.program.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
                raise Impossible("what is printed of these tables contradicts itself; nothing is published")
            if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise Refused("the solver came to no result for these tables; nothing is published")
        return -float(self.program.getInfo().objective_function_value)

    def table(self) -> Ints | None:
        """Return the inner cells of the last answer, or of one near it; None where they are not whole numbers."""
        import numpy as np

        found = np.array(self.program.getSolution().col_value)
        table = whole_numbers(found[: self.size])
        if table is not None or not len(self.loose):
            return table
        return near_whole(self.program, found[: self.size], self.loose.tolist(), self.budget)

    def take(self, table: Ints) -> None:
        """Remember a table that agrees. Here none is needed to find others."""

    def factors(self) -> tuple[Any, Any]:
        """Return how much the last answer changes with each quantity's number, and with each that is told.

        The answer is that of the solver, which seeks the least: the objective with its sign turned.
        """
        import numpy as np

        solution = self.program.getSolution()
        duals = np.where(self.columns >= 0, np.array([*solution.col_dual, 0.0])[self.columns], 0.0)
        return duals, np.array(solution.row_dual)[int((self.columns >= 0).sum()) :]

    def because(self) -> frozenset[int]:
        """Return the quantities whose printed numbers the last answer follows from."""
        import numpy as np

        return frozenset(int(one) for one in np.flatnonzero(np.abs(self.factors()[0]) > 1e-9))

    def whole(self, guard: int | None, least: int, most: int) -> Ints | None:
        """Return a table of whole numbers in which a guard is from `least` to `most`, or None if none is found."""
        import highspy
        import numpy as np

        self.budget.spend()
        every = np.arange(self.program.getNumCol(), dtype=np.int32)
        search = quiet("dual")
        search.passModel(self.program.getLp())
        search.setOptionValue("presolve", "choose")
        search.setOptionValue("solver", "choose")
        search.setOptionValue("mip_max_nodes", NODES)
        if (left := self.budget.seconds()) is not None:
            search.setOptionValue("time_limit", left)
        search.changeColsIntegrality(
            self.size, every[: self.size], np.full(self.size, highspy.HighsVarType.kInteger)
        )
        if guard is not None:
            used = self.guards.cells(guard).astype(np.int32)
            search.addRow(float(least), float(most), len(used), used, np.ones(len(used)))
        search.changeColsCost(len(every), every, np.zeros(len(every)))
        search.run()
        self.budget.check()
        if search.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return whole_numbers(np.array(search.getSolution().col_value)[: self.size])


def near_whole(program: highspy.Highs, found: Any, loose: Sequence[int], budget: Budget) -> Ints | None:
    """Return a table of whole numbers near an answer in fractions, or None if none is found.

    Where a share is weighted, an end is seldom whole, and a whole table mostly a few cells away from it. `loose` are
    the inner cells that say how far the share is from what is told of it.
    """
    import highspy
    import numpy as np

    size = len(found)
    at = np.rint(found)
    steady = np.flatnonzero(np.abs(at - found) < TINY)
    steady = steady[~np.isin(steady, loose)]
    every = np.arange(size, dtype=np.int32)
    for share in STEADY:
        budget.spend()
        # Which of them stay does not matter, but that they are not the same ones every time.
        chance = np.random.default_rng(budget.spent)
        stay = np.sort(chance.permutation(steady)[: int(share * len(steady))]).astype(np.int32)
        search = quiet("dual")
        search.passModel(program.getLp())
        search.setOptionValue("presolve", "choose")
        search.setOptionValue("mip_max_nodes", NODES)
        search.changeColsBounds(len(stay), stay, at[stay], at[stay])
        search.changeColsIntegrality(size, every, np.full(size, highspy.HighsVarType.kInteger))
        search.run()
        if search.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return whole_numbers(np.array(search.getSolution().col_value)[:size])
    return None
