"""What is told of a measure as the tables of a publication: over all cases, and by each split."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.aggregation.plan import Measure, Rung, Schema
from reviewcore.aggregation.values import Category, Coding
from reviewcore.disclosure.families import table_key
from reviewcore.disclosure.lines import Line, Printed
from reviewcore.disclosure.model import RATED
from reviewcore.disclosure.protect import Groups
from reviewcore.disclosure.publication import Cell, Column, Table, TableRow
from reviewcore.disclosure.rules import Group
from reviewcore.disclosure.sample import HIDDEN
from reviewcore.disclosure.sizes import UNKNOWN, declared


def split_table(
    measure: Measure,
    split: str,
    rows: Groups,
    coded: Mapping[Rung, Coding],
    printed: Printed,
    schema: Schema,
) -> Table:
    """Return one table of a measure as it is printed."""
    shown: tuple[Category, ...] = coded[printed.rung] if printed.rung != "band" else ()
    columns = [Column(RATED, "Cases rated"), *(Column(one.key, one.label) for one in shown)]
    if printed.rung == "band":
        columns.append(Column("band", "Share acceptable"))
    title = measure.title
    if split:
        title = f"{title}, by {declared(schema, split).said()}"
    return Table(
        table_key(measure, split),
        title,
        printed.rung,
        tuple(columns),
        tuple(
            TableRow(key, _label(key, split, schema), _row(group, printed.lines[key], shown, printed.rung))
            for key, group in rows.items()
        ),
        split,
    )


def _label(key: str, split: str, schema: Schema) -> str:
    if not split:
        return "All cases"
    said = {UNKNOWN: "Not known", "true": "Yes", "false": "No"}
    return said.get(key) or declared(schema, split).title(key)


def _row(group: Group, line: Line, shown: Coding, rung: Rung) -> tuple[Cell, ...]:
    cells = [Cell("count", group.rated) if line.rated else HIDDEN]
    cells += [Cell("count", group.count(one.codes)) if line.counts else HIDDEN for one in shown]
    if rung == "band":
        cells.append(Cell("band", line.band) if line.band else HIDDEN)
    return tuple(cells)
