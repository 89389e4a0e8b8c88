"""The case list that a peer review needs, and the sampling plan."""

from __future__ import annotations

from reviewcore.api import Compare, Field, SelectionPlan, Source, Stratum
from reviewcore_pqcr.settings import PROGRAMS, Settings

PLACEMENTS = ("with-parent", "relative", "foster-home", "group-home", "own-place")

CASES = Source(
    "cases",
    (
        Field("program", "choice", "program", PROGRAMS),
        Field("placement", "choice", "where the child or youth lives", PLACEMENTS),
        Field("months_open", "number", "months that the case has been open"),
        Field("focus", "flag", "in the focus area of its program"),
    ),
    "every open case of both programs, with the worker who carries it",
)


def plan(settings: Settings) -> SelectionPlan:
    """Draw each program's number of cases from its own focus area, at most one of any worker (PQCR-2, PQCR-4).

    One case per worker is the review's promise to the staff, so no setting changes it.
    """
    strata = tuple(
        Stratum(one.name, one.quota, Compare("program", "is", one.name), one.title)
        for one in settings.programs
    )
    return SelectionPlan(strata, Compare("focus", "is", True), per_worker=1)
