"""What is still hidden: for every guard, tables in which it is as small and as large as it must be able to be.

Or else the sureness that it is k or more, or 0 where that may be told. A table serves all the guards that
it can, and as long as what is printed agrees with it.
"""

from __future__ import annotations

from math import ceil, floor
from typing import Literal, TypeAlias

from attrs import Factory, define

from reviewcore.disclosure.linked.attacker import Attacker
from reviewcore.disclosure.linked.numbers import Flags, Guards, Ints
from reviewcore.disclosure.linked.solver import TINY
from reviewcore.disclosure.linked.values import Told

FAR = 2**62
Side: TypeAlias = Literal["low", "high"]


@define(eq=False)
class Audit:
    """What is printed (`shown[q]` is quantity q's number, or -1), and what shows of each guard that it is safe.

    `sure_large` and `sure_nil` follow from the printed quantities in `because`.
    """

    guards: Guards
    attacker: Attacker
    told: tuple[Told, ...]
    need_low: Ints
    need_high: Ints
    k: int
    shown: Ints
    sure_large: Flags
    sure_nil: Flags
    low: Ints
    high: Ints
    tables: list[Ints] = Factory(list)
    found: list[Ints] = Factory(list)
    because: dict[int, frozenset[int]] = Factory(dict)

    @classmethod
    def of(cls, guards: Guards, attacker: Attacker, told: tuple[Told, ...], k: int) -> Audit:
        """Return the audit of tables of which nothing is printed yet."""
        import numpy as np

        size = len(guards)
        none = np.zeros(size, dtype=bool)
        made = cls(guards, attacker, told, np.zeros(size, dtype=np.int64), guards.least_high.copy(), k,
                   np.full(guards.quantities, -1), none, none.copy(),
                   np.full(size, FAR), np.full(size, -1))  # fmt: skip
        made._told_already()
        return made

    def _told_already(self) -> None:
        # Nobody can be led further astray than what is told anyway allows.
        touched = {cell for one in self.told for cell in one.cells}
        for guard in range(len(self.guards)) if touched else ():
            if not touched.isdisjoint(map(int, self.guards.cells(guard))):
                objective = self.attacker.objective(guard)
                self.need_low[guard] = max(0, ceil(-self.attacker.largest(-objective) - TINY))
                high = floor(self.attacker.largest(objective) + TINY)
                self.need_high[guard] = min(int(self.need_high[guard]), high)

    def print(self, quantity: int, value: int) -> None:
        """Print a quantity: tables that have another number there agree no longer."""
        self.shown[quantity] = value
        self.attacker.print(quantity, value)
        kept = [i for i, sums in enumerate(self.found) if int(sums[quantity]) == value]
        if len(kept) < len(self.found):
            self.tables, self.found = [self.tables[i] for i in kept], [self.found[i] for i in kept]
            self._look_again()

    def withhold(self, quantity: int) -> None:
        """Withhold a quantity: what was sure because of it is sure no longer."""
        self.shown[quantity] = -1
        self.attacker.print(quantity, None)
        for guard in [guard for guard, sums in self.because.items() if quantity in sums]:
            del self.because[guard]
            self.sure_large[guard] = self.sure_nil[guard] = False

    def withheld(self) -> set[int]:
        """Return the quantities that are withheld."""
        return {quantity for quantity, value in enumerate(self.shown.tolist()) if value < 0}

    def set(self, hidden: set[int], values: Ints) -> None:
        """Withhold just these quantities, and print all others."""
        for quantity in sorted(hidden - self.withheld()):
            self.withhold(quantity)
        for quantity in sorted(self.withheld() - hidden):
            self.print(quantity, int(values[quantity]))
        self.plainly_sure()

    def know(self, table: Ints) -> bool:
        """Take in a table, and return whether it agrees with everything printed and told."""
        at = self.guards.values(table)
        held = self.shown >= 0
        agrees = (
            bool(table.min(initial=0) >= 0)
            and bool((at[: len(held)][held] == self.shown[held]).all())
            and all(sum(f * int(table[c]) for c, f in one.cells.items()) == one.value for one in self.told)
        )
        if agrees:
            self.attacker.take(table)
            self.add([(table, at)])
        return agrees

    def add(self, tables: list[tuple[Ints, Ints]]) -> None:
        """Take in tables that are known to agree, each with its guards' values."""
        import numpy as np

        for table, at in tables:
            self.tables.append(table)
            self.found.append(at)
            np.minimum(self.low, at, out=self.low)
            np.maximum(self.high, at, out=self.high)

    def _look_again(self) -> None:
        self.low.fill(FAR)
        self.high.fill(-1)
        pairs = list(zip(self.tables, self.found, strict=True))
        self.tables, self.found = [], []
        self.add(pairs)

    def is_open(self, guard: int, side: Side) -> bool:
        """Return whether nothing shows yet that a guard is safe on one side."""
        if side == "low":
            reached = self.low[guard] <= self.need_low[guard]
        else:
            reached = self.high[guard] >= self.need_high[guard]
        return not (reached or self._safe(guard))

    def open_sides(self) -> list[tuple[int, Side]]:
        """Return where nothing shows yet that a guard is safe."""
        import numpy as np

        low, high = self.low <= self.need_low, self.high >= self.need_high
        safe = self.sure_large.copy()
        for guard in np.flatnonzero(self.sure_nil):
            safe[guard] |= self._may_be_nil(int(guard))
        sides: list[tuple[int, Side]] = [(int(guard), "low") for guard in np.flatnonzero(~(low | safe))]
        return sides + [(int(guard), "high") for guard in np.flatnonzero(~(high | safe))]

    def plainly_sure(self) -> None:
        """Note what is sure because it is printed, or has a part that is."""
        import numpy as np

        guards = self.guards
        known = np.concatenate((self.shown, np.full(guards.none + 1 - guards.quantities, -1)))
        known[guards.none] = 0
        more, less = known[guards.plus], known[guards.minus]
        both = (more >= 0) & (less >= 0)
        for kind, which in (
            (self.sure_large, both & (more - less >= self.k)),
            (self.sure_nil, both & (more == less)),
        ):
            for guard in np.flatnonzero(which & ~kind):
                kind[guard] = True
                pair = (int(guards.plus[guard]), int(guards.minus[guard]))
                self.because[int(guard)] = frozenset(number for number in pair if number != guards.none)

    def can(self, guard: int, side: Side) -> bool:
        """Return whether a guard is safe on one side, fractions allowed; note it where it is surely large, or 0."""
        objective = self.attacker.objective(guard)
        if side == "low":
            least = ceil(-self.attacker.largest(-objective) - TINY)
            if least < self.k:
                return least <= int(self.need_low[guard])
            self.sure_large[guard] = True
        else:
            greatest = floor(self.attacker.largest(objective) + TINY)
            if greatest > 0:
                return greatest >= int(self.need_high[guard])
            self.sure_nil[guard] = True
        self.because[guard] = self.attacker.because()
        return self._safe(guard)

    def _safe(self, guard: int) -> bool:
        return bool(self.sure_large[guard] or self._may_be_nil(guard))

    def _may_be_nil(self, guard: int) -> bool:
        # That all of an empty group are alike tells nothing.
        whole = int(self.guards.whole[guard])
        return bool(self.sure_nil[guard] and (whole < 0 or self.shown[whole] == 0))
