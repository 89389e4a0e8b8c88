"""Long work on the command line: one quiet line where somebody watches, nothing else, and an end to it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from unittest import mock

import pytest

from reviewcore.errors import Refused
from reviewcore.pace import Pace
from tests.cli.command_line import on, surroundings
from tests.review.small_county import opened

County = Callable[[str], Path]


def watched(root: Path, command: str, *options: str) -> tuple[str, str]:
    """Call a command with a terminal for its standard error; return what went out, and what the terminal got."""
    ours, theirs = pty.openpty()
    where = (root / "review", "--keys", root / "keys", "--as", "tester", *options)
    with subprocess.Popen(
        [sys.executable, "-m", "reviewcore", command, *map(str, where)],
        stdout=subprocess.PIPE, stderr=theirs, env=surroundings(), encoding="utf-8",
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 4096):
                shown += data
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 0, shown.decode()
    return said, shown.decode()


@pytest.mark.parametrize(
    ("name", "command", "line"),
    [
        ("answered", "aggregate", "tables for the agency: measures: 20 left"),
        ("tabulated", "report", "publications/agency/1/report.html"),
        ("answered", "run", "tables for the agency: measures: 20 left"),
    ],
)
def test_who_watches_sees_one_line_that_is_gone_in_the_end(
    county: County, name: str, command: str, line: str
) -> None:
    """If this fails, whoever waits for minutes sees nothing, or what was said is lost among what was going on."""
    out, shown = watched(county(name), command)
    assert line in shown
    said = [part.strip() for part in shown.split("\r") if part.strip()]
    assert all(len(part) < 200 and "\n" not in part for part in said[:-1])
    assert shown.rpartition(line)[2].rstrip("\n").endswith("\r") or "waits for" in said[-1]
    assert "\r" not in out
    assert line not in out
    assert out.startswith(("aggregate", "report", "select"))


def test_where_nobody_watches_nothing_is_said(county: County) -> None:
    """If this fails, a program that reads JSON, or a log of a night's run, is full of half lines."""
    root = county("answered")
    out, shown = watched(root, "aggregate", "--json")
    assert json.loads(out)
    assert shown == ""
    said = on(root, "report")
    assert said.code == 0
    assert said.err == ""
    assert "\r" not in said.out


def test_when_the_time_is_up_nothing_is_published_and_more_time_helps(county: County) -> None:
    """If this fails, protecting goes on for ever, or what was half done is published."""
    root = county("answered")
    review = opened(root)
    with (
        mock.patch("reviewcore.pace.monotonic", side_effect=count(step=1000)),
        pytest.raises(Refused, match=r"tables\.minutes"),
    ):
        review.aggregate()
    assert not review.records.log.events("aggregation.tabulated")
    told: list[str] = []
    assert review.aggregate(tell=told.append).did
    assert review.records.log.events("aggregation.tabulated")
    assert told[0] == "tables for the agency: measures: 20 left"


def test_the_pace_says_how_much_time_is_left() -> None:
    """If this fails, one step of the work is given more time than there is for all of it."""
    assert Pace().seconds() is None
    left = Pace.of(None, 2).seconds()
    assert left is not None
    assert 115 < left <= 120
    assert Pace(until=0.0).seconds() == 0.0
