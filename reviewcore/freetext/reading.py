"""Reading a note sentence by sentence: which sentences may stand alone, and what the others give away."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import TypeAlias

from attrs import frozen

from reviewcore.freetext.folding import fold
from reviewcore.freetext.patterns import matches

Span: TypeAlias = tuple[int, int]
Find: TypeAlias = Callable[[str], tuple[Span, ...]]

NAME = "a name"

_SHORT = (
    r"\b(?:mr|mrs|ms|dr|st|jr|sr|prof|rev|no|vs|etc|approx|dept|apt|ave|jan|feb|mar|apr|aug|sept|oct|nov|dec|"
    r"sra|srta|dra|ud|uds|e\.g|i\.e|a\.m|p\.m)"
)
_END = re.compile(
    rf"(?:{_SHORT}\.\s)|(?<![^\W_])[^\W\d_]\.\s|"
    r"([.!?\u2026]+[\"'”’»)\]]*(?=\s|$)|[\u3002\uff01\uff1f\u061f\u06d4\u0964]+|[\r\n]+)",
    re.IGNORECASE,
)
"""Where a sentence ends. An abbreviation, or somebody's initial, ends none."""


@frozen
class Found:
    """One sentence of a note that must not be told: which it is, counted from 1, and what it holds."""

    sentence: int
    holds: tuple[str, ...]


def sentences(text: str) -> list[Span]:
    """Return where each sentence of a text stands.

    >>> [text[a:b] for text in ("Mr. A. came. Who? He!",) for a, b in sentences(text)]
    ['Mr. A. came.', 'Who?', 'He!']
    """
    found, start = [], 0
    for match in _END.finditer(text):
        if match.group(1) is not None:
            found.append((start, match.end()))
            start = match.end()
    found.append((start, len(text)))
    trimmed = []
    for first, last in found:
        inner = text[first:last]
        begin = first + len(inner) - len(inner.lstrip())
        if inner.strip():
            trimmed.append((begin, begin + len(inner.strip())))
    return trimmed


def look(text: str, find: Find) -> tuple[Found, ...]:
    """Return the sentences of a text that name somebody or tell by a number, a date or an address who it is.

    `find` says where names stand. Whatever lies over two sentences is in both.
    """
    folded = fold(text)
    hits = [(*folded.source(start, end), what) for what, start, end in matches(folded.text)]
    hits = sorted([*((*span, NAME) for span in find(text)), *hits])
    if not hits:
        return ()
    found, first = [], 0
    longest = max(end - start for start, end, _ in hits)
    for number, (start, end) in enumerate(sentences(text), start=1):
        while first < len(hits) and hits[first][0] + longest <= start:
            first += 1
        holds: dict[str, None] = {}
        for a, b, what in islice(hits, first, None):
            if a >= end:
                break
            if b > start:
                holds[what] = None
        if holds:
            found.append(Found(number, tuple(holds)))
    return tuple(found)


def clean_sentences(text: str, find: Find) -> tuple[str, ...]:
    """Return the sentences of a text that name nobody and tell nothing, each by itself; the others are left out."""
    wrong = {one.sentence for one in look(text, find)}
    return tuple(
        text[start:end] for number, (start, end) in enumerate(sentences(text), start=1) if number not in wrong
    )
