"""What a caseload in-service is and needs: its extracts, its people, its meeting."""

from __future__ import annotations

from reviewcore.api import Field, MilestoneKind, ReviewType, Source
from reviewcore_caseload.settings import Settings

MEETING = "session"

CLINIC = Field("clinic", "choice", "clinic", setting="clinics")
MONTH = Field("month", "month", "month")

PARTICIPATION = Source(
    "participation",
    (
        CLINIC,
        MONTH,
        Field("status", "choice", "status of the month", setting="statuses"),
        Field("category", "choice", "category", setting="categories"),
        Field("priority", "choice", "priority", setting="priorities"),
        Field("certified", "number", "certified"),
        Field("participating", "number", "participating"),
        Field("issued", "number", "benefits issued"),
    ),
    "participation by clinic, month, category and priority",
    "extract",
)
ASSIGNMENT = Source(
    "assignment",
    (CLINIC, MONTH, Field("assigned", "number", "assigned caseload")),
    "the caseload that the state has assigned, by clinic and month",
    "extract",
)
APPOINTMENTS = Source(
    "appointments",
    (
        CLINIC,
        MONTH,
        Field("kind", "choice", "appointment type", setting="appointments"),
        Field("kept", "number", "kept"),
        Field("missed", "number", "missed"),
    ),
    "appointments kept and missed, by clinic, month and type",
    "extract",
)

STAFF = "staff"
ROLES = (STAFF, "facilitator", "coordinator", "supervisor", "union representative")

ABOUT = ReviewType(
    name="caseload",
    title="Caseload in-service",
    settings=Settings,
    sources=(PARTICIPATION, ASSIGNMENT, APPOINTMENTS),
    milestones=(
        MilestoneKind(MEETING, "the in-service"),
        MilestoneKind("follow_up", "the follow-up meeting", required=False),
    ),
    roles=ROLES,
)
