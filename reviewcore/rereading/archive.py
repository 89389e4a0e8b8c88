"""Reading the archive of tables: every line of every file is a published cell, and every published cell a line."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from reviewcore.rereading.units import Read

_CELL = ("table", "title", "row", "row label", "column", "column label", "kind", "value", "code")
_THEME = ("list", "title", "theme", "label")


def read(data: bytes, truth: Mapping[str, Any]) -> Read:
    """Return what an archive holds that the publication does not, or the other way round."""
    made, found = Read(), Counter[tuple[str, ...]]()
    try:
        with ZipFile(BytesIO(data)) as archive:
            files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
            if archive.comment:
                made.wrong.append("a comment of the archive's own")
    except (BadZipFile, UnicodeDecodeError):
        made.wrong.append("it is no whole archive of text files: it was cut short or changed on the way")
        return made
    keys = [table["key"] for table in truth["tables"]], [found["key"] for found in truth["themes"]]
    ours = {
        "read-me.txt",
        *(f"{_file(key)}.csv" for key in keys[0]),
        *(f"themes-{_file(key)}.csv" for key in keys[1]),
    }
    for name, text in files.items():
        if name not in ours:
            made.wrong.append(f"a file that is none of the publication's: {name}")
        if not name.endswith(".csv"):
            for line in text.splitlines():
                made.say(f"a line of {name}", line)
            continue
        lines = list(csv.reader(StringIO(text)))
        if not lines or tuple(lines[0]) not in (_CELL, _THEME):
            made.wrong.append(f"{name}: its headings are not ours")
        found.update(tuple(map(_plain, line)) for line in lines[1:])
    must = Counter([*_cells(truth), *_themes(truth)])
    more, less = found - must, must - found
    made.wrong += [f"{sum(more.values())} lines say what the publication does not hold"] if more else []
    made.wrong += [f"{sum(less.values())} lines of the publication are missing or changed"] if less else []
    made.looked += ["every line of its tables and themes", "its file on how to read them"]
    return made


def _file(key: str) -> str:
    return re.sub(r"[^\w-]+", "--", key).strip("-") or "table"


def _plain(text: str) -> str:
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _cells(truth: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for table in truth["tables"]:
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row["cells"], strict=True):
                kind = cell.get("kind", cell.get("code"))
                value, code = ("", kind) if kind in ("withheld", "none") else (str(cell["value"]), "")
                yield (
                    table["key"], table["title"], row["key"], row["label"], column["key"], column["label"], kind,
                    value, code,
                )  # fmt: skip


def _themes(truth: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for found in truth["themes"]:
        for one in found["themes"]:
            yield found["key"], found["title"], one["key"], one["label"]
