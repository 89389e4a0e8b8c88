"""The table of the sample: how many cases were reviewed, in all and by stratum."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.disclosure.publication import Cell, Column, Table, TableRow
from reviewcore.disclosure.shape import ALL
from reviewcore.disclosure.sizes import STRATUM, name

KEY = "sample"
HIDDEN = Cell("withheld")


def sample(told: Mapping[str, int | None], strata: Mapping[str, str]) -> Table:
    """Return the cases reviewed in all and in each of `strata` (name -> title); a lone one has no row of its own."""
    rows = [TableRow(ALL, "All cases", (_count(told[name("", "", ALL)]),))]
    rows += [
        TableRow(key, title[:1].upper() + title[1:], (_count(told[name("", STRATUM, key)]),))
        for key, title in (strata.items() if len(strata) > 1 else ())
    ]
    return Table(KEY, "Cases reviewed", "codes", (Column("cases", "Cases reviewed"),), tuple(rows), "stratum")


def _count(count: int | None) -> Cell:
    return HIDDEN if count is None else Cell("count", count)
