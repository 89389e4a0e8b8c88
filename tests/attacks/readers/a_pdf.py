"""Reads a PDF: its lines as they are laid out, alternative texts, its properties and what is attached to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tests.attacks.seen import Seen, SeenTable

FORMAT = "pdf"
_PAGE = re.compile(r"Page\s+\d+\s*/\s*\d+|(\.\s*){3,}\d*$")


def read(data: bytes) -> Seen:
    """Read one finished file."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    lines = [
        _PAGE.sub("", line).strip()
        for page in reader.pages
        for line in page.extract_text(extraction_mode="layout").splitlines()
    ]
    info = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
    said = [text for key, text in info.items() if not key.endswith("Date")]
    said += list(_alternatives(reader.trailer["/Root"], set()))
    said += [data.decode("utf-8", "replace") for found in reader.attachments.values() for data in found]
    made = tuple(text for key, text in info.items() if key.endswith("Date"))
    return Seen(tuple(_tables(lines)), (*lines, *said), made)


def _tables(lines: list[str]) -> Iterator[SeenTable]:
    title, head, rows, before = "", [], [], ""
    for line in [*lines, ""]:
        parts = re.split(r"\s{2,}", line) if line else []
        if head and len(parts) == len(head):
            if parts != head:  # repeated at the top of a page
                rows.append((parts[0], tuple(parts[1:])))
        elif head and not parts and not rows:
            head = []
        elif head and not parts:
            yield SeenTable(title, tuple(head[1:]), tuple(rows))
            head, rows = [], []
        elif len(parts) > 1:
            title, head = before, parts
        if line:
            before = line


def _alternatives(node: Any, known: set[int]) -> Iterator[str]:
    from pypdf.generic import ArrayObject, DictionaryObject

    node = node.get_object() if hasattr(node, "get_object") else node
    if id(node) in known:
        return
    known.add(id(node))
    if isinstance(node, DictionaryObject):
        for key in ("/Alt", "/ActualText", "/T", "/E"):
            if key in node:
                yield str(node[key])
        if "/StructTreeRoot" in node:
            yield from _alternatives(node["/StructTreeRoot"], known)
        if "/K" in node:
            yield from _alternatives(node["/K"], known)
    elif isinstance(node, ArrayObject):
        for one in node:
            yield from _alternatives(one, known)
