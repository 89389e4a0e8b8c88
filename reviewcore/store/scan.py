"""The exact scan: where a finished text names somebody who is in the vault.

Ids, full names in either order, and e-mail addresses are matched word by word after folding case and
accents, in one pass over the text however many people there are. A bare number of fewer than five
digits cannot be told from a count and is not scanned for; `Roster.unscanned` says how many such ids
there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from attrs import frozen

_WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")
"""A word's letters, and the accents that stand apart from theirs, as some systems write them."""

_SHORTEST_NUMBER = 5

Span = tuple[int, int]


@lru_cache(maxsize=65_536)  # the words of a report, and of all its charts, are few
def fold(text: str) -> str:
    """Return `text` without case and accents."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(match.group()) for match in _WORD.finditer(text))


@frozen
class Roster:
    """Everything that would name somebody, by first word."""

    needles: Mapping[str, tuple[tuple[str, ...], ...]]
    unscanned: int

    @classmethod
    def of(
        cls, people: Iterable[Mapping[str, Any]], cases: Iterable[Mapping[str, Any]], public: tuple[str, ...]
    ) -> Roster:
        """Gather what to look for: ids, full names, e-mail and street addresses, of people and of cases."""
        texts: set[tuple[str, ...]] = set()
        unscanned = 0
        for record in [*people, *cases]:
            for key in ("person_id", "case_id", "family_id"):
                value = str(record.get(key) or "")
                if value.isdigit() and len(value) < _SHORTEST_NUMBER:
                    unscanned += 1
                elif value:
                    texts.add(_words(value))
            for key in ("email", "address"):
                if value := str(record.get(key) or ""):
                    texts.add(_words(value))
            for key in ("name", "family_name"):
                words = _words(str(record.get(key) or ""))
                if len(words) > 1:  # a single word is no full name, and may be any word
                    texts |= {words, (words[-1], *words[:-1])}
        texts -= {_words(name) for name in public} | {()}
        needles: dict[str, list[tuple[str, ...]]] = {}
        for words in texts:
            needles.setdefault(words[0], []).append(words)
        return cls({first: tuple(found) for first, found in needles.items()}, unscanned)

    def find(self, text: str) -> tuple[Span, ...]:
        """Return the positions in `text` at which somebody is named."""
        if not any(fold(word) in self.needles for word in set(_WORD.findall(text))):
            return ()  # as it is with nearly every text
        matches = list(_WORD.finditer(text))
        words = [fold(match.group()) for match in matches]
        return tuple(
            (matches[start].start(), matches[start + len(needle) - 1].end())
            for start, word in enumerate(words)
            if word in self.needles
            for needle in self.needles[word]
            if tuple(words[start : start + len(needle)]) == needle
        )
