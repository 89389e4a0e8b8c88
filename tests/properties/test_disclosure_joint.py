"""Several splits of one measure side by side, attacked by trying every table (attack 2, nested places)."""

from __future__ import annotations

import random
from itertools import product

from attrs import evolve
from disclosure_made_up import plan, schema
from disclosure_oracle import Attacker
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.aggregation.values import Member, Tabulated
from reviewcore.disclosure import protect, provemeasures
from reviewcore.disclosure.door import publish
from reviewcore.disclosure.publication import Cell
from reviewcore.disclosure.rules import Rules

CODES, GOOD = ("1", "2"), frozenset("2")
CODED = {
    "codes": {c: frozenset(c) for c in CODES},
    "zones": {"low": frozenset("1"), "mid": frozenset("2")},
    "acceptable": {"acceptable": GOOD, "not-acceptable": frozenset("1")},
}
COUNTY = {"g0": "g0", "g1": "g0", "g2": "g1", "g3": "g1"}
"""In which county (split1) each site (split0) lies."""


def review(table):
    """Cases from a table of sites by codes, the last column being those not rated."""
    members, ratings = [], {}
    for site, counts in zip(COUNTY, table, strict=False):
        for code, count in zip((*CODES, None), counts, strict=True):
            for _ in range(count):
                name = f"m{len(members):04}"
                fields = {"split0": site, "split1": COUNTY[site]}
                members.append(Member(name, f"w{len(members)}", "all", fields))
                if code:
                    ratings[name] = code
    return Tabulated(tuple(members), {"q": ratings})


def published(table, k, over, sites, counties):
    rungs = {"q": over, "q/split0": sites, "q/split1": counties}
    inner = review(table)
    return publish(
        "agency", 1, plan(2), schema(4, CODES, 2), inner, Rules(k), rungs, {"all": "All"}
    ).publication


def seen(table, k, over, sites, counties):
    """What every row can be by all three tables together: cases by code, then those not rated."""
    sizes = {site: sum(row) for site, row in zip(COUNTY, table, strict=False)}
    county_sizes = {c: sum(n for site, n in sizes.items() if COUNTY[site] == c) for c in ("g0", "g1")}
    fine = Attacker(CODES, GOOD, CODED, k, [(over, sites, k)], sizes)
    coarse = Attacker(CODES, GOOD, CODED, k, [(over, counties, k)], county_sizes)
    add = lambda rows: tuple(map(sum, zip((0, 0, 0), *rows, strict=True)))  # noqa: E731
    halves = {}
    for county in county_sizes:
        mine = [site for site in sizes if COUNTY[site] == county]
        possible = set(coarse.possible[county])
        every = ((rows, add(rows)) for rows in product(*(fine.possible[site] for site in mine)))
        halves[county] = [(mine, rows, total) for rows, total in every if total in possible]
    pairs = product({total for *_, total in halves["g0"]}, {total for *_, total in halves["g1"]})
    whole = [pair for pair in pairs if coarse._fits(over, "all", add(pair), fine.total, k)]
    found: dict[tuple[str, str], set[tuple[int, ...]]] = {("all", "all"): {add(pair) for pair in whole}}
    for place, (county, half) in enumerate(halves.items()):
        kept = {pair[place] for pair in whole}
        for mine, rows, total in half:
            if total in kept:
                found.setdefault(("county", county), set()).add(total)
                for site, row in zip(mine, rows, strict=True):
                    found.setdefault(("site", site), set()).add(row)
    size = {("all", "all"): fine.total} | {("county", c): n for c, n in county_sizes.items()}
    return found, size | {("site", s): n for s, n in sizes.items()}


def blank(printed):
    """A table with nothing in it."""
    rows = tuple(evolve(row, cells=(Cell("withheld"),) * len(row.cells)) for row in printed.rows)
    return evolve(printed, rows=rows)


def leaks(table, k, publication):
    """Every number that is not printed and that all tables together leave too few values for."""
    over, sites, counties = (publication.table(key) for key in ("q", "q/split0", "q/split1"))
    together, sizes = seen(table, k, over, sites, counties)
    alone, _ = seen(table, k, over, blank(sites), blank(counties))
    shown = {"all": over, "site": sites, "county": counties}
    found = []
    for (kind, row), rows in together.items():
        for place in range(3):
            values, size = {one[place] for one in rows}, sizes[kind, row]
            if set(range(min(k - 1, size) + 1)) <= values or min(values) >= k:
                continue
            alike = [
                n for at, n in sizes.items() if at[0] == kind and {r[place] for r in together[at]} == {0}
            ]
            if values == {0} and sum(alike) >= k:
                continue
            # What the row over all cases tells alone, with the sizes, is its own matter.
            if values == {one[place] for one in alone[kind, row]} and shown[kind] == blank(shown[kind]):
                continue
            found.append(f"{kind} {row} {place}: {sorted(values)}")
    return found


rungs = st.sampled_from(["acceptable", "band", None])
table_of_sites = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 1)), min_size=2, max_size=4
)  # fmt: skip


@settings(max_examples=60)
@given(table_of_sites, st.sampled_from(["acceptable", "band"]), rungs, rungs)
def test_a_site_cannot_be_worked_out_from_its_county(table, over, sites, counties):
    """If this fails, a county's row less its other sites' rows tells of a withheld site."""
    publication = published(table, 3, over, sites, counties)
    assert leaks(table, 3, publication) == []


def lost(tries: int) -> int:
    source = random.Random(11)
    found = 0
    for _ in range(tries):
        table = [[source.randint(0, 6), source.randint(0, 6), source.choice([0, 0, 1])] for _ in range(4)]
        publication = published(table, 3, "acceptable", "acceptable", "acceptable")
        found += bool(leaks(table, 3, publication))
    return found


def test_an_engine_that_looks_at_each_split_alone_is_caught(monkeypatch):
    """If this fails, two splits that are nested give a site away, unnoticed."""
    assert lost(12) == 0
    leak = protect.leak

    def alone(held, *rest):
        found = ""
        for split in {one.split for one in held.said if one.split} or {""}:
            shape = evolve(held.shape, splits=tuple(one for one in held.shape.splits if one[0] == split))
            said = tuple(one for one in held.said if one.split in ("", split))
            found = found or leak(evolve(held, shape=shape, said=said), *rest)
        return found

    monkeypatch.setattr(protect, "leak", alone)
    monkeypatch.setattr(provemeasures, "prove", lambda *_: {"parts": {}})
    assert lost(30) > 0
