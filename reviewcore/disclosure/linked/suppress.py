"""Joint suppression: withhold what is small, then what would give it away, then print again what need not be."""

from __future__ import annotations

from reviewcore.disclosure.linked import batches, large, optimum
from reviewcore.disclosure.linked.audit import Audit, Side
from reviewcore.disclosure.linked.margins import attacker, grid_of
from reviewcore.disclosure.linked.moves import Moves
from reviewcore.disclosure.linked.numbers import Ints, guards
from reviewcore.disclosure.linked.solver import BUDGET, Budget, Progress
from reviewcore.disclosure.linked.values import LinkedTables, Protected, check
from reviewcore.disclosure.linked.wide import Wide
from reviewcore.errors import Refused

ANEW, MANY = 3, 300
"""How often all is begun anew from fewer withheld numbers than were needed; once where there are many quantities."""
SEVERAL = 2000
"""Up to how many quantities it is."""


class Given(Refused):
    """What is known of the tables in any case gives a number away."""


def protect(
    tables: LinkedTables,
    k: int,
    t: int = 1,
    budget: int = BUDGET,
    withheld: frozenset[str] = frozenset(),
    *,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Protected:
    """Return what may be printed of the tables so that nobody can work out a count from 1 to k-1.

    Nor can anybody learn that all of a split's group, or all but t, are in one part. Of every number that
    is withheld, large or small, the printed numbers leave open all from 0 to k-1, or show it to be k or
    more, or 0 where that may be told; so also of every inner cell, and of what is left of one number less
    another inside it, where that is from 1 to k-1.

    `withheld` names quantities that are withheld in any case, as from somebody who will hold these tables too.
    `progress` is called with what is being done and for how many numbers still. Raises BadInput where the
    tables contradict themselves, and Refused where the budget (steps, mostly linear programs solved) or the
    time (`seconds`) runs out: nothing is then published.
    """
    import numpy as np

    if k < t + 2 or k < 3:
        raise ValueError(f"k must be at least {max(3, t + 2)} (got {k})")
    check(tables)
    truth = np.array(tables.counts, dtype=np.int64)
    allowed = Budget.of(budget, seconds, progress)
    if two := large.two_way(tables):
        try:
            return large.suppress(two, tables, k, t, allowed, withheld)
        except large.Lopsided:
            if len(tables.quantities) > large.MOST:
                raise
    guarded = guards(tables, k, t)
    values = guarded.values(truth)[: guarded.quantities]
    grid = grid_of(tables, guarded)
    audit = Audit.of(
        guarded, attacker(tables, guarded, 2 * sum(tables.counts) + 2 * k, allowed, grid), tables.told, k
    )
    audit.know(truth)
    small = {q for q in range(guarded.quantities) if 0 < values[q] < k}
    hidden = small | {q for q, one in enumerate(tables.quantities) if one.name in withheld}
    for quantity in range(guarded.quantities):
        if quantity not in hidden:
            audit.print(quantity, int(values[quantity]))
    if isinstance(audit.attacker, Wide):
        batches.mend(tables, audit, audit.attacker, hidden)
    else:
        work = _Work(tables, audit, Moves.of(tables, guarded, truth, allowed, grid), values)
        for quantity in sorted(hidden):
            work.moves.withhold(quantity)
        work.mend()
        work.print_again(hidden)
        if len(tables.quantities) <= optimum.SMALL:
            optimum.least(tables, audit, values, hidden)
        elif grid is None and len(tables.quantities) <= SEVERAL:
            work.begin_anew(hidden)
    shown = {
        one.name: None if audit.shown[q] < 0 else int(audit.shown[q])
        for q, one in enumerate(tables.quantities)
    }
    rates = (one for one in tables.rates if shown[one.part] is not None and shown[one.whole] is not None)
    further = sum(value is None for value in shown.values()) - len(small)
    return Protected(shown, frozenset(one.name for one in rates), len(small), further, allowed.spent)


class _Work:
    """The three that move together: the tables, what is hidden of them, and the moves that hide more."""

    def __init__(self, tables: LinkedTables, audit: Audit, moves: Moves, values: Ints) -> None:
        self.tables, self.audit, self.moves, self.values = tables, audit, moves, values
        self.failed: dict[tuple[int, Side], int] = {}

    def mend(self) -> None:
        """Withhold further quantities until every guard is safe."""
        self.audit.plainly_sure()
        while sides := self.audit.open_sides():
            # The smallest first: what they need serves the larger ones.
            at = self.audit.found[0]
            for place, (guard, side) in enumerate(sorted(sides, key=lambda one: (int(at[one[0]]), one))):
                self.audit.attacker.budget.tell("withholding", len(sides) - place)
                if self.audit.is_open(guard, side) and not self._sure(guard, side):
                    self._mend(guard, side)

    def _sure(self, guard: int, side: Side) -> bool:
        large = int(self.audit.found[0][guard]) >= self.audit.k
        return large and side == "low" and self.audit.can(guard, side) and not self.audit.is_open(guard, side)

    def _mend(self, guard: int, side: Side) -> None:
        move = self.moves.seek(guard, self._change(guard, side))
        for quantity in move.giving if move else ():
            self.audit.withhold(quantity)
            self.moves.withhold(quantity)
        if move is None or not self._take(move.change, guard, side):
            self._withhold_any(guard)

    def _change(self, guard: int, side: Side) -> int:
        at = int(self.audit.found[0][guard])
        goal = self.audit.need_low if side == "low" else self.audit.need_high
        return int(goal[guard]) - at

    def _take(self, change: Ints | None, guard: int, side: Side) -> bool:
        # Where the move is in fractions, a whole one is searched for. Only what is seen to do is believed.
        known = change is not None and self.audit.know(self.audit.tables[0] + change)
        if known and not self.audit.is_open(guard, side):
            return True
        goal = int((self.audit.need_low if side == "low" else self.audit.need_high)[guard])
        table = self.audit.attacker.whole(guard, *((0, goal) if side == "low" else (goal, 10**7)))
        return table is not None and self.audit.know(table) and not self.audit.is_open(guard, side)

    def _withhold_any(self, guard: int) -> None:
        # Where fractions would do and whole numbers do not: the least printed number that has to do with it.
        cells = set(map(int, self.audit.guards.cells(guard)))
        near = [q for q in range(self.audit.guards.quantities) if self.audit.shown[q] >= 0]
        if not near:
            raise Given("what is known of these tables already gives a number away; nothing is published")
        one = min(near, key=lambda q: (
            not cells & self.tables.quantities[q].cells, self.tables.quantities[q].weight, int(self.values[q]), q
        ))  # fmt: skip
        self.audit.withhold(one)
        self.moves.withhold(one)

    def print_again(self, hidden: set[int]) -> None:
        """Print quantities again that need not be withheld, those that matter most first."""
        audit = self.audit
        for quantity in range(audit.guards.quantities):
            if audit.shown[quantity] >= 0:
                self.moves.hold(quantity, True)
        withheld = [q for q in range(audit.guards.quantities) if audit.shown[q] < 0 and q not in hidden]
        withheld.sort(key=lambda q: (-self.tables.quantities[q].weight, -int(self.values[q]), q))
        for place, quantity in enumerate(withheld):
            audit.attacker.budget.tell("printing again", len(withheld) - place)
            before = list(zip(audit.tables, audit.found, strict=True))
            audit.print(quantity, int(self.values[quantity]))
            audit.plainly_sure()
            self.moves.hold(quantity, True)
            if not self._holds():
                kept = {id(table) for table in audit.tables}
                audit.add([one for one in before if id(one[0]) not in kept])
                audit.withhold(quantity)
                self.moves.hold(quantity, False)

    def begin_anew(self, hidden: set[int]) -> None:
        """Withhold what must be for the sake of the sums alone, mend that, and keep it where it costs less."""
        audit, weights = self.audit, [one.weight for one in self.tables.quantities]
        best = audit.withheld()
        if best == hidden or min(weights) <= 0:
            return
        master = optimum.Master.of(self.tables, hidden)
        for _ in range(ANEW if len(weights) <= MANY else 1):
            audit.attacker.budget.tell("beginning anew", len(best) - len(hidden))
            audit.attacker.budget.spend()
            master.below(sum(weights[q] for q in best) - optimum.STEP)
            chosen = master.choose()
            if chosen is None:
                break
            for quantity in range(audit.guards.quantities):
                (self.moves.withhold if quantity in chosen else self.moves.print)(quantity)
                self.moves.hold(quantity, False)
            audit.set(chosen, self.values)
            for one in optimum.lessons(audit, chosen, hidden):
                master.learn(one)
            try:
                self.mend()
            except Given:
                break
            self.print_again(hidden)
            if sum(weights[q] for q in audit.withheld()) < sum(weights[q] for q in best):
                best = audit.withheld()
        audit.set(best, self.values)
        if optimum.lessons(audit, best, hidden):
            raise Refused("what was found to be hidden before is not found again; nothing is published")

    def _holds(self) -> bool:
        audit = self.audit
        while sides := audit.open_sides():
            # What has failed before mostly fails again, and then nothing else need be asked.
            guard, side = max(sides, key=lambda one: self.failed.get(one, 0))
            if not audit.can(guard, side):
                self.failed[guard, side] = self.failed.get((guard, side), 0) + 1
                return False
            if not audit.is_open(guard, side):
                continue
            table = audit.attacker.table()
            if table is not None and audit.know(table):
                continue
            move = self.moves.seek(guard, self._change(guard, side))
            if move is None or not self._take(move.change, guard, side):
                return False
        return True
