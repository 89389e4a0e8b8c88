"""A review type that keeps every agreement; each offender in this folder departs from it in one way."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from reviewcore.aggregation.plan import AggregationPlan, Measure
from reviewcore.hookspecs import hookimpl
from reviewcore.interview.plan import (
    Code,
    Instrument,
    InterviewPlan,
    Item,
    Scale,
    Section,
    SessionKind,
    TeamRules,
)
from reviewcore.language import Field
from reviewcore.notification.plan import Letter, NotificationPlan, Wording
from reviewcore.report.plan import Document, Paragraph, ReportPlan, ShowTable
from reviewcore.reviewtype import MilestoneKind, ReviewType, Source
from reviewcore.selection.plan import SelectionPlan, Stratum


@frozen
class VisitSettings:
    """How many visits are read."""

    quota: int = 3


class Visits:
    """An honest review type."""

    @hookimpl
    def review_type(self) -> ReviewType:
        """Say what it is."""
        fields = (Field("program", "choice", choices=("a", "b")), Field("opened", "date", required=False))
        milestones = (MilestoneKind("orientation", "the orientation"),)
        return ReviewType("visits", "Visit review", VisitSettings, (Source("cases", fields),), milestones)

    @hookimpl
    def selection(self, frame: Any, settings: Any) -> Any:
        """Draw a quota from all."""
        return SelectionPlan((Stratum("all", settings.quota),))

    @hookimpl
    def notification(self, settings: Any) -> Any:
        """Write to the selected workers."""
        body = "Dear {{ recipient }}, ...\n\nIs anybody unsafe? Tell {{ safety_name }}, {{ safety_phone }}."
        blanks = ("recipient", "safety_name", "safety_phone")
        wording = Wording("notice", "en", "A review", body, blanks, ("ALL-2",))
        return NotificationPlan((Letter("notice", "selected worker", "draw"),), (wording,))

    @hookimpl
    def interview(self, settings: Any) -> Any:
        """Fill in one tool for each case."""
        scale = Scale("yes-no", (Code("1", "no"), Code("2", "yes")), acceptable=("2",))
        item = Item("seen", "Was the child seen in the month?", scale="yes-no")
        tool = Instrument("tool", "Tool", "1", "review team", (Section("Visits", (item,)),), (scale,))
        return InterviewPlan((tool,), (SessionKind("case", "Case", 60, "tool"),), TeamRules(1))

    @hookimpl
    def aggregation(self, schema: Any) -> Any:
        """Count one item."""
        return AggregationPlan((Measure("seen", "Child seen in the month", "tool", "seen", ("program",)),))

    @hookimpl
    def report(self, publication: Any, settings: Any) -> Any:
        """Show every table that was published."""
        blocks = tuple(ShowTable(table.key) for table in publication.tables)
        return ReportPlan(
            (Document("report", publication.audience, "Visits", (Paragraph(("What was found.",)), *blocks)),)
        )
