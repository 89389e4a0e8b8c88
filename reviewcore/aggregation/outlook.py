"""What each audience will be shown, said before anything is drawn, and what sample would show more."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.aggregation.plan import AggregationPlan, Measure, Rung, Schema
from reviewcore.aggregation.rungs import Planned, fix_tables, needed
from reviewcore.aggregation.values import Coding, codings, find

_WORDS: Mapping[Rung, str] = {
    "codes": "counts of every rating",
    "zones": "counts by zone",
    "acceptable": "counts of acceptable and not acceptable",
    "band": "the share acceptable in words",
}


def outlook(plan: AggregationPlan, schema: Schema, planned: Planned, k: Mapping[str, int]) -> list[str]:
    """Return for each audience what its tables will show, tables of one kind in one line, and the smallest
    sample for the next finer coding.

    `k` gives each published audience's. A table can show less than this where the answers of few cases
    would show through, never more.
    """
    said: dict[str, int] = {}
    for audience, least in k.items():
        for measure in plan.measures:
            coded = codings(*find(schema.instruments, measure.instrument, measure.item))
            for table, rung in fix_tables(measure, coded, planned, least).items():
                split = table.partition("/")[2]
                over = f"by {split.replace('_', ' ')}" if split else "over all cases"
                shown = _WORDS[rung] if rung else "nothing"
                line = f"{audience}, tables {over}: {shown}{_next(measure, coded, rung, least, bool(split))}"
                said[line] = said.get(line, 0) + 1
    return [f"{line} ({count} {'table' if count == 1 else 'tables'})" for line, count in said.items()]


def _next(measure: Measure, coded: Mapping[Rung, Coding], rung: Rung | None, k: int, split: bool) -> str:
    usable = [one for one in measure.rungs if (one if one != "band" else "acceptable") in coded]
    finer = usable[: usable.index(rung)] if rung else usable
    sizes = [(2 * k + 1 if one == "band" else needed(len(coded[one]), k), one) for one in finer]
    if not sizes:
        return ""
    size, one = min(sizes)
    where = "in the smallest group" if split else "in all"
    return f"; {_WORDS[one]} from {size} planned cases {where}"
