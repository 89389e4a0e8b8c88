"""What an attacker of a review knows, holds and finds: plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import Factory, frozen

from tests.attacks.seen import Seen

Codes = frozenset[str]
NOT_RATED: Codes = frozenset({"not rated"})
ALL = "All cases"
WEIGHT = "by weight"
"""The split by weight, which no table has; whoever has the papers of the draw knows how many cases have which."""
SHARES = "Shares of all cases of the list, estimated"
"""The table of weighted shares."""


@frozen
class Item:
    """What is known of a rated item: its title, its codes, how tables may group them, to whom it applies.

    `codings` gives, for each way to group, the codes by the column's heading. `applies` names a split and
    the value that its cases must have.
    """

    title: str
    codes: tuple[str, ...]
    codings: tuple[Mapping[str, Codes], ...]
    splits: tuple[str, ...] = ()
    good: Codes = frozenset()
    applies: tuple[str, str] | None = None


@frozen
class Part:
    """Cases that are in the same publications: how many in all, and of each value of each split."""

    name: str
    sizes: Mapping[tuple[str, str], int]
    total: int


@frozen
class Held:
    """One publication that the attacker holds: as read from a file, the k it was made with, whose cases it tells.

    `at` is when it went out: 0 for the agency's first.
    """

    seen: Seen
    k: int
    parts: frozenset[str]
    at: int = 0


@frozen
class Insider:
    """What somebody knows of their own cases: part, value of each split, and item by item the code."""

    cases: tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...]


@frozen
class Known:
    """What the attacker knows beforehand. `inside` says of each fine split in which coarse one its values lie.

    `now` is when the last publication went out, whether the attacker holds it or not.
    """

    items: tuple[Item, ...]
    splits: Mapping[str, tuple[str, ...]]
    parts: tuple[Part, ...]
    inside: Mapping[tuple[str, str], Mapping[str, str]] = Factory(dict)
    now: int = 0


@frozen
class Loss:
    """Something that was found out: by which attack, of what, and the least and most that is left."""

    attack: str
    what: str
    low: int
    high: int
    true: int


Truth = Callable[[str, str, Mapping[str, str], Codes], int]
"""How many cases of a part, with these values, have one of these codes of an item."""
