"""What a review type is shown of the case list, and what it answers: the sampling plan."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, frozen

from reviewcore.language import Condition, Field


@frozen
class Count:
    """A number of persons or cases, as exact as the one who is told may know it: from `low` to `high`."""

    low: int
    high: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


@frozen
class Frame:
    """The list that is drawn from, as a plugin sees it: counts by the declared fields, small ones banded.

    `counts[field][value]` covers the closed fields of the source (kind "choice" or "flag").
    """

    source: str
    fields: tuple[Field, ...]
    total: Count
    counts: Mapping[str, Mapping[str, Count]] = Factory(dict)


@frozen
class Stratum:
    """A part of the frame with its own quota. A case is in the first stratum whose `where` is true of it."""

    name: str
    quota: int
    where: Condition | None = None
    title: str = ""


@frozen
class Group:
    """A focus group: `size` people, drawn from all who hold `role` on the people list (QSR-4).

    `alternates` more are drawn in order, for those who decline. Where no more than `size` hold the role,
    all of them are asked. Nobody is drawn for two groups: an earlier one goes first. `meeting` is the
    milestone at which the group meets.
    """

    key: str
    title: str
    role: str
    size: int
    meeting: str
    alternates: int = 0


@frozen
class SelectionPlan:
    """Draw `quota` cases of every stratum, at most `per_worker` of any one worker (PQCR-4 asks for 1).

    Cases for which `eligible` is not true are left out before the draw, and counted by reason. `groups`
    are drawn with the same seed. With `fresh_alternates` each batch of replacements is drawn from new dice,
    and not by the numbers that are known.
    """

    strata: tuple[Stratum, ...]
    eligible: Condition | None = None
    per_worker: int = 1
    source: str = "cases"
    groups: tuple[Group, ...] = ()
    fresh_alternates: bool = False

    def quotas(self) -> dict[str, int]:
        """Return the quota of every stratum by its name, in the plan's order."""
        return {stratum.name: stratum.quota for stratum in self.strata}


@frozen
class Everyone:
    """No draw: everybody in one of these roles takes part, at one `meeting`, a milestone (CAS-1)."""

    roles: tuple[str, ...]
    meeting: str
