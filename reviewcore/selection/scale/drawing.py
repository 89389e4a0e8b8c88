"""Rule T over a ledger of any size: one hash pass in the engine, then the draw on what came back.

Each stratum is first asked for the tickets below a cut-off that some more of its cases than are to be drawn are
expected to reach. Where these alone fill every quota without any look-ahead, no later case can matter: all that
come after are passed over, because their stratum is full. Else, with n cases to draw in all, only each stratum's
first n workers can matter: their kernel is asked for, by a cut-off that 2n + 60 cases are expected to reach, and of a
stratum of which too few workers came back, once more for every worker's first cases. The result is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from reviewcore.errors import Refused
from reviewcore.selection import casedraw
from reviewcore.selection.draw import Draw, Entry
from reviewcore.selection.draw import draw as rule_t
from reviewcore.selection.scale import queries
from reviewcore.selection.scale.engines import Engine


def draw(engine: Engine, quotas: Mapping[str, int], per_worker: int, tickets: str) -> Draw:
    """Draw as `reviewcore.selection.draw.draw` does, from the ledger that the engine holds.

    What became of a case is told for those that came back from the engine: all that were drawn, and of
    each stratum the cases before the last that can matter. Raises as that draw does, and Refused where
    the engine's SHA-256 is not the one of this process.
    """
    sizes = _sizes(engine, quotas)
    wanted = {
        name: cutoff(2 * quota + 60, sizes[name]) for name, quota in quotas.items() if quota and name in sizes
    }
    first = _ask(engine, queries.below(tickets, wanted), tickets) if wanted else {}
    with suppress(Refused):  # of the first cases alone, nothing can be said but that they are enough
        made = rule_t(first.values(), quotas, per_worker, tickets)
        if not made.tight:
            return made
    return rule_t(kernel(engine, quotas, per_worker, tickets), quotas, per_worker, tickets)


def kernel(engine: Engine, quotas: Mapping[str, int], per_worker: int, tickets: str) -> tuple[Entry, ...]:
    """Return of every stratum the cases that can matter to the draw, and some more, sorted by leaf.

    Whether the quotas can be filled follows from them too: give `infeasible` the kernel of any key.
    """
    total = sum(quotas.values())
    sizes = _sizes(engine, quotas)
    cutoffs = {name: cutoff(2 * total + 60, size) for name, size in sizes.items() if quotas[name]}
    found = _ask(engine, queries.below(tickets, cutoffs), tickets) if cutoffs else {}
    workers: dict[str, set[str]] = {name: set() for name in cutoffs}
    for one in found.values():
        workers[one.stratum].add(one.worker)
    short = [name for name, cut in cutoffs.items() if len(workers[name]) < total and cut != queries.BEYOND]
    if short:
        found |= _ask(engine, queries.first_of_workers(tickets, short, per_worker), tickets)
    return tuple(found[leaf] for leaf in sorted(found))


def cutoff(wanted: int, size: int) -> str:
    """Return the ticket below which `wanted` of `size` cases are expected: 16 hex digits of it.

    >>> cutoff(1, 4)
    '4000000000000000'
    """
    return queries.BEYOND if wanted >= size else f"{(wanted << 64) // size:016x}"


def _sizes(engine: Engine, quotas: Mapping[str, int]) -> dict[str, int]:
    sizes = dict(engine.rows(queries.counts()))
    if unknown := sorted(set(sizes) - set(quotas)):
        raise ValueError(f"a case's stratum has no quota: {', '.join(unknown)}")
    return sizes


def _ask(engine: Engine, query: queries.Query, key: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for leaf, worker, stratum, ticket in engine.rows(query):
        if casedraw.ticket(key, leaf) != ticket:
            raise Refused("the engine's SHA-256 is not the one of docs/casedraw.md; nothing was drawn")
        if leaf in found:
            raise ValueError("a leaf stands twice on the list")
        found[leaf] = Entry(leaf, worker, stratum)
    return found
