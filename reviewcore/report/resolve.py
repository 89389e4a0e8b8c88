"""From a planned document and a publication to final words, tables and charts, the same for every writer."""

from __future__ import annotations

import unicodedata

from attrs import evolve

from reviewcore.disclosure.publication import Cell, Column, Publication, Table
from reviewcore.report.plan import (
    Block,
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Paragraph,
    ShowChart,
    ShowQuotes,
    ShowTable,
    Text,
)
from reviewcore.report.values import (
    Bar,
    Chart,
    Facts,
    Figure,
    Grid,
    Head,
    Items,
    Line,
    Page,
    Para,
    Place,
    Said,
    Shown,
    ThemesShown,
)
from reviewcore.report.words import Words, scale, words

GROUP = "rated"
"""The key of the column that says how many cases a row is about: the whole of a bar, never a part of it."""


def page(document: Document, publication: Publication, facts: Facts) -> Page:
    """Return the document in its final words; `check.problems` must have found nothing wrong with it."""
    said = words(document.language)
    facts = Facts(clean(facts.agency), clean(facts.title), facts.date)
    blocks = tuple(_shown(block, publication, said) for block in document.blocks)
    subtitle = _text(document.subtitle, publication, said)
    hidden = any(figure.withheld for figure in _figures((*blocks, Para(subtitle))))
    return Page(
        document.kind, document.language, said, facts, said.audiences[publication.audience],
        clean(document.title), subtitle, said.about_withheld if hidden else "", blocks,
    )  # fmt: skip


def clean(text: str) -> str:
    """Return `text` without what a reader cannot see, and on one line.

    Control characters are refused by Word's format, and invisible ones could hide a name from the scan.
    """
    seen = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return "".join(c for c in seen if unicodedata.category(c) not in ("Cf", "Cs") and c not in "\ufffe\uffff")


def figure(cell: Cell, said: Words) -> Figure:
    """Return a cell as it is printed.

    >>> figure(Cell("count", 1234), words("en")).text, figure(Cell("percent", 65), words("en")).text
    ('1,234', '65%')
    """
    match cell.kind:
        case "withheld":
            return Figure(said.withheld, withheld=True)
        case "band":
            return Figure(said.bands.get(str(cell.value)) or clean(str(cell.value)))
        case "count" | "number":
            return Figure(f"{cell.value:,}", value=int(cell.value or 0))
        case "none":
            return Figure(str(cell))
        case "percent":
            return Figure(f"{cell.value}%", value=int(cell.value or 0), percent=True)


def charted(table: Table, only: str = "") -> tuple[Column, ...]:
    """Return the columns that a chart draws: the bands, or the parts of which the whole is made.

    Where counts and their percents stand side by side, the counts are drawn. Columns that make up no whole
    are drawn one at a time: `only` that one.
    """
    if only:
        return tuple(column for column in table.columns if column.key == only)
    rest = [column for column in table.columns if column.key != GROUP]
    kinds = {
        column.key: {table.cell(row.key, column.key).kind for row in table.rows} - {"withheld"}
        for column in rest
    }
    counted = any("count" in found for found in kinds.values())
    drawn = "band" if table.rung == "band" else "count" if counted else "percent"
    return tuple(column for column in rest if kinds[column.key] <= {drawn})


def _shown(block: Block, publication: Publication, said: Words) -> Shown:
    match block:
        case Heading(level, text):
            return Head(level, _text(text, publication, said))
        case Paragraph(text):
            return Para(_text(text, publication, said))
        case Bullets(items):
            return Items(tuple(_text(item, publication, said) for item in items))
        case ShowTable(key):
            return _grid(publication.table(key), said)
        case ShowChart(key, says, column):
            return _chart(publication.table(key), clean(says), column, said)
        case ShowQuotes(key):
            return Items(tuple((f"“{clean(one)}”",) for one in publication.quote_list(key).quotes))
    found = publication.theme_list(block.themes)
    return ThemesShown(
        clean(found.key), clean(found.title), tuple(clean(theme.label) for theme in found.themes)
    )


def _text(text: Text, publication: Publication, said: Words) -> Said:
    def one(part: str | Cite | Given) -> str | Figure:
        match part:
            case Cite(table, row, column):
                return figure(publication.table(table).cell(row, column), said)
            case Given(given):
                return clean(given)
        return clean(part)

    return tuple(map(one, text))


def _grid(table: Table, said: Words) -> Grid:
    return Grid(
        clean(table.key),
        clean(table.title),
        (clean(table.head) or said.cases, *(clean(column.label) for column in table.columns)),
        tuple(Line(clean(row.label), tuple(figure(cell, said) for cell in row.cells)) for row in table.rows),
    )


def _chart(table: Table, says: str, only: str, said: Words) -> Chart:
    columns = charted(table, only)
    drawn = tuple(number for number, column in enumerate(table.columns) if column in columns)
    if table.rung == "band":
        places = tuple(
            _place(row.label if len(columns) == 1 else f"{row.label}, {column.label}",
                   table.cell(row.key, column.key), said)
            for row in table.rows
            for column in columns
        )  # fmt: skip
        scales = {place.scale for place in places if place.scale}
        return Chart(says, scales.pop() if len(scales) == 1 else (), places, _grid(table, said), drawn)
    bars = tuple(_bar(table, row.key, clean(row.label), columns, said) for row in table.rows)
    if only:  # bars beside each other are drawn to one scale
        most = max(bar.whole for bar in bars)
        bars = tuple(evolve(bar, whole=most) for bar in bars)
    return Chart(says, tuple(clean(column.label) for column in columns), bars, _grid(table, said), drawn)


def _place(label: str, cell: Cell, said: Words) -> Place:
    if cell.kind == "withheld":
        return Place(clean(label), (), 0, said.withheld)
    names = tuple(said.bands[name] for name in scale(cell.value))
    printed = figure(cell, said).text
    return Place(clean(label), names, names.index(printed), printed)


def _bar(table: Table, row: str, label: str, columns: tuple[Column, ...], said: Words) -> Bar:
    cells = [table.cell(row, column.key) for column in columns]
    figures = tuple(figure(cell, said) for cell in cells)
    group = [table.cell(row, column.key) for column in table.columns if column.key == GROUP]
    if any(cell.kind == "withheld" for cell in (*cells, *group)):
        # A part drawn beside a gap would give the gap's size: the row is drawn as withheld, whole.
        return Bar(label, figures, None, 0, said.withheld)
    parts = tuple(int(cell.value or 0) for cell in cells)
    percent = any(cell.kind == "percent" for cell in cells)
    whole = max(100 if percent else sum(int(cell.value or 0) for cell in group), sum(parts))
    names = (clean(column.label) for column in columns)
    says = "; ".join(f"{name}: {one.text}" for name, one in zip(names, figures, strict=True))
    return Bar(label, figures, parts, whole, says if sum(parts) else said.nothing)


def _figures(blocks: tuple[Shown, ...]) -> list[Figure]:
    found: list[Figure] = []
    for block in blocks:
        match block:
            case Head(_, text) | Para(text):
                found += [part for part in text if isinstance(part, Figure)]
            case Items(items):
                found += [part for item in items for part in item if isinstance(part, Figure)]
            case Grid() | Chart():
                rows = block.rows if isinstance(block, Grid) else block.table.rows
                found += [one for row in rows for one in row.figures]
            case ThemesShown():
                pass
    return found
