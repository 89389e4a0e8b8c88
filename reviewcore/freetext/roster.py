"""Everybody whom a text must not name, and where it does: in one pass, however many people there are.

Names are looked for in the text as it sounds (see `folding`), with everything between letters left out, so
that "M-a-r-y", "marysmith" and "Mary Smith" over two lines are one (Aho and Corasick's automaton); then with
figures and signs read as the letters that they are written for; then by initials; and each word by itself
for slips. What is in doubt counts as a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

from attrs import frozen

from reviewcore.freetext.folding import WORD, Folded, fold, folded, unspaced
from reviewcore.freetext.names import abbreviations, forms, local_parts, ordinary, small_words
from reviewcore.freetext.slips import Slips

Span: TypeAlias = tuple[int, int]

_LEET = str.maketrans("@431!|0$57869l", "aaeiiiosstbggi")
_SIGN = re.compile(r"[@431!|0$57869]")
_WRITTEN = re.compile(r"[^\W\d_][@$0-9]|[@$0-9][^\W\d_]|[!|][^\W_]")
"""A figure or a sign beside a letter: perhaps a letter in disguise."""

_SINGLE, _LOGIN, _WHOLE = range(3)
_SURE = 9  # letters, of a whole name, which stand together by no accident, whatever they stand within
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?){1,2}[^\W\d_](?![^\W_])")
_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_]{2,3}(?![^\W_])")
_ENDS = ".!?:;\n\r\u2022\u2013\u2014\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964-"
_INITIAL = re.compile(r"(?<![^\W_])[^\W\d_]\.$")
_INSIDE = " \t\u00a0\"'“”‘’«»(["


@frozen
class _View:
    """A text's words, and the text with nothing else in it; where each word begins there, and a last mark."""

    text: str
    words: list[Span]
    letters: str
    starts: list[int]

    @classmethod
    def of(cls, text: str) -> _View:
        words = [match.span() for match in WORD.finditer(text)]
        starts, at = [], 0
        for start, end in words:
            starts.append(at)
            at += end - start
        return cls(text, words, "".join([text[start:end] for start, end in words]), [*starts, at])

    def place(self, start: int, end: int) -> Span:
        """Return where a part of the letters stands in the text."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        return (
            self.words[first][0] + start - self.starts[first],
            self.words[last][0] + end - self.starts[last],
        )


@frozen
class Roster:
    """The names of everybody, filed for search: in letters, in letters as figures hide them, by initials."""

    plain: Any
    disguised: Any
    initials: frozenset[str]
    slips: Slips
    public: tuple[re.Pattern[str], ...]

    def find(self, text: str) -> tuple[Span, ...]:
        """Return where a text names somebody, or may: positions in order, which do not overlap."""
        made = fold(text)
        view = _View.of(made.text)
        found = [made.source(*span) for span in self._named(view, made, text)]
        if _WRITTEN.search(made.text):
            hidden = _View.of(made.text.translate(_LEET))
            found += [made.source(*span) for span in self._disguised(hidden, made.text)]
        found += self._initials(text)
        found += [made.source(*span) for span in self._slips(view, made, text)]
        if found and self.public:
            told = [made.source(*match.span()) for one in self.public for match in one.finditer(made.text)]
            found = [(a, b) for a, b in found if not any(start <= a and b <= end for start, end in told)]
        return _joined(found)

    def _named(self, view: _View, made: Folded, text: str) -> Iterator[Span]:
        if self.plain is None:
            return
        for last, (long, kind) in self.plain.iter(view.letters):
            end = last + 1
            start = end - long
            if (kind == _WHOLE and long >= _SURE) or unspaced(view.letters[start:end]):
                yield view.place(start, end)
                continue
            first, to = bisect_right(view.starts, start) - 1, bisect_right(view.starts, last) - 1
            rest = view.letters[end : view.starts[to + 1]]
            if view.starts[first] != start or not (rest in ("", "s") or (kind and rest.isdigit())):
                continue
            if first == to:
                if kind or self._means_somebody(view.letters[start:end], view.words[first][0], made, text):
                    yield view.place(start, end)
            elif kind == _WHOLE or _spelt(view, first, to, parted=kind == _LOGIN):
                yield view.place(start, end)

    def _means_somebody(self, word: str, place: int, made: Folded, text: str) -> bool:
        """Return whether a word that is somebody's name is more than a word here."""
        if len(word) > 2 and word not in ordinary():
            return True
        at = made.at[place]
        if text[at].lower() == text[at] != text[at].upper():
            return False
        return word not in small_words() or not _begins(text, at)

    def _disguised(self, view: _View, shown: str) -> Iterator[Span]:
        if self.disguised is None:
            return
        for last, (long, kind) in self.disguised.iter(view.letters):
            start, end = last + 1 - long, last + 1
            first, to = bisect_right(view.starts, start) - 1, bisect_right(view.starts, last) - 1
            if view.starts[first] != start or view.starts[to + 1] != end or long < 3:
                continue
            span = view.place(start, end)
            hidden = shown[slice(*span)]
            if (first == to or kind == _WHOLE) and _SIGN.search(hidden) and any(map(str.isalpha, hidden)):
                yield span

    def _initials(self, text: str) -> Iterator[Span]:
        for match in _DOTTED.finditer(text):
            letters = "".join(c for c in match.group() if c.isalpha())
            if letters.isupper() and folded(letters) in self.initials:
                yield match.span()
        for match in _CAPITALS.finditer(text):
            letters = folded(match.group()) if match.group().isupper() else ""
            if letters in self.initials and letters not in abbreviations() and letters not in ordinary():
                yield match.span()

    def _slips(self, view: _View, made: Folded, text: str) -> Iterator[Span]:
        near = self.slips.near
        for start, end in view.words:
            word = view.text[start:end]
            if near(word) and (not _ordinary(word) or _stands_out(text, made.at[start])):
                yield start, end


def roster(records: Iterable[Mapping[str, Any]], public: Iterable[str] = ()) -> Roster:
    """File the names of people, given as records with "name", "family_name" or "email", for search.

    `public` are names that may be told in full, such as the agency's own and the director's.
    """
    names: dict[str, int] = {}
    initials: set[str] = set()
    listed: set[str] = set()
    for record in records:
        for made in (forms(str(record[key])) for key in ("name", "family_name") if record.get(key)):
            listed |= made.single
            for kind, found in (
                (_SINGLE, made.single | made.nicknames),
                (_LOGIN, made.logins),
                (_WHOLE, made.whole),
            ):
                for one in found:
                    names[one] = max(kind, names.get(one, kind))
            initials |= made.initials
        for one in local_parts(str(record.get("email") or "")):
            names[one] = max(_LOGIN, names.get(one, _LOGIN))
    hidden = {one.translate(_LEET): kind for one, kind in names.items()}
    patterns = (r"[\W_]+".join(map(re.escape, WORD.findall(folded(name)))) for name in public)
    return Roster(
        _automaton(names), _automaton(hidden), frozenset(initials),
        Slips.of(listed | {one for one, kind in names.items() if kind == _WHOLE and len(one) >= _SURE}),
        tuple(re.compile(rf"(?<![^\W_]){one}(?![^\W_])") for one in patterns if one),
    )  # fmt: skip


def _automaton(names: Mapping[str, int]) -> Any:
    import ahocorasick

    if not names:
        return None
    made = ahocorasick.Automaton()
    for name, kind in names.items():
        made.add_word(name, (len(name), kind))
    made.make_automaton()
    return made


def _spelt(view: _View, first: int, to: int, *, parted: bool) -> bool:
    """Return whether words in a row are one name taken apart, and no accident; `parted` where spaces part none."""
    pieces = [view.text[slice(*word)] for word in view.words[first : to + 1]]
    between = [view.text[a[1] : b[0]] for a, b in pairwise(view.words[first : to + 1])]
    if sum(map(len, pieces)) < 3:
        return False
    if not any(any(map(str.isspace, gap)) for gap in between):
        return True
    if parted:
        return False
    if all(len(piece) == 1 for piece in pieces):
        return True
    return len(pieces) == 2 and any(len(piece) > 2 and not _ordinary(piece) for piece in pieces)


def _ordinary(word: str) -> bool:
    """Return whether anybody writes a word, in one of its forms, without meaning a person."""
    known = ordinary()
    return word in known or any(
        word.endswith(end) and word[: -len(end)] in known
        for end in ("s", "d", "es", "ed", "ly", "ing", "ers", "er")
    )


def _begins(text: str, at: int) -> bool:
    """Return whether a sentence, or a line, begins at a place."""
    while at and text[at - 1] in _INSIDE:
        at -= 1
    return at == 0 or (text[at - 1] in _ENDS and not _INITIAL.search(text, max(at - 4, 0), at))


def _stands_out(text: str, at: int) -> bool:
    return text[at].isupper() and not _begins(text, at)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
