"""A made-up county with 5,000 listed cases: `prepare` makes it and fills in its tools, `run` reviews it.

Filling in the tools is the review teams' work; `run` finds them filled in, and does all that is the engine's.
"""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from reviewcore import Review
from reviewcore.demo.chance import dice
from reviewcore.demo.county import make
from reviewcore.demo.run import return_tools
from reviewcore.profile.new import new

CASES, CASELOAD = 5000, 20
NOW = datetime(2027, 4, 5, 17, tzinfo=UTC)


def opened() -> Review:
    """Open the review in this folder."""
    return Review.open("review", keys=Path("keys"), clock=lambda: NOW, actor="benchmark")


def letters(review: Review) -> None:
    """Write the letters that can be written, and hand them over."""
    review.notify()
    review.notify(approve=True)


def until_interviews() -> Review:
    """Run the review as far as it goes without completed tools."""
    review = opened()
    review.select()
    letters(review)
    review.select([f"dice {dice('Alder')}"])
    letters(review)
    review.interview()
    letters(review)
    return review


def prepare() -> None:
    """Make the county, and keep its lists, its keys and its filled-in tools."""
    county = make(cases=CASES, caseload=CASELOAD)
    totals = {"lists.people.control_total": len(county.people), "lists.cases.control_total": CASES}
    new(Path("review"), "pqcr-alder", values=totals)
    county.write(Path("review"))
    shutil.copytree("review", "untouched")
    return_tools(until_interviews())
    shutil.move("review/returned", "tools")
    shutil.rmtree("review")
    Path("untouched").rename("review")
    Path("ledger.db").unlink()


def run() -> None:
    """Review the county from its lists to its report."""
    review = until_interviews()
    shutil.copytree("tools", "review/returned", dirs_exist_ok=True)
    steps = review.run()
    assert [step.stage for step in steps if step.look][-1] == "report", steps


if __name__ == "__main__":
    {"prepare": prepare, "run": run}[sys.argv[1]]()
