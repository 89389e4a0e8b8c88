"""The exact scan of a finished file: every text that a reader, a program or a search could find in it.

The same file is read in several ways, because a name can hide from any one of them: with tags between
its letters, in an alternative text, as entities, in the file's properties, across two cells.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any

from reviewcore.report import scan_office, scan_pdf
from reviewcore.store.records import Scan

_APART = (
    "body", "br", "caption", "desc", "div", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "html", "img", "li", "main", "meta", "nav", "p", "rect", "section", "style", "svg", "table",
    "tbody", "td", "text", "th", "thead", "title", "tr", "ul",
)  # fmt: skip
"""The tags of our pages that part words for a reader. Any other may stand within a word."""

_HEADING = re.compile(r"\bh[1-6]\b")


def places(scan: Scan, name: str, data: bytes) -> int:
    """Return at how many places a finished file names somebody; 0 where it names nobody.

    A place that several ways of reading find is counted as often as the keenest of them finds it.
    """
    return max(len(scan(text)) for view in views(name, data) for text in {view, _visible(view)})


def views(name: str, data: bytes) -> Iterator[str]:
    """Yield the texts of a finished file, each being one way to read it, its name included."""
    yield name
    suffix = PurePosixPath(name).suffix
    if suffix == ".html":
        yield from _html(data.decode())
    elif suffix == ".json":
        yield data.decode()
        yield " ".join(_strings(json.loads(data)))
    elif suffix == ".docx":
        yield from scan_office.word(data)
    elif suffix == ".xlsx":
        yield from scan_office.excel(data)
    elif suffix == ".pptx":
        yield from scan_office.slides(data)
    elif suffix == ".zip":
        yield from scan_office.archive(data)
    elif suffix == ".pdf":
        yield from scan_pdf.texts(data)
    else:
        raise ValueError(f"'{suffix}' files cannot be scanned")


def _visible(text: str) -> str:
    """Return `text` without the characters that nobody sees, which could stand inside a name."""
    hidden = [c for c in set(text) if unicodedata.category(c) == "Cf"]
    return text.translate(dict.fromkeys(map(ord, hidden))) if hidden else text


def _html(text: str) -> Iterator[str]:
    yield _HEADING.sub("h", text)  # the name of a tag, and nobody's id
    reader = _Reader()
    reader.feed(text)
    reader.close()
    yield "".join(reader.lines)
    yield " ".join(reader.texts)
    yield "\n".join(reader.attributes)


class _Reader(HTMLParser):
    """Gathers a page's texts, its lines (tags within words left out), its attributes' values and its comments."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.lines: list[str] = []
        self.attributes: list[str] = []
        self.styling = False

    def handle_data(self, data: str) -> None:
        if not self.styling:  # it names tags, as h2; what else it may hold, the raw text shows
            self.texts.append(data)
            self.lines.append(data)

    def handle_comment(self, data: str) -> None:
        self.attributes.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [value for _, value in attrs if value]
        self.styling = tag == "style"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self.styling = False
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in _APART:
            self.lines.append("\n")


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield key
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
