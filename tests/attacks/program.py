"""The attacker's own solver: whole numbers tied by sums, and how small or large a sum of them can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from highspy import Highs, HighsModelStatus, HighsVarType

Sum = Mapping[int, int]
"""Factors by the number of the unknown."""

TINY = 1e-6
NODES = 500


class Contradiction(Exception):
    """What is printed and what is known cannot both be true: the attacker's reading, or the output, is wrong."""


class Program:
    """Unknown whole numbers from 0 (or more) on, and rows that tie them; every solution found is kept."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[Sum, float, float]] = []
        self.found: list[Any] = []
        self.solved = 0
        self._made: Any = None

    def unknown(self, low: int = 0, high: int = 100_000) -> int:
        """Add an unknown and return its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def tie(self, factors: Sum, low: float, high: float) -> None:
        """Say that a sum is from `low` to `high`."""
        if factors:
            self.rows.append((factors, low, high))

    def knowing(self, low: Mapping[int, int]) -> Program:
        """Return the same with some unknowns known to be at least so large."""
        other = Program()
        other.low = [max(have, low.get(n, 0)) for n, have in enumerate(self.low)]
        other.high, other.rows = self.high, self.rows
        return other

    def least(self, factors: Sum, goal: int = 0) -> int:
        """Return the least that a sum can be, or `goal` as soon as it can be that small."""
        return self._extreme(factors, goal, 1)

    def most(self, factors: Sum, goal: int) -> int:
        """Return the most that a sum can be, or `goal` as soon as it can be that large."""
        return -self._extreme({n: -f for n, f in factors.items()}, -goal, -1)

    def _extreme(self, factors: Sum, goal: int, sign: int) -> int:
        cost = np.zeros(len(self.low))
        for number, factor in factors.items():
            cost[number] = factor
        for table in self.found:
            if cost @ table <= goal + TINY:
                return goal
        value, table = self._solve(self._highs(), cost)
        bound = int(np.ceil(value - TINY))
        if np.abs(table - np.rint(table)).max(initial=0) < TINY:
            self.found.append(np.rint(table))
            return max(bound, goal) if bound <= goal else bound
        # A vertex in fractions: what whole numbers allow is asked anew; undecided counts for the engine.
        whole = self._whole(cost)
        return bound if whole is None else whole

    def _highs(self) -> Any:
        if self._made is None:
            made = Highs()
            for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
                made.setOptionValue(option, value)
            size = len(self.low)
            made.addVars(size, np.array(self.low, dtype=float), np.array(self.high, dtype=float))
            starts, places, values = [0], [], []
            for factors, _, _ in self.rows:
                places += list(factors)
                values += list(map(float, factors.values()))
                starts.append(len(places))
            made.addRows(
                len(self.rows), np.array([r[1] for r in self.rows], dtype=float),
                np.array([r[2] for r in self.rows], dtype=float), len(places),
                np.array(starts[:-1], dtype=np.int32), np.array(places, dtype=np.int32), np.array(values),
            )  # fmt: skip
            self._made = made
        return self._made

    def _solve(self, highs: Any, cost: Any) -> tuple[float, Any]:
        self.solved += 1
        highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        highs.run()
        status = highs.getModelStatus()
        if status == HighsModelStatus.kInfeasible:
            raise Contradiction
        if status != HighsModelStatus.kOptimal:
            highs.clearSolver()
            highs.run()
            if highs.getModelStatus() != HighsModelStatus.kOptimal:
                raise Contradiction
        table = np.array(highs.getSolution().col_value)
        return float(cost @ table), table

    def _whole(self, cost: Any) -> int | None:
        search = Highs()
        search.setOptionValue("output_flag", False)
        search.setOptionValue("threads", 1)
        search.setOptionValue("mip_max_nodes", NODES)
        search.passModel(self._highs().getLp())
        size = len(cost)
        search.changeColsIntegrality(
            size, np.arange(size, dtype=np.int32), np.full(size, HighsVarType.kInteger)
        )
        search.run()
        self.solved += 1
        if search.getModelStatus() == HighsModelStatus.kInfeasible:
            raise Contradiction
        if search.getModelStatus() != HighsModelStatus.kOptimal:
            return None
        table = np.rint(np.array(search.getSolution().col_value))
        self.found.append(table)
        return int(np.rint(cost @ table))
