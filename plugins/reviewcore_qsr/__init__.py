"""Quality Service Review: outcomes and practice, looked at case by case with the people who know.

Written against `reviewcore.api` alone, as any review type is. What a county settles is in `settings`;
each hook's plan has a module of its own, loaded when the hook is called. The indicators are a table in
`indicators`; the tools' other parts and the letters are data beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewcore.api import hookimpl
from reviewcore_qsr.about import ABOUT
from reviewcore_qsr.settings import Settings

if TYPE_CHECKING:
    from reviewcore.api import (
        AggregationPlan,
        InterviewPlan,
        NotificationPlan,
        Publication,
        ReportPlan,
        ReviewType,
        Schema,
        SelectionPlan,
    )

__all__ = ["QSR", "Settings"]


class QSR:
    """The review type "qsr"."""

    @hookimpl
    def review_type(self) -> ReviewType:
        """Say what a quality service review is and needs."""
        return ABOUT

    @hookimpl
    def selection(self, settings: Settings) -> SelectionPlan:
        """Plan the case selection and the focus groups."""
        from reviewcore_qsr.selection import plan

        return plan(settings)

    @hookimpl
    def notification(self, settings: Settings) -> NotificationPlan:
        """Plan the letters."""
        from reviewcore_qsr.notification import plan

        return plan(settings)

    @hookimpl
    def interview(self, settings: Settings) -> InterviewPlan:
        """Plan the tools, the case reviews, the focus groups and their guide."""
        from reviewcore_qsr.interview import plan

        return plan(settings)

    @hookimpl
    def aggregation(self, schema: Schema) -> AggregationPlan:
        """Plan the tables and the themes."""
        from reviewcore_qsr.aggregation import plan

        return plan(schema)

    @hookimpl
    def report(self, publication: Publication, settings: Settings) -> ReportPlan:
        """Plan the report, and for the agency a summary."""
        from reviewcore_qsr.report import plan

        return plan(publication, settings)
