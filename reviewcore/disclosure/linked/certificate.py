"""The proof that goes with printed tables, made from what is printed and from nothing else.

The true counts are put aside before anything is computed, so two truths with one output have one
certificate, byte for byte. It is handed out only after the verifier, which shares none of this, accepts it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor, lcm
from random import Random
from typing import Any

from attrs import evolve

from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.attacker import Attacker
from reviewcore.disclosure.linked.numbers import Guards, Ints, guards
from reviewcore.disclosure.linked.solver import BUDGET, TINY, Budget
from reviewcore.disclosure.linked.values import LinkedTables, Protected
from reviewcore.errors import Refused

ROUNDS = 30
"""How often at most all that is unproved is tried together before it is tried one by one."""
UNPROVED = (
    "it could not be proved that these tables give no small count away, so nothing is published; publish "
    "fewer tables at once, or coarser ones"
)


def certify(tables: LinkedTables, made: Protected, k: int, t: int = 1, budget: int = BUDGET) -> bytes:
    """Return the certificate of protected tables, as JSON; `checktables.py` checks it.

    Raises Refused where anything is left unproved: that counts as disclosed.
    """
    nothing: list[int] = [0] * len(tables.counts)
    return _Proof(evolve(tables, counts=nothing), made, k, t, Budget(budget)).write()


class _Proof:
    """The tables found so far that agree with what is printed, the first of them the base of the others."""

    def __init__(self, tables: LinkedTables, made: Protected, k: int, t: int, budget: Budget) -> None:
        # With all counts put to 0 the guards are every quantity and every group less a part of its split.
        self.tables, self.made, self.k, self.t = tables, made, k, t
        self.guards: Guards = guards(tables, k, t)
        values = list(made.values.values())
        told = sum(abs(one.value) for one in tables.told)
        self.attacker = Attacker.of(
            tables, self.guards, 2 * sum(value or 0 for value in values) + 2 * told + 2 * k, budget
        )
        self.shown = values
        for quantity, value in enumerate(values):
            if value is not None:
                self.attacker.print(quantity, value)
        self.found: list[Ints] = []
        self.at: list[Ints] = []
        # Any table will do to begin with: the one that the solver comes to with nothing asked.
        self.attacker.largest(self.attacker.objective(None))
        base = self.attacker.table()
        if base is None or not self._take(base):
            base = self.attacker.whole(None, 0, 0)
            if base is None or not self._take(base):
                raise Refused(UNPROVED)

    def _take(self, table: Ints) -> bool:
        at = self.guards.values(table)
        agrees = bool(table.min(initial=0) >= 0) and all(
            value is None or int(at[q]) == value for q, value in enumerate(self.shown)
        )
        if agrees and all(
            sum(f * int(table[c]) for c, f in one.cells.items()) == one.value for one in self.tables.told
        ):
            self.found.append(table)
            self.at.append(at)
            return True
        return False

    def _having(self, guard: int, low: bool, goal: int) -> int | None:
        for place, at in enumerate(self.at):
            if int(at[guard]) <= goal if low else int(at[guard]) >= goal:
                return place
        return None

    def write(self) -> bytes:
        """Return the certificate, checked."""
        hidden = [q for q, value in enumerate(self.shown) if value is None]
        complements = range(self.guards.quantities, len(self.guards))
        sides = [(q, True, 0) for q in hidden] + [(q, False, self.k - 1) for q in hidden]
        sides += [(guard, False, self.t + 1) for guard in complements]
        self._together(sides)
        proofs = {str(q): self._hidden(q) for q in hidden}
        names = {one.name: q for q, one in enumerate(self.tables.quantities)}
        splits = [(names[one.whole], [names[part] for part in one.parts]) for one in self.tables.splits]
        pairs = {(int(self.guards.plus[g]), int(self.guards.minus[g])): g for g in complements}
        apart = [
            [number, part, self._apart(pairs[whole, part], proofs.get(str(whole)))]
            for number, (whole, parts) in enumerate(splits)
            for part in parts
            if (whole, part) in pairs
        ]
        base = self.found[0]
        certificate = {
            "spec": checktables.SPEC,
            "k": self.k,
            "t": self.t,
            "cells": len(base),
            "numbers": [
                {"name": one.name, "cells": _runs(sorted(one.cells)), "value": value}
                for one, value in zip(self.tables.quantities, self.shown, strict=True)
            ],
            "rates": [
                [one.name, names[one.part], names[one.whole], one.name in self.made.rates]
                for one in self.tables.rates
            ],
            "splits": splits,
            "told": [[sorted(map(list, one.cells.items())), one.value] for one in self.tables.told],
            "base": base.tolist(),
            "differences": [
                [[int(cell), int(by)] for cell, by in enumerate(table - base) if by] for table in self.found[1:]
            ],
            "hidden": proofs,
            "apart": apart,
        }  # fmt: skip
        written = json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        if checktables.problems(json.loads(written)):
            raise Refused(UNPROVED)
        return written

    def _together(self, sides: list[tuple[int, bool, int]]) -> None:
        # One weighted sum of all that is unproved at a time: its table serves many of them.
        source = Random(0)  # noqa: S311  # weights, no secret
        left = sides
        for _ in range(ROUNDS):
            left = [side for side in left if self._having(*side) is None]
            if len(left) < 4:
                return
            objective = sum(
                (-1 if low else 1) * source.random() * self.attacker.objective(guard)
                for guard, low, _ in left
            )
            self.attacker.largest(objective)
            table = self.attacker.table()
            if table is not None:
                before = len(left)
                self._take(table)
                if sum(self._having(*side) is None for side in left) > 0.97 * before:
                    return

    def _reach(self, guard: int, low: bool, goal: int, value: float, table: Ints | None) -> int | None:
        # The table of an answer just had, or another in whole numbers, as far as the answer says there is one.
        if table is not None and self._take(table):
            return self._having(guard, low, goal)
        if value < goal - TINY and not low:
            return None
        table = self.attacker.whole(guard, *((0, goal) if low else (goal, 10**9)))
        if table is not None:
            self._take(table)
        return self._having(guard, low, goal)

    def _hidden(self, guard: int) -> dict[str, Any]:
        low, high = self._having(guard, True, 0), self._having(guard, False, self.k - 1)
        proof: dict[str, Any] = {"how": "between"}
        objective = self.attacker.objective(guard)
        if low is None:
            least = -self.attacker.largest(-objective)
            if ceil(least - TINY) >= self.k:
                return {"how": "large", **self._because(-1)}
            low = self._reach(guard, True, 0, least, self.attacker.table())
            if low is None:
                low, proof["told low"] = self._as_told(guard, True)
        if high is None:
            greatest = self.attacker.largest(objective)
            if floor(greatest + TINY) <= 0:
                return {"how": "none", **self._because(1)}
            high = self._reach(guard, False, self.k - 1, greatest, self.attacker.table())
            if high is None:
                high, proof["told high"] = self._as_told(guard, False)
        return {**proof, "low": low, "high": high}

    def _apart(self, guard: int, whole: dict[str, Any] | None) -> Any:
        having = self._having(guard, False, self.t + 1)
        if having is not None:
            return having
        if self.shown[int(self.guards.plus[guard])] == 0 or (whole and whole["how"] == "none"):
            return "nobody"
        greatest = self.attacker.largest(self.attacker.objective(guard))
        having = self._reach(guard, False, self.t + 1, greatest, self.attacker.table())
        return having if having is not None else self._as_told(guard, False)[1]

    def _as_told(self, guard: int, low: bool) -> tuple[int, dict[str, Any]]:
        # What is told anyway may not allow more; then no table has to.
        if not self.tables.told:
            raise Refused(UNPROVED)
        for quantity in range(self.guards.quantities):
            self.attacker.print(quantity, None)
        sign = -1 if low else 1
        bound = sign * self.attacker.largest(sign * self.attacker.objective(guard))
        proof = self._because(sign)
        for quantity, value in enumerate(self.shown):
            self.attacker.print(quantity, value)
        goal = ceil(bound - TINY) if low else floor(bound + TINY)
        having = self._having(guard, low, goal)
        if having is None:
            having = self._reach(guard, low, goal, bound, None)
        return having if having is not None else 0, proof

    def _because(self, sign: int) -> dict[str, Any]:
        # The factors of printed and told numbers of which the last answer is the sum, as exact fractions.
        printed, told = (_exact(-sign * factors) for factors in self.attacker.factors())
        over = lcm(*(one.denominator for one in (*printed.values(), *told.values())))
        return {
            "over": over,
            "printed": [[q, int(f * over)] for q, f in printed.items() if self.shown[q] is not None],
            "told": [[i, int(f * over)] for i, f in told.items()],
        }


def _exact(factors: Any) -> dict[int, Fraction]:
    found = {i: Fraction(float(one)).limit_denominator(5040) for i, one in enumerate(factors)}
    return {i: one for i, one in found.items() if one}


def _runs(cells: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for cell in cells:
        if runs and runs[-1][1] == cell - 1:
            runs[-1][1] = cell
        else:
            runs.append([cell, cell])
    return runs
