"""Whole tables near a given one, in which many guards at once come to their goals.

The unknown is by how much each column of `Lines` goes up and down. What is printed does not move, or moves at its
price. One linear program serves a whole batch of goals. What is near moves little, and so the answer is often in whole
numbers; where it is not, it is made so by diving: what is nearly whole is kept so, and all else is solved anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, frozen

from reviewcore.disclosure.linked.lines import Lines
from reviewcore.disclosure.linked.numbers import Flags, Floats, Ints, whole_numbers
from reviewcore.disclosure.linked.solver import TINY, Budget, quiet

if TYPE_CHECKING:
    import highspy

Goal: TypeAlias = tuple[int, int, int]
"""A guard, and the least and most that it is to be."""
SHARE = 4
"""Of what is not whole yet, one in so many is made whole at a time."""
FEWER, FAILS = 3, 3
"""By how much fewer where that cannot be, and how often it may not be before a dive is given up."""
DEPTH = 300
"""How often at most something is made whole in one dive."""
LITTLE, USUAL = 0.05, 4.0
"""What moves little is made dearer, by so much at most, in shares of what usually moves."""


@frozen(eq=False)
class Nearby:
    """By how much every column moves, and the same of the inner cells in whole numbers, None where they are not."""

    moved: Floats
    change: Ints | None


@frozen(eq=False)
class Rules:
    """What it costs to move each column by one, infinite where it may not move, and its least and most."""

    prices: Floats
    low: Floats
    high: Floats


def nearby(
    lines: Lines,
    table: Ints,
    goals: Sequence[Goal],
    rules: Rules,
    missed: float,
    budget: Budget,
    again: int = 0,
) -> Nearby | None:
    """Return a table near a given one, None where the solver finds none.

    `missed` is what it costs to miss a goal by one. `again` is how often all is sought anew with what moves little
    made dearer, so that fewer columns move.
    """
    import numpy as np

    kept = np.isfinite(rules.prices)
    search = _Search.of(lines, table, goals, rules, kept)
    plain, few = rules.prices[kept], int(kept.sum())
    best: tuple[float, Floats, Floats] | None = None
    costs = plain
    for _ in range(1 + again):
        budget.spend()
        found = search.solve(np.concatenate((costs, costs, np.full(len(goals), missed))))
        if found is None:
            break
        much = found[:few] + found[few : 2 * few]
        paid = float(plain[much > TINY].sum()) + missed * float(found[2 * few :].sum())
        if best is None or paid < best[0]:
            best = paid, found, costs
        costs = plain / (LITTLE + much / USUAL)
    if best is None:
        return None
    moved = np.zeros(len(lines))
    moved[kept] = best[1][:few] - best[1][few : 2 * few]
    whole = search.dive(best[1], np.concatenate((best[2], best[2], np.full(len(goals), missed))), budget)
    if whole is None:
        return Nearby(moved, None)
    change = np.zeros(lines.size, dtype=np.int64)
    change[kept[: lines.size]] = whole
    return Nearby(lines.values(change).astype(float), change)


@define(eq=False)
class _Search:
    """The program: `few` columns upward, as many downward, and one for each goal, by how much it is missed."""

    program: highspy.Highs
    few: int
    cells: int
    low: Floats
    high: Floats

    @classmethod
    def of(cls, lines: Lines, table: Ints, goals: Sequence[Goal], rules: Rules, kept: Flags) -> _Search:
        import highspy
        import numpy as np

        few, new, at = int(kept.sum()), np.cumsum(kept) - 1, lines.values(table)
        none = np.zeros(len(goals))
        low = np.concatenate((np.zeros(2 * few), none))
        high = np.concatenate(((rules.high - at)[kept], (at - rules.low)[kept], none + highspy.kHighsInf))
        program = quiet("dual")
        program.setOptionValue("presolve", "choose")
        program.addVars(len(low), low, high)
        lines.add_to(program, kept, True)
        for number, (guard, least, most) in enumerate(goals):
            places, factors = lines.factors(guard)
            now = float(factors @ at[places])
            factors = factors if now < least else -factors
            mine = kept[places]
            places, factors = new[places[mine]], factors[mine]
            program.addRow(
                max(least - now, now - most, 0.0), highspy.kHighsInf, 2 * len(places) + 1,
                np.array([*places, *(places + few), 2 * few + number], dtype=np.int32),
                np.array([*factors, *-factors, 1.0]),
            )  # fmt: skip
        return cls(program, few, int(kept[: lines.size].sum()), low, high)

    def solve(self, costs: Floats) -> Floats | None:
        """Return the cheapest answer within the bounds, or None where there is none."""
        import highspy
        import numpy as np

        every = np.arange(len(costs), dtype=np.int32)
        self.program.changeColsCost(len(every), every, costs)
        self.program.run()
        if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self.program.getSolution().col_value)

    def dive(self, found: Floats, costs: Floats, budget: Budget) -> Ints | None:
        """Return by how much the inner cells move in an answer near one in fractions, or None where none is found."""
        import numpy as np

        every = np.arange(len(found), dtype=np.int32)
        share, failed = SHARE, 0
        for _ in range(DEPTH):
            net = found[: self.cells] - found[self.few : self.few + self.cells]
            if (whole := whole_numbers(net)) is not None:
                return whole
            off = np.abs(net - np.rint(net))
            loose = np.flatnonzero(off > TINY)
            nearly = loose[np.argsort(off[loose], kind="stable")]
            before = self.low.copy(), self.high.copy()
            for cell in nearly[: max(1, len(nearly) // share)].tolist():
                self._keep(cell, float(net[cell]))
            budget.spend()
            self.program.changeColsBounds(len(every), every, self.low, self.high)
            answer = self.solve(costs)
            if answer is not None:
                found = answer
                continue
            (self.low, self.high), share, failed = before, share * FEWER, failed + 1
            if failed > FAILS:
                return None
        return None

    def _keep(self, cell: int, net: float) -> None:
        # It moves by the nearest whole number or more, or by it or less.
        mine, other = (cell, self.few + cell) if net > 0 else (self.few + cell, cell)
        goal = round(abs(net))
        if goal > abs(net):
            self.low[mine], self.high[other] = goal, 0.0
        else:
            self.high[mine] = goal
