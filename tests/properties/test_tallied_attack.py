"""A state's real table thinned to small counts, through the tallies' door, and attacked from the printed tables alone.

The attacker of `linked_oracle` tries whole numbers until one table agrees; it is told the printed cells by
their row and column, and shares no code with the engine.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from linked_oracle import Oracle

from reviewcore.aggregation.plan import Crosstab, Schema, Tally
from reviewcore.aggregation.tallies import tallied
from reviewcore.disclosure import tallied as door
from reviewcore.disclosure import tallytables
from reviewcore.disclosure.publication import Table
from reviewcore.disclosure.rules import Rules
from reviewcore.language import Field
from reviewcore.reviewtype import Source
from tests.real_input import shared

CATEGORIES = ("Women", "Infants", "Children")
Counts = Mapping[tuple[str, str], int]
K = 5


@frozen
class Group:
    """A printable number as the attacker knows it: its name, and the inner cells that it sums."""

    name: str
    cells: frozenset[int]


@frozen
class Split:
    """A group and its parts, by name."""

    whole: str
    parts: tuple[str, ...]


@frozen
class Known:
    """What the attacker knows of how the tables are made: the true counts are there to judge, not to use."""

    counts: tuple[int, ...]
    quantities: tuple[Group, ...]
    splits: tuple[Split, ...]
    rates: tuple[()] = ()
    told: tuple[()] = ()
    inner: bool = True


def real(month: str, districts: int, skip: int = 0) -> Counts:
    """Return one month of the state's table, for some of its districts."""
    with (shared() / "wic" / "vermont_participation.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Year"] == month and row["Geography"] != "Vermont"]
    names = sorted({row["Geography"] for row in rows})[skip : skip + districts]
    return {
        (row["Geography"], row["Category"]): int(row["Value"]) for row in rows if row["Geography"] in names
    }


def printed(counts: Counts, k: int = K) -> Table:
    """Put counts through the door, and return the table of districts and categories."""
    districts = tuple(sorted({district for district, _ in counts}))
    source = Source(
        "counted",
        (
            Field("clinic", "choice", choices=districts),
            Field("month", "month"),
            Field("category", "choice", choices=CATEGORIES),
            Field("participating", "number"),
        ),
        kind="extract",
    )
    table = Crosstab("table", "Table", "clinic", ("participating",), "category")
    tally = Tally("t", "T", "counted", ("participating",), (table,), period="month")
    rows = [[district, "2027-01", category, count] for (district, category), count in counts.items()]
    made = tallied(tally, Schema((), (), (source,)), {"counted": rows})
    (one,) = tallytables.tables(made, door.protect(made, Rules(k)))
    return one


def leaks(table: Table, counts: Counts, k: int = K) -> list[str]:
    """Attack a printed table by its rows and columns."""
    keys = sorted(counts)
    groups, values = [], {}
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            name = f"{row.key}/{column.key}"
            inside = [
                place
                for place, (district, category) in enumerate(keys)
                if row.key in ("all", district) and column.key in ("all", category)
            ]
            groups.append(Group(name, frozenset(inside)))
            values[name] = int(str(cell.value)) if cell.kind == "count" else None
    rows, columns = [one.key for one in table.rows], [one.key for one in table.columns]
    splits = [Split(f"{row}/all", tuple(f"{row}/{one}" for one in columns if one != "all")) for row in rows]
    splits += [Split(f"all/{one}", tuple(f"{row}/{one}" for row in rows if row != "all")) for one in columns]
    known = Known(tuple(counts[key] for key in keys), tuple(groups), tuple(splits))
    return Oracle(known, values, frozenset(), k, 1).leaks()


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(["2019-01", "2021-10", "2024-10"]), st.integers(0, 10), st.integers(20, 80))
def test_a_real_table_thinned_to_small_counts_gives_nothing_away(month: str, skip: int, by: int) -> None:
    """If this fails, somebody works out from a printed table how many of a small clinic's infants take part."""
    thin = {key: count // by for key, count in real(month, 2, skip).items()}
    assert leaks(printed(thin), thin) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=6, max_size=6))
def test_any_small_table_gives_nothing_away(numbers: list[int]) -> None:
    """If this fails, a table of two small clinics tells of a few people."""
    counts = dict(zip([(d, c) for d in ("North", "South") for c in CATEGORIES], numbers, strict=True))
    assert leaks(printed(counts), counts) == []


@pytest.mark.parametrize("by", [1, 10])
def test_the_real_table_says_nearly_all(by: int) -> None:
    """If this fails, protection withholds what gives nothing away, and a report says less than it may."""
    counts = {key: count // by for key, count in real("2024-10", 12).items()}
    table = printed(counts)
    cells = [cell for row in table.rows for cell in row.cells]
    small = sum(0 < count < K for count in counts.values())
    assert sum(cell.kind == "withheld" for cell in cells) <= 3 * small


def test_planted_offender_a_table_that_withholds_only_what_is_small_is_caught() -> None:
    """If this fails, the attacker above would find nothing wherever it looks."""
    counts = {("North", "Women"): 9, ("North", "Infants"): 3, ("North", "Children"): 20,
              ("South", "Women"): 12, ("South", "Infants"): 8, ("South", "Children"): 15}  # fmt: skip
    whole = printed({key: count + 40 for key, count in counts.items()})
    assert all(cell.kind == "count" for row in whole.rows for cell in row.cells)
    from attrs import evolve

    from reviewcore.disclosure.publication import Cell

    def plain(row: str, column: str) -> Cell:
        n = sum(
            count for (district, category), count in counts.items()
            if row in ("all", district) and column in ("all", category)
        )  # fmt: skip
        return Cell("withheld") if 0 < n < K else Cell("count", n)

    offender = evolve(
        whole,
        rows=tuple(
            evolve(row, cells=tuple(plain(row.key, column.key) for column in whole.columns))
            for row in whole.rows
        ),
    )
    assert any("North/Infants" in one for one in leaks(offender, counts))
