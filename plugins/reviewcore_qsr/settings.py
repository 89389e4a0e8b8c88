"""What a county settles for a quality service review."""

from collections.abc import Mapping
from typing import Literal

from attrs import Factory, field, frozen

from reviewcore.api import at_least, between, filled
from reviewcore_qsr.indicators import INDICATORS

SETTINGS_OF_A_CASE = ("in-home", "out-of-home")


@frozen(repr=False, eq=False)
class Sample:
    """How many cases are drawn, and by what they are divided: each part has its own number in `quotas`."""

    cases: int = field(validator=at_least(1))
    by: Literal["nothing", "setting", "service_area"] = "nothing"
    quotas: Mapping[str, int] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        """The quotas name every part by which cases are divided, and add up to the cases."""
        if self.by == "nothing" and self.quotas:
            raise ValueError(
                'quotas: cases are divided by nothing; leave the quotas out, or set by = "setting"'
            )
        if self.by != "nothing" and sum(self.quotas.values()) != self.cases:
            raise ValueError(
                f"quotas: must add up to cases, {self.cases} (got {sum(self.quotas.values())}); "
                f"give every {self.by.replace('_', ' ')} its number"
            )
        if self.by == "setting" and set(self.quotas) - set(SETTINGS_OF_A_CASE):
            raise ValueError(f"quotas: the settings are {' and '.join(SETTINGS_OF_A_CASE)}")


@frozen(repr=False, eq=False)
class FocusGroup:
    """A focus group: 6 to 12 people who share a role (QSR-4), at a meeting that the profile sets."""

    key: str = field(validator=filled)
    title: str = field(validator=filled)
    role: str = field(validator=filled)
    meeting: str = field(validator=filled)
    size: int = field(default=10, validator=between(6, 12))
    alternates: int = field(default=3, validator=at_least(0))


@frozen(repr=False, eq=False)
class Settings:
    """The `[review]` part of a QSR profile."""

    sample: Sample
    teams: int = field(validator=at_least(1))
    service_areas: tuple[str, ...] = ("county",)
    peers: int = field(default=0, validator=between(0, 2))
    days_per_case: int = field(default=2, validator=between(1, 3))
    interview_minutes: int = field(default=45, validator=between(30, 120))
    focus_groups: tuple[FocusGroup, ...] = ()
    quotes: bool = False
    indicators: tuple[str, ...] = tuple(one.key for one in INDICATORS)
    state_agency: str = field(default="the state agency", validator=filled)
    record_system: str = field(default="the agency's case record", validator=filled)
    improvement_plan: str = field(default="county improvement plan", validator=filled)

    def __attrs_post_init__(self) -> None:
        """Indicators are of both domains, quotas of the service areas; each group has its own meeting."""
        known = [one.key for one in INDICATORS]
        if unknown := [key for key in self.indicators if key not in known]:
            raise ValueError(f"indicators: there is no '{unknown[0]}'; the indicators are {', '.join(known)}")
        if {one.domain for one in INDICATORS if one.key in self.indicators} != {"status", "practice"}:
            raise ValueError("indicators: choose at least one of each domain, status and practice")
        if self.sample.by == "service_area" and set(self.sample.quotas) - set(self.service_areas):
            raise ValueError(f"sample.quotas: the service areas are {', '.join(self.service_areas)}")
        for name in ("key", "meeting"):
            used = [getattr(group, name) for group in self.focus_groups]
            if twice := [one for one in used if used.count(one) > 1]:
                raise ValueError(f"focus_groups: two groups have the {name} '{twice[0]}'; give each its own")
