"""What a publication holds, as a reader meets it: its figures, its texts, its rows; all else is strange.

It is worked out from the publication's own file of data (`report.json`), which says what every document says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from reviewcore.disclosure.publication import NONE
from reviewcore.report.words import Words, words

DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def plain(text: str) -> str:
    """Return a text as one line, without what nobody sees."""
    return " ".join(text.translate(_UNSEEN).split())


def figure(cell: Mapping[str, Any], said: Words) -> str:
    """Return a cell of the file of data as a document prints it."""
    value, kind = cell.get("value"), cell.get("kind")
    if cell.get("code") == "withheld":
        return said.withheld
    if kind == "band":
        return said.bands.get(str(value)) or str(value)
    if kind == "none":
        return NONE
    return f"{value:,}" + "%" * (kind == "percent")


@frozen
class Document:
    """One document: its name, every text that it prints, the tables that it shows, and which of them are drawn."""

    stem: str
    said: Words
    texts: tuple[str, ...]
    shown: tuple[Mapping[str, Any], ...]
    drawn: tuple[Mapping[str, Any], ...]

    def rows(self, table: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a table as they are printed."""
        for row in table["rows"]:
            yield (plain(row["label"]), *(figure(cell, self.said) for cell in row["cells"]))


@frozen
class Known:
    """All that the documents of a publication may say."""

    figures: frozenset[str]
    texts: re.Pattern[str]
    whole: frozenset[str]
    rows: frozenset[str]
    heads: frozenset[str]
    days: tuple[str, ...]

    def strange(self, text: str) -> tuple[str, ...]:
        """Return the numbers of a text that the publication does not hold.

        A figure may stand by itself, or among the publication's own labels. Within words that are not the
        publication's, no number is known, whatever it is.
        """
        if not DIGIT.search(text):
            return ()
        line = plain(text).removeprefix("• ")
        if line in self.whole:
            return ()
        left = self.texts.sub(" ", line)
        found = tuple(NUMBER.findall(left))
        if any(c.isalpha() for c in left):
            return found
        return tuple(one for one in found if one not in self.figures)

    def strange_row(self, cells: Sequence[str]) -> bool:
        """Return whether a row of a table is none that was published."""
        line = "\x1f".join(map(plain, cells))
        if sum(map(bool, cells)) < 2:  # a text of its own, and looked at as such
            return False
        return bool(DIGIT.search(line)) and not any(one in line for one in self._of(cells))

    def _of(self, cells: Sequence[str]) -> Iterator[str]:
        for start in range(len(cells)):
            for end in range(len(cells), start + 1, -1):
                line = "\x1f".join(map(plain, cells[start:end]))
                if line in self.rows or line in self.heads:
                    yield line


def documents(data: Mapping[str, Any]) -> list[Document]:
    """Return every document of a publication's file of data."""
    tables = {table["key"]: table for table in data["tables"]}
    themes = {one["key"]: one for one in data["themes"]}
    made = []
    for one in data["documents"]:
        language = str(one["language"])
        stem = one["kind"] if language == "en" else f"{one['kind']}.{language.lower()}"
        texts, shown, drawn = [one["title"], one["subtitle"], one["note"]], [], []
        for block in one["blocks"]:
            texts += [str(block[name]) for name in ("heading", "paragraph", "says") if name in block]
            texts += block.get("list", ())
            if key := block.get("table") or block.get("chart"):
                shown.append(tables[key])
                drawn += [tables[key]] if "chart" in block else []
            if key := block.get("themes"):
                texts += [themes[key]["title"], *(theme["label"] for theme in themes[key]["themes"])]
        made.append(Document(stem, words(language), tuple(texts), tuple(shown), tuple(drawn)))
    return made


def known(data: Mapping[str, Any]) -> Known:
    """Return what the documents of a publication may say, by its file of data."""
    day = date.fromisoformat(data["date"])
    figures: set[str] = set()
    texts: set[str] = {data["agency"], data["review"]}
    rows: set[str] = set()
    heads: set[str] = set()
    days: set[str] = {day.isoformat()}
    for one in documents(data):
        days.add(one.said.day(day))
        texts |= {*one.texts, *_own(one.said)}
        for table in data["tables"]:
            texts |= {table["title"], *(column["label"] for column in table["columns"])}
            heads.add("\x1f".join(plain(column["label"]) for column in table["columns"]))
            for row in one.rows(table):
                texts.add(row[0])
                figures |= set(row[1:])
                rows.add("\x1f".join(row))
    texts |= {listed["title"] for listed in data["themes"]}
    whole = {plain(text) for text in texts | days} - {""}
    return Known(frozenset(figures), _any_of(whole), frozenset(whole | figures), frozenset(rows), frozenset(heads),
                 tuple(days))  # fmt: skip


def _own(said: Words) -> Iterator[str]:
    """Yield the words that the engine itself puts into a document."""
    yield from (
        said.withheld, said.about_withheld, said.skip, said.contents, said.cases, said.key, said.nothing,
        said.no_themes, said.same_figures, said.same_above, said.page, said.text, said.section, said.subject,
        said.continued,
        said.prepared_by.format(agency="").strip(),
    )  # fmt: skip
    yield from said.bands.values()
    yield from said.audiences.values()


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of texts with letters, the longest first, each as words of their own."""
    lettered = sorted((one for one in texts if any(map(str.isalpha, one))), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, lettered)) + r")(?!\w)")
