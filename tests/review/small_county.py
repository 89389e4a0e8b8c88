"""A small made-up county whose review the tests run: eleven cases, two teams, a fixed clock, a given key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from reviewcore import Review
from reviewcore.demo.county import County, make
from reviewcore.demo.run import return_tools
from reviewcore.profile.new import new
from reviewcore.store.keys import KeyFolder

NOW = datetime(2027, 5, 3, 17, 0, tzinfo=UTC)
DICE = "dice 314159265358979323846264"
AGENCY, REVIEW = "birch", "birch-2027"


def begin(root: Path, *, cases: int = 60) -> County:
    """Write the county's review folder, and keys that do not change from run to run."""
    county = make("Birch", cases=cases, teams=2)
    totals = {"lists.people.control_total": len(county.people), "lists.cases.control_total": cases}
    new(root / "review", "pqcr-birch", values=totals)
    profile = root / "review" / "review.toml"
    profile.write_text(
        profile.read_text().replace("quota = 4", "quota = 3")
    )  # as many as its workers can supply
    county.write(root / "review")
    for number, name in enumerate((REVIEW, "ledger")):
        path = KeyFolder(root / "keys").path(AGENCY, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number + 1:064x}\n")
    return county


def opened(root: Path, **how: object) -> Review:
    """Open the county's review."""
    return Review.open(root / "review", keys=root / "keys", clock=lambda: NOW, actor="tester", **how)  # type: ignore[arg-type]


def letters(review: Review) -> None:
    """Write the letters that can be written, and hand them over."""
    review.notify()
    review.notify(approve=True)


def journey(root: Path) -> Review:
    """Run the whole review, as far as it is not done yet."""
    review = opened(root)
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    if not list((root / "review" / "returned").iterdir()):
        return_tools(review)
    review.run()
    return review
