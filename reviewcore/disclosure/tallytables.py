"""What is told of a tally as the tables of a publication: months, groups, and groups crossed with groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from reviewcore.aggregation.plan import Crosstab, Tally
from reviewcore.aggregation.values import Tallied
from reviewcore.disclosure.publication import Cell, Column, Table, TableRow
from reviewcore.disclosure.sample import HIDDEN
from reviewcore.disclosure.tallied import Printed, Where, number, part, said

ALL = "all"
NOTHING = Cell("none")
"""What stands where there is nothing to work a rate out from: the group is empty."""


def tables(tallied: Tallied, printed: Sequence[Printed]) -> tuple[Table, ...]:
    """Return the tables of one tally, in the order of the plan."""
    return tuple(_table(tallied, one, printed) for one in tallied.tally.tables)


def numbers(tallied: Tallied, printed: Sequence[Printed]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield for every cell with a count, "table|row|column", the certificate's part and the number that it is."""
    tally = tallied.tally
    counted = {*tally.counts, tally.whole}
    for one in tally.tables:
        table = _table(tallied, one, printed)
        for row, stands in zip(table.rows, _rows(tallied, one, printed), strict=True):
            for column, (at, where, key) in zip(table.columns, stands[2], strict=True):
                if key in counted and key not in tally.targets:
                    yield f"{table.key}|{row.key}|{column.key}", (part(tally, at.month), number(key, where))


Stands: TypeAlias = tuple[str, str, list[tuple[Printed, Where, str]]]
"""A row: its key, its label, and for each cell the month, the group, and which count, target or rate."""


def _table(tallied: Tallied, table: Crosstab, months: Sequence[Printed]) -> Table:
    tally, at = tallied.tally, months[tallied.at]
    fields = {one.name: one for one in tallied.by}
    monthly = table.rows == tally.period
    title = f"{table.title}, {said(at.month)}" if tally.period and not monthly else table.title
    columns = _columns(tally, table.shows)
    if table.columns:
        across = fields[table.columns]
        columns = (
            Column(ALL, "All"),
            *(Column(value, _headed(across.title(value))) for value in across.choices),
        )
    rows = tuple(
        TableRow(key, label, tuple(_cell(tally, *stands) for stands in cells))
        for key, label, cells in _rows(tallied, table, months)
    )
    head = "Month" if monthly else _headed(fields[table.rows].said())
    return Table(table.key, title, "tally", columns, rows, table.rows, head)


def _rows(tallied: Tallied, table: Crosstab, months: Sequence[Printed]) -> Iterator[Stands]:
    at = months[tallied.at]
    fields = {one.name: one for one in tallied.by}
    if table.rows == tallied.tally.period:
        for one in months:
            yield one.month.period, said(one.month), [(one, (), key) for key in table.shows]
        return
    field = fields[table.rows]
    wheres: list[Where] = [()]
    if table.columns:
        wheres += [((table.columns, value),) for value in fields[table.columns].choices]
    groups: list[tuple[str, str, Where]] = [(ALL, "All", ())]
    groups += [(value, _headed(field.title(value)), ((field.name, value),)) for value in field.choices]
    for key, label, where in groups:
        yield (
            key,
            label,
            [(at, tuple(sorted((*where, *one))), shown) for one in wheres for shown in table.shows],
        )


def _columns(tally: Tally, shows: Sequence[str]) -> tuple[Column, ...]:
    titles: Mapping[str, str] = {**tally.titles, **{rate.key: rate.title for rate in tally.rates}}
    return tuple(Column(key, titles.get(key, key)) for key in shows)


def _cell(tally: Tally, at: Printed, where: Where, key: str) -> Cell:
    rates = {rate.key: rate for rate in tally.rates}
    if key in rates:
        part = at.count(rates[key].of, where)
        over = rates[key].over
        whole = _target(tally, at, where, over) if over in tally.targets else at.count(over, where)
        if part is None or whole is None:
            return HIDDEN
        share = whole - part if rates[key].rest else part
        return Cell("percent", int(Fraction(100 * share, whole) + Fraction(1, 2))) if whole else NOTHING
    if key in tally.targets:
        target = _target(tally, at, where, key)
        return NOTHING if target is None else Cell("number", target)
    count = at.count(key, where)
    return HIDDEN if count is None else Cell("count", count)


def _target(tally: Tally, at: Printed, where: Where, key: str) -> int | None:
    """Return a target of one group; only groups by the targets' own field have one."""
    values = [value for _, value in where] or [""]
    found = at.month.targets.get(values[0]) if len(values) == 1 else None
    return found[tally.targets.index(key)] if found else None


def _headed(text: str) -> str:
    """Return a text as a heading begins.

    >>> _headed("appointment type"), _headed("II")
    ('Appointment type', 'II')
    """
    return text[:1].upper() + text[1:]
