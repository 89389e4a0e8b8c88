"""A publication beside what was published before: two that are about all but the same cases tell of the others.

The agency's ledger remembers the members of every group. Whoever knows two publications can subtract one from the
other, so for each pair the rules of the audience that knows both apply: of the two, the one that knows more
(disclosure.md section 3, Ledger). What earlier publications tell of measures is looked at in `protect`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reviewcore.disclosure.publication import AUDIENCES, Audience
from reviewcore.errors import Blocked
from reviewcore.store.ledger import Entry

GROUP = "group"
Cells = Mapping[str, frozenset[str]]


def told_apart(one: frozenset[str], other: frozenset[str], k: int) -> bool:
    """Return whether two sets of cases differ by 1 to k-1 of them, either way."""
    return 0 < len(one - other) < k or 0 < len(other - one) < k


def conflicts(
    entries: Iterable[Entry], audience: Audience, population: str, cells: Cells, k: Mapping[str, int]
) -> frozenset[str]:
    """Return the keys of `cells` that an earlier publication has too, with 1 to k-1 cases of difference.

    `k` gives each audience's. Only publications of the same population can be set beside each other.
    """
    return frozenset(
        key
        for entry, least in _beside(entries, audience, population, k)
        for key, members in cells.items()
        if key in entry.cells and told_apart(members, entry.cells[key], least)
    )


def _beside(
    entries: Iterable[Entry], audience: Audience, population: str, k: Mapping[str, int]
) -> Iterator[tuple[Entry, int]]:
    # The earlier publications that somebody will hold beside this one, each with the k of who holds both.
    for entry in entries:
        if entry.population == population:
            yield entry, k[min(audience, entry.audience, key=lambda name: AUDIENCES.index(name))]


def restated(
    entries: Iterable[Entry],
    audience: Audience,
    population: str,
    counts: Mapping[str, int],
    k: Mapping[str, int],
) -> frozenset[str]:
    """Return the names of `counts` of extracts that were told before with another number, by fewer than k.

    Extracts have no members, so a count that moved is taken for as many persons as it moved by.
    """
    return frozenset(
        name
        for entry, least in _beside(entries, audience, population, k)
        for name, value in entry.told.items()
        if name in counts and 0 < abs(counts[name] - value) < least
    )


def check_groups(
    entries: Iterable[Entry], audience: Audience, population: str, groups: Cells, k: Mapping[str, int]
) -> None:
    """Raise Blocked, before any table is computed, where a group differs by a few cases from an earlier one."""
    found = conflicts(entries, audience, population, groups, k)
    if found:
        raise Blocked(
            f"the publication to the audience '{audience}' and an earlier one differ by fewer cases than may be "
            f"told of ({len(found)} of the groups reviewed): set side by side they would tell about those few. "
            "Wait until more answers are in, pool them with the next round, or publish to a narrower audience "
            "whose rules allow a difference of this size; nothing was published"
        )
