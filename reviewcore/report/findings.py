"""For authors of review types: what a published table lets a report say.

Nothing here looks further than the printed cells, so whatever is said with it cites them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from reviewcore.disclosure.publication import Cell, Publication, Table
from reviewcore.interview.plan import Scale
from reviewcore.report.plan import Block, Cite, Given, Heading, Inline, Paragraph, ShowChart, ShowTable, Text

SHARES = "shares"
"""The table of shares that are estimated for all cases of the list, where a profile asks for them."""
RATED = "rated"
"""The column that says how many cases were rated; every other column holds a finding."""

_ESTIMATED = (
    "No worker has more than one case in the review, so a case of a worker who has few was drawn more often than one "
    "of a worker who has many. To estimate how things stand in all cases of the list, each case is counted here for "
    "as many as it stands for. An estimate is rounded as far as the number of cases asks for, and withheld where it "
    "would tell something about a few of them. From fewer than thirty cases it is unreliable, and marked so."
)

_BANDS: Mapping[str, Fraction] = {
    "few": Fraction(1, 6),
    "fewer than half": Fraction(1, 4),
    "some": Fraction(1, 2),
    "half or more": Fraction(3, 4),
    "most": Fraction(5, 6),
}
"""About where each band lies, to put findings in order."""


def published(publication: Publication, key: str) -> Table | None:
    """Return a table that was published and says something; None where nothing of it may be told."""
    for table in publication.tables:
        if table.key == key and any(
            _told(c) for row in table.rows for c in _findings(table, row.key).values()
        ):
            return table
    return None


def chart_or_table(table: Table, says: str) -> ShowChart | ShowTable:
    """Show a table as a chart where at least one row of it can be drawn whole, else as a table alone."""
    for row in table.rows:
        needed = _findings(table, row.key).values() if table.rung == "band" else row.cells
        if all(map(_told, needed)):
            return ShowChart(table.key, says)
    return ShowTable(table.key)


def finding(table: Table, good: str) -> Text:
    """Say what a table holds for all cases together; empty where that row is withheld.

    How it is said follows the table's columns: a band of the share, how many were acceptable, or each
    column by its own name. `good` is how an acceptable rating is said, as in "Seen well or strongly".
    """
    told = {key: cell for key, cell in _findings(table, "all").items() if _told(cell)}
    for key, cell in told.items():
        if cell.kind == "band":
            return (f"{good} in ", Cite(table.key, "all", key), " of the cases.")
    if "acceptable" in told:
        rated: Text = (
            (" of ", Cite(table.key, "all", RATED), " cases.") if _rated(table) else (" of the cases.",)
        )
        return (f"{good} in ", Cite(table.key, "all", "acceptable"), *rated)
    said: list[Inline] = []
    for column in table.columns:
        if column.key in told:
            said += ["; " if said else "", Given(column.label), ": ", Cite(table.key, "all", column.key)]
    return (*said, ".") if said else ()


def estimated(publication: Publication) -> Iterator[Block]:
    """Say how things stand in all cases of the list, each drawn case counted by its chance, where that is told."""
    if published(publication, SHARES):
        yield Heading(1, ("What this says about all cases",))
        yield Paragraph((_ESTIMATED,))
        yield ShowTable(SHARES)


def standing(table: Table, good: Collection[str]) -> Fraction | None:
    """Return how far practice was seen, to put findings in order; None where the printed cells do not tell.

    `good` are the keys of the columns that count as seen well.
    """
    cells = _findings(table, "all")
    for cell in cells.values():
        if cell.kind == "band":
            return _BANDS.get(str(cell.value))
    counted, rated = [cell for key, cell in cells.items() if key in good], _rated(table)
    if not counted or not rated or any(cell.kind != "count" for cell in counted):
        return None
    return Fraction(sum(int(cell.value or 0) for cell in counted), rated)


def good_columns(scale: Scale) -> frozenset[str]:
    """Return the keys of all columns, at whatever rung, that count only acceptable codes."""
    zones = {zone.name for zone in scale.zones if set(zone.codes) <= set(scale.acceptable)}
    return frozenset({"acceptable", *scale.acceptable, *zones})


def fill(given: Mapping[str, str], text: str) -> Text:
    """Put what the settings give in the place of its name in braces; a figure can come in no other way.

    >>> fill({"teams": "6"}, "There were {teams} teams.")
    ('There were ', Given(text='6'), ' teams.')
    """
    parts = enumerate(re.split(r"\{(\w+)\}", text))
    return tuple(Given(given[part]) if place % 2 else part for place, part in parts if part)


def _findings(table: Table, row: str) -> dict[str, Cell]:
    return {
        column.key: cell
        for one in table.rows
        if one.key == row
        for column, cell in zip(table.columns, one.cells, strict=True)
        if column.key != RATED
    }


def _rated(table: Table) -> int:
    """Return how many cases were rated, or 0 where that is not told."""
    if RATED not in [column.key for column in table.columns]:
        return 0
    cells = [table.cell(row.key, RATED) for row in table.rows if row.key == "all"]
    return int(cells[0].value or 0) if cells and cells[0].kind == "count" else 0


def _told(cell: Cell) -> bool:
    return cell.kind != "withheld"
