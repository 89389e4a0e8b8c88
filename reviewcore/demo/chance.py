"""Chance that comes out the same every time and everywhere: made-up people only, never a real draw."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of chance that follows from texts. Only `Random.random` is used: Python keeps that one stable.

    >>> Chance("alder", "caseloads").below(10) == Chance("alder", "caseloads").below(10)
    True
    """

    def __init__(self, *texts: str) -> None:
        self._stream = random.Random("\n".join(texts))  # noqa: S311

    def happens(self, share: float) -> bool:
        """Return True in `share` of all cases, from 0 to 1."""
        return self._stream.random() < share

    def below(self, number: int) -> int:
        """Return a whole number from 0 to `number` - 1."""
        return int(self._stream.random() * number)

    def one_of(self, things: Sequence[T]) -> T:
        """Return one of `things`."""
        return things[self.below(len(things))]

    def weighed(self, things: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of `things`, each as often as its weight says."""
        at = self._stream.random() * sum(weights)
        for thing, weight in zip(things, weights, strict=True):
            at -= weight
            if at < 0:
                return thing
        return things[-1]

    def uneven(self) -> float:
        """Return a weight that is mostly small and now and then large, as caseloads are."""
        return 0.25 + 2.2 * float(self._stream.random()) ** 3

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return `things` in some order."""
        keyed = [(self._stream.random(), place) for place in range(len(things))]
        return [things[place] for _, place in sorted(keyed)]


def dice(seed: str, number: int = 24) -> str:
    """Return made-up ten-sided dice, in the form in which real ones are noted down. Never for a real draw.

    >>> len(dice("alder"))
    24
    """
    chance = Chance(seed, "dice")
    return "".join(str(chance.below(10)) for _ in range(number))
