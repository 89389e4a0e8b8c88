"""What tells who somebody is without a name: numbers to call, dates, case numbers, addresses.

Looked for in the folded text (see `folding`), in which figures of every script are 0 to 9. In doubt, it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|"
    r"diciembre)"
)
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|place|pl|way|terrace|ter|"
    r"trail|trl|highway|hwy|parkway|pkwy|square|sq|loop|alley|route)"
)
PATTERNS = {
    "an e-mail address": re.compile(r"[\w+-]\s?(?:@|[(\[]at[)\]])\s?[\w-]+(?:\s?(?:\.|[(\[]dot[)\]])\s?[\w-]+)+"),
    "a web address": re.compile(r"\b(?:https?://|www\.)\S+|(?<![\w@])@\w{3,}"),
    "a phone number": re.compile(
        r"(?<![\d.])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{3}\)|\d{3})[\s.\u2010-\u2015-]*\d{3}[\s.\u2010-\u2015-]*\d{4}(?!\d)"
        r"|(?<!\d)\d{3}[\s.\u2010-\u2015-]\d{4}(?!\d)|\+\d[\d\s.()-]{7,}\d"
    ),
    "a date": re.compile(
        r"(?<!\d)(?:\d{4}|\d{1,2})[/.-]\d{1,2}[/.-]\d{2,4}(?!\d)"
        r"|(?<!\d)(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?!\d)"
        rf"|\b{_MONTH}\.?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?{_MONTH}\b|\b{_MONTH}\.?,?\s+(?:of\s+|de\s+)?\d{{4}}\b"
        r"|\d{1,4}\s?[年月]\s?\d{1,2}"
    ),
    "an address": re.compile(
        rf"\b\d{{1,6}}\s+(?:[nsew]\.?\s+)?(?:[\w']+\s+){{1,4}}{_STREET}\b|\b(?:apt|apartment|unit|suite|room)\.?\s?#?\s?\d+\w?\b"
        r"|\bp\.?\s?o\.?\s+box\s+\d+|\b[a-z]{2}\s+\d{5}(?:-\d{4})?\b"
    ),
    "a number that stands for somebody": re.compile(
        r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"  # as the social security's
        r"|\b(?:[a-z]{1,4}[-/#]?\d{3,}|\d{2,}[-/]?[a-z]{1,3}[-/]?\d{2,}|\d{2,4}-\d{3,}|[a-z]{1,3}-\d{2,}-\d+)\w*\b"
        r"|(?<![\d.,])\d{5,}(?![\d,])|#\s?\d{2,}|\b(?:case|file|docket|id|number|no|expediente|caso)\b\.?:?\s?#?\s?\d{2,}"
    ),
}  # fmt: skip
"""What is looked for, by what it is called to whoever wrote it."""

_ANY_NUMBER = "a number that stands for somebody"
_FIGURE = re.compile(r"[0-9@#]|www|https?:|[(\[]at[)\]]")


def matches(folded: str) -> Iterator[tuple[str, int, int]]:
    """Yield what stands in a folded text that could tell who somebody is: what it is, from where, up to where."""
    taken = bytearray(len(folded) if _FIGURE.search(folded) else 0)
    for name, pattern in PATTERNS.items() if taken else ():
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(taken[start:end]) and name == _ANY_NUMBER:
                continue  # it has been called by its own name
            taken[start:end] = b"x" * (end - start)
            yield name, start, end
