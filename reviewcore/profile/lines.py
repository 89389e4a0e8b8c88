"""On which line of a TOML document a key stands. Used only once something has been found wrong.

tomllib gives no positions, so the text is read a second time, by a scanner that knows just enough of
TOML to follow keys: it relies on tomllib having accepted the document and checks nothing itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'''
      (?P<skip>   [ \t]+ | \#[^\n]* )
    | (?P<string> """(?:\\.|[^\\])*?"""(?:"{0,2}) | \'\'\'.*?\'\'\'(?:'{0,2})
                | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<mark>   \r?\n | [\[\]{}=,.] )
    | (?P<bare>   [^\s\[\]{}=,.\#"']+ )
    ''',
    re.VERBOSE | re.DOTALL,
)


def locate(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every table, key and list entry in a valid TOML document.

    >>> locate("[review]\\nquotas = [1,\\n 2]")[("review", "quotas", 1)]
    3
    """
    return _Scanner(text).document()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of `path`, or of the nearest thing around it that the document has; at worst line 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    """The tokens of one document, a place among them, and the lines found so far."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        line, at = 1, 0
        while match := _TOKEN.match(text, at):
            if match.lastgroup != "skip":
                self.tokens.append((match.lastgroup or "", match.group().replace("\r", ""), line))
            line, at = line + match.group().count("\n"), match.end()
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.entries: dict[Path, int] = {}
        """The place of the last [[table]] of every list of tables."""

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place][1] if place < len(self.tokens) else ""

    def document(self) -> dict[Path, int]:
        here: Path = ()
        while self.at < len(self.tokens):
            if self.peek() == "\n":
                self.at += 1
            elif self.peek() == "[":
                here = self.header()
            else:
                self.pair(here)
        return self.lines

    def header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]` and return the path of the table that it opens."""
        of_list = self.peek(1) == "["
        self.at += 2 if of_list else 1
        start = self.tokens[self.at][2]
        here: Path = ()
        keys = self.keys()
        for place, key in enumerate(keys):
            here += (key,)
            self.lines.setdefault(here, start)
            if of_list and place == len(keys) - 1:
                self.entries[here] = self.entries.get(here, -1) + 1
                # an entry begins afresh: forget what its predecessor's own lists of tables had counted
                self.entries = {p: n for p, n in self.entries.items() if p == here or p[: len(here)] != here}
            if here in self.entries:
                here += (self.entries[here],)
                self.lines.setdefault(here, start)
        self.at += 2 if of_list else 1
        return here

    def keys(self) -> list[str]:
        """Read a key, dotted or not, up to what follows it."""
        found = []
        while True:
            kind, word, _ = self.tokens[self.at]
            found.append(tomllib.loads(f"key = {word}")["key"] if kind == "string" else word)
            self.at += 1
            if self.peek() != ".":
                return found
            self.at += 1

    def pair(self, here: Path) -> None:
        """Read `key = value` in the table `here`."""
        start = self.tokens[self.at][2]
        for key in self.keys():
            here += (key,)
            self.lines.setdefault(here, start)
        self.at += 1  # the "="
        self.value(here)

    def value(self, here: Path) -> None:
        """Read one value, and what is within it."""
        if self.peek() not in ("[", "{"):
            while self.peek() not in ("", "\n", ",", "]", "}"):
                self.at += 1  # a number with a point, or a date and a time, is several tokens
            return
        closing = "]" if self.peek() == "[" else "}"
        self.at += 1
        place = 0
        while self.peek() != closing:
            if self.peek() in ("\n", ","):
                self.at += 1
            elif closing == "}":
                self.pair(here)
            else:
                self.lines[(*here, place)] = self.tokens[self.at][2]
                self.value((*here, place))
                place += 1
        self.at += 1
