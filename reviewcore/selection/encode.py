"""Plans and rows as JSON: what is hashed of a plan, and what an event keeps of a row, and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from attrs import asdict

from reviewcore import language
from reviewcore.language import Compare, Condition, Field, Not, Value
from reviewcore.selection.casedraw import Json
from reviewcore.selection.draw import Entry
from reviewcore.selection.plan import SelectionPlan
from reviewcore.selection.values import FrameRow

Body: TypeAlias = Mapping[str, Any]


def plan_json(plan: SelectionPlan) -> dict[str, Json]:
    """Return a plan as it is hashed: texts and whole numbers only, conditions as they stand in TOML.

    True and false become "true" and "false", dates their ISO form; what is not given is left out.
    """
    strata: list[Json] = []
    for stratum in plan.strata:
        one: dict[str, Json] = {"name": stratum.name, "quota": stratum.quota}
        if stratum.where is not None:
            one["where"] = _condition(stratum.where)
        if stratum.title:
            one["title"] = stratum.title
        strata.append(one)
    said: dict[str, Json] = {"source": plan.source, "per_worker": plan.per_worker, "strata": strata}
    if plan.fresh_alternates:
        said["alternates"] = "fresh"
    if plan.eligible is not None:
        said["eligible"] = _condition(plan.eligible)
    if plan.groups:
        said["groups"] = [asdict(group) for group in plan.groups]
    return said


def _condition(condition: Condition) -> dict[str, Json]:
    match condition:
        case Compare(field, op, value):
            said: Json = [_plain(v) for v in value] if isinstance(value, tuple) else _plain(value)
            return {"field": field, op: said}
        case Not(part):
            return {"not": _condition(part)}
        case language.All(parts) | language.Any(parts):
            key = "all" if isinstance(condition, language.All) else "any"
            return {key: [_condition(part) for part in parts]}


def _plain(value: Value) -> str | int:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def rows_json(rows: Sequence[FrameRow], entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return rows and their entries as an event keeps them; rows that share their fields share them here too."""
    shared = {id(row.fields): row.fields for row in rows}
    kept = {key: {name: _kept(value) for name, value in one.items()} for key, one in shared.items()}
    return [
        {
            "case": case,
            "worker": worker,
            "unit": unit,
            "family": family,
            "member": member,
            "fields": kept[id(fields)],
            "stratum": stratum,
        }
        for (case, worker, unit, family, member, fields), (_, _, stratum) in zip(rows, entries, strict=True)
    ]


def _kept(value: Value) -> str | int | bool | None:
    if value is None or isinstance(value, (str, int)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def kinds(fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the kind of each declared field: what `row` needs to restore values."""
    return {name: field.kind for name, field in fields.items()}


def row(said: Body, kinds: Mapping[str, str]) -> FrameRow:
    """Return the row that an event keeps, its values restored by the kinds of the declared fields."""
    return FrameRow(
        said["case"],
        said["worker"],
        said["unit"],
        said["family"],
        said["member"],
        {name: _restored(value, kinds.get(name, "text")) for name, value in said["fields"].items()},
    )


def _restored(value: str | int | bool | None, kind: str) -> Value:
    if isinstance(value, str) and kind == "date":
        return date.fromisoformat(value)
    if isinstance(value, str) and kind == "number":
        from fractions import Fraction

        return Fraction(value)
    return value
