"""The chance of every case to be drawn, worked out or tried out before the seed is known (selection.md section 2).

A small caseload has a larger chance than a big one, and a case of a worker whom another stratum needs
may have none. 45 CFR 265.5(b)(1) asks for a known chance that is not zero; weighted estimates divide by it.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from attrs import Factory, frozen

from reviewcore.selection import integral
from reviewcore.selection.draw import Entry, core, kernel
from reviewcore.selection.matching import Cells, Witness, spanned

DEAR = 30_000_000
"""So many multiplications may it cost to check a stratum's exact chances; beyond, they are tried out."""

_WORK, _FEWEST, MOST = 1_000_000, 50, 2000
"""Trials: as many as draw so many cases in all, from fewest to most."""


@frozen
class Chances:
    """What chance each case has. Cases of one worker in one stratum have the same.

    `exact[stratum][n]` is that of a case whose worker has n cases there; `tried[worker, stratum]` says in how
    many of `replicates` trials 0, 1, 2 ... of the worker's cases there were drawn; `zero` has the leaves
    that no draw can take, with the strata that need all of their worker (none where none is drawn);
    `possible` has, for those that no trial drew although a draw can, a full selection with such a case.
    """

    exact: Mapping[str, Mapping[int, float]]
    tried: Mapping[tuple[str, str], tuple[int, ...]]
    replicates: int
    zero: Mapping[str, tuple[str, ...]]
    possible: Mapping[tuple[str, str], tuple[str, ...]] = Factory(dict)

    def of(self, worker: str, stratum: str, cases: int) -> float:
        """Return the chance of one case of a worker who has so many in its stratum."""
        if (worker, stratum) not in self.tried:
            return self.exact[stratum][cases]
        drawn = sum(count * times for count, times in enumerate(self.tried[worker, stratum]))
        return drawn / (self.replicates * cases)

    def error(self, worker: str, stratum: str, cases: int) -> float:
        """Return the standard error of that chance: 0 where it was worked out."""
        times = self.tried.get((worker, stratum))
        if times is None:
            return 0.0
        mean = sum(count * n for count, n in enumerate(times)) / self.replicates
        square = sum(count * count * n for count, n in enumerate(times)) / self.replicates
        return math.sqrt(max(square - mean * mean, 0) / self.replicates) / cases

    def said(self) -> dict[str, Any]:
        """Return them as a paper holds them: texts and whole numbers only."""
        return {
            "replicates": self.replicates,
            "exact": [
                [name, size, f"{chance:.9f}"]
                for name, by_size in sorted(self.exact.items())
                for size, chance in sorted(by_size.items())
            ],
            "drawn": [[*cell, list(times)] for cell, times in sorted(self.tried.items())],
            "zero": [[leaf, list(strata)] for leaf, strata in sorted(self.zero.items())],
            "possible": [[*cell, list(leaves)] for cell, leaves in sorted(self.possible.items())],
        }


def read(said: Mapping[str, Any]) -> Chances:
    """Return the chances that `Chances.said` gave."""
    exact: dict[str, dict[int, float]] = {}
    for name, size, chance in said["exact"]:
        exact.setdefault(name, {})[size] = float(chance)
    tried = {(worker, stratum): tuple(times) for worker, stratum, times in said["drawn"]}
    zero = {leaf: tuple(strata) for leaf, strata in said["zero"]}
    possible = {(worker, stratum): tuple(leaves) for worker, stratum, leaves in said["possible"]}
    return Chances(exact, tried, said["replicates"], zero, possible)


def chances(
    entries: Iterable[Entry],
    quotas: Mapping[str, int],
    per_worker: int,
    key: str,
    *,
    dear: int = DEAR,
    most: int = MOST,
) -> Chances:
    """Return the chance of every case under rule T; the quotas can be filled.

    A stratum is worked out exactly where one case of a worker is the most and none of its workers has
    cases elsewhere; the others are tried out together, with tickets that follow from `key` (the digest
    D_pi of docs/casedraw.md), so that whoever has the sealed list comes to the same figures.
    """
    listed = list(entries)
    sizes = Counter((one.worker, one.stratum) for one in listed)
    by_stratum: dict[str, Counter[int]] = {name: Counter() for name in quotas}
    for (_, stratum), size in sizes.items():
        by_stratum[stratum][size] += 1
    linked = spanned(sizes)
    tried = {
        name
        for name in quotas
        if by_stratum[name]
        and (per_worker > 1 or name in linked or 144 * len(by_stratum[name]) * quotas[name] ** 2 > dear)
    }
    exact = {name: integral.chances(by_stratum[name], quotas[name]) for name in quotas if name not in tried}
    some = _sorted(listed, tried)
    replicates = max(_FEWEST, min(most, _WORK // len(some))) if some else 0
    times = _tried(
        some, {name: quotas[name] for name in quotas if name in tried}, per_worker, key, replicates
    )
    undrawn = {cell for cell, found in times.items() if not sum(found[1:])}
    # Where a stratum stands alone, a case is without a chance only where none is drawn.
    asked = (
        quotas if undrawn else {name: quotas[name] for name in quotas if name in linked or not quotas[name]}
    )
    return Chances(exact, times, replicates, *_possible(_sorted(listed, asked), asked, per_worker, undrawn))


def _sorted(listed: Iterable[Entry], among: Collection[str]) -> list[Entry]:
    """Return the entries of some strata in the order of their leaves."""
    return sorted((one for one in listed if one.stratum in among), key=lambda one: one.leaf)


def _possible(
    listed: Sequence[Entry], quotas: Mapping[str, int], per_worker: int, undrawn: Collection[tuple[str, str]]
) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, str], tuple[str, ...]]]:
    """Return the leaves that no draw can take, with the reason, and full selections with those that none took."""
    names = sorted(quotas)
    cells = Cells.of(((one.worker, one.stratum) for one in listed), names)
    witness = Witness(cells, [quotas[name] for name in names], per_worker)
    witness.fill()
    leaves: dict[int, list[str]] = {}
    for one, cell in zip(listed, cells.of_entry, strict=True):
        leaves.setdefault(cell, []).append(one.leaf)
    never: dict[str, tuple[str, ...]] = {}
    possible = {}
    for cell, mine in leaves.items():
        name = cells.workers[cells.worker[cell]], names[cells.stratum[cell]]
        if not witness.can_use(cell):
            never |= dict.fromkeys(mine, tuple(names[x] for x in witness.tight.get(cell, ())))
        elif name in undrawn:
            possible[name] = tuple(sorted(leaf for c in leaves for leaf in leaves[c][: witness.used[c]]))
    return never, possible


# -- trials -------------------------------------------------------------------------------------------


def _tried(
    listed: Sequence[Entry], quotas: Mapping[str, int], per_worker: int, key: str, replicates: int
) -> dict[tuple[str, str], tuple[int, ...]]:
    places: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(listed):
        places.setdefault((one.worker, one.stratum), []).append(place)
    times = {cell: [replicates] + [0] * min(per_worker, len(own)) for cell, own in places.items()}
    for number in range(1, replicates + 1):
        stream = hashlib.shake_256(f"{key}/{number}".encode()).digest(8 * len(listed))
        tickets = list(zip(struct.unpack(f">{len(listed)}Q", stream), range(len(listed)), strict=True))
        # A worker's cases in a stratum are alike, so only as many of them as the worker may have can matter.
        first = [
            (ticket, cell)
            for cell, own in places.items()
            for ticket in sorted([tickets[place] for place in own])[:per_worker]
        ]
        walk = [cell for _, cell in sorted(first)]
        for cell, count in Counter(_drawn(walk, quotas, per_worker)).items():
            times[cell][0] -= 1
            times[cell][count] += 1
    return {cell: tuple(found) for cell, found in times.items()}


def _drawn(
    walk: Sequence[tuple[str, str]], quotas: Mapping[str, int], per_worker: int
) -> list[tuple[str, str]]:
    """Return the (worker, stratum) of the cases that rule T takes; look-ahead only where it is needed."""
    room, load, taken = dict(quotas), Counter[str](), []
    wanted = sum(quotas.values())
    for worker, stratum in walk:
        if room[stratum] and load[worker] < per_worker:
            room[stratum] -= 1
            load[worker] += 1
            taken.append((worker, stratum))
            if len(taken) == wanted:
                return taken
    small = [walk[place] for place in kernel(walk, quotas, per_worker)]
    return [small[place] for place in core(small, quotas, per_worker) or ()]
