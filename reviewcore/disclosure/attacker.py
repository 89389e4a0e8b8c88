"""The attacker inside the engine: what everything printed about one measure tells of what is not printed.

An outsider is taken to know more than the publication says: how many cases of every group were reviewed
(the draw's papers and the letters tell sizes). Held together are the row over all cases and the table of
one split. For every number that is not printed the attacker finds its exact least and greatest value.
The number is safe when that range holds every value from 0 to k-1 (or to the group's size, where the
group is smaller), or when it lies wholly at or above k. A zero that is left over by printed counts is as
good as printed; the group of what is left over must pass the rules like a printed row.

The same is then asked for insiders: a worker knows their own cases, so cells are held to be at least as
large as the most that t workers have there, in all cells at once. No coalition knows as much, so what
passes is safe from each of them (disclosure.md section 1, Insiders).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reviewcore.aggregation.values import Coding
from reviewcore.disclosure.lines import SILENT, Printed
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated
from reviewcore.disclosure.system import Guard, System, build, union

Leak = Literal["", "rated", "counts"]


def leak(
    everybody: Group,
    overall: Printed,
    groups: Mapping[str, Group],
    split: Printed,
    codings: tuple[Coding, ...],
    rules: Rules,
) -> Leak:
    """Return what gives something away in a split's table beside the row over all cases, or "".

    "rated" means that a number of cases not rated can be worked out; "counts" that an answer can. A
    table that prints nothing cannot tell anything.
    """
    if all(one == SILENT for one in split.lines.values()):
        return ""
    (line,) = overall.lines.values()
    unsaid = [key for key, one in split.lines.items() if not one.counts]
    if line.counts and 0 < len(unsaid) < len(groups):
        rest = union(groups, unsaid)
        if rest.size and not may_tell_counts(rest, split.coding, codings, rules):
            return "counts"
    untold = [key for key, one in split.lines.items() if not one.rated]
    if line.rated and 0 < len(untold) < len(groups):
        rest = union(groups, untold)
        if rest.size and not may_tell_rated(rest, rules):
            return "rated"
    system = build(everybody, overall, groups, split, rules.t)
    for guard in system.guards:
        if not _open(system, guard, rules.k):
            return guard.subject
    return ""


def _open(system: System, guard: Guard, k: int) -> bool:
    low, high = system.network.bounds(guard.arc)
    if low >= k or (high == 0 and guard.zero):
        return True
    wide = min(k - 1, guard.size)
    if low > 0 or high < wide:
        return False
    # What only the best informed insider could tell to be k or more, another would know to be 1 or more:
    # to insiders the number must stay open all the way.
    low, high = _to_insiders(system, guard)
    return low == 0 and high >= wide


def _to_insiders(system: System, guard: Guard) -> tuple[int, int]:
    # An insider with cases of their own inside the guarded sum knows that it is at least as large, and
    # no more than that may be known: if it can fall to 0 without their cases, it can fall to just their
    # number with them, since each of these takes one detour that passes the sum once. So the cells
    # inside are free for the least value, and held like all others for the greatest.
    net = system.network
    outside = list(net.least)
    try:
        for cell, own in system.own.items():
            net.least[cell] = max(net.least[cell], own)
        high = net.greatest(guard.arc)
        for cell in guard.cells:
            net.least[cell] = outside[cell]
        return net.smallest(guard.arc), high
    finally:
        net.least = outside
