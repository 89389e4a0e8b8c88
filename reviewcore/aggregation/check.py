"""What is wrong with an aggregation plan, found before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema, ThemeMeasure
from reviewcore.aggregation.values import codings, find

RESERVED = "sample"


def problems(plan: AggregationPlan, schema: Schema) -> list[str]:
    """Return what is wrong with the plan, in words for its author; an empty list when nothing is."""
    counted: tuple[Measure | ThemeMeasure, ...] = (*plan.measures, *plan.themes)
    found = [
        f"the key '{key}' is used {times} times; every measure and theme list needs a key of its own"
        for key, times in Counter(one.key for one in counted).items()
        if times > 1
    ]
    for one in counted:
        subject = f"measure '{one.key}'" if isinstance(one, Measure) else f"theme list '{one.key}'"
        if one.key == RESERVED or not one.key or set(one.key) & set("/|"):
            found.append(
                f"{subject}: the key must not be '{RESERVED}', be empty or hold '/' or '|'; choose another"
            )
        unknown = _unknown(one.instrument, one.item, schema)
        if unknown:
            found.append(f"{subject}: {unknown}")
        elif isinstance(one, Measure):
            found += [f"{subject}: {what}" for what in _measure(one, schema)]
        elif (item := find(schema.instruments, one.instrument, one.item)[1]).kind != "many":
            found.append(
                f"{subject}: '{one.item}' is a {item.kind} item; themes are coded in an item of kind 'many'"
            )
    return found


def _unknown(instrument: str, item: str, schema: Schema) -> str:
    keys = {one.key: [each.key for each in one.items()] for one in schema.instruments}
    if instrument not in keys:
        return f"unknown instrument '{instrument}'" + _near(instrument, keys)
    if item not in keys[instrument]:
        return f"the instrument '{instrument}' has no item '{item}'" + _near(item, keys[instrument])
    return ""


def _near(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, list(names), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def _measure(measure: Measure, schema: Schema) -> list[str]:
    instrument, item = find(schema.instruments, measure.instrument, measure.item)
    coded = codings(instrument, item)
    if not coded:
        return [f"'{measure.item}' is a {item.kind} item; only scale and choice items can be counted"]
    found = []
    if not measure.rungs:
        found.append("no rungs; name at least one of codes, zones, acceptable, band")
    order = [("codes", "zones", "acceptable", "band").index(rung) for rung in measure.rungs]
    if order != sorted(set(order)):
        found.append("rungs go from fine to coarse, each once: codes, zones, acceptable, band")
    for rung in measure.rungs:
        needs = "acceptable" if rung == "band" else rung
        # The default of all four rungs is cut down to those that the item has; a choice by hand is not.
        if needs not in coded and measure.rungs != ("codes", "zones", "acceptable", "band"):
            found.append(
                f"the rung '{rung}' does not suit '{measure.item}', which has {', '.join(coded)}; "
                "give its scale zones that cover it, or acceptable codes, or leave the rung out"
            )
    fields = {one.name: one for one in schema.fields}
    for split in measure.splits:
        if split not in fields:
            found.append(f"unknown split '{split}'" + _near(split, fields))
        elif fields[split].kind not in ("choice", "flag"):
            found.append(
                f"'{split}' is a {fields[split].kind} field; split by a field of kind 'choice' or 'flag', "
                "whose values are declared"
            )
    if len(set(measure.splits)) < len(measure.splits):
        found.append("a split is named twice")
    return found
