"""Which other tables show that a large two-way table hides what it withholds, found without a linear program.

First whole tables in which as many numbers as possible are k-1 and the others 0; each serves thousands of
numbers. Then, for what is left, the shortest cycles.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import Factory, define

from reviewcore.disclosure.linked.numbers import Flags, Ints
from reviewcore.disclosure.linked.solver import Budget
from reviewcore.disclosure.linked.twoway import Flow

Place: TypeAlias = tuple[int, int]
FAR = 2**62
Sure: TypeAlias = Literal["large", "none"]
ROUNDS = 24
"""How many tables for many numbers at once are made at most."""


@define(eq=False)
class Witnesses:
    """Tables beside the first, `base`, each as the places where it differs and by how much.

    `low` and `high` have, for each place, the table that shows it small or large enough; -1 while there is none
    and 0 for the base itself. Low is 0, or surely k or more; and in any case `most_low` at most, and surely
    nobody only where that is `FAR`.
    """

    base: Ints
    flow: Flow
    need_high: Ints
    most_low: Ints
    k: int
    budget: Budget
    low: Ints
    high: Ints
    changes: list[tuple[Ints, Ints]] = Factory(list)

    @classmethod
    def of(cls, base: Ints, withheld: Flags, k: int, budget: Budget) -> Witnesses:
        """Return what the base alone shows, where every withheld number must be able to be 0 and k-1."""
        import numpy as np

        none = np.full(base.shape, -1)
        return cls(base, Flow.of(base, withheld), np.full(base.shape, k - 1), np.full(base.shape, FAR), k, budget,
                   none, none.copy())  # fmt: skip

    def settle(self) -> tuple[dict[Place, Sure], list[tuple[Place, int]]]:
        """Find what is wanting. Return what is sure to be large or nobody, and what is too narrow, with its goal."""
        import numpy as np

        self._credit(0, np.arange(self.base.size))
        self._spread()
        sure: dict[Place, Sure] = {}
        narrow: list[tuple[Place, int]] = []
        for side in (self.high, self.low):
            wanting = np.argwhere(self.flow.withheld & (side < 0))
            for place, (i, j) in enumerate(wanting.tolist()):
                if side[i, j] < 0 and (i, j) not in sure:
                    self.budget.spend()
                    self.budget.tell("proving", len(wanting) - place)
                    goal = int(self.need_high[i, j]) if side is self.high else 0
                    end = self.single((i, j), goal)
                    if side is self.low and self.k <= end <= self.most_low[i, j]:
                        sure[i, j] = "large"
                    elif side is self.high and end == 0 and self.most_low[i, j] == FAR:
                        sure[i, j] = "none"
                    elif side[i, j] < 0:
                        narrow.append(((i, j), goal))
        return sure, narrow

    def single(self, place: Place, goal: int) -> int:
        """Bring one number as near to a goal as it goes, and return where it comes to; keep the table if it helps."""
        import numpy as np

        done = self.flow.move(*place, goal)
        end = int(self.flow.table[place])
        touched = {place} | {(i, j) for way, _ in done for i, j, _ in way}
        at = np.array(sorted(i * self.base.shape[1] + j for i, j in touched))
        if end == goal:
            self._take(at)
        for i, j in touched:
            self.flow.set(i, j, int(self.base[i, j]))
        return end

    def _take(self, at: Ints) -> None:
        by = self.flow.table.ravel()[at] - self.base.ravel()[at]
        at, by = at[by != 0], by[by != 0]
        self.changes.append((at, by))
        self._credit(len(self.changes), at)

    def _credit(self, number: int, at: Ints) -> None:
        value = self.flow.table.ravel()[at]
        held = self.flow.withheld.ravel()[at]
        for side, enough in (
            (self.low.ravel(), value <= 0),
            (self.high.ravel(), value >= self.need_high.ravel()[at]),
        ):
            new = at[held & enough & (side[at] < 0)]
            side[new] = number

    def _spread(self) -> None:
        # As many of the wanting as possible are made k-1 at once, and what then does not add up is evened out.
        import numpy as np

        for again in range(ROUNDS):
            inner = self.flow.withheld.copy()
            inner[-1], inner[:, -1] = False, False
            wanting = np.argwhere(inner & (self.high < 0))
            if len(wanting) < max(50, 0.01 * inner.sum()):
                return
            self.budget.spend()
            self.budget.tell("proving", len(wanting))
            empty = np.where(inner, 0, self.base)
            flow = Flow.of(empty, self.flow.withheld)
            rows, columns = flow.loose()
            left, short = rows.tolist(), (-columns).tolist()
            goal = self.k - 1
            for i, j in wanting[np.random.default_rng(again).permutation(len(wanting))].tolist():
                if left[i] >= goal and short[j] >= goal:
                    left[i] -= goal
                    short[j] -= goal
                    flow.set(i, j, goal)
            if not flow.even_out():
                return
            kept, self.flow = self.flow, flow
            self._take(np.flatnonzero((flow.table != self.base).ravel()))
            self.flow = kept
            if int((inner & (self.high < 0)).sum()) > 0.9 * len(wanting):
                return
