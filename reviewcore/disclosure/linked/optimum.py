"""The least that must be withheld of a small set of tables, proved.

A master program chooses what to withhold at the least weight. Where an attacker then learns too much, the
printed numbers from which it follows are known, and the master learns that one of them must give way. When
nothing cheaper is left to choose, what was found last is the optimum, since every lesson holds for all choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from reviewcore.disclosure.linked.audit import Audit, Side
from reviewcore.disclosure.linked.numbers import Ints
from reviewcore.disclosure.linked.solver import quiet
from reviewcore.disclosure.linked.values import LinkedTables

if TYPE_CHECKING:
    import highspy

SMALL = 50
"""Up to how many quantities the optimum is sought."""
CHOICES = 32
"""How many choices are tried at most before the best so far is taken."""
BRANCHES = 1000
"""How many branches the search for one choice may take."""
GAP = 0.5
"""How much dearer than the cheapest a choice may be: many that are quickly found teach more than the cheapest."""
STEP = 0.5
"""How much cheaper the next choice must be than the best so far; whole weights are then cheaper by one."""


@frozen
class Lesson:
    """One of `give` must be withheld, or one of `take` be printed."""

    give: frozenset[int]
    take: frozenset[int]


def least(tables: LinkedTables, audit: Audit, values: Ints, must: set[int]) -> None:
    """Withhold the quantities of the least weight, `must` among them, as far as that is less than what is withheld."""
    import numpy as np

    best = audit.withheld()
    weights = np.array([one.weight for one in tables.quantities])
    if best == must or float(weights.min()) <= 0:
        return
    master = Master.of(tables, must)
    master.below(float(weights[sorted(best)].sum()) - STEP)
    for _ in range(CHOICES):
        audit.attacker.budget.tell("seeking the least", len(best) - len(must))
        audit.attacker.budget.spend()
        chosen = master.choose()
        if chosen is None:
            break
        audit.set(chosen, values)
        learnt = lessons(audit, chosen, must)
        if not learnt:
            best = chosen
            master.below(float(weights[sorted(best)].sum()) - STEP)
        for one in learnt:
            master.learn(one)
    audit.set(best, values)
    lessons(audit, best, must)


def relations(cells: Sequence[frozenset[int]]) -> list[list[int]]:
    """Return sets of numbers of which one is the sum of the others, or the same as the other."""
    found: dict[tuple[int, ...], None] = {}
    for whole, mine in enumerate(cells):
        found |= {(other, whole): None for other in range(whole) if cells[other] == mine}
        inside = [q for q, one in enumerate(cells) if one and one < mine]
        inside.sort(key=lambda q: (-len(cells[q]), q))
        for first in inside:
            parts, left = [first], mine - cells[first]
            for other in inside:
                if cells[other] <= left:
                    parts.append(other)
                    left -= cells[other]
            if not left:
                found[tuple(sorted([whole, *parts]))] = None
    return list(map(list, found))


def lessons(audit: Audit, hidden: set[int], must: set[int]) -> list[Lesson]:
    """Return what is to be learnt from everything that is too narrow when `hidden` is withheld, each once."""
    found: dict[Lesson, None] = {}
    failed: set[tuple[int, Side]] = set()
    while sides := [side for side in audit.open_sides() if side not in failed]:
        guard, side = sides[0]
        if not audit.can(guard, side):
            printed = frozenset(q for q in audit.attacker.because() if audit.shown[q] >= 0)
        elif not audit.is_open(guard, side):
            continue
        else:
            table = audit.attacker.table()
            if table is not None and audit.know(table) and not audit.is_open(guard, side):
                continue
            goal = int((audit.need_low if side == "low" else audit.need_high)[guard])
            table = audit.attacker.whole(guard, *((0, goal) if side == "low" else (goal, 10**7)))
            if table is not None and audit.know(table) and not audit.is_open(guard, side):
                continue
            # Fractions would do and whole numbers do not: it follows from all that is printed.
            printed = frozenset(q for q in range(audit.guards.quantities) if audit.shown[q] >= 0)
        failed.add((guard, side))
        # What is large or nobody need only be hidden while it is withheld, and may be known to be so: then
        # printing another one could make it sure.
        small = 0 < int(audit.found[0][guard]) < audit.k
        settled = small and (guard in must or guard >= audit.guards.quantities)
        found[Lesson(printed, frozenset() if settled else frozenset(hidden - must))] = None
    return list(found)


class Master:
    """The program that chooses: 1 for a quantity that is withheld."""

    @classmethod
    def of(cls, tables: LinkedTables, must: set[int]) -> Master:
        """Return the program that knows no lesson yet, only what adds up."""
        import numpy as np

        weights = np.array([one.weight for one in tables.quantities])
        return cls(weights, must, relations([one.cells for one in tables.quantities]))

    def __init__(self, weights: Ints, must: set[int], adding: list[list[int]]) -> None:
        import highspy
        import numpy as np

        size = len(weights)
        low = np.array([1.0 if q in must else 0.0 for q in range(size)])
        every = np.arange(size, dtype=np.int32)
        self.program: highspy.Highs = quiet("dual")
        for option, value in (
            ("solver", "choose"), ("presolve", "choose"), ("mip_rel_gap", GAP), ("mip_max_nodes", BRANCHES)
        ):  # fmt: skip
            self.program.setOptionValue(option, value)
        self.program.addVars(size, low, np.ones(size))
        self.program.changeColsCost(size, every, weights.astype(float))
        self.program.changeColsIntegrality(size, every, np.full(size, highspy.HighsVarType.kInteger))
        self.program.addRow(0.0, float(weights.sum()), size, every, weights.astype(float))
        # What the others of a sum leave is known: to withhold one alone hides nothing.
        for members in adding:
            for one in members:
                self.learn(Lesson(frozenset(members) - {one}, frozenset({one} - must)))

    def below(self, price: float) -> None:
        """Choose from now on only what costs no more than a price."""
        self.program.changeRowBounds(0, 0.0, price)

    def learn(self, one: Lesson) -> None:
        """Take in a lesson."""
        import numpy as np

        places = [*sorted(one.give), *sorted(one.take - one.give)]
        factors = np.array([1.0] * len(one.give) + [-1.0] * len(one.take - one.give))
        least = 1.0 - len(one.take - one.give)
        self.program.addRow(least, float(len(places)), len(places), np.array(places, dtype=np.int32), factors)

    def choose(self) -> set[int] | None:
        """Return a cheap choice that no lesson forbids, or None where there is none."""
        import highspy
        import numpy as np

        self.program.run()
        if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return {int(q) for q in np.flatnonzero(np.array(self.program.getSolution().col_value) > 0.5)}
