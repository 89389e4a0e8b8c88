"""The workbook that a team fills in off line: one per session, with drop-downs, and no name in it.

Sheets: "Read me" (how to fill it in, who sees it, whom to tell of a danger), "Tool" (the questions),
"Interviews" (whom the team sees, where a case has key people), "Scales" (what each answer means), "Notes"
(free text, where the tool asks for any) and a hidden one that says which session it belongs to. Everything
but the entry cells is protected, without a password.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import define, field

from reviewcore.interview import talks as seen
from reviewcore.interview.guide import Notice, guide
from reviewcore.interview.instruments import answers_of, shown
from reviewcore.interview.plan import Instrument
from reviewcore.interview.questions import LARGEST, Answer, Question, questions
from reviewcore.interview.skipping import formula, said
from reviewcore.interview.talks import Held, Talk
from reviewcore.language import Row

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FORMAT = "reviewcore tool 1"
"""What the hidden sheet says first, so that a workbook is known for ours."""

READ_ME, TOOL, SCALES, NOTES, ABOUT = "Read me", "Tool", "Scales", "Notes", "About"
KEY, NUMBER, WORDS, ANSWER, REASON = range(5)
"""The columns of "Tool" from 0. The first, hidden, holds the key of the question; so it does in "Notes"."""

NOTE = 2
"""The column of "Notes" that the text is typed in."""

POINTER = f"Write it on the sheet {NOTES}"
"""What "Tool" says instead of an answer where free text is asked for."""

HEAD = 3
"""The row, from 0, that holds the column headings of "Tool", "Scales" and "Notes"."""
_ROW_HIGH = 15.0  # points, of a row of one line
_SCALE = 92  # percent, at which the questions fit the width of a letter page on its side
_PAPER_HIGH = 6.9 * 72 * 100 / _SCALE  # points that a page has room for, rather too few
_HEAD_HIGH = 2 * _ROW_HIGH  # points, of the headings that stand on every page

_MESSAGE = 255  # Excel's limit for the message beside a cell
_INK, _PALE, _ENTRY, _GREY = "#1F3A5F", "#E4EBF3", "#FFFBE6", "#767676"


def write(
    instrument: Instrument,
    token: str,
    fields: Row,
    notice: Notice,
    created: datetime,
    *,
    answers: Mapping[str, Answer] | None = None,
    not_applicable: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    talks: Sequence[Talk] = (),
    held: Mapping[str, Held] | None = None,
) -> bytes:
    """Return the workbook of one session, the same bytes for the same arguments.

    `fields` are the case's declared fields: they decide which questions are left out, and are not
    written. `talks` are the interviews with key people. `answers`, `not_applicable`, `notes` and, by
    interview, `held` fill it in as a person would.
    """
    from io import BytesIO

    from xlsxwriter import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties(
        {"title": f"{instrument.title}, session {token}", "subject": notice.review, "created": created,
         "comments": f"Tool {instrument.key}, version {instrument.version}"}
    )  # fmt: skip
    page = _Pages(book, instrument, token, questions(instrument, fields), talks)
    page.read_me(notice)
    page.tool(answers or {}, not_applicable or {})
    page.interviews(held or {})
    page.scales()
    page.notes(notes or {})
    page.about()
    book.close()
    return target.getvalue()


@define
class _Pages:
    book: Workbook
    instrument: Instrument
    token: str
    asked: Sequence[Question]
    talks: Sequence[Talk] = ()
    sheets: dict[str, Worksheet] = field(factory=dict)
    styles: dict[str, Any] = field(factory=dict)
    lists: dict[tuple[str, ...], str] = field(factory=dict, init=False)
    high: dict[tuple[str, int], float] = field(factory=dict, init=False)
    """By sheet and row, how high it was made, in points."""

    def __attrs_post_init__(self) -> None:
        top = {"text_wrap": True, "valign": "top"}
        entry = {**top, "bg_color": _ENTRY, "border": 1, "border_color": _GREY, "locked": False}
        for name, style in {
            "title": {"bold": True, "font_size": 16, "font_color": _INK},
            "plain": top,
            "bold": {**top, "bold": True},
            "choice": {**top, "indent": 2},
            "head": {**top, "bold": True, "bg_color": _INK, "font_color": "#FFFFFF"},
            "section": {"bold": True, "font_size": 12, "font_color": _INK, "bg_color": _PALE},
            "entry": {**entry, "num_format": "@"},
            "number": {**entry, "num_format": "0", "align": "left"},
            "skip": {"font_color": _GREY, "bg_color": "#EEEEEE", "italic": True},
            "link": {**top, "font_color": _INK, "underline": 1},
        }.items():
            self.styles[name] = self.book.add_format(style)
        names = [
            READ_ME,
            TOOL,
            *([seen.SHEET] if self.talks else []),
            SCALES,
            *([NOTES] if self._texts() else []),
            ABOUT,
        ]
        self.sheets = {name: self.book.add_worksheet(name) for name in names}
        self.lists = self._list_places()

    def _texts(self) -> list[Question]:
        return [question for question in self.asked if question.item.kind == "text"]

    def _tables(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """Return the tables of "Scales": a heading, and each answer with what it means."""
        users: dict[tuple[bool, tuple[tuple[str, str], ...]], list[int]] = {}
        for question in self.asked:
            item = question.item
            answers = tuple((shown(code), code.anchor) for code in answers_of(self.instrument, item))
            reasons = tuple((reason, "") for reason in item.not_applicable)
            for why, rows in ((False, answers), (True, reasons)):
                if rows:
                    users.setdefault((why, rows), []).append(question.number)
        return [
            (("Why it may not apply: " if why else "Answers to ") + _numbered(numbers), rows)
            for (why, rows), numbers in users.items()
        ]

    def _list_places(self) -> dict[tuple[str, ...], str]:
        places, row = {}, HEAD + 1
        for _, rows in self._tables():
            first, last = row + 2, row + 1 + len(rows)  # as people number rows
            places[tuple(text for text, _ in rows)] = f"={SCALES}!$A${first}:$A${last}"
            row = last  # from 0, the heading of the next table
        return places

    # -- sheets ---------------------------------------------------------------------------------------

    def read_me(self, notice: Notice) -> None:
        """Write the first sheet: how to fill the workbook in, and what becomes of it (ALL-1, ALL-2)."""
        sheet = self._begin(READ_ME, f"{self.instrument.title}: session {self.token}", (("", 78),))
        row = HEAD
        for heading, paragraphs in guide(self.instrument, notice):
            sheet.write_string(row, 0, heading, self.styles["section"])
            for number, text in enumerate(paragraphs, start=1):
                self._tall(sheet, row + number, (text, 78))
                sheet.write_string(row + number, 0, text, self.styles["plain"])
            row += len(paragraphs) + 2
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def tool(self, answers: Mapping[str, Answer], reasons: Mapping[str, str]) -> None:
        """Write the questions, each with its entry cells, drop-downs and condition."""
        columns = (("", 2), ("No.", 5), ("Question", 62), ("Answer", 34),
                   ("Does not apply, because", 30))  # fmt: skip
        sheet = self._begin(TOOL, self.instrument.title, columns)
        sheet.set_column(KEY, KEY, 2, None, {"hidden": True})
        row, section, cells = HEAD, "", dict[str, str]()
        starts: list[int] = []
        for question in self.asked:
            row += 1
            starts.append(row)
            if question.section != section:
                section = question.section
                for column in (NUMBER, ANSWER, REASON):
                    sheet.write_blank(row, column, None, self.styles["section"])
                sheet.write_string(row, WORDS, section, self.styles["section"])
                row += 1
            first, cells[question.item.key] = row, f"$D${row + 1}"
            row = self._question(sheet, row, question, answers, reasons.get(question.item.key, ""))
            if question.when is not None:
                test = formula(question.when, self.instrument, cells, self._cell_of)
                sheet.conditional_format(
                    first, NUMBER, row, REASON,
                    {"type": "formula", "criteria": f"=NOT({test})", "format": self.styles["skip"]},
                )  # fmt: skip
        self._break_pages(sheet, starts, row)
        sheet.ignore_errors({"number_stored_as_text": f"D{HEAD + 2}:E{row + 1}"})
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _question(
        self, sheet: Worksheet, row: int, question: Question, answers: Mapping[str, Answer], reason: str
    ) -> int:
        """Write one question from `row` on and return its last row."""
        item = question.item
        sheet.write_string(row, KEY, item.key)
        sheet.write_number(row, NUMBER, question.number, self.styles["bold"])
        longest = max(
            (f"{code.label} {code.code}" for code in answers_of(self.instrument, item)), key=len, default=""
        )
        self._tall(sheet, row, (self._words(question), 62), (longest if item.kind != "many" else "", 34))
        sheet.write_string(row, WORDS, self._words(question), self.styles["plain"])
        answer = answers.get(item.key)
        if item.not_applicable:
            self._pick(
                sheet, row, REASON, item.not_applicable, reason, "Leave the answer empty if it does not."
            )
        if item.kind == "text":
            place = HEAD + 2 + self._texts().index(question)
            target = f"internal:'{NOTES}'!C{place + 1}"
            sheet.write_url(row, ANSWER, target, self.styles["link"], POINTER)
            return row
        if item.kind == "number":
            self._number(sheet, row, answer)
        elif item.kind == "many":
            for code in item.choices:
                row += 1
                sheet.write_string(row, KEY, f"{item.key}/{code.code}")
                self._tall(sheet, row, (shown(code), 58))
                sheet.write_string(row, WORDS, shown(code), self.styles["choice"])
                given = "" if not isinstance(answer, tuple) else "yes" if code.code in answer else "no"
                given = "" if given == "no" and answer else given  # a person marks what is there
                self._pick(sheet, row, ANSWER, ("yes", "no"), given, code.anchor)
            return row
        else:
            codes = answers_of(self.instrument, item)
            texts = {code.code: shown(code) for code in codes}
            given = "" if answer is None else texts[str(answer)]
            anchors = [f"{shown(code)}: {code.anchor}" for code in codes if code.anchor]
            self._pick(sheet, row, ANSWER, tuple(texts.values()), given, "\n".join(anchors))
        name = f"answer_{question.number}_{item.key.replace('-', '_')}"
        self.book.define_name(name, f"={TOOL}!$D${row + 1}")
        return row

    def _words(self, question: Question) -> str:
        item, lines = question.item, [question.item.words]
        if question.when is not None:
            lines.append(f"Only if {said(question.when, self.instrument, self.asked)}.")
        if item.kind == "many":
            lines.append("Mark every one that fits with yes. If none does, mark each with no.")
        if not item.required:
            lines.append("You may leave this one empty.")
        return "\n".join([*lines, item.help] if item.help else lines)

    def _pick(
        self, sheet: Worksheet, row: int, column: int, choices: tuple[str, ...], given: str, message: str
    ) -> None:
        source = list(choices) if choices == ("yes", "no") else self.lists[choices]
        sheet.data_validation(
            row, column, row, column,
            {"validate": "list", "source": source, "error_title": "Please choose from the list",
             "error_message": f"Only the answers in the list can be counted. See the sheet {SCALES}.",
             "input_title": "Choose from the list", "input_message": _short(message)},
        )  # fmt: skip
        self._enter(sheet, row, column, given)

    def _enter(self, sheet: Worksheet, row: int, column: int, given: str) -> None:
        if given:
            sheet.write_string(row, column, given, self.styles["entry"])
        else:
            sheet.write_blank(row, column, None, self.styles["entry"])

    def _number(self, sheet: Worksheet, row: int, answer: Answer | None) -> None:
        sheet.data_validation(
            row, ANSWER, row, ANSWER,
            {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": LARGEST,
             "error_title": "A whole number, please", "error_message": "Type a whole number, 0 or more.",
             "input_title": "A whole number", "input_message": "0 or more, without words"},
        )  # fmt: skip
        if answer is None:
            sheet.write_blank(row, ANSWER, None, self.styles["number"])
        else:
            sheet.write_number(row, ANSWER, int(str(answer)), self.styles["number"])

    def interviews(self, held: Mapping[str, Held]) -> None:
        """Write one row for every key person whom the team sees, to say whether it came about (QSR-3)."""
        if not self.talks:
            return
        sheet = self._begin(seen.SHEET, f"{self.instrument.title}: interviews", seen.COLUMNS)
        sheet.set_column(KEY, KEY, 2, None, {"hidden": True})
        seen.fill_sheet(sheet, HEAD + 1, self.talks, held, self.styles)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def scales(self) -> None:
        """Write what each answer means; the drop-downs take their lists from here."""
        columns = (("Answer", 44), ("What it means", 80))
        sheet, row = self._begin(SCALES, f"{self.instrument.title}: what the answers mean", columns), HEAD + 1
        for heading, rows in self._tables():
            sheet.write_string(row, 0, heading, self.styles["section"])
            sheet.write_blank(row, 1, None, self.styles["section"])
            for number, (text, anchor) in enumerate(rows, start=1):
                self._tall(sheet, row + number, (text, 42), (anchor, 80))
                sheet.write_string(row + number, 0, text, self.styles["bold"])
                sheet.write_string(row + number, 1, anchor, self.styles["plain"])
            row += len(rows) + 1
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def notes(self, notes: Mapping[str, str]) -> None:
        """Write one row for every question that asks for free text."""
        texts = self._texts()
        if not texts:
            return
        columns = (("", 2), ("Question", 50), ("Your notes", 90))
        sheet = self._begin(NOTES, f"{self.instrument.title}: notes", columns)
        sheet.set_column(KEY, KEY, 2, None, {"hidden": True})
        sheet.write_string(HEAD + 1, 1, "Write no names and no case numbers here.", self.styles["bold"])
        for row, question in enumerate(texts, start=HEAD + 2):
            sheet.set_row(row, 110)
            sheet.write_string(row, KEY, question.item.key)
            text = f"{question.number}. {self._words(question)}"
            if question.item.posted:
                text += "\nThis goes on the group's own paper."
            sheet.write_string(row, 1, text, self.styles["plain"])
            self._enter(sheet, row, NOTE, notes.get(question.item.key, ""))
            name = f"answer_{question.number}_{question.item.key.replace('-', '_')}"
            self.book.define_name(name, f"={NOTES}!$C${row + 1}")
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def about(self) -> None:
        """Write the hidden sheet that says what this workbook is."""
        sheet = self.sheets[ABOUT]
        for row, (name, value) in enumerate(
            (("format", FORMAT), ("session", self.token), ("tool", self.instrument.key),
             ("version", self.instrument.version),
             *([("interviews", " ".join(one.key for one in self.talks))] if self.talks else []))
        ):  # fmt: skip
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, value)
        sheet.protect("")
        sheet.very_hidden()

    def _break_pages(self, sheet: Worksheet, starts: Sequence[int], last: int) -> None:
        """Let no page end with a section's heading, or within a question: `starts` are their first rows.

        The paper's scale is set by hand, since programs keep to page breaks only then.
        """
        sheet.set_print_scale(_SCALE)
        breaks, used = [], sum(self._high(sheet, row) for row in range(HEAD + 1))
        for first, after in zip(starts, [*starts[1:], last + 1], strict=True):
            high = sum(self._high(sheet, row) for row in range(first, after))
            if used + high > _PAPER_HIGH and used > _HEAD_HIGH:
                breaks.append(first)
                used = _HEAD_HIGH
            used += high
        sheet.set_h_pagebreaks(breaks)

    def _high(self, sheet: Worksheet, row: int) -> float:
        return self.high.get((sheet.get_name(), row), _ROW_HIGH)

    # -- common ---------------------------------------------------------------------------------------

    def _begin(self, name: str, title: str, columns: Sequence[tuple[str, int]]) -> Worksheet:
        """Lay out a sheet: title, session, headings that stay in view, and the printed page."""
        sheet = self.sheets[name]
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            if heading:
                sheet.write_string(HEAD, column, heading, self.styles["head"])
        first = 1 if columns[0][0] == "" and len(columns) > 1 else 0
        sheet.write_string(0, first, title, self.styles["title"])
        sheet.write_string(1, first, self._line())
        sheet.set_paper(1)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.8, 0.7)
        # The token stands on the right, and is never cut short there.
        sheet.set_header(f"&L{_plain(title.removesuffix(f': session {self.token}'))}&RSession {self.token}")
        sheet.set_footer(f"&L{_plain(self._line())}&RPage &P of &N")
        if len(columns) > 1:
            sheet.set_landscape()
            sheet.repeat_rows(HEAD)
            sheet.freeze_panes(HEAD + 1, 0)
        return sheet

    def _tall(self, sheet: Worksheet, row: int, *texts: tuple[str, int]) -> None:
        """Make a row as tall as its wrapped texts need, each with its column's width: not every program does so."""
        lines = max(
            sum(-(-len(line) * 10 // (width * 11)) or 1 for line in text.split("\n")) for text, width in texts
        )
        if lines > 1:
            self.high[sheet.get_name(), row] = 15 * lines + 2
            sheet.set_row(row, 15 * lines + 2)

    def _line(self) -> str:
        return f"Session {self.token}, tool {self.instrument.key}, version {self.instrument.version}"

    def _cell_of(self, codes: tuple[str, ...], index: int) -> str:
        """Return the cell of "Scales" that holds one answer of a list of them."""
        first = int(self.lists[codes].split("$")[2].rstrip(":"))
        return f"{SCALES}!$A${first + index}"


def _numbered(numbers: Sequence[int]) -> str:
    """Name questions, three or more that follow each other by the first and the last.

    >>> _numbered([3]), _numbered([1, 2, 4, 5, 6, 9])
    ('question 3', 'questions 1, 2, 4 to 6, 9')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"question{'s' if len(numbers) > 1 else ''} {', '.join(said)}"


def _short(text: str) -> str:
    end = f" ... (more on the sheet {SCALES})"
    return text if len(text) <= _MESSAGE else text[: _MESSAGE - len(end)] + end


def _plain(text: str) -> str:
    """Return a text for a page's header or footer, where & begins a command and room is short."""
    return text[:80].replace("&", "&&")
