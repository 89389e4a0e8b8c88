"""What is withheld so far, with what shows that it is enough: withholding more, and printing again what need not be."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import Factory, define

from reviewcore.disclosure.linked.audit import Audit, Side
from reviewcore.disclosure.linked.moves import Moves
from reviewcore.disclosure.linked.numbers import Ints
from reviewcore.disclosure.linked.values import LinkedTables
from reviewcore.errors import Refused


@define(eq=False)
class Work:
    """The three that move together: the tables, what is hidden of them, and the moves that hide more."""

    tables: LinkedTables
    audit: Audit
    moves: Moves
    values: Ints
    failed: dict[tuple[int, Side], int] = Factory(dict)

    def begin(self, hidden: Iterable[int]) -> None:
        """Withhold these quantities, and what else is needed."""
        self.withhold(hidden)
        self.mend()

    def withhold(self, hidden: Iterable[int]) -> None:
        """Withhold just these quantities, and print all others."""
        chosen = set(hidden)
        for quantity in range(self.audit.guards.quantities):
            (self.moves.withhold if quantity in chosen else self.moves.print)(quantity)
            self.moves.hold(quantity, False)
        self.audit.set(chosen, self.values)

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
            raise Refused("what is known of these tables already gives a number away; nothing is published")
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
