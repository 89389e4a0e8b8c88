"""What each audience will be told of the extracts, said before anything is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reviewcore.aggregation.values import Tallied
from reviewcore.disclosure import tallied, tallytables
from reviewcore.disclosure.publication import Table
from reviewcore.disclosure.rules import Rules


def outlook(tallies: Sequence[Tallied], k: Mapping[str, int]) -> Iterator[str]:
    """Yield for each audience and table how much of it will be told, the widest-knowing audience first.

    `k` gives each published audience's. What the agency's ledger remembers is not looked at: beside an
    earlier publication a month that was restated can show less.
    """
    for counts in tallies:
        wider: list[tuple[tallied.Printed, ...]] = []
        for audience, least in k.items():
            wider.append(tallied.protect(counts, Rules(least), tuple(wider)))
            for table in tallytables.tables(counts, wider[-1]):
                yield f"{audience}, {table.title}: {_told(table)}"


def _told(table: Table) -> str:
    cells = [cell for row in table.rows for cell in row.cells]
    told = sum(cell.kind != "withheld" for cell in cells)
    return f"all {len(cells)} figures" if told == len(cells) else f"{told} of {len(cells)} figures"
