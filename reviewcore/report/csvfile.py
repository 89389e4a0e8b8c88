"""The published tables for a spreadsheet or a program: one tidy CSV file a table, all in one ZIP archive.

A line is one cell. What is withheld, or has nobody to tell of, has no value and a code. Files are UTF-8 with a
byte-order mark, by which Excel knows them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import BytesIO, StringIO
from zipfile import ZipFile

from reviewcore.disclosure.publication import Cell, Publication
from reviewcore.report.resolve import clean
from reviewcore.report.values import Facts
from reviewcore.report.words import words
from reviewcore.store.files import stamped

NAME = "report.csv.zip"
HEAD = ("table", "title", "row", "row label", "column", "column label", "kind", "value", "code")
READ_ME = "read-me.txt"


def write(publication: Publication, facts: Facts) -> bytes:
    """Return the archive: a file for each table, one for each list of themes, and one that says how to read them."""
    files = {READ_ME: _read_me(publication, facts)}
    for table in publication.tables:
        lines = [
            (table.key, table.title, row.key, row.label, column.key, column.label, cell.kind, *_value(cell))
            for row in table.rows
            for column, cell in zip(table.columns, row.cells, strict=True)
        ]
        files[f"{_name(table.key)}.csv"] = _file(HEAD, lines)
    for found in publication.themes:
        told = [(found.key, found.title, theme.key, theme.label) for theme in found.themes]
        files[f"themes-{_name(found.key)}.csv"] = _file(("list", "title", "theme", "label"), told)
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stamped(made.getvalue())


def _value(cell: Cell) -> tuple[str, str]:
    """Return a cell's value and its code: it has one or the other."""
    if cell.kind in ("withheld", "none"):
        return "", cell.kind
    return str(cell.value), ""


def _file(head: Iterable[str], lines: Iterable[Iterable[str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(clean(value)) for value in line] for line in lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("12")
    ("'=1+1", '12')
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _name(key: str) -> str:
    """Return a table's key as the name of a file."""
    return re.sub(r"[^\w-]+", "--", clean(key)).strip("-") or "table"


def _read_me(publication: Publication, facts: Facts) -> bytes:
    said = words("en")
    lines = (
        clean(facts.agency), clean(facts.title), said.audiences[publication.audience], said.day(facts.date), "",
        "One file for each table; one line for each cell of it. Counts and percents are numbers, bands are words.",
        "A cell with the code “withheld” or “none” has no value. “None” means that there is nobody to tell of.",
        said.about_withheld,
    )  # fmt: skip
    return b"\xef\xbb\xbf" + "\r\n".join((*lines, "")).encode()
