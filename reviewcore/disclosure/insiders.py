"""Quick answers for insiders: tables that show that one who puts their own cases aside learns nothing.

What is asked is the same as of an outsider to all others' cases, and one table serves many insiders at once: all
whose own cases it has room for. Where this finds no answer, that insider is looked at alone.
"""

from __future__ import annotations

from math import ceil, floor
from typing import Any

from reviewcore.disclosure.linked.attacker import Impossible
from reviewcore.disclosure.linked.certificate import Proof
from reviewcore.disclosure.linked.numbers import Ints
from reviewcore.disclosure.linked.solver import TINY
from reviewcore.disclosure.model import Mine, Problem

FAR = 2**62
ROUNDS, FEW = 12, 6
"""How often at most what is open is tried together before it is tried one by one, and while how much is open."""


class Insiders:
    """What is printed of a measure, to whoever knows cases of their own; the sizes of all places are known."""

    def __init__(self, problem: Problem, proof: Proof, k: int) -> None:
        import numpy as np

        self.proof, self.k, self.atoms = proof, k, len(problem.atoms)
        guards = proof.guards
        hidden = [q for q, value in enumerate(proof.shown) if value is None]
        # What a group has besides one of its parts must be able to be somebody.
        self.asked = np.array([*hidden, *range(guards.quantities, len(guards))], dtype=np.int64)
        self.rest = np.arange(len(self.asked)) >= len(hidden)
        self.objectives = np.array([proof.attacker.objective(int(guard)) for guard in self.asked])
        self.cells = np.zeros((len(self.asked), len(problem.tables.counts)), dtype=np.int64)
        for row, guard in enumerate(self.asked):
            self.cells[row, guards.cells(int(guard))] = 1
        by_place = self.cells.reshape(len(self.asked), -1, self.atoms).sum(axis=2)
        sizes = np.array([size for _, size in sorted((min(p), n) for p, n in problem.shape.told)])
        sizes = np.concatenate((sizes, np.zeros(by_place.shape[1] - len(sizes), dtype=np.int64)))
        self.touched, whole = by_place > 0, by_place == self.atoms
        self.most, self.least = self.touched @ sizes, whole @ sizes
        self.whole = np.repeat(whole, self.atoms, axis=1)
        self.printed = [
            (q, value, proof.homes[q][0]) for q, value in enumerate(proof.shown) if value is not None
        ]
        self.sums = guards
        # What is told of a number anyway is told to whoever knows cases of their own, too.
        self.low = np.array([proof.anyway.get((int(guard), True), 0) for guard in self.asked])
        self.high = np.array([proof.anyway.get((int(guard), False), FAR) for guard in self.asked])
        self.tables = np.array(proof.found)
        self.at = self.tables @ self.cells.T
        self.number = len(self.tables)
        # Of what is large in every table so far: how small it can be, which is never less with cases of one's own;
        # and whether what is nobody in every table is nobody for sure.
        best = proof.attacker.largest
        self.sure = np.array(
            [
                ceil(-best(-objective) - TINY) if not rest and (at >= k).all() else -1
                for objective, at, rest in zip(self.objectives, self.at.T, self.rest, strict=True)
            ]
        )
        self.none = np.array(
            [
                not rest and not at.any() and floor(best(objective) + TINY) <= 0
                for objective, at, rest in zip(self.objectives, self.at.T, self.rest, strict=True)
            ]
        )

    def learn_nothing(self, mine: Mine) -> bool:
        """Return whether it was shown that who has these cases learns nothing; False leaves it open."""
        import numpy as np

        own = np.zeros(self.cells.shape[1], dtype=np.int64)
        for cell, count in mine:
            own[cell] = count
        for quantity, value, earlier in self.printed:
            left = value - int(own[self.sums.cells(quantity)].sum())
            if left < 0:
                return True  # nobody can have had these
            if 0 < left < self.k and not earlier:
                return False
        inside = self.cells @ own
        by_place = own.reshape(-1, self.atoms).sum(axis=1)
        low = np.maximum(self.least + inside - (self.cells * self.whole) @ own, self.low)
        high = np.minimum(
            inside + np.where(self.rest, 1, self.k - 1), self.most - self.touched @ by_place + inside
        )
        high = np.minimum(high, self.high)
        mine_at = [cell for cell, _ in mine]
        room = (self.tables[: self.number, mine_at] >= own[mine_at]).all(axis=1)
        at = self.at[: self.number][room]
        large = self.sure >= inside + self.k
        lows = self.rest | large | (at <= low).any(axis=0)
        highs = large | self.none | (at >= high).any(axis=0)
        program, most = self.proof.attacker.program, self.proof.attacker.most
        for cell, count in mine:
            program.changeColBounds(cell, float(count), most)
        try:
            self._together(lows, highs, low, high)
            for row in np.flatnonzero(~(lows & highs)):
                for least, done, goal in ((True, lows, low), (False, highs, high)):
                    if not done[row] and not self._reach(
                        int(row), least, int(goal[row]), mine, inside, lows, highs, low, high
                    ):
                        return False
            return True
        except Impossible:
            return True  # nobody's cases were answered so
        finally:
            for cell, _ in mine:
                program.changeColBounds(cell, 0.0, most)

    def _together(self, lows: Any, highs: Any, low: Ints, high: Ints) -> None:
        # One weighted sum of all that is open at a time: its table serves many of them.
        import numpy as np

        attacker, source = self.proof.attacker, np.random.default_rng(0)
        for _ in range(ROUNDS):
            before = int((~lows).sum() + (~highs).sum())
            if before < FEW:
                return
            weights = source.random(len(lows)) * ~highs - source.random(len(lows)) * ~lows
            objective = weights @ self.objectives
            attacker.largest(objective)
            table = attacker.table()
            if table is None:
                return
            self._take(table, lows, highs, low, high)
            if int((~lows).sum() + (~highs).sum()) > 0.9 * before:
                return

    def _take(self, table: Ints, lows: Any, highs: Any, low: Ints, high: Ints) -> None:
        import numpy as np

        at = self.cells @ table
        lows |= at <= low
        highs |= at >= high
        if self.number == len(self.tables):
            self.tables = np.concatenate((self.tables, np.zeros_like(self.tables)))
            self.at = np.concatenate((self.at, np.zeros_like(self.at)))
        self.tables[self.number], self.at[self.number] = table, at
        self.number += 1

    def _reach(
        self,
        row: int,
        least: bool,
        goal: int,
        mine: Mine,
        inside: Ints,
        lows: Any,
        highs: Any,
        low: Ints,
        high: Ints,
    ) -> bool:
        attacker, guard = self.proof.attacker, int(self.asked[row])
        sign = -1 if least else 1
        value = sign * attacker.largest(sign * self.objectives[row])
        if least and ceil(value - TINY) >= inside[row] + self.k:
            lows[row] = highs[row] = True
            return True
        if not least and not self.rest[row] and floor(value + TINY) <= inside[row]:
            lows[row] = highs[row] = True  # nobody else can be there
            return True
        table = attacker.table()
        if value > goal + TINY if least else value < goal - TINY:
            goal = self._anyway(guard, sign, goal, mine)
            if value > goal + TINY if least else value < goal - TINY:
                return False
            (low if least else high)[row] = goal
        if table is None:
            # In fractions, as where a share is told weighted: another one, that is whole and goes as far.
            table = attacker.whole(guard, *((0, goal) if least else (goal, FAR)))
            if table is None:
                return False
        self._take(table, lows, highs, low, high)
        return True

    def _anyway(self, guard: int, sign: int, goal: int, mine: Mine) -> int:
        # What is told of a guard anyway, to whom these cases are known besides, where that is closer than the goal.
        for base in self.proof.bases(guard):
            for cell, count in mine:
                base.program.changeColBounds(cell, float(count), base.most)
            bound = sign * base.largest(sign * base.objective(guard))
            goal = max(goal, ceil(bound - TINY)) if sign < 0 else min(goal, floor(bound + TINY))
            for cell, _ in mine:
                base.program.changeColBounds(cell, 0.0, base.most)
        return goal
