"""What a California guideline for publishing health and human-services data says of each table: advice alone.

The Data De-Identification Guidelines of the state's Health and Human Services Agency give a table points for what
parts its people, and say from which score on small counts must be withheld. Here they are withheld whatever the
score, so nothing that is published looks at this.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from attrs import frozen

from reviewcore.aggregation.plan import AggregationPlan, Crosstab, Schema
from reviewcore.aggregation.rungs import Planned, fix_tables
from reviewcore.aggregation.values import Tallied, codings, find
from reviewcore.errors import Problem
from reviewcore.profile.settings import Score, ScoredField

PLACES = ("residence", "service")
"""What a field can be that is scored in place of the county, and does not count among the fields that part people."""


@frozen
class Points:
    """What something adds to a score, and how it is said."""

    said: str
    points: int


@cache
def guideline() -> Mapping[str, Any]:
    """Return the guideline's points."""
    file = resources.files("reviewcore.aggregation") / "data" / "calhhs.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def scored(
    events: int, time: str, population: int, parts: Sequence[tuple[str, Points]]
) -> tuple[Points, ...]:
    """Return the points of a table, in the order in which they are said.

    `events` is its smallest count, `time` and `population` as in the profile, and `parts` what each field that
    parts its people is, with its points. A field that is a place is scored in place of the county.
    """
    points = guideline()
    place = [found for is_a, found in parts if is_a in PLACES]
    others = [found for is_a, found in parts if is_a not in PLACES]
    parted = _of(points["parted"], len(others)) if others else _of(points["alone"], events)
    where = place or [_of(points["fields"]["residence"], population)]
    return (_of(points["events"], events), _of(points["time"], time), *where, *others, parted)


def of_field(field: ScoredField) -> Points:
    """Return the points of a field of which the profile says what it is; `problems` must have found nothing."""
    return _of(guideline()["fields"][field.is_a], field.group or field.smallest or 0)


def problems(score: Score, plan: AggregationPlan) -> Iterator[Problem]:
    """Yield what is wrong with the profile's words about the fields by which results are split."""
    used = {split for measure in plan.measures for split in measure.splits}
    used |= {
        name for tally in plan.tallies for one in tally.tables for name in (one.rows, one.columns) if name
    }
    for name, field in score.fields.items():
        where = f"review.toml: score.fields.{name}"
        rows = guideline()["fields"][field.is_a]["rows"]
        names = ", ".join(f"'{row['name']}'" for row in rows if "name" in row)
        numbers = any("least" in row for row in rows)
        if name not in used:
            yield Problem(where, f"no result is split by it; results are split by {', '.join(sorted(used))}")
        elif field.group and f"'{field.group}'" not in names.split(", "):
            yield Problem(where, f"group: expected {f'one of {names}' if names else 'none; give smallest'}")
        elif not field.group and (field.smallest is None or not numbers):
            yield Problem(where, "give smallest, a number" if numbers else f"give group, one of {names}")


def advice(
    score: Score,
    plan: AggregationPlan,
    schema: Schema,
    planned: Planned,
    tallies: Sequence[Tallied],
    k: Mapping[str, int],
) -> Iterator[str]:
    """Yield for each audience how the guideline scores each kind of table that it will see anything of.

    `k` gives each published audience's. Of cases the smallest count is taken to be below 11, since anything can
    be answered by few; of extracts it is what they hold.
    """
    said: dict[str, None] = {}
    for audience, least in k.items():
        for split in _splits(plan, schema, planned, least):
            parts = [_part(score, split, len(planned.by_split[split]))] if split else []
            over = f"by {split.replace('_', ' ')}" if split else "over all cases"
            said[f"{audience}, tables {over}: {_told(scored(0, score.time, score.population, parts))}"] = None
        for one in tallies:
            for table in one.tally.tables:
                by = {field.name: len(field.choices) for field in one.by}
                names = [name for name in (table.rows, table.columns) if name in by]
                parts = [_part(score, name, by[name]) for name in names]
                if score.enrolled:
                    parts.append(("enrolled", of_field(ScoredField("enrolled", score.enrolled))))
                time = "month" if one.tally.period else score.time
                told = _told(scored(_smallest(one, table), time, score.population, parts))
                said[f"{audience}, {table.title}: {told}"] = None
    yield from said
    if said:
        most = guideline()["most"]
        yield (
            f"CalHHS guideline: a table of up to {most} points could go out as it is; from {most + 1} on, and of "
            "people known to child welfare or the courts at any score, its counts below 11 must be withheld. Wider "
            "groups, places and times have fewer points. This is advice: here small counts are withheld at any score"
        )


def _told(points: Iterable[Points]) -> str:
    every = tuple(points)
    parts = "; ".join(f"{one.said} {one.points:+d}" for one in every if one.points)
    total = sum(one.points for one in every)
    high = total > guideline()["most"]
    verdict = "its small counts must be withheld" if high else "by its score it could go out as it is"
    return f"CalHHS score {total}, {verdict} ({parts})"


def _splits(plan: AggregationPlan, schema: Schema, planned: Planned, k: int) -> list[str]:
    """Return by what the tables are split that show anything under k; "" for those over all cases."""
    found: dict[str, None] = {}
    for measure in plan.measures:
        coded = codings(*find(schema.instruments, measure.instrument, measure.item))
        for table, rung in fix_tables(measure, coded, planned, k).items():
            if rung:
                found[table.partition("/")[2]] = None
    return list(found)


def _part(score: Score, name: str, groups: int) -> tuple[str, Points]:
    if name in score.fields:
        field = score.fields[name]
        found = of_field(field)
        return field.is_a, Points(f"{name.replace('_', ' ')}: {found.said}", found.points)
    found = _of(guideline()["groups"], groups)
    return "groups", Points(f"{name.replace('_', ' ')}: {found.said}", found.points)


def _smallest(tallied: Tallied, table: Crosstab) -> int:
    """Return the smallest count but 0 that the table would have if nothing were withheld."""
    at = [place for place, one in enumerate(tallied.by) if one.name in (table.rows, table.columns)]
    every = table.rows == tallied.tally.period
    counts: list[int] = []
    for month in tallied.months if every else tallied.months[tallied.at : tallied.at + 1]:
        sums: dict[tuple[str, ...], list[int]] = {}
        for key, found in month.counts.items():
            row = sums.setdefault(tuple(key[place] for place in at), [0] * len(found))
            for number, count in enumerate(found):
                row[number] += count
        counts += [count for row in sums.values() for count in row if count]
    return min(counts, default=0)


def _of(table: Mapping[str, Any], what: int | str) -> Points:
    """Return the points of a row: the one of that name, or the last that begins at the number or below."""
    rows = [
        row
        for row in table["rows"]
        if (row.get("name") == what if isinstance(what, str) else "least" in row and row["least"] <= what)
    ]
    return Points(table["words"].format(rows[-1]["words"]), rows[-1]["points"])
