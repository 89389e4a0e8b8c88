"""The publication and its documents for machines: values left empty, and a code, where a figure is withheld."""

from __future__ import annotations

import json
from typing import Any

from reviewcore.disclosure.publication import WITHHELD, Cell, Publication
from reviewcore.report.resolve import clean
from reviewcore.report.values import (
    Chart,
    Facts,
    Grid,
    Head,
    Items,
    Page,
    Para,
    Shown,
    ThemesShown,
    plain,
)
from reviewcore.report.words import words

FORMAT = "reviewcore publication"
VERSION = 1


def write(pages: tuple[Page, ...], publication: Publication, facts: Facts) -> bytes:
    """Return the publication, whole, and the text of all its documents as one JSON file."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "agency": clean(facts.agency),
        "review": clean(facts.title),
        "date": facts.date.isoformat(),
        "audience": publication.audience,
        "number": publication.number,
        "codes": {WITHHELD: words("en").about_withheld},
        "tables": [
            {
                "key": clean(table.key),
                "title": clean(table.title),
                "split": clean(table.split),
                "rung": table.rung,
                "columns": [{"key": clean(one.key), "label": clean(one.label)} for one in table.columns],
                "rows": [
                    {"key": clean(row.key), "label": clean(row.label), "cells": list(map(_cell, row.cells))}
                    for row in table.rows
                ],
            }
            for table in publication.tables
        ],
        "themes": [
            {
                "key": clean(found.key),
                "title": clean(found.title),
                "themes": [{"key": clean(one.key), "label": clean(one.label)} for one in found.themes],
            }
            for found in publication.themes
        ],
        "documents": list(map(_document, pages)),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.kind == "withheld":
        return {"value": None, "code": WITHHELD}
    return {"value": clean(cell.value) if isinstance(cell.value, str) else cell.value, "kind": cell.kind}


def _document(page: Page) -> dict[str, Any]:
    return {
        "kind": page.kind,
        "language": page.language,
        "title": page.title,
        "subtitle": plain(page.subtitle),
        "note": page.note,
        "blocks": list(map(_block, page.blocks)),
    }


def _block(block: Shown) -> dict[str, Any]:
    match block:
        case Head(level, text):
            return {"heading": plain(text), "level": level}
        case Para(text):
            return {"paragraph": plain(text)}
        case Items(items):
            return {"list": [plain(item) for item in items]}
        case Grid():
            return {"table": block.key}
        case Chart():
            return {"chart": block.table.key, "says": block.says}
        case ThemesShown():
            return {"themes": block.key}
