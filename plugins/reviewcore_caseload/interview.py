"""The in-service itself: its guide (CAS-2, CAS-5 to CAS-11), and the record that a note-taker fills in."""

from __future__ import annotations

from reviewcore.api import Guide, InterviewPlan, SessionKind, read_guide, read_instrument
from reviewcore_caseload.settings import Settings

MINUTES = 180


def plan(settings: Settings) -> InterviewPlan:
    """One session for everyone, with a guide that stretches and shrinks to its length."""
    record = read_instrument("reviewcore_caseload", "session")
    kind = SessionKind(
        "session",
        "Caseload in-service",
        MINUTES,
        record.key,
        of="everyone",
        attended="attended",
        leader="facilitator",
    )
    return InterviewPlan((record,), (kind,), guides=(guide(settings),))


def guide(settings: Settings) -> Guide:
    """Return the session guide in this agency's own terms (CAS-1 to CAS-11)."""
    values = {
        "goal": settings.goal.said(),
        "state": settings.state,
        "system": settings.system,
        "benefits": settings.benefits,
    }
    return read_guide("reviewcore_caseload", "agenda", values)
