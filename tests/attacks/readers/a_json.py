"""Reads the file for machines: a withheld figure has no value and a code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.attacks.seen import Seen, SeenTable

FORMAT = "json"


def read(data: bytes) -> Seen:
    """Read one finished file."""
    content = json.loads(data)
    tables = tuple(
        SeenTable(
            one["title"],
            tuple(column["label"] for column in one["columns"]),
            tuple((row["label"], tuple(map(_cell, row["cells"]))) for row in one["rows"]),
        )
        for one in content["tables"]
    )
    return Seen(tables, tuple(_texts(content)))


def _cell(cell: dict[str, Any]) -> str:
    value = cell["value"]
    if value is None:
        return cell.get("code") or "–"
    if cell.get("kind") == "percent":
        return f"{value}%"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("kind") == "percent":
            yield f"{value['value']}%"
            return
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, bool) or value is None:
        return
    else:
        yield f"{value:,}" if isinstance(value, int) else str(value)
