"""Small made-up reviews for the tests of the door."""

from __future__ import annotations

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema
from reviewcore.aggregation.values import Member, Tabulated
from reviewcore.disclosure.door import publish
from reviewcore.disclosure.rules import Rules
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section, Zone
from reviewcore.language import Field

CODES = ("1", "2", "3")
GOOD = frozenset({"2", "3"})
CODED = {
    "codes": {c: frozenset({c}) for c in CODES},
    "zones": {"low": frozenset("1"), "mid": frozenset("2"), "high": frozenset("3")},
    "acceptable": {"acceptable": GOOD, "not-acceptable": frozenset({"1"})},
}


def schema(rows: int, codes: tuple[str, ...] = CODES, splits: int = 1) -> Schema:
    """One item on one scale, and fields with so many values."""
    good = tuple(c for c in codes if c != "1")
    scale = Scale("s", tuple(Code(c, f"Level {c}") for c in codes), good,
                  tuple(Zone(n, (c,)) for n, c in zip(("low", "mid", "high"), codes, strict=False)))  # fmt: skip
    item = Item("q", "How was it?", scale="s", not_applicable=("does not apply",))
    tool = Instrument("tool", "Tool", "1", "review team", (Section("S", (item,)),), (scale,))
    names = tuple(f"g{i}" for i in range(rows))
    return Schema(tuple(Field(f"split{i}", "choice", choices=names) for i in range(splits)), (tool,))


def plan(splits: int = 1) -> AggregationPlan:
    """One measure with so many splits."""
    return AggregationPlan((Measure("q", "Q", "tool", "q", tuple(f"split{i}" for i in range(splits))),))


def tabulated(table: list[list[int]], codes: tuple[str, ...] = CODES, per_worker: int = 1) -> Tabulated:
    """Cases from a table of rows by codes, the last column being those not rated."""
    members, ratings = [], {}
    for row, counts in enumerate(table):
        for code, count in zip((*codes, None), counts, strict=True):
            for _ in range(count):
                number = len(members)
                members.append(
                    Member(f"m{number:04}", f"w{number // per_worker}", "all", {"split0": f"g{row}"})
                )
                if code:
                    ratings[members[-1].key] = code
    return Tabulated(tuple(members), {"q": ratings})


def told(inner: Tabulated, rows: int, k: int, over, split, codes=CODES, t: int = 1, wider=()):
    """What goes through the door for one measure with the given rungs."""
    return publish(
        "state" if wider else "agency", 1, plan(), schema(rows, codes), inner, Rules(k, t),
        {"q": over, "q/split0": split}, {"all": "All"}, wider=wider,
    )  # fmt: skip


def published(inner: Tabulated, rows: int, k: int, over, split, codes=CODES, t: int = 1):
    """The publication of one measure with the given rungs."""
    return told(inner, rows, k, over, split, codes, t).publication
