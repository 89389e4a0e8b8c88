"""Extracts: counts are read as they stand, and whatever is wrong with them is told row by row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_input import shared

from reviewcore.errors import BadInput
from reviewcore.language import Field
from reviewcore.profile.settings import List
from reviewcore.register.extracts import read_extract
from reviewcore.reviewtype import Source

SOURCE = Source(
    "participation",
    (
        Field("clinic", "choice", "clinic", ("North", "South"), setting="clinics"),
        Field("month", "month", "month"),
        Field("category", "choice", "category", ("women", "infants")),
        Field("participating", "number", "participating"),
    ),
    kind="extract",
)
HEAD = "Level,Clinic,Month,Category,Participating"
LISTED = List("extract.csv", totals=("State",))


def problems(folder: Path, *rows: str, listing: List = LISTED) -> list[str]:
    """Return what is wrong with an extract, each with its place; an empty list when nothing is."""
    path = folder / "extract.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    try:
        read_extract(path, listing, SOURCE)
    except BadInput as error:
        return [str(one) for one in error.problems]
    return []


WHOLE = ("clinic,North,2027-03,women,12", "clinic,South,2027-03,women,9", "state,State,2027-03,women,21")


def test_totals_are_checked_and_left_out(tmp_path: Path) -> None:
    """If this fails, a state's total is counted once more beside its clinics."""
    path = tmp_path / "extract.csv"
    path.write_text("\n".join((HEAD, *WHOLE)) + "\n", encoding="utf-8")
    rows = read_extract(path, LISTED, SOURCE)
    assert [(one.place, one.key, one.counts) for one in rows] == [
        (2, ("North", "2027-03", "women"), (12,)),
        (3, ("South", "2027-03", "women"), (9,)),
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ("state,State,2027-03,women,22",),
            "row 4: column 'Participating': the total is 22, and its 2 parts",
        ),
        (("state,North,2027-03,infants,3",), "row 4: column 'Level': the row is labelled as a total, but"),
        (("clinic,State,2027-03,women,21",), "row 4: column 'Level': the row is labelled as a part, but"),
        (
            ("clinic,North,03/2027,women,12",),
            "row 4: column 'Category': the same clinic and month and category",
        ),
        (
            ("clinic,North,2027-03,womin,1",),
            "row 4: column 'Category': expected one of: women, infants; did you mean 'women'?",
        ),
        (("clinic,North,2027-03,infants,-1",), "row 4: column 'Participating': a count is a whole number, 0"),
        (("clinic,North,2027-03,infants,1.5",), "row 4: column 'Participating': expected a whole number"),
        (("clinic,North,2027-13,infants,1",), "row 4: column 'Month': expected a month"),
        (("clinic,North,2027-04,women,1",), "row 4: column 'Clinic': 2027-04 has no row for South"),
        (("clinic,North,2027-03,infants,",), "row 4: column 'Participating': blank, but every row needs it"),
    ],
)
def test_every_fault_is_told_at_its_row(tmp_path: Path, rows: tuple[str, ...], told: str) -> None:
    """If this fails, dirt in an extract goes into the tables, or nobody can find it."""
    assert not problems(tmp_path, *WHOLE)
    found = problems(tmp_path, *WHOLE[:2], *rows)
    assert len(found) == 1
    assert told in found[0]


def test_rows_of_totals_that_the_profile_does_not_know_are_told_as_such(tmp_path: Path) -> None:
    """If this fails, whoever has totals in an extract is asked to make a clinic of the state."""
    [said] = problems(tmp_path, *WHOLE[:2], "state,State,2027-03,women,21", listing=List("extract.csv"))
    assert said.endswith("where it is a row of totals, name its word in totals, under [lists.participation]")
    assert "totals" not in problems(tmp_path, *WHOLE, "clinic,Noth,2027-03,infants,1")[0]


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), st.integers(-3, 3))
def test_a_total_is_right_or_told(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], off: int
) -> None:
    """If this fails, a total that is off by a few passes for the sum of its parts."""
    made = [
        f"clinic,{clinic},2027-03,{category},{counts.pop()}"
        for clinic in ("North", "South")
        for category in ("women", "infants")
    ]
    total = sum(int(row.rpartition(",")[2]) for row in made if ",women," in row)
    found = problems(tmp_path_factory.mktemp("x"), *made, f"state,State,2027-03,women,{max(0, total + off)}")
    assert bool(found) == (max(0, total + off) != total)


def test_the_real_table_tells_its_dirt() -> None:
    """If this fails, what is known to be wrong in a state's published table is swallowed."""
    path = shared() / "wic" / "vermont_participation.csv"
    with path.open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    districts = tuple(sorted({row["Geography"] for row in raw} - {"Vermont"}))
    _, month, _, count = SOURCE.fields
    source = Source(
        "participation",
        (
            Field("clinic", "choice", "district", districts, setting="clinics"),
            month,
            Field("category", "choice", "category", ("Women", "Infants", "Children")),
            count,
        ),
        kind="extract",
    )
    columns = {"clinic": "Geography", "month": "Year", "category": "Category", "participating": "Value",
               "level": "Geo type"}  # fmt: skip
    with pytest.raises(BadInput) as caught:
        read_extract(path, List("x.csv", columns, totals=("State", "Vermont")), source)
    told = [str(one) for one in caught.value.problems]
    mislabelled = [
        number
        for number, row in enumerate(raw, start=2)
        if row["Geo type"] == "State" and row["Geography"] != "Vermont"
    ]
    assert len(mislabelled) == 13
    wrong = {431: "2118, and its 12 parts add up to 1918", 561: "1923, and its 12 parts add up to 1914",
             769: "6659, and its 12 parts add up to 6614"}  # fmt: skip
    assert len(told) == len(mislabelled) + len(wrong)
    assert all(any(f"row {number}: column 'Geo type'" in one for one in told) for number in mislabelled)
    assert all(
        any(f"row {number}: " in one and what in one for one in told) for number, what in wrong.items()
    )
