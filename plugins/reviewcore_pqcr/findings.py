"""What a published table lets us say: nothing here looks further than its printed cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TypeAlias

from reviewcore.api import (
    Bullets,
    Cell,
    Cite,
    Given,
    Heading,
    Item,
    Paragraph,
    Publication,
    Scale,
    ShowChart,
    ShowTable,
    ShowThemes,
    Table,
)

Text: TypeAlias = tuple[str | Cite | Given, ...]
Block: TypeAlias = Heading | Paragraph | Bullets | ShowTable | ShowChart | ShowThemes

RATED = "rated"
"""The column that says how many cases were rated; every other column holds a finding."""

_BANDS: Mapping[str, Fraction] = {
    "few": Fraction(1, 6),
    "fewer than half": Fraction(1, 4),
    "some": Fraction(1, 2),
    "half or more": Fraction(3, 4),
    "most": Fraction(5, 6),
}
"""About where each band lies, to put findings in order."""


def shown(publication: Publication, key: str) -> Table | None:
    """Return a table that was published and says something; None where nothing of it may be told."""
    for table in publication.tables:
        if table.key == key and any(
            _told(c) for row in table.rows for c in _findings(table, row.key).values()
        ):
            return table
    return None


def drawn(table: Table, says: str) -> ShowChart | ShowTable:
    """Show a table as a chart where at least one row of it can be drawn whole, else as a table alone."""
    for row in table.rows:
        needed = _findings(table, row.key).values() if table.rung == "band" else row.cells
        if all(map(_told, needed)):
            return ShowChart(table.key, says)
    return ShowTable(table.key)


def sentence(table: Table) -> Text:
    """Say what a table holds for all cases together; empty where that row is withheld.

    How it is said follows the table's columns: a band of the share, how many were acceptable, or each
    column by its own name.
    """
    told = {key: cell for key, cell in _findings(table, "all").items() if _told(cell)}
    for key, cell in told.items():
        if cell.kind == "band":
            return ("Seen well or strongly in ", Cite(table.key, "all", key), " of the cases.")
    if "acceptable" in told:
        rated: Text = (
            (" of ", Cite(table.key, "all", RATED), " cases.") if _rated(table) else (" of the cases.",)
        )
        return ("Seen well or strongly in ", Cite(table.key, "all", "acceptable"), *rated)
    said: list[str | Cite | Given] = []
    for column in table.columns:
        if column.key in told:
            said += ["; " if said else "", Given(column.label), ": ", Cite(table.key, "all", column.key)]
    return (*said, ".") if said else ()


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


def words(item: Item) -> str:
    """Return an item's statement as a heading says it."""
    return item.words.rstrip(".")


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
