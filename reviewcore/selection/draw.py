"""The draw by rule T: walk the cases in ticket order and take each one, unless its stratum is full, its
worker already has a case, or taking it would make the remaining quotas impossible.

That is the lexicographically first full selection (selection.md section 1). Nothing here depends on
the order in which entries are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from attrs import Factory, evolve, frozen

from reviewcore.errors import Refused
from reviewcore.selection import casedraw
from reviewcore.selection.matching import Cells, Witness
from reviewcore.uncollected import each

Why: TypeAlias = Literal["taken", "stratum full", "worker taken", "would leave a quota unfilled"]


class Entry(NamedTuple):
    """One case on the sealed list: its leaf, its worker's pseudonym, its stratum."""

    leaf: str
    worker: str
    stratum: str


class Disposition(NamedTuple):
    """What became of one case in the draw, and its number there."""

    leaf: str
    ticket: str
    why: Why


@frozen
class Draw:
    """What became of every case, in ticket order.

    `tight` has, for the first case of each (worker, stratum) that was passed over although there was room
    and its worker was free, the strata on whose account: together they need all that workers can still
    supply to them, this worker included. It covers the later cases of the same worker in the same stratum.
    """

    dispositions: tuple[Disposition, ...]
    tight: Mapping[str, tuple[str, ...]] = Factory(dict)

    def taken(self) -> tuple[str, ...]:
        """Return the leaves that were drawn, in the order of the draw."""
        return tuple(one.leaf for one in self.dispositions if one.why == "taken")


def draw(
    entries: Iterable[Entry],
    quotas: Mapping[str, int],
    per_worker: int,
    tickets: str,
    held: Mapping[str, int] = MappingProxyType({}),
) -> Draw:
    """Draw by rule T: every quota exactly, at most `per_worker` cases of one worker.

    `tickets` is the key for the purpose "ticket" (casedraw.purpose_key); `held` has the cases that workers
    hold already. Raises Refused where the quotas cannot be filled, and ValueError for a leaf that occurs
    twice or a stratum without a quota.
    """
    listed = checked(entries, quotas)
    order = casedraw.ordered(tickets, [one.leaf for one in listed])
    kept = kernel((listed[place][1:] for _, _, place in order), quotas, per_worker, held)
    found = certified([listed[order[at][2]][1:] for at in kept], quotas, per_worker, held)
    if found is None:
        from reviewcore.selection.feasible import infeasible

        # Of the cap nothing is said: a larger one would also need cases that a kernel does not keep.
        short = infeasible(listed, quotas, per_worker, held)
        raise Refused(str(short and evolve(short, cap=0)))
    taken = {kept[place] for place in found[0]}
    tight = {order[kept[place]][1]: strata for place, strata in found[1].items()}
    room, load = dict(quotas), Counter(held)
    last = max(taken, default=-1) + 1
    dispositions = []
    for at, (number, leaf, place) in enumerate(order[:last]):
        _, worker, stratum = listed[place]
        why: Why
        if at in taken:
            why = "taken"
            room[stratum] -= 1
            load[worker] += 1
        elif not room[stratum]:
            why = "stratum full"
        elif load[worker] >= per_worker:
            why = "worker taken"
        else:
            why = "would leave a quota unfilled"
        dispositions.append(Disposition(leaf, number, why))
    rest = order[last:]  # every quota is filled by now
    leaves, numbers = [leaf for _, leaf, _ in rest], [number for number, _, _ in rest]
    dispositions += each(Disposition, leaves, numbers, ["stratum full"] * len(rest))
    return Draw(tuple(dispositions), tight)


def kernel(
    walk: Iterable[tuple[str, str]],
    quotas: Mapping[str, int],
    per_worker: int,
    held: Mapping[str, int] = MappingProxyType({}),
) -> list[int]:
    """Return the places in `walk`, (worker, stratum) in ticket order, that can matter to the draw.

    With n cases to draw, that is each stratum's first n workers who have room, with their first
    `per_worker` cases there. If a selection used a later worker, one of those n would have no case in it,
    and swapping them would give the same counts with an earlier ticket.
    """
    total = sum(quotas.values())
    seen: dict[str, dict[str, int]] = {name: {} for name in quotas}
    full = {worker for worker, count in held.items() if count >= per_worker}
    kept, most = [], total * per_worker * len(seen)
    for place, (worker, stratum) in enumerate(walk):
        workers = seen[stratum]
        count = workers.get(worker, 0)
        if worker not in full and (count < per_worker if count else len(workers) < total):
            workers[worker] = count + 1
            kept.append(place)
            if len(kept) == most:
                break  # no stratum takes in another
    return kept


def core(walk: Sequence[tuple[str, str]], quotas: Mapping[str, int], per_worker: int) -> list[int] | None:
    """Return the places in `walk`, (worker, stratum) in ticket order, that are drawn; None where none can be."""
    found = certified(walk, quotas, per_worker)
    return found and found[0]


def certified(
    walk: Sequence[tuple[str, str]],
    quotas: Mapping[str, int],
    per_worker: int,
    held: Mapping[str, int] = MappingProxyType({}),
) -> tuple[list[int], dict[int, tuple[str, ...]]] | None:
    """Return the places in `walk` that are drawn, and the certificates of those that look-ahead passed over.

    A certificate stands at the first such place of a (worker, stratum), as in `Draw.tight`. None where the
    quotas cannot be filled.
    """
    names = sorted(quotas)
    cells = Cells.of(walk, names)
    witness = Witness(cells, [quotas[name] for name in names], per_worker, held)
    if witness.fill():
        return None
    wanted = sum(quotas.values())
    chosen: list[int] = []
    tight: dict[int, tuple[str, ...]] = {}
    known: set[int] = set()
    for place, cell in enumerate(cells.of_entry):
        if len(chosen) == wanted:
            break
        if witness.offer(cell):
            chosen.append(place)
        elif cell in witness.tight and cell not in known:
            known.add(cell)
            tight[place] = tuple(names[x] for x in witness.tight[cell])
    return chosen, tight


def checked(entries: Iterable[Entry], quotas: Mapping[str, int]) -> list[Entry]:
    """Return the entries; ValueError for a leaf that occurs twice or a stratum without a quota."""
    listed = list(entries)
    leaves, _, strata = tuple(zip(*listed, strict=True)) or ((), (), ())
    if len(set(leaves)) < len(leaves):
        raise ValueError("a leaf stands twice on the list")
    if not set(strata) <= set(quotas):
        raise ValueError("a case's stratum has no quota")
    return listed
