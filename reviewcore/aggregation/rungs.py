"""Which coding each table gets, fixed from the planned sample and the rules before any answer is seen.

Choosing the finest coding that happens to pass would itself tell something about the answers, so the
choice looks at the quotas, the case list and k only (disclosure.md section 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import frozen

from reviewcore.aggregation.plan import Measure, Rung
from reviewcore.aggregation.values import Coding, bands
from reviewcore.language import Value

PER_CATEGORY = 5
"""Planned cases per category, in units of k, from which a coding is likely to print rather than to withhold."""


@frozen
class Planned:
    """The planned sample: how many cases in all, and expected in each value of each split."""

    total: int
    by_split: Mapping[str, Mapping[str, int]]


def needed(categories: int, k: int) -> int:
    """Return the planned cases that a coding with so many categories needs."""
    return PER_CATEGORY * categories * k


def expected(
    rows: Iterable[tuple[str, Mapping[str, Value]]], quotas: Mapping[str, int], split: str
) -> dict[str, int]:
    """Return how many cases of each value of `split` the draw is planned to give, rounded down.

    `rows` are the eligible cases of the list as (stratum, fields). Within a stratum every case has the
    same chance, so a value is expected to get its share of the quota; where the stratum determines the
    value that is the quota itself.
    """
    listed: dict[str, int] = {}
    having: dict[tuple[str, str], int] = {}
    for stratum, fields in rows:
        value = as_text(fields.get(split))
        listed[stratum] = listed.get(stratum, 0) + 1
        having[stratum, value] = having.get((stratum, value), 0) + 1
    sums: dict[str, Fraction] = {}
    for (stratum, value), count in sorted(having.items()):
        sums[value] = sums.get(value, Fraction(0)) + Fraction(quotas.get(stratum, 0) * count, listed[stratum])
    return {value: int(found) for value, found in sums.items()}


def as_text(value: Value) -> str:
    """Return a field's value as the key of a row: "" where it is not known."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def fix(measure: Measure, coded: Mapping[Rung, Coding], n: int, k: int) -> Rung | None:
    """Return the finest of the measure's rungs that `n` planned cases carry under k, or None.

    A coding of c categories needs 5 c k cases: an even spread then gives each five times what may be
    shown. A band needs room for at least two bands.
    """
    for rung in measure.rungs:
        if rung == "band":
            if "acceptable" in coded and bands(n, k):
                return "band"
        elif rung in coded and n >= needed(len(coded[rung]), k):
            return rung
    return None


def fix_tables(
    measure: Measure, coded: Mapping[Rung, Coding], planned: Planned, k: int
) -> dict[str, Rung | None]:
    """Return the rung of each table of one measure, by the table's key.

    A split's table has one coding for all its rows. The smallest group that can show anything at all
    (more than 2k planned cases) decides; smaller groups are withheld as rows and would only cost the others.
    """
    tables: dict[str, Rung | None] = {measure.key: fix(measure, coded, planned.total, k)}
    for split in measure.splits:
        sizes = [n for n in planned.by_split.get(split, {}).values() if n > 2 * k]
        tables[f"{measure.key}/{split}"] = fix(measure, coded, min(sizes), k) if sizes else None
    return tables
