"""Which groups of cases a reader can tell apart, and which of their sizes are known: to insiders and outsiders.

A place is a finest group: cases that are in the same publications, with one value of every split in each. Every row
of every table of any of these publications is made of places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from attrs import Factory, evolve, frozen

Places: TypeAlias = frozenset[int]
Rows: TypeAlias = tuple[tuple[str, tuple[tuple[str, Places], ...]], ...]
"""The rows of every split in order, each as its places."""
Own: TypeAlias = tuple[tuple[int, int], ...]
"""A worker's own cases: how many in each place."""

ALL = "all"
WEIGHT = "by weight"
"""The split by weight, which no publication has; no field has this name."""
MANY = 200
"""Up to how many places the declared values of all splits are crossed."""


@frozen(cache_hash=True)
class Shape:
    """Which groups can be told apart, and what is known of their sizes.

    `splits` has the rows of every split in order, each as its places; `told` how many cases some places have
    together, and `ties` pairs of places that have the same cases. `always` says that every case was rated, as
    where an item must be answered and always applies; in the places `unasked` nobody was. `whole` are the places of
    the publication itself, where that is not all; `earlier` those of publications before it, with their rows.
    """

    places: int
    splits: Rows
    told: tuple[tuple[Places, int], ...]
    always: bool = False
    ties: tuple[tuple[Places, Places], ...] = ()
    unasked: Places = frozenset()
    whole: Places | None = None
    earlier: tuple[tuple[Places, Rows], ...] = ()

    def publications(self) -> tuple[tuple[Places, Rows], ...]:
        """Return the places and the rows of every publication, this one first."""
        whole = frozenset(range(self.places)) if self.whole is None else self.whole
        return ((whole, self.splits), *self.earlier)

    def sizes(self) -> tuple[int, ...] | None:
        """Return how many cases each place has, None where that is not known of every one."""
        known = {min(places): size for places, size in self.told if len(places) == 1}
        return tuple(known[place] for place in range(self.places)) if len(known) == self.places else None

    def rows(self, split: str, of: int = 0) -> tuple[tuple[str, Places], ...]:
        """Return the rows of a split, or with "" the one over all cases; `of` counts from this publication back."""
        whole, splits = self.publications()[of]
        if not split:
            return ((ALL, self.ties[0][0] & whole if self.ties else whole),)
        return next(rows for name, rows in splits if name == split)


@frozen
class Population:
    """Whose answers a publication counts of one measure.

    A unit is a case with its answer: two publications that count the same case as answered alike have it in common.
    `where` has each unit's row in every one of `splits`, `workers` its worker, `asked` those that are asked at all.
    `weights` are those by which shares are told weighted, where any may be.
    """

    splits: tuple[tuple[str, tuple[str, ...]], ...]
    where: Mapping[str, tuple[str, ...]]
    workers: Mapping[str, str]
    asked: frozenset[str]
    weights: Mapping[str, int] = Factory(dict)

    def weighed(self) -> Population:
        """Return the same with the cases of each weight told apart, too."""
        if not self.weights:
            return self
        rows = tuple(map(str, sorted(set(self.weights.values()))))
        where = {unit: (*own, str(self.weights[unit])) for unit, own in self.where.items()}
        return evolve(self, splits=(*self.splits, (WEIGHT, rows)), where=where)

    def those(self, units: frozenset[str]) -> Population:
        """Return the same of some units only."""
        if units.issuperset(self.where):
            return self
        where = {unit: rows for unit, rows in self.where.items() if unit in units}
        return evolve(self, where=where, asked=self.asked & units)


@frozen
class People:
    """The cases that a measure counts: as units, and the unit of each case by its name in the ledger."""

    population: Population
    units: Mapping[str, str]


Signature: TypeAlias = tuple[tuple[str, ...], ...]
"""A place: in each publication the row of every split, () where its cases are not in it."""


def signatures(populations: Sequence[Population]) -> dict[str, Signature]:
    """Return the place of every unit."""
    units = frozenset[str]().union(*(one.where.keys() for one in populations))
    return {
        unit: tuple(one.where.get(unit, ()) or _whole(one, unit) for one in populations)
        for unit in sorted(units)
    }


def _whole(population: Population, unit: str) -> tuple[str, ...]:
    return (ALL,) if unit in population.where else ()  # where there are no splits


def shape_of(populations: Sequence[Population], always: bool) -> Shape:
    """Return the groups as who knows everybody's place sees them: the sizes of all places are known.

    The first of `populations` is that of the publication itself; the others are earlier ones.
    """
    sizes = Counter(signatures(populations).values())
    places = sorted(sizes)
    told = tuple((frozenset({i}), sizes[place]) for i, place in enumerate(places))
    return _shape(populations, places, told, always)


def _shape(
    populations: Sequence[Population],
    places: Sequence[Signature],
    told: tuple[tuple[Places, int], ...],
    always: bool,
    unasked: Places = frozenset(),
) -> Shape:
    (whole, splits), *earlier = (
        (
            frozenset(i for i, place in enumerate(places) if place[number]),
            tuple(
                (
                    split,
                    tuple(
                        (
                            row,
                            frozenset(i for i, p in enumerate(places) if p[number] and p[number][at] == row),
                        )
                        for row in rows
                    ),
                )
                for at, (split, rows) in enumerate(one.splits)
            ),
        )
        for number, one in enumerate(populations)
    )
    return Shape(len(places), splits, told, always, (), unasked, whole, tuple(earlier))


def margins_of(populations: Sequence[Population], asked: Mapping[tuple[str, ...], frozenset[bool]]) -> Shape:
    """Return the groups as who knows the size of every row sees them, and how many cases are asked, but not which.

    `asked` says of every value of all splits together whether such cases can be asked, and whether they can be not.
    The sizes are known of what every two publications share and do not share.
    """
    own = populations[0].splits
    units = signatures(populations)
    places: dict[tuple[Signature, bool], int] = {}
    told: dict[Places, int] = {}
    parts: dict[tuple[bool, ...], list[str]] = {}
    for unit, place in units.items():
        parts.setdefault(tuple(map(bool, place)), []).append(unit)
    anybody = frozenset[str]().union(*(one.asked for one in populations))
    for part, members in sorted(parts.items()):
        rows = {unit: next(filter(None, units[unit])) for unit in members}
        plain = {unit for unit in members if all(one in ((), rows[unit]) for one in units[unit])}
        here: dict[tuple[tuple[str, ...], bool], int] = {}
        for values, flags in asked.items():
            for flag in sorted(flags):
                place = tuple((values or (ALL,)) if inside else () for inside in part)
                here[values or (ALL,), flag] = places.setdefault((place, flag), len(places))
        told[frozenset(here.values())] = len(plain)
        told[frozenset(at for (_, flag), at in here.items() if flag)] = len(plain & anybody)
        for number, (_, values_of) in enumerate(own):
            for row in values_of:
                at = frozenset(at for (values, _), at in here.items() if values[number] == row)
                told[at] = sum(rows[unit][number] == row for unit in plain)
        # A case that stands in another row in another publication is known for it.
        moved = Counter((units[unit], unit in anybody) for unit in members if unit not in plain)
        for (place, flag), size in sorted(moved.items()):
            told[frozenset({places.setdefault((place, flag), len(places))})] = size
    unasked = frozenset(at for (_, flag), at in places.items() if not flag)
    sizes = tuple((at, size) for at, size in told.items() if at)
    return _shape(populations, [place for place, _ in places], sizes, False, unasked)


def declared_shape(
    splits: Mapping[str, Sequence[str]],
    told: Sequence[Mapping[tuple[str, str], int | None]],
    always: bool,
    asked: Mapping[tuple[str, str], int | None] | None = None,
) -> Shape:
    """Return the groups as who reads the publication sees them: every declared row, with the sizes that are told.

    `told` gives the size of each row, ("", "all") being all: of this publication, then of earlier ones of the same
    review, the last one first; each counts all cases of those before it. `asked` gives, where a measure is asked of
    some cases only, how many these are in each row. Where the rows of all splits are too many to be crossed, each
    split has places of its own.
    """
    crossed = prod(map(len, splits.values())) <= MANY
    blocks = [list(splits)] if crossed else [[split] for split in splits]
    # Each place with the number of the last publication, from this one back, that has its cases.
    places = [
        (dict(zip(names, place, strict=True)), last, flag)
        for names in blocks
        for last in range(len(told))
        for flag in ((True, False) if asked is not None else (True,))
        for place in product(*(splits[n] for n in names))
    ]

    def among(number: int, names: Iterable[str] = (), row: str | None = None) -> Places:
        # The places of a publication that have some splits; of the row of one alone.
        return frozenset(
            i
            for i, (place, last, _) in enumerate(places)
            if last >= number and all(one in place and row in (None, place[one]) for one in names)
        )

    rows = [
        tuple(
            (split, tuple((row, among(number, [split], row)) for row in keys))
            for split, keys in splits.items()
        )
        for number in range(len(told))
    ]
    sizes = []
    for number, known in enumerate(told):
        of = {(split, row): at for split, found in rows[number] for row, at in found}
        of["", ALL] = among(number, blocks[0])
        sizes += [(of[which], size) for which, size in known.items() if size is not None]
        if asked is not None and not number:
            may = frozenset(i for i, (_, _, flag) in enumerate(places) if flag)
            sizes += [(of[which] & may, size) for which, size in asked.items() if size is not None]
    return Shape(
        len(places),
        rows[0],
        tuple((at, size) for at, size in sizes if at),
        always,
        tuple(
            (among(last, blocks[0]) - among(last + 1), among(last, names) - among(last + 1))
            for names in blocks[1:]
            for last in range(len(told))
        ),
        frozenset(i for i, (_, _, flag) in enumerate(places) if not flag),
        None,
        tuple((among(number), rows[number]) for number in range(1, len(told))),
    )


def own_of(populations: Sequence[Population], coalition: int) -> frozenset[Own]:
    """Return where each coalition of so many workers has cases of their own, each way of having them once.

    Places are those of `shape_of`. What their answers were is left open: a decision that looked at it would itself
    tell something of them.
    """
    alike = Counter(tuple(sorted(cases.items())) for cases in _behind(populations).values())
    # Of workers who have cases in the same places no more are needed than can be in one coalition.
    workers = [one for one, times in sorted(alike.items()) for _ in range(min(times, coalition))]
    return frozenset(
        _together(Counter(dict(one)) for one in together)
        for together in combinations(workers, min(coalition, len(workers)))
    )


def own_by_workers(populations: Sequence[Population], coalition: int) -> dict[Own, list[tuple[str, ...]]]:
    """Return where coalitions of so many workers have cases of their own, and which coalitions have them there."""
    behind = _behind(populations)
    found: dict[Own, list[tuple[str, ...]]] = {}
    for together in combinations(sorted(behind), min(coalition, len(behind))):
        found.setdefault(_together(behind[worker] for worker in together), []).append(together)
    return found


def _behind(populations: Sequence[Population]) -> dict[str, Counter[int]]:
    # In which places every worker has how many cases.
    where = signatures(populations)
    number = {place: i for i, place in enumerate(sorted(set(where.values())))}
    workers = {unit: worker for one in populations for unit, worker in one.workers.items()}
    behind: dict[str, Counter[int]] = {}
    for unit, place in where.items():
        behind.setdefault(workers[unit], Counter())[number[place]] += 1
    return behind


def _together(cases: Iterable[Counter[int]]) -> Own:
    return tuple(sorted(sum(cases, Counter[int]()).items()))
