"""Tables of extracts, made up and real, attacked from what is printed; and engines with a protection off, caught."""

from __future__ import annotations

import csv
import random
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from tests.attacks import planted, scores
from tests.attacks.driver import Agency, Blocked, Counts, Extract, Publication
from tests.attacks.extracts import Layout, Sheet, attack, moved, zero_twins
from tests.attacks.finished import files
from tests.attacks.known import Loss
from tests.attacks.readers import READERS
from tests.attacks.seen import Seen

NESTED = Layout(
    {"clinic": ("North", "South"), "category": ("Women", "Infants", "Children")},
    ("certified", "participating"),
    (
        Sheet("By clinic", "clinic", ("certified", "participating", "rate")),
        Sheet("By category", "clinic", ("participating",), "category"),
    ),
    nested=True,
    rates={"rate": ("participating", "certified", False)},
)
WHOLE = Layout(
    {"clinic": ("North", "South", "West"), "kind": ("New", "Renewal")},
    ("kept", "missed"),
    (
        Sheet("By clinic", "clinic", ("scheduled", "kept", "missed", "missed rate")),
        Sheet("Kept", "clinic", ("kept",), "kind"),
    ),
    whole="scheduled",
    rates={"missed rate": ("kept", "scheduled", True)},
)


def read(publication: Publication) -> Seen:
    """Return a publication as it is read from its finished file."""
    return READERS["json"](files(publication, ("json",))["json"])


def truth(layout: Layout, counts: Counts):
    """Return how many persons of a group are in which part."""

    def of(where, part: int) -> int:
        numbers = counts[tuple(where.values())]
        further = numbers[part + 1] if layout.nested and part + 1 < len(numbers) else 0
        return numbers[part] - further

    return of


def lost(layout: Layout, counts: Counts, seen: Seen, k: int, tried: Counter[str]) -> list[Loss]:
    """Return what is found out from one publication."""
    found, asked = attack(layout, seen, k, 1, truth(layout, counts))
    tried.update(asked)
    return found


def made_up(number: int):
    """Yield layouts with made-up counts: many small, some none."""
    for seed in range(number):
        source = random.Random(seed)
        layout, top = source.choice((NESTED, WHOLE)), source.choice((6, 12, 30, 80))

        def numbers(source=source, layout=layout, top=top) -> tuple[int, ...]:
            two = [source.choice((0, source.randint(0, top), source.randint(0, top))) for _ in range(2)]
            return tuple(sorted(two, reverse=True)) if layout.nested else tuple(two)

        yield layout, {values: numbers() for values in product(*layout.fields.values())}


def test_no_extract_gives_anything_away() -> None:
    """Attacks 2, 3, 5, 6, 8 and 9: if this fails, a printed table with its rates tells of a few clients.

    Who takes it that a zero would be printed, and so that what is withheld is not 0, is wrong where the engine prints
    the very same with a 0 there (attack 5): how often the nearest such extract shows that is recorded.
    """
    tried: Counter[str] = Counter()
    small = out = taken = refuted = 0
    for number, (layout, counts) in enumerate(made_up(600 if scores.deep() else 14)):
        k = {"agency": 5, "state": 11} if number % 2 else {"team": 3}
        given = Extract(layout, Agency(), k).publish(counts)
        for name, publication in given.items():
            seen, out = read(publication), out + 1
            assert lost(layout, counts, seen, k[name], tried) == []
            small += any(0 < n < k[name] for numbers in counts.values() for n in numbers)
        name = next(iter(given))
        seen = read(given[name])
        for twin in zero_twins(layout, seen, k[name], truth(layout, counts), most=2):
            again = Extract(layout, Agency(), k).publish(twin)
            taken, refuted = taken + 1, refuted + (read(again[name]).tables == seen.tables)
    scores.record("extracts", {
        "publications": out, "share that held small cells": round(small / out, 3),
        "numbers tried": dict(sorted(tried.items())), "numbers lost": 0,
        "rule-aware: numbers taken not to be 0": taken, "rule-aware: refuted by the nearest extract with a 0": refuted,
    })  # fmt: skip
    assert small / out >= 0.6
    assert refuted > 0


def test_every_format_of_an_extract_tells_the_same() -> None:
    """Attacks 1 and 2 in every format: if this fails, a file of an extract tells what another withholds."""
    layout, counts = list(made_up(4))[-1]
    publication = Extract(layout, Agency(), {"agency": 5}).publish(counts)["agency"]
    seen = {name: READERS[name](data) for name, data in files(publication, READERS).items()}
    assert any("withheld" in row for table in seen["json"].tables for _, row in table.rows)
    for name, one in seen.items():
        assert one.tables == seen["json"].tables, name
        assert lost(layout, counts, one, 5, Counter()) == []


def test_a_month_told_twice_gives_nobody_away() -> None:
    """Attack 4: if this fails, a month that is restated by a few clients tells of those few."""
    found, planted_found, both, blocked = [], [], 0, 0
    for seed in range(30 if scores.deep() else 6):
        source = random.Random(seed)
        layout, counts = list(made_up(seed + 1))[-1]
        again = {
            values: tuple(sorted((n + source.choice((0, 0, 1, 2, 9)) for n in numbers), reverse=True))
            for values, numbers in counts.items()
        }
        if not layout.nested:
            again = {
                values: tuple(n + source.choice((0, 0, 1, 2, 9)) for n in numbers)
                for values, numbers in counts.items()
            }
        for remembers, losses in ((True, found), (False, planted_found)):
            extract = Extract(layout, Agency(remembers), {"agency": 5})
            first = read(extract.publish(counts)["agency"])
            try:
                second = read(extract.publish(again)["agency"])
            except Blocked:
                blocked += 1
                continue
            now, compared = moved(first, second, layout, 5)
            losses += now
            both += compared
    assert found == []
    assert planted_found
    scores.record("planted: ledger of extracts off", {
        "numbers lost": len(planted_found), "numbers told twice": both, "refused by the real engine": blocked
    })  # fmt: skip


def withheld_alone(publication: Publication, layout: Layout, counts: Counts, k: int) -> Publication:
    """Return the publication by an engine that withholds what is small, and nothing besides."""
    return planted.tallied_primary(publication, layout, truth(layout, counts), k)


def test_an_engine_that_withholds_only_what_is_small_is_caught() -> None:
    """If this fails, the attacker of extracts would find nothing wherever it looks."""
    found: Counter[str] = Counter()
    knowing = caught = 0
    for layout, counts in made_up(12):
        real = Extract(layout, Agency(), {"agency": 5}).publish(counts)["agency"]
        seen = read(withheld_alone(real, layout, counts, 5))
        now = lost(layout, counts, seen, 5, Counter())
        found.update(one.attack for one in now)
        caught += bool(now)
        knowing += len(attack(layout, seen, 5, 1, truth(layout, counts), knows_zeros=True)[0])
    assert min(found[name] for name in ("2 joint", "9 complements", "6 alike")) > 0
    assert knowing > 0
    scores.record("planted: extracts, secondary suppression off", {
        "publications caught": caught, "numbers lost": sum(found.values()), "by attack": dict(sorted(found.items())),
        "numbers lost to who knows the rule": knowing,
    })  # fmt: skip


# -- defects of others -------------------------------------------------------------------------------------------

LINE = Layout({"place": ("A", "B", "C", "D")}, ("n",), (Sheet("Table", "place", ("n",)),))


def test_fifteen_less_ten_and_three() -> None:
    """15 = 10 + 3 + x + x with x of at least 1, a defect of others: if this fails, both are known to be 1.

    With 2 and 0 in place of 1 and 1 the engine prints the very same, so that nobody can take x not to be 0.
    """
    printed = set()
    for rest in ((1, 1), (2, 0), (0, 2)):
        counts = {(place,): (n,) for place, n in zip(LINE.fields["place"], (10, 3, *rest), strict=True)}
        publication = Extract(LINE, Agency(), {"team": 3}).publish(counts)["team"]
        printed.add(read(publication).tables)
        assert lost(LINE, counts, read(publication), 3, Counter()) == []
        wrong = read(withheld_alone(publication, LINE, counts, 3))
        if rest == (1, 1):
            found, _ = attack(LINE, wrong, 3, 1, truth(LINE, counts), knows_zeros=True)
            assert {(one.low, one.high) for one in found} == {(1, 1)}
    assert len(printed) == 1


def test_nine_cells_with_twenty_eight_and_twenty_four_printed() -> None:
    """A row of 28 of whom 24 are printed, a defect of others: if this fails, 28 - 24 gives the 4 that are withheld."""
    layout = Layout(
        {"place": ("A", "B", "C"), "kind": ("X", "Y", "Z")},
        ("n",),
        (Sheet("Table", "place", ("n",), "kind"),),
    )
    rows = ((24, 4, 0), (12, 9, 30), (8, 17, 11))
    counts = {
        (place, kind): (n,)
        for place, row in zip(("A", "B", "C"), rows, strict=True)
        for kind, n in zip(("X", "Y", "Z"), row, strict=True)
    }
    publication = Extract(layout, Agency(), {"agency": 5}).publish(counts)["agency"]
    assert lost(layout, counts, read(publication), 5, Counter()) == []
    wrong = lost(layout, counts, read(withheld_alone(publication, layout, counts, 5)), 5, Counter())
    assert any((one.low, one.high) == (4, 4) for one in wrong)


def test_forty_of_forty_alike() -> None:
    """40 of 40 alike, a defect of others: if this fails, a table tells what every one of a group is."""
    counts = {("North", "New"): (40, 0), ("North", "Renewal"): (30, 25), ("South", "New"): (40, 0),
              ("South", "Renewal"): (22, 0), ("West", "New"): (20, 9), ("West", "Renewal"): (31, 12)}  # fmt: skip
    publication = Extract(WHOLE, Agency(), {"agency": 5}).publish(counts)["agency"]
    assert lost(WHOLE, counts, read(publication), 5, Counter()) == []
    wrong = lost(WHOLE, counts, read(withheld_alone(publication, WHOLE, counts, 5)), 5, Counter())
    assert any(one.attack == "6 alike" for one in wrong)


# -- real inputs -------------------------------------------------------------------------------------------------


def tables_of(fields: dict[str, tuple[str, ...]], pairs: list[tuple[str, str]]) -> Layout:
    """Return the layout of one count crossed by several pairs of fields."""
    return Layout(fields, ("n",), tuple(Sheet(f"By {a} and {b}", a, ("n",), b) for a, b in pairs))


def attacked(name: str, layout: Layout, counts: Counts, k: dict[str, int]) -> None:
    """Publish real counts, attack what is printed, and an engine that withholds only what is small."""
    tried: Counter[str] = Counter()
    given = Extract(layout, Agency(), k).publish(counts)
    wrong = 0
    for audience, publication in given.items():
        seen = read(publication)
        assert lost(layout, counts, seen, k[audience], tried) == []
        wrong += len(
            lost(
                layout,
                counts,
                read(withheld_alone(publication, layout, counts, k[audience])),
                k[audience],
                Counter(),
            )
        )
    cells = [
        cell for table in read(next(iter(given.values()))).tables for _, row in table.rows for cell in row
    ]
    scores.record(f"real: {name}", {
        "publications": len(given), "numbers tried": dict(sorted(tried.items())), "numbers lost": 0,
        "numbers lost by an engine that withholds only what is small": wrong,
        "share of cells printed, widest audience": round(sum(c != "withheld" for c in cells) / len(cells), 3),
    })  # fmt: skip
    assert wrong > 0


@pytest.mark.parametrize("months", [("2019-01", "2024-10")])
def test_wic_by_district_category_and_month(shared: Path, months: tuple[str, ...]) -> None:
    """If this fails, a small district's clients are told of. Thinned: one in sixty takes part."""
    with (shared / "data/wic/vermont_participation.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if row["Geo type"] == "District" and row["Year"] in months
        ]
    source = random.Random(7)
    districts = tuple(sorted({row["Geography"] for row in rows}))[: None if scores.deep() else 5]
    fields = {
        "district": districts, "category": ("Women", "Infants", "Children"), "period": tuple(f"M{m}" for m in months)
    }  # fmt: skip
    counts = dict.fromkeys(product(*fields.values()), (0,))
    for row in rows:
        if row["Geography"] in districts:
            key = row["Geography"], row["Category"], f"M{row['Year']}"
            counts[key] = (sum(source.random() < 1 / 60 for _ in range(int(row["Value"]))),)
    layout = tables_of(fields, [("district", "category"), ("district", "period"), ("category", "period")])
    attacked("WIC by district, category and month", layout, counts, {"agency": 5, "state": 11})


def test_child_welfare_by_county_type_and_worker(shared: Path) -> None:
    """If this fails, a case file's counts tell of a worker's few cases in a county."""
    with (shared / "data/child_welfare/cases.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    with (shared / "data/child_welfare/notes.csv").open(encoding="utf-8", newline="") as file:
        workers = {row["case_id"]: row["author"] for row in csv.DictReader(file)}
    many = [name for name, _ in Counter(workers.values()).most_common(6 if scores.deep() else 4)]
    kept = [(row["intake_county"], row["case_type"], workers.get(row["case_id"], "")) for row in cases]
    kept = [one for one in kept if one[2] in many]
    fields = {
        name: tuple(sorted({one[place] for one in kept}))
        for place, name in enumerate(("county", "type", "worker"))
    }
    found = Counter(kept)
    counts = {values: (found[values],) for values in product(*fields.values())}
    layout = tables_of(fields, [("county", "type"), ("county", "worker"), ("type", "worker")])
    attacked("child welfare by county, type and worker", layout, counts, {"team": 3, "state": 11})
