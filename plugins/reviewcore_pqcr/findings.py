"""What a published table lets us say: nothing here looks further than its printed cells."""

from __future__ import annotations

from collections.abc import Mapping
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
    ShowChart,
    ShowTable,
    ShowThemes,
    Table,
)

RATED = "rated"
"""The column that says how many cases were rated."""

_BANDS = {"few": Fraction(1, 6), "some": Fraction(1, 2), "most": Fraction(5, 6)}

Text: TypeAlias = tuple[str | Cite | Given, ...]
Block: TypeAlias = Heading | Paragraph | Bullets | ShowTable | ShowChart | ShowThemes


def shown(publication: Publication, key: str) -> Table | None:
    """Return a table that was published and says something; None where nothing of it may be told."""
    for table in publication.tables:
        if table.key == key and any(_told(cell) for cell in _findings(table)):
            return table
    return None


def drawn(table: Table, says: str) -> ShowChart | ShowTable:
    """Show a table as a chart where at least one of its bars can be drawn whole, else as a table alone."""
    whole = any(all(map(_told, row.cells)) for row in table.rows)
    return ShowChart(table.key, says) if whole else ShowTable(table.key)


def sentence(table: Table) -> Text:
    """Say what a table holds for all cases together; empty where that row is withheld.

    How it is said follows the table's columns: a band of the share, how many were acceptable, or each
    column by its own name.
    """
    cells = _all(table)
    if not cells or not any(_told(cell) for key, cell in cells.items() if key != RATED):
        return ()
    cases: Text = (
        (" of ", Cite(table.key, "all", RATED), " cases") if _told(cells.get(RATED)) else (" of the cases",)
    )
    for key in ("share", "acceptable"):
        if _told(cells.get(key)):
            where: Text = (" of the cases",) if cells[key].kind == "band" else cases
            return ("Seen well or strongly in ", Cite(table.key, "all", key), *where, ".")
    said: list[str | Cite | Given] = []
    for column in table.columns:
        if column.key != RATED and _told(cells[column.key]):
            said += ["; " if said else "", Given(column.label), ": ", Cite(table.key, "all", column.key)]
    return (*said, ".")


def standing(table: Table, acceptable: tuple[str, ...]) -> Fraction | None:
    """Return how far practice was seen, to put findings in order; None where what is printed does not tell."""
    cells = _all(table)
    for key in ("share", "acceptable"):
        cell = cells.get(key)
        if cell and cell.kind == "band":
            return _BANDS.get(str(cell.value), Fraction(1, 2))
        if cell and cell.kind == "percent":
            return Fraction(int(cell.value or 0), 100)
    good = [cells[key] for key in (("acceptable",) if "acceptable" in cells else acceptable) if key in cells]
    rated = cells.get(RATED)
    if not good or not rated or any(cell.kind != "count" for cell in (*good, rated)) or not rated.value:
        return None
    return Fraction(sum(int(cell.value or 0) for cell in good), int(rated.value))


def words(item: Item) -> str:
    """Return an item's statement as a heading says it."""
    return item.words.rstrip(".")


def _findings(table: Table) -> list[Cell]:
    """Return the cells that hold a finding: all but how many were rated."""
    columns = [index for index, column in enumerate(table.columns) if column.key != RATED]
    return [row.cells[index] for row in table.rows for index in columns]


def _all(table: Table) -> Mapping[str, Cell]:
    return {
        column.key: cell
        for row in table.rows
        if row.key == "all"
        for column, cell in zip(table.columns, row.cells, strict=True)
    }


def _told(cell: Cell | None) -> bool:
    return cell is not None and cell.kind != "withheld"
