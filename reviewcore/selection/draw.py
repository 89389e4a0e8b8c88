"""The draw by rule T: walk the cases in ticket order and take each one, unless its stratum is full, its
worker already has a case, or taking it would make the remaining quotas impossible.

That is the lexicographically first full selection (selection.md section 1). Nothing here depends on
the order in which entries are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.selection import casedraw
from reviewcore.selection.matching import Cells, Witness

Why: TypeAlias = Literal["taken", "stratum full", "worker taken", "would leave a quota unfilled"]


@frozen
class Entry:
    """One case on the sealed list: its leaf, its worker's pseudonym, its stratum."""

    leaf: str
    worker: str
    stratum: str


@frozen
class Disposition:
    """What became of one case in the draw, and its number there."""

    leaf: str
    ticket: str
    why: Why


@frozen
class Draw:
    """What became of every case, in ticket order."""

    dispositions: tuple[Disposition, ...]

    def taken(self) -> tuple[str, ...]:
        """Return the leaves that were drawn, in the order of the draw."""
        return tuple(one.leaf for one in self.dispositions if one.why == "taken")


@frozen
class Shortfall:
    """Why quotas cannot be filled, whatever the seed: together, `strata` need more than workers can supply.

    `alone` gives, for each stratum that could be lowered by itself, the largest quota that would do;
    `together` the quotas that would do with the fewest cases given up, where several are lowered.
    """

    strata: tuple[str, ...]
    need: int
    have: int
    alone: Mapping[str, int]
    together: Mapping[str, int]

    def __str__(self) -> str:
        said = f"{'stratum' if len(self.strata) == 1 else 'strata'} {', '.join(self.strata)} "
        said += f"need{'s' if len(self.strata) == 1 else ''} {self.need} case slots; "
        said += f"workers can supply {self.have}. It would do to lower "
        if self.alone:
            return said + " or ".join(f"{name} to {quota}" for name, quota in self.alone.items())
        return said + " and ".join(f"{name} to {quota}" for name, quota in self.together.items())


def draw(entries: Iterable[Entry], quotas: Mapping[str, int], per_worker: int, tickets: str) -> Draw:
    """Draw by rule T: every quota exactly, at most `per_worker` cases of one worker.

    `tickets` is the key for the purpose "ticket" (casedraw.purpose_key). Raises Refused where the quotas
    cannot be filled, and ValueError for a leaf that occurs twice or a stratum without a quota.
    """
    order = sorted((casedraw.ticket(tickets, one.leaf), one.leaf, one) for one in _checked(entries, quotas))
    walk = [(one.worker, one.stratum) for _, _, one in order]
    kept = kernel(walk, quotas, per_worker)
    chosen = core([walk[place] for place in kept], quotas, per_worker)
    if chosen is None:
        raise Refused(str(infeasible((one for _, _, one in order), quotas, per_worker)))
    taken = {kept[place] for place in chosen}
    room, load = dict(quotas), dict.fromkeys((worker for worker, _ in walk), 0)
    dispositions = []
    for place, (number, leaf, one) in enumerate(order):
        why: Why
        if place in taken:
            why = "taken"
            room[one.stratum] -= 1
            load[one.worker] += 1
        elif not room[one.stratum]:
            why = "stratum full"
        elif load[one.worker] == per_worker:
            why = "worker taken"
        else:
            why = "would leave a quota unfilled"
        dispositions.append(Disposition(leaf, number, why))
    return Draw(tuple(dispositions))


def kernel(walk: Sequence[tuple[str, str]], quotas: Mapping[str, int], per_worker: int) -> list[int]:
    """Return the places in `walk`, (worker, stratum) in ticket order, that can matter to the draw.

    With n cases to draw, that is each stratum's first n workers, with their first `per_worker` cases
    there. If a selection used a later worker, one of those n would have no case in it, and swapping
    them would give the same counts with an earlier ticket.
    """
    total = sum(quotas.values())
    seen: dict[str, dict[str, int]] = {name: {} for name in quotas}
    kept = []
    for place, (worker, stratum) in enumerate(walk):
        workers = seen[stratum]
        count = workers.get(worker, 0)
        if count < per_worker if count else len(workers) < total:
            workers[worker] = count + 1
            kept.append(place)
    return kept


def core(walk: Sequence[tuple[str, str]], quotas: Mapping[str, int], per_worker: int) -> list[int] | None:
    """Return the places in `walk`, (worker, stratum) in ticket order, that are drawn; None where none can be."""
    names = list(quotas)
    cells = Cells.of(walk, names)
    witness = Witness(cells, [quotas[name] for name in names], per_worker)
    if witness.fill():
        return None
    wanted = sum(quotas.values())
    chosen: list[int] = []
    for place, cell in enumerate(cells.of_entry):
        if len(chosen) == wanted:
            break
        if witness.offer(cell):
            chosen.append(place)
    return chosen


def infeasible(entries: Iterable[Entry], quotas: Mapping[str, int], per_worker: int) -> Shortfall | None:
    """Return why the quotas cannot be filled, or None where they can be; no seed has a part in it."""
    walk = sorted((one.worker, one.stratum) for one in _checked(entries, quotas))
    names = list(quotas)
    cells = Cells.of(walk, names)
    witness = Witness(cells, [quotas[name] for name in names], per_worker)
    short = sorted(witness.fill())
    if not short:
        return None
    lacking = {names[s] for s in short}
    supply: dict[str, int] = {}
    for worker, stratum in walk:
        if stratum in lacking:
            supply[worker] = min(per_worker, supply.get(worker, 0) + 1)
    alone = {}
    for s in short:
        largest = _largest(cells, names, quotas, per_worker, s)
        if largest is not None:
            alone[names[s]] = largest
    return Shortfall(
        tuple(names[s] for s in short),
        sum(quotas[names[s]] for s in short),
        sum(supply.values()),
        alone,
        {names[s]: witness.filled[s] for s in short if witness.filled[s] < quotas[names[s]]},
    )


def _largest(
    cells: Cells, names: Sequence[str], quotas: Mapping[str, int], per_worker: int, stratum: int
) -> int | None:
    """Return the largest quota of one stratum with which all others can be filled as they are, or None."""
    others = [0 if s == stratum else quotas[name] for s, name in enumerate(names)]
    witness = Witness(cells, others, per_worker)
    if witness.fill():
        return None
    while witness.add(stratum):
        pass
    return witness.filled[stratum]


def _checked(entries: Iterable[Entry], quotas: Mapping[str, int]) -> list[Entry]:
    listed = list(entries)
    if len({one.leaf for one in listed}) < len(listed):
        raise ValueError("a leaf stands twice on the list")
    if not {one.stratum for one in listed} <= set(quotas):
        raise ValueError("a case's stratum has no quota")
    return listed
