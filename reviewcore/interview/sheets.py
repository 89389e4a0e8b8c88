"""The coordinator's schedule, with names: a paper that never leaves the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby

from attrs import astuple, frozen


@frozen
class Appointment:
    """One interview as the coordinator needs it: who, where and when."""

    day: str
    start: str
    end: str
    room: int
    team: str
    members: str
    token: str
    case: str
    worker: str
    supervisor: str


@frozen
class SeenAppointment:
    """One interview of a case review with one key person, with everything that the team needs on the day."""

    day: str
    team: str
    start: str
    end: str
    name: str
    role: str
    place: str
    interpreter: str
    consent: str
    case: str
    session: str
    supervisor: str


@frozen
class SignIn:
    """A focus group's meeting, and the names of those who are asked to it."""

    key: str
    title: str
    day: str
    start: str
    end: str
    place: str
    names: tuple[str, ...]


@frozen
class Member:
    """One member of a team."""

    team: str
    name: str
    county: str
    peer: bool
    program: str


_COLUMNS = (("Start", 10), ("End", 10), ("Room", 7), ("Team", 7), ("Review team", 44), ("Session", 13),
            ("Case", 16), ("Worker", 26), ("Supervisor, as asked", 26))  # fmt: skip
_SEEN_COLUMNS = (("Team", 6), ("Start", 10), ("End", 10), ("Who", 24), ("Role", 22), ("Where", 22),
                 ("Interpreter", 11), ("Consent", 12), ("Case", 12), ("Session", 11),
                 ("Supervisor, as asked", 20))  # fmt: skip
_TEAM_COLUMNS = (("Team", 7), ("Name", 30), ("County", 22), ("Peer county", 12), ("Program", 20))


_ON_A_PAGE = 55  # as many rows of a day can still be read where they are printed on one page


def schedule_book(
    title: str,
    appointments: Sequence[Appointment],
    members: Sequence[Member],
    created: datetime,
    seen: Sequence[SeenAppointment] = (),
) -> bytes:
    """Return the schedule as a workbook, a sheet for each day and one for the teams.

    Where teams see key people, `seen`, each day's sheet lists these, team by team.
    """
    from io import BytesIO

    from xlsxwriter import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": f"{title}: schedule of interviews", "created": created})
    head = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    bold = book.add_format({"bold": True, "font_size": 14})

    def sheet(
        name: str, heading: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]
    ) -> None:
        page = book.add_worksheet(name)
        page.write_string(0, 0, heading, bold)
        page.write_string(1, 0, "For the coordinator. This list has names: keep it in the office.")
        for column, (label, width) in enumerate(columns):
            page.set_column(column, column, width)
            page.write_string(3, column, label, head)
        for number, row in enumerate(rows, start=4):
            lines = max(-(-len(text) // width) for text, (_, width) in zip(row, columns, strict=True))
            if lines > 1:  # not every program makes a row as tall as its text
                page.set_row(number, 15 * lines + 2)
            for column, text in enumerate(row):
                page.write_string(number, column, text, plain)
        page.set_landscape()
        page.set_paper(1)
        page.set_margins(0.6, 0.6, 0.5, 0.6)
        page.fit_to_pages(1, 1 if len(rows) <= _ON_A_PAGE else 0)
        page.repeat_rows(3)
        page.freeze_panes(4, 0)
        page.set_footer("&LConfidential&RPage &P of &N")

    columns = _SEEN_COLUMNS if seen else _COLUMNS
    listed: Sequence[Appointment | SeenAppointment] = seen or appointments
    for day, group in groupby(listed, key=lambda one: one.day):
        rows = [tuple(str(value) for value in astuple(one)[1:]) for one in group]
        sheet(day or "To be agreed", f"{title}: {_day(day)}", columns, rows)
    team_rows = [(m.team, m.name, m.county, "yes" if m.peer else "", _program(m.program)) for m in members]
    shown = len(_TEAM_COLUMNS) if any(m.program for m in members) else -1  # not all reviews have programs
    sheet("Teams", f"{title}: review teams", _TEAM_COLUMNS[:shown], [row[:shown] for row in team_rows])
    book.close()
    return target.getvalue()


def sign_in_book(title: str, contact: str, groups: Sequence[SignIn], created: datetime) -> bytes:
    """Return the sign-in sheets of the focus groups, one to print for each, with who is asked to it (QSR-4)."""
    from io import BytesIO

    from xlsxwriter import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": f"{title}: sign-in sheets of the focus groups", "created": created})
    head = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True})
    line = book.add_format({"valign": "vcenter", "border": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "font_size": 14})
    for number, group in enumerate(groups, start=1):
        page = book.add_worksheet(f"Group {number}")
        for column, width in enumerate((5, 44, 44)):
            page.set_column(column, column, width)
        page.write_string(0, 0, f"{title}: sign-in sheet", bold)
        page.write_string(1, 0, group.title, bold)
        page.write_string(
            2, 0, f"{_day(group.day)}, {clock(group.start)} to {clock(group.end)}, {group.place}"
        )
        page.merge_range(3, 0, 3, 2, _SIGNING.format(contact=contact), text)
        page.set_row(3, 66)
        for column, label in enumerate(("No.", "Name", "Signature")):
            page.write_string(5, column, label, head)
        for row, name in enumerate((*group.names, "", ""), start=6):
            page.set_row(row, 26)
            page.write_string(row, 0, str(row - 5) if name else "", line)
            page.write_string(row, 1, name, line)
            page.write_blank(row, 2, None, line)
        page.set_paper(1)
        page.fit_to_pages(1, 1)
        page.set_footer("&LConfidential: for the review office alone&RPage &P of &N")
    book.close()
    return target.getvalue()


_SIGNING = (
    "To sign says that you came, and nothing else. Nobody has to stay, and nobody has to speak. What is said "
    "here is noted without a name, and this sheet is kept apart from the notes. Only the number of people goes "
    "into the review. The sheet stays in the review office and is destroyed when the review is closed. "
    "Questions: {contact}."
)


def _program(name: str) -> str:
    """Say the word of the people list as a person would write it."""
    return name.replace("-", " ").replace("_", " ").strip().capitalize()


def _day(day: str) -> str:
    if not day:
        return "time to be agreed"
    said = date.fromisoformat(day)
    return f"{said:%A}, {said:%B} {said.day}, {said.year}"


def clock(at: str) -> str:
    """Say a time of day.

    >>> clock("13:30")
    '1:30 p.m.'
    """
    said = time.fromisoformat(at)
    return f"{(said.hour - 1) % 12 + 1}:{said.minute:02} {'a.m.' if said.hour < 12 else 'p.m.'}"
