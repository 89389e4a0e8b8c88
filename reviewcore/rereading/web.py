"""Reading a finished web page: its words block by block, its tables, its drawings, its attributes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib import resources

from reviewcore.rereading.units import Read

_BLOCKS = frozenset((
    "a", "caption", "dd", "desc", "div", "dt", "figcaption", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "li",
    "main", "nav", "p", "section",
    "span", "style", "td",
    "th", "time", "title", "tr",
))  # fmt: skip
_MEASURES = frozenset((
    "x", "y", "width", "height", "d", "viewbox", "transform", "points", "x1", "x2", "y1", "y2", "r", "cx", "cy", "fill",
    "stroke", "stroke-width", "font-size", "font-family", "class", "id", "href", "for", "aria-labelledby", "tabindex",
    "patternunits", "patterntransform", "stroke-dasharray", "rx", "ry", "charset", "role", "scope", "style",
))  # fmt: skip
"""Attributes that place and paint, and say nothing."""
_OWN = re.compile(r"[-#\w\s.,%():/';]*")


def read(data: bytes) -> Read:
    """Return what a page holds."""
    reader = _Page()
    reader.feed(data.decode())
    reader.close()
    reader.end()
    reader.made.looked += [
        "its words, tables and drawings",
        "what is read out for pictures",
        "its properties and comments",
    ]
    return reader.made


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made = Read()
        self.text: list[str] = []
        self.cells: list[str] | None = None
        self.drawing = 0
        self.tag = "page"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "template", "link"):
            self.made.wrong.append(f"a <{tag}>, which no page of ours has")
        if self.drawing == 0 and tag in _BLOCKS:
            self.end()
            self.tag = tag
        elif self.drawing:
            self.text.append(" ")
        self.drawing += tag == "svg"
        if tag == "tr":
            self.cells = []
        for name, value in attrs:
            if name == "hidden":
                self.made.wrong.append("something that is hidden")
            if tag == "meta" and name == "content" and "default-src" in (value or ""):
                continue  # what the page may load: a digest of its style
            if tag == "meta" and value == "width=device-width, initial-scale=1":
                continue
            if name not in _MEASURES or not _OWN.fullmatch(value or ""):
                self.made.say(f"{name} of a <{tag}>", value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.drawing -= 1
            self.end("a drawing")
        elif self.drawing:
            self.text.append(" ")
        elif tag in ("td", "th") and self.cells is not None:
            self.cells.append("".join(self.text))
            self.end()
        elif tag == "tr" and self.cells is not None:
            self.made.rows.append(("a table", tuple(self.cells)))
            self.cells = None
        elif tag in _BLOCKS:
            self.end()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.made.say("a comment", data)

    def end(self, where: str = "") -> None:
        """End a block: its text is whole."""
        text, self.text = "".join(self.text), []
        if self.tag == "style" and text.strip():
            if text != resources.files("reviewcore.report").joinpath("page.css").read_text(encoding="utf-8"):
                self.made.wrong.append("a style that is not ours")
        else:
            self.made.say(where or f"a <{self.tag}>", text)
