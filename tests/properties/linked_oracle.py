"""An attacker on linked tables who tries tables of whole numbers until one agrees with what is printed.

It shares no code with the engine: nothing is solved, everything is tried.
"""

from __future__ import annotations

from collections.abc import Callable

Cells = frozenset[int]
Check = Callable[[list[int]], bool]


def table_with(
    size: int, fixed: list[tuple[Cells, int]], checks: list[tuple[Cells, Check]], cap: int
) -> bool:
    """Whether there is a table of `size` cells with all the fixed sums, passing all checks.

    `cap` bounds the cells that no fixed sum bounds.
    """
    fixed = [(cells, value) for cells, value in fixed if cells or value]
    if any(value < 0 or not cells for cells, value in fixed):
        return False
    # Cells of short sums first, so that a sum that cannot be reached is soon known.
    sums = sorted([cells for cells, _ in (*fixed, *checks)], key=lambda cells: (len(cells), sorted(cells)))
    order = list(dict.fromkeys(cell for cells in sums for cell in sorted(cells)))
    place = {cell: at for at, cell in enumerate(order)}
    inside: list[list[int]] = [[] for _ in order]
    ending: list[list[int]] = [[] for _ in order]
    for one, (cells, _) in enumerate(fixed):
        for cell in cells:
            inside[place[cell]].append(one)
        ending[max(place[cell] for cell in cells)].append(one)
    ends: list[list[Check]] = [[] for _ in order]
    for cells, check in checks:
        ends[max(place[cell] for cell in cells)].append(check)
    table, left = [0] * size, [value for _, value in fixed]
    dead: set[tuple[int, ...]] = set()

    def fill(at: int) -> bool:
        if at == len(order):
            return True
        state = (at, *left)
        if state in dead:
            return False
        # The last cell of a fixed sum is what the others leave of it.
        forced = {left[one] for one in ending[at]}
        most = min([left[one] for one in inside[at]], default=cap)
        for count in forced if forced else range(most + 1):
            if count > most or len(forced) > 1:
                break
            table[order[at]] = count
            for one in inside[at]:
                left[one] -= count
            found = all(check(table) for check in ends[at]) and fill(at + 1)
            for one in inside[at]:
                left[one] += count
            if found:
                return True
        table[order[at]] = 0
        if not checks:
            dead.add(state)
        return False

    return fill(0)


class Oracle:
    """What is printed of some tables, and what it leaves open."""

    def __init__(self, tables, values, rates, k: int, t: int) -> None:
        """`values` are the printed numbers by name, None where withheld; `rates` names those printed."""
        self.tables, self.values, self.k, self.t = tables, values, k, t
        self.cells = {q.name: q.cells for q in tables.quantities}
        self.cap = max(tables.counts, default=0) + 2 * k
        self.fixed = [(self.cells[name], value) for name, value in values.items() if value is not None]
        self.checks: list[tuple[Cells, Check]] = [
            (
                frozenset(one.cells),
                lambda t, one=one: sum(f * t[c] for c, f in one.cells.items()) == one.value,
            )
            for one in tables.told
        ]
        for rate in tables.rates:
            percent = self._percent(tables.counts, rate)
            if rate.name in rates and percent is not None:
                whole = self.cells[rate.whole]
                self.checks.append((whole, lambda t, r=rate, p=percent: self._percent(t, r) == p))

    def _percent(self, table, rate) -> object:
        part, whole = (sum(table[c] for c in self.cells[name]) for name in (rate.part, rate.whole))
        return round(100 * part / whole) if whole else None

    def can_be(self, cells: Cells, value: int) -> bool:
        """Whether a sum of cells can have a value."""
        return table_with(len(self.tables.counts), [*self.fixed, (cells, value)], self.checks, self.cap)

    def seen(self, cells: Cells, most: int) -> set[int]:
        """The values from 0 to `most` that a sum of cells can have."""
        return {value for value in range(most + 1) if self.can_be(cells, value)}

    def open(self, cells: Cells) -> bool:
        """Whether a number is left open, or is one that may be known."""
        small = self.seen(cells, self.k - 1)
        if small == {0}:
            return not any(self.can_be(cells, value) for value in range(self.k, self.cap + 1))
        return not small or len(small) == self.k

    def leaks(self) -> list[str]:
        """Every breach of the promise."""
        counts = self.tables.counts
        truth = lambda cells: sum(counts[c] for c in cells)  # noqa: E731
        found = []
        for name, cells in self.cells.items():
            value = self.values[name]
            if value is not None and (value != truth(cells) or 0 < value < self.k):
                found.append(f"{name}: printed {value}")
            if value is None and not self.open(cells):
                found.append(f"{name}: {sorted(self.seen(cells, self.cap))}")
        inner = [frozenset({c}) for c in range(len(counts))] if self.tables.inner else []
        nested = [a - b for a in self.cells.values() for b in self.cells.values() if b < a]
        used = frozenset().union(*self.cells.values()) if self.cells else frozenset()
        found += [
            f"{sorted(cells)}: {sorted(self.seen(cells, self.cap))}"
            for cells in {*inner, *nested}
            if cells <= used and 0 < truth(cells) < self.k and not self.open(cells)
        ]
        for split in self.tables.splits:
            whole = self.cells[split.whole]
            for part in split.parts:
                rest = whole - self.cells[part]
                few = rest and not any(self.can_be(rest, value) for value in range(self.t + 1, self.cap))
                if few and any(self.can_be(whole, value) for value in range(1, self.cap)):
                    found.append(f"{split.whole} less {part}: {sorted(self.seen(rest, self.t))}")
        return found
