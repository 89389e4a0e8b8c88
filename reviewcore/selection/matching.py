"""The witness: a full selection that is always at hand, and its rerouting along augmenting paths.

Workers supply cases to strata; a cell is one worker's cases in one stratum, and its cases are alike
in everything but their tickets. The witness says how many cases of each cell some full selection
uses, beyond those that are already taken. Whether a case can be taken is then the question whether
the witness can be rerouted to use it (selection.md section 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from attrs import Factory, define, field, frozen

Move: TypeAlias = tuple[int, int]
"""A worker moves from one stratum to another: the cell that loses a case, the cell that gains one."""


@frozen(repr=False, eq=False)
class Cells:
    """The (worker, stratum) cells of a list of entries, all numbered in order of first appearance."""

    of_entry: list[int]
    worker: list[int]
    stratum: list[int]
    by_worker: list[list[int]]
    by_stratum: list[list[int]]
    workers: list[str]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str]], strata: Sequence[str]) -> Cells:
        """Number the cells of (worker, stratum) entries; `strata` fixes the strata's numbers."""
        number = {name: index for index, name in enumerate(strata)}
        workers: dict[str, int] = {}
        found: dict[tuple[str, str], int] = {}
        cells = cls([], [], [], [], [[] for _ in strata], [])
        for entry in entries:
            cell = found.setdefault(entry, len(found))
            if cell == len(cells.worker):
                worker, stratum = workers.setdefault(entry[0], len(workers)), number[entry[1]]
                if worker == len(cells.by_worker):
                    cells.by_worker.append([])
                    cells.workers.append(entry[0])
                cells.worker.append(worker)
                cells.stratum.append(stratum)
                cells.by_worker[worker].append(cell)
                cells.by_stratum[stratum].append(cell)
            cells.of_entry.append(cell)
        return cells


def spanned(cells: Iterable[tuple[str, str]]) -> set[str]:
    """Return the strata of which some worker has cases in another one too, given every (worker, stratum) once.

    The others stand alone: what can be drawn there depends on their own workers and on nothing else.
    """
    home: dict[str, str] = {}
    found: set[str] = set()
    for worker, stratum in cells:
        if home.setdefault(worker, stratum) != stratum:
            found |= {stratum, home[worker]}
    return found


@define(repr=False, eq=False)
class Witness:
    """A selection that fills the quotas as far as workers can, at most `cap` cases of each worker.

    `used` counts the cases of each cell in the witness, `taken` those of them that are fixed, `left`
    the cell's cases that the walk has yet to come to. `load` and `fixed` are the sums of `used` and
    `taken` by worker, and of what a worker held before (`held`); `filled` and `done` those by stratum.
    `closed` remembers, as bits, the strata that a failed search from a stratum came to: a tight set, which
    stays tight for the rest of the walk. `tight` has the open strata of that set for each cell that was
    passed over for their sake: they need all that workers can still supply to them, this one included.
    """

    cells: Cells
    quotas: Sequence[int]
    cap: int
    held: Mapping[str, int] = Factory(dict)
    left: list[int] = field(init=False)
    used: list[int] = field(init=False)
    taken: list[int] = field(init=False)
    load: list[int] = field(init=False)
    fixed: list[int] = field(init=False)
    filled: list[int] = field(init=False)
    done: list[int] = field(init=False)
    closed: list[int] = field(init=False)
    tight: dict[int, tuple[int, ...]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        cells = len(self.cells.worker)
        self.left, self.used, self.taken = [0] * cells, [0] * cells, [0] * cells
        self.load = [self.held.get(name, 0) for name in self.cells.workers]
        self.fixed = list(self.load)
        self.filled, self.done = [0] * len(self.quotas), [0] * len(self.quotas)
        self.closed = [0] * len(self.quotas)
        for cell in self.cells.of_entry:
            self.left[cell] += 1

    def fill(self, *, in_order: bool = False) -> set[int]:
        """Fill the quotas: first greedily in the order of the entries, then along augmenting paths.

        With `in_order` each stratum is filled as far as can be before the next one gets its share.

        Returns no strata where every quota is filled; else the smallest set of strata whose need exceeds
        by most what workers can supply to them. That set does not depend on the order of the entries.
        """
        stratum, worker = self.cells.stratum, self.cells.worker
        for cell in () if in_order else self.cells.of_entry:
            s, w = stratum[cell], worker[cell]
            if self.filled[s] < self.quotas[s] and self.load[w] < self.cap:
                self.used[cell] += 1
                self.load[w] += 1
                self.filled[s] += 1
        for s in range(len(self.quotas)):
            while self.filled[s] < self.quotas[s] and self.add(s):
                pass
        short = [s for s, quota in enumerate(self.quotas) if self.filled[s] < quota]
        return set(self._search(short)[1]) if short else set()

    def add(self, stratum: int) -> bool:
        """Give `stratum` one more case without taking one from another; return whether that was possible."""
        found, came = self._search([stratum])
        if found is None:
            return False
        self._supply(found)
        self._shift(came, self.cells.stratum[found])
        self.filled[stratum] += 1
        return True

    def can_use(self, cell: int) -> bool:
        """Return whether some full selection uses `cell`, before the walk has begun."""
        w, s = self.cells.worker[cell], self.cells.stratum[cell]
        if not self.quotas[s] or self.held.get(self.cells.workers[w], 0) >= self.cap:
            return False
        return self.used[cell] > 0 or self._reroute(cell, w, s)

    def offer(self, cell: int) -> bool:
        """Walk past the next case of `cell` and return whether it is taken, exactly by rule T."""
        w, s = self.cells.worker[cell], self.cells.stratum[cell]
        self.left[cell] -= 1
        if self.done[s] == self.quotas[s] or self.fixed[w] >= self.cap or cell in self.tight:
            return False
        if self.used[cell] == self.taken[cell] and not self._reroute(cell, w, s):
            return False
        self.taken[cell] += 1
        self.fixed[w] += 1
        self.done[s] += 1
        return True

    def _reroute(self, cell: int, w: int, s: int) -> bool:
        """Change the witness so that it uses one case more of `cell`; return whether that is possible."""
        if self.load[w] < self.cap:
            self._drop(s)
            self._supply(cell)
            return True
        own = {self.cells.stratum[c]: c for c in self.cells.by_worker[w] if self.used[c] > self.taken[c]}
        found, came = self._search(list(own), goal=s)
        if found is None and s not in came:
            tight = 0
            for stratum in came:
                tight |= 1 << stratum | (self.closed[stratum] if self._pruned(stratum, s) else 0)
            for stratum in came:
                self.closed[stratum] = tight
            self.tight[cell] = tuple(
                x for x, quota in enumerate(self.quotas) if tight >> x & 1 and self.done[x] < quota
            )
            return False
        if found is not None:  # a worker who was free fills in, so one of the stratum's is let go
            self._drop(s)
            self._supply(found)
        start = self._shift(came, s if found is None else self.cells.stratum[found])
        self.used[own[start]] -= 1
        self.used[cell] += 1
        return True

    def _search(self, starts: Sequence[int], goal: int = -1) -> tuple[int | None, dict[int, Move | None]]:
        """Look for a way to give one of `starts` another case, over workers who can move between strata.

        Returns the cell of a free worker who ends the way, or None, and how each stratum was come to.
        With a `goal` the way may also end there: that stratum has one case too many.
        """
        worker, stratum, by_worker = self.cells.worker, self.cells.stratum, self.cells.by_worker
        used, taken, left, load, cap = self.used, self.taken, self.left, self.load, self.cap
        came: dict[int, Move | None] = dict.fromkeys(starts)
        queue = list(starts)
        for at in queue:
            if goal >= 0 and self._pruned(at, goal):
                continue
            for cell in self.cells.by_stratum[at]:
                if used[cell] >= taken[cell] + left[cell]:
                    continue
                w = worker[cell]
                if load[w] < cap:
                    return cell, came
                for other in by_worker[w]:
                    if used[other] > taken[other] and stratum[other] not in came:
                        came[stratum[other]] = (other, cell)
                        if stratum[other] == goal:
                            return None, came
                        queue.append(stratum[other])
        return None, came

    def _pruned(self, at: int, goal: int) -> bool:
        """Return whether a tight set is known that holds `at` and not the goal: no way leads out of it."""
        return bool(self.closed[at]) and not self.closed[at] >> goal & 1

    def _shift(self, came: dict[int, Move | None], at: int) -> int:
        """Make the moves that lead to `at`, and return the start that gained a case by them."""
        while (move := came[at]) is not None:
            lost, gained = move
            self.used[lost] -= 1
            self.used[gained] += 1
            at = self.cells.stratum[gained]
        return at

    def _supply(self, cell: int) -> None:
        self.used[cell] += 1
        self.load[self.cells.worker[cell]] += 1

    def _drop(self, stratum: int) -> None:
        """Let go of a case of the stratum that is in the witness and not taken."""
        cell = next(c for c in self.cells.by_stratum[stratum] if self.used[c] > self.taken[c])
        self.used[cell] -= 1
        self.load[self.cells.worker[cell]] -= 1
