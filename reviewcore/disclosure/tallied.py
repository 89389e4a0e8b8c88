"""Tallies through the door: all tables of a month are protected as one, and every month by itself.

Counts that are each a part of the one before are taken apart (certified but not participating, and so on),
so that what is left over between two printed counts is protected like a count that is printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from attrs import field, frozen

from reviewcore.aggregation.plan import Crosstab, Tally
from reviewcore.aggregation.values import Month, Tallied
from reviewcore.disclosure.linked import LinkedTables, Quantity, Rate, Split, certify
from reviewcore.disclosure.linked import protect as suppress
from reviewcore.disclosure.rules import Rules
from reviewcore.errors import Blocked
from reviewcore.pace import FREE, Pace

Where = tuple[tuple[str, str], ...]
"""A group: the fields that restrict it, each with its value; empty for everybody."""


@frozen
class Printed:
    """What may be printed of one month: every number by name, None where it is withheld; and the proof."""

    month: Month
    numbers: Mapping[str, int | None]
    certificate: Mapping[str, Any] | None = field(default=None, eq=False, repr=False)

    def count(self, key: str, where: Where) -> int | None:
        """Return a group's count, or None where it is withheld."""
        return self.numbers[number(key, where)]


def protect(
    tallied: Tallied, rules: Rules, wider: Sequence[Sequence[Printed]] = (), pace: Pace = FREE
) -> tuple[Printed, ...]:
    """Return what may be printed of every month of a tally for one audience.

    `wider` is what audiences that know more are told of it. What is withheld from one of them is withheld
    here too: they will hold this publication beside their own, and so learn nothing new from it. `pace` is told how
    far it is; raises Refused when its time is up.
    """
    tally = tallied.tally
    made = []
    for place, month in enumerate(tallied.months):
        tables = [one for one in tally.tables if one.rows == tally.period or place == tallied.at]
        withheld = frozenset(
            name for audience in wider for name, value in audience[place].numbers.items() if value is None
        )
        made.append(_protected(tallied, month, tables, rules, withheld, pace))
    return tuple(made)


def told(key: str, printed: Sequence[Printed]) -> Iterator[tuple[str, int]]:
    """Yield every number of a tally that is told, or follows from two that are, by its name in the ledger."""
    for one in printed:
        for name, count in one.numbers.items():
            if count is not None:
                yield f"{key}|{one.month.period}|{name}", count


def without(
    tallied: Tallied, printed: Sequence[Printed], near: frozenset[str], audience: str
) -> tuple[Printed, ...]:
    """Return what may be printed beside what was told before; `near` are the names that moved by too few.

    A month in which any count did is withheld whole, since its other counts would give that one back. Raises
    Blocked where the tables are of that month.
    """
    key = tallied.tally.key
    moved = [
        any(name in near for name, _ in told(key, [one])) for one in printed
    ]  # of each month, whether a count of it moved by 1 to k-1
    if moved[tallied.at]:
        raise Blocked(
            f"the publication to the audience '{audience}': the figures of {said(printed[tallied.at].month)} were "
            "told before, and some have changed since by fewer people than may be told of. Set side by side the "
            "two would tell about those few. Wait for a month that was not told yet, take the figures as they "
            "were told before, or publish to a narrower audience whose rules allow a change of this size; "
            "nothing was published"
        )
    return tuple(
        Printed(one.month, dict.fromkeys(one.numbers)) if few else one
        for one, few in zip(printed, moved, strict=True)
    )


def _protected(
    tallied: Tallied,
    month: Month,
    tables: Sequence[Crosstab],
    rules: Rules,
    withheld: frozenset[str],
    pace: Pace,
) -> Printed:
    tally = tallied.tally
    parts = range(len(tally.counts))
    none = (0,) * len(parts)
    cells = [(key, part) for key in product(*(one.choices for one in tallied.by)) for part in parts]
    counts = [_part(tally, month.counts.get(key, none), part) for key, part in cells]
    told = _told(tallied, tables)
    sums = {name: (wanted, weight) for name, wanted, weight in _sums(tally)}
    quantities = []
    for name, where in told:
        wanted, weight = sums[name]
        of = [at for at, (key, part) in enumerate(cells) if part in wanted and _within(tallied, key, where)]
        quantities.append(Quantity(number(name, where), frozenset(of), weight))
    rates = [
        Rate(number(f"{rate.key}%", where), number(rate.of, where), number(rate.over, where))
        for rate in tally.rates
        for where in dict.fromkeys(where for _, where in told)
        if {(rate.of, where), (rate.over, where)} <= told.keys()
    ]
    linked = LinkedTables(counts, quantities, tuple(dict.fromkeys(_splits(tallied, tables, told))), rates)

    def tell(doing: str, left: int) -> None:
        pace.at(f"{tally.title}{f', {month.period}' if month.period else ''}", left, doing)

    made = suppress(linked, rules.k, rules.t, withheld=withheld, seconds=pace.seconds(), progress=tell)
    # Raises Refused where anything is left unproved.
    proof = certify(linked, made, rules.k, rules.t, seconds=pace.seconds(), progress=tell)
    return Printed(month, made.values, json.loads(proof))


def _part(tally: Tally, counts: tuple[int, ...], part: int) -> int:
    """Return how many are in one part: of nested counts, those who are in this one and in none further in."""
    further = counts[part + 1] if tally.nested and part + 1 < len(counts) else 0
    return counts[part] - further


def _sums(tally: Tally) -> Iterator[tuple[str, frozenset[int], float]]:
    """Yield every number that a group can have: its name, the parts that make it up, how much it matters.

    What is left of a count beside the next is never shown; it is there to be protected.
    """
    parts = range(len(tally.counts))
    for place, name in enumerate(tally.counts):
        yield name, frozenset(parts[place:] if tally.nested else {place}), 1.0
    if tally.nested:
        for place in parts[:-1]:
            yield _left(tally.counts[place + 1]), frozenset({place}), 0.1
    elif tally.whole:
        yield tally.whole, frozenset(parts), 2.0


def _left(name: str) -> str:
    return f"not {name}"


def _told(tallied: Tallied, tables: Sequence[Crosstab]) -> dict[tuple[str, Where], None]:
    """Return every number that the tables tell, or that follows from two that they do: its name and its group."""
    tally = tallied.tally
    rates = {rate.key: (rate.of, rate.over) for rate in tally.rates}
    told: dict[tuple[str, Where], None] = {}
    for table in tables:
        names = [name for key in table.shows for name in rates.get(key, (key,)) if name not in tally.targets]
        told |= {(name, where): None for where in _groups(tallied, table) for name in names}
    for wider, name in pairwise(tally.counts) if tally.nested else ():
        for where in dict.fromkeys(where for _, where in told):
            if {(wider, where), (name, where)} <= told.keys():
                told[_left(name), where] = None
    return told


def _splits(
    tallied: Tallied, tables: Sequence[Crosstab], told: Mapping[tuple[str, Where], None]
) -> Iterator[Split]:
    """Yield what nobody may learn of a group: that (nearly) all of it are in one part."""
    tally = tallied.tally
    for where in dict.fromkeys(where for _, where in told):
        for wider, name in pairwise(tally.counts) if tally.nested else ():
            if (_left(name), where) in told:
                yield Split(number(wider, where), (number(name, where), number(_left(name), where)))
        if tally.whole and (tally.whole, where) in told:
            parts = tuple(number(name, where) for name in tally.counts if (name, where) in told)
            yield Split(number(tally.whole, where), parts)
    for table in tables:
        for by in (one for one in tallied.by if one.name in (table.rows, table.columns)):
            # A field with one value parts nobody from anybody.
            for name, where in told if len(by.choices) > 1 else ():
                if by.name in dict(where) or {f for f, _ in where} - {table.rows, table.columns}:
                    continue
                values = [tuple(sorted((*where, (by.name, value)))) for value in by.choices]
                if all((name, one) in told for one in values):
                    yield Split(number(name, where), tuple(number(name, one) for one in values))


def _groups(tallied: Tallied, table: Crosstab) -> list[Where]:
    """Return every group that a table tells of: its rows, its columns, all of them crossed."""
    fields = {one.name: one for one in tallied.by}
    rows: list[Where] = [()]
    for name in (table.rows, table.columns):
        if name in fields:
            rows += [(*row, (name, value)) for row in list(rows) for value in fields[name].choices]
    return [tuple(sorted(row)) for row in rows]


def _within(tallied: Tallied, key: tuple[str, ...], where: Where) -> bool:
    at = {one.name: value for one, value in zip(tallied.by, key, strict=True)}
    return all(at[name] == value for name, value in where)


def part(tally: Tally, month: Month) -> str:
    """Return what the part of a certificate is called that proves a month of a tally."""
    return f"{tally.key} {month.period}"


def number(key: str, where: Where) -> str:
    """Return what a number of a group is called in the ledger and in the certificate."""
    return "|".join((key, *(f"{name}={value}" for name, value in where)))


def said(month: Month) -> str:
    """Return a month as people say it, with its status."""
    from datetime import date

    year, which = map(int, month.period.split("-"))
    text = f"{date(year, which, 1):%B} {year}"
    return f"{text} ({month.status})" if month.status else text
