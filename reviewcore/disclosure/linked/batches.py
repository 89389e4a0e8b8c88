"""Suppression of wide tables: what hides many numbers at once is withheld at once.

First all that is narrow is mended in fractions: a batch of guards that cannot come to their goals asks for one table
in which all of them have, at the least price of what is printed, and what has to move for it is withheld. Then whole
tables are found for all of them, each of which serves hundreds. Nothing is believed safe but by those.
"""

from __future__ import annotations

from collections import Counter
from math import log2
from random import Random
from typing import Any

from attrs import Factory, define, field

from reviewcore.disclosure.linked.audit import FAR, Audit, Side
from reviewcore.disclosure.linked.nearby import Goal, Rules, nearby
from reviewcore.disclosure.linked.numbers import Flags, Floats, Ints
from reviewcore.disclosure.linked.solver import TINY
from reviewcore.disclosure.linked.values import LinkedTables
from reviewcore.disclosure.linked.wide import FREE, Wide
from reviewcore.errors import Refused

BATCH, BATCHES = 20, 8
"""How many guards ask at once at most, and into how many batches at least all that are open are put."""
PRICE, MISSED = 50.0, 100.0
"""What it costs to move a printed number by one, beside a withheld one; to miss a goal, beside the dearest number."""
AGAIN = 2
"""How often what gives way little is made dearer, so that fewer numbers do."""
EFFORT, FEW = 200_000, 8
"""How many linear programs may be solved to print again, times their columns; after how many all is asked at once."""
ROUNDS, GAIN = 50, 0.03
"""How often at most all that is open is tried together, and what share must be gained for another time."""


def mend(tables: LinkedTables, audit: Audit, attacker: Wide, hidden: set[int]) -> None:
    """Withhold further quantities than are `hidden` for their own sake until every guard is safe.

    The audit is one that knows the true table alone.
    """
    import numpy as np

    truth, values = audit.tables[0], audit.found[0]
    weights = [
        one.weight * (1 + log2(1 + int(value)) / 8)
        for one, value in zip(tables.quantities, values, strict=False)
    ]
    source = Random(0)  # noqa: S311  # who asks first, no secret
    work = _Work(audit, attacker, truth, np.array(weights), source, [values.astype(float)])
    work.loosen()
    work.print_again(hidden)
    while True:
        work.loosen()
        work.settle()
        sides = audit.open_sides()
        if not sides:
            return
        work.withhold_any(sides[0][0])


@define(eq=False)
class _Work:
    """The tables and what is hidden of them.

    `ways` is what every guard is in tables in fractions that agree with what is printed, `low` and `high` the least and
    most of these, and `why` for which guards a quantity was withheld.
    """

    audit: Audit
    attacker: Wide
    truth: Ints
    weights: Floats
    source: Random
    ways: list[Floats]
    low: Floats = field(init=False)
    high: Floats = field(init=False)
    why: dict[int, list[Goal]] = Factory(dict)
    failed: Counter[tuple[int, Side]] = Factory(Counter)

    def __attrs_post_init__(self) -> None:
        self._look_again()

    def loosen(self) -> None:
        """Withhold further quantities until every guard can come to its goals in fractions."""
        while True:
            self.audit.plainly_sure()
            self._ends()
            narrow = self._narrow()
            if not narrow:
                return
            self.audit.attacker.budget.tell("withholding", len(self._unseen()))
            if not self._withhold_for([self._goal(*one) for one in dict(narrow).items()]):
                self.withhold_any(narrow[0][0])

    def _ends(self, rounds: int = ROUNDS) -> None:
        # How far all that is unseen goes, all of it at a time, as long as that shows much.
        left = self._unseen()
        for _ in range(rounds):
            objective = self.attacker.objective(None)
            for guard, side in left:
                places, factors = self.attacker.lines.factors(guard)
                objective[places] += (-1 if side == "low" else 1) * self.source.random() * factors
            self.attacker.largest(objective)
            self._see(self.attacker.program.getSolution().col_value)
            before, left = len(left), self._unseen()
            if len(left) > (1 - GAIN) * before:
                return

    def _see(self, columns: Any) -> None:
        # How far each guard comes in a table in fractions. While nothing is printed, it can go on coming there.
        import numpy as np

        at: Any = self.audit.guards.values(np.array(columns)[: self.attacker.size])
        self.ways.append(at)
        np.minimum(self.low, at, out=self.low)
        np.maximum(self.high, at, out=self.high)

    def _look_again(self) -> None:
        import numpy as np

        ways = np.array(self.ways)
        self.low, self.high = ways.min(axis=0), ways.max(axis=0)

    def _seen(self, guard: int, side: Side) -> bool:
        if side == "low":
            return bool(self.low[guard] <= self.audit.need_low[guard] + TINY)
        return bool(self.high[guard] >= self.audit.need_high[guard] - TINY)

    def _unseen(self) -> list[tuple[int, Side]]:
        low = (self.low > self.audit.need_low + TINY).tolist()
        high = (self.high < self.audit.need_high - TINY).tolist()
        return [one for one in self.audit.open_sides() if (low if one[1] == "low" else high)[one[0]]]

    def _narrow(self) -> list[tuple[int, Side]]:
        # Some guards that cannot come to their goals. Large numbers last: they are mostly free by then.
        audit, found = self.audit, list[tuple[int, Side]]()
        sides, at = self._unseen(), audit.found[0]
        most = min(max(len(sides) // BATCHES, 2), BATCH)
        self.source.shuffle(sides)
        sides.sort(key=lambda one: bool(at[one[0]] >= audit.k))
        for guard, side in sides:
            if self._seen(guard, side):
                continue
            if found and at[guard] >= audit.k > at[found[0][0]]:
                break
            if not audit.can(guard, side):
                found.append((guard, side))
                if len(found) == most:
                    break
            self._see(self.attacker.program.getSolution().col_value)
        return found

    def _withhold_for(self, goals: list[Goal]) -> bool:
        # Withhold what lets some guards come to their goals; return whether there is anything.
        import numpy as np

        audit, columns = self.audit, self.attacker.columns
        free, printed = self.attacker.rules(), audit.shown >= 0
        prices = np.where(np.isfinite(free.prices), free.prices, FREE)
        prices[columns[printed]] = np.maximum(PRICE * self.weights[printed], FREE)
        rules = Rules(prices, np.zeros(len(prices)), np.full(len(prices), np.inf))
        missed = MISSED * float(prices.max())
        found = nearby(self.attacker.lines, self.truth, goals, rules, missed, audit.attacker.budget, AGAIN)
        giving: Flags = printed & (np.abs(found.moved[columns]) > TINY) if found else np.zeros_like(printed)
        for quantity in np.flatnonzero(giving).tolist():
            audit.withhold(quantity)
            self.why[quantity] = goals
        if found:
            self._see(self.truth + found.moved[: self.attacker.size])
            if found.change is not None:
                audit.know(self.truth + found.change)
        return bool(giving.any())

    def withhold_any(self, guard: int) -> None:
        """Withhold the least printed number that has to do with a guard, which only fractions would free."""
        audit, cells = self.audit, self.audit.guards.cells(guard).tolist()
        printed = [q for q, value in enumerate(audit.shown.tolist()) if value >= 0]
        if not printed:
            raise Refused("what is known of these tables already gives a number away; nothing is published")
        apart = set(cells).isdisjoint
        audit.withhold(
            min(printed, key=lambda q: (apart(audit.guards.sums.at(q).tolist()), float(self.weights[q]), q))
        )

    def print_again(self, hidden: set[int]) -> None:
        """Print again what need not be withheld, in fractions: the dearest first, as far as the effort goes."""
        audit = self.audit
        withheld = sorted(audit.withheld() - hidden, key=lambda q: (-float(self.weights[q]), q))
        until = audit.attacker.budget.spent + EFFORT // len(self.attacker.lines)
        for place, quantity in enumerate(withheld):
            if audit.attacker.budget.spent > until:
                return
            audit.attacker.budget.tell("printing again", len(withheld) - place)
            value, before = int(audit.found[0][quantity]), self.ways
            audit.print(quantity, value)
            audit.plainly_sure()
            self.ways = [way for way in before if abs(way[quantity] - value) < TINY]
            self._look_again()
            kept = len(self.ways)
            if not self._holds(quantity):
                audit.withhold(quantity)
                self.ways = before + self.ways[kept:]
                self._look_again()

    def _holds(self, quantity: int) -> bool:
        # What it was withheld for, and what has failed before, mostly fails; then nothing else need be asked.
        audit, first = self.audit, {guard for guard, _, _ in self.why.get(quantity, ())}
        asked = 0
        while sides := self._unseen():
            guard, side = max(sides, key=lambda one: (one[0] in first, self.failed[one]))
            asked += 1
            if asked % FEW == 0:
                self._ends(1)
                continue
            if not audit.can(guard, side):
                self.failed[guard, side] += 1
                return False
            self._see(self.attacker.program.getSolution().col_value)
        return True

    def settle(self) -> None:
        """Find whole tables for all that is open: for much of it at a time, and then for what is left one by one."""
        audit = self.audit

        def left() -> list[Goal]:
            sides = audit.open_sides()
            if sides:
                audit.attacker.budget.tell("withholding", len(sides))
            return [self._goal(*one) for one in sides]

        self.attacker.reach(left, audit.know, self.source)
        for guard, side in audit.open_sides():
            if audit.is_open(guard, side):
                table = self.attacker.whole(*self._goal(guard, side))
                if table is not None:
                    audit.know(table)

    def _goal(self, guard: int, side: Side) -> Goal:
        if side == "low":
            return guard, 0, int(self.audit.need_low[guard])
        return guard, int(self.audit.need_high[guard]), FAR
