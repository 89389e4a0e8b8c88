"""Which groups of cases a reader can tell apart, and which of their sizes are known: to insiders and outsiders.

A place is a finest group: one value of every split. Every row of every table is made of places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from attrs import frozen

from reviewcore.disclosure.rules import Group

Places: TypeAlias = frozenset[int]
Own: TypeAlias = tuple[tuple[int, int], ...]
"""A worker's own cases: how many in each place."""

ALL = "all"
MANY = 200
"""Up to how many places the declared values of all splits are crossed."""


@frozen
class Shape:
    """Which groups can be told apart, and what is known of their sizes.

    `splits` has the rows of every split in order, each as its places; `told` how many cases some places have
    together, and `ties` pairs of places that have the same cases. `always` says that every case was rated, as
    where an item must be answered and always applies.
    """

    places: int
    splits: tuple[tuple[str, tuple[tuple[str, Places], ...]], ...]
    told: tuple[tuple[Places, int], ...]
    always: bool = False
    ties: tuple[tuple[Places, Places], ...] = ()

    def rows(self, split: str) -> tuple[tuple[str, Places], ...]:
        """Return the rows of a split, or with "" the one over all cases."""
        if not split:
            return ((ALL, self.ties[0][0] if self.ties else frozenset(range(self.places))),)
        return next(rows for name, rows in self.splits if name == split)


def shape_of(everybody: Group, splits: Mapping[str, Mapping[str, Group]], always: bool) -> Shape:
    """Return the groups as who knows everybody's place sees them: the sizes of all places are known."""
    sizes = Counter(_where(everybody, splits).values())
    places = sorted(sizes)
    return Shape(
        len(places),
        tuple(
            (
                split,
                tuple((row, frozenset(i for i, p in enumerate(places) if p[at] == row)) for row in groups),
            )
            for at, (split, groups) in enumerate(splits.items())
        ),
        tuple((frozenset({i}), sizes[place]) for i, place in enumerate(places)),
        always,
    )


def declared_shape(
    splits: Mapping[str, Sequence[str]], told: Mapping[tuple[str, str], int | None], always: bool
) -> Shape:
    """Return the groups as who reads the publication sees them: every declared row, with the sizes that are told.

    `told` gives the size of each row, ("", "all") being all. Where the rows of all splits are too many to be
    crossed, each split has places of its own.
    """
    crossed = prod(map(len, splits.values())) <= MANY
    blocks = [list(splits)] if crossed else [[split] for split in splits]
    places = [
        dict(zip(names, place, strict=True))
        for names in blocks
        for place in product(*(splits[n] for n in names))
    ]
    rows = tuple(
        (
            split,
            tuple((row, frozenset(i for i, p in enumerate(places) if p.get(split) == row)) for row in values),
        )
        for split, values in splits.items()
    )
    whole = [frozenset(i for i, place in enumerate(places) if set(names) <= place.keys()) for names in blocks]
    known = {(split, row): of for split, found in rows for row, of in found} | {("", ALL): whole[0]}
    return Shape(
        len(places),
        rows,
        tuple((known[which], size) for which, size in told.items() if size is not None),
        always,
        tuple((whole[0], one) for one in whole[1:]),
    )


def own_of(everybody: Group, splits: Mapping[str, Mapping[str, Group]], coalition: int) -> frozenset[Own]:
    """Return where each coalition of so many workers has cases of their own, each way of having them once.

    What their answers were is left open: a decision that looked at it would itself tell something of them.
    """
    behind = _behind(everybody, splits)
    alike = Counter(tuple(sorted(cases.items())) for cases in behind.values())
    # Of workers who have cases in the same places no more are needed than can be in one coalition.
    workers = [one for one, times in sorted(alike.items()) for _ in range(min(times, coalition))]
    return frozenset(
        _together(Counter(dict(one)) for one in together)
        for together in combinations(workers, min(coalition, len(workers)))
    )


def own_by_workers(
    everybody: Group, splits: Mapping[str, Mapping[str, Group]], coalition: int
) -> dict[Own, list[tuple[str, ...]]]:
    """Return where coalitions of so many workers have cases of their own, and which coalitions have them there."""
    behind = _behind(everybody, splits)
    found: dict[Own, list[tuple[str, ...]]] = {}
    for together in combinations(sorted(behind), min(coalition, len(behind))):
        found.setdefault(_together(behind[worker] for worker in together), []).append(together)
    return found


def _behind(everybody: Group, splits: Mapping[str, Mapping[str, Group]]) -> dict[str, Counter[int]]:
    # In which places every worker has how many cases.
    where = _where(everybody, splits)
    number = {place: i for i, place in enumerate(sorted(set(where.values())))}
    behind: dict[str, Counter[int]] = {}
    for member, worker in everybody.workers.items():
        behind.setdefault(worker, Counter())[number[where[member]]] += 1
    return behind


def _together(cases: Iterable[Counter[int]]) -> Own:
    return tuple(sorted(sum(cases, Counter[int]()).items()))


def _where(everybody: Group, splits: Mapping[str, Mapping[str, Group]]) -> dict[str, tuple[str, ...]]:
    # The place of every case: its row in each split.
    rows = {
        split: {member: row for row, group in groups.items() for member in group.workers}
        for split, groups in splits.items()
    }
    return {member: tuple(rows[split][member] for split in splits) for member in everybody.workers}
