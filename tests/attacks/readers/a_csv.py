"""Reads the archive of CSV files: one file a table, one line a cell; a withheld cell has a code and no value."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

from tests.attacks.readers._office import stamps
from tests.attacks.seen import Seen, SeenTable

FORMAT = "csv"


def read(data: bytes) -> Seen:
    """Read one finished file."""
    tables: list[SeenTable] = []
    texts: list[str] = []
    with ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            said = package.read(name).decode("utf-8-sig")
            texts.append(name)
            if not name.endswith(".csv"):
                texts += said.splitlines()
                continue
            lines = list(csv.DictReader(StringIO(said, newline="")))
            if lines and "code" in lines[0]:
                tables.append(_table(lines))
                texts += [one[part] for one in lines for part in ("row label", "column label")]
                texts += [_shown(one) for one in lines]
            texts += [word for one in lines for part, word in one.items() if part not in ("value", "kind")]
        return Seen(tuple(tables), tuple(texts), tuple(stamps(package)))


def _table(lines: list[dict[str, str]]) -> SeenTable:
    columns = {one["column"]: one["column label"] for one in lines}
    rows: dict[str, tuple[str, list[str]]] = {}
    for one in lines:
        rows.setdefault(one["row"], (one["row label"], []))[1].append(_shown(one))
    return SeenTable(
        lines[0]["title"],
        tuple(columns.values()),
        tuple((label, tuple(cells)) for label, cells in rows.values()),
    )


def _shown(line: dict[str, str]) -> str:
    if line["code"]:
        return line["code"] if line["code"] == "withheld" else "–"
    if line["kind"] == "percent":
        return f"{line['value']}%"
    return f"{int(line['value']):,}" if line["value"].isdigit() else line["value"]
