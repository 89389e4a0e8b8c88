"""What is told of a number anyway: what need be no less hidden than it leaves it.

That is sizes; of a table in which nothing is printed, the rows over all cases; of cases that are not all of a
publication's, everything in it; of cases of one weight, everything that is not weighted; and, where it is asked, what
all earlier publications tell together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.values import LinkedTables

Base: TypeAlias = tuple[Literal["publication", "over", "before", "plain", "told"], int]
"""What may be known anyway: one publication, its rows over all cases, all earlier ones together, all that is not
weighted, sizes alone."""
Span: TypeAlias = tuple[int, int] | None


class Anyway:
    """What is told anyway of the numbers of some tables, of which `spans` are printed; each its least and most."""

    def __init__(self, tables: LinkedTables, spans: Sequence[Span], before: bool) -> None:
        self.tables, self.spans = tables, spans
        self.homes = [(one.publication, one.table) for one in tables.quantities]
        self.speaking = {home for home, span in zip(self.homes, spans, strict=True) if span or not home[1]}
        self.before = before and len(tables.publications) > 1
        self._inside: list[frozenset[int]] = []
        self._wholes: list[set[frozenset[int]]] = []

    def bases(self, number: int) -> list[Base]:
        """Return what is told of a number, each as much as one publication may tell."""
        of, table = self.homes[number]
        part = table.startswith(checktables.PART)
        found: list[Base] = [("publication", one) for one in self._around(number) if part or one != of]
        if self._silent(number):
            found.append(("over", 0))
        if table == checktables.BY_WEIGHT:
            found.append(("plain", 0))
        if self.before:
            found.append(("before", 0))
        if not found and self.tables.told:
            found.append(("told", 0))
        return found

    def printed(self, base: Base) -> list[int]:
        """Return the quantities whose printed numbers are told by one of these."""
        kind, of = base
        return [
            quantity
            for quantity, ((whose, home), span) in enumerate(zip(self.homes, self.spans, strict=True))
            if span
            and (
                (kind == "publication" and whose == of)
                or (kind == "over" and not home)
                or (kind == "before" and whose)
                or (kind == "plain" and home != checktables.WEIGHTED)
            )
        ]

    def _silent(self, number: int) -> bool:
        # Whether no publication of some of a number's cases prints anything of its table.
        of, table = self.homes[number]
        if table in ("", f"{checktables.PART} of all"):
            return False
        split = table.removeprefix(f"{checktables.PART} by ")
        return table == checktables.PART or not any(
            (one, split) in self.speaking for one in set().union(*self._kinds(number)) or {of}
        )

    def _around(self, number: int) -> list[int]:
        # The publications of whose cases a number is about some, and about none of other publications alone.
        if len(self.tables.publications) < 2:
            return []
        mine = self._kinds(number)
        return [n for n, whole in enumerate(self._wholes) if mine < whole]

    def _kinds(self, number: int) -> set[frozenset[int]]:
        # In which publications the cases of a number are: all such sets.
        if not self._inside:
            inside: list[set[int]] = [set() for _ in self.tables.counts]
            for n, cells in enumerate(self.tables.publications):
                for cell in cells:
                    inside[cell].add(n)
            self._inside = [frozenset(one) for one in inside]
            self._wholes = [{self._inside[cell] for cell in cells} for cells in self.tables.publications]
        return {self._inside[cell] for cell in self.tables.quantities[number].cells}
