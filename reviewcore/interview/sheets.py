"""The coordinator's schedule, with names: a paper that never leaves the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
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
class Member:
    """One member of a team."""

    team: str
    name: str
    county: str
    peer: bool
    program: str


_COLUMNS = (("Start", 8), ("End", 8), ("Room", 7), ("Team", 7), ("Review team", 44), ("Session", 13),
            ("Case", 16), ("Worker", 26), ("Supervisor, as asked", 26))  # fmt: skip
_TEAM_COLUMNS = (("Team", 7), ("Name", 30), ("County", 22), ("Peer county", 12), ("Program", 20))


def schedule_book(
    title: str, appointments: Sequence[Appointment], members: Sequence[Member], created: datetime
) -> bytes:
    """Return the schedule as a workbook, a sheet for each day and one for the teams."""
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
        page.fit_to_pages(1, 0)
        page.repeat_rows(3)
        page.freeze_panes(4, 0)
        page.set_footer("&LConfidential&RPage &P of &N")

    for day, group in groupby(appointments, key=lambda one: one.day):
        rows = [tuple(str(value) for value in astuple(one)[1:]) for one in group]
        said = date.fromisoformat(day)
        sheet(day, f"{title}: {said:%A}, {said:%B} {said.day}, {said.year}", _COLUMNS, rows)
    team_rows = [(m.team, m.name, m.county, "yes" if m.peer else "", m.program) for m in members]
    sheet("Teams", f"{title}: review teams", _TEAM_COLUMNS, team_rows)
    book.close()
    return target.getvalue()
