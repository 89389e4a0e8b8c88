"""Tallies through the door: what is printed is true, and nothing small is printed or left over."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.aggregation.plan import Crosstab, Rate, Schema, Tally
from reviewcore.aggregation.tallies import problems, tallied
from reviewcore.disclosure import tallied as door
from reviewcore.disclosure import tallytables
from reviewcore.disclosure.publication import Table
from reviewcore.disclosure.rules import Rules
from reviewcore.language import Field
from reviewcore.reviewtype import Source

CLINICS, KINDS = ("North", "South"), ("women", "infants")
COUNTED = Source(
    "counted",
    (
        Field("clinic", "choice", choices=CLINICS),
        Field("month", "month"),
        Field("status", "choice", choices=("issued", "closeout")),
        Field("category", "choice", choices=KINDS),
        Field("certified", "number"),
        Field("participating", "number"),
    ),
    kind="extract",
)
ASSIGNED = Source(
    "assigned", (COUNTED.fields[0], Field("month", "month"), Field("assigned", "number")), kind="extract"
)
TALLY = Tally(
    "caseload", "Caseload", "counted", ("certified", "participating"),
    (
        Crosstab("by-clinic", "By clinic", "clinic", ("assigned", "certified", "participating", "of-assigned", "rate")),
        Crosstab("by-kind", "By kind", "clinic", ("participating",), "category"),
        Crosstab("months", "Months", "month", ("certified", "participating")),
    ),
    nested=True, targets=("assigned",), targets_from="assigned",
    rates=(
        Rate("of-assigned", "Of assigned", "participating", "assigned"),
        Rate("rate", "Rate", "participating", "certified"),
    ),
    period="month", status="status", final=("closeout",),
)  # fmt: skip
SCHEMA = Schema((), (), (COUNTED, ASSIGNED))
MONTHS = (("2027-01", "closeout"), ("2027-02", "closeout"), ("2027-03", "issued"))


@st.composite
def extracts(draw: st.DrawFn) -> dict[str, list[list[str | int]]]:
    """Return the rows of both extracts: often small counts, now and then none or all."""
    rows: list[list[str | int]] = []
    for clinic, (month, status), kind in product(CLINICS, MONTHS, KINDS):
        certified = draw(st.integers(0, 30))
        rows.append([clinic, month, status, kind, certified, draw(st.integers(0, certified))])
    targets: list[list[str | int]] = [[clinic, month, 40] for clinic in CLINICS for month, _ in MONTHS]
    return {"counted": rows, "assigned": targets}


def true_count(rows: list[list[str | int]], column: int, **where: str) -> int:
    """Count by hand: the sum of one column over the rows with these values."""
    places = {"clinic": 0, "month": 1, "category": 3}
    return sum(int(row[column]) for row in rows if all(row[places[k]] == v for k, v in where.items()))


def made(rows: dict[str, list[list[str | int]]], k: int = 5) -> dict[str, Table]:
    """Return the tables of the extracts for an audience, by their keys."""
    counts = tallied(TALLY, SCHEMA, rows)
    return {one.key: one for one in tallytables.tables(counts, door.protect(counts, Rules(k)))}


@settings(max_examples=40, deadline=None)
@given(extracts())
def test_what_is_printed_is_true_and_nothing_small_is_left(rows: dict[str, list[list[str | int]]]) -> None:
    """If this fails, a report states a wrong count, or one that is about a few people."""
    tables, counted = made(rows), rows["counted"]
    for row in tables["by-clinic"].rows:
        where = {} if row.key == "all" else {"clinic": row.key}
        assigned, certified, participating, share, rate = row.cells
        assert assigned.value == (80 if row.key == "all" else 40)
        for cell, column in ((certified, 4), (participating, 5)):
            true = true_count(counted, column, month="2027-02", **where)
            assert cell.kind == "withheld" or cell.value == true
            assert cell.kind == "withheld" or not 0 < true < 5
        both = [int(one.value) for one in (certified, participating) if isinstance(one.value, int)]
        if len(both) == 2:
            assert not 0 < both[0] - both[1] < 5
            assert (
                rate.kind == "none"
                if not both[0]
                else rate.value == (200 * both[1] + both[0]) // (2 * both[0])
            )
        else:
            assert rate.kind == "withheld"
        assert (share.kind == "withheld") == (participating.kind == "withheld")
    for row in tables["by-kind"].rows:
        where = {} if row.key == "all" else {"clinic": row.key}
        for column, cell in zip(("all", *KINDS), row.cells, strict=True):
            more = where if column == "all" else {**where, "category": column}
            true = true_count(counted, 5, month="2027-02", **more)
            assert cell.kind == "withheld" or (cell.value == true and not 0 < true < 5)


@settings(max_examples=30, deadline=None)
@given(extracts())
def test_the_same_number_is_told_or_withheld_in_every_table(rows: dict[str, list[list[str | int]]]) -> None:
    """If this fails, one table of a publication tells what another withholds."""
    tables = made(rows)
    for row in ("all", *CLINICS):
        assert tables["by-clinic"].cell(row, "participating") == tables["by-kind"].cell(row, "all")
    assert tables["by-clinic"].cell("all", "certified") == tables["months"].cell("2027-02", "certified")


@settings(max_examples=30, deadline=None)
@given(extracts())
def test_one_who_knows_more_is_told_nothing_new_by_the_others_report(
    rows: dict[str, list[list[str | int]]],
) -> None:
    """If this fails, the agency works out from the state's report what its own withholds."""
    counts = tallied(TALLY, SCHEMA, rows)
    agency = door.protect(counts, Rules(5))
    state = door.protect(counts, Rules(11), [agency])
    for mine, theirs in zip(agency, state, strict=True):
        told = [name for name, value in theirs.numbers.items() if value is not None]
        assert all(mine.numbers[name] == theirs.numbers[name] for name in told)


def test_tables_are_of_the_last_settled_month_and_say_so() -> None:
    """If this fails, the newest month, which always looks low, stands for the agency."""
    rows = {
        "counted": [[c, m, s, k, 60, 40] for c, (m, s), k in product(CLINICS, MONTHS, KINDS)],
        "assigned": [[c, m, 40] for c in CLINICS for m, _ in MONTHS],
    }
    tables = made(rows)
    assert tables["by-clinic"].title == "By clinic, February 2027 (closeout)"
    assert [row.label for row in tables["months"].rows] == [
        "January 2027 (closeout)", "February 2027 (closeout)", "March 2027 (issued)",
    ]  # fmt: skip
    assert [row.key for row in tables["by-clinic"].rows] == ["all", *CLINICS]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["North", "2027-01", "issued", "women", 9, 4], "2027-01 is both closeout and issued"),
        (["North", "2027-01", "closeout", "infants", 3, 4], "participating is above certified"),
    ],
)
def test_figures_that_cannot_be_are_told_without_a_count(row: list[str | int], told: str) -> None:
    """If this fails, figures that contradict themselves are published, or a message repeats them."""
    rows = {"counted": [["North", "2027-01", "closeout", "women", 9, 4], row], "assigned": []}
    (found,) = problems(TALLY, SCHEMA, rows)
    assert told in found[1]
    assert not {"9", "4", "3"} & set(found[1].replace("2027-01", "").split())
