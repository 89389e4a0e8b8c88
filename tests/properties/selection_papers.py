"""Small lists sealed and drawn for real, and their papers as each reader holds them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reviewcore.selection import casedraw, handouts, sealed
from reviewcore.selection.chances import chances
from reviewcore.selection.seedrule import read_rule

BLIND = casedraw.Blinding(bytes(range(32)))
AT = datetime(2027, 1, 11, 17, tzinfo=UTC)
Bodies = tuple[dict[str, Any], dict[str, Any]]
Walk = Sequence[tuple[str, str]]


def row(number: int, worker: str, stratum: str) -> dict[str, str]:
    """The pseudonymous row of a case; every third has no unit."""
    unit = BLIND.unit(f"unit {worker}") if number % 3 else ""
    return {
        "case": BLIND.case(f"case {number}"), "worker": BLIND.worker(worker), "unit": unit, "stratum": stratum,
    }  # fmt: skip


def committed(
    cases: Walk, quotas: Mapping[str, int], cap: int, gathered: Sequence[Any] = (), **plan: Any
) -> dict[str, Any]:
    """Seal a list of (worker, stratum), and those of focus groups as `groups.seal` gives them."""
    rows = [row(number, *case) for number, case in enumerate(cases)]
    strata = [{"name": name, "quota": quota} for name, quota in quotas.items()]
    sizes = {
        "listed": len(rows) + 2,
        "eligible": len(rows),
        "excluded": {"not eligible: closed: yes": 2},
        "by_stratum": {n: sum(r["stratum"] == n for r in rows) for n in quotas},
        "workers_by_stratum": {n: len({r["worker"] for r in rows if r["stratum"] == n}) for n in quotas},
    }
    said = {"source": "cases", "per_worker": cap, "strata": strata, **plan}
    if gathered:
        names = ("key", "title", "role", "size", "alternates", "meeting")
        said["groups"] = [{name: one[name] for name in names} for one in gathered]
    rule = read_rule("dice 24 and witnesses 2")
    body = sealed.seal(rows, said, sizes, BLIND, rule, AT, ["ab" * 32], gathered)
    entries = sealed.entries_of(sealed.rows_of(body))
    key = casedraw.preview_key(body["plan_hash"], body["root"])
    return {**body, "chances": chances(entries, quotas, cap, key, most=60).said()}


def lines(number: int) -> list[str]:
    """The seed's lines for one of many seeds."""
    return [f"dice {number:024}", "witness one", "witness two"]


def drawn(cases: Walk, quotas: Mapping[str, int], cap: int, seed: int, **plan: Any) -> Bodies:
    """Seal a list and draw from it."""
    body = committed(cases, quotas, cap, **plan)
    return body, sealed.drawn_from(body, lines(seed))


def public(bodies: Bodies) -> dict[str, bytes]:
    """The papers of the public."""
    return {"commitment.json": handouts.commitment(bodies[0]), "draw.json": handouts.draw(*bodies)}


def witness(bodies: Bodies) -> dict[str, bytes]:
    """The papers of a witness."""
    return public(bodies) | {
        "ledger.json": handouts.ledger(bodies[0]),
        "chances.json": handouts.chances(bodies[0]),
        "account.json": handouts.account(*bodies),
    }


def in_clear(cases: Walk) -> list[tuple[str, str, str]]:
    """Who stands behind the rows: (case, worker, unit)."""
    return [(f"case {n}", w, f"unit {w}" if n % 3 else "") for n, (w, _) in enumerate(cases)]


def auditor(bodies: Bodies, cases: Walk) -> dict[str, bytes]:
    """The papers of the auditor."""
    return witness(bodies) | {"openings.json": handouts.openings(bodies[0], BLIND, in_clear(cases))}


def worker(bodies: Bodies, cases: Walk, number: int) -> dict[str, bytes]:
    """The papers of the worker of one case."""
    opened = handouts.opening(bodies[0], BLIND, *in_clear(cases)[number])
    assert opened is not None
    return public(bodies) | {"opening.json": opened}


def mended(paper: Mapping[str, Any]) -> bytes:
    """A paper with its sum made right, as a forger would."""
    said = {name: value for name, value in paper.items() if name != "sum"}
    total = hashlib.sha256(f"casedraw/1/paper\n{casedraw.jcs(said)}".encode()).hexdigest()
    return casedraw.jcs({**said, "sum": total}).encode()


def changed(value: Any) -> Iterator[Any]:
    """Every value that differs from `value` in one place only: a text, a number, a line more or fewer."""
    if isinstance(value, dict):
        for name in value:
            yield {other: value[other] for other in value if other != name}
            for one in changed(value[name]):
                yield {**value, name: one}
        yield {**value, "more": "x"}
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield value[:place] + value[place + 1 :]
            for other in changed(one):
                yield [*value[:place], other, *value[place + 1 :]]
        if len(value) > 1:
            yield [value[1], value[0], *value[2:]]
        yield [*value, value[-1] if value else "x"]
    elif isinstance(value, str):
        yield value[:-1] + ("0" if value[-1:] != "0" else "1")
    else:
        yield value + 1
        if value:
            yield value - 1


def mutations(
    files: Mapping[str, bytes], mend: Callable[[Any], bytes]
) -> Iterator[tuple[str, Any, dict[str, bytes]]]:
    """Every change of one place in one paper: the paper, what it says now, and all papers with it."""
    for name in files:
        for paper in changed(json.loads(files[name])):
            yield name, paper, {**files, name: mend(paper)}


def loads(cases: Walk) -> Counter[str]:
    """How many cases each worker has."""
    return Counter(worker for worker, _ in cases)
