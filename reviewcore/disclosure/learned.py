"""What somebody learns of a measure from all that they hold of it: nothing, or of which number.

Of every number that is withheld there must be tables that agree with all that is printed in which it is as small,
and k-1 or as large, as what is told of it anyway allows; or it is k or more, or nobody. Workers who put their own
cases aside are outsiders to all others, whatever these cases were answered, so the same is asked again of tables
with room for them. One table serves all the numbers, all the workers, and all the trials of what could be printed
that agree with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any, TypeAlias

from attrs import Factory, define

from reviewcore.disclosure.figures import FAR, Figures, row_of
from reviewcore.disclosure.linked.anyway import Anyway, Base
from reviewcore.disclosure.linked.attacker import Impossible
from reviewcore.disclosure.linked.numbers import Ints
from reviewcore.disclosure.linked.reach import Reach
from reviewcore.disclosure.linked.solver import TINY
from reviewcore.disclosure.model import Mine, Problem

ROUNDS, FEW, GAIN = 30, 4, 4
"""How often at most what is open is tried together, while how much is open, and how much each time must close."""
Told: TypeAlias = tuple[Reach, dict[Any, Any]]
"""Somebody who knows one thing that is told anyway, and what they were asked so far."""
Number: TypeAlias = str
"""The name of a number that is not hidden."""


@define
class Kept:
    """What was found when something else of the same cases was tried: tables, bounds, and where it failed."""

    tables: dict[Any, list[Ints]] = Factory(dict)
    bounds: dict[Any, Any] = Factory(dict)
    failed: tuple[bytes, bool, Mine] | None = None


class Learned:
    """What is printed of a measure, as somebody holds it who keeps to `k`, and what is open of it."""

    def __init__(self, problem: Problem, k: int, t: int, kept: Kept, known: Sequence[Ints] = ()) -> None:
        import numpy as np

        self.k, self.t, self.kept, self.atoms = k, t, kept, problem.atoms
        self.figures = one = Figures(problem)
        self.anyway = Anyway(problem.tables, one.spans, True)
        self.cells, self.rest = one.cells, one.rest
        self.reach, self.source = Reach(one.size, one.rows), np.random.default_rng(0)
        self.bases: dict[int, list[Told]] = {}
        self.told_by: dict[Base, Told] = {}
        self.tight: dict[tuple[int, bool], list[tuple[float, Any]]] = {}
        self.ways: list[Mine] = []
        # Tables that were found before and agree with what is printed now.
        self.bank = kept.tables.setdefault((one.size, problem.atoms), list(known))
        found = np.array(self.bank, dtype=np.int64).reshape(-1, one.size)
        found = found[one.agree(found)]
        self.many = len(found)
        self.tables = np.zeros((max(64, 2 * self.many), one.size), dtype=np.int64)
        self.at = np.zeros((len(self.tables), len(one.number)), dtype=np.int64)
        self.tables[: self.many], self.at[: self.many] = found, found @ self.cells.T

    # -- an outsider, or whoever knows cases of their own --------------------------------------------------

    def small(self) -> Number | None:
        """Return a number that is printed, and must not be by itself."""
        for q, value, new in zip(self.figures.printed, self.figures.values, self.figures.new, strict=True):
            if new and 0 < value < self.k:
                return str(self.figures.quantities[q].name)
        return None

    def by_outsiders(self, brief: bool) -> Number | None:
        """Return the first number that is not hidden, or None; to be `brief`, any such number."""
        import numpy as np

        self.owns, self.others = np.zeros((1, self.figures.size), dtype=np.int64), self.t
        self.ways = [()]
        self._open()
        if not self.many:
            self.reach.largest(np.zeros(self.figures.size))
            table = self.reach.table()
            if table is None:
                table = self.reach.whole(np.ones(self.figures.size), 0, FAR)
            if table is None:
                return ""
            self._take(table, 0)
        return self._settle(0, brief) if self._look(0) else None

    def by_insiders(self, ways: Sequence[Mine], brief: bool) -> Number | None:
        """Return the first number of others' cases that somebody learns whose own were answered in one of these ways.

        Ways in which nobody's cases can have been answered are left out.
        """
        import numpy as np

        self.ways, self.others = list(ways), 0
        self.owns = np.zeros((len(ways), self.figures.size), dtype=np.int64)
        for row, mine in enumerate(ways):
            for cell, count in mine:
                self.owns[row, cell] = count
        left: Any = self.figures.values - self.owns @ self.figures.sums[self.figures.printed].T
        never = (left < 0).any(axis=1)
        few = self.figures.new & (left > 0) & (left < self.k)
        shown = few.any(axis=1) & ~never
        self._open()
        self.lows[never] = self.highs[never] = True
        order = list(range(len(ways)))
        if brief and self.kept.failed and self.kept.failed[2] in self.ways:
            order.insert(0, self.ways.index(self.kept.failed[2]))
        for way in order:
            if shown[way]:
                first = int(np.flatnonzero(few[way])[0])
                return str(self.figures.quantities[self.figures.printed[first]].name)
            if not self._look(way):
                continue
            self.reach.having(self.ways[way])
            try:
                found = self._settle(way, brief)
            except Impossible:
                found = None  # nobody's cases were answered so
            finally:
                self.reach.having([(cell, 0) for cell, _ in self.ways[way]])
            if found is not None:
                return found
        return None

    def _open(self) -> None:
        # What is open for each way in which one's own cases can have been answered, given the tables so far.
        import numpy as np

        inside = self.owns @ self.cells.T
        self.inside = inside
        self.low = inside.copy()
        self.high = inside + np.where(self.rest, self.others + 1, self.k - 1)
        if self.figures.touched is not None and self.figures.whole is not None:
            atoms, places = len(self.atoms), self.figures.touched.shape[1]
            mine = self.owns[:, : places * atoms].reshape(len(self.owns), places, atoms).sum(axis=2)
            self.low = np.maximum(self.low, self.figures.least + inside - mine @ self.figures.whole.T)
            self.high = np.minimum(self.high, self.figures.most + inside - mine @ self.figures.touched.T)
        # What is told of a number anyway is told to whoever knows cases of their own, too.
        for row, least in self.tight:
            self._allow(row, least)
        self.lows = np.broadcast_to(self.rest, inside.shape).copy()
        self.highs = self.rest & (self.high - inside <= self.others)
        large = ~self.rest & (self.figures.sure >= inside + self.k)
        self.lows |= large
        self.highs |= large | (~self.rest & (self.figures.cap <= inside))

    def _look(self, way: int) -> bool:
        # Whether something is open for a way in which one's own cases can have been answered, given the tables so far.
        lows, highs = self.lows[way], self.highs[way]
        cells = [cell for cell, _ in self.ways[way]]
        room = self.at[: self.many]
        if cells:
            room = room[(self.tables[: self.many, cells] >= self.owns[way, cells]).all(axis=1)]
        if len(room):
            lows |= room.min(axis=0) <= self.low[way]
            highs |= room.max(axis=0) >= self.high[way]
        return not (lows.all() and highs.all())

    def _take(self, table: Ints, way: int) -> None:
        import numpy as np

        if self.many == len(self.tables):
            self.tables = np.concatenate((self.tables, np.zeros_like(self.tables)))
            self.at = np.concatenate((self.at, np.zeros_like(self.at)))
        self.tables[self.many] = table
        at = self.at[self.many] = self.cells @ self.tables[self.many]
        lows, highs = at <= self.low[way], at >= self.high[way]
        if not self.many or (lows > self.lows[way]).any() or (highs > self.highs[way]).any():
            self.lows[way] |= lows
            self.highs[way] |= highs
            self.many += 1
            self.bank.append(table)

    def _settle(self, way: int, brief: bool) -> Number | None:
        import numpy as np

        lows, highs = self.lows[way], self.highs[way]
        if brief and self.kept.failed and self.kept.failed[2] == self.ways[way]:
            of, least, _ = self.kept.failed
            for row in range(len(self.figures.number)):
                if self.cells[row].tobytes() == of and not self._hidden(way, row, least):
                    return self.figures.quantities[self.figures.number[row]].name
        self._together(way)
        # What must be small is asked of the largest first, and the other way round: these show the others, too.
        order = [(row, True) for row in sorted(np.flatnonzero(~lows).tolist(), key=self._first)]
        order += [(row, False) for row in sorted(np.flatnonzero(~highs).tolist(), key=self._last)]
        found = next((one for one in order if not self._hidden(way, *one)), None)
        if found is None:
            return None
        row, least = found
        self.kept.failed = self.cells[row].tobytes(), least, self.ways[way]
        if not brief:
            before = (
                one for one in range(row) if not all(self._hidden(way, one, side) for side in (True, False))
            )
            row = next(before, row)
        return self.figures.quantities[self.figures.number[row]].name

    def _together(self, way: int) -> None:
        # One weighted sum of all that is open at a time: its table serves many of them.

        lows, highs = self.lows[way], self.highs[way]
        for _ in range(ROUNDS):
            before = int((~lows).sum() + (~highs).sum())
            if before < FEW:
                return
            weights = self.source.random(len(lows)) * ~highs - self.source.random(len(lows)) * ~lows
            self.reach.largest((weights[:, None] * self.cells).sum(axis=0))
            table = self.reach.table()
            if table is None:
                return
            self._take(table, way)
            if before - int((~lows).sum() + (~highs).sum()) < GAIN:
                return

    def _hidden(self, way: int, row: int, least: bool) -> bool:
        # Whether a number is hidden on one side.
        done, goals = (self.lows, self.low) if least else (self.highs, self.high)
        if done[way, row]:
            return True
        inside, sign = self.inside[way, row], -1 if least else 1
        value = sign * self.reach.largest(sign * self.cells[row])
        if least and ceil(value - TINY) >= inside + self.k:
            self._large(row, ceil(value - TINY), way)
            return True
        if not least and not self.rest[row] and floor(value + TINY) <= inside:
            self._none(row, way)
            return True
        table = self.reach.table()
        if table is not None:
            self._take(table, way)
        goal = goals[way, row]
        if value > goal + TINY if least else value < goal - TINY:
            bound = self._bound(way, row, least, value)
            if self.rest[row]:
                apart = bound is not None and floor(bound + TINY) <= inside + self.others
                done[way, row] = apart or self._nobody(way, self.figures.number[row])
                return bool(done[way, row])
            if bound is None:
                return False
            goal = ceil(bound - TINY) if least else floor(bound + TINY)
            if value > goal + TINY if least else value < goal - TINY:
                return False
            goals[way, row] = goal
            if table is not None:
                here = float(self.cells[row] @ table)
                done[way, row] = here <= goal if least else here >= goal
        if not done[way, row]:
            table = self.reach.whole(
                self.cells[row], *((0, goals[way, row]) if least else (goals[way, row], FAR))
            )
            if table is not None:
                self._take(table, way)
        return bool(done[way, row])

    def _nobody(self, way: int, number: int) -> bool:
        # Whether a group is shown to be nobody, but for one's own cases: that all of these are alike tells nothing.
        own, of = float(self.owns[way] @ self.figures.sums[number]), self.figures.sums[number]
        span = self.figures.spans[number]
        if span is not None and span[0] == span[1]:
            return span[0] == own
        return floor(self.reach.largest(of) + TINY) <= own

    def _first(self, row: int) -> tuple[bool, float]:
        # What is large in every table so far shows what is around it to be large, too; of the rest the largest first.
        many = float(self.figures.count[row])
        large = bool((self.at[: self.many, row] >= self.k).all())
        return not large, many if large else -many

    def _last(self, row: int) -> tuple[bool, float]:
        # And where nobody is in any table so far, nobody is in its parts; of the rest the smallest first.
        many = float(self.figures.count[row])
        none = not self.at[: self.many, row].any()
        return not none, -many if none else many

    def _large(self, row: int, least: int, way: int) -> None:
        # What is large has whatever is around it large, too; and is never less with cases of one's own.
        import numpy as np

        around = ~self.rest & self.figures.around(self.cells[row])[0]
        if not self.ways[way]:
            self.figures.sure[around] = np.maximum(self.figures.sure[around], least)
        self.lows[way, around] = self.highs[way, around] = True

    def _none(self, row: int, way: int) -> None:
        # Where nobody else can be, nobody else is in any part of it.
        within = ~self.rest & self.figures.around(self.cells[row])[1]
        if not self.ways[way]:
            self.figures.cap[within] = 0
        self.highs[way, within] = True

    def _bound(self, way: int, row: int, least: bool, value: float) -> float | None:
        # How small or large a number can be by what is told of it anyway, which is never closer than its `value`; None
        # where nothing is told.
        number, mine, sign = self.figures.number[row], self.ways[way], -1 if least else 1
        of = self.cells[row].tobytes()
        if (row, least) not in self.tight:
            tight = self.tight[row, least] = []
            for reach, known in self._bases(number):
                if (of, least, ()) not in known:
                    known[of, least, ()] = sign * reach.largest(sign * self.cells[row]), reach.prices()
                tight.append(known[of, least, ()])
                if abs(tight[-1][0] - value) < TINY:
                    break
            self._allow(row, least)
        goal = float((self.low if least else self.high)[way, row])
        if not mine or (value <= goal + TINY if least else value >= goal - TINY):
            found = [one for one, _ in self.tight[row, least]]
            return (max if least else min)([*found, goal]) if found else None
        found = []
        for reach, known in self._bases(number):
            if (of, least, mine) not in known:
                reach.having(mine)
                known[of, least, mine] = sign * reach.largest(sign * self.cells[row]), None
                reach.having([(cell, 0) for cell, _ in mine])
            found.append(known[of, least, mine][0])
            if abs(found[-1] - value) < TINY:
                break
        return (max if least else min)(found) if found else None

    def _allow(self, row: int, least: bool) -> None:
        # Whatever cases somebody knows of, a number need be no closer than what is told of it anyway lets it: one more
        # case that is known to be in a cell moves that by the cell's price, at least.
        import numpy as np

        for value, prices in self.tight[row, least]:
            by = self.owns @ prices
            if least:
                self.low[:, row] = np.maximum(self.low[:, row], np.ceil(value + by - TINY).astype(np.int64))
            else:
                self.high[:, row] = np.minimum(
                    self.high[:, row], np.floor(value - by + TINY).astype(np.int64)
                )

    def _bases(self, number: int) -> list[Told]:
        # What is told of a number anyway, that of earlier publications first, with all that was asked of it so far.
        if number not in self.bases:
            self.bases[number] = [self._told(base) for base in reversed(self.anyway.bases(number))]
        return self.bases[number]

    def _told(self, base: Base) -> Told:
        if base not in self.told_by:
            one = self.figures
            said = {
                one.quantities[q].cells: span
                for q in self.anyway.printed(base)
                for span in [one.spans[q]]
                if span is not None
            }
            key = one.size, self.atoms, frozenset(said.items())
            if key not in self.kept.bounds:
                rows = [*one.told, *(row_of(cells, span) for cells, span in said.items())]
                self.kept.bounds[key] = Reach(one.size, rows), {}
            self.told_by[base] = self.kept.bounds[key]
        return self.told_by[base]
