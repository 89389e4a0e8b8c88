"""Text as it sounds to a reader: without case, accents, invisible characters and letters that only look alike.

Every folded character knows where it stood, so that what is found can be told by its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from attrs import frozen

_ALIKE = str.maketrans({
    # Cyrillic
    "а": "a", "в": "b", "е": "e", "ѕ": "s", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h", "о": "o",
    "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ӏ": "l",
    # Greek
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t",
    "υ": "u", "χ": "x", "ϲ": "c", "ϳ": "j",
    # Armenian
    "օ": "o", "ս": "u", "հ": "h", "ո": "n", "ց": "g",
    # Latin letters of other alphabets, and those with a stroke, which no decomposition takes apart
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ɡ": "g", "ɑ": "a", "ꞌ": "", "þ": "th",
    "æ": "ae", "œ": "oe", "ƒ": "f", "ŋ": "n", "ɩ": "i", "ʀ": "r", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e",
    "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ꜱ": "s",
    "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
    "\u0640": "",  # the stroke that stretches an Arabic word
})  # fmt: skip

WORD = re.compile(r"[^\W_]+")


@frozen
class Folded:
    """A folded text, and for each of its characters the place of the one that it came from."""

    text: str
    at: Sequence[int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the folded text stands in the text itself."""
        return self.at[start], self.at[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text.

    >>> fold("JOSE\u0301 Nu\u0301n\u200bez").text
    'jose nunez'
    """
    if text.isascii():
        return Folded(text.lower(), range(len(text)))
    pieces, at = [], []
    for place, character in enumerate(text):
        folded = character.lower() if character.isascii() else _folded(character)
        pieces.append(folded)
        at += [place] * len(folded)
    return Folded("".join(pieces), at)


def folded(text: str) -> str:
    """Return a text folded, where nobody asks for places."""
    return fold(text).text


@cache
def _folded(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        return ""
    if unicodedata.decimal(character, None) is not None:
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFKD", character)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(_ALIKE)


def unspaced(text: str) -> bool:
    """Return whether a text is in a script that is written without spaces between its words."""
    return any(
        unicodedata.name(c, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"))
        for c in text
    )
