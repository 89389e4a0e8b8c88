"""The demo of an in-service: reports for the session, the session as a note-taker records it, the report after it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reviewcore.demo import caseload
from reviewcore.demo.chance import Chance
from reviewcore.review import Review

PROFILE = "caseload-elder"
NAME, CLINICS = "Elder", ("Elderton", "Mill Street", "Northside", "River Bend", "Upland")

POSTED: Mapping[str, str] = {
    "aim": "That we leave with three things we begin this month, and know who begins them.",
    "goal": "All staff of Elder County WIC, 100 percent of the assigned caseload, within three months.",
    "goal-why": "Families two streets away do not know that they qualify.",
    "plan-1": "Call everyone who missed an appointment, the same day. Front desk, every clinic, from June 1.",
    "plan-2": "Keep two times free each morning for walk-ins. Certifiers, Elderton and Mill Street, from June 15.",
    "plan-3": "Take the outreach handouts to the three food pantries. Coordinator, River Bend and Upland, by May 31.",
    "plan-4": "Try the second nutrition education by phone. Certifiers, Northside, in June.",
    "follow-up": "Staff meeting on the second Tuesday of each month: show rates by clinic, and the participation rate.",
    "keep": "Look at the month's report together every month, also when the goal is reached.",
}
"""What the group puts up for itself; items that are not here were left empty."""

MARKED: Mapping[str, tuple[str, ...]] = {
    "strengths": ("participation", "infants"),
    "concerns": ("children-leave", "missed", "uneven"),
    "access-issues": ("wait", "hours", "phone"),
    "retention-issues": ("value", "reminders", "waiting-room"),
    "access-actions": ("more-slots", "walk-ins", "phone-line", "outreach"),
    "retention-actions": ("reminders-better", "rebook", "education-options", "birthday"),
}
"""The themes that the group marked."""

SAID: Mapping[str, str] = {
    "reactions": "Elderton is close to its assigned caseload. The small clinics are not, and nobody had seen it.",
    "issues-said": "The phone is hard to get through to on Mondays. Children leave around their first birthday.",
    "actions-said": "More times early and late in the day. A reminder in the way that each family likes.",
}
"""What the note-taker wrote down, and never of whom."""


def write(folder: Path) -> int:
    """Write the agency's lists into a folder; return how many people are on its own."""
    return caseload.write(folder, NAME, CLINICS)


def answer(review: Review) -> int:
    """Let staff answer their invitations: nearly all can come. Return how many can."""
    from reviewcore.notification.stage import state

    rows, coming = ["letter,answer,supervisor"], 0
    for letter in state(review.records.log).handed_over():
        if letter.confirm:
            comes = letter.role != "staff" or Chance("demo", "comes", letter.id).happens(0.92)
            coming += comes and letter.role == "staff"
            rows.append(f"{letter.id},{'yes' if comes else 'no'},")
    replies = review.folder / "replies.csv"
    replies.write_text("\n".join(rows) + "\n", encoding="utf-8")
    review.replies(replies)
    return coming


def record(review: Review, attended: int) -> None:
    """Fill in the record of the session as its note-taker would, into the folder that it comes back to."""
    from reviewcore.interview.sessions import expected_of
    from reviewcore.interview.stage import filled

    plan = review.plugins.interview(review.profile.settings)
    for token in expected_of(review.records.log, plan, ()):
        answers: dict[str, str | int | tuple[str, ...]] = {"attended": attended, "told": "yes", **MARKED}
        workbook = filled(
            review.records, review.profile, plan, token,
            answers=answers, not_applicable={}, notes={**POSTED, **SAID},
        )  # fmt: skip
        (review.folder / "returned" / f"{token}.xlsx").write_bytes(workbook)
