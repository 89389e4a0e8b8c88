"""Rows out of a text file: CSV as Excel, databases and case-management systems export it."""

from __future__ import annotations

import csv
import io

from reviewcore.errors import BadInput, Problem
from reviewcore.register.cells import Row


def rows(data: bytes, file: str) -> list[Row]:
    """Return the numbered rows of a text file; raise BadInput where it is not text or its quotes do not close.

    Rows are counted as a spreadsheet shows them. Commas, semicolons and tabs part the cells.
    """
    text = _text(data, file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    found: list[Row] = []
    try:
        found.extend(enumerate(map(tuple, reader), start=1))
    except csv.Error:
        raise BadInput(
            [
                Problem(
                    f"{file} row {len(found) + 1}",
                    "quotation marks do not match from here on; a mark inside a value is written twice",
                )
            ]
        ) from None
    return found


def _text(data: bytes, file: str) -> str:
    """Decode UTF-8 with or without its mark, UTF-16 with its mark, or else Windows text (cp1252)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
        if (at := data.find(b"\0")) >= 0:
            line = data.count(b"\n", 0, at) + 1
            raise BadInput(
                [
                    Problem(
                        f"{file} line {line}",
                        "there are zero bytes in the file, so it is damaged or no text; export the list "
                        "again as CSV UTF-8",
                    )
                ]
            )
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
    raise BadInput(
        [
            Problem(
                f"{file} line {line}",
                "there are letters here that cannot be read; export the list again as CSV UTF-8",
            )
        ]
    )


def _delimiter(text: str) -> str:
    """Return what parts the cells: of comma, semicolon and tab the most frequent in the first line with any."""
    for line in text.splitlines()[:20]:
        counts = {mark: line.count(mark) for mark in ",;\t"}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","
