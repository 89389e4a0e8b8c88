"""A small made-up WIC agency whose in-service the tests run: two clinics, a fixed clock, given keys."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from reviewcore import Review
from reviewcore.demo import caseload, inservice
from reviewcore.profile.new import new
from reviewcore.store.keys import KeyFolder

NOW = datetime(2027, 9, 1, 17, 0, tzinfo=UTC)
AGENCY, REVIEW = "fir-wic", "fir-2027"
CLINICS = ("Firth", "Lakeside")
ATTENDED = 17


def begin(root: Path, review: str = REVIEW) -> Path:
    """Write the agency's review folder, and keys that do not change from run to run; return the folder."""
    folder = root / ("review" if review == REVIEW else review)
    new(folder, "caseload-fir", values={"id": review})
    people = caseload.write(folder, "Fir", CLINICS)
    profile = folder / "review.toml"
    profile.write_text(profile.read_text().replace("control_total = 0", f"control_total = {people}"))
    for number, name in enumerate((review, "ledger")):
        path = KeyFolder(root / "keys").path(AGENCY, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number + 1:064x}\n")
    return folder


def opened(root: Path, folder: str = "review") -> Review:
    """Open the agency's review."""
    return Review.open(root / folder, keys=root / "keys", clock=lambda: NOW, actor="tester")


def before(root: Path, folder: str = "review") -> Review:
    """Run the review up to the reports that the session looks at, as far as it is not done yet."""
    review = opened(root, folder)
    review.select()
    review.notify()
    review.notify(approve=True)
    review.interview()
    if not review.records.log.last("interview.answered"):
        review.aggregate()
        review.report()
    return review


def journey(root: Path) -> Review:
    """Run the whole review, as far as it is not done yet."""
    review = before(root)
    if not list((root / "review" / "returned").iterdir()):
        inservice.record(review, ATTENDED)
    review.run()
    return review


def changed(folder: Path, name: str, change: dict[tuple[str, ...], dict[str, int]]) -> None:
    """Add to the counts of an extract, in the rows that begin with these values; totals follow by themselves."""
    path = folder / name
    with path.open(newline="", encoding="utf-8") as file:
        headings, *rows = list(csv.reader(file))
    for start, add in change.items():
        for row in rows:
            if row[: len(start)] == list(start) or (
                row[0] == "Fir" and start[0] != "Fir" and row[1 : len(start)] == list(start[1:])
            ):
                for column, number in add.items():
                    at = headings.index(column)
                    row[at] = str(int(row[at]) + number)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
