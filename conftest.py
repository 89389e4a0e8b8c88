"""The examples in the docstrings, the README and the documentation are run as tests, as they stand there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def reader() -> Iterator[None]:
    """Stand where a reader stands: in a folder with the README's review in it, and with a home of their own."""
    from reviewcore.demo.county import make
    from reviewcore.profile.new import new

    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        folder = Path(scratch)
        patch.setenv("HOME", scratch)  # where keys go by default
        patch.setenv("USERPROFILE", scratch)
        county = make("Alder")
        totals = {
            "lists.people.control_total": len(county.people),
            "lists.cases.control_total": len(county.cases),
        }
        new(folder / "alder-2027", "pqcr-alder", values=totals)
        county.write(folder / "alder-2027")
        before = Path.cwd()
        os.chdir(folder)
        yield
        os.chdir(before)  # before the folder goes: Windows deletes none that somebody stands in


docstrings = Sybil(parsers=[DocTestParser()], path=str(HERE / "reviewcore"), patterns=["**/*.py"])
pages = Sybil(
    parsers=[PythonCodeBlockParser()],
    path=str(HERE),
    patterns=["README.md", "docs/*.md"],
    fixtures=["reader"],
)
_collectors: Any = (docstrings.pytest(), pages.pytest())


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the examples of a file, where it is one that may hold some."""
    found = (collect(file_path, parent) for collect in _collectors)
    return next((one for one in found if one), None)
