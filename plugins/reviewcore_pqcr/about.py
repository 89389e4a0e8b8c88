"""What a peer review is and needs: its case list, its people, its meetings."""

from __future__ import annotations

from reviewcore.api import Field, MilestoneKind, ReviewType, Source
from reviewcore_pqcr.settings import PROGRAMS, Settings

PLACEMENTS = ("with-parent", "relative", "foster-home", "group-home", "own-place")

CASES = Source(
    "cases",
    (
        Field("program", "choice", "program", PROGRAMS, titles=("Child welfare", "Juvenile probation")),
        Field(
            "placement", "choice", "where the child or youth lives", PLACEMENTS,
            titles=("With a parent", "With a relative", "In a foster home", "In a group home", "In their own place"),
        ),
        Field("months_open", "number", "months that the case has been open"),
        Field("focus", "flag", "in the focus area of its program"),
    ),
    "every open case of both programs, with the worker who carries it",
)  # fmt: skip

UNION = "union representative"
ROLES = ("social worker", "probation officer", "supervisor", "reviewer", UNION, "clerical", "coordinator")

MILESTONES = (
    MilestoneKind("planning", "the planning meeting"),
    MilestoneKind("orientation", "the orientation"),
    MilestoneKind("training", "the training of the review teams"),
    MilestoneKind("pre_briefing", "the pre-briefing of those who are interviewed"),
    MilestoneKind("focus_group", "the supervisors' focus group"),
    MilestoneKind("exit_interview", "the exit interview"),
    MilestoneKind("reflections", "the reflections meeting"),
)

ABOUT = ReviewType(
    name="pqcr",
    title="Peer Quality Case Review",
    settings=Settings,
    sources=(CASES,),
    milestones=MILESTONES,
    roles=ROLES,
)
