"""The papers of a case selection, all of them by their names: those of the sealed list, and those of the draw."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.language import Field
from reviewcore.selection import handouts, papers, record, sampling
from reviewcore.selection.plan import SelectionPlan
from reviewcore.selection.sealed import Body
from reviewcore.selection.seedrule import SeedRule


def of_the_list(
    body: Body, plan: SelectionPlan, fields: Mapping[str, Field], rule: SeedRule, k: int
) -> dict[str, bytes]:
    """Return the papers of a sealed list; sizes from 1 to k - 1 stand as a band in those that are read."""
    number = _number(body)
    commitment = handouts.commitment(body)
    made = {
        f"commitment{number}.txt": papers.sealed_list(body, plan, fields, rule, k).encode(),
        f"plan{number}.txt": sampling.plan(body, plan, fields, rule, k).encode(),
        **{f"{who}{number}/verify.py": handouts.verifier() for who in ("public", "witness")},
        **{f"{who}{number}/commitment.json": commitment for who in ("public", "witness")},
        f"witness{number}/ledger.json": handouts.ledger(body),
        f"witness{number}/chances.json": handouts.chances(body),
    }
    if body.get("groups"):
        made[f"witness{number}/groups.json"] = handouts.groups(body)
    return _placed(made)


def of_the_draw(committed: Body, drawn: Body) -> dict[str, bytes]:
    """Return the papers of a draw. The record of the meeting is a PDF too where typst is installed."""
    titles = {one["name"]: one.get("title", one["name"]) for one in committed["plan"]["strata"]}
    number, said, draw = _number(committed), record.blocks(committed, drawn), handouts.draw(committed, drawn)
    made = {
        "result.txt": papers.the_draw(committed, drawn, drawn["key"], titles).encode(),
        "record.html": record.page(said).encode(),
    }
    if (pdf := record.pdf(said, committed["time"])) is not None:
        made["record.pdf"] = pdf
    made |= {f"{who}{number}/draw.json": draw for who in ("public", "witness")}
    return _placed(made | {f"witness{number}/account.json": handouts.account(committed, drawn)})


def _number(committed: Body) -> str:
    return f"-{committed['attempt']}" if committed["attempt"] > 1 else ""


def _placed(made: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"selection/{name}": data for name, data in made.items()}
