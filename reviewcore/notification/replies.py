"""Replies: recorded by hand or from a CSV file; all are kept, and the last yes or no holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from attrs import frozen

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.notification import blanks
from reviewcore.notification.state import ANSWERS, Answer, LettersState, Reply, state
from reviewcore.store.log import Log
from reviewcore.store.records import Records

_COLUMNS = ("letter", "answer", "supervisor")
_FLAGS = {"yes": True, "no": False, "": False}


@frozen
class Replied:
    """A reply to one letter, by its id."""

    letter: str
    reply: Reply


def reply(records: Records, letter: str, answer: Answer, supervisor: bool = False) -> bool:
    """Record one reply; return False where it is what was recorded last, and nothing was written.

    `supervisor` is a selected worker's own request that their supervisor sits in (PQCR-3). Raise Refused
    where there is no such letter, it has not gone out, or the answer is none of yes, no and receipt.
    """
    if answer not in ANSWERS:
        raise Refused(f"an answer is one of {', '.join(ANSWERS)}")
    wrong = _wrong(state(records.log), letter, supervisor)
    if wrong:
        raise Refused(f"{wrong} (nothing was recorded)")
    return record(records, [Replied(letter, Reply(answer, supervisor))]) == 1


def record(records: Records, replies: Iterable[Replied]) -> int:
    """Record checked replies, all or none, leaving out those recorded last already; return how many were new.

    A calendar's reply is left out, too, where a later one of that letter is on record.
    """
    now = state(records.log)
    new = []
    for one in replies:
        letter = now.letters[one.letter].reminds or one.letter  # who answers a reminder answers the letter
        before = now.replies.get(letter, ())
        read_before = one.reply.stamp and any(reply.stamp >= one.reply.stamp for reply in before)
        if before[-1:] != (one.reply,) and not read_before:
            new.append((letter, one.reply))
    if new:
        records.log.append_all(("letters.replied", _body(letter, reply)) for letter, reply in new)
    return len(new)


def _body(letter: str, reply: Reply) -> dict[str, object]:
    stamp = {"stamp": reply.stamp} if reply.stamp else {}
    return {"id": letter, "answer": reply.answer, "supervisor": reply.supervisor, **stamp}


def read_replies(path: Path, log: Log) -> tuple[Replied, ...]:
    """Read replies from a CSV file with the columns letter, answer and, where asked for, supervisor.

    Rows without an answer are passed over, so that the file can list letters that nobody has answered yet.
    Raise BadInput with every row that is wrong; none is recorded then.
    """
    where = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput([Problem(where, "there is no such file")]) from None
    except UnicodeDecodeError:
        raise BadInput([Problem(where, "not a text in UTF-8; save it as 'CSV UTF-8'")]) from None
    first = text.partition("\n")[0]
    delimiter = (
        ";" if first.count(";") > first.count(",") else ","
    )  # as spreadsheets write it in some countries
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise BadInput([Problem(where, f"not a CSV file ({error}); save it again as 'CSV UTF-8'")]) from None
    headings = [cell.strip().casefold() for cell in rows[0]] if rows else []
    wrong = [Problem(f"{where}, row 1", text) for text in _wrong_headings(headings)]
    if wrong:
        raise BadInput(wrong)
    now = state(log)
    found: dict[str, Replied] = {}
    rows_of: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(headings, (cell.strip() for cell in cells), strict=False))
        letter, answer = row.get("letter", ""), row.get("answer", "").casefold()
        asked = row.get("supervisor", "").casefold()
        if not answer and not asked:
            continue
        problems = _wrong_row(now, letter, answer, asked)
        if letter in rows_of:
            problems.append(
                f"letter: answered in row {rows_of[letter]} already; keep the row that holds, take the other away"
            )
        rows_of[letter] = number
        wrong += [Problem(f"{where}, row {number}", text) for text in problems]
        if not problems:
            found[letter] = Replied(letter, Reply(cast(Answer, answer), _FLAGS[asked]))
    if wrong:
        raise BadInput(wrong)
    return tuple(found.values())


def _wrong_headings(headings: list[str]) -> list[str]:
    wrong = []
    for heading in (one for one in headings if one not in _COLUMNS):
        near = get_close_matches(heading, _COLUMNS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"the columns are {', '.join(_COLUMNS)}"
        wrong.append(f"column {headings.index(heading) + 1}: unknown heading; {hint}")
    wrong += [f"no column '{name}'; add it" for name in ("letter", "answer") if name not in headings]
    if len(set(headings)) < len(headings):
        wrong.append("a heading stands twice; keep one of the columns")
    return wrong


def _wrong_row(now: LettersState, letter: str, answer: str, asked: str) -> list[str]:
    wrong = []
    if answer not in ANSWERS:
        wrong.append(f"answer: must be one of {', '.join(ANSWERS)}")
    if asked not in _FLAGS:
        wrong.append("supervisor: must be yes, no or empty")
    if text := _wrong(now, letter, _FLAGS.get(asked, False)):
        wrong.append(f"letter: {text}")
    return wrong


def _wrong(now: LettersState, letter: str, supervisor: bool) -> str:
    known = now.letters.get(letter)
    if known is None:
        return "there is no letter with this id; ids stand in papers/letters/outbox.xlsx, as '0001-union'"
    if letter not in now.approved:
        return "this letter has not been approved, so nobody can have answered it; approve the letters first"
    if supervisor and known.role != blanks.SELECTED:
        return "only a worker whose case was drawn can ask for their supervisor to sit in; leave supervisor empty"
    return ""
