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
    A "text" item is free text: it is sealed and never leaves as it stands. One that is `posted` is what
    a group itself puts up on the wall, such as its goal and who does what by when (CAS-5, CAS-8): it goes
    into the group's own paper, and into no publication either.
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
    posted: bool = False


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


SessionOf: TypeAlias = Literal["case", "group", "everyone"]


@frozen
class SessionKind:
    """What is held, how long, with which instrument, and for what: every selected case, every focus group,
    or everyone together.

    Of a case: `supervisor` says whether the worker may ask for their supervisor to sit in (PQCR-3); it
    happens only at the worker's own recorded request. Where `days` is not 0, a team has the case for so
    many days in a row and interviews its key people one by one, `minutes` each (QSR-3).
    Of a group or of everyone: held at their own meeting, led by `leader`, a role of the people list;
    `attended` names the number item of the instrument that says how many came.
    """

    key: str
    title: str
    minutes: int
    instrument: str
    supervisor: bool = False
    of: SessionOf = "case"
    days: int = 0
    attended: str = ""
    leader: str = ""


@frozen
class Step:
    """A part of a session guide: how long it takes, the least it can take, what it is for, how it is led.

    `objectives` counts from 1 into the guide's own. `lines` are for the facilitator, `posts` what goes up on
    the wall. A step whose `least` is 0 may be left out where time is short.
    """

    key: str
    title: str
    minutes: int
    least: int
    objectives: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()


@frozen
class Guide:
    """A session guide: an agenda that stretches and shrinks to the time that there is (CAS-2).

    `session` is the kind of session that it is for. `bring` lists what to have at hand (CAS-4).
    """

    key: str
    title: str
    session: str
    intro: str
    steps: tuple[Step, ...]
    objectives: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


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
    """Instruments, the sessions held with them, the rules for teams where cases are reviewed, session guides."""

    instruments: tuple[Instrument, ...]
    sessions: tuple[SessionKind, ...]
    teams: TeamRules | None = None
    guides: tuple[Guide, ...] = ()
