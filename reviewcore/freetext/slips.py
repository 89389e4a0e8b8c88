"""Names with a slip of the pen in them: one letter wrong in a name of four to seven, two in a longer one.

Every name is filed under what is left of its beginning when letters are taken away, and so is every word
that is looked up: two that are so near each other share an entry (SymSpell's symmetric deletes). Whether they
are near is rapidfuzz's to say; a pair of neighbouring letters that changed places counts as one slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from attrs import define, field

_PREFIX = 7
_SHORTEST, _LONG = 4, 8


def slips(name: str) -> int:
    """Return how many slips a name may have and still be known."""
    return 0 if len(name) < _SHORTEST else 1 if len(name) < _LONG else 2


@define
class Slips:
    """The names of a roster, to be found by words that are nearly them."""

    entries: dict[str, list[str]] = field(factory=dict)
    known: dict[str, bool] = field(factory=dict)

    @classmethod
    def of(cls, names: Iterable[str]) -> Slips:
        """File the names that are long enough to be known with a slip."""
        made = cls()
        for name in names:
            for left in _left(name, slips(name)) if slips(name) else ():
                made.entries.setdefault(left, []).append(name)
        return made

    def near(self, word: str) -> bool:
        """Return whether a word is a name with as many slips as that name may have."""
        found = self.known.get(word)
        if found is None:
            if len(self.known) > 200_000:  # a text of other people's making: remember no more of it
                self.known.clear()
            found = self.known[word] = self._near(word)
        return found

    def _near(self, word: str) -> bool:
        from rapidfuzz.distance import DamerauLevenshtein

        if len(word) < _SHORTEST - 1:
            return False
        seen: set[str] = set()
        for left in _left(word, 2 if len(word) >= _LONG - 2 else 1):
            for name in self.entries.get(left, ()):
                if name not in seen:
                    seen.add(name)
                    if DamerauLevenshtein.distance(word, name, score_cutoff=slips(name)) <= slips(name):
                        return True
        return False


def _left(word: str, most: int) -> Iterator[str]:
    """Yield what is left of a word's beginning without any of up to `most` letters."""
    start = word[:_PREFIX]
    yield start
    for number in range(1, most + 1):
        for out in combinations(range(len(start)), number):
            yield "".join(c for place, c in enumerate(start) if place not in out)
