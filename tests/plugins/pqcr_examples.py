"""The example counties of the PQCR plugin, as the engine reads them."""

from __future__ import annotations

from pathlib import Path

from reviewcore_pqcr import PQCR, Settings

from reviewcore.profile.read import read
from reviewcore.profile.settings import Profile

PROFILES = Path(__file__).parents[2] / "profiles"


def example(county: str) -> Profile:
    """Return an example county's profile, read as the engine reads it."""
    return read(PROFILES / f"pqcr-{county}.toml", Settings, PQCR().review_type().milestones)
