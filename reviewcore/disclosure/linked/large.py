"""Suppression and proof of a large two-way table: cycles through withheld numbers, and no linear program.

What is proved is what `suppress` and `certificate` prove of any tables, in the same form.
"""

from __future__ import annotations

from reviewcore.disclosure.linked.numbers import Flags, Ints
from reviewcore.disclosure.linked.solver import Budget
from reviewcore.disclosure.linked.twoway import Arc, Flow, TwoWay
from reviewcore.disclosure.linked.values import LinkedTables, Protected
from reviewcore.disclosure.linked.witnesses import FAR, Place, Witnesses
from reviewcore.errors import Refused

LARGE = 400
"""From how many quantities on a two-way table is protected here."""
MOST = 5000
"""Up to how many one that is not fit for it is protected by linear programs."""
PRINT_AGAIN = 200
"""How many withheld cells at most are tried again."""
LOPSIDED = (
    "a table of this size in which a row or a column has nearly everybody, all together are few, or a large "
    "total is not to be told, cannot be protected; publish fewer rows and columns, or coarser ones"
)


class Lopsided(Refused):
    """The table is not one that is protected here."""

    def __init__(self) -> None:
        super().__init__(LOPSIDED)


def two_way(tables: LinkedTables) -> TwoWay | None:
    """Return tables as the two-way table that they are, where that is a large one and stands alone."""
    alone = len(tables.quantities) > LARGE and not any(one.table for one in tables.quantities)
    return TwoWay.of(tables) if alone else None


def suppress(
    two: TwoWay, tables: LinkedTables, k: int, t: int, budget: Budget, withheld: frozenset[str] = frozenset()
) -> Protected:
    """Return what may be printed of a large two-way table; `withheld` is withheld in any case.

    Raises Lopsided where a row or a column has nearly everybody, all together are few, or a total is withheld
    that need not be for its size: beside that, a cell tells more than here is looked at.
    """
    import numpy as np

    truth = two.table(np.array(tables.counts, dtype=np.int64))
    total = int(truth[-1, -1])
    margins = np.concatenate((truth[:-1, -1], truth[-1, :-1]))
    if total < k or int(margins.max()) > total - max(k, t + 1):
        raise Lopsided
    exists = two.number >= 0
    small = exists & (truth > 0) & (truth < k)
    hidden = small.copy()
    hidden |= exists & np.array([one.name in withheld for one in tables.quantities])[two.number]
    if (hidden & ~small)[-1].any() or (hidden & ~small)[:, -1].any():
        raise Lopsided
    work = _Work(tables, two, truth, hidden, k, budget)
    work.near_all(t)
    work.mend()
    work.print_again()
    hidden = work.found.flow.withheld
    shown: dict[str, int | None] = {}
    values = np.empty(len(tables.quantities), dtype=np.int64)
    values[two.number[exists]] = np.where(hidden, -1, truth)[exists]
    for one, value in zip(tables.quantities, values.tolist(), strict=True):
        shown[one.name] = None if value < 0 else value
    rates = (one for one in tables.rates if shown[one.part] is not None and shown[one.whole] is not None)
    few = int(small.sum())
    further = int(hidden.sum()) - few
    return Protected(shown, frozenset(one.name for one in rates), few, further, budget.spent)


class _Work:
    """The table, what of it is withheld so far, and what shows that this is enough."""

    def __init__(
        self, tables: LinkedTables, two: TwoWay, truth: Ints, withheld: Flags, k: int, budget: Budget
    ) -> None:
        import numpy as np

        self.tables, self.truth, self.budget, self.must = tables, truth, budget, withheld.copy()
        self.found = Witnesses.of(truth, withheld, k, budget)
        self.why: dict[Place, tuple[Place, int]] = {}
        # Margins other than small ones stay: what is left of them beside a cell is then as open as the cell is.
        self.may = two.cell >= 0
        weights = np.array([one.weight for one in tables.quantities])
        self.price = np.where(two.number >= 0, weights[two.number], 1) * (1 + np.log2(1 + truth) / 8)

    def near_all(self, t: int) -> None:
        """Withhold a cell beside which a row or a column has too few left, and ask for as much as hides those."""
        import numpy as np

        k, held = self.found.k, self.found
        split = {(one.whole, part) for one in self.tables.splits for part in one.parts}
        for margin in (self.truth[:-1, -1:], self.truth[-1:, :-1]):
            inner = self.truth[:-1, :-1]
            rest = np.broadcast_to(margin, inner.shape) - inner
            few = (rest > 0) & (rest < k) & (np.broadcast_to(margin, inner.shape) >= k)
            if split:
                few |= (rest <= t) & (np.broadcast_to(margin, inner.shape) >= k)
            for i, j in np.argwhere(few & self.may[:-1, :-1]).tolist():
                whole = int(np.broadcast_to(margin, inner.shape)[i, j])
                held.flow.withheld[i, j] = True
                held.flow.set(i, j, int(self.truth[i, j]))
                held.most_low[i, j] = min(int(held.most_low[i, j]), whole - max(k - 1, t + 1))
                if rest[i, j]:
                    held.need_high[i, j] = max(int(held.need_high[i, j]), whole)
        if split:
            self._lone()
        self.must = held.flow.withheld.copy()

    def _lone(self) -> None:
        # In a small row that is all in one cell, one that is empty is withheld too: the other could be in that one.
        # An empty one that is withheld in any case does not do, since it may be told as nobody.
        import numpy as np

        flow = self.found.flow
        most = self.found.most_low
        for table, withheld, may, low, turned in (
            (self.truth, flow.withheld, self.may, most, False),
            (self.truth.T, flow.withheld.T, self.may.T, most.T, True),
        ):
            small = np.flatnonzero((table[:-1, -1] > 0) & withheld[:-1, -1])
            for i in small.tolist():
                some = withheld[i, :-1] & may[i, :-1] & ((table[i, :-1] > 0) | (low[i, :-1] < FAR))
                if int(some.sum()) == 1:
                    empty = np.flatnonzero(may[i, :-1] & ~some)
                    if not empty.size:
                        raise Lopsided
                    j = int(empty[table[-1, empty].argmax()])
                    at = (j, i) if turned else (i, j)
                    flow.withheld[at] = True
                    flow.set(*at, int(self.truth[at]))
                    most[at] = FAR - 1

    def mend(self) -> None:
        """Withhold further cells until all that is withheld is hidden."""
        while True:
            _, narrow = self.found.settle()
            if not narrow:
                return
            narrow.sort(key=lambda one: (int(self.truth[one[0]]), one))
            for number, (place, goal) in enumerate(narrow):
                self.budget.spend()
                self.budget.tell("withholding", len(narrow) - number)
                if self.found.single(place, goal) != goal:
                    self._open(place, goal)
                    self.found.single(place, goal)

    def _open(self, place: Place, goal: int) -> None:
        # Let a number move as far as it goes, then withhold what stands in the cheapest way for the rest.
        flow = self.found.flow
        work = Flow.of(self.truth, flow.withheld)
        up = goal > int(self.truth[place])
        work.move(*place, goal)
        while left := abs(goal - int(work.table[place])):
            way = self._cheapest(work, place, up, left) or self._cheapest(work, place, up, 1)
            if way is None:
                raise Lopsided
            for i, j, _ in way:
                if not work.withheld[i, j]:
                    self.why[i, j] = place, goal
                    for one in (work, flow):
                        one.withheld[i, j] = True
                        one.set(i, j, int(one.table[i, j]))
            work.move(*place, goal)

    def _cheapest(self, work: Flow, place: Place, up: bool, much: int) -> list[Arc] | None:
        # In rounds: wherever withheld arcs lead, then over one printed arc more, at the least price.
        import numpy as np

        start, rows, columns = work.ends(*place, up)
        wanted = rows, columns
        may = self.may & ~work.withheld
        over = np.where(may, self.price, np.inf), np.where(may & (work.table >= much), self.price, np.inf).T
        cost = np.full(len(rows), np.inf), np.full(len(columns), np.inf)
        came = np.full(len(rows), -1), np.full(len(columns), -1)
        cost[0 if start[0] else 1][start[1]] = 0
        done = np.zeros(len(rows), dtype=bool), np.zeros(len(columns), dtype=bool)
        with work.without(*place):
            while True:
                # The nearest first, all of the same price at once.
                near = [np.where(done[s], np.inf, cost[s]) for s in (0, 1)]
                least = min(float(one.min()) for one in near)
                if least == np.inf:
                    return None
                for side in (0, 1):
                    at = np.flatnonzero(near[side] == least)
                    if not at.size:
                        continue
                    done[side][at] = True
                    if (hit := at[wanted[side][at]]).size:
                        return work._trace(start, (side == 0, int(hit[0])), *came)
                    free = (work.out, work.back)[side][at]
                    price = least + np.where(free, 0.0, over[side][at])
                    best = price.argmin(axis=0)
                    found = price[best, np.arange(price.shape[1])]
                    nearer = np.flatnonzero((found < cost[1 - side]) & ~done[1 - side])
                    cost[1 - side][nearer] = found[nearer]
                    came[1 - side][nearer] = at[best[nearer]]

    def print_again(self) -> None:
        """Print again what need not be withheld, the dearest first."""
        import numpy as np

        again = np.argwhere(self.found.flow.withheld & ~self.must).tolist()
        again.sort(key=lambda one: -float(self.price[tuple(one)]))
        for number, (i, j) in enumerate(again[:PRINT_AGAIN]):
            self.budget.spend()
            self.budget.tell("printing again", len(again) - number)
            left = self.found.flow.withheld.copy()
            left[i, j] = False
            trial = Witnesses.of(self.truth, left, self.found.k, self.budget)
            trial.need_high, trial.most_low = self.found.need_high, self.found.most_low
            # First the number for whose sake it was withheld: mostly it is needed still, if that is not printed by now.
            place, goal = self.why[i, j]
            enough = not left[place] or trial.single(place, goal) == goal
            if enough and not trial.settle()[1]:
                self.found = trial
