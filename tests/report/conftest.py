"""What the tests of the report need of the machine."""

import os
import shutil
from collections.abc import Callable

import pytest


@pytest.fixture
def need() -> Callable[[str], str]:
    """Return the path of a program; skip where it is absent, fail where REVIEWCORE_REQUIRE=all demands it."""

    def find(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            why = f"{program} is not installed here"
            if os.environ.get("REVIEWCORE_REQUIRE") == "all":
                pytest.fail(why)
            pytest.skip(why)
        return path

    return find
