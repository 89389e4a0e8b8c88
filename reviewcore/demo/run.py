"""The demo: a whole review of a made-up county, by the same steps and the same files as a real one."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import define, frozen

from reviewcore.demo import inservice
from reviewcore.demo.answers import fill_in, seen
from reviewcore.demo.chance import Chance, dice
from reviewcore.demo.kinds import KINDS
from reviewcore.errors import Refused
from reviewcore.review import Review
from reviewcore.start import new_review
from reviewcore.store.files import write_whole

if TYPE_CHECKING:
    from reviewcore.notification.state import LettersState

IN_SERVICE = "caseload"
"""The one type that draws nobody; its demo goes another way."""

TYPES = (*KINDS, IN_SERVICE)
"""The review types that have a demo."""

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


def run_demo(type_name: str, into: Path, *, cases: int | None = None) -> Told:
    """Make up a county, with so many open cases, and run its whole review in `into`.

    An earlier demo there is replaced; anything else is left alone, and Refused is raised.
    """
    if type_name not in TYPES:
        raise Refused(f"there is no demo of '{type_name}'; there are {', '.join(TYPES)}")
    _clear(into)
    folder, keys = into / "review", into / "keys"
    if type_name == IN_SERVICE:
        return _in_service(folder, keys)
    kind = KINDS[type_name]()
    made = kind.make(cases)
    totals = {"lists.people.control_total": made.people, "lists.cases.control_total": made.cases}
    new_review(folder, kind.profile, values=totals)
    made.write(folder)

    clock = _Clock(datetime(2027, 1, 4, 17, tzinfo=UTC))
    review = Review.open(folder, keys=keys, clock=clock, actor="demo", debug=True)
    calendar = review.profile.calendar

    def on(days: int) -> None:
        day = calendar.event_start + timedelta(days=days)
        clock.now = datetime.combine(day, time(9), ZoneInfo(calendar.time_zone))

    def letters() -> None:
        review.notify()
        review.notify(approve=True)

    lines = [f"{made.name} County, made up: {made.people} people, {made.cases} open cases."]
    on(-90)
    review.check()
    review.select()
    letters()
    on(-45)
    selected = review.select([f"dice {dice(made.name)}"])
    lines += [f"The list was sealed, then dice were rolled: {'; '.join(selected.did[1:])}."]
    made.drawn(review)
    letters()
    _answer_letters(review)
    on(-30)
    planned = [one for one in review.interview().did if not one.endswith("completed tools taken in")]
    lines += [f"Planned: {'; '.join(planned)}."]
    letters()
    _answer_letters(review)
    review.interview()
    on(4)
    tools = return_tools(review)
    on(20)
    review.interview()
    quoted = _approve_quotes(review)
    steps = {step.stage: step for step in review.run()}
    verified = review.verify()
    handed = sum(one.approved for one in _letters(review).counts())
    lines += [
        f"{handed} letters were written, looked at and handed over, with invitations, each once.",
        f"{tools} completed tools came back as workbooks and were taken in.",
        *([f"{quoted} sentences that focus groups agreed to were approved to be quoted."] if quoted else []),
        *(f"Report to the {line}." for line in steps["report"].did),
        f"Verified: {len(verified.checked)} checks hold, {len(verified.wrong)} do not.",
        "Open:",
        *(f"  {folder / path}" for path in kind.look),
        f"And try: reviewcore status {folder} --keys {keys}",
    ]
    return Told(folder, tuple(lines))


def _in_service(folder: Path, keys: Path) -> Told:
    """Run the in-service of a made-up agency: reports before the session, and the report after it."""
    folder.mkdir(parents=True)
    people = inservice.write(folder)
    new_review(folder, inservice.PROFILE, values={"lists.people.control_total": people})
    clock = _Clock(datetime(2027, 1, 4, 17, tzinfo=UTC))
    review = Review.open(folder, keys=keys, clock=clock, actor="demo", debug=True)
    calendar = review.profile.calendar

    def on(days: int) -> None:
        day = calendar.event_start + timedelta(days=days)
        clock.now = datetime.combine(day, time(9), ZoneInfo(calendar.time_zone))

    on(-35)
    review.check()
    invited = review.select()
    review.notify()
    review.notify(approve=True)
    on(-7)
    coming = inservice.answer(review)
    planned = review.interview()
    review.aggregate()
    before = review.report()
    on(1)
    inservice.record(review, coming)
    after = {step.stage: step for step in review.run()}["report"]
    verified = review.verify()
    handed = sum(one.approved for one in _letters(review).counts())
    told = (
        (
            f"{inservice.NAME} County WIC, made up: {people} people, {len(inservice.CLINICS)} clinics. "
            f"{invited.did[0][:1].upper()}{invited.did[0][1:]}."
        ),
        f"{handed} letters were written, looked at and handed over, each once; {coming} staff can come.",
        f"The session: {planned.did[0]}, with a guide at its times of day.",
        *(f"Caseload reports for the session, for the {line}." for line in before.did),
        f"{coming} people took part. The record came back; goal and plan are the group's own paper.",
        *(f"Report to the {line}." for line in after.did if ", publication 2" in line),
        f"Verified: {len(verified.checked)} checks hold, {len(verified.wrong)} do not.",
        "Open:",
        *(
            f"  {folder / path}"
            for path in (
                "papers/guides/everyone-agenda.docx",
                "publications/agency/1/report.html",
                "papers/plans",
                "publications/agency/2/report.docx",
                "papers/letters/outbox.xlsx",
            )
        ),
        f"And try: reviewcore status {folder} --keys {keys}",
    )
    return Told(folder, told)


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
    """Let those who are asked answer their letter, once: few say no; one worker in eight wants their supervisor."""
    now = _letters(review)
    rows = ["letter,answer,supervisor"]
    for letter in now.handed_over():
        chance = Chance("demo", "asks", letter.id)
        if not letter.confirm or letter.id in now.replies:
            continue
        if letter.role == "selected worker":
            rows.append(f"{letter.id},yes,{'yes' if chance.happens(1 / 8) else ''}")
        elif letter.role == "key person" or letter.role.startswith("drawn for "):
            rows.append(f"{letter.id},{'yes' if chance.happens(0.94) else 'no'},")
    replies = review.folder / "replies.csv"
    replies.write_text("\n".join(rows) + "\n", encoding="utf-8")
    review.replies(replies)


def _approve_quotes(review: Review) -> int:
    """Approve what focus groups agreed to be quoted, each sentence once; return how many there are."""
    fit = {one.text: one.name for one in review.quotes() if not one.why_not}
    for name in fit.values():
        review.quote(name, approve=True)
    return len(fit)


def return_tools(review: Review) -> int:
    """Fill in every session's workbook as a team would, into the folder that they come back to."""
    from reviewcore.interview.sessions import expected_of
    from reviewcore.interview.stage import filled

    plan, fields = review.plugins.interview(review.profile.settings), review.type.cases().fields
    sessions = expected_of(review.records.log, plan, fields)
    to_see = review.talks()
    for token, (instrument, row) in sessions.items():
        made = fill_in(instrument, row, token)
        workbook = filled(
            review.records, review.profile, plan, token,
            answers=made.answers, not_applicable=made.not_applicable, notes=made.notes, fields=fields,
            talks=to_see.get(token, ()), held=seen(to_see.get(token, ())),
        )  # fmt: skip
        (review.folder / "returned" / f"{token}.xlsx").write_bytes(workbook)
    return len(sessions)
