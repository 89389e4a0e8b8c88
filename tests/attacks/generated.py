"""Generated reviews of the shipped types, of any size, through the engine's stages: what there is to tell at each size.

It uses the engine, as `driver` does.
"""

from __future__ import annotations

from pathlib import Path

from attrs import asdict

from reviewcore import Review
from reviewcore.aggregation import stage
from reviewcore.aggregation.plan import Schema
from reviewcore.aggregation.values import find
from reviewcore.demo import cedar, county
from reviewcore.demo.answers import fill_in
from reviewcore.disclosure.publication import Publication
from reviewcore.disclosure.stage import protect_and_publish, publications
from reviewcore.profile.new import new
from reviewcore.store.keys import Key
from reviewcore.store.records import Records
from tests.attacks.driver import Agency, log_of
from tests.attacks.useful import ASKED

KINDS = {
    "qsr": (
        "qsr-cedar",
        lambda: cedar.make(cases=900).cases,
        "setting",
        {"in-home": 0.4, "out-of-home": 0.6},
    ),
    "pqcr": (
        "pqcr-alder",
        lambda: county.make(cases=900).cases,
        "program",
        {"child-welfare": 0.5, "probation": 0.5},
    ),
}
"""Of each type: its profile, its made-up cases, the field by which its sample is drawn, and each value's share."""


def themes_of(opened: Review) -> int:
    """Return how many themes a review could be told to have heard: the codes of all its codebooks."""
    tools = opened.plugins.interview(opened.profile.settings).instruments
    fields = tuple(field for source in opened.type.of_kind("cases") for field in source.fields)
    schema = Schema(fields, tools, opened.type.of_kind("extract"))
    books = opened.plugins.aggregation(schema, opened.profile.settings).themes
    return sum(len(find(tools, one.instrument, one.item)[1].choices) for one in books)


def review(
    kind: str, size: int, folder: Path
) -> tuple[dict[str, Publication], dict[str, dict[str, int]], int]:
    """Return what each audience is told of so many cases, how often items were rated, how many themes there are.

    Each case has a worker of its own, as the draw's cap has it; the tools are filled in as in the demos.
    """
    profile, made, by, shares = KINDS[kind]
    new(folder / "review", profile, values={"lists.people.control_total": 1, "lists.cases.control_total": 1})
    opened = Review.open(folder / "review", keys=folder / "keys")
    plan = opened.plugins.interview(opened.profile.settings)
    fields = opened.type.cases().fields
    schema = Schema(tuple(fields), plan.instruments, ())
    measures = opened.plugins.aggregation(schema, opened.profile.settings)
    agency = Agency()
    records = Records(folder, log_of("generated", agency), Key(b"k" * 32), lambda text: ())
    rows, quotas = [], {name: round(size * share) for name, share in shares.items()}
    for name, number in quotas.items():
        for one in [case for case in made() if getattr(case, by) == name][:number]:
            have = asdict(one)
            value = {f.name: (have[f.name] == "yes" if f.kind == "flag" else have[f.name]) for f in fields}
            at = f"{len(rows):03}"
            rows.append({"case": at, "worker": f"w{at}", "unit": "u", "family": at, "member": at, "stratum": name,
                         "fields": value})  # fmt: skip
    log = records.log
    log.append("selection.committed", {"quotas": quotas, "rows": rows})
    stage.plan(records, opened.profile, measures, schema)
    (tool,) = [one for one in plan.sessions if one.of == "case"][:1]
    tools = {one.key: one for one in plan.instruments}
    log.append("interview.scheduled", {
        "sessions": [{"token": r["case"], "case": r["case"], "worker": r["worker"], "supervisor": None} for r in rows],
        "gatherings": [],
    })  # fmt: skip
    said = []
    rated: dict[str, dict[str, int]] = {}
    for row in rows:
        filled = fill_in(tools[tool.instrument], row["fields"], f"{kind}{row['case']}")
        body = {"token": row["case"], "instrument": tool.instrument, "version": "1", "sha256": "0",
                "answers": {k: list(v) if isinstance(v, tuple) else v for k, v in filled.answers.items()},
                "not_applicable": dict(filled.not_applicable)}  # fmt: skip
        said.append(("interview.answered", body))
        for item in filled.answers:
            for value in ("", row["stratum"]):
                rated.setdefault(item, {}).setdefault(value, 0)
                rated[item][value] += 1
        for item in (*filled.answers, *filled.not_applicable):
            rated.setdefault(item, {}).setdefault(ASKED, 0)
            rated[item][ASKED] += 1
    log.append_all(said)
    stage.freeze(records, opened.profile, measures, plan)
    inner = stage.inner_cells(records, measures, plan)
    protect_and_publish(
        records, agency.ledger(), opened.profile, measures, schema, inner, dict.fromkeys(quotas, "S")
    )
    return (
        {name: publications(log, name)[-1] for name in opened.profile.audiences.published()},
        rated,
        themes_of(opened),
    )


def rated_in(folder: Path) -> tuple[dict[str, dict[str, int]], int]:
    """Return how often each item was rated and asked in a finished review, and how many themes there are."""
    found: dict[str, dict[str, int]] = {}
    opened = Review.open(folder / "review", keys=folder / "keys")
    for event in opened.records.log.events("interview.answered"):
        body = event.body or {}
        for item in (*body["answers"], *body["not_applicable"]):
            of = found.setdefault(item, {"": 0, ASKED: 0})
            of[ASKED] += 1
            of[""] += item in body["answers"]
    return found, themes_of(opened)


def indicators(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the items of each indicator, by its key; what sums a domain up is none."""
    if kind == "qsr":
        from reviewcore_qsr.indicators import INDICATORS

        return {one.key: tuple(map(one.item_key, one.ratings)) for one in INDICATORS}
    return {}
