"""The ways in which one person's name is written, worked out from the name on the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import pairwise

from attrs import frozen

from reviewcore.freetext.folding import folded

_PARTICLES = frozenset((
    "al", "ap", "bin", "bint", "da", "das", "de", "del", "della", "der", "di", "do", "dos", "du", "e", "el", "fitz",
    "ibn", "la", "las", "le", "lo", "los", "san", "santa", "st", "ten", "ter", "van", "vander", "von", "y", "zu",
))  # fmt: skip
"""Parts of names that are no name by themselves, unless they are the first or the last."""

_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "jr", "sr", "ii", "iii", "iv"))

_INNER = re.compile(r"[^\w]+|_")  # what stands within a part: a hyphen, an apostrophe


@frozen
class Forms:
    """How a person is named: by whole names written as one word, by logins, by one name, by what people say
    for it, and by initials."""

    whole: frozenset[str]
    logins: frozenset[str]
    single: frozenset[str]
    nicknames: frozenset[str]
    initials: frozenset[str]


def forms(name: str) -> Forms:
    """Return the forms of a name as it stands on a list: "Mary Smith", or "Smith, Mary".

    >>> made = forms("Mary Smith")
    >>> sorted(made.logins), "marysmith" in made.whole, "molly" in made.nicknames
    (['marys', 'msmith', 'smithm'], True, True)
    """
    parts = _parts(name)
    tokens = ["".join(part) for part in parts]
    edges = (0, len(tokens) - 1)
    own = [token for place, token in enumerate(tokens) if token not in _PARTICLES or place in edges]
    whole, logins, nicks, initials = set[str](), set[str](), set[str](), set[str]()
    if len(own) > 1:
        last, tail = own[-1], _surname(tokens)
        for first in (own[0], *_said(own[0])):
            whole |= {first + last, last + first, first + tail, tail + first}
        first = own[0]
        logins |= {first[0] + last, last + first[0]}
        logins |= {first + last[0]} - ordinary()  # a Mark S. makes no mark a name
        whole |= {"".join(tokens), "".join((*tokens[1:], tokens[0])), "".join((tokens[-1], *tokens[:-1]))}
        whole |= {a + b for a, b in pairwise(own)}
        heads = [token[0] for token in own]
        initials = {"".join(heads), heads[0] + heads[-1], heads[-1] + heads[0]}
    pieces = {piece for part in parts for piece in part if piece not in _PARTICLES and len(piece) > 2}
    for token in own[:-1] or own:
        nicks.update(_said(token))
    return Forms(
        frozenset(one for one in whole if len(one) > 2),
        frozenset(one for one in logins - whole if len(one) > 2),
        frozenset(one for one in {*own, *pieces} if len(one) > 1),
        frozenset(nicks),
        frozenset(one for one in initials if 1 < len(one) < 4),
    )


def local_parts(address: str) -> Iterator[str]:
    """Yield what stands before the @ of an e-mail address, as one word, where it is long enough to be a name."""
    local = _INNER.sub("", folded(address.partition("@")[0]))
    if len(local) > 3:
        yield local


def _parts(name: str) -> list[tuple[str, ...]]:
    """Return the parts of a name in the order in which they are said, each in the pieces that it is made of."""
    last, comma, first = name.partition(",")
    words = f"{first} {last}".split() if comma else name.split()
    parts = [tuple(filter(None, _INNER.split(folded(word)))) for word in words]
    return [part for part in parts if part and part[0] not in _TITLES]


def _surname(tokens: list[str]) -> str:
    """Return the surname with the particles that go before it, as one word."""
    start = len(tokens) - 1
    while start > 1 and tokens[start - 1] in _PARTICLES:
        start -= 1
    return "".join(tokens[start:])


def _said(first: str) -> tuple[str, ...]:
    """Return every name that people say for a first name."""
    return nicknames().get(first, ())


@cache
def nicknames() -> Mapping[str, tuple[str, ...]]:
    """Return by name, in both directions, the names that people say for it."""
    found: dict[str, dict[str, None]] = {}
    for line in data("nicknames.txt"):
        whole, _, short = line.partition(":")
        names = [folded(one) for one in (whole, *short.split())]
        for one in names:
            found.setdefault(one, {}).update(dict.fromkeys(other for other in names if other != one))
    return {name: tuple(others) for name, others in found.items()}


@cache
def ordinary() -> frozenset[str]:
    """Return words that anybody may write in small letters without meaning a person."""
    return frozenset(_words("ordinary.txt")) | like_words() | small_words()


@cache
def like_words() -> frozenset[str]:
    """Return the names that are words as well: they name somebody where they begin with a capital."""
    return frozenset(_words("names-that-are-words.txt"))


@cache
def small_words() -> frozenset[str]:
    """Return the names that are the commonest words: at the beginning of a sentence a capital says nothing."""
    return frozenset(_words("small-words.txt"))


@cache
def abbreviations() -> frozenset[str]:
    """Return what stands in capitals in any note and is nobody's initials."""
    return frozenset(_words("abbreviations.txt"))


def _words(name: str) -> Iterable[str]:
    return (folded(word) for line in data(name) for word in line.split())


def data(name: str) -> list[str]:
    """Return the lines of a file of words, without its comments."""
    text = resources.files("reviewcore.freetext").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
