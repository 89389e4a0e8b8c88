"""The finished reviews of both example counties, run once for all tests that only look at them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import whole_review as whole
from small_county import begin

from reviewcore import Review


@pytest.fixture(scope="session")
def alder(demo: Callable[[str], Path]) -> Review:
    """Return the demo's county with its review done."""
    into = demo("pqcr")
    return Review.open(into / "review", keys=into / "keys")


@pytest.fixture(scope="session")
def birch(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the small county with its review done, and a planted sentence in every note."""
    root = tmp_path_factory.mktemp("birch")
    begin(root)
    return whole.run_whole(root)


@pytest.fixture(params=["alder", "birch"])
def done(request: pytest.FixtureRequest) -> Review:
    """Return each county's finished review in turn."""
    review: Review = request.getfixturevalue(request.param)
    return review
