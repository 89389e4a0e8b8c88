"""Which slides a document becomes: its words in portions, each chart, and each table as far as one slide holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
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
_WIDTH = 850  # of a line of words, as `svg.wrap` measures
_LINE, _AFTER = 0.3, 0.1
_OWN = 3  # headings from this level on are told under the name of their part
_DETAIL = 4  # headings from this level on say nothing without the one above them
_ROWS = 11  # of a table or a chart, on one slide
CAPTION, ROW = 0.36, 0.3  # of a table: its title, and each row
_BAR, _LEGEND = 0.36, 0.75


@frozen
class Words:
    """A paragraph, an item of a list or the heading of one, in inches so high."""

    text: str
    item: bool = False
    withheld: bool = False
    head: bool = False

    @property
    def high(self) -> float:
        """Return its height in inches."""
        return len(svg.wrap(self.text, _WIDTH)) * _LINE + _AFTER * (
            0.5 if self.item else 2 if self.head else 1
        )


Piece: TypeAlias = Words | Grid | Chart


@frozen
class Slide:
    """A slide: its title, what stands on it from top to bottom, and whether a figure on it is withheld.

    `part` is the part of the document that it belongs to, where its title does not say that.
    """

    title: str
    pieces: tuple[Piece, ...]
    withheld: bool = False
    part: str = ""


def high(piece: Piece) -> float:
    """Return how much room a piece takes, in inches."""
    if isinstance(piece, Words):
        return piece.high
    if isinstance(piece, Grid):
        return CAPTION + ROW * (len(piece.rows) + 1) + _AFTER
    if any(isinstance(row, Bar) for row in piece.rows):
        return min(CAPTION + _LEGEND + _BAR * len(piece.rows), ROOM)
    return CAPTION + ROW * (len(piece.rows) + 1) + _AFTER


def slides(page: Page) -> Iterator[Slide]:
    """Yield the slides of a document after its first; a title that stands again says that it goes on.

    What is said of all parts of something stands on the slide of the first, and its name before that of each. The
    heading of a part of the document is a slide only where something stands right under it.
    """
    title, over, part, level, pieces = page.title, "", "", 0, list[Piece]()
    for block in page.blocks:
        if not isinstance(block, Head):
            pieces += _pieces(block, page)
            continue
        below, text = block.level >= _DETAIL, plain(block.text)
        led = below and level == _DETAIL - 1 and all(isinstance(one, Words) for one in pieces)
        if not led and (pieces or block.level <= level):
            yield from _section(page, title, pieces, part if level >= _OWN else "")
        pieces = pieces if led else []
        over, part = (over if below else text), (part if block.level >= _OWN else text)
        title, level = (f"{over}: {text}" if below and over else text), block.level
    yield from _section(page, title, pieces, part if level >= _OWN else "")


def _section(page: Page, title: str, pieces: list[Piece], part: str) -> Iterator[Slide]:
    """Yield what stands under one heading, on as few slides as hold it."""
    if title == page.title and not pieces:
        return
    on: list[Piece] = []
    again = False
    for number, piece in enumerate(pieces):
        if on and sum(map(high, on)) + _need(piece, pieces[number + 1 :]) > ROOM:
            yield _slide(page, title, on, part, again=again)
            on, again = [], True
        on.append(piece)
    yield _slide(page, title, on, part, again=again)


def _need(piece: Piece, after: Sequence[Piece]) -> float:
    """Return how much room a piece needs with what must stand under it: a list, or a chart's table."""
    if isinstance(piece, Words) and piece.head:
        under = list(takewhile(lambda one: isinstance(one, Words) and one.item, after))
    else:
        under = list(after[:1]) if isinstance(piece, Chart) and after and isinstance(after[0], Grid) else []
    whole = high(piece) + sum(map(high, under))
    return whole if whole <= ROOM else high(piece)


def _slide(page: Page, title: str, on: list[Piece], part: str, *, again: bool) -> Slide:
    said = f"{title} ({page.words.continued})" if again else title
    return Slide(said, tuple(on), any(map(_withheld, on)), part)


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
            yield Words(block.title, head=True)
            yield from (Words(label, item=True) for label in block.labels)
            if not block.labels:
                yield Words(page.words.no_themes)


def _parts(grid: Grid) -> Iterator[Grid]:
    """Yield a table in parts of as many rows as can be read on a slide."""
    for start in range(0, max(len(grid.rows), 1), _ROWS):
        yield evolve(grid, rows=grid.rows[start : start + _ROWS])


def _marked(text: Said) -> bool:
    return any(not isinstance(part, str) and part.withheld for part in text)
