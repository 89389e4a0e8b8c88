"""The sampling plan of a quality service review, and who is drawn for its focus groups."""

from __future__ import annotations

from reviewcore.api import Compare, Group, SelectionPlan, Stratum
from reviewcore_qsr.settings import SETTINGS_OF_A_CASE, Settings

_TITLES = {"in-home": "In-home cases", "out-of-home": "Out-of-home cases"}


def plan(settings: Settings) -> SelectionPlan:
    """Draw the sample at random (QSR-2), at most one case of any worker, and the groups with the same seed (QSR-4)."""
    sample = settings.sample
    strata: tuple[Stratum, ...]
    if sample.by == "nothing":
        strata = (Stratum("all", sample.cases, title="All open cases"),)
    else:
        parts = SETTINGS_OF_A_CASE if sample.by == "setting" else settings.service_areas
        strata = tuple(
            Stratum(part, sample.quotas[part], Compare(sample.by, "is", part), _TITLES.get(part, part))
            for part in parts
            if part in sample.quotas
        )
    groups = tuple(
        Group(one.key, one.title, one.role, one.size, one.meeting, one.alternates)
        for one in settings.focus_groups
    )
    return SelectionPlan(strata, per_worker=1, groups=groups)
