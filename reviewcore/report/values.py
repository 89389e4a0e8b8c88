"""A document in its final words: what `resolve` makes of a plan and a publication, and every writer renders."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from attrs import frozen

from reviewcore.report.words import Words


@frozen
class Facts:
    """What a document says of itself: from the profile and the record, never from answers."""

    agency: str
    title: str
    date: date


@frozen
class Figure:
    """A cell as it is printed; `value` is its number, where it is a count or a whole percent."""

    text: str
    withheld: bool = False
    value: int | None = None
    percent: bool = False


Said: TypeAlias = tuple[str | Figure, ...]


@frozen
class Head:
    """A heading."""

    level: int
    text: Said


@frozen
class Para:
    """A paragraph."""

    text: Said


@frozen
class Items:
    """A list."""

    items: tuple[Said, ...]


@frozen
class Line:
    """A row of a table."""

    label: str
    figures: tuple[Figure, ...]


@frozen
class Grid:
    """A table: its title, the headings of its columns (the first is that of the row labels), its rows."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Line, ...]


@frozen
class Bar:
    """One bar: what each part is of `whole`; `parts` is None where anything of the row is withheld."""

    label: str
    figures: tuple[Figure, ...]
    parts: tuple[int, ...] | None
    whole: int
    says: str


@frozen
class Place:
    """One row of a band chart: its place on its scale, counted from 0; no scale where it is withheld."""

    label: str
    scale: tuple[str, ...]
    at: int
    says: str


@frozen
class Chart:
    """A chart of a table, row by row in the table's order.

    `scale` names the parts of bars; of places it names the bands where all rows are on one scale. `drawn`
    are the columns of the table that it draws, counted from 0 at the first figure.
    """

    says: str
    scale: tuple[str, ...]
    rows: tuple[Bar, ...] | tuple[Place, ...]
    table: Grid
    drawn: tuple[int, ...]


@frozen
class ThemesShown:
    """The themes of one theme measure; none of them may have been heard widely enough."""

    key: str
    title: str
    labels: tuple[str, ...]


Shown: TypeAlias = Head | Para | Items | Grid | Chart | ThemesShown


@frozen
class Page:
    """A document in its final words. `note` explains the mark for withheld, and is empty where it is not used."""

    kind: str
    language: str
    words: Words
    facts: Facts
    audience: str
    title: str
    subtitle: Said
    note: str
    blocks: tuple[Shown, ...]


def kept(blocks: tuple[Shown, ...], number: int) -> bool:
    """Say whether a paragraph stays on a page with what follows: it leads to it, or would be alone with its heading."""
    before, after = (blocks[n] if 0 <= n < len(blocks) else None for n in (number - 1, number + 1))
    if not isinstance(blocks[number], Para) or after is None:
        return False
    if isinstance(after, Para):
        return isinstance(before, Head) and kept(blocks, number + 1)
    if isinstance(after, Head):
        return isinstance(before, Head) and after.level > before.level
    return True


def plain(text: Said) -> str:
    """Return words and figures as one text."""
    return "".join(part if isinstance(part, str) else part.text for part in text)
