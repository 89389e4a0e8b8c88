"""What a review type is shown of the declared data, and what it answers: measures by splits, and themes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import Factory, frozen

from reviewcore.interview.plan import Instrument
from reviewcore.language import Field
from reviewcore.reviewtype import Source

Rung: TypeAlias = Literal["codes", "zones", "acceptable", "band"]


@frozen
class Schema:
    """What may be measured: the declared fields of the cases, the review's own instruments, its extracts."""

    fields: tuple[Field, ...]
    instruments: tuple[Instrument, ...]
    extracts: tuple[Source, ...] = ()


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
class QuoteMeasure:
    """Sentences of a "text" item of group sessions that may be quoted, each once a named person has approved it.

    Ask for quotes only where letters and tools say that words may be quoted without a name.
    """

    key: str
    title: str
    instrument: str
    item: str


@frozen
class Rate:
    """A whole percent: the count `of` in the count `over`, or in the target `over` (an assigned caseload).

    It is shown where both are, and nowhere else: with one of them it would give the other back. With `rest`
    it is the share of those in `over` who are not in `of`, such as the certified who went without benefits.
    """

    key: str
    title: str
    of: str
    over: str
    rest: bool = False


@frozen
class Crosstab:
    """A table of a tally: a row for each value of `rows`, and for all together.

    `rows` and `columns` are fields of the extract, of kind "choice" or, for the tally's `period`, "text".
    Without `columns` each of `shows` (counts, targets and rates, by key) is a column; with `columns` their
    values are, and `shows` is one count or rate.
    """

    key: str
    title: str
    rows: str
    shows: tuple[str, ...]
    columns: str = ""


@frozen
class Tally:
    """Counts of persons from an extract, in tables that are protected together as one.

    `counts` are number fields of persons. `nested`: each is a part of the one before (certified,
    participating, issued); else they are apart and make up a whole, called `whole` (kept and missed make
    up the scheduled). `targets` are number fields of the source `targets_from` that count nobody, such as
    an assigned caseload; they are told as they are. `period` is the month field: each month is a population
    of its own and is never added to another. `status` is the field that says how settled a month's figures
    are, and `final` its values that will not change any more. Tables are of the last month that is final, or
    of the last there is; one whose rows are the period has every month. `titles` heads every count, target
    and whole, by key.
    """

    key: str
    title: str
    source: str
    counts: tuple[str, ...]
    tables: tuple[Crosstab, ...]
    titles: Mapping[str, str] = Factory(dict)
    nested: bool = False
    whole: str = ""
    targets: tuple[str, ...] = ()
    targets_from: str = ""
    rates: tuple[Rate, ...] = ()
    period: str = ""
    status: str = ""
    final: tuple[str, ...] = ()


@frozen
class AggregationPlan:
    """All measures, themes, tallies and quotes of the review."""

    measures: tuple[Measure, ...]
    themes: tuple[ThemeMeasure, ...] = ()
    tallies: tuple[Tally, ...] = ()
    quotes: tuple[QuoteMeasure, ...] = ()
