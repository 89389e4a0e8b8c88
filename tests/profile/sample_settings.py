"""A review type's settings and a profile that is right, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal

from attrs import field, frozen

from reviewcore.language import Condition
from reviewcore.profile.settings import at_least


@frozen
class Program:
    """A part of the review with its own quota."""

    name: str
    minimum: int = field(validator=at_least(5))
    most: int = 100

    def __attrs_post_init__(self) -> None:
        """Refuse a range that is none."""
        if self.most < self.minimum:
            raise ValueError(f"most: must not be below minimum, {self.minimum} (got {self.most})")


@frozen
class Settings:
    """One setting of every kind that a review type can have."""

    method: Literal["simple", "stratified"]
    anonymous_free_text: bool = True
    quota: int = field(default=5, validator=at_least(1))
    most: int = field(default=9)
    share: float = 0.5
    day: date | None = None
    hour: time = time(9)
    moment: datetime | None = None
    words: tuple[str, ...] = ()
    programs: tuple[Program, ...] = ()
    titles: Mapping[str, str] = field(factory=dict)
    eligible: Condition | None = None

    @most.validator
    def _not_below_quota(self, _: object, value: int) -> None:
        """The most is not below the quota."""
        if value < self.quota:
            raise ValueError(f"must not be below quota, {self.quota}")


GOOD = """\
profile = 1
id = "alder-2027"
type = "visits"
title = "Visit review"

[agency]
id = "alder"
name = "Alder County"
address = "1 Main Street"
contact = "A. Contact"
contact_email = "reviews@alder.example"
contact_phone = "555-0100"
signed_by = "B. Director"
signed_title = "Director"
county = "Alder"
[safety]
name = "C. Safety"
phone = "555-0101"
email = "safety@alder.example"

[calendar]
time_zone = "America/Los_Angeles"
event_start = 2027-03-01
event_end = 2027-03-05
day_start = 09:00:00
day_end = 17:00:00

[meetings.orientation]
date = 2027-02-01
start = 10:00:00
end = 11:00:00
place = "Room 1"

[lists.people]
file = "people.xlsx"

[lists.cases]
file = "cases.xlsx"

[review]
method = "simple"
"""
