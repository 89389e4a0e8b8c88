"""Reads a web page: its tables, and every text, attribute and comment in it, charts included."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.attacks.seen import Seen, SeenTable

FORMAT = "html"
_LOOK = {
    "x", "y", "width", "height", "viewbox", "d", "font-size", "style", "class", "transform", "points", "id", "href",
    "content", "aria-labelledby", "fill", "stroke", "stroke-width", "patternunits", "patterntransform", "rx", "x1",
    "x2", "y1", "y2", "cx", "cy", "r", "tabindex", "dominant-baseline", "text-anchor", "charset",
}  # fmt: skip
"""Attributes that place and colour; what they could tell is told by the bars, which `test_words` looks at."""


def read(data: bytes) -> Seen:
    """Read one finished file."""
    reader = _Reader()
    reader.feed(data.decode())
    reader.close()
    return Seen(tuple(reader.tables), tuple(filter(str.strip, reader.texts)), tuple(reader.stamps))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[SeenTable] = []
        self.texts: list[str] = []
        self.stamps: list[str] = []
        self.title, self.rows, self.cell = "", [], None
        self.caption = self.style = False

    def handle_starttag(self, tag, attrs):
        self.style = tag == "style"
        self.texts += [value for name, value in attrs if value and name.lower() not in _LOOK]
        if tag == "time":
            self.stamps += [value for name, value in attrs if name == "datetime"]
        if tag == "table":
            self.rows = []
        elif tag == "caption":
            self.caption, self.title = True, ""
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""
        elif tag in ("br", "p", "li", "text", "tspan"):
            self.texts.append("")

    def handle_endtag(self, tag):
        self.style = False
        if tag == "caption":
            self.caption = False
        elif tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(self.cell.strip())
            self.cell = None
        elif tag == "table":
            head, *rows = self.rows
            self.tables.append(
                SeenTable(self.title.strip(), tuple(head[1:]), tuple((r[0], tuple(r[1:])) for r in rows))
            )

    def handle_data(self, data):
        if self.style:
            return
        self.texts.append(data)
        if self.caption:
            self.title += data
        if self.cell is not None:
            self.cell += data

    def handle_comment(self, data):
        self.texts.append(data)
