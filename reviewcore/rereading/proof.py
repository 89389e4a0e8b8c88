"""The certificate that lies beside a publication: whether it proves what it must, and of these very figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reviewcore.disclosure.bound import unbound
from reviewcore.disclosure.linked.checktables import problems
from reviewcore.disclosure.publication import Cell, Column, Publication, Table, TableRow

CERTIFICATE = "certificate.json"


def unproved(content: bytes, data: Mapping[str, Any]) -> list[str]:
    """Return what a certificate does not prove, or what it is not about; `data` is what was published."""
    held = json.loads(content)
    return problems(held) or unbound(_publication(data), held)


def _publication(data: Mapping[str, Any]) -> Publication:
    """Return the figures of a file of data as the engine's own values."""
    return Publication(
        data["audience"],
        data["number"],
        tuple(
            Table(
                one["key"],
                one["title"],
                one["rung"],
                tuple(Column(column["key"], column["label"]) for column in one["columns"]),
                tuple(
                    TableRow(row["key"], row["label"], tuple(map(_cell, row["cells"]))) for row in one["rows"]
                ),
                one["split"],
            )
            for one in data["tables"]
        ),
        (),
    )


def _cell(cell: Mapping[str, Any]) -> Cell:
    return Cell("withheld") if cell["value"] is None else Cell(cell["kind"], cell["value"])
