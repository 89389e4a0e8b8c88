"""The example counties of the QSR plugin, as the engine reads them."""

from __future__ import annotations

from pathlib import Path

from reviewcore_qsr import QSR, Settings

from reviewcore.profile.read import read
from reviewcore.profile.settings import Profile

PROFILES = Path(__file__).parents[2] / "profiles"


def example(county: str) -> Profile:
    """Return an example county's profile, read as the engine reads it."""
    kind = QSR().review_type()
    return read(PROFILES / f"qsr-{county}.toml", Settings, kind.milestones, kind.sources)
