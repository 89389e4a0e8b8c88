"""What is told of a tally as the tables of a publication: months, groups, and groups crossed with groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reviewcore.aggregation.plan import Crosstab, Tally
from reviewcore.aggregation.values import Tallied
from reviewcore.disclosure.publication import Cell, Column, Table, TableRow
from reviewcore.disclosure.sample import HIDDEN
from reviewcore.disclosure.tallied import Printed, Where, said

ALL = "all"
NOTHING = Cell("none")
"""What stands where there is nothing to work a rate out from: the group is empty."""


def tables(tallied: Tallied, printed: Sequence[Printed]) -> tuple[Table, ...]:
    """Return the tables of one tally, in the order of the plan."""
    return tuple(_table(tallied, one, printed) for one in tallied.tally.tables)


def _table(tallied: Tallied, table: Crosstab, months: Sequence[Printed]) -> Table:
    tally, at = tallied.tally, months[tallied.at]
    fields = {one.name: one for one in tallied.by}
    if table.rows == tally.period:
        rows = tuple(
            TableRow(one.month.period, said(one.month), _cells(tally, one, (), table.shows)) for one in months
        )
        return Table(table.key, table.title, "tally", _columns(tally, table.shows), rows, table.rows, "Month")
    title = f"{table.title}, {said(at.month)}" if tally.period else table.title
    field = fields[table.rows]
    groups: list[tuple[str, str, Where]] = [(ALL, "All", ())]
    groups += [(value, _headed(field.title(value)), ((field.name, value),)) for value in field.choices]
    if not table.columns:
        rows = tuple(
            TableRow(key, label, _cells(tally, at, where, table.shows)) for key, label, where in groups
        )
        return Table(
            table.key, title, "tally", _columns(tally, table.shows), rows, table.rows, _headed(field.said())
        )
    across = fields[table.columns]
    wheres: list[Where] = [(), *(((across.name, value),) for value in across.choices)]
    columns = (Column(ALL, "All"), *(Column(value, _headed(across.title(value))) for value in across.choices))
    rows = tuple(
        TableRow(
            key,
            label,
            tuple(
                cell
                for one in wheres
                for cell in _cells(tally, at, tuple(sorted((*where, *one))), table.shows)
            ),
        )
        for key, label, where in groups
    )
    return Table(table.key, title, "tally", columns, rows, table.rows, _headed(field.said()))


def _columns(tally: Tally, shows: Sequence[str]) -> tuple[Column, ...]:
    titles: Mapping[str, str] = {**tally.titles, **{rate.key: rate.title for rate in tally.rates}}
    return tuple(Column(key, titles.get(key, key)) for key in shows)


def _cells(tally: Tally, at: Printed, where: Where, shows: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(_cell(tally, at, where, key) for key in shows)


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
