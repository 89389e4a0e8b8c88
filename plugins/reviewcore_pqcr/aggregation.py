"""What is counted: every rated item over all cases and by program, and the themes that were heard."""

from __future__ import annotations

from reviewcore.api import AggregationPlan, Measure, Schema, ThemeMeasure

THEMES = {
    "strengths": ("strengths-themes", "What helped"),
    "barriers": ("barriers-themes", "What got in the way"),
}
"""Each theme measure: the item in which its themes are marked, and its title."""


def plan(schema: Schema) -> AggregationPlan:
    """Return a measure for every rated item, under the item's key.

    An item that only one program answers has no split: the other program's row would say nothing.
    """
    measures = tuple(
        Measure(
            item.key, item.words.rstrip("."), tool.key, item.key, splits=() if item.when else ("program",)
        )
        for tool in schema.instruments
        for item in tool.items()
        if item.kind == "scale"
    )
    themes = tuple(ThemeMeasure(key, title, "interview", item) for key, (item, title) in THEMES.items())
    return AggregationPlan(measures, themes)
