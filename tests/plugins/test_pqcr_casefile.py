"""The PQCR plugin on a case file that was not made for it, with caseloads as a state's were."""

from __future__ import annotations

import csv
from pathlib import Path

import pqcr_casefile
import pytest
from attrs import evolve
from pqcr_examples import example
from reviewcore_pqcr import PQCR

from reviewcore.demo.answers import fill_in
from reviewcore.language import Row, holds


@pytest.fixture
def cases(tmp_path: Path) -> list[dict[str, str]]:
    """Return the rows of the case list as written."""
    with pqcr_casefile.write(tmp_path)[1].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields(case: dict[str, str]) -> Row:
    """Return a row's declared fields as values."""
    return {
        "program": case["program"],
        "placement": case["placement"],
        "months_open": int(case["months_open"]),
        "focus": case["focus"] == "yes",
    }


def test_the_plan_fits_the_case_file(cases: list[dict[str, str]]) -> None:
    """PQCR-2, PQCR-4: if this fails, a plan for one case a worker cannot be filled from an ordinary case file."""
    settings = example("birch").settings
    programs = tuple(evolve(one, quota=n) for one, n in zip(settings.programs, (8, 4), strict=True))
    plan = PQCR().selection(evolve(settings, programs=programs))
    assert plan.eligible is not None
    eligible = [case for case in cases if holds(plan.eligible, fields(case))]
    assert 0 < len(eligible) < len(cases)
    for stratum in plan.strata:
        assert stratum.where is not None
        there = [case for case in eligible if holds(stratum.where, fields(case))]
        assert len({case["worker_id"] for case in there}) >= stratum.quota


def test_every_case_can_be_reviewed(cases: list[dict[str, str]]) -> None:
    """PQCR-3: if this fails, the tool asks of some case what its fields rule out, or nothing on the focus area."""
    [tool] = PQCR().interview(example("birch").settings).instruments
    focus = [section for section in tool.sections if section.title.startswith("Focus area")]
    for case in cases:
        filled = fill_in(tool, fields(case), case["case_id"])
        given = {*filled.answers, *filled.not_applicable}
        assert all(
            (item.key in given) == (item.when is None or holds(item.when, fields(case)))
            for item in tool.items()
            if item.required
        )
        assert any(item.key in given for section in focus for item in section.items)


def test_the_same_lists_every_time(tmp_path: Path) -> None:
    """If this fails, a draw on this county cannot be repeated."""
    (tmp_path / "two").mkdir()
    one = [path.read_bytes() for path in pqcr_casefile.write(tmp_path)]
    assert one == [path.read_bytes() for path in pqcr_casefile.write(tmp_path / "two")]
