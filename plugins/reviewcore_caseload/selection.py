"""Nobody is drawn: all staff take part in the in-service (CAS-1)."""

from __future__ import annotations

from reviewcore.api import Everyone
from reviewcore_caseload.about import MEETING, STAFF


def plan() -> Everyone:
    """Invite all staff to the in-service."""
    return Everyone((STAFF,), MEETING)
