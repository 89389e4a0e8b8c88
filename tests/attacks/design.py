"""What a made-up review asks, and its made-up cases: plain values that engine and attackers are both told."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from tests.attacks.known import WEIGHT, Item

THEMES = ("listening", "time", "travel", "teams")
ORDER = ("team", "agency", "state", "public")
"""The audiences, from the one that knows most: each holds all that those after it are given."""


@frozen
class Case:
    """A made-up case: who it is, its worker, its value of each split, its code of each item ("" for not rated).

    `weight` is for how many cases of the list it stands, in hundredths, where shares are told weighted.
    """

    key: str
    worker: str
    values: Mapping[str, str]
    codes: Mapping[str, str]
    themes: tuple[str, ...] = ()
    weight: str = ""

    def places(self) -> dict[str, str]:
        """Return its value of each split, and of its weight, where cases have weights."""
        return {**self.values, **({WEIGHT: self.weight} if self.weight else {})}


@frozen
class Design:
    """What a review asks: its splits, its items by key with their codes, the rung of every table by audience.

    `tables` are the splits of each item. `applies` gives an item's split and value where it is not asked of
    every case. `inside` says of a (fine, coarse) pair of splits in which value each lies. With `weights` shares are
    told weighted, too.
    """

    splits: Mapping[str, tuple[str, ...]]
    items: Mapping[str, tuple[str, ...]]
    rungs: Mapping[str, Mapping[str, str | None]]
    k: Mapping[str, int]
    tables: Mapping[str, tuple[str, ...]]
    applies: Mapping[str, tuple[str, str]] = field(factory=dict)
    inside: Mapping[tuple[str, str], Mapping[str, str]] = field(factory=dict)
    weights: tuple[str, ...] = ()

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return the splits, and all weights that cases can have, where they have any."""
        return {**self.splits, **({WEIGHT: self.weights} if self.weights else {})}

    def known(self) -> tuple[Item, ...]:
        """Return what anybody can read of the tools and of how tables are headed."""
        return tuple(
            Item(key, codes, codings(codes), self.tables[key], frozenset(good(codes)), self.applies.get(key))
            for key, codes in self.items.items()
        )


def good(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes that are acceptable: the upper half."""
    return codes[len(codes) // 2 :]


def zones(codes: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the codes of each zone by its name."""
    if len(codes) == 2:
        return {"Low": (codes[0],), "High": (codes[1],)}
    third = len(codes) // 3
    return {"Low": codes[:third], "Middle": codes[third : 2 * third], "High": codes[2 * third :]}


def codings(codes: tuple[str, ...]) -> tuple[Mapping[str, frozenset[str]], ...]:
    """Return each way to group the codes in a table: the codes by the column's heading."""
    fine = {f"Level {code}": frozenset({code}) for code in codes}
    zoned = {name: frozenset(inside) for name, inside in zones(codes).items()}
    best = frozenset(good(codes))
    return fine, zoned, {"Acceptable": best, "Not acceptable": frozenset(codes) - best}
