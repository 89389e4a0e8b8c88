"""What a finished file is read into: texts by the place where they stand, and the rows of its tables."""

from __future__ import annotations

from attrs import define, field, frozen


@frozen
class Unit:
    """A text, and where it stands."""

    where: str
    text: str


@define
class Read:
    """What one file holds. `wrong` is what no file of ours has, and so is refused whatever it says."""

    units: list[Unit] = field(factory=list)
    rows: list[tuple[str, tuple[str, ...]]] = field(factory=list)
    wrong: list[str] = field(factory=list)
    looked: list[str] = field(factory=list)

    def say(self, where: str, text: str | None) -> None:
        """Keep a text, where there is any."""
        if text and text.strip():
            self.units.append(Unit(where, text))
