"""Made-up inputs for the hooks of a review type: counts, roles, dates and publications, and nobody in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from reviewcore.aggregation.plan import AggregationPlan, Measure, Rung, Schema, Tally
from reviewcore.aggregation.values import Month, Tallied, codings, find
from reviewcore.disclosure import tallied, tallytables
from reviewcore.disclosure.publication import (
    Audience,
    Cell,
    Column,
    Publication,
    QuoteList,
    Table,
    TableRow,
    Theme,
    ThemeList,
)
from reviewcore.language import Field
from reviewcore.notification.plan import Milestone, Role
from reviewcore.reviewtype import ReviewType, Source
from reviewcore.selection.plan import Count, Everyone, Frame, SelectionPlan

_WITHHELD = Cell("withheld")


def values(field: Field) -> tuple[str, ...]:
    """Return the values by which a closed field splits, as tables name them; none for an open field."""
    closed = ("true", "false") if field.kind == "flag" else field.choices
    return closed if field.required else (*closed, "")


def frame(source: Source) -> Frame:
    """Return a list of four hundred cases, spread over the declared values."""
    counts = {
        field.name: {value: Count(10, 200) for value in values(field)}
        for field in source.fields
        if field.kind in ("choice", "flag")
    }
    return Frame(source.name, source.fields, Count(400, 400), counts)


def roles(review_type: ReviewType) -> tuple[Role, ...]:
    """Return the roles that the review type declares, each held by some people."""
    return tuple(Role(name, Count(5, 20), ("en",)) for name in review_type.roles)


def dates(review_type: ReviewType) -> tuple[Milestone, ...]:
    """Return a date for every milestone, a week apart, and the two that every review has: event and report."""
    first = datetime(2027, 2, 1, 9)  # noqa: DTZ001  (milestones are in the profile's own zone)
    due = first + timedelta(weeks=52)
    return (
        *(
            Milestone(
                kind.key, kind.words, at := first + timedelta(weeks=week), at + timedelta(hours=2), "Room"
            )
            for week, kind in enumerate(review_type.milestones)
        ),
        Milestone("event", "the event", due - timedelta(weeks=10), due - timedelta(weeks=9)),
        Milestone("report", "report due", due, due),
    )


def publications(
    plan: AggregationPlan, schema: Schema, selection: SelectionPlan | Everyone
) -> Iterator[tuple[str, Publication]]:
    """Yield every kind of publication for every audience, with what it is like.

    Nothing published at all, everything withheld, and everything shown at the finest and at the coarsest
    coding: all of these happen, the first two wherever a review is small.
    """
    strata = selection.strata if isinstance(selection, SelectionPlan) else ()
    audiences: tuple[Audience, ...] = ("team", "agency", "state", "public")
    for audience in audiences:
        yield f"nothing, for {audience}", Publication(audience, 1, ())
        for said, coarse, shown in (
            ("all withheld", False, False),
            ("all shown, fine", False, True),
            ("all shown, coarse", True, True),
        ):
            sampled = tuple((one.name, one.title or one.name) for one in strata)
            tables = [_sample(sampled, shown)] if sampled else []
            tables += [
                table
                for measure in plan.measures
                for split in ("", *measure.splits)
                if (table := _table(measure, split, schema, coarse, shown))
            ]
            tables += [table for tally in plan.tallies for table in _tallied(tally, schema, shown)]
            heard = tuple(
                ThemeList(one.key, one.title, _themes(one.instrument, one.item, schema, shown))
                for one in plan.themes
            )
            words = ("It helped that somebody came when we called.",) if shown else ()
            quoted = tuple(QuoteList(one.key, one.title, words) for one in plan.quotes)
            yield f"{said}, for {audience}", Publication(audience, 1, tuple(tables), heard, quoted)


def _sample(strata: tuple[tuple[str, str], ...], shown: bool) -> Table:
    cell = Cell("count", 40) if shown else _WITHHELD
    rows = tuple(TableRow(key, label, (cell,)) for key, label in (("all", "All cases"), *strata))
    return Table("sample", "Cases reviewed", "codes", (Column("cases", "Cases reviewed"),), rows, "stratum")


def _table(measure: Measure, split: str, schema: Schema, coarse: bool, shown: bool) -> Table | None:
    coded = codings(*find(schema.instruments, measure.instrument, measure.item))
    usable: list[Rung] = [rung for rung in measure.rungs if rung in coded or rung == "band"]
    if not usable:
        return None
    rung = usable[-1 if coarse else 0]
    columns = [Column("rated", "Cases rated")]
    columns += [Column(one.key, one.label) for one in coded.get(rung, ())]
    columns += [Column("band", "Share acceptable")] if rung == "band" else []
    cells = tuple(
        (Cell("band", "some") if column.key == "band" else Cell("count", 20)) if shown else _WITHHELD
        for column in columns
    )
    keys = values(next(field for field in schema.fields if field.name == split)) if split else ("all",)
    rows = tuple(TableRow(key, key or "Not known", cells) for key in keys)
    return Table(
        f"{measure.key}/{split}" if split else measure.key, measure.title, rung, tuple(columns), rows, split
    )


def _tallied(tally: Tally, schema: Schema, shown: bool) -> tuple[Table, ...]:
    """Return the tables of a tally over two months, everybody being as many everywhere."""
    fields = {
        one.name: one for source in schema.extracts if source.name == tally.source for one in source.fields
    }
    used = {name for table in tally.tables for name in (table.rows, table.columns)} - {tally.period, ""}
    targets = dict.fromkeys(
        ("", *(value for name in used for value in fields[name].choices)), (50,) * len(tally.targets)
    )
    periods = ("2027-01", "2027-02") if tally.period else ("",)
    status = next(iter(tally.final), "") if tally.status else ""
    months = tuple(Month(period, status, {}, targets) for period in periods)
    number = 40 if shown else None
    printed = [tallied.Printed(month, defaultdict(lambda: number)) for month in months]
    return tallytables.tables(
        Tallied(tally, tuple(fields[name] for name in sorted(used)), months, 0), printed
    )


def _themes(instrument: str, item: str, schema: Schema, shown: bool) -> tuple[Theme, ...]:
    choices = find(schema.instruments, instrument, item)[1].choices
    return tuple(Theme(choice.code, choice.label) for choice in choices) if shown else ()
