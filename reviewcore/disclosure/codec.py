"""A publication as JSON, and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviewcore.disclosure.publication import (
    Cell,
    Column,
    Publication,
    QuoteList,
    Table,
    TableRow,
    Theme,
    ThemeList,
)


def to_json(publication: Publication) -> dict[str, Any]:
    """Return a publication as a value that JSON can hold. A withheld cell has no value."""
    return {
        "audience": publication.audience,
        "number": publication.number,
        "tables": [_table(one) for one in publication.tables],
        "themes": [
            {"key": t.key, "title": t.title, "themes": [[one.key, one.label] for one in t.themes]}
            for t in publication.themes
        ],
        **(
            {"quotes": [[one.key, one.title, list(one.quotes)] for one in publication.quotes]}
            if publication.quotes
            else {}
        ),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "rung": table.rung,
        "split": table.split,
        **({"head": table.head} if table.head else {}),
        "columns": [[one.key, one.label] for one in table.columns],
        "rows": [
            {"key": row.key, "label": row.label, "cells": [[cell.kind, cell.value] for cell in row.cells]}
            for row in table.rows
        ],
    }


def from_json(raw: Mapping[str, Any]) -> Publication:
    """Return the publication that `to_json` gave."""
    return Publication(
        raw["audience"],
        raw["number"],
        tuple(
            Table(
                table["key"],
                table["title"],
                table["rung"],
                tuple(Column(key, label) for key, label in table["columns"]),
                tuple(
                    TableRow(
                        row["key"], row["label"], tuple(Cell(kind, value) for kind, value in row["cells"])
                    )
                    for row in table["rows"]
                ),
                table["split"],
                table.get("head", ""),
            )
            for table in raw["tables"]
        ),
        tuple(
            ThemeList(t["key"], t["title"], tuple(Theme(key, label) for key, label in t["themes"]))
            for t in raw["themes"]
        ),
        tuple(QuoteList(key, title, tuple(quotes)) for key, title, quotes in raw.get("quotes", ())),
    )
