"""The program that chooses what to withhold: as little as can be, of all that no lesson forbids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import Factory, define

from reviewcore.disclosure.linked.cuts import Cuts, Lesson, Need
from reviewcore.disclosure.linked.numbers import Floats, Ints
from reviewcore.disclosure.linked.solver import TINY, Budget, quiet
from reviewcore.disclosure.linked.values import LinkedTables

if TYPE_CHECKING:
    import highspy

KEPT = 2
"""How often what a need asks has to be kept to before it is asked after the others."""


def relations(cells: Sequence[frozenset[int]]) -> list[list[int]]:
    """Return sets of numbers of which one is the sum of the others, or the same as the other."""
    found: dict[tuple[int, ...], None] = {}
    masks = [sum(1 << cell for cell in one) for one in cells]
    for whole, mine in enumerate(masks):
        found |= {(other, whole): None for other in range(whole) if masks[other] == mine}
        inside = [q for q, one in enumerate(masks) if one and one & mine == one and one != mine]
        inside.sort(key=lambda q: (-len(cells[q]), q))
        seen: set[int] = set()
        for first in inside:
            if first in seen:
                continue
            parts, left = [first], mine & ~masks[first]
            for other in inside:
                if masks[other] & left == masks[other]:
                    parts.append(other)
                    left &= ~masks[other]
            if not left:
                seen.update(parts)
                found[tuple(sorted([whole, *parts]))] = None
    return list(map(list, found))


@define(eq=False)
class Master:
    """The program: a column for each quantity, 1 for one that is withheld, then one for each in `hiding`.

    These are the quantities that were seen to be narrow: 1 where it is to be hidden, and not to be surely large or
    nobody. `relations` are what adds up, `flat` their members one after the other, from `starts` on, and `which` says
    of which relation each is.
    """

    weights: Floats
    must: frozenset[int]
    relations: list[Ints]
    flat: Ints
    starts: Ints
    which: Ints
    program: highspy.Highs
    budget: Budget
    hiding: dict[int, int] = Factory(dict)
    learnt: set[Lesson] = Factory(set)
    kept: dict[Need, int] = Factory(dict)

    @classmethod
    def of(cls, tables: LinkedTables, must: Iterable[int], prices: Floats, budget: Budget) -> Master:
        """Return the program that knows nothing yet; a choice costs the `prices` of its quantities."""
        import numpy as np

        weights = np.array([one.weight for one in tables.quantities], dtype=float)
        size, held = len(weights), frozenset(must)
        program = quiet("dual")
        program.addVars(size, np.array([float(q in held) for q in range(size)]), np.ones(size))
        every = np.arange(size, dtype=np.int32)
        program.changeColsCost(size, every, prices)
        program.addRow(0.0, float(weights.sum()), size, every, weights)
        adding = [np.array(one) for one in relations([one.cells for one in tables.quantities])]
        sizes = np.array([len(one) for one in adding], dtype=np.int64)
        flat = np.concatenate([*adding, np.zeros(0, dtype=np.int64)])
        starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))[:-1]
        which = np.repeat(np.arange(len(adding)), sizes)
        return cls(weights, held, adding, flat, starts, which, program, budget)

    def price(self, hidden: Iterable[int]) -> float:
        """Return what numbers weigh together."""
        return float(self.weights[sorted(hidden)].sum())

    def learn(self, one: Lesson) -> None:
        """Take in a lesson."""
        import highspy
        import numpy as np

        if one in self.learnt:
            return
        self.learnt.add(one)
        places, factors = [q for q, _ in one.factors], [f for _, f in one.factors]
        if one.of >= 0:
            if one.of not in self.hiding:
                self.hiding[one.of] = self.program.getNumCol()
                self.program.addVars(1, np.zeros(1), np.ones(1))
            places, factors = [*places, self.hiding[one.of]], [*factors, one.by]
        self.program.addRow(
            one.least, highspy.kHighsInf, len(places), np.array(places, dtype=np.int32), np.array(factors)
        )

    def alone(self, chosen: Floats) -> bool:
        """Learn where a choice withholds one number of a sum alone, and return whether it does.

        What the others leave of it is known. There are too many sums to learn of all of them before.
        """
        import numpy as np

        before = len(self.learnt)
        some = chosen[self.flat]
        for place in np.flatnonzero(2 * some > self._sums(chosen)[self.which] + TINY).tolist():
            one = int(self.flat[place])
            self.learn(
                self._with_others(one, (q for q in self._members(place) if q != one), one in self.must)
            )
        return len(self.learnt) > before

    def _members(self, place: int) -> list[int]:
        found: list[int] = self.relations[int(self.which[place])].tolist()
        return found

    def _sums(self, chosen: Floats) -> Floats:
        import numpy as np

        found: Floats = np.add.reduceat(chosen[self.flat], self.starts) if len(self.flat) else np.zeros(0)
        return found

    def _with_others(self, one: int, others: Iterable[int], always: bool) -> Lesson:
        # One of the others of a sum is withheld where this one is.
        factors = tuple((q, 1.0) for q in others)
        return Lesson(factors, 1.0) if always else Lesson((*factors, (one, -1.0)), 0.0)

    def beside(self, one: int) -> set[int]:
        """Return the numbers that are in a sum with one."""
        import numpy as np

        return {q for place in np.flatnonzero(self.flat == one).tolist() for q in self._members(place)}

    def relax(self, cuts: Cuts, needs: Sequence[Need], hiding: Mapping[int, Need], rounds: int) -> None:
        """Learn from choices in fractions what they miss, those first that were missed of late."""
        import highspy
        import numpy as np

        size = len(self.weights)
        for _ in range(rounds):
            self.budget.spend()
            self.program.run()
            if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return
            found = np.clip(np.array(self.program.getSolution().col_value), 0.0, 1.0)
            chosen, spared = found[:size], np.zeros(size)
            if self.alone(chosen):
                continue
            for quantity, column in self.hiding.items():
                spared[quantity] = found[column]
            late = [need for need in needs if self.kept.get(need, 0) < KEPT]
            also = [hiding[quantity] for quantity in self.hiding if spared[quantity] > TINY]
            if not self._missed(cuts, [*late, *also], chosen, spared):
                rest = [need for need in needs if self.kept[need] >= KEPT]
                if not self._missed(cuts, rest, chosen, spared):
                    return

    def _missed(self, cuts: Cuts, needs: Sequence[Need], chosen: Floats, spared: Floats) -> bool:
        found = cuts.missed(needs, chosen, spared)
        for need, one in zip(needs, found, strict=True):
            self.kept[need] = self.kept.get(need, 0) + 1 if one is None else 0
            if one is not None:
                self.learn(one)
        return any(found)

    def choose(
        self, below: float, gap: float, branches: int, keep: Iterable[int] = (), near: Iterable[int] = ()
    ) -> tuple[set[int] | None, bool]:
        """Return a choice that weighs no more than `below`, or None, and whether it is proved that there is none.

        `keep` is in the choice. Where `near` is given, new ones are only numbers that would be alone in at most one of
        their sums if that were withheld. A choice may be dearer than the cheapest by the share `gap`.
        """
        import highspy
        import numpy as np

        size = len(self.weights)
        every, low, high = np.arange(size, dtype=np.int32), np.zeros(size), np.ones(size)
        low[sorted({*self.must, *keep})] = 1.0
        search = quiet("dual")
        search.passModel(self.program.getLp())
        options = (
            ("solver", "choose"),
            ("presolve", "choose"),
            ("mip_rel_gap", gap),
            ("mip_max_nodes", branches),
        )
        for option, value in options:
            search.setOptionValue(option, value)
        self.budget.spend()
        if (left := self.budget.seconds()) is not None:
            search.setOptionValue("time_limit", left)
        columns = np.arange(search.getNumCol(), dtype=np.int32)
        search.changeColsIntegrality(
            len(columns), columns, np.full(len(columns), highspy.HighsVarType.kInteger)
        )
        if hidden := sorted(near):
            high[:] = 0.0
            high[self._beside(hidden)] = 1.0
            for one in self._sums_of(low, high):
                places = np.array([q for q, _ in one.factors], dtype=np.int32)
                factors = np.array([f for _, f in one.factors])
                search.addRow(one.least, highspy.kHighsInf, len(places), places, factors)
        search.changeColsBounds(size, every, low, high)
        search.changeRowBounds(0, 0.0, below)
        search.run()
        self.budget.check()
        if search.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None, True
        if search.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, False
        return {int(q) for q in np.flatnonzero(np.array(search.getSolution().col_value)[:size] > 0.5)}, False

    def _beside(self, hidden: list[int]) -> Ints:
        # Numbers that are in at most one sum of which nothing is withheld, and those withheld.
        import numpy as np

        size = len(self.weights)
        some = np.zeros(size)
        some[hidden] = 1.0
        known = np.bincount(self.flat, weights=(self._sums(some) == 0)[self.which], minlength=size)
        return np.flatnonzero((known <= 1) | (some > 0))

    def _sums_of(self, low: Floats, high: Floats) -> Iterable[Lesson]:
        # Of every sum with fewer than two that are kept: none of those that may be chosen is withheld alone.
        for members in self.relations:
            if low[members].sum() < 2:
                free = members[high[members] > 0].tolist()
                for one in free:
                    others = [q for q in free if q != one]
                    if not any(low[q] for q in others):
                        yield self._with_others(one, others, bool(low[one]))
