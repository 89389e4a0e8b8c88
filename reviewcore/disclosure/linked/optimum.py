"""The least that must be withheld: a first choice, mended, and then chosen anew as long as less will do.

Of a small set of tables everything is chosen anew each time. When nothing cheaper is left to choose, what was found
last is the optimum, since every lesson holds for all choices. Of larger ones a part is chosen anew at a time.
"""

from __future__ import annotations

from random import Random

from attrs import define

from reviewcore.disclosure.linked.audit import Audit, Side
from reviewcore.disclosure.linked.cuts import Cuts, Lesson, Need
from reviewcore.disclosure.linked.master import Master
from reviewcore.disclosure.linked.numbers import Floats
from reviewcore.disclosure.linked.work import Work
from reviewcore.errors import Refused

SMALL, CHOICES = 50, 400
"""Up to how many quantities all is chosen anew each time, and how often at most."""
CELLS, NUMBERS, FEWER = 50, 80, 100
"""Up to how many inner cells and quantities together it is too, and how often at most."""
STEP = 0.5
"""How much cheaper the next choice must be than the best so far; whole weights are then cheaper by one."""
RELAX, FURTHER = 200, 5
"""How often at most choices in fractions are learnt from, at first and later."""
FIRST, ANY = (0.03, 50), (0.5, 10_000)
"""How much dearer than the cheapest the first choice and the further ones may be, and how many branches they may take.

Many that are quickly found teach more than the cheapest.
"""
ROUNDS, PART, TRIES, SOME = 90, 8, 15, (0.05, 30)
"""How many parts are chosen anew, how many numbers they are, how often each; the gap and branches of the choice."""
BESIDE = 0.7
"""How often the next number of a part is one that is in a sum with another of it."""
LARGER = 0.01
"""What more it costs in the choice to withhold twice as large a number: of two that would do, the smaller one is."""
NARROW = 0.3
"""What more it costs in the choice to withhold a number just large enough to be told, which then must be hidden too."""


def least(work: Work, must: set[int]) -> None:
    """Withhold quantities of little weight, `must` among them, so that everything is hidden.

    Where weights are not above 0 nothing is sought: what is found first is taken.
    """
    if min((one.weight for one in work.tables.quantities), default=0.0) <= 0:
        work.begin(must)
        work.print_again(must)
        return
    search = Search.of(work, must)
    search.begin()
    if search.best != must:
        if search.choices:
            search.all_anew()
        else:
            search.parts_anew()
    work.audit.set(search.best, work.values)
    if lessons(work.audit, search.cuts, search.best):
        raise Refused("what was found to be hidden before is not found again; nothing is published")


def lessons(audit: Audit, cuts: Cuts, hidden: set[int]) -> list[Lesson]:
    """Return what is to be learnt from everything that is too narrow when `hidden` is withheld, each once."""
    import numpy as np

    found: dict[Lesson, None] = {}
    chosen = np.zeros(audit.guards.quantities)
    chosen[sorted(hidden)] = 1.0
    done: set[tuple[int, Side]] = set()
    while sides := [side for side in audit.open_sides() if side not in done]:
        guard, side = sides[0]
        done.add(sides[0])
        if not audit.can(guard, side):
            printed = frozenset(q for q in audit.attacker.because() if audit.shown[q] >= 0)
            learnt = _narrow(audit, cuts, guard, side, chosen) or [_any(audit, cuts, guard, printed, hidden)]
            found |= dict.fromkeys(learnt)
        elif audit.is_open(guard, side) and (table := audit.attacker.table()) is not None:
            audit.know(table)
    if found:
        return list(found)
    # Fractions will do. Whether whole numbers do is asked only then, since it takes longer.
    failed: set[tuple[int, Side]] = set()
    while sides := [side for side in audit.open_sides() if side not in failed]:
        guard, side = sides[0]
        goal = int((audit.need_low if side == "low" else audit.need_high)[guard])
        table = audit.attacker.whole(guard, *((0, goal) if side == "low" else (goal, 10**7)))
        if table is None or not audit.know(table) or audit.is_open(guard, side):
            failed.add((guard, side))
            found[_any(audit, cuts, guard, frozenset(range(audit.guards.quantities)) - hidden, hidden)] = None
    return list(found)


def _any(audit: Audit, cuts: Cuts, guard: int, printed: frozenset[int], hidden: set[int]) -> Lesson:
    # One of those printed has to give way. What is large or nobody need only be hidden while it is withheld, and may
    # be known to be so: then printing another one could make it sure.
    other = frozenset() if cuts.settled(guard, audit.k) else frozenset(hidden) - cuts.must
    factors = [*((q, 1.0) for q in sorted(printed)), *((q, -1.0) for q in sorted(other))]
    return Lesson(tuple(factors), 1.0 - len(other))


def _narrow(audit: Audit, cuts: Cuts, guard: int, side: Side, chosen: Floats) -> list[Lesson]:
    # One that is not large enough to be known, and cannot move enough: it must be let move more, or less.
    if cuts.settled(guard, audit.k):
        one = cuts.lesson(cuts.need(audit, guard, side), chosen)
        return [] if one is None else [one]
    if guard >= audit.guards.quantities:
        return []
    one = cuts.lesson(cuts.need(audit, guard, side, guard), chosen)
    change = audit.k - 1 - int(cuts.at[guard]) if side == "low" else 1
    moving = cuts.moving(guard, change, chosen)
    if one is None or moving is None:
        return []
    still = sorted({*moving, guard} - cuts.must)
    return [one, Lesson(tuple((q, -1.0) for q in still), 1.0 - len(still), guard, 1.0)]


@define(eq=False)
class Search:
    """The best choice so far, and what is known of all; how often all is chosen anew, 0 where parts are."""

    work: Work
    must: set[int]
    cuts: Cuts
    needs: list[Need]
    master: Master
    best: set[int]
    choices: int

    @classmethod
    def of(cls, work: Work, must: set[int]) -> Search:
        """Return the search that knows nothing yet."""
        import numpy as np

        prices = np.array([one.weight for one in work.tables.quantities], dtype=float)
        choices = CHOICES if len(prices) <= SMALL else 0
        if not choices and len(prices) <= NUMBERS and len(work.tables.counts) <= CELLS:
            choices = FEWER
        if choices:
            prices *= 1 + LARGER * np.log2(1 + work.values)
        else:
            near = np.clip(1 - (work.values - work.audit.k) / (3 * work.audit.k), 0.0, 1.0)
            near[sorted(must)] = 0.0
            prices *= 1 + NARROW * near
        cuts = Cuts.of(work.tables, work.audit, must)
        master = Master.of(work.tables, must, prices, work.audit.attacker.budget)
        return cls(work, must, cuts, cuts.needs(work.audit), master, set(must), choices)

    def begin(self) -> None:
        """Find a first choice that will do."""
        self._relax(RELAX)
        first, _ = self.master.choose(float(self.master.weights.sum()), *FIRST)
        if first is not None:
            self._try(first)
        self.work.begin(first or self.must)
        self.work.print_again(self.must)
        self.best = self.work.audit.withheld()

    def all_anew(self) -> None:
        """Choose until nothing cheaper is left to choose."""
        for _ in range(self.choices):
            chosen, _ = self.master.choose(self._below(), *ANY)
            if chosen is None:
                return
            self._try(chosen)
            self._relax(FURTHER)

    def parts_anew(self) -> None:
        """Choose some of the numbers anew, those that have to do with each other, and keep the others."""
        source = Random(0)  # noqa: S311  # which are tried first, no secret
        for _ in range(ROUNDS):
            part = self._part(source)
            for _ in range(TRIES):
                chosen, _ = self.master.choose(self._below(), *SOME, self.best - part, self.best)
                if chosen is None or self._try(chosen):
                    break
            if self.best == self.must or (chosen is None and part == self.best - self.must):
                return

    def _below(self) -> float:
        self.work.audit.attacker.budget.tell("seeking the least", len(self.best) - len(self.must))
        return self.master.price(self.best) - STEP

    def _relax(self, rounds: int) -> None:
        values = self.work.values
        hiding = {
            q: self.cuts.need(self.work.audit, q, "low" if values[q] else "high", q)
            for q in self.master.hiding
        }
        self.master.relax(self.cuts, self.needs, hiding, rounds)

    def _try(self, chosen: set[int]) -> bool:
        # Take a choice if it will do; learn from it if not.
        import numpy as np

        which = np.zeros(len(self.work.values))
        which[sorted(chosen)] = 1.0
        if self.master.alone(which):
            return False
        self.work.audit.set(chosen, self.work.values)
        learnt = lessons(self.work.audit, self.cuts, chosen)
        for one in learnt:
            self.master.learn(one)
        if not learnt:
            self.best = chosen
        return not learnt

    def _part(self, source: Random) -> set[int]:
        left = sorted(self.best - self.must)
        part: set[int] = set()
        beside: set[int] = set()
        while left and len(part) < PART:
            near = [q for q in left if q in beside]
            one = source.choice(near if near and source.random() < BESIDE else left)
            left.remove(one)
            part.add(one)
            beside |= self.master.beside(one)
        return part
