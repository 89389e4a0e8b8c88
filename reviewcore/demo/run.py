"""The demo: a whole review of a made-up county, by the same steps and the same files as a real one."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import define, frozen

from reviewcore.demo.answers import fill_in
from reviewcore.demo.chance import Chance, dice
from reviewcore.demo.county import make
from reviewcore.errors import Refused
from reviewcore.review import Review
from reviewcore.start import new_review
from reviewcore.store.files import write_whole

if TYPE_CHECKING:
    from reviewcore.notification.state import LettersState

PROFILES = {"pqcr": "pqcr-alder"}
MARK = "made-up.txt"
_MARK_TEXT = "Everything in this folder is made up. `reviewcore demo` may replace it.\n"


@frozen
class Told:
    """What the demo did, in a dozen lines, and the folder of the review that it made."""

    folder: Path
    lines: tuple[str, ...]


@define
class _Clock:
    """The time in the made-up county, moved on from stage to stage."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def run_demo(type_name: str, into: Path, *, cases: int = 480, caseload: float = 5.2) -> Told:
    """Make up a county with so many open cases and run its whole review in `into`.

    An earlier demo there is replaced; anything else is left alone, and Refused is raised.
    """
    if type_name not in PROFILES:
        raise Refused(f"there is no demo of '{type_name}'; there are {', '.join(PROFILES)}")
    _clear(into)
    folder, keys = into / "review", into / "keys"
    county = make(cases=cases, caseload=caseload)
    totals = {"lists.people.control_total": len(county.people), "lists.cases.control_total": cases}
    new_review(folder, PROFILES[type_name], values=totals)
    county.write(folder)

    clock = _Clock(datetime(2027, 1, 4, 17, tzinfo=UTC))
    review = Review.open(folder, keys=keys, clock=clock, actor="demo", debug=True)
    calendar = review.profile.calendar

    def on(days: int) -> None:
        day = calendar.event_start + timedelta(days=days)
        clock.now = datetime.combine(day, time(9), ZoneInfo(calendar.time_zone))

    def letters() -> None:
        review.notify()
        review.notify(approve=True)

    lines = [f"{county.name} County, made up: {len(county.people)} people, {cases} open cases."]
    on(-90)
    review.check()
    review.select()
    letters()
    on(-45)
    selected = review.select([f"dice {dice(county.name)}"])
    lines += [f"The list was sealed, then dice were rolled: {selected.did[-1]}."]
    letters()
    _answer_letters(review)
    on(-30)
    lines += [f"Planned: {review.interview().did[0]}."]
    letters()
    on(4)
    tools = return_tools(review)
    on(20)
    steps = {step.stage: step for step in review.run()}
    verified = review.verify()
    handed = sum(one.approved for one in _letters(review).counts())
    lines += [
        f"{handed} letters were written, looked at and handed over, with invitations, each once.",
        f"{tools} completed tools came back as workbooks and were taken in.",
        *(f"Report to the {line}." for line in steps["report"].did),
        f"Verified: {len(verified.checked)} checks hold, {len(verified.wrong)} do not.",
        "Open:",
        *(
            f"  {folder / path}"
            for path in (
                "publications/agency/1/report.html",
                "publications/state/1/report.docx",
                "papers/letters/outbox.xlsx",
                "papers/schedule/schedule.xlsx",
                "papers/selection/commitment.txt",
            )
        ),
        f"And try: reviewcore status {folder} --keys {keys}",
    ]
    return Told(folder, tuple(lines))


def _clear(into: Path) -> None:
    if into.exists() and any(into.iterdir()):
        if not (into / MARK).is_file():
            raise Refused(f"{into} is not empty and holds no demo; choose another folder with --into")
        shutil.rmtree(into)
    write_whole(into / MARK, _MARK_TEXT.encode())


def _letters(review: Review) -> LettersState:
    from reviewcore.notification.stage import state

    return state(review.records.log)


def _answer_letters(review: Review) -> None:
    """Let selected workers answer their letter; one in eight asks that their supervisor sits in."""
    rows = ["letter,answer,supervisor"]
    for letter in _letters(review).handed_over():
        if letter.role == "selected worker" and letter.confirm:
            asks = Chance("demo", "asks", letter.id).happens(1 / 8)
            rows.append(f"{letter.id},yes,{'yes' if asks else ''}")
    replies = review.folder / "replies.csv"
    replies.write_text("\n".join(rows) + "\n", encoding="utf-8")
    review.replies(replies)


def return_tools(review: Review) -> int:
    """Fill in every session's workbook as a team would, into the folder that they come back to."""
    from reviewcore.interview.sessions import expected_of
    from reviewcore.interview.stage import filled

    plan, fields = review.plugins.interview(review.profile.settings), review.type.cases().fields
    sessions = expected_of(review.records.log, plan, fields)
    for token, (instrument, row) in sessions.items():
        made = fill_in(instrument, row, token)
        workbook = filled(
            review.records, review.profile, plan, token,
            answers=made.answers, not_applicable=made.not_applicable, notes=made.notes, fields=fields,
        )  # fmt: skip
        (review.folder / "returned" / f"{token}.xlsx").write_bytes(workbook)
    return len(sessions)
