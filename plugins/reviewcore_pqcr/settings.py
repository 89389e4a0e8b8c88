"""What a county settles for a peer review: every blank of PQCR-13, and what PQCR-1 to PQCR-11 leave open."""

from typing import Literal, TypeAlias

from attrs import Factory, field, frozen

from reviewcore.api import at_least, between, filled

ProgramName: TypeAlias = Literal["child-welfare", "probation"]
PROGRAMS: tuple[ProgramName, ...] = ("child-welfare", "probation")

FocusTool: TypeAlias = Literal["placement-stability", "reunification", "going-home", "adulthood"]
"""The sections of questions that can be added to the tool, each written for one focus area (PQCR-3)."""

TOOLS: dict[ProgramName, tuple[FocusTool, ...]] = {
    "child-welfare": ("placement-stability", "reunification"),
    "probation": ("going-home", "adulthood"),
}

GroupKind: TypeAlias = Literal["parents", "youth", "service providers", "supervisors", "court staff"]


@frozen(repr=False, eq=False)
class Program:
    """A program under review: its name in the case list, its focus area and its number of cases (PQCR-2)."""

    name: ProgramName
    title: str = field(validator=filled)
    focus_area: str = field(validator=filled)
    tool: FocusTool
    quota: int = field(validator=at_least(1))

    def __attrs_post_init__(self) -> None:
        """A program has one of the tools that are written for it."""
        if self.tool not in TOOLS[self.name]:
            raise ValueError(
                f"tool: for {self.name} use one of {', '.join(TOOLS[self.name])} (got '{self.tool}')"
            )


@frozen(repr=False, eq=False)
class Plan:
    """The county's next improvement plan, for which the review lays the ground (PQCR-1)."""

    starts: str = field(validator=filled)
    name: str = field(default="System Improvement Plan", validator=filled)
    years: int = field(default=5, validator=at_least(1))


@frozen(repr=False, eq=False)
class Teams:
    """The review teams (PQCR-6). `peer_term` and `host_term` say where their members come from."""

    number: int = field(validator=at_least(1))
    smallest: int = field(default=2, validator=between(2, 4))
    largest: int = field(default=4, validator=between(2, 4))
    peers: int = field(default=1, validator=at_least(1))
    peer_term: str = field(default="peer counties", validator=filled)
    host_term: str = field(default="our own county, outside the unit whose case is read", validator=filled)

    def __attrs_post_init__(self) -> None:
        """The smallest team is not above the largest, and has room for its peers."""
        if self.smallest > self.largest:
            raise ValueError(f"smallest: must not be above largest, {self.largest} (got {self.smallest})")
        if self.peers > self.smallest:
            raise ValueError(f"peers: must not be above smallest, {self.smallest} (got {self.peers})")


@frozen(repr=False, eq=False)
class Union:
    """The union whose members are interviewed (PQCR-9)."""

    local: str = field(validator=filled)


@frozen(repr=False, eq=False)
class Clerical:
    """Who writes down the interviews: the county's clerks, or people under contract (PQCR-8)."""

    contracted: bool = False
    interviews_a_day: int = field(default=4, validator=at_least(1))


@frozen(repr=False, eq=False)
class Hours:
    """The time that the review asks of staff, in hours, as it is told to them (PQCR-8).

    `supervisors` and `coordinators` are numbers of people.
    """

    supervisors: int = field(validator=at_least(1))
    coordinators: int = field(validator=at_least(1))
    pre_briefing: int = field(default=2, validator=between(1, 4))
    reading: int = field(default=1, validator=at_least(1))
    supervisor: int = field(default=2, validator=between(1, 2))
    planning: int = field(default=20, validator=at_least(1))
    training: int = field(default=8, validator=at_least(1))
    review_days: int = field(default=5, validator=at_least(1))
    working_day: int = field(default=8, validator=at_least(1))


@frozen(repr=False, eq=False)
class Settings:
    """The `[review]` part of a PQCR profile."""

    programs: tuple[Program, ...]
    plan: Plan
    teams: Teams
    union: Union
    hours: Hours
    cycle_years: int = field(default=3, validator=at_least(1))
    mandate: str = field(default="California's Outcomes and Accountability System", validator=filled)
    replaces: str = "the Division 31 compliance review"
    assessment: str = field(default="county self-assessment", validator=filled)
    state_agency: str = field(default="California Department of Social Services (CDSS)", validator=filled)
    record_system: str = field(default="CWS/CMS", validator=filled)
    interview_minutes: int = field(default=60, validator=at_least(15))
    more_information: str = field(
        default="the California Social Work Education Center (CalSWEC)", validator=filled
    )
    focus_groups: tuple[GroupKind, ...] = (
        "parents",
        "youth",
        "service providers",
        "supervisors",
        "court staff",
    )
    clerical: Clerical = Factory(Clerical)

    def __attrs_post_init__(self) -> None:
        """Each of the two programs is named once."""
        names = sorted(program.name for program in self.programs)
        if names != sorted(PROGRAMS):
            raise ValueError(
                f"programs: name {' and '.join(PROGRAMS)} once each, with a focus area of its own; "
                f"got {', '.join(names) or 'none'}"
            )

    def cases(self) -> int:
        """Return how many cases are reviewed in all."""
        return sum(program.quota for program in self.programs)
