"""The attacker on tables of very many numbers, or of very many inner cells that are no numbers.

What cannot be is asked of one linear program, with a column for each inner cell and each sum. That something can be is
shown by whole tables near the first one, in which as many guards as possible come to their goals at once.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from attrs import define

from reviewcore.disclosure.linked import large
from reviewcore.disclosure.linked.attacker import Attacker
from reviewcore.disclosure.linked.lines import Lines
from reviewcore.disclosure.linked.nearby import Goal, Rules, nearby
from reviewcore.disclosure.linked.numbers import Floats, Guards, Ints
from reviewcore.disclosure.linked.solver import Budget, quiet
from reviewcore.disclosure.linked.values import LinkedTables

MANY = 2000
"""From how many quantities on tables are wide."""
INNER = 300
"""From how many inner cells on that are no quantities."""
FREE, SPREAD = 1.0, 0.25
"""What it costs to move what is withheld by one, and by what share that differs by chance."""
MISSED, SURELY = 25.0, 10_000.0
"""What it costs to miss a goal by one, where there are many goals, and where there is one."""
PART, FEWEST = 0.2, 4
"""What share of goals must be come to for as many to be sought at a time again, and how many are at least."""
TRIES = 3
"""How often a table is sought for one goal, before it is searched for among all."""


def wide(tables: LinkedTables) -> bool:
    """Return whether tables are so large, no two-way table, and nothing else is known of them."""
    beside = tables.told or tables.publications or any(one.table for one in tables.quantities)
    if beside or large.two_way(tables):
        return False
    alone = {cell for one in tables.quantities if len(one.cells) == 1 for cell in one.cells}
    return len(tables.quantities) > MANY or len(tables.counts) - len(alone) > INNER


@define(eq=False)
class Wide(Attacker):
    """`low` and `high` are the least and most of each column; `first` is the table from which others are sought."""

    lines: Lines
    low: Floats
    high: Floats
    first: Ints | None = None
    sought: int = 0

    @classmethod
    def on(cls, tables: LinkedTables, guards: Guards, most: int, budget: Budget) -> Wide:
        """Return the attacker to whom nothing has been printed; `most` is more than any number can be."""
        import numpy as np

        lines = Lines.of(guards, len(tables.counts))
        low, high, room = np.zeros(len(lines)), np.full(len(lines), np.inf), float(most * max(lines.size, 1))
        program = quiet("primal")
        program.addVars(len(lines), low, np.full(len(lines), room))
        lines.add_to(program, np.ones(len(lines), dtype=bool))
        return cls(guards, program, lines.size, room, budget, lines.columns, np.arange(0), lines, low, high)

    def print(self, quantity: int, value: int | tuple[int, int] | None) -> None:
        """Tell the attacker a quantity's number, or its least and most, or with None take it back."""
        super().print(quantity, value)
        at = int(self.columns[quantity])
        if value is None:
            self.low[at], self.high[at] = 0.0, float("inf")
        else:
            self.low[at], self.high[at] = value if isinstance(value, tuple) else (value, value)

    def objective(self, guard: int | None) -> Floats:
        """Return the factor of each column in a guard, or in nothing."""
        import numpy as np

        found = np.zeros(len(self.lines))
        if guard is not None:
            places, factors = self.lines.factors(guard)
            np.add.at(found, places, factors)
        return found

    def factors(self) -> tuple[Any, Any]:
        """Return how much the last answer changes with each quantity's number; nothing else is told."""
        import numpy as np

        return np.array(self.program.getSolution().col_dual)[self.columns], np.zeros(0)

    def take(self, table: Ints) -> None:
        """Remember a table that agrees, where it is the first: others are looked for from it."""
        if self.first is None:
            self.first = table

    def rules(self) -> Rules:
        """Return that what is printed does not move, and the rest nearly for nothing, each time a bit otherwise."""
        import numpy as np

        self.sought += 1
        prices = FREE + SPREAD * np.random.default_rng(self.sought).random(len(self.lines))
        return Rules(np.where(self.low < self.high, prices, np.inf), self.low, self.high)

    def towards(self, goals: list[Goal], missed: float = MISSED) -> Ints | None:
        """Return a table in which guards are as far as can well be from their least to their most, or None."""
        if self.first is None:
            return None
        found = nearby(self.lines, self.first, goals, self.rules(), missed, self.budget)
        return None if found is None or found.change is None else self.first + found.change

    def reach(self, left: Callable[[], list[Goal]], take: Callable[[Ints], object], source: Random) -> None:
        """Find tables for what is `left` to be come to, many goals at a time, as long as a part of these is come to."""
        goals = left()
        many = len(goals)
        while goals and many >= FEWEST:
            some = {goal[0]: goal for goal in source.sample(goals, min(many, len(goals)))}
            table = self.towards(list(some.values()))
            if table is not None:
                take(table)
            before, goals = len(goals), left()
            if before - len(goals) < PART * len(some):
                many = min(many, len(some)) // 2

    def whole(self, guard: int | None, least: int, most: int) -> Ints | None:
        """Return a table of whole numbers in which a guard is from `least` to `most`, or None if none is found."""
        for _ in range(TRIES if guard is not None else 0):
            table = self.towards([(guard, least, most)], SURELY)  # type: ignore[list-item]
            if table is not None and least <= int(self.guards.values(table)[guard]) <= most:
                return table
        return super().whole(guard, least, most)
