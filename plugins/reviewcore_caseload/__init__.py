"""Caseload in-service: a WIC agency's staff look at its caseload together and agree what each will do.

Written against `reviewcore.api` alone, as any review type is. Nobody is drawn and nobody is interviewed
alone: everyone is invited, the figures come from the agency's own extracts, and the session is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewcore.api import hookimpl
from reviewcore_caseload.about import ABOUT
from reviewcore_caseload.settings import Settings

if TYPE_CHECKING:
    from reviewcore.api import (
        AggregationPlan,
        Everyone,
        InterviewPlan,
        NotificationPlan,
        Publication,
        ReportPlan,
        ReviewType,
        Role,
    )

__all__ = ["Caseload", "Settings"]


class Caseload:
    """The review type "caseload"."""

    @hookimpl
    def review_type(self) -> ReviewType:
        """Say what an in-service is and needs."""
        return ABOUT

    @hookimpl
    def selection(self) -> Everyone:
        """Invite everyone."""
        from reviewcore_caseload.selection import plan

        return plan()

    @hookimpl
    def notification(self, roles: tuple[Role, ...], settings: Settings) -> NotificationPlan:
        """Plan the letters."""
        from reviewcore_caseload.notification import plan

        return plan(roles, settings)

    @hookimpl
    def interview(self, settings: Settings) -> InterviewPlan:
        """Plan the session: its guide, and the record that a note-taker fills in."""
        from reviewcore_caseload.interview import plan

        return plan(settings)

    @hookimpl
    def aggregation(self, settings: Settings) -> AggregationPlan:
        """Plan the caseload reports and the themes."""
        from reviewcore_caseload.aggregation import plan

        return plan(settings)

    @hookimpl
    def report(self, publication: Publication, settings: Settings) -> ReportPlan:
        """Plan the caseload reports for the session, and the report after it."""
        from reviewcore_caseload.report import plan

        return plan(publication, settings)
