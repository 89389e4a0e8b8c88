"""All that the author of a review type imports. Nothing here holds a person or an answer.

A name is loaded when it is first used, so that a type is there before the hooks that it does not need yet.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewcore.aggregation.plan import (
        AggregationPlan,
        Crosstab,
        Measure,
        QuoteMeasure,
        Rate,
        Rung,
        Schema,
        Tally,
        ThemeMeasure,
    )
    from reviewcore.disclosure.publication import (
        WITHHELD,
        Audience,
        Cell,
        Column,
        Publication,
        QuoteList,
        Table,
        TableRow,
        Theme,
        ThemeList,
    )
    from reviewcore.hookspecs import hookimpl
    from reviewcore.interview.guidefiles import read_guide
    from reviewcore.interview.instruments import read_instrument
    from reviewcore.interview.plan import (
        Code,
        Guide,
        Instrument,
        InterviewPlan,
        Item,
        Scale,
        Section,
        SessionKind,
        Step,
        TeamRules,
        Zone,
    )
    from reviewcore.language import (
        All,
        Any,
        Arm,
        Compare,
        Condition,
        Constant,
        Expression,
        Field,
        First,
        Not,
        Of,
        Share,
        Sum,
    )
    from reviewcore.notification.plan import (
        DaysFrom,
        Letter,
        Milestone,
        NotificationPlan,
        Reminder,
        Role,
        Wording,
    )
    from reviewcore.notification.wording import read_wording
    from reviewcore.profile.rules import at_least, between, filled, matches
    from reviewcore.report.findings import (
        chart_or_table,
        estimated,
        fill,
        finding,
        good_columns,
        published,
        standing,
    )
    from reviewcore.report.plan import (
        Block,
        Bullets,
        Cite,
        Document,
        Given,
        Heading,
        Paragraph,
        ReportPlan,
        ShowChart,
        ShowQuotes,
        ShowTable,
        ShowThemes,
        Text,
    )
    from reviewcore.reviewtype import API, MilestoneKind, ReviewType, Source
    from reviewcore.selection.plan import Count, Everyone, Frame, Group, SelectionPlan, Stratum

_HOMES = {
    "reviewcore.aggregation.plan": "AggregationPlan Crosstab Measure QuoteMeasure Rate Rung Schema Tally ThemeMeasure",
    "reviewcore.disclosure.publication": (
        "Audience Cell Column Publication QuoteList Table TableRow Theme ThemeList WITHHELD"
    ),
    "reviewcore.hookspecs": "hookimpl",
    "reviewcore.interview.guidefiles": "read_guide",
    "reviewcore.interview.instruments": "read_instrument",
    "reviewcore.interview.plan": (
        "Code Guide Instrument InterviewPlan Item Scale Section SessionKind Step TeamRules Zone"
    ),
    "reviewcore.language": "All Any Arm Compare Condition Constant Expression Field First Not Of Share Sum",
    "reviewcore.notification.plan": "DaysFrom Letter Milestone NotificationPlan Reminder Role Wording",
    "reviewcore.notification.wording": "read_wording",
    "reviewcore.profile.settings": "at_least between filled matches",
    "reviewcore.report.findings": "chart_or_table estimated fill finding good_columns published standing",
    "reviewcore.report.plan": (
        "Block Bullets Cite Document Given Heading Paragraph ReportPlan ShowChart ShowQuotes ShowTable ShowThemes "
        "Text"
    ),
    "reviewcore.reviewtype": "API MilestoneKind ReviewType Source",
    "reviewcore.selection.plan": "Count Everyone Frame Group SelectionPlan Stratum",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "API",
    "WITHHELD",
    "AggregationPlan",
    "All",
    "Any",
    "Arm",
    "Audience",
    "Block",
    "Bullets",
    "Cell",
    "Cite",
    "Code",
    "Column",
    "Compare",
    "Condition",
    "Constant",
    "Count",
    "Crosstab",
    "DaysFrom",
    "Document",
    "Everyone",
    "Expression",
    "Field",
    "First",
    "Frame",
    "Given",
    "Group",
    "Guide",
    "Heading",
    "Instrument",
    "InterviewPlan",
    "Item",
    "Letter",
    "Measure",
    "Milestone",
    "MilestoneKind",
    "Not",
    "NotificationPlan",
    "Of",
    "Paragraph",
    "Publication",
    "QuoteList",
    "QuoteMeasure",
    "Rate",
    "Reminder",
    "ReportPlan",
    "ReviewType",
    "Role",
    "Rung",
    "Scale",
    "Schema",
    "Section",
    "SelectionPlan",
    "SessionKind",
    "Share",
    "ShowChart",
    "ShowQuotes",
    "ShowTable",
    "ShowThemes",
    "Source",
    "Step",
    "Stratum",
    "Sum",
    "Table",
    "TableRow",
    "Tally",
    "TeamRules",
    "Text",
    "Theme",
    "ThemeList",
    "ThemeMeasure",
    "Wording",
    "Zone",
    "at_least",
    "between",
    "chart_or_table",
    "estimated",
    "fill",
    "filled",
    "finding",
    "good_columns",
    "hookimpl",
    "matches",
    "published",
    "read_guide",
    "read_instrument",
    "read_wording",
    "standing",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'reviewcore.api' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value
