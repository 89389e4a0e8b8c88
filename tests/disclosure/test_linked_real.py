"""Real counts as linked tables: WIC participation thinned to small counts, and a child-welfare case file."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from itertools import product

import pytest

from reviewcore.disclosure.linked import Cross, LinkedTables, Quantity, Split, certify, checktables, protect


def crossed(cross: Cross, counts) -> LinkedTables:
    """All cells, margins and totals of a cross, with each group split by each further attribute."""
    names = list(cross.attributes)
    quantities, splits = [], []
    for wanted in product(*((None, *values) for values in cross.attributes.values())):
        where = {name: (value,) for name, value in zip(names, wanted, strict=True) if value is not None}
        say = lambda one: " / ".join(value or "all" for value in one)  # noqa: E731
        quantities.append(Quantity(say(wanted), cross.cells(**where)))
        for place, value in enumerate(wanted):
            if value is None:
                parts = [
                    (*wanted[:place], one, *wanted[place + 1 :]) for one in cross.attributes[names[place]]
                ]
                splits.append(Split(say(wanted), tuple(map(say, parts))))
    return LinkedTables(cross.counts(counts), quantities, splits)


def proved(tables: LinkedTables, k: int) -> float:
    """The share of numbers that is printed, once the proof of the rest was accepted."""
    made = protect(tables, k)
    assert checktables.problems(json.loads(certify(tables, made, k))) == []
    assert not any(value is not None and 0 < value < k for value in made.values.values())
    return sum(value is not None for value in made.values.values()) / len(made.values)


@pytest.mark.parametrize(("month", "k"), [("2019-01", 5), ("2024-10", 11)])
def test_wic_by_district_and_category(shared, month, k):
    """If this fails, a small district's clients are told of, or a real table cannot be published."""
    source = random.Random(month)
    counts, districts = Counter(), set()
    with (shared / "data/wic/vermont_participation.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["Year"] == month and row["Geo type"] == "District":
                districts.add(row["Geography"])
                thinned = sum(source.random() < 0.05 for _ in range(int(row["Value"])))
                counts[row["Geography"], row["Category"]] = thinned
    cross = Cross({"district": tuple(sorted(districts)), "category": ("Women", "Infants", "Children")})
    tables = crossed(cross, counts)
    assert sum(0 < count < k for count in tables.counts) >= 3
    assert proved(tables, k) > 0.3


def test_child_welfare_cases_by_county_type_and_status(shared):
    """If this fails, a case file's counts by county, type and status name somebody."""
    with (shared / "data/child_welfare/cases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fields = {"county": "intake_county", "type": "case_type", "status": "case_status"}
    cross = Cross({name: tuple(sorted({row[field] for row in rows})) for name, field in fields.items()})
    counts = Counter(tuple(row[field] for field in fields.values()) for row in rows)
    assert proved(crossed(cross, counts), 11) > 0.3
