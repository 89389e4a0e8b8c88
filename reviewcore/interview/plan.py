"""What a review type answers about interviews: instruments, sessions and the rules for teams."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from reviewcore.language import Condition

ItemKind: TypeAlias = Literal["scale", "choice", "many", "number", "text"]


@frozen
class Code:
    """One point of a closed scale, or one choice: what is stored, what is said, and what anchors it."""

    code: str
    label: str
    anchor: str = ""


@frozen
class Zone:
    """A named part of a scale, such as the codes that call for improvement."""

    name: str
    codes: tuple[str, ...]


@frozen
class Scale:
    """A closed scale in order, which of its codes are acceptable, and the zones that it falls into."""

    key: str
    codes: tuple[Code, ...]
    acceptable: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()


@frozen
class Item:
    """One question of an instrument.

    `scale` names the scale of a "scale" item; `choices` closes a "choice" or "many" item. `not_applicable`
    lists the reasons for which the item may be left unrated; empty means that it always applies.
    `when` shows the item only where it is true of the case's declared fields and earlier answers.
    A "text" item is free text: it is sealed and never leaves as it stands.
    """

    key: str
    words: str
    kind: ItemKind = "scale"
    scale: str = ""
    choices: tuple[Code, ...] = ()
    not_applicable: tuple[str, ...] = ()
    when: Condition | None = None
    required: bool = True
    help: str = ""


@frozen
class Section:
    """Items under one heading, in order."""

    title: str
    items: tuple[Item, ...]


@frozen
class Instrument:
    """A tool that is filled in once per session: its sections, scales, who fills it in, what it meets."""

    key: str
    title: str
    version: str
    filled_by: str
    sections: tuple[Section, ...]
    scales: tuple[Scale, ...] = ()
    intro: str = ""
    requirements: tuple[str, ...] = ()

    def items(self) -> tuple[Item, ...]:
        """Return all items in order."""
        return tuple(item for section in self.sections for item in section.items)

    def scale(self, item: Item) -> Scale:
        """Return the scale of a "scale" item; raise KeyError where the instrument has none by that name."""
        for scale in self.scales:
            if scale.key == item.scale:
                return scale
        raise KeyError(item.scale)


@frozen
class SessionKind:
    """What is held for every selected case: how long, with which instrument.

    `supervisor` says whether the worker may ask for their supervisor to sit in (PQCR-3); it happens only
    at the worker's own recorded request.
    """

    key: str
    title: str
    minutes: int
    instrument: str
    supervisor: bool = False


@frozen
class TeamRules:
    """How review teams are formed (PQCR-6): their number and size, and peers on each of them.

    Nobody sits on a team for a case of their own or of their own unit, whatever the rules say.
    """

    teams: int
    smallest: int = 2
    largest: int = 4
    peers: int = 1


@frozen
class InterviewPlan:
    """Instruments, the sessions held with them, and the rules for teams."""

    instruments: tuple[Instrument, ...]
    sessions: tuple[SessionKind, ...]
    teams: TeamRules
