"""How small and how large sums of inner cells can be, given what is printed: over the cells alone, asked often.

Between questions only what is asked changes, and how many cases are known to be in some cells, so each starts from
the last one's answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from reviewcore.disclosure.linked.attacker import Impossible, near_whole
from reviewcore.disclosure.linked.numbers import Ints, whole_numbers
from reviewcore.disclosure.linked.solver import BUDGET, NODES, Budget, quiet
from reviewcore.errors import Refused

Row: TypeAlias = tuple[Sequence[int], Sequence[float], float, float]
"""Cells, the factor of each, the least and the most of their sum."""


class Reach:
    """All tables of whole numbers, none below 0, of which sums are within their least and most."""

    def __init__(self, size: int, rows: Sequence[Row]) -> None:
        import highspy
        import numpy as np

        self.budget = Budget(BUDGET)
        weighted = [row for row in rows if max(map(abs, row[1]), default=0) > 1]
        self.loose = [
            cell for row in weighted for cell, by in zip(row[0], row[1], strict=True) if abs(by) == 1
        ]
        self.every = np.arange(size, dtype=np.int32)
        self.most = highspy.kHighsInf
        self.program = quiet("primal")
        self.program.setOptionValue("simplex_scale_strategy", 0)
        self.program.addVars(size, np.zeros(size), np.full(size, self.most))
        starts = np.cumsum([0, *(len(row[0]) for row in rows)], dtype=np.int32)
        self.program.addRows(
            len(rows),
            np.array([row[2] for row in rows], dtype=float),
            np.array([row[3] for row in rows], dtype=float),
            int(starts[-1]),
            starts[:-1],
            np.array([cell for row in rows for cell in row[0]], dtype=np.int32),
            np.array([factor for row in rows for factor in row[1]], dtype=float),
        )

    def having(self, cells: Iterable[tuple[int, int]]) -> None:
        """Ask from now on of tables with at least so many in some cells."""
        for cell, least in cells:
            self.program.changeColBounds(cell, float(least), self.most)

    def largest(self, objective: Any) -> float:
        """Return how large a weighted sum can be, fractions allowed; raise Impossible where there is no table."""
        import highspy
        import numpy as np

        self.budget.spend()
        self.program.changeColsCost(len(self.every), self.every, -np.asarray(objective, dtype=float))
        self.program.run()
        optimal = highspy.HighsModelStatus.kOptimal
        if self.program.getModelStatus() != optimal:
            # Numerically astray from a bad start: once more from nothing.
            self.program.clearSolver()
            self.program.run()
            if self.program.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
                raise Impossible("what is printed of these tables contradicts itself; nothing is published")
            if self.program.getModelStatus() != optimal:
                raise Refused("the solver came to no result for these tables; nothing is published")
        return -float(self.program.getObjectiveValue())

    def table(self) -> Ints | None:
        """Return the table of the last answer, or of one near it; None where it is not of whole numbers."""
        import numpy as np

        found = np.array(self.program.getSolution().col_value)
        table = whole_numbers(found)
        return (
            near_whole(self.program, found, self.loose, self.budget)
            if table is None and self.loose
            else table
        )

    def prices(self) -> Any:
        """Return by how much at least the last answer falls with each case more that some cell is known to have."""
        import numpy as np

        return np.maximum(np.array(self.program.getSolution().col_dual), 0.0)

    def whole(self, of: Any, least: float, most: float) -> Ints | None:
        """Return a table of whole numbers in which a sum is from `least` to `most`, or None if none is found."""
        import highspy
        import numpy as np

        self.budget.spend()
        search = quiet("dual")
        search.passModel(self.program.getLp())
        for option in ("presolve", "solver"):
            search.setOptionValue(option, "choose")
        search.setOptionValue("mip_max_nodes", NODES)
        size = len(self.every)
        search.changeColsIntegrality(size, self.every, np.full(size, highspy.HighsVarType.kInteger))
        used = np.flatnonzero(of).astype(np.int32)
        search.addRow(float(least), float(most), len(used), used, np.ones(len(used)))
        search.changeColsCost(size, self.every, np.zeros(size))
        search.run()
        if search.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return whole_numbers(np.array(search.getSolution().col_value))
