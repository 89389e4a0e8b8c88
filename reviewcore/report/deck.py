"""Which slides a document becomes: its words in portions, each chart, and each table as far as one slide holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import evolve, frozen

from reviewcore.report import svg
from reviewcore.report.values import Bar, Chart, Grid, Head, Items, Page, Para, Said, Shown, plain

_LINES, _WIDTH = 13, 720  # of a slide of words: lines, each as wide as `svg.wrap` measures
_ROWS = 11  # of a table, on one slide


@frozen
class Words:
    """A paragraph or an item of a list."""

    text: str
    item: bool = False
    withheld: bool = False


Shows: TypeAlias = tuple[Words, ...] | Grid | Chart


@frozen
class Slide:
    """A slide: its title, what it shows, and whether a figure on it is withheld."""

    title: str
    shows: Shows
    withheld: bool = False


def slides(page: Page) -> Iterator[Slide]:
    """Yield the slides of a document after its first; a title that stands again says that it goes on.

    A heading under which nothing stands is a slide of its own.
    """
    title, blocks = page.title, list[Shown]()
    for block in page.blocks:
        if isinstance(block, Head):
            yield from _section(page, title, blocks)
            title, blocks = plain(block.text), []
        else:
            blocks.append(block)
    yield from _section(page, title, blocks)


def _section(page: Page, title: str, blocks: list[Shown]) -> Iterator[Slide]:
    """Yield what stands under one heading."""
    made = list(_under(page, title, blocks))
    if title != page.title and not any(one.title == title for one in made):
        made.insert(0, Slide(title, ()))
    shown: set[str] = set()
    for one in made:
        again = one.title in shown
        shown.add(one.title)
        yield evolve(one, title=f"{one.title} ({page.words.continued})") if again else one


def _under(page: Page, title: str, blocks: list[Shown]) -> Iterator[Slide]:
    held: list[Words] = []
    for block in blocks:
        if isinstance(block, Para | Items):
            held += _words(block)
        else:
            yield from _portions(title, held)
            held = []
            yield from _shown(block, page, title)
    yield from _portions(title, held)


def _words(block: Para | Items) -> list[Words]:
    if isinstance(block, Para):
        return [Words(plain(block.text), withheld=_hidden(block.text))]
    return [Words(plain(item), item=True, withheld=_hidden(item)) for item in block.items]


def _hidden(text: Said) -> bool:
    return any(not isinstance(part, str) and part.withheld for part in text)


def _portions(title: str, held: list[Words]) -> Iterator[Slide]:
    """Yield words on as many slides as they need."""
    portion: list[Words] = []
    used = 0
    for one in held:
        lines = len(svg.wrap(one.text, _WIDTH)) + (0 if one.item else 1)
        if portion and used + lines > _LINES:
            yield Slide(title, tuple(portion), any(word.withheld for word in portion))
            portion, used = [], 0
        portion.append(one)
        used += lines
    if portion:
        yield Slide(title, tuple(portion), any(word.withheld for word in portion))


def _shown(block: Shown, page: Page, title: str) -> Iterator[Slide]:
    if isinstance(block, Grid):
        yield from _tables(block, block.title)
    elif isinstance(block, Chart):
        yield from _charts(block, title)
        yield from _tables(block.table, block.table.title)
    elif not isinstance(block, Head | Para | Items):
        labels = [Words(label, item=True) for label in block.labels] or [Words(page.words.no_themes)]
        yield from _portions(block.title, labels)


def _charts(chart: Chart, title: str) -> Iterator[Slide]:
    """Yield a chart in parts of as many rows as can be read on a slide; none where there is nothing to draw."""
    for start in range(0, len(chart.rows), _ROWS):
        part = evolve(chart, rows=chart.rows[start : start + _ROWS])
        hidden = [row.parts is None if isinstance(row, Bar) else not row.scale for row in part.rows]
        if not all(hidden):
            yield Slide(title, part, any(hidden))


def _tables(grid: Grid, title: str) -> Iterator[Slide]:
    for start in range(0, max(len(grid.rows), 1), _ROWS):
        part = evolve(grid, rows=grid.rows[start : start + _ROWS])
        yield Slide(title, part, any(figure.withheld for row in part.rows for figure in row.figures))
