"""The table of the sample: how many cases were reviewed, in all and by stratum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reviewcore.aggregation.values import Member
from reviewcore.disclosure.publication import Cell, Column, Table, TableRow
from reviewcore.disclosure.rules import Rules

KEY = "sample"
HIDDEN = Cell("withheld")


def sample(population: tuple[Member, ...], strata: Mapping[str, str], rules: Rules) -> Table:
    """Return the cases reviewed in all and in each of `strata` (name -> title).

    A stratum with 1 to k-1 cases is withheld, and further ones, smallest first, until those withheld
    number k cases together: otherwise the total would give them back. A lone stratum has no row of its own.
    """
    if len(strata) < 2:
        strata = {}
    found = Counter(member.stratum for member in population)
    hidden = {name for name in strata if 0 < found[name] < rules.k}
    total = sum(found[name] for name in strata)
    for name in sorted((n for n in strata if n not in hidden and found[n]), key=lambda n: found[n]):
        if not hidden or sum(found[one] for one in hidden) >= rules.k:
            break
        hidden.add(name)
    # One stratum alone would be given back by the total whatever its size.
    if len(hidden) == 1 or total < rules.k:
        hidden = set(strata)
    rows = [TableRow("all", "All cases", (_count(len(population), len(population) >= rules.k),))]
    rows += [
        TableRow(name, title[:1].upper() + title[1:], (_count(found[name], name not in hidden),))
        for name, title in strata.items()
    ]
    return Table(KEY, "Cases reviewed", "codes", (Column("cases", "Cases reviewed"),), tuple(rows), "stratum")


def _count(count: int, shown: bool) -> Cell:
    return Cell("count", count) if shown else HIDDEN
