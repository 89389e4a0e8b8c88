"""Engines with one protection off, each made of what the real engine printed and of what it should have kept back.

They use the engine, as `driver` does. Every one of them must be caught; one that is not shows an
attack that finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

from attrs import evolve, frozen

from reviewcore.disclosure.publication import Cell, Column, Publication, Table, TableRow
from tests.attacks.design import Case, Design

Cases = Mapping[str, Case]
HIDDEN = Cell("withheld")


@frozen
class TrueRow:
    """A row's true numbers: how many cases it has, how many were rated, how many in each column's codes."""

    size: int
    rated: int
    counts: tuple[int, ...]


def without(
    publication: Publication,
    design: Design,
    cases: Cases,
    row: Callable[[TrueRow, int, tuple[Cell, ...]], list[Cell]],
) -> Publication:
    """Return the publication with every row of counts as `row` says, given its true numbers, k and its cells."""
    k = design.k[publication.audience]
    return evolve(publication, tables=tuple(_table(one, design, cases, k, row) for one in publication.tables))


def _table(one: Table, design: Design, cases: Cases, k: int, row) -> Table:
    key = one.key.partition("/")[0]
    if key not in design.items:
        return one
    one = _counted(one, design, key)
    return evolve(
        one,
        rows=tuple(
            evolve(each, cells=tuple(row(_true(one, each, design, cases), k, each.cells)))
            for each in one.rows
        ),
    )


def _counted(one: Table, design: Design, key: str) -> Table:
    """Return a table of bands as one of counts that are all withheld."""
    if one.rung != "band":
        return one
    columns = (one.columns[0], Column("acceptable", "Acceptable"), Column("not-acceptable", "Not acceptable"))
    rows = tuple(evolve(row, cells=(row.cells[0], HIDDEN, HIDDEN)) for row in one.rows)
    return evolve(one, rung="acceptable", columns=columns, rows=rows)


def _true(one: Table, row: TableRow, design: Design, cases: Cases) -> TrueRow:
    key = one.key.partition("/")[0]
    coding = next(
        c for item in design.known() if item.title == key for c in item.codings if one.columns[1].label in c
    )
    mine = [case for case in cases.values() if not one.split or case.values[one.split] == row.key]
    rated = [case.codes[key] for case in mine if case.codes[key]]
    counts = tuple(sum(code in coding[column.label] for code in rated) for column in one.columns[1:])
    return TrueRow(len(mine), len(rated), counts)


def _all(true: TrueRow) -> list[Cell]:
    return [Cell("count", n) for n in (true.rated, *true.counts)]


def everything(true: TrueRow, k: int, cells: tuple[Cell, ...]) -> list[Cell]:
    """The threshold is off."""
    return _all(true)


def primary(true: TrueRow, k: int, cells: tuple[Cell, ...]) -> list[Cell]:
    """Secondary suppression is off: each cell is judged by itself, and withheld where it is small."""
    return [HIDDEN if 0 < n < k else Cell("count", n) for n in (true.rated, *true.counts)]


def alike(true: TrueRow, k: int, cells: tuple[Cell, ...]) -> list[Cell]:
    """Homogeneity is off: a row that passes the threshold is printed, though all of it are alike."""
    safe = true.rated >= k and all(n == 0 or n >= k for n in (*true.counts, true.size - true.rated))
    return _all(true) if safe else list(cells)


def percents(true: TrueRow, k: int, cells: tuple[Cell, ...]) -> list[Cell]:
    """Percents are printed where counts are withheld."""
    if not true.rated or cells[1].kind != "withheld":
        return list(cells)
    return [cells[0], *(Cell("percent", (200 * n + true.rated) // (2 * true.rated)) for n in true.counts)]


def withhold_row(publication: Publication, table: str, row: str) -> Publication:
    """Return the publication with one row withheld."""
    return evolve(publication, tables=tuple(
        one if one.key != table else evolve(one, rows=tuple(
            each if each.key != row else evolve(each, cells=(HIDDEN,) * len(each.cells)) for each in one.rows
        ))
        for one in publication.tables
    ))  # fmt: skip


def not_exact(
    publication: Publication, design: Design, cases: Cases, exact: Callable[[Publication], bool]
) -> Publication:
    """Only exact recovery is looked at: rows are withheld, the smallest first, until no number is recovered."""
    made = without(publication, design, cases, lambda true, k, cells: (
        _all(true) if true.rated >= k and all(n == 0 or n >= k for n in true.counts) else [HIDDEN] * len(cells)
    ))  # fmt: skip
    rows = [(one.key, row.key) for one in made.tables if "/" in one.key for row in one.rows]
    for table, row in rows:
        if not exact(made):
            break
        made = withhold_row(made, table, row)
    return made


def sorted_rows(publication: Publication, design: Design, cases: Cases) -> Publication:
    """Rows stand in the order of their true counts."""
    return evolve(publication, tables=tuple(
        evolve(one, rows=tuple(sorted(one.rows, key=lambda row: -_true(one, row, design, cases).counts[0])))
        if one.split in design.splits and one.rung != "band" else one
        for one in publication.tables
    ))  # fmt: skip


def only_what_there_is(publication: Publication, design: Design, cases: Cases) -> Publication:
    """Rows are those that somebody is in."""
    return evolve(publication, tables=tuple(
        evolve(one, rows=tuple(row for row in one.rows if any(c.values[one.split] == row.key for c in cases.values())))
        if one.split in design.splits else one
        for one in publication.tables
    ))  # fmt: skip


def means(publication: Publication, design: Design, cases: Cases) -> Publication:
    """A mean and a deviation stand beside what is withheld, to two places."""
    from statistics import fmean, pstdev

    tables = []
    for one in publication.tables:
        if one.key in design.items:
            codes = [int(case.codes[one.key]) for case in cases.values() if case.codes[one.key]]
            said = (
                [Cell("band", f"{value:.2f}") for value in (fmean(codes), pstdev(codes))]
                if codes
                else [HIDDEN] * 2
            )
            columns = (*one.columns, Column("mean", "Mean"), Column("sd", "Standard deviation"))
            rows = tuple(evolve(row, cells=(*row.cells, *said)) for row in one.rows)
            one = evolve(one, columns=columns, rows=rows)
        tables.append(one)
    return evolve(publication, tables=tuple(tables))


def tallied_primary(publication: Publication, layout, truth, k: int) -> Publication:
    """Withhold of an extract's numbers what is small, and nothing besides; tell every rate whose counts are told."""
    tables = []
    for one in publication.tables:
        sheet = next(sheet for sheet in layout.sheets if one.key == sheet.title)
        rows = []
        for row in one.rows:
            where = {} if row.key == "all" else {sheet.rows: row.key}
            cells = []
            for column in one.columns:
                inner = {sheet.columns: column.key} if sheet.columns and column.key != "all" else {}
                name = sheet.shows[0] if sheet.columns else column.key
                cells.append(_of_extract(layout, truth, name, where | inner, k))
            rows.append(evolve(row, cells=tuple(cells)))
        tables.append(evolve(one, rows=tuple(rows)))
    return evolve(publication, tables=tuple(tables))


def _of_extract(layout, truth, name: str, where: Mapping[str, str], k: int) -> Cell:
    if name in layout.rates:
        part, whole, rest = layout.rates[name]
        two = [_of_extract(layout, truth, one, where, k) for one in (part, whole)]
        if any(one.kind == "withheld" for one in two) or not two[1].value:
            return HIDDEN
        share = two[1].value - two[0].value if rest else two[0].value
        return Cell("percent", (200 * share + two[1].value) // (2 * two[1].value))
    size = len(layout.counts)
    place = layout.counts.index(name) if name in layout.counts else 0
    parts = range(place, size) if layout.nested or name == layout.whole else range(place, place + 1)
    groups = [dict(zip(layout.fields, values, strict=True)) for values in product(*layout.fields.values())]
    number = sum(
        truth(group, part)
        for group in groups
        if all(group[field] == value for field, value in where.items())
        for part in parts
    )
    return HIDDEN if 0 < number < k else Cell("count", number)
