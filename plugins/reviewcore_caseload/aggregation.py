"""What is counted, under one set of definitions (CAS-3, CAS-6).

Assigned: whom the state has given the agency to serve. Certified: in a valid certification on at least one
day of the month. Participating: certified, and counted as having had benefits for the month. What is called
"show rate" here is of appointments; the share of the certified who participate is the participation rate.
"""

from __future__ import annotations

from reviewcore.api import AggregationPlan, Crosstab, Rate, Tally, ThemeMeasure
from reviewcore_caseload.settings import Settings

THEMES = {
    "strengths": "Where the figures are strong",
    "concerns": "What in the figures is a concern",
    "access-issues": "What makes it hard to get to us",
    "retention-issues": "Why families stop coming",
    "access-actions": "What would make it easier to get to us",
    "retention-actions": "What would help families stay",
}
"""Each list of themes, by the item of the session's record in which it is marked."""

CLINICS = "caseload-by-clinic"
CHARTS = {
    CLINICS: ("of-assigned", "How much of the assigned caseload participates, by clinic"),
    "show-by-type": ("show-rate", "Show rates, by type of appointment"),
    "show-by-clinic": ("all", "Show rates of all appointments, by clinic"),
    "months": ("participation-rate", "How many of the certified participate, month by month"),
}
"""The column that a table's chart draws, and what the chart says."""


def plan(settings: Settings) -> AggregationPlan:
    """Return the caseload reports of the last settled month and the months before, and the session's themes."""
    themes = tuple(ThemeMeasure(key, title, "session", key) for key, title in THEMES.items())
    return AggregationPlan((), themes, (_caseload(settings), _appointments()))


def _caseload(settings: Settings) -> Tally:
    standing = ("assigned", "certified", "participating", "of-assigned", "participation-rate")
    benefits = settings.benefits
    return Tally(
        "caseload",
        "Caseload",
        "participation",
        ("certified", "participating", "issued"),
        (
            Crosstab(CLINICS, "Caseload by clinic", "clinic", (*standing, "without")),
            Crosstab("by-category", "Participating, by clinic and category", "clinic", ("participating",), "category"),
            Crosstab("by-priority", "Participating, by clinic and priority", "clinic", ("participating",), "priority"),
            Crosstab("months", "Month by month", "month", standing),
        ),
        {
            "assigned": "Assigned", "certified": "Certified", "participating": "Participating",
            "issued": f"Had {benefits} issued",
        },
        nested=True,
        targets=("assigned",),
        targets_from="assignment",
        rates=(
            Rate("of-assigned", "Participating of assigned", "participating", "assigned"),
            Rate("participation-rate", "Participation rate", "participating", "certified"),
            Rate("without", f"Without {benefits}", "issued", "certified", rest=True),
        ),
        period="month",
        status="status",
        final=settings.final,
    )  # fmt: skip


def _appointments() -> Tally:
    shows = ("scheduled", "kept", "missed", "show-rate")
    return Tally(
        "appointments",
        "Appointments",
        "appointments",
        ("kept", "missed"),
        (
            Crosstab("show-by-type", "Appointments by type", "kind", shows),
            Crosstab("show-by-clinic", "Show rates, by clinic and type", "clinic", ("show-rate",), "kind"),
        ),
        {"kept": "Kept", "missed": "Missed", "scheduled": "Scheduled"},
        whole="scheduled",
        rates=(Rate("show-rate", "Show rate", "kept", "scheduled"),),
        period="month",
    )
