"""The sampling plan of a peer review."""

from __future__ import annotations

from reviewcore.api import Compare, SelectionPlan, Stratum
from reviewcore_pqcr.settings import Settings


def plan(settings: Settings) -> SelectionPlan:
    """Draw each program's number of cases from its own focus area, at most one of any worker (PQCR-2, PQCR-4).

    One case per worker is the review's promise to the staff, so no setting changes it.
    """
    strata = tuple(
        Stratum(one.name, one.quota, Compare("program", "is", one.name), one.title)
        for one in settings.programs
    )
    return SelectionPlan(strata, Compare("focus", "is", True), per_worker=1)
