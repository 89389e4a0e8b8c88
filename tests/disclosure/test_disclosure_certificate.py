"""The certificate of a publication of cases: about this publication, from what is printed alone, checked alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from copy import deepcopy
from itertools import product
from pathlib import Path

import pytest
from attrs import evolve

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema
from reviewcore.aggregation.values import Member, Tabulated
from reviewcore.disclosure import protect, provemeasures
from reviewcore.disclosure.bound import unbound
from reviewcore.disclosure.door import Told, publish
from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.certificate import Unproved, written
from reviewcore.disclosure.publication import Cell
from reviewcore.disclosure.rules import Rules
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section
from reviewcore.language import Compare, Field

SCALE = Scale("s", (Code("1", "No"), Code("2", "Yes")), ("2",), ())
OPEN, NEVER = ("does not apply",), ()


def review(
    tables: dict[str, list[list[int]]],
    rung: str = "acceptable",
    k: int = 5,
    when: str = "",
    split: bool = True,
) -> Told:
    """A review of some measures, each as rows by (not acceptable, acceptable, not rated); the first row is "a"."""
    asks = Compare("site", "is", "a") if when else None
    items = tuple(
        Item(key, key, scale="s", not_applicable=OPEN, when=asks if key == when else None) for key in tables
    )
    sites = tuple("abc"[: len(next(iter(tables.values())))])
    schema = Schema(
        (Field("site", "choice", "the site", sites),),
        (Instrument("t", "T", "1", "team", (Section("S", items),), (SCALE,)),),
    )
    plan = AggregationPlan(tuple(Measure(key, key, "t", key, ("site",) if split else ()) for key in tables))
    sizes = [sum(row) for row in next(iter(tables.values()))]
    members = [
        Member(f"{site}{i:03}", f"w{site}{i}", site, {"site": site})
        for site, size in zip(sites, sizes, strict=True)
        for i in range(size)
    ]
    ratings: dict[str, dict[str, str]] = {}
    for key, table in tables.items():
        codes = [c for row in table for c, n in zip(("1", "2", ""), row, strict=True) for _ in range(n)]
        ratings[key] = {m.key: code for m, code in zip(members, codes, strict=True) if code}
    rungs = {name: rung for key in tables for name in (key, f"{key}/site")}
    strata = {site: site for site in sites}
    return publish("agency", 1, plan, schema, Tabulated(tuple(members), ratings), Rules(k), rungs, strata)


def said(told: Told, table: str) -> list[list[str]]:
    """The cells of a table as they are printed."""
    return [[str(cell) for cell in row.cells] for row in told.publication.table(table).rows]


@pytest.mark.parametrize("rung", ["acceptable", "band"])
def test_a_certificate_is_checked_by_one_file_in_an_empty_folder(tmp_path, rung):
    """If this fails, a third party cannot check a publication of cases without the engine that made it."""
    told = review({"q": [[9, 12, 0], [8, 7, 0]], "r": [[15, 4, 2], [2, 12, 1]]}, rung)
    (tmp_path / "checktables.py").write_bytes(Path(checktables.__file__).read_bytes())
    (tmp_path / "certificate.json").write_bytes(written(told.certificate))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "checktables.py", "certificate.json"], cwd=tmp_path, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("proved: ")
    assert unbound(told.publication, told.certificate) == []


def test_two_truths_with_one_output_have_one_certificate():
    """If this fails, the proof itself tells which of the withheld answers, or of the sizes, are the small ones."""
    alike: dict[str, set[bytes]] = defaultdict(set)
    for good, bad, size in product((0, 1, 6, 9), (0, 2, 7), (1, 3, 9)):
        table = [[bad, good, 0], [size // 2, size - size // 2, 0], [6, 7, 1]]
        for rung in ("acceptable", "band"):
            told = review({"q": table, "r": [[row[1], row[0], row[2]] for row in table]}, rung, 3)
            alike[repr(told.publication)].add(written(told.certificate))
    assert len(alike) > 20
    assert sum(len(one) > 1 for one in alike.values()) == 0
    assert len(alike) < 4 * 3 * 3 * 2  # several truths did have one output


def test_a_changed_cell_is_not_what_the_certificate_is_about():
    """If this fails, a right certificate is put beside other tables (attack 15)."""
    told = review({"q": [[9, 12, 0], [8, 7, 0]]})
    table = told.publication.table("q/site")
    for row, column in product((0, 1), (0, 1, 2)):
        for cell in (Cell("count", 99), Cell("withheld")):
            rows = list(table.rows)
            cells = list(rows[row].cells)
            assert cells[column] != cell
            cells[column] = cell
            rows[row] = evolve(rows[row], cells=tuple(cells))
            tables = tuple(evolve(t, rows=tuple(rows)) if t is table else t for t in told.publication.tables)
            assert len(unbound(evolve(told.publication, tables=tables), told.certificate)) == 1
    weaker = deepcopy(dict(told.certificate))
    weaker["parts"]["q"]["t"] = 0
    assert unbound(told.publication, weaker)


def test_what_is_printed_beyond_doubt_gets_no_certificate(monkeypatch):
    """If this fails, an engine that prints what it must not still gets its publication out."""
    table = {"q": [[9, 12, 0], [8, 2, 0]]}
    assert said(review(table), "q/site")[1][1:] != ["8", "2"]
    monkeypatch.setattr(protect, "leak", lambda *_: "")
    monkeypatch.setattr(protect, "may_tell_counts", lambda *_: True)
    monkeypatch.setattr(provemeasures, "_silenced", lambda *_: False)
    with pytest.raises(Unproved):
        review(table)


def test_who_is_not_asked_does_not_hide_who_was_not_rated():
    """If this fails, 20 less 12 rated seem 8 not rated, and are 7 who were not asked and the 1 who was."""
    told = review({"q": [[6, 6, 1], [0, 0, 7]], "r": [[7, 6, 0], [3, 4, 0]]}, when="q", split=False)
    assert said(told, "sample") == [["20"], ["13"], ["7"]]
    assert said(told, "q") == [["withheld", "withheld"]]
    alike = review({"q": [[7, 6, 0], [0, 0, 7]], "r": [[7, 6, 0], [3, 4, 0]]}, when="q", split=False)
    assert said(alike, "q") == [["13", "6", "7"]]


def test_a_size_that_is_withheld_is_not_told_by_two_measures_together():
    """If this fails, one measure tells one site's size, another another's, and the third follows from the total."""
    told = review({"q": [[8, 9, 0], [0, 0, 15], [0, 0, 3]], "r": [[0, 0, 17], [7, 8, 0], [0, 0, 3]]})
    rows = [cells[0] for cells in said(told, "sample")]
    assert rows[0] == "35"
    assert rows[3] == "withheld"
    hidden = [i for i in (1, 2, 3) if rows[i] == "withheld"]
    assert len(hidden) > 1
    for key in ("q/site", "r/site"):
        assert all(set(said(told, key)[i - 1]) == {"withheld"} for i in hidden)


def test_every_way_in_which_insiders_can_have_answered_is_tried():
    """If this fails, which rows are shown depends on whether somebody is there to be protected, and so tells it."""
    shown = {
        repr(said(review({"q": [[bad, 10 - bad, 0]]}, "band", 5, split=False), "q")) for bad in range(11)
    }
    assert shown == {"[['10', 'withheld']]"}  # 5 of 10: who has one of the 5 would know of 4 others
    assert all(
        said(review({"q": [[bad, 11 - bad, 0]]}, "band", 5, split=False), "q")[0][1] != "withheld"
        for bad in range(12)
    )


def test_a_publication_of_many_measures_is_proved_within_its_budget():
    """If this fails, a review of usual size cannot be published, or not proved."""
    tables = {f"q{i}": [[7 + i % 5, 14 - i % 5, 0], [9 - i % 4, 11 + i % 4, 0]] for i in range(40)}
    told = review(tables)
    assert unbound(told.publication, told.certificate) == []
    assert checktables.problems(json.loads(written(told.certificate))) == []
