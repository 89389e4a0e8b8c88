"""What the tests of the PQCR plugin share: the plugin, the example counties, what a plan is held against."""

from __future__ import annotations

from pathlib import Path

import pytest
from reviewcore_pqcr import PQCR, Settings

from reviewcore.profile.read import read
from reviewcore.profile.settings import Profile

ROOT = Path(__file__).parents[2]


def example(county: str) -> Profile:
    """Return an example county's profile, read as the engine reads it."""
    return read(ROOT / "profiles" / f"pqcr-{county}.toml", Settings, PQCR().review_type().milestones)


@pytest.fixture
def pqcr() -> PQCR:
    """Return the plugin."""
    return PQCR()


@pytest.fixture(params=["alder", "birch"])
def profile(request: pytest.FixtureRequest) -> Profile:
    """Return each example county's profile in turn."""
    return example(request.param)


@pytest.fixture
def alder() -> Profile:
    """Return the profile of the larger example county."""
    return example("alder")
