"""What is wrong with an aggregation plan, found before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from reviewcore.aggregation.plan import (
    AggregationPlan,
    Crosstab,
    Measure,
    QuoteMeasure,
    Schema,
    Tally,
    ThemeMeasure,
)
from reviewcore.aggregation.values import codings, find
from reviewcore.language import Field

RESERVED = "sample"


def problems(plan: AggregationPlan, schema: Schema) -> list[str]:
    """Return what is wrong with the plan, in words for its author; an empty list when nothing is."""
    counted: tuple[Measure | ThemeMeasure, ...] = (*plan.measures, *plan.themes)
    keys = [one.key for one in (*counted, *plan.quotes)] + [
        table.key for one in plan.tallies for table in one.tables
    ]
    found = [
        f"the key '{key}' is used {times} times; every measure, theme list, tally and table needs a key of its own"
        for kind in (keys, [one.key for one in plan.tallies])
        for key, times in Counter(kind).items()
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
    found += [f"quotes '{one.key}': {what}" for one in plan.quotes for what in _quotes(one, schema)]
    return found + [f"tally '{one.key}': {what}" for one in plan.tallies for what in _tally(one, schema)]


def _quotes(one: QuoteMeasure, schema: Schema) -> Iterator[str]:
    """Yield what is wrong with quotes: they come from free text that is not posted."""
    if unknown := _unknown(one.instrument, one.item, schema):
        yield unknown
        return
    item = find(schema.instruments, one.instrument, one.item)[1]
    if item.kind != "text" or item.posted:
        yield f"'{one.item}' is no sealed free text; quotes come from an item of kind 'text' that is not posted"


def _tally(tally: Tally, schema: Schema) -> Iterator[str]:
    """Yield what is wrong with a tally: a field that its extract does not have, or of another kind."""
    sources = {one.name: {field.name: field for field in one.fields} for one in schema.extracts}
    if tally.source not in sources:
        yield f"there is no extract '{tally.source}'" + _near(tally.source, sources)
        return
    fields = sources[tally.source]
    wanted = [(name, "number", fields) for name in tally.counts]
    wanted += [
        (name, kind, fields) for name, kind in ((tally.period, "month"), (tally.status, "choice")) if name
    ]
    if tally.targets:
        if tally.targets_from not in sources:
            yield f"there is no extract '{tally.targets_from}'" + _near(tally.targets_from, sources)
        wanted += [(name, "number", sources.get(tally.targets_from, {})) for name in tally.targets]
    for name, kind, among in wanted:
        if name not in among:
            yield f"its extract has no field '{name}'" + _near(name, among)
        elif among[name].kind != kind:
            yield f"'{name}' is a {among[name].kind} field; it must be of kind '{kind}'"
    if not tally.counts:
        yield "it counts nothing; name at least one number field"
    if tally.nested and tally.whole:
        yield "counts that are each a part of the one before make up no whole; leave one of the two out"
    known = {*tally.counts, *tally.targets, *([tally.whole] if tally.whole else [])}
    for rate in tally.rates:
        for name in (rate.of, rate.over):
            if name not in known or (name == rate.of and name in tally.targets):
                yield f"rate '{rate.key}': '{name}' is not one of its counts" + _near(name, known)
    for table in tally.tables:
        yield from (f"table '{table.key}': {what}" for what in _table(table, tally, fields, known))


def _table(table: Crosstab, tally: Tally, fields: dict[str, Field], known: set[str]) -> Iterator[str]:
    for name in (table.rows, *([table.columns] if table.columns else [])):
        if name not in fields:
            yield f"the extract has no field '{name}'" + _near(name, fields)
        elif fields[name].kind != "choice" and not (name == tally.period == table.rows):
            yield f"'{name}' is a {fields[name].kind} field; rows and columns are of kind 'choice', or rows the period"
    shown = known | {rate.key for rate in tally.rates}
    for name in table.shows:
        if name not in shown:
            yield f"it has no '{name}' to show" + _near(name, shown)
    if table.columns and len(table.shows) != 1:
        yield "where values are the columns, it shows one count or rate"
    if not table.shows:
        yield "it shows nothing"


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
