"""Reading a returned workbook: everything that was filled in, or every problem by sheet and cell.

Nothing is guessed and nothing is dropped: an entry that cannot be counted is a problem. Messages name the
cell and say what would be right; they never repeat what was typed. The file is only read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, field, frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.interview.instruments import answers_of, folded, shown
from reviewcore.interview.plan import Code, Instrument
from reviewcore.interview.questions import LARGEST, Answer, Question, applies, listed, questions
from reviewcore.interview.skipping import said
from reviewcore.interview.talks import SHEET as INTERVIEWS
from reviewcore.interview.talks import Held, read_sheet
from reviewcore.interview.workbook import (
    ABOUT,
    ANSWER,
    FORMAT,
    HEAD,
    KEY,
    NOTE,
    NOTES,
    POINTER,
    READ_ME,
    REASON,
    SCALES,
    TOOL,
)
from reviewcore.language import Row, names
from reviewcore.store.files import digest

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Grid = list[list[Any]]
_COLUMNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@frozen
class Expected:
    """What a session's workbook must be: its instrument, the case's declared fields, all its interviews."""

    instrument: str
    fields: Row
    talks: frozenset[str] = frozenset()


@frozen
class Returned:
    """A returned workbook in full. `notes` is free text: it goes to the vault and nowhere else."""

    token: str
    instrument: str
    version: str
    answers: Mapping[str, Answer]
    not_applicable: Mapping[str, str]
    notes: Mapping[str, str]
    sha256: str
    held: Mapping[str, Held] = Factory(dict)
    cells: Mapping[str, str] = Factory(dict)
    """Where each note stands, as in "C7"."""


def read(path: Path, instruments: Mapping[str, Instrument], sessions: Mapping[str, Expected]) -> Returned:
    """Return what a workbook says; raise BadInput with every problem. `sessions` holds the known tokens."""
    data = path.read_bytes()
    book = _open(path.name, data)
    token, instrument = _whose(path.name, book, instruments, sessions)
    reading = _Reading(path.name, instrument, questions(instrument, sessions[token].fields))
    reading.tool(_grid(book, TOOL))
    if any(question.item.kind == "text" for question in reading.asked):
        reading.free_text(_grid(book, NOTES))
    about = {_text(_at(row, 0)): _text(_at(row, 1)) for row in _grid(book, ABOUT) or []}
    keys = about.get("interviews", "").split()
    held, wrong = read_sheet(path.name, _grid(book, INTERVIEWS), keys, sessions[token].talks, HEAD + 1)
    reading.problems += wrong
    reading.other_sheets(book, [INTERVIEWS] if keys else [])
    reading.judge()
    if reading.problems:
        raise BadInput(reading.problems)
    return Returned(
        token,
        instrument.key,
        instrument.version,
        reading.answers,
        reading.reasons,
        reading.notes,
        digest(data),
        held,
        {key: f"{_COLUMNS[NOTE]}{reading.texts[key] + 1}" for key in reading.notes},
    )


def _open(name: str, data: bytes) -> CalamineWorkbook:
    from io import BytesIO
    from zipfile import is_zipfile

    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    what = "this is not a whole Excel workbook (.xlsx): it may be only half copied; copy or save it again"
    try:
        if is_zipfile(BytesIO(data)):
            return CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        what = "this workbook has a password: save it again without one"
    except CalamineError:
        pass
    raise BadInput([Problem(name, what)])


def _grid(book: CalamineWorkbook, sheet: str) -> Grid | None:
    """Return the cells of a sheet from A1 on; None where there is no such sheet or it cannot be read."""
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError:
        return None


def _whose(
    name: str, book: CalamineWorkbook, instruments: Mapping[str, Instrument], sessions: Mapping[str, Expected]
) -> tuple[str, Instrument]:
    """Return the session and instrument that a workbook says it is for, if they are this review's."""
    grid = _grid(book, ABOUT) or []
    about = {_text(_at(row, 0)): _text(_at(row, 1)) for row in grid}
    if about.get("format") != FORMAT:
        what = "this is not a workbook that this review has handed out; use the session's own workbook"
        raise BadInput([Problem(name, what)])
    token = about.get("session", "")
    if token not in sessions:
        what = (
            "its session is not one of this review's: it may be from another review or from an earlier draw"
        )
        raise BadInput([Problem(name, what)])
    instrument = instruments[sessions[token].instrument]
    found = []
    if about.get("tool") != instrument.key:
        found.append(f"session {token} is held with the tool '{instrument.key}', and this is another tool")
    elif about.get("version") != instrument.version:
        found.append(
            f"session {token} is held with version {instrument.version} of the tool, and this is another version; "
            "carry the answers over into the session's own workbook"
        )
    if found:
        raise BadInput([Problem(name, what) for what in found])
    return token, instrument


@define
class _Reading:
    """One workbook as it is read. `cells` says where each answer, choice or reason stands."""

    file: str
    instrument: Instrument
    asked: Sequence[Question]
    answers: dict[str, Answer] = field(factory=dict)
    reasons: dict[str, str] = field(factory=dict)
    notes: dict[str, str] = field(factory=dict)
    problems: list[Problem] = field(factory=list)
    rows: dict[str, int] = field(factory=dict)
    texts: dict[str, int] = field(factory=dict)
    doubtful: set[str] = field(factory=set)

    def note(self, sheet: str, what: str, row: int | None = None, column: int = ANSWER) -> None:
        """Keep a problem with a sheet, or with one of its cells."""
        cell = "" if row is None else f" cell {_COLUMNS[column]}{row + 1}"
        self.problems.append(Problem(f"{self.file} sheet {sheet}{cell}", what))

    def tool(self, grid: Grid | None) -> None:
        """Read the sheet "Tool"."""
        if grid is None:
            self.doubtful |= {question.item.key for question in self.asked}
            return self.note(TOOL, "the sheet is missing or was renamed; give it its name back")
        keys = [
            key
            for question in self.asked
            for key in (question.item.key, *(f"{question.item.key}/{c.code}" for c in question.item.choices))
            if question.item.kind == "many" or "/" not in key
        ]
        self.rows = self._places(TOOL, grid, keys, (ANSWER, REASON))
        for question in self.asked:
            item, row = question.item, self.rows.get(question.item.key)
            if row is None:
                self.doubtful.add(item.key)
                continue
            self._reason(question, row, _at(grid[row], REASON))
            if item.kind == "many":
                self._many(question, grid)
            elif (value := _at(grid[row], ANSWER)) != "" and item.kind != "text":
                self._single(question, row, value)
            elif value not in ("", POINTER):
                self.note(
                    TOOL, f"free text belongs on the sheet {NOTES}, in the row of the same question", row
                )
        return None

    def _places(
        self, sheet: str, grid: Grid, keys: Sequence[str], entries: tuple[int, ...]
    ) -> dict[str, int]:
        """Return the row of every key, and tell of rows that are missing, doubled or not ours."""
        found: dict[str, int] = {}
        for row, cells in enumerate(grid):
            key = _text(_at(cells, KEY))
            if row > HEAD and key in keys:
                if key in found:
                    self.note(
                        sheet, f"the question of row {found[key] + 1} stands here again; delete it", row, KEY
                    )
                found.setdefault(key, row)
                columns = range(max(entries) + 1, len(cells))
            else:
                columns = range(min(entries), 0 if row == HEAD else len(cells))  # HEAD holds the headings
            for column in columns:
                if _at(cells, column) != "":
                    what = (
                        "something stands outside of the entry cells and cannot be counted; move or delete it"
                    )
                    self.note(sheet, what, row, min(column, 25))
        missing = [key for key in keys if key not in found]
        if missing:
            self.note(
                sheet,
                f"{len(missing)} of the tool's {len(keys)} rows are missing, the first is '{missing[0]}'; "
                "carry the answers over into the session's own workbook",
            )
        return found

    def _reason(self, question: Question, row: int, value: Any) -> None:
        if value == "":
            return
        item = question.item
        for reason in item.not_applicable:
            if folded(_text(value)) == folded(reason):
                self.reasons[item.key] = reason
                return
        self.doubtful.add(item.key)
        right = "; ".join(item.not_applicable) or "none is offered here, so leave the cell empty"
        self.note(TOOL, f"this is not one of the reasons: {right}", row, REASON)

    def _single(self, question: Question, row: int, value: Any) -> None:
        item, codes = question.item, answers_of(self.instrument, question.item)
        answer = _whole(value) if item.kind == "number" else _code(codes, value)
        if answer is not None:
            self.answers[item.key] = answer
            return
        self.doubtful.add(item.key)
        if item.kind == "number":
            self.note(TOOL, f"this is not a whole number from 0 to {LARGEST}", row)
        else:
            self.note(TOOL, f"this is not one of the answers: {listed(self.instrument, item)}", row)

    def _many(self, question: Question, grid: Grid) -> None:
        item, chosen, answered = question.item, [], False
        if _at(grid[self.rows[item.key]], ANSWER) != "":
            self.note(TOOL, "the answer belongs in the rows below, one for each choice", self.rows[item.key])
        for code in item.choices:
            row = self.rows.get(f"{item.key}/{code.code}")
            mark = "" if row is None else folded(_text(_at(grid[row], ANSWER)))
            if mark in ("yes", "y", "x", "true"):
                chosen.append(code.code)
            elif mark not in ("", "no", "n", "false"):
                self.doubtful.add(item.key)
                self.note(TOOL, "this is neither yes nor no", row)
            answered = answered or mark != ""
            if row is not None and _at(grid[row], REASON) != "":
                self.note(TOOL, "the reason belongs beside the question, in its own row", row, REASON)
        if answered and item.key not in self.doubtful:
            self.answers[item.key] = tuple(chosen)

    def free_text(self, grid: Grid | None) -> None:
        """Read the sheet "Notes"."""
        texts = [question.item.key for question in self.asked if question.item.kind == "text"]
        if grid is None:
            self.doubtful |= set(texts)
            return self.note(NOTES, "the sheet is missing or was renamed; give it its name back")
        self.texts = self._places(NOTES, grid, texts, (NOTE,))
        for key, row in self.texts.items():
            if (text := _text(_at(grid[row], NOTE))).strip():
                self.notes[key] = text
        self.doubtful |= set(texts) - set(self.texts)
        return None

    def other_sheets(self, book: CalamineWorkbook, more: Sequence[str] = ()) -> None:
        """Tell of sheets that somebody has added, so that what stands there is not lost."""
        ours = {READ_ME, TOOL, SCALES, NOTES, ABOUT, *more}
        texts = any(question.item.kind == "text" for question in self.asked)
        if not {TOOL, *([NOTES] if texts else []), *more} <= set(book.sheet_names):
            return  # one of ours was renamed, which has been told already
        for number, name in enumerate(book.sheet_names, start=1):
            grid = [] if name in ours else _grid(book, name) or []
            if any(value != "" for row in grid for value in row):
                place = f"{self.file} sheet number {number}"
                what = "this sheet is not part of the tool and cannot be counted; move what it says into the tool"
                self.problems.append(Problem(place, what))

    def judge(self) -> None:
        """Hold the answers together: what is asked is answered, once, and what is not asked is not."""
        for question in self.asked:
            item, key = question.item, question.item.key
            row = self.rows.get(key)
            open_to = names(question.when) if question.when else frozenset()
            if key in self.doubtful or open_to & self.doubtful:
                self.doubtful.add(key)
                continue
            answered = key in self.answers or key in self.notes
            sheet, column = (NOTES, NOTE) if item.kind == "text" else (TOOL, ANSWER)
            place = self.texts.get(key) if item.kind == "text" else row
            if item.kind == "many" and item.choices:
                place = self.rows.get(f"{key}/{item.choices[0].code}", row)
            if not applies(question, self.answers):
                if answered or key in self.reasons:
                    when = said(question.when, self.instrument, self.asked) if question.when else ""
                    what = f"this is only asked if {when}, which is not so here; empty it, or correct that answer"
                    self.note(sheet, what, place, column) if answered else self.note(TOOL, what, row, REASON)
            elif answered and key in self.reasons:
                what = "there is an answer and a reason why the question does not apply; empty one of them"
                self.note(sheet, what, place, column)
            elif item.required and not answered and key not in self.reasons:
                how = "choose an answer" if item.kind in ("scale", "choice") else "fill it in"
                other = ", or the reason why it does not apply" if item.not_applicable else ""
                self.note(sheet, f"question {question.number} has no answer yet; {how}{other}", place, column)


def _at(cells: Sequence[Any], column: int) -> Any:
    """Return a cell's value; "" where it is empty or holds only spaces."""
    value = cells[column] if column < len(cells) else ""
    return "" if isinstance(value, str) and not value.strip() else value


def _text(value: Any) -> str:
    """Return a cell as it was typed: a spreadsheet keeps the number 3 as 3.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _code(codes: Sequence[Code], value: Any) -> str | None:
    """Return the code that an entry stands for: the answer as listed, its code alone, or its label alone."""
    typed = folded(_text(value))
    for way in (shown, lambda code: code.code, lambda code: code.label):
        for code in codes:
            if folded(way(code)) == typed:
                return code.code
    whole = _whole(value)  # "3.0", as some programs save a typed 3
    return next((code.code for code in codes if whole is not None and code.code == str(whole)), None)


def _whole(value: Any) -> int | None:
    """Return a whole number from 0 that was typed as a number or as text; None for anything else."""
    text = _text(value).strip()
    head, _, tail = text.partition(".")
    if not (head.isascii() and head.isdigit() and not tail.strip("0")) or isinstance(value, bool):
        return None
    return int(head) if len(head.lstrip("0")) <= len(str(LARGEST)) and int(head) <= LARGEST else None
