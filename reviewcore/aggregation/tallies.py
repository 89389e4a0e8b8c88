"""Tallies of extracts: each month's counts by the fields that any table uses. Nothing here is fit to go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from reviewcore.aggregation.plan import Schema, Tally
from reviewcore.aggregation.values import Month, Tallied
from reviewcore.language import Field
from reviewcore.reviewtype import Source

Rows: TypeAlias = Sequence[Sequence[str | int]]
"""An extract's rows as the log keeps them: what a row counts for, then its counts, in the fields' order."""


def tallied(tally: Tally, schema: Schema, extracts: Mapping[str, Rows]) -> Tallied:
    """Return the counts of a tally, month by month; `problems` must have found nothing wrong with them."""
    source = _source(schema, tally.source)
    keys, counted = _parted(source)
    used = {name for table in tally.tables for name in (table.rows, table.columns)} - {tally.period, ""}
    by = tuple(one for one in keys if one.name in used)
    places = [_place(keys, one.name) for one in by]
    takes = [len(keys) + _place(counted, name) for name in tally.counts]
    found: dict[str, dict[tuple[str, ...], list[int]]] = {}
    status: dict[str, str] = {}
    for row in extracts[tally.source]:
        period = str(row[_place(keys, tally.period)]) if tally.period else ""
        status[period] = str(row[_place(keys, tally.status)]) if tally.status else ""
        sums = found.setdefault(period, {}).setdefault(tuple(str(row[p]) for p in places), [0] * len(takes))
        for number, take in enumerate(takes):
            sums[number] += int(row[take])
    targets = _targets(tally, schema, extracts)
    months = tuple(
        Month(
            period,
            status[period],
            {key: tuple(n) for key, n in sorted(counts.items())},
            targets.get(period, {}),
        )
        for period, counts in sorted(found.items())
    )
    final = [place for place, month in enumerate(months) if month.status in tally.final]
    return Tallied(tally, by, months, final[-1] if final else len(months) - 1)


def problems(tally: Tally, schema: Schema, extracts: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    """Yield the list and what is wrong with its figures, in words that repeat no count."""
    keys, counted = _parted(_source(schema, tally.source))
    takes = [(name, len(keys) + _place(counted, name)) for name in tally.counts]
    rows = extracts[tally.source]
    if not rows:
        yield tally.source, "the extract has no rows"
    for row in rows if tally.nested else ():
        for (wider, first), (name, second) in pairwise(takes):
            if int(row[second]) > int(row[first]):
                where = ", ".join(str(one) for one in row[: len(keys)])
                yield (
                    tally.source,
                    f"{where}: {name} is above {wider}, and can only be a part of it; correct either",
                )
    if tally.status:
        period, status = _place(keys, tally.period), _place(keys, tally.status)
        said: dict[str, set[str]] = {}
        for row in rows:
            said.setdefault(str(row[period]), set()).add(str(row[status]))
        for month, statuses in sorted(said.items()):
            if len(statuses) > 1:
                yield (
                    tally.source,
                    f"{month} is both {' and '.join(sorted(statuses))}; a month has one status",
                )


def _targets(
    tally: Tally, schema: Schema, extracts: Mapping[str, Rows]
) -> dict[str, dict[str, tuple[int, ...]]]:
    if not tally.targets:
        return {}
    keys, counted = _parted(_source(schema, tally.targets_from))
    takes = [len(keys) + _place(counted, name) for name in tally.targets]
    of = next(place for place, one in enumerate(keys) if one.name != tally.period)
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for row in extracts[tally.targets_from]:
        period = str(row[_place(keys, tally.period)]) if tally.period in [one.name for one in keys] else ""
        for value in (str(row[of]), ""):
            before = found.setdefault(period, {}).get(value, (0,) * len(takes))
            found[period][value] = tuple(a + int(row[take]) for a, take in zip(before, takes, strict=True))
    return found


def _source(schema: Schema, name: str) -> Source:
    return next(one for one in schema.extracts if one.name == name)


def _parted(source: Source) -> tuple[list[Field], list[Field]]:
    """Return the fields that say what a row counts for, and those of its counts."""
    return [one for one in source.fields if one.kind != "number"], [
        one for one in source.fields if one.kind == "number"
    ]


def _place(fields: Sequence[Field], name: str) -> int:
    return [one.name for one in fields].index(name)
