"""A small made-up county with a quality service review: eight cases, three teams, a fixed clock, given keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from small_county import letters

from reviewcore import Review
from reviewcore.demo.cedar import Cedar, make
from reviewcore.demo.run import return_tools
from reviewcore.profile.new import new
from reviewcore.store.keys import KeyFolder

NOW = datetime(2027, 2, 8, 17, 0, tzinfo=UTC)
DICE = "dice 314159265358979323846264"
FILE = "key_people.xlsx"


def begin(root: Path, *, cases: int = 90) -> Cedar:
    """Write the county's review folder, and keys that do not change from run to run."""
    county = make("Dogwood", cases, 3, ("Lakeside", "Uplands"))
    totals = {"lists.people.control_total": len(county.people), "lists.cases.control_total": cases}
    new(root / "review", "qsr-dogwood", values=totals)
    county.write(root / "review")
    for number, name in enumerate(("dogwood-2027", "ledger")):
        path = KeyFolder(root / "keys").path("dogwood", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number + 1:064x}\n")
    return county


def opened(root: Path, clock: Callable[[], datetime] = lambda: NOW) -> Review:
    """Open the county's review."""
    return Review.open(root / "review", keys=root / "keys", clock=clock, actor="tester")


def drawn(root: Path) -> Review:
    """Run the review up to the draw; the key people are not listed yet."""
    review = opened(root)
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    return review


def journey(root: Path, county: Cedar) -> Review:
    """Run the whole review, as far as it is not done yet."""
    review = drawn(root)
    if not (root / "review" / FILE).exists():
        county.write_key_people(root / "review" / FILE, review.drawn_cases())
    review.interview()
    letters(review)
    if not list((root / "review" / "returned").iterdir()):
        return_tools(review)
    review.run()
    return review
