"""Makes publications for the attackers, through the engine's own stages.

A made-up agency has one ledger, and each of its reviews a log, in memory; answers come in, are frozen and published,
and the finished files are what attackers are given.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from attrs import define, evolve, field

from reviewcore.aggregation import stage
from reviewcore.aggregation.plan import AggregationPlan, Crosstab, Measure, Rate, Schema, Tally, ThemeMeasure
from reviewcore.aggregation.values import Tabulated, Weights
from reviewcore.disclosure.publication import AUDIENCES, Publication
from reviewcore.disclosure.stage import protect_and_publish, publications
from reviewcore.errors import Blocked, Refused
from reviewcore.interview.plan import Code, Instrument, InterviewPlan, Item, Scale, Section, SessionKind, Zone
from reviewcore.language import Compare, Field
from reviewcore.profile.settings import AudienceRules, Audiences
from reviewcore.reviewtype import Source
from reviewcore.store.keys import Key
from reviewcore.store.ledger import Ledger
from reviewcore.store.ledger import tables as ledger_tables
from reviewcore.store.log import Log, table
from reviewcore.store.records import Records
from tests.attacks.design import THEMES, Case, Design, good, zones

__all__ = ["Agency", "Blocked", "Counts", "Extract", "Publication", "Refused", "Review"]

STRATA = {"all": "All"}


def database(tables: Any, owner: Any) -> Any:
    """Return an engine of a database in memory with these tables, put away with its owner."""
    import sqlalchemy as sa

    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    tables.create_all(engine)
    weakref.finalize(owner, engine.dispose)
    return engine


def log_of(name: str, owner: Any) -> Log:
    """Return an empty log of a review."""
    clock = lambda: datetime(2027, 3, 1, tzinfo=UTC)  # noqa: E731
    return Log(database(table().metadata, owner), "alder", name, clock, "tests")


@define
class Agency:
    """An agency with its ledger. Without `remembers` each publication has a new one."""

    remembers: bool = True
    reviews: int = 0
    _ledger: Ledger | None = None

    def ledger(self) -> Ledger:
        """Return the agency's ledger; where it is not to remember, an empty one."""
        if self._ledger is None or not self.remembers:
            engine = database(ledger_tables()[0].metadata, self)
            self._ledger = Ledger(engine, "alder", Key(b"k" * 32))
        return self._ledger


@define
class Review:
    """One review of an agency: its cases come back one after the other, and are published as they stand.

    `frozen` are the cases, with their answers, that its last publication counts; `audiences` are those published to.
    """

    agency: Agency
    design: Design
    records: Records = field(init=False)
    answered: dict[str, Case] = field(factory=dict)
    cases: dict[str, Case] = field(factory=dict)
    frozen: dict[str, Case] = field(factory=dict)
    audiences: tuple[str, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.agency.reviews += 1
        name = f"r{self.agency.reviews}"
        log = log_of(name, self)
        self.records = Records(Path(), log, Key(b"k" * 32), lambda text: ())
        self.audiences = tuple(name for name in AUDIENCES if name in self.design.k)
        body = {"planned": 0, "by_stratum": {}, "rungs": self.design.rungs}
        log.append("aggregation.planned", body)

    # -- what happens -------------------------------------------------------------------------------------

    def draw(self, cases: Collection[Case]) -> None:
        """Take cases into the review, or out of it those that are no longer among `cases`."""
        self.cases = {one.key: one for one in cases}
        rows = [
            {"case": one.key, "worker": one.worker, "unit": "u", "family": one.key, "member": one.key, "stratum": "all",
             "fields": dict(one.values)}
            for one in cases
        ]  # fmt: skip
        log = self.records.log
        sessions = [{"token": f"T{r['case']}", "case": r["case"], "worker": r["worker"]} for r in rows]
        log.append_all(
            [
                ("selection.committed", {"quotas": {"all": len(rows)}, "rows": rows}),
                ("interview.scheduled", {"sessions": sessions}),
            ]
        )

    def answer(self, cases: Collection[Case]) -> None:
        """Take in the completed tools of some cases; said again with other codes, they are corrected."""
        self.records.log.append_all(("interview.answered", self._tool(one)) for one in cases)
        self.answered |= {one.key: one for one in cases}

    def _tool(self, one: Case) -> dict[str, Any]:
        answers: dict[str, Any] = {item: code for item, code in one.codes.items() if code}
        return {"token": f"T{one.key}", "instrument": "tool", "version": "1", "sha256": "0",
                "answers": {**answers, "heard": list(one.themes)}, "not_applicable": {}}  # fmt: skip

    def publish(self, freeze: bool = True) -> dict[str, Publication]:
        """Publish to the audiences; return what went out now. Raises Blocked or Refused where the engine does.

        Answers are frozen as they stand, or, not to `freeze`, left as they were at the last publication.
        """
        design, plan, schema = self.design, *self._planned()
        profile = SimpleNamespace(
            type="pqcr", audiences=_audiences({one: design.k[one] for one in self.audiences})
        )
        tools = InterviewPlan(schema.instruments, (SessionKind("case", "Case", 60, "tool"),))
        before = {one: len(self._out(one)) for one in self.audiences}
        if freeze:
            seq = (last := self.records.log.last("aggregation.frozen")) and last.seq
            stage.freeze(self.records, profile, plan, tools)
            if (now := self.records.log.last("aggregation.frozen")) and now.seq != seq:
                self.frozen = {token[1:]: self.answered[token[1:]] for token in (now.body or {})["tokens"]}
        inner = stage.inner_cells(self.records, plan, tools)
        if design.weights:
            of = {key: int(one.weight) for key, one in self.cases.items()}
            inner = evolve(inner, weights=Weights(of, tuple(map(int, design.weights))))
        protect_and_publish(self.records, self.agency.ledger(), profile, plan, schema, inner, STRATA)
        return {one: out[-1] for one in self.audiences if len(out := self._out(one)) > before[one]}

    def _out(self, audience: str) -> tuple[Publication, ...]:
        return publications(self.records.log, audience)

    def _planned(self) -> tuple[AggregationPlan, Schema]:
        design = self.design
        scales = tuple(
            Scale(
                key, tuple(Code(c, f"Level {c}") for c in codes), good(codes),
                tuple(Zone(name, inside) for name, inside in zones(codes).items()),
            )
            for key, codes in design.items.items()
        )  # fmt: skip
        asked = {key: Compare(split, "is", value) for key, (split, value) in design.applies.items()}
        items = [
            Item(key, key, scale=key, not_applicable=("no",), when=asked.get(key)) for key in design.items
        ]
        heard = Item("heard", "Themes", "many", choices=tuple(Code(one, one.title()) for one in THEMES))
        tool = Instrument("tool", "Tool", "1", "review team", (Section("S", (*items, heard)),), scales)
        fields = tuple(Field(name, "choice", choices=values) for name, values in design.splits.items())
        measures = tuple(Measure(key, key, "tool", key, design.tables[key]) for key in design.items)
        themes = (ThemeMeasure("heard", "What was heard", "tool", "heard"),)
        return AggregationPlan(measures, themes), Schema(fields, (tool,))


def _audiences(k: Mapping[str, int]) -> Audiences:
    return Audiences(**{
        name: AudienceRules(publish=name in k, k=k.get(name)) for name in AUDIENCES
    })  # fmt: skip


# -- extracts -------------------------------------------------------------------------------------------------

Counts = Mapping[tuple[str, ...], tuple[int, ...]]
"""By the values of the fields: each count of the extract, of nested ones the widest first."""


@define
class Extract:
    """An extract of one month with its tables, as `extracts.Layout` describes them, published again and again."""

    layout: Any
    agency: Agency
    k: Mapping[str, int]
    name: str = "counted"
    before: dict[str, Publication] = field(factory=dict)

    def publish(self, counts: Counts) -> dict[str, Publication]:
        """Publish the counts to every audience; raises Blocked or Refused where the engine does."""
        from reviewcore.aggregation.tallies import tallied

        layout = self.layout
        source = Source(
            self.name,
            (
                Field("month", "month"),
                *(Field(name, "choice", choices=values) for name, values in layout.fields.items()),
                *(Field(name, "number") for name in layout.counts),
            ),
            kind="extract",
        )
        tally = Tally(
            "tally", "Tally", self.name, layout.counts,
            tuple(Crosstab(one.title, one.title, one.rows, one.shows, one.columns) for one in layout.sheets),
            nested=layout.nested, whole=layout.whole, period="month",
            rates=tuple(Rate(key, key, *rate) for key, rate in layout.rates.items()),
        )  # fmt: skip
        rows = [["2027-01", *values, *numbers] for values, numbers in counts.items()]
        schema, plan = Schema((), (), (source,)), AggregationPlan((), (), (tally,))
        made = tallied(tally, schema, {self.name: rows})
        self.agency.reviews += 1
        review = f"e{self.agency.reviews}"
        log = log_of(review, self)
        log.append("aggregation.planned", {"rungs": {name: {} for name in self.k}})
        log.append("aggregation.frozen", {"tokens": []})
        records = Records(Path(), log, Key(b"k" * 32), lambda text: ())
        profile = SimpleNamespace(type="caseload", audiences=_audiences(self.k))
        inner = Tabulated((), {})
        protect_and_publish(records, self.agency.ledger(), profile, plan, schema, inner, {}, (made,))
        return {name: publications(log, name)[-1] for name in AUDIENCES if name in self.k}


# -- engines with one protection off ---------------------------------------------------------------------------


def engine_without_insiders(monkeypatch: Any) -> None:
    """Let the engine take it that nobody knows cases of their own, and that one worker behind a figure is enough."""
    from reviewcore.disclosure import stage as publishing
    from reviewcore.disclosure.rules import Rules

    monkeypatch.setattr(publishing, "Rules", lambda k: Rules(k, 0, 1))


def engine_that_forgets_bands(monkeypatch: Any) -> None:
    """Let the engine remember of earlier publications the counts alone."""
    from reviewcore.disclosure.earlier import Earlier

    held = Earlier.of

    def counted(earlier: Earlier, key: str) -> Any:
        one = held(earlier, key)
        said = tuple(row for row in one.said if all(low == high for _, low, high in row.spans)) if one else ()
        return one and evolve(one, said=said)

    monkeypatch.setattr(Earlier, "of", counted)


def engine_without_applicability(monkeypatch: Any) -> None:
    """Let the engine take it that whatever is asked of some cases only is asked of all."""
    from reviewcore.disclosure import families

    monkeypatch.setattr(families, "population", lambda *_: "")
    monkeypatch.setattr(families, "asked", lambda *_: True)


def engine_without_weights(monkeypatch: Any) -> None:
    """Let the engine take it that a weighted share tells no more than the counts beside it."""
    from reviewcore.disclosure.model import Problem

    monkeypatch.setattr(Problem, "_weigh", lambda *_: [])


def certified(counts: tuple[int, ...]) -> tuple[bytes, dict[str, int], Any]:
    """Return the certificate of a table of two rows and three columns, its true numbers by name, and the verifier."""
    from reviewcore.disclosure.linked import LinkedTables, Quantity, certify, checktables, protect

    rows, columns = ({0, 1, 2}, {3, 4, 5}), ({0, 3}, {1, 4}, {2, 5})
    groups = {"all": set(range(6)), **{f"row {n}": one for n, one in enumerate(rows)}}
    groups |= {f"column {n}": one for n, one in enumerate(columns)} | {f"cell {n}": {n} for n in range(6)}
    tables = LinkedTables(counts, tuple(Quantity(name, cells) for name, cells in groups.items()))
    truth = {name: sum(counts[cell] for cell in cells) for name, cells in groups.items()}
    return certify(tables, protect(tables, 4), 4), truth, checktables.problems
