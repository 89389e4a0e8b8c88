"""What is counted: every rated indicator over all cases and by setting, and the themes that were heard.

Sentences that a focus group agreed to are quoted where the agency wants that; nothing else that was said is.
"""

from __future__ import annotations

from reviewcore.api import AggregationPlan, Measure, QuoteMeasure, Schema, ThemeMeasure
from reviewcore_qsr.interview import OWN_WORDS

CASE_THEMES = {
    "strengths": ("strengths-themes", "What helped, as heard in the case reviews"),
    "challenges": ("challenges-themes", "What got in the way, as heard in the case reviews"),
}
GROUP_THEMES = {
    "group-good": ("group-strengths", "What works well, as heard in the focus groups"),
    "group-hard": ("group-challenges", "What gets in the way, as heard in the focus groups"),
}
"""Each theme measure: the item in which its themes are marked, and its title."""


def plan(schema: Schema) -> AggregationPlan:
    """Return a measure for every rating, and the themes of each tool.

    What only one setting is rated on has no split: the other setting's row would say nothing.
    """
    measures = tuple(
        Measure(
            item.key, item.words, tool.key, item.key, splits=() if _one_setting(item.when) else ("setting",)
        )
        for tool in schema.instruments
        for item in tool.items()
        if item.kind == "scale"
    )
    tools = {tool.key for tool in schema.instruments}
    themes = [
        ThemeMeasure(key, title, tool, item)
        for tool, found in (("case-review", CASE_THEMES), ("focus-group", GROUP_THEMES))
        if tool in tools
        for key, (item, title) in found.items()
    ]
    quotes = [
        QuoteMeasure(item.key, "In the groups' own words", tool.key, item.key)
        for tool in schema.instruments
        for item in tool.items()
        if item.key == OWN_WORDS
    ]
    return AggregationPlan(measures, tuple(themes), quotes=tuple(quotes))


def _one_setting(when: object) -> bool:
    return getattr(when, "field", "") == "setting"
