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
        self.cells = np.zeros((len(self.asked), len(problem.tables.counts)), dtype=np.int64)
        for row, guard in enumerate(self.asked):
            self.cells[row, guards.cells(int(guard))] = 1
        by_place = self.cells.reshape(len(self.asked), -1, self.atoms).sum(axis=2)
        sizes = np.array([size for _, size in sorted((min(p), n) for p, n in problem.shape.told)])
        self.touched, whole = by_place > 0, by_place == self.atoms
        self.most, self.least = self.touched @ sizes, whole @ sizes
        self.whole = np.repeat(whole, self.atoms, axis=1)
        self.printed = [(q, value) for q, value in enumerate(proof.shown) if value is not None]
        self.sums = guards
        self.tables = np.array(proof.found)
        self.at = self.tables @ self.cells.T
        # Of what is large in every table so far: how small it can be, which is never less with cases of one's own.
        self.sure = np.array(
            [
                ceil(-proof.attacker.largest(-proof.attacker.objective(int(guard))) - TINY)
                if not rest and (self.at[:, row] >= k).all()
                else -1
                for row, (guard, rest) in enumerate(zip(self.asked, self.rest, strict=True))
            ]
        )

    def learn_nothing(self, mine: Mine) -> bool:
        """Return whether it was shown that who has these cases learns nothing; False leaves it open."""
        import numpy as np

        own = np.zeros(self.cells.shape[1], dtype=np.int64)
        for cell, count in mine:
            own[cell] = count
        for quantity, value in self.printed:
            left = value - int(own[self.sums.cells(quantity)].sum())
            if left < self.k and left != 0:
                return left < 0  # nobody can have had these
        inside = self.cells @ own
        by_place = own.reshape(-1, self.atoms).sum(axis=1)
        low = self.least + inside - (self.cells * self.whole) @ own
        high = np.minimum(
            inside + np.where(self.rest, 1, self.k - 1), self.most - self.touched @ by_place + inside
        )
        room = (self.tables >= own).all(axis=1)
        at = self.at[room]
        large = self.sure >= inside + self.k
        lows = self.rest | large | (at <= low).any(axis=0)
        highs = large | (at >= high).any(axis=0)
        program, most = self.proof.attacker.program, self.proof.attacker.most
        for cell, count in mine:
            program.changeColBounds(cell, float(count), most)
        try:
            for row in np.flatnonzero(~(lows & highs)):
                for least, done, goal in ((True, lows, low), (False, highs, high)):
                    if not done[row] and not self._reach(
                        int(row), least, int(goal[row]), inside, lows, highs, low, high
                    ):
                        return False
            return True
        except Impossible:
            return True  # nobody's cases were answered so
        finally:
            for cell, _ in mine:
                program.changeColBounds(cell, 0.0, most)

    def _reach(
        self, row: int, least: bool, goal: int, inside: Ints, lows: Any, highs: Any, low: Ints, high: Ints
    ) -> bool:
        import numpy as np

        attacker, guard = self.proof.attacker, int(self.asked[row])
        sign = -1 if least else 1
        value = sign * attacker.largest(sign * attacker.objective(guard))
        if least and ceil(value - TINY) >= inside[row] + self.k:
            lows[row] = highs[row] = True
            return True
        if not least and not self.rest[row] and floor(value + TINY) <= inside[row]:
            lows[row] = highs[row] = True  # nobody else can be there
            return True
        if value > goal + TINY if least else value < goal - TINY:
            return False
        table = attacker.table()
        if table is None:
            return False
        at = self.cells @ table
        self.tables, self.at = np.vstack((self.tables, table)), np.vstack((self.at, at))
        lows |= at <= low
        highs |= at >= high
        return True
