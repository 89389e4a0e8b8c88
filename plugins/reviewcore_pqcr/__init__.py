"""Peer Quality Case Review: county child welfare and juvenile probation practice, looked at with peers.

Written against `reviewcore.api` alone, as any review type is. What a county settles is in `settings`;
each hook's plan has a module of its own, loaded when the hook is called; the tool and the letters are
data beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewcore.api import hookimpl
from reviewcore_pqcr.about import ABOUT
from reviewcore_pqcr.settings import Settings

if TYPE_CHECKING:
    from reviewcore.api import (
        AggregationPlan,
        InterviewPlan,
        NotificationPlan,
        Publication,
        ReportPlan,
        ReviewType,
        Role,
        Schema,
        SelectionPlan,
    )

__all__ = ["PQCR", "Settings"]


class PQCR:
    """The review type "pqcr"."""

    @hookimpl
    def review_type(self) -> ReviewType:
        """Say what a peer review is and needs."""
        return ABOUT

    @hookimpl
    def selection(self, settings: Settings) -> SelectionPlan:
        """Plan the case selection."""
        from reviewcore_pqcr.selection import plan

        return plan(settings)

    @hookimpl
    def notification(self, roles: tuple[Role, ...], settings: Settings) -> NotificationPlan:
        """Plan the letters."""
        from reviewcore_pqcr.notification import plan

        return plan(roles, settings)

    @hookimpl
    def interview(self, settings: Settings) -> InterviewPlan:
        """Plan the tool, the interviews and the teams."""
        from reviewcore_pqcr.interview import plan

        return plan(settings)

    @hookimpl
    def aggregation(self, schema: Schema) -> AggregationPlan:
        """Plan the tables and the themes."""
        from reviewcore_pqcr.aggregation import plan

        return plan(schema)

    @hookimpl
    def report(self, publication: Publication, settings: Settings) -> ReportPlan:
        """Plan the report, and for the agency a summary."""
        from reviewcore_pqcr.report import plan

        return plan(publication, settings)
