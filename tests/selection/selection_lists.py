"""Made-up lists for the tests of case selection, and a review's records in a folder."""

from __future__ import annotations

from datetime import UTC, date, datetime

from reviewcore.language import All, Compare, Field
from reviewcore.selection.casedraw import Blinding
from reviewcore.selection.plan import SelectionPlan, Stratum
from reviewcore.selection.values import FrameRow
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key
from reviewcore.store.log import Log, table
from reviewcore.store.records import Records

KEY = bytes(range(32))
AT = datetime(2027, 1, 11, 17, 0, 0, tzinfo=UTC)
DICE = "dice 3141 5926 5358 9793 2384 6264"
FIELDS = {
    one.name: one
    for one in (
        Field("program", "choice", choices=("child-welfare", "probation")),
        Field("days_open", "number", "days open"),
        Field("opened", "date", required=False),
        Field("closed", "flag"),
    )
}
PLAN = SelectionPlan(
    (
        Stratum("child-welfare", 6, Compare("program", "is", "child-welfare"), "Child welfare"),
        Stratum("probation", 3, Compare("program", "is", "probation"), "Juvenile probation"),
    ),
    All((Compare("days_open", "at_least", 60), Compare("closed", "is", False))),
)


def row(number: int, worker: int, family: str = "", **fields) -> FrameRow:
    """A listed case, blinded as the register blinds it."""
    blind = Blinding(KEY)
    known = {"program": "child-welfare", "days_open": 90, "opened": date(2026, 9, 1), "closed": False}
    return FrameRow(
        blind.case(f"C{number:03}"),
        blind.worker(f"W{worker:03}"),
        blind.unit("North"),
        family,
        f"member {number}",
        known | fields,
    )


def county() -> list[FrameRow]:
    """Forty cases of child welfare by twelve workers, twenty of probation by five, and seven left out."""
    rows = [row(number, number % 12) for number in range(40)]
    rows += [row(number, 20 + number % 5, program="probation") for number in range(40, 60)]
    rows += [row(number, 1, days_open=10) for number in range(60, 63)]
    rows += [row(number, 1, days_open=None) for number in range(63, 65)]
    return [*rows, row(65, 2, closed=True), row(66, 2, program=None)]


def records(folder) -> Records:
    """A review's records in an empty folder."""
    engine = connect(sqlite_url(folder / "review.db"), table().metadata, "log")
    return Records(folder, Log(engine, "alder", "alder-2027", lambda: AT, "test"), Key(KEY), lambda _: ())
