"""Check that workers who know their own cases learn nothing of others. Whole numbers only; nothing is solved.

A record holds the proof for outsiders, with as many whole tables as it takes; how many cases each place has; and
where each worker, or coalition, has cases of their own. Whatever these may have answered, and put aside, what is
left is held to the same rules: of every number that is withheld there are tables with room for the worker's own
cases in which the others' number is as small, and k-1 or as large, as the sizes allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations_with_replacement, product
from math import comb, prod
from typing import Any, TypeAlias

from reviewcore.disclosure.checkshares import Wrong, shares
from reviewcore.disclosure.linked import checktables

SPEC = "insiders/1"
SIZES = "sizes"
MANY = 2000
"""From how many ways in which a worker's cases can have been answered only those are tried in which the cases of each
place are alike; and where that leaves as many, those in which all are."""

Mine: TypeAlias = tuple[tuple[int, int], ...]
"""A worker's own cases as they may have been answered: how many in each inner cell."""
_Bound: TypeAlias = Callable[[Mine], int]
_NONE: tuple[None, None, None] = (None, None, None)


def problems(records: Mapping[str, Any], certificate: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the records of a publication, whose certificate says what it prints."""
    try:
        if records["spec"] != SPEC:
            return [f"this program checks {SPEC}"]
        printed: dict[str, dict[str, Any]] = {}
        for name, part in certificate["parts"].items():
            for one in part["numbers"]:
                measure = one["name"].partition("|")[0].partition("/")[0]
                of_a_measure = measure != SIZES if name == SIZES else measure == name  # and of no tally
                if of_a_measure and (one["value"] is not None or "band" in one):
                    printed.setdefault(measure, {})[one["name"]] = one
        asked = {(part["k"], part["t"]) for part in certificate["parts"].values()}
        told = {name: one for part in certificate["parts"].values() for name, one in shares(part).items()}
        missing = [
            f"{key}: there is no record by the rules of the publication"
            for key in printed
            if not any(
                (one["outside"]["k"], one["outside"]["t"]) in asked
                for one in records["measures"].get(key, ())
            )
        ]
        return missing or [
            f"{key}: {one}"
            for key, found in records["measures"].items()
            for record in found
            for one in _problems(record, printed.get(key, {}), told)
        ]
    except (KeyError, TypeError, AttributeError, Wrong):
        return ["it is no record of this kind"]


def looked_at(records: Mapping[str, Any]) -> int:
    """Return in how many ways in all somebody's own cases are taken to have been answered."""
    return sum(
        sum(1 for _ in ways(own, record["atoms"])) * len(who)
        for found in records["measures"].values()
        for record in found
        for who, own in record["workers"]
    )


def _problems(
    record: Mapping[str, Any], printed: Mapping[str, Any], told: Mapping[str, tuple[int, int, int]]
) -> list[str]:
    try:
        outside = record["outside"]
        found = checktables.problems(outside) or _unbound(record, printed)
        mine = shares(outside)
        if not found and any(mine.get(name) != told[name] for name in printed.keys() & told.keys()):
            found = ["the proof is not about the weighted share that is printed"]
        if not found and not _everybody(record):
            found = ["the workers who are named do not have all the cases"]
        if not found and any(unshown(record)):
            found = ["it is not shown that whoever knows cases of their own learns nothing of others"]
        return found
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return ["it is no record of this kind"]


def unshown(record: Mapping[str, Any]) -> Iterator[Mine]:
    """Yield the cases of their own of whoever could learn something, as far as the record shows."""
    shown = _Shown(record)
    for _, own in record["workers"]:
        for mine in ways([(place, count) for place, count in own], record["atoms"]):
            if not shown(mine):
                yield mine


def ways(own: list[tuple[int, int]], atoms: int) -> Iterator[Mine]:
    """Yield the ways in which a worker's own cases, so many in each place, can have been answered."""
    places = [
        list(combinations_with_replacement([place * atoms + atom for atom in range(atoms)], count))
        for place, count in own
    ]
    if prod(map(len, places)) > MANY:
        places = [[(place * atoms + atom,) * count for atom in range(atoms)] for place, count in own]
    alike = atoms ** len(own) > MANY
    for way in zip(*places, strict=True) if alike else product(*places):
        yield tuple(sorted(Counter(cell for cells in way for cell in cells).items()))


def key(mine: Mine) -> str:
    """Return what the certificate for these own cases is called in a record.

    >>> key(((0, 2), (4, 1)))
    '0x2 4x1'
    """
    return " ".join(f"{cell}x{count}" for cell, count in mine)


class _Shown:
    """Whether a record shows, for cases of somebody's own, that they tell nothing of others."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        held = record["outside"]
        self.k, self.atoms, self.sizes, self.apart = (
            held["k"],
            record["atoms"],
            record["sizes"],
            record["apart"],
        )
        self.held = held
        cells = [_cells(one["cells"]) for one in held["numbers"]]
        self.values = [one["value"] for one in held["numbers"]]
        # What the proof for outsiders shows to be nobody is as good as a printed 0.
        empty = {int(q) for q, proof in held["hidden"].items() if proof["how"] == "none"}
        self.printed = [
            (cells[q], value or 0) for q, value in enumerate(self.values) if value is not None or q in empty
        ]
        self.tables = [held["base"]]
        for change in held["differences"]:
            table = list(held["base"])
            for cell, by in change:
                table[cell] += by
            self.tables.append(table)
        # Of what is withheld, and of what a group has besides one of its parts: its cells, whether it need only be
        # somebody, what the proof for outsiders says of it, and what it is in each table.
        asked = [(cells[q], False, self._proofs(q)) for q, value in enumerate(self.values) if value is None]
        asked += [
            (cells[whole] - cells[part], True, _NONE)
            for whole, parts in held["splits"]
            for part in parts
            if cells[whole] != cells[part]
        ]
        self.asked = [
            (
                mine,
                rest,
                proofs,
                *self._places(mine),
                [sum(table[cell] for cell in mine) for table in self.tables],
            )
            for mine, rest, proofs in asked
        ]

    def __call__(self, mine: Mine) -> bool:
        for cells, value in self.printed:
            left = value - sum(count for cell, count in mine if cell in cells)
            if left < 0:
                return True  # nobody can have had these
            if 0 < left < self.k:
                return False
        return self._by_tables(mine) or self._by_itself(mine)

    def _by_tables(self, mine: Mine) -> bool:
        room = [n for n, table in enumerate(self.tables) if all(table[cell] >= count for cell, count in mine)]
        by_place = Counter[int]()
        for cell, count in mine:
            by_place[cell // self.atoms] += count
        for cells, rest, (least, low, high), touched, whole, at in self.asked:
            inside = sum(count for cell, count in mine if cell in cells)
            if least and least(mine) >= self.k:
                continue
            others = sum(self.sizes[place] - by_place[place] for place in touched)
            goal = inside + min(1 if rest else self.k - 1, others, high(mine) if high else others)
            if not any(at[n] >= goal for n in room):
                return False
            known = sum(self.sizes[place] - by_place[place] for place in whole)
            goal = inside + max(known, low(mine) if low else 0)
            if not rest and not any(at[n] <= goal for n in room):
                return False
        return True

    def _by_itself(self, mine: Mine) -> bool:
        proof = self.apart.get(key(mine))
        if not proof or checktables.problems(proof):
            return False
        own = dict(mine)
        less = [sum(own.get(cell, 0) for cell in _cells(one["cells"])) for one in self.held["numbers"]]
        numbers = [_less(one, by) for one, by in zip(self.held["numbers"], less, strict=True)]
        told = [
            [row, value - sum(factor * own.get(cell, 0) for cell, factor in row)]
            for row, value in self.held["told"]
        ]
        same = (
            proof["numbers"] == numbers and proof["told"] == told and proof["splits"] == self.held["splits"]
        )
        return bool(same and proof["k"] >= self.k)

    def _proofs(self, number: int) -> tuple[_Bound | None, _Bound | None, _Bound | None]:
        # What the proof for outsiders, which was checked, says of a number: that it is large, how small and how large
        # it can be by what is told anyway.
        proof = self.held["hidden"][str(number)]
        if proof["how"] == "large":
            return self._bound(proof, False), None, None
        low, high = proof.get("told low"), proof.get("told high")
        return None, low and self._bound(low, False), high and self._bound(high, True)

    def _bound(self, proof: Mapping[str, Any], most: bool) -> _Bound:
        # A sum of printed and told numbers bounds the others' number, too, less one's own cases in each of them.
        total, row = 0, Counter[int]()
        for place, factor in proof["told"]:
            cells, value = self.held["told"][place]
            total += factor * value
            for cell, times in cells:
                row[cell] += factor * times
        for place, factor in proof["printed"]:
            one = self.held["numbers"][place]
            low, high = (one["value"],) * 2 if one["value"] is not None else one["band"]
            total += factor * (high if most == (factor > 0) else low)
            for cell in _cells(one["cells"]):
                row[cell] += factor

        def bound(mine: Mine) -> int:
            left = total - sum(count * row[cell] for cell, count in mine)
            return int(left // proof["over"] if most else -(-left // proof["over"]))

        return bound

    def _places(self, cells: frozenset[int]) -> tuple[list[int], list[int]]:
        inside = Counter(cell // self.atoms for cell in cells)
        return list(inside), [place for place, count in inside.items() if count == self.atoms]


def _less(number: Mapping[str, Any], by: int) -> dict[str, Any]:
    found = dict(number)
    if number["value"] is not None:
        found["value"] = number["value"] - by
    if "band" in number:
        low, high = number["band"]
        found["band"] = [max(0, low - by), high - by]
    return found


def _unbound(record: Mapping[str, Any], printed: Mapping[str, Any]) -> list[str]:
    # The sizes are those that the proof is told, place by place; and it is about what the publication prints.
    held, atoms = record["outside"], record["atoms"]
    told = {tuple(sorted(cell for cell, factor in row if factor == 1)): value for row, value in held["told"]}
    sizes = {tuple(range(p * atoms, (p + 1) * atoms)): size for p, size in enumerate(record["sizes"])}
    cells = atoms * len(record["sizes"])
    if held["cells"] != cells + record["beyond"] or any(told.get(one) != size for one, size in sizes.items()):
        return ["the sizes of the places are not those that the proof is told"]
    mine = {one["name"]: one for one in held["numbers"]}
    for name, one in printed.items():
        if one["value"] and mine.get(name, {}).get("value") != one["value"]:
            return [f"{name}: the proof is not about what is printed"]
        if one["value"] is None and "band" in one and not _within(mine.get(name), one["band"]):
            return [f"{name}: the proof is not about what is printed"]
    return []


def _everybody(record: Mapping[str, Any]) -> bool:
    # Every coalition of so many workers is named once, and together they have every case as often as they should.
    together = [frozenset(who) for who, _ in _named(record)]
    workers = frozenset[str]().union(*together)
    size = min(record["outside"]["t"], len(workers))
    cases = sum(count for _, own in _named(record) for _, count in own)
    return (
        len(set(together)) == len(together) == comb(len(workers), size)
        and all(len(one) == size for one in together)
        and cases == sum(record["sizes"]) * comb(len(workers) - 1, size - 1)
    )


def _named(record: Mapping[str, Any]) -> Iterator[tuple[list[str], list[tuple[int, int]]]]:
    for coalitions, own in record["workers"]:
        for who in coalitions:
            yield who, own


def _within(number: Mapping[str, Any] | None, band: list[int]) -> bool:
    # Who holds more than this publication may know the number, or a narrower band of it.
    if number is None:
        return False
    low, high = number["band"] if "band" in number else (number["value"], number["value"])
    return low is not None and bool(band[0] <= low and high <= band[1])


def _cells(runs: Any) -> frozenset[int]:
    return frozenset(cell for first, last in runs for cell in range(first, last + 1))
