"""Shares of all cases of the list, estimated: each drawn case counted by its weight, beside the plain shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reviewcore.aggregation.plan import Measure
from reviewcore.disclosure.lines import Printed
from reviewcore.disclosure.protect import Family
from reviewcore.disclosure.publication import Cell, Column, Table, TableRow
from reviewcore.disclosure.sample import HIDDEN
from reviewcore.disclosure.shape import ALL

KEY = "shares"
FEW = 30
"""An estimate from fewer cases is marked unreliable."""
UNRELIABLE, RELIABLE = "unreliable", "thirty or more"
COLUMNS = (
    Column("rated", "Cases rated"),
    Column("plain", "Acceptable, each case counted once"),
    Column("weighted", "Acceptable, weighted"),
    Column("step", "Weighted: rounded to percents of"),
    Column("behind", "Cases behind it"),
)


def shares(
    measures: Sequence[Measure],
    families: Mapping[str, Family],
    made: Mapping[str, Mapping[str, Printed]],
) -> Iterator[Table]:
    """Yield one table with every measure whose share may be told weighted, or none where there is no such measure."""
    rows = [
        TableRow(one.key, one.title, _row(families[one.key], made[one.key][""]))
        for one in measures
        if families[one.key].weights and "acceptable" in families[one.key].coded
    ]
    if rows:
        title = "Shares of all cases of the list, estimated"
        yield Table(KEY, title, "shares", COLUMNS, tuple(rows), head="What was rated")


def _row(family: Family, printed: Printed) -> tuple[Cell, ...]:
    line, group = printed.lines[ALL], family.everybody
    rated = Cell("count", group.rated) if line.rated else HIDDEN
    if line.weighted is None:
        return rated, HIDDEN, HIDDEN, HIDDEN, HIDDEN
    codes, percent, step = line.weighted
    return (
        rated,
        Cell("percent", plain(group.count(codes), group.rated)),
        Cell("percent", percent),
        Cell("number", step),
        Cell("band", behind(group.rated)),
    )


def plain(part: int, whole: int) -> int:
    """Return a share in whole percents, half a percent rounded up.

    >>> plain(1, 200), plain(1, 3)
    (1, 33)
    """
    return (200 * part + whole) // (2 * whole)


def behind(cases: int) -> str:
    """Return how many cases are behind an estimate, in words."""
    return UNRELIABLE if cases < FEW else RELIABLE
