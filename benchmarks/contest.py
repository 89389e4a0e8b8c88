"""What a benchmark is: two commands that do comparable work, and what the first must reach."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen


@frozen
class Contest:
    """Two contenders. `holds(ours, against)` tells from the two medians, in seconds, whether the target is met.

    `prepare` is run once, untimed, in an empty folder; every run then works in a fresh copy of what it left.
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
