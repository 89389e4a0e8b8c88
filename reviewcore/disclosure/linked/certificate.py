"""The proof that goes with printed tables, made from what is printed and from nothing else.

The true counts are put aside before anything is computed, so two truths with one output have one
certificate, byte for byte. It is handed out only after the verifier, which shares none of this, accepts it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor, lcm
from random import Random
from typing import Any

from attrs import evolve

from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.anyway import Anyway, Base
from reviewcore.disclosure.linked.attacker import Attacker
from reviewcore.disclosure.linked.large import two_way
from reviewcore.disclosure.linked.largeproof import prove
from reviewcore.disclosure.linked.margins import Margins, attacker, grid_of
from reviewcore.disclosure.linked.nearby import Goal
from reviewcore.disclosure.linked.numbers import Guards, Ints, guards
from reviewcore.disclosure.linked.solver import BUDGET, TINY, Budget, Progress
from reviewcore.disclosure.linked.values import LinkedTables, Protected
from reviewcore.disclosure.linked.wide import Wide
from reviewcore.errors import Refused

FEW = 0.5
"""Up to what share of the numbers must be printed for the others to be left out of the linear program."""
ROUNDS = 30
"""How often at most all that is unproved is tried together before it is tried one by one."""
FAR = 10**9
"""More than any number is."""
UNPROVED = (
    "it could not be proved that these tables give no small count away, so nothing is published; publish "
    "fewer tables at once, or coarser ones"
)


class Unproved(Refused):
    """It was not proved that a number is hidden; `number` is its name, "" where it is none in particular."""

    def __init__(self, number: str = "") -> None:
        self.number = number
        super().__init__(UNPROVED)


def certify(
    tables: LinkedTables,
    made: Protected,
    k: int,
    t: int = 1,
    budget: int = BUDGET,
    *,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> bytes:
    """Return the certificate of protected tables, as JSON; `checktables.py` checks it.

    With `t` of 0 the attacker is one who has put their own cases aside already, and knows nothing of the others.
    Raises Unproved, which is Refused, where anything is left unproved: that counts as disclosed.
    """
    held = written(certificate(tables, made, k, t, budget, seconds=seconds, progress=progress))
    if checktables.problems(json.loads(held)):
        raise Unproved
    return held


def written(held: Mapping[str, Any]) -> bytes:
    """Return a certificate, or several as the parts of one, as it is published."""
    return json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def certificate(
    tables: LinkedTables,
    made: Protected,
    k: int,
    t: int = 1,
    budget: int = BUDGET,
    *,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the certificate of protected tables as a value, not yet checked; raise Unproved where there is none."""
    allowed = Budget.of(budget, seconds, progress)
    two = None if made.ranges else two_way(tables)
    if two is None:
        return Proof.of(tables, made, k, t, allowed).make()
    proof = prove(two, _blank(tables), made, k, t, allowed)
    if proof is None:
        raise Unproved
    return _certificate(tables, made, k, t, proof)


def _blank(tables: LinkedTables) -> LinkedTables:
    return evolve(tables, counts=[0] * len(tables.counts))


def _certificate(
    tables: LinkedTables, made: Protected, k: int, t: int, proof: Mapping[str, Any]
) -> dict[str, Any]:
    # What is printed and told, beside the proof: its tables, what is hidden, and that groups stay apart.
    names = {one.name: q for q, one in enumerate(tables.quantities)}
    return {
        "spec": checktables.SPEC,
        "k": k,
        "t": t,
        "cells": len(tables.counts),
        "numbers": [
            {"name": one.name, "table": one.table, "cells": _runs(sorted(one.cells)), "value": value}
            | ({"publication": one.publication} if one.publication else {})
            | ({"band": list(made.ranges[one.name])} if value is None and one.name in made.ranges else {})
            for one, value in zip(tables.quantities, made.values.values(), strict=True)
        ],
        "rates": [
            [one.name, names[one.part], names[one.whole], one.name in made.rates] for one in tables.rates
        ],
        "splits": [[names[one.whole], [names[part] for part in one.parts]] for one in tables.splits],
        "told": [[sorted(map(list, one.cells.items())), one.value] for one in tables.told],
        **(
            {"publications": [_runs(sorted(one)) for one in tables.publications]}
            if tables.publications
            else {}
        ),
        **proof,
    }


class Proof:
    """The tables found so far that agree with what is printed, the first of them the base of the others."""

    @classmethod
    def of(
        cls,
        tables: LinkedTables,
        made: Protected,
        k: int,
        t: int = 1,
        budget: Budget | None = None,
        before: bool = False,
    ) -> Proof:
        """Return what a proof of protected tables begins with; the true counts are put aside.

        With `before` what all earlier publications tell together counts as told; a certificate takes it for nothing.
        """
        return cls(_blank(tables), made, k, t, budget or Budget(BUDGET), before)

    def __init__(
        self, tables: LinkedTables, made: Protected, k: int, t: int, budget: Budget, before: bool = False
    ) -> None:
        # With all counts put to 0 the guards are every quantity and every group less a part of its split.
        self.tables, self.made, self.k, self.t = tables, made, k, t
        self.guards: Guards = guards(tables, k, t)
        values = list(made.values.values())
        told = sum(abs(one.value) for one in tables.told)
        most = sum(value or 0 for value in values) + sum(high for _, high in made.ranges.values())
        self.shown = values
        self.spans: list[tuple[int, int] | None] = [
            made.ranges.get(name) if value is None else (value, value) for name, value in made.values.items()
        ]
        printed = [quantity for quantity, span in enumerate(self.spans) if span]
        few = printed if len(printed) < FEW * len(values) else None
        grid = grid_of(tables, self.guards)
        self.attacker = attacker(tables, self.guards, 2 * most + 2 * told + 2 * k, budget, grid, few)
        self.told, self.explains = Anyway(tables, self.spans, before), not before
        self.held: dict[Base, Attacker] = {}
        self.objectives: dict[int, Any] = {}
        self.anyway: dict[tuple[int, bool], int] = {}
        for quantity, span in enumerate(self.spans):
            if span:
                self.attacker.print(quantity, span)
        self.found: list[Ints] = []
        self.at: list[Ints] = []
        # Any table will do to begin with: the one that the solver comes to with nothing asked.
        self.attacker.largest(self.attacker.objective(None))
        base = self.attacker.table()
        if base is None or not self._take(base):
            base = self.attacker.whole(None, 0, 0)
            if base is None or not self._take(base):
                raise Unproved

    def _take(self, table: Ints) -> bool:
        at = self.guards.values(table)
        agrees = bool(table.min(initial=0) >= 0) and all(
            span is None or span[0] <= int(at[q]) <= span[1] for q, span in enumerate(self.spans)
        )
        if agrees and all(
            sum(f * int(table[c]) for c, f in one.cells.items()) == one.value for one in self.tables.told
        ):
            self.attacker.take(table)
            self.found.append(table)
            self.at.append(at)
            return True
        return False

    def _objective(self, guard: int) -> Any:
        if guard not in self.objectives:
            self.objectives[guard] = self.attacker.objective(guard)
        return self.objectives[guard]

    def _having(self, guard: int, low: bool, goal: int) -> int | None:
        for place, at in enumerate(self.at):
            if int(at[guard]) <= goal if low else int(at[guard]) >= goal:
                return place
        return None

    def make(self) -> dict[str, Any]:
        """Return the certificate."""
        hidden = [q for q, value in enumerate(self.shown) if value is None]
        complements = range(self.guards.quantities, len(self.guards))
        sides = [(q, True, 0) for q in hidden] + [(q, False, self.k - 1) for q in hidden]
        sides += [(guard, False, self.t + 1) for guard in complements]
        self._together(sides)
        proofs = {}
        for place, q in enumerate(hidden):
            self.attacker.budget.tell("proving", len(hidden) - place)
            proofs[str(q)] = self._hidden(q)
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
        differences = [
            [[int(cell), int(by)] for cell, by in enumerate(table - base) if by] for table in self.found[1:]
        ]
        proof = {"base": base.tolist(), "differences": differences, "hidden": proofs, "apart": apart}
        return _certificate(self.tables, self.made, self.k, self.t, proof)

    def _together(self, sides: list[tuple[int, bool, int]]) -> None:
        # All that is unproved at a time, as far as may be: its table serves many of them.
        source = Random(0)  # noqa: S311  # weights, no secret
        if isinstance(self.attacker, Wide):

            def unproved() -> list[Goal]:
                open_sides = (side for side in sides if self._having(*side) is None)
                return [(guard, 0, goal) if low else (guard, goal, FAR) for guard, low, goal in open_sides]

            self.attacker.reach(unproved, self._take, source)
            return
        left, share = sides, 1.0
        for _ in range(ROUNDS):
            left = [side for side in left if self._having(*side) is None]
            if len(left) < 4:
                return
            before = len(left)
            if isinstance(self.attacker, Margins):
                some = source.sample(left, int(share * before))
                goals = {guard: (guard, 0, goal) if low else (guard, goal, FAR) for guard, low, goal in some}
                table = self.attacker.towards(list(goals.values()))
            else:
                table = self._ends(left, source)
                if table is None:
                    continue
            if table is not None:
                self._take(table)
            if sum(self._having(*side) is None for side in left) > 0.97 * before:
                # Too much at once; on inner cells, half of it would do no better.
                share /= 2
                if share < 0.1 or not isinstance(self.attacker, Margins):
                    return

    def _ends(self, sides: list[tuple[int, bool, int]], source: Random) -> Ints | None:
        # One weighted sum of all of them, as large as it can be.
        objective = self.attacker.objective(None)
        for guard, low, _ in sides:
            objective += (-1 if low else 1) * source.random() * self._objective(guard)
        self.attacker.largest(objective)
        return self.attacker.table()

    def _reach(self, guard: int, low: bool, goal: int, value: float, table: Ints | None) -> int | None:
        # The table of an answer just had, or another in whole numbers, as far as the answer says there is one.
        if table is not None and self._take(table):
            return self._having(guard, low, goal)
        if value > goal + TINY if low else value < goal - TINY:
            return None
        table = self.attacker.whole(guard, *((0, goal) if low else (goal, FAR)))
        if table is not None:
            self._take(table)
        return self._having(guard, low, goal)

    def _hidden(self, guard: int) -> dict[str, Any]:
        low, high = self._having(guard, True, 0), self._having(guard, False, self.k - 1)
        proof: dict[str, Any] = {"how": "between"}
        objective = self._objective(guard)
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
        greatest = self.attacker.largest(self._objective(guard))
        having = self._reach(guard, False, self.t + 1, greatest, self.attacker.table())
        if having is not None:
            return having
        bound, proof = self._told(guard, False)
        self.anyway[guard, False] = floor(bound + TINY)
        if floor(bound + TINY) > self.t:
            raise Unproved(self.tables.quantities[int(self.guards.plus[guard])].name)
        return proof

    def _as_told(self, guard: int, low: bool) -> tuple[int, dict[str, Any]]:
        # What is told anyway may not allow more; then no table has to.
        bound, proof = self._told(guard, low)
        goal = self.anyway[guard, low] = ceil(bound - TINY) if low else floor(bound + TINY)
        having = self._having(guard, low, goal)
        if having is None:
            having = self._reach(guard, low, goal, bound, None)
        if having is None:
            raise Unproved(self.tables.quantities[int(self.guards.plus[guard])].name)
        return having, proof

    def _told(self, guard: int, low: bool) -> tuple[float, dict[str, Any]]:
        # How small or large a guard can be by what is told anyway.
        bases = self.bases(guard)
        if not bases:
            raise Unproved(self.tables.quantities[int(self.guards.plus[guard])].name)
        sign = -1 if low else 1
        found = []
        for base in bases:
            bound = sign * base.largest(sign * self._objective(guard))
            found.append((bound, self._because(sign, base)))
        return (max if low else min)(found, key=lambda one: one[0])

    def bases(self, guard: int) -> list[Attacker]:
        """Return who knows what is told of a guard anyway."""
        return [self._base(one) for one in self.told.bases(int(self.guards.plus[guard]))]

    def _base(self, base: Base) -> Attacker:
        if base not in self.held:
            self.held[base] = self.attacker.with_only(self.told.printed(base))
        return self.held[base]

    def _because(self, sign: int, attacker: Attacker | None = None) -> dict[str, Any]:
        # The factors of printed and told numbers of which the last answer is the sum, as exact fractions; where
        # nobody asks for the certificate, nothing.
        if not self.explains:
            return {}
        printed, told = (_exact(-sign * factors) for factors in (attacker or self.attacker).factors())
        over = lcm(*(one.denominator for one in (*printed.values(), *told.values())))
        return {
            "over": over,
            "printed": [[q, int(f * over)] for q, f in printed.items() if self.spans[q] is not None],
            "told": [[i, int(f * over)] for i, f in told.items()],
        }


def _exact(factors: Any) -> dict[int, Fraction]:
    import numpy as np

    at = np.flatnonzero(np.abs(factors) > TINY / 100)
    found = {int(i): Fraction(float(factors[i])).limit_denominator(5040) for i in at}
    return {i: one for i, one in found.items() if one}


def _runs(cells: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for cell in cells:
        if runs and runs[-1][1] == cell - 1:
            runs[-1][1] = cell
        else:
            runs.append([cell, cell])
    return runs
