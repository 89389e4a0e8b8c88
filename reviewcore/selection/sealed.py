"""Sealing and drawing as values: what is committed to, and what follows from the seed. Nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.language import Field
from reviewcore.selection import casedraw, groups, seedrule
from reviewcore.selection.draw import Draw, Entry, draw
from reviewcore.selection.feasible import infeasible
from reviewcore.selection.frame import Framed, frame, problems
from reviewcore.selection.plan import SelectionPlan
from reviewcore.selection.seedrule import SeedRule
from reviewcore.selection.values import FrameRow

Body: TypeAlias = Mapping[str, Any]

HASHED = ("spec", "root", "sizes", "plan_hash", "key_commitment", "seed_rule", "time", "earlier")
"""What the commitment is the digest of (docs/casedraw.md)."""

SIZES = (
    "listed",
    "eligible",
    "excluded",
    "by_stratum",
    "workers_by_stratum",
    "control_total",
    "control_source",
)
"""What the digest of the sizes is of; the last two where the agency gave its own count."""


def drawable(rows: Iterable[FrameRow], plan: SelectionPlan, fields: Mapping[str, Field]) -> Framed:
    """Return the list as it can be drawn from, `fields` being the declared ones of its source.

    Raises BadInput for a plan that cannot be meant, and Refused for quotas that cannot be filled and for a case
    that is listed twice.
    """
    if wrong := problems(plan, fields):
        raise BadInput(Problem("selection plan", said) for said in wrong)
    framed = frame(rows, plan, fields)
    if short := infeasible(framed.entries, plan.quotas(), plan.per_worker):
        raise Refused(f"{short}. Nothing was sealed, and no dice are needed yet")
    return framed


def seal(
    rows: Sequence[Body],
    plan: Mapping[str, casedraw.Json],
    sizes: Mapping[str, casedraw.Json],
    blinding: casedraw.Blinding,
    rule: SeedRule,
    at: datetime,
    earlier: Sequence[str],
    gathered: Sequence[Body] = (),
    lines: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the commitment to a list, with all that it is made of.

    A row has the pseudonyms `case`, `worker` and `unit`, and a `stratum`; whatever else it has is kept.
    `gathered` are the focus groups as `groups.seal` gives them, `lines` the rows' leaves where they are known.
    Raises ValueError where a line stands on the list twice.
    """
    root = casedraw.root(lines or leaves(rows))
    return {**head(root, plan, sizes, blinding, rule, at, earlier, gathered), "rows": list(rows)}


def head(
    root: str,
    plan: Mapping[str, casedraw.Json],
    sizes: Mapping[str, casedraw.Json],
    blinding: casedraw.Blinding,
    rule: SeedRule,
    at: datetime,
    earlier: Sequence[str] = (),
    gathered: Sequence[Body] = (),
) -> dict[str, Any]:
    """Return the commitment to a list with this root, as `seal` does, without the rows."""
    salt = blinding.salt("sizes", root)
    body: dict[str, Any] = {
        "spec": casedraw.SPEC,
        "root": root,
        "sizes": casedraw.sizes(salt, sizes),
        "plan_hash": casedraw.plan_hash(plan),
        "key_commitment": blinding.commitment(),
        "seed_rule": str(rule),
        "time": casedraw.utc(at),
        "earlier": list(earlier),
    } | ({"groups": list(gathered)} if gathered else {})
    commitment = casedraw.commitment(hashed(body))
    return {**body, **sizes, "commitment": commitment, "sizes_salt": salt, "plan": plan}


def hashed(committed: Body) -> dict[str, casedraw.Json]:
    """Return the fields that the commitment is the digest of."""
    fields = {name: committed[name] for name in HASHED}
    if committed.get("groups"):
        fields["groups"] = {one["key"]: one["root"] for one in committed["groups"]}
    return fields


def leaf(row: Body) -> str:
    """Return the line of a row on the sealed list."""
    return casedraw.leaf(row["case"], row["worker"], row["unit"], row["stratum"])


def leaves(rows: Iterable[Body]) -> list[str]:
    """Return the lines of rows on the sealed list."""
    return casedraw.leaves([(row["case"], row["worker"], row["unit"], row["stratum"]) for row in rows])


def rows_of(committed: Body) -> dict[str, Body]:
    """Return the sealed rows by their leaves; Refused where they are not what was sealed."""
    rows = dict(zip(leaves(committed["rows"]), committed["rows"], strict=True))
    if len(rows) < len(committed["rows"]) or casedraw.root(rows) != committed["root"]:
        raise Refused("the list is not the one that was sealed: put back the review's log from a copy")
    return rows


def quotas_of(committed: Body) -> dict[str, int]:
    """Return the quota of every stratum of the plan, in its order."""
    return {one["name"]: one["quota"] for one in committed["plan"]["strata"]}


def entries_of(rows: Mapping[str, Body]) -> list[Entry]:
    """Return what the draw is given of rows."""
    return [Entry(leaf, row["worker"], row["stratum"]) for leaf, row in rows.items()]


def lines_of(lines: Sequence[str], committed: Body) -> list[str]:
    """Return the seed's lines as they are hashed; Refused where the sealed rule asks for others."""
    return list(seedrule.read_lines(seedrule.read_rule(committed["seed_rule"]), lines))


def drawn_from(committed: Body, lines: Sequence[str]) -> dict[str, Any]:
    """Return the draw that follows from a sealed list and the seed's lines, in their fixed form."""
    rows = rows_of(committed)
    return drawn(committed, rows, numbered(committed, entries_of(rows), lines), lines)


def numbered(committed: Body, entries: Iterable[Entry], lines: Sequence[str]) -> Draw:
    """Return what becomes of the entries of a sealed list with the seed's lines."""
    key = casedraw.purpose_key(casedraw.seed(committed["commitment"], lines), "ticket")
    return draw(entries, quotas_of(committed), committed["plan"]["per_worker"], key)


def drawn(committed: Body, rows: Mapping[str, Body], made: Draw, lines: Sequence[str]) -> dict[str, Any]:
    """Return a draw as its event keeps it, given the sealed rows by their leaves."""
    seed = casedraw.seed(committed["commitment"], lines)
    key = casedraw.purpose_key(seed, "ticket")
    body = {
        "commitment": committed["commitment"],
        "seed_lines": list(lines),
        "seed": seed,
        "key": key,
        "selected": selected(rows, made, 1),
        **account(made),
        "result": casedraw.result(committed["commitment"], seed, made.taken()),
    }
    if committed.get("groups"):
        body["groups"] = groups.draw(committed["groups"], seed)
    return body


def selected(rows: Mapping[str, Body], made: Draw, first: int) -> list[dict[str, Any]]:
    """Return the rows that were drawn with their places, the first of which is `first`."""
    return [
        {name: rows[leaf][name] for name in ("case", "worker", "unit", "stratum")} | {"place": place}
        for place, leaf in enumerate(made.taken(), start=first)
    ]


def account(made: Draw) -> dict[str, Any]:
    """Return what became of every case, with the certificates of look-ahead."""
    return {
        "dispositions": list(map(list, made.dispositions)),
        "tight": {leaf: list(strata) for leaf, strata in sorted(made.tight.items())},
    }
