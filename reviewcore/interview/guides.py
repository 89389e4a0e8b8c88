"""Session guides as Word documents: the agenda at its times of day, and what the facilitator says and posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reviewcore.errors import Problem
from reviewcore.interview.agenda import needed, stretched
from reviewcore.interview.guide import Notice
from reviewcore.interview.plan import Guide, InterviewPlan, Step
from reviewcore.store.files import stamped

if TYPE_CHECKING:
    from docx.document import Document

    from reviewcore.profile.settings import Meeting


def too_long(
    plan: InterviewPlan, meetings: Mapping[str, Meeting], held: Iterable[tuple[str, str]]
) -> list[Problem]:
    """Return what stands against the guides: an agenda longer than its meeting.

    `held` are the kinds of session that gather people, each with the meeting at which it is held.
    """
    found = []
    for kind, key in held:
        for guide in plan.guides:
            if guide.session != kind or key not in meetings:
                continue
            have, least = _minutes(meetings[key]), needed(guide.steps)
            if have < least:
                what = (
                    f"'{guide.title}' needs at least {least} minutes, and this meeting has {have}; let it end "
                    f"{least - have} minutes later, or begin earlier"
                )
                found.append(Problem("review.toml", what, f"meetings.{key}"))
    return found


def agenda(guide: Guide, meeting: Meeting) -> Iterator[str]:
    """Yield the agenda as it fits the meeting, a line for each part."""
    start = datetime.combine(meeting.date, meeting.start)
    minutes, planned = _minutes(meeting), sum(step.minutes for step in guide.steps)
    fitted = "as it is" if minutes == planned else f"planned for {planned}"
    yield f"agenda of {minutes} minutes ({fitted}):"
    for step, begin, given in _timed(guide.steps, stretched(guide.steps, minutes), start):
        yield f"  {_clock(begin)}, {given} minutes: {step.title}"


def write(guide: Guide, gathering: Mapping[str, Any], notice: Notice, created: datetime) -> bytes:
    """Return the guide for one group's own meeting, the same bytes for the same arguments.

    `gathering` is the session as it is scheduled: its title, day, times and place.
    """
    import docx

    start, end = (
        datetime.fromisoformat(f"{gathering['day']}T{gathering[name]}") for name in ("start", "end")
    )
    minutes = int((end - start).total_seconds()) // 60
    document = docx.Document()
    made = document.core_properties
    made.author = made.last_modified_by = notice.agency
    made.title, made.language, made.revision, made.comments = guide.title, "en-US", 1, ""
    made.created = made.modified = created.astimezone(UTC).replace(tzinfo=None)
    _page(document)
    document.add_heading(guide.title, level=0)
    document.add_paragraph(
        f"{gathering['title']}. {start:%A}, {start:%B} {start.day}, {start.year}, {_clock(start)} to "
        f"{_clock(end)}, {gathering['place']}. {notice.review}, {notice.agency}."
    )
    document.add_paragraph(guide.intro)
    if guide.objectives:
        document.add_heading("What the session is for", level=1)
        _bullets(document, guide.objectives, "List Number")
    if guide.bring:
        document.add_heading("What to bring", level=1)
        _bullets(document, guide.bring)
    document.add_heading("Agenda", level=1)
    timed = list(_timed(guide.steps, stretched(guide.steps, minutes), start))
    _agenda(document, timed, bool(guide.objectives))
    left_out = [
        step.title
        for step, given in zip(guide.steps, stretched(guide.steps, minutes), strict=True)
        if not given
    ]
    if left_out:
        document.add_paragraph(f"Left out for want of time: {', '.join(left_out)}.")
    document.add_heading("Say this at the opening", level=1)
    _bullets(document, _promises(notice))
    for step, begin, given in timed:
        document.add_heading(f"{_clock(begin)}  {step.title} ({given} minutes)", level=2)
        _bullets(document, step.lines)
        for post in step.posts:
            document.paragraphs[-1].paragraph_format.keep_with_next = True
            paragraph = document.add_paragraph()
            paragraph.add_run("Put up for all to see: ").bold = True
            paragraph.add_run(post)
    packed = BytesIO()
    document.save(packed)
    return stamped(packed.getvalue())


def _promises(notice: Notice) -> tuple[str, ...]:
    """Return what everybody in the room is told (ALL-1, ALL-2)."""
    safety = f"{notice.safety_name}, {notice.safety_phone}, {notice.safety_email}"
    return (
        "Taking part is your choice. You may pass on any question, leave at any time, or ask for an interpreter.",
        "Notes are taken of what is said, never of who said it. Only themes are reported, and nobody is quoted.",
        "What is said here is not repeated outside by any of us.",
        f"Questions about the review go to {notice.contact}, {notice.contact_phone}, {notice.contact_email}.",
        f"If you are under pressure because of it, or fear that you will be: {safety}.",
        f"If somebody may be in danger, it goes at once to {safety}, and not through these notes.",
    )


def _timed(
    steps: Sequence[Step], given: Sequence[int], start: datetime
) -> Iterable[tuple[Step, datetime, int]]:
    at = start
    for step, minutes in zip(steps, given, strict=True):
        if minutes:
            yield step, at, minutes
            at += timedelta(minutes=minutes)


def _agenda(document: Document, timed: Sequence[tuple[Step, datetime, int]], objectives: bool) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Inches

    heads = ("Time", "Minutes", "What", *(("Aims",) if objectives else ()))
    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    row_head = table.rows[0]._tr.get_or_add_trPr()
    row_head.append(OxmlElement("w:tblHeader"))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for step, begin, minutes in timed:
        said = (_clock(begin), str(minutes), step.title, ", ".join(map(str, step.objectives)))
        for cell, text in zip(table.add_row().cells, said[: len(heads)], strict=True):
            cell.text = text
    table.autofit = False
    for column, wide in zip(table.columns, (1.1, 0.9, 3.6, 0.9), strict=False):
        column.width = Inches(wide)
        for cell in column.cells:
            cell.width = Inches(wide)
    for row in table.rows[:-1]:  # a page does not end within the agenda
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _page(document: Document) -> None:
    """Set the page so that a session of three hours is led from three pages."""
    from docx.shared import Inches, Pt

    section = document.sections[0]
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin = section.bottom_margin = Inches(0.8)
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)


def _bullets(document: Document, lines: Iterable[str], style: str = "List Bullet") -> None:
    for line in lines:
        document.add_paragraph(line, style)


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'a.m.' if at.hour < 12 else 'p.m.'}"


def _minutes(meeting: Meeting) -> int:
    return (meeting.end.hour - meeting.start.hour) * 60 + meeting.end.minute - meeting.start.minute
