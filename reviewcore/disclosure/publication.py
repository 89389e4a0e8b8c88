"""A publication: tables and themes protected together for one audience. Everything that goes out is made of it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from reviewcore.aggregation.plan import Rung

Audience: TypeAlias = Literal["team", "agency", "state", "public"]
AUDIENCES: tuple[Audience, ...] = ("team", "agency", "state", "public")
"""From the one that knows most to the one that knows least: each knows all that those after it know."""

WITHHELD = "withheld"
"""The one mark for what is not shown, whatever the reason."""


NONE = "–"
"""What stands where there is nobody to tell of."""


@frozen
class Cell:
    """One published cell: a count of cases or persons, a whole percent, a band in words, a number that
    counts nobody, none (there is nobody to tell of), or withheld; the last two have no value."""

    kind: Literal["count", "percent", "band", "number", "none", "withheld"]
    value: int | str | None = None

    def __str__(self) -> str:
        if self.kind == "withheld":
            return WITHHELD
        if self.kind == "none":
            return NONE
        return f"{self.value} %" if self.kind == "percent" else str(self.value)


@frozen
class Column:
    """A column of a table: its key, and how it is headed."""

    key: str
    label: str


@frozen
class TableRow:
    """A row of a table: its key ("all", or a value of the split), how it is headed, its cells in order."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@frozen
class Table:
    """A protected table: one measure, over all cases or by one split, at one rung; one of a tally; or weighted shares.

    `key` is the measure's key, followed by "/" and the split's name where there is one. `head` is the
    heading of the row labels, where they are not cases.
    """

    key: str
    title: str
    rung: Rung | Literal["tally", "shares"]
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    split: str = ""
    head: str = ""

    def cell(self, row: str, column: str) -> Cell:
        """Return one cell; raise KeyError where there is none."""
        index = [c.key for c in self.columns].index(column) if column in {c.key for c in self.columns} else -1
        for one in self.rows:
            if one.key == row and index >= 0:
                return one.cells[index]
        raise KeyError((row, column))


@frozen
class Theme:
    """A theme that was heard widely enough to be told: no count, no speaker."""

    key: str
    label: str


@frozen
class ThemeList:
    """The themes of one theme measure, in the order of the codebook, never of frequency."""

    key: str
    title: str
    themes: tuple[Theme, ...]


@frozen
class QuoteList:
    """Sentences that may be quoted: approved by a named person, clean of names and numbers, of groups large enough."""

    key: str
    title: str
    quotes: tuple[str, ...]


@frozen
class Publication:
    """All that one audience is given at one time. `number` counts the audience's publications from 1."""

    audience: Audience
    number: int
    tables: tuple[Table, ...]
    themes: tuple[ThemeList, ...] = ()
    quotes: tuple[QuoteList, ...] = ()

    def table(self, key: str) -> Table:
        """Return a table by its key; raise KeyError where it was not published."""
        for one in self.tables:
            if one.key == key:
                return one
        raise KeyError(key)

    def quote_list(self, key: str) -> QuoteList:
        """Return the quotes of a quote measure by its key; raise KeyError where they were not published."""
        for one in self.quotes:
            if one.key == key:
                return one
        raise KeyError(key)

    def theme_list(self, key: str) -> ThemeList:
        """Return the themes of a theme measure by its key; raise KeyError where they were not published."""
        for one in self.themes:
            if one.key == key:
                return one
        raise KeyError(key)
