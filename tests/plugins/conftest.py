"""What the tests of the PQCR plugin share: the plugin's example counties."""

from __future__ import annotations

import pytest
from pqcr_examples import example

from reviewcore.profile.settings import Profile


@pytest.fixture(params=["alder", "birch"])
def profile(request: pytest.FixtureRequest) -> Profile:
    """Return each example county's profile in turn."""
    return example(request.param)


@pytest.fixture
def alder() -> Profile:
    """Return the profile of the larger example county."""
    return example("alder")
