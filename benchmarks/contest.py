"""What a benchmark is: two commands that do comparable work, and what the first must reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from attrs import frozen

Unit = Literal["s", "cpu s", "MiB", "printed"]
"""What is compared: seconds on the clock, seconds of all cores, the most memory held, or the number printed."""


@frozen
class Target:
    """What is to be reached. `holds(ours, against)` tells from the two medians whether it is."""

    unit: Unit
    words: str
    holds: Callable[[float, float], bool]


@frozen
class Contest:
    """Two contenders, and what the first must reach: by the clock, and by what `more` names.

    `prepare` is run once, untimed, in an empty folder, which contests with the same one share; every run
    then works in a fresh copy of what it left, or, where `fresh` is false, in that folder itself. Where
    `warm` is true, a first pair that does not count warms the disk; long contests need none.
    """

    group: str
    name: str
    ours: tuple[str, ...]
    against: tuple[str, ...]
    against_words: str
    target: str
    holds: Callable[[float, float], bool]
    prepare: tuple[str, ...] = ()
    quick: bool = True
    runs: int = 9
    unit: Unit = "s"
    more: tuple[Target, ...] = ()
    fresh: bool = True
    warm: bool = True

    def targets(self) -> tuple[Target, ...]:
        """Return everything that is to be reached."""
        return Target(self.unit, self.target, self.holds), *self.more
