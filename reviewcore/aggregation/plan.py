"""What a review type is shown of the declared data, and what it answers: measures by splits, and themes."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from reviewcore.interview.plan import Instrument
from reviewcore.language import Field

Rung: TypeAlias = Literal["codes", "zones", "acceptable", "band"]


@frozen
class Schema:
    """What may be measured: the declared fields of the source, and the review's own instruments."""

    fields: tuple[Field, ...]
    instruments: tuple[Instrument, ...]


@frozen
class Measure:
    """One rated item, counted over all cases and within each value of every field in `splits`.

    `rungs` are the codings that make sense for it, finest first. The core fixes one of them for each
    audience and table from the planned sample and that audience's rules, before any answer is seen.
    Not-applicable answers are out of the denominator.
    """

    key: str
    title: str
    instrument: str
    item: str
    splits: tuple[str, ...] = ()
    rungs: tuple[Rung, ...] = ("codes", "zones", "acceptable", "band")


@frozen
class ThemeMeasure:
    """A closed list of themes, coded by people in a "many" item. Themes carry no counts of persons."""

    key: str
    title: str
    instrument: str
    item: str


@frozen
class AggregationPlan:
    """All measures and themes of the review."""

    measures: tuple[Measure, ...]
    themes: tuple[ThemeMeasure, ...] = ()
