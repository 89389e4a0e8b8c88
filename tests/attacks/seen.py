"""What an attacker reads out of a finished file: its tables by their headings, its themes, every text in it."""

from __future__ import annotations

import re
from collections import Counter

from attrs import frozen

WITHHELD = "withheld"
BANDS = ("few", "some", "most", "fewer than half", "half or more")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?=%|(?![\w]))")


@frozen
class SeenTable:
    """A table as it is printed: its title, its columns' headings without the first, its rows by their labels."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def row(self, label: str) -> dict[str, str]:
        """Return a row's cells by their columns' headings."""
        return dict(zip(self.columns, dict(self.rows)[label], strict=True))


@frozen
class Seen:
    """One finished file, or all that somebody has of one publication.

    `texts` are all texts of the file: what is printed, alternative texts, properties, hidden parts. `stamps`
    are the times that its container or its properties tell.
    """

    tables: tuple[SeenTable, ...]
    texts: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()

    def table(self, title: str) -> SeenTable | None:
        """Return a table by its title, or None where there is none."""
        return next((one for one in self.tables if one.title == title), None)

    def numbers(self) -> Counter[str]:
        """Return every number in every text, with how often it stands there."""
        return Counter(number for text in self.texts for number in _NUMBER.findall(text))


def count(cell: str) -> int | None:
    """Return the number in a cell, or None where there is none (a percent is no count).

    >>> count("1,204"), count("65%"), count("withheld")
    (1204, None, None)
    """
    text = cell.replace(",", "")
    return int(text) if text.isdigit() else None


def percent(cell: str) -> int | None:
    """Return a whole percent, or None where a cell holds none."""
    return int(cell[:-1]) if re.fullmatch(r"\d+%", cell) else None
