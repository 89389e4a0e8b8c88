"""What is printed of measures, as one problem of linked tables: inner cells, what is known of them, what is printed.

An inner cell is how many cases of one place (a finest group: one value of every split) have one of the codes that
no printed table tells apart, or were not rated. Every row of every table is a sum of inner cells, printed, told as
a band or withheld; so is what printed rows leave over of the rows around them. What earlier publications told is
in the same problem: their rows are sums of the same cells, and so is what two of them share or do not share.

A share that is told weighted, in whole percents, is a row over inner cells of each weight: it must tell nothing of
the cases of any one weight that is not known without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations_with_replacement, product
from math import prod
from typing import TypeAlias

from attrs import evolve, frozen

from reviewcore.disclosure.lines import SILENT, Printed
from reviewcore.disclosure.linked import LinkedTables, Protected, Quantity, Split, Told, checktables
from reviewcore.disclosure.rules import Group
from reviewcore.disclosure.shape import ALL, WEIGHT, Own, Places, Rows, Shape

Codes: TypeAlias = frozenset[str]
Mine: TypeAlias = tuple[tuple[int, int], ...]
"""A worker's own cases with their answers: how many in each inner cell."""
MANY = 2000
"""From how many ways in which a worker's cases can have been answered only those are tried in which the cases of each
place are alike; and where that leaves as many, those in which all are."""

RATED, UNRATED = "rated", "not rated"
SHARE = "share, weighted"
"""A number that is 0 where a share is as it is told weighted; "... of" is how many cases it is of."""
EACH = checktables.PART
"""The table of the places themselves, and of what publications share, which is never printed."""


@frozen
class Said:
    """What one row prints: the number rated or None, and of some categories the least and most of each.

    `of` counts the publication from this one back. `weighted` are codes, how many cases have them, the percent
    that these are, each case counted by its weight, and to what it is rounded.
    """

    split: str
    row: str
    rated: int | None
    spans: tuple[tuple[Codes, int, int], ...]
    of: int = 0
    weighted: tuple[Codes, int, int, int] | None = None

    def beside(self, other: Said) -> Said:
        """Return what the row prints in two publications together."""
        return evolve(
            self,
            rated=self.rated if other.rated is None else other.rated,
            spans=(*self.spans, *other.spans),
            weighted=self.weighted or other.weighted,
        )


@frozen
class Measured:
    """What is printed of one measure, in this publication and in earlier ones that are held beside it.

    `coded` names the categories that the tables of each publication have, printed or not.
    """

    key: str
    shape: Shape
    codings: tuple[tuple[tuple[str, Codes], ...], ...]
    coded: tuple[tuple[int, str, tuple[tuple[str, Codes], ...]], ...]
    said: tuple[Said, ...]

    def atoms(self) -> tuple[Codes | None, ...]:
        """Return the codes that no printed table tells apart; None for the cases not rated."""
        printed = {codes for one in self.said for codes, _, _ in one.spans}
        printed |= {codes for _, _, coding in self.coded for _, codes in coding}
        alike: dict[tuple[bool, ...], set[str]] = {}
        order = sorted(printed, key=sorted)
        for code in sorted(set().union(*printed, *(codes for one in self.codings for _, codes in one))):
            alike.setdefault(tuple(code in one for one in order), set()).add(code)
        found: list[Codes | None] = [frozenset(one) for one in alike.values()]
        return tuple(found if self.shape.always else [*found, None])


def said_of(split: str, rows: Mapping[str, Group], printed: Printed) -> Iterator[Said]:
    """Yield what the rows of one table print, but for those that print nothing."""
    for row, line in printed.lines.items():
        group = rows[row]
        spans = tuple(
            (one.codes, *((count, count) if line.counts else line.spans[place]))
            for place, one in enumerate(printed.coding)
            if line.counts or line.spans
            for count in (group.count(one.codes),)
        )
        if line != SILENT:
            share = line.weighted and (line.weighted[0], group.count(line.weighted[0]), *line.weighted[1:])
            yield Said(split, row, group.rated if line.rated else None, spans, weighted=share)


class Problem:
    """One measure as linked tables; `tables` and `made` are what proofs are made from."""

    def __init__(self, measured: Measured) -> None:
        self.measured, self.shape = measured, measured.shape
        self.atoms = measured.atoms()
        self.printed: dict[tuple[int, frozenset[int]], tuple[int, int]] = {}
        self.names: dict[str, Quantity] = {}
        self.known: set[frozenset[int]] = set()
        self.at = {atom: place for place, atom in enumerate(self.atoms)}
        self.inside: dict[Codes, list[Codes | None]] = {}
        self.rows: dict[str, list[str]] = {}
        self.splits: list[Split] = []
        self.size = self.shape.places * len(self.atoms)
        weighing: list[Told] = []
        for said in measured.said:
            weighing += self._weigh(said)
            places = dict(self.shape.rows(said.split, said.of))[said.row]
            if said.rated is not None:
                self._print(said.of, self.cells(places, self._every()), said.rated, said.rated)
            for codes, low, high in said.spans:
                self._print(said.of, self.cells(places, self._within(codes)), low, high)
        publications = self.shape.publications()
        for of in range(len(publications)):
            for table, places, row in self._groups(of):
                self._numbers(of, table, places, row)
        for of, table, places, row in self._parts():
            self._numbers(of, table, places, row, True)
        for of, places, row in self._weights() if weighing else ():
            self._numbers(of, checktables.BY_WEIGHT, places, row, True)
        told = [Told(dict.fromkeys(sorted(self.cells(p, self.atoms)), 1), n) for p, n in self.shape.told]
        if self.shape.unasked:
            told.append(Told(dict.fromkeys(sorted(self.cells(self.shape.unasked, self._every())), 1), 0))
        told += [
            Told(
                dict.fromkeys(sorted(self.cells(one, [atom])), 1)
                | dict.fromkeys(sorted(self.cells(other, [atom])), -1),
                0,
            )
            for one, other in self.shape.ties
            for atom in self.atoms
        ]
        values: dict[str, int | None] = {}
        ranges: dict[str, tuple[int, int]] = {}
        for name, one in self.names.items():
            span = self.printed.get((one.publication, one.cells))
            values[name] = span[0] if span and span[0] == span[1] else None
            if span and span[0] != span[1]:
                ranges[name] = span
        told += weighing
        size = -(-self.size // len(self.atoms)) * len(self.atoms)
        whose = [self.cells(places, self.atoms) for places, _ in publications] if self.shape.earlier else ()
        self.tables = LinkedTables([0] * size, self.names.values(), self.splits, (), told, False, whose)
        self.made = Protected(values, frozenset(), ranges=ranges)

    def cells(self, places: Iterable[int], atoms: Iterable[Codes | None]) -> frozenset[int]:
        """Return the inner cells of places with atoms."""
        at, size = [self.at[one] for one in atoms], len(self.atoms)
        return frozenset([place * size + one for place in places for one in at])

    def ways(self, own: Own) -> Iterator[Mine]:
        """Yield the ways in which a worker's own cases can have been answered."""
        size = len(self.atoms)
        places = [
            list(combinations_with_replacement([place * size + atom for atom in range(size)], count))
            for place, count in own
        ]
        if prod(map(len, places)) > MANY:
            places = [[(place * size + atom,) * count for atom in range(size)] for place, count in own]
        alike = size ** len(own) > MANY
        for way in zip(*places, strict=True) if alike else product(*places):
            yield tuple(sorted(Counter(cell for cells in way for cell in cells).items()))

    def without(self, mine: Mine) -> tuple[LinkedTables, Protected] | None:
        """Return the problem of one who puts their own cases aside: an outsider to all others.

        None where what is printed shows that nobody can have had these.
        """
        less = {name: sum(n for cell, n in mine if cell in one.cells) for name, one in self.names.items()}
        told = [
            Told(one.cells, one.value - sum(n * one.cells.get(cell, 0) for cell, n in mine))
            for one in self.tables.told
        ]
        values = {name: None if v is None else v - less[name] for name, v in self.made.values.items()}
        ranges = {
            name: (max(0, low - less[name]), high - less[name])
            for name, (low, high) in self.made.ranges.items()
        }
        if any(v is not None and v < 0 for v in values.values()) or any(
            high < 0 for _, high in ranges.values()
        ):
            return None
        return evolve(self.tables, told=told), Protected(values, frozenset(), ranges=ranges)

    def _every(self) -> list[Codes | None]:
        return [one for one in self.atoms if one is not None]

    def _within(self, codes: Codes) -> list[Codes | None]:
        if codes not in self.inside:
            self.inside[codes] = [one for one in self.atoms if one is not None and one <= codes]
        return self.inside[codes]

    def _print(self, of: int, cells: frozenset[int], low: int, high: int) -> None:
        before = self.printed.get((of, cells), (low, high))
        self.printed[of, cells] = max(low, before[0]), min(high, before[1])

    def _groups(self, of: int) -> Iterator[tuple[str, Places, str]]:
        # Every group that a number of a publication can be of: its rows, what printed ones leave over, the places.
        said = {(one.split, one.row): one for one in self.measured.said if one.of == of}
        splits = self._splits(of)
        over = self.shape.rows("", of)
        yield "", over[0][1], ALL
        for split, rows in splits:
            for row, places in rows:
                yield split, places, row
        for split, rows in (("", over), *splits):
            for row, places in rows if not split or any((split, r) in said for r, _ in rows) else ():
                for other, inside in splits:
                    if other != split:
                        yield from self._left(split, row, places, other, inside, said)
        if not of and not self.shape.earlier and len(splits) > 1:
            for number, place in enumerate(self._finest()):
                yield EACH, place, str(number)

    def _parts(self) -> Iterator[tuple[int, str, Places, str]]:
        # Every group of cases that some publications have and others do not, and its rows in the first of those.
        publications = self.shape.publications()
        if len(publications) == 1:
            return
        members: dict[tuple[int, ...], set[int]] = {}
        for place in range(self.shape.places):
            inside = tuple(of for of, (whole, _) in enumerate(publications) if place in whole)
            members.setdefault(inside, set()).add(place)
        parts = {frozenset(found): inside[0] for inside, found in sorted(members.items())}
        for one, (mine, _) in enumerate(publications):
            for other, (theirs, _) in enumerate(publications):
                if other != one:
                    parts.setdefault(mine - theirs, one)
                if other > one:
                    parts.setdefault(mine & theirs, one)
        for number, (part, of) in enumerate(parts.items()):
            yield of, f"{EACH} of all", part, f"{ALL}, part {number}"
            for split, rows in self._splits(of):
                for row, places in rows:
                    yield of, f"{EACH} by {split}", part & places, f"{row}, part {number}"
        for number, places in enumerate(self._finest()):
            yield self._first(places), EACH, places, str(number)

    def _splits(self, of: int) -> Rows:
        # Those of a publication; by weight it has none.
        return tuple((split, rows) for split, rows in self.shape.publications()[of][1] if split != WEIGHT)

    def _finest(self) -> list[Places]:
        # The places; where these are told apart by weight, too, as they are without.
        if not any(split == WEIGHT for _, splits in self.shape.publications() for split, _ in splits):
            return [frozenset({place}) for place in range(self.shape.places)]
        alike: dict[tuple[int, ...], set[int]] = {}
        rows = [places for of, (whole, _) in enumerate(self.shape.publications())
                for places in (whole, *(found for _, inside in self._splits(of) for _, found in inside))]  # fmt: skip
        for place in range(self.shape.places):
            inside = tuple(number for number, places in enumerate(rows) if place in places)
            alike.setdefault(inside, set()).add(place)
        return [frozenset(found) for found in alike.values()]

    def _first(self, places: Places) -> int:
        # The last publication, this one before all, that has some cases.
        return next(
            of for of, (whole, _) in enumerate(self.shape.publications()) if not places.isdisjoint(whole)
        )

    def _weights(self) -> Iterator[tuple[int, Places, str]]:
        # The cases of each weight, in all and in every row.
        for of in range(len(self.shape.publications())):
            for split, rows in (("", self.shape.rows("", of)), *self._splits(of)):
                for row, places in rows:
                    for weight, found in self.shape.rows(WEIGHT, of):
                        where = f"{split}: {row}, weight {weight}" if split else f"weight {weight}"
                        yield of, places & found, where

    def _weigh(self, said: Said) -> Iterator[Told]:
        # A share is from half a step below what is printed to less than half a step above: two rows, each with how far
        # it is beyond what they ask and, printed as 0, how far it falls short of that.
        if said.weighted is None:
            return
        codes, count, percent, step = said.weighted
        every, good = self._every(), self._within(codes)
        short, all_good = set[int](), set[int]()
        whole = 200 // step  # in half steps, of which both edges are an odd number: so factors are small
        for sign, edge, least in ((1, 2 * percent // step - 1, 0), (-1, 2 * percent // step + 1, 1)):
            row: dict[int, int] = {}
            for weight, places in self.shape.rows(WEIGHT, said.of):
                row |= dict.fromkeys(self.cells(places, every), -sign * edge * int(weight))
                row |= dict.fromkeys(self.cells(places, good), sign * (whole - edge) * int(weight))
                all_good |= self.cells(places, good)
            beyond, lacking = self.size, self.size + 1
            self.size += 2
            short.add(lacking)
            yield Told({**dict(sorted(row.items())), beyond: -1, lacking: 1}, least)
        name = f"{self.measured.key}|{ALL}{f', publication {-said.of}' if said.of else ''}|{SHARE}"
        for one, table, cells, value in (
            (name, checktables.WEIGHTED, frozenset(short), 0),
            (f"{name} of", "", frozenset(all_good), count),
        ):
            self.names[one] = Quantity(one, cells, 1.0, table, said.of)
            self._print(said.of, cells, value, value)

    def _left(
        self,
        split: str,
        row: str,
        places: Places,
        other: str,
        inside: tuple[tuple[str, Places], ...],
        said: Mapping[tuple[str, str], Said],
    ) -> Iterator[tuple[str, Places, str]]:
        if not any((other, key) in said for key, _ in inside):
            return
        within = [(said.get((other, key)), found) for key, found in inside if found and found <= places]
        for what, silent in (
            ("", [found for one, found in within if one is None or not one.spans]),
            (" rated", [found for one, found in within if one is None or one.rated is None]),
        ):
            left = frozenset[int]().union(*silent)
            if len(silent) > 1 and left != places:
                yield (
                    other,
                    left,
                    f"{row} left over by {other}{what}" if split else f"left over by {other}{what}",
                )

    def _numbers(self, of: int, table: str, places: Places, row: str, new: bool = False) -> None:
        # With `new` only those that are not there yet, under whatever name.
        if not places:
            return
        row = f"{row}, publication {-of}" if of else row
        start = f"{self.measured.key}/{table}|{row}" if table else f"{self.measured.key}|{row}"
        whole = self.cells(places, self._every())
        if new and whole in self.known:
            return
        rated = self._add(of, start, RATED, table, whole)
        if None in self.atoms:
            self._add(of, start, UNRATED, table, self.cells(places, [None]))
        for whose, home, coding in self.measured.coded:
            for key, codes in coding if (whose, home) == (of, table) else ():
                self._add(of, start, key, table, self.cells(places, self._within(codes)))
        others = [codes for coding in self.measured.codings for _, codes in coding]
        for codes in [*others, *(one for one in self.atoms if one)]:
            atoms = self._within(codes)
            if frozenset().union(*(one or () for one in atoms)) == codes:
                cells = self.cells(places, atoms)
                if cells not in self.known:
                    self._add(of, start, f"codes {'+'.join(sorted(codes))}", table, cells)
        parts = [name for name in self.rows[start] if name != rated and self.names[name].cells < whole]
        if parts:
            self.splits.append(Split(rated, tuple(parts)))

    def _add(self, of: int, start: str, what: str, table: str, cells: frozenset[int]) -> str:
        name = f"{start}|{what}"
        if name not in self.names:
            self.rows.setdefault(start, []).append(name)
        self.names[name] = Quantity(name, cells, 1.0, table, of)
        self.known.add(cells)
        return name
