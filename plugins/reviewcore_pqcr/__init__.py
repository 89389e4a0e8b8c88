"""Peer Quality Case Review: county child welfare and juvenile probation practice, looked at with peers.

Written against `reviewcore.api` alone, as any review type is. What a county settles is in `settings`;
each hook's plan has a module of its own; the tool and the letters are data beside them.
"""

from __future__ import annotations

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
    hookimpl,
)
from reviewcore_pqcr import aggregation, interview, notification, report, selection
from reviewcore_pqcr.settings import Settings

__all__ = ["PQCR", "Settings"]


class PQCR:
    """The review type "pqcr"."""

    @hookimpl
    def review_type(self) -> ReviewType:
        """Say what a peer review is and needs."""
        return ReviewType(
            name="pqcr",
            title="Peer Quality Case Review",
            settings=Settings,
            sources=(selection.CASES,),
            milestones=notification.MILESTONES,
            roles=notification.ROLES,
        )

    @hookimpl
    def selection(self, settings: Settings) -> SelectionPlan:
        """Plan the case selection."""
        return selection.plan(settings)

    @hookimpl
    def notification(self, roles: tuple[Role, ...], settings: Settings) -> NotificationPlan:
        """Plan the letters."""
        return notification.plan(roles, settings)

    @hookimpl
    def interview(self, settings: Settings) -> InterviewPlan:
        """Plan the tool, the interviews and the teams."""
        return interview.plan(settings)

    @hookimpl
    def aggregation(self, schema: Schema) -> AggregationPlan:
        """Plan the tables and the themes."""
        return aggregation.plan(schema)

    @hookimpl
    def report(self, publication: Publication, settings: Settings) -> ReportPlan:
        """Plan the report, and for the agency a summary."""
        return report.plan(publication, settings)
