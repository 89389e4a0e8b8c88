"""A small county's review, run by the command line and kept as it stood after every command."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attrs import frozen

from reviewcore.demo.run import return_tools
from tests.cli.command_line import Said, on
from tests.review.small_county import DICE, begin, opened


@frozen
class Journey:
    """What each command said, and a folder with the county as it was after it."""

    said: Mapping[str, Said]
    folder: Path


STEPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("sealed", "select", ("--commit",)),
    ("written", "notify", ()),
    ("approved", "notify", ("--approve", "--yes")),
    ("drawn", "select", ("--seed", DICE)),
    ("told", "notify", ("--approve", "--yes")),
    ("planned", "interview", ()),
    ("invited", "notify", ("--approve", "--yes")),
    ("answered", "interview", ()),
    ("tabulated", "aggregate", ()),
    ("reported", "report", ()),
    ("closed", "close", ("--yes",)),
)
"""Each step of a review: how the county stands after it, and the command that makes it so."""


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """Run the county's whole review by its commands."""
    folder = tmp_path_factory.mktemp("journey")
    before = folder / "fresh"
    begin(before)
    said = {}
    for name, command, options in STEPS:
        shutil.copytree(before, folder / name)
        if name == "answered":
            return_tools(opened(folder / name))
        said[name] = on(folder / name, command, *options)
        assert said[name].code == 0, said[name].words
        before = folder / name
    return Journey(said, folder)


@pytest.fixture
def county(journey: Journey, tmp_path: Path) -> Callable[[str], Path]:
    """Return a copy of the county as it stood after a step, to do with as one likes."""

    def at(name: str) -> Path:
        shutil.copytree(journey.folder / name, tmp_path / name)
        return tmp_path / name

    return at
