"""Which slides a document becomes: its words in portions, each chart, and each table as far as one slide holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import evolve, frozen

from reviewcore.report import svg
from reviewcore.report.values import (
    Bar,
    Chart,
    Grid,
    Head,
    Items,
    Page,
    Para,
    Place,
    Said,
    Shown,
    ThemesShown,
    plain,
)

ROOM = 5.15  # inches, of what stands under a slide's title
_WIDTH = 780  # of a line of words, as `svg.wrap` measures
_LINE, _AFTER = 0.29, 0.1
_ROWS = 11  # of a table or a chart, on one slide
_CAPTION, _ROW, _BAR, _LEGEND = 0.4, 0.34, 0.36, 0.75


@frozen
class Words:
    """A paragraph or an item of a list, in inches so high."""

    text: str
    item: bool = False
    withheld: bool = False

    @property
    def high(self) -> float:
        """Return its height in inches."""
        return len(svg.wrap(self.text, _WIDTH)) * _LINE + (0 if self.item else _AFTER)


Piece: TypeAlias = Words | Grid | Chart


@frozen
class Slide:
    """A slide: its title, what stands on it from top to bottom, and whether a figure on it is withheld."""

    title: str
    pieces: tuple[Piece, ...]
    withheld: bool = False


def high(piece: Piece) -> float:
    """Return how much room a piece takes, in inches."""
    if isinstance(piece, Words):
        return piece.high
    if isinstance(piece, Grid):
        return _CAPTION + _ROW * (len(piece.rows) + 1) + _AFTER
    if any(isinstance(row, Bar) for row in piece.rows):
        return min(_CAPTION + _LEGEND + _BAR * len(piece.rows), ROOM)
    return _CAPTION + _ROW * (len(piece.rows) + 1) + _AFTER


def slides(page: Page) -> Iterator[Slide]:
    """Yield the slides of a document after its first; a title that stands again says that it goes on."""
    title, pieces = page.title, list[Piece]()
    for block in page.blocks:
        if isinstance(block, Head):
            yield from _section(page, title, pieces)
            title, pieces = plain(block.text), []
        else:
            pieces += _pieces(block, page)
    yield from _section(page, title, pieces)


def _section(page: Page, title: str, pieces: list[Piece]) -> Iterator[Slide]:
    """Yield what stands under one heading, on as few slides as hold it; a heading alone is a slide of its own."""
    if title == page.title and not pieces:
        return
    on: list[Piece] = []
    again = False
    for piece in pieces:
        if on and sum(map(high, on)) + high(piece) > ROOM:
            yield _slide(page, title, on, again=again)
            on, again = [], True
        on.append(piece)
    yield _slide(page, title, on, again=again)


def _slide(page: Page, title: str, on: list[Piece], *, again: bool) -> Slide:
    said = f"{title} ({page.words.continued})" if again else title
    return Slide(said, tuple(on), any(map(_withheld, on)))


def _withheld(piece: Piece) -> bool:
    if isinstance(piece, Words):
        return piece.withheld
    if isinstance(piece, Grid):
        return any(figure.withheld for row in piece.rows for figure in row.figures)
    return any(map(_hidden, piece.rows))


def _hidden(row: Bar | Place) -> bool:
    return row.parts is None if isinstance(row, Bar) else not row.scale


def _pieces(block: Shown, page: Page) -> Iterator[Piece]:
    match block:
        case Para(text):
            yield Words(plain(text), withheld=_marked(text))
        case Items(items):
            yield from (Words(plain(item), item=True, withheld=_marked(item)) for item in items)
        case Grid():
            yield from _parts(block)
        case Chart():
            for start in range(0, len(block.rows), _ROWS):
                part = evolve(block, rows=block.rows[start : start + _ROWS])
                if not all(map(_hidden, part.rows)):  # a chart with nothing to draw is none
                    yield part
            yield from _parts(block.table)
        case ThemesShown():
            yield Words(block.title)
            yield from (Words(label, item=True) for label in block.labels)
            if not block.labels:
                yield Words(page.words.no_themes)


def _parts(grid: Grid) -> Iterator[Grid]:
    """Yield a table in parts of as many rows as can be read on a slide."""
    for start in range(0, max(len(grid.rows), 1), _ROWS):
        yield evolve(grid, rows=grid.rows[start : start + _ROWS])


def _marked(text: Said) -> bool:
    return any(not isinstance(part, str) and part.withheld for part in text)
