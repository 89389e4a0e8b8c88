"""The sheet "Interviews" of a case's workbook: who is seen when, and whether it came about (QSR-3).

There is no name in it; the schedule in the office has the names. Which rows a workbook was handed out
with stands in it, since people may be added to a case later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from reviewcore.errors import Problem
from reviewcore.interview.plan import Code

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET = "Interviews"
COLUMNS = (
    ("", 2), ("No.", 5), ("Who", 26), ("When", 42), ("Where", 18), ("Interpreter", 14), ("Consent", 14),
    ("Held?", 10), ("If not, why", 32),
)  # fmt: skip
KEY, NUMBER, CONSENT, HELD, REASON = 0, 1, 6, 7, 8

NOT_NEEDED, RECORDED = "not needed", "on record"
REASONS = (
    Code("not-reached", "could not be reached"),
    Code("did-not-come", "did not come"),
    Code("declined", "declined on the day"),
    Code("no-consent", "consent was not given"),
    Code("no-interpreter", "no interpreter could be had"),
    Code("no-time", "no time could be found"),
    Code("other", "something else"),
)
"""Why an interview was not held: a closed list, so that nothing about anybody is written here."""


@frozen
class Talk:
    """One interview as the sheet shows it. `consent` is what stands there: a word, or "" to be filled in."""

    key: str
    who: str
    when: str
    where: str
    interpreter: str = ""
    consent: str = NOT_NEEDED


@frozen
class Held:
    """What became of one interview: whether it was held, the code of why not, and the consent that was noted."""

    held: bool
    reason: str = ""
    consent: str = ""

    def body(self) -> dict[str, Any]:
        """Return it as the event has it."""
        return {"held": self.held, "reason": self.reason, "consent": self.consent}


def fill_sheet(
    sheet: Worksheet, first: int, talks: Sequence[Talk], held: Mapping[str, Held], styles: Mapping[str, Any]
) -> None:
    """Write the rows of the sheet from row `first` on; `held` fills them in as a person would."""
    reasons = {one.code: one.label for one in REASONS}
    for number, talk in enumerate(talks, start=1):
        row, done = first + number - 1, held.get(talk.key)
        sheet.set_row(row, 20)
        sheet.write_string(row, KEY, talk.key)
        sheet.write_number(row, NUMBER, number, styles["bold"])
        for column, text in enumerate((talk.who, talk.when, talk.where, talk.interpreter), start=2):
            sheet.write_string(row, column, text, styles["plain"])
        entries = [
            (HELD, ("yes", "no"), ("yes" if done.held else "no") if done else "", "Was it held?"),
            (REASON, tuple(reasons.values()), reasons.get(done.reason, "") if done else "", "Only if it was not held."),
        ]  # fmt: skip
        if talk.consent:
            sheet.write_string(row, CONSENT, talk.consent, styles["plain"])
        else:
            entries.append((CONSENT, ("yes", "no"), done.consent if done else "", "Ask before you begin."))
        for column, choices, given, message in entries:
            sheet.data_validation(
                row, column, row, column,
                {"validate": "list", "source": list(choices), "input_title": "Choose from the list",
                 "input_message": message, "error_title": "Please choose from the list",
                 "error_message": "Only the answers in the list can be counted."},
            )  # fmt: skip
            sheet.write_string(row, column, given, styles["entry"])


def read_sheet(
    file: str, grid: Sequence[Sequence[Any]] | None, keys: Sequence[str], known: frozenset[str], first: int
) -> tuple[dict[str, Held], list[Problem]]:
    """Return what became of every interview in `keys`, and every problem by cell.

    `keys` are those that the workbook was handed out with, `known` all that the session ever had.
    """
    if not keys:
        return {}, []
    if grid is None:
        return {}, [
            Problem(f"{file} sheet {SHEET}", "the sheet is missing or was renamed; give it its name back")
        ]
    found: dict[str, Held] = {}
    problems: list[Problem] = []

    def wrong(row: int, column: int, what: str) -> None:
        problems.append(Problem(f"{file} sheet {SHEET} cell {'ABCDEFGHI'[min(column, 8)]}{row + 1}", what))

    for row, cells in enumerate(grid):
        key = _text(cells, KEY)
        if row < first or not key:
            extra = [at for at in range(HELD, len(cells)) if row >= first and _text(cells, at)]
            if extra:
                wrong(row, extra[0], "something stands outside of the rows and cannot be counted; delete it")
            continue
        if key not in keys or key not in known:
            wrong(row, KEY, "this row is not one of the session's interviews; delete it")
        elif key in found:
            wrong(row, KEY, "this interview stands here twice; delete the second row")
        else:
            held, what = _row(cells)
            found[key] = held
            for column, said in what:
                wrong(row, column, said)
    missing = [key for key in keys if key not in found]
    if missing:
        told = (
            f"{len(missing)} of the {len(keys)} interviews are missing; carry the answers over into the session's "
            "own workbook"
        )
        problems.append(Problem(f"{file} sheet {SHEET}", told))
    return found, problems


def _row(cells: Sequence[Any]) -> tuple[Held, list[tuple[int, str]]]:
    said, reason, consent = (_text(cells, at).casefold() for at in (HELD, REASON, CONSENT))
    codes = {one.label.casefold(): one.code for one in REASONS}
    wrong: list[tuple[int, str]] = []
    if said not in ("yes", "no"):
        wrong.append((HELD, "say whether the interview was held: yes or no"))
    if reason and reason not in codes:
        wrong.append((REASON, f"this is not one of the reasons: {'; '.join(one.label for one in REASONS)}"))
    elif said == "no" and not reason:
        wrong.append((REASON, "choose why the interview was not held"))
    elif said == "yes" and reason:
        wrong.append((REASON, "the interview was held, and here is a reason why not; empty one of them"))
    if consent not in ("", "yes", "no", NOT_NEEDED, RECORDED):
        wrong.append((CONSENT, "this is neither yes nor no"))
    elif said == "yes" and consent not in ("yes", NOT_NEEDED, RECORDED):
        what = (
            "the interview was held without consent on record; choose yes if it was given, else it does not count: "
            "say that it was not held"
        )
        wrong.append((CONSENT, what))
    noted = consent if consent in ("yes", "no") else ""
    return Held(said == "yes", codes.get(reason, ""), noted), wrong


def _text(cells: Sequence[Any], column: int) -> str:
    return str(cells[column]).strip() if column < len(cells) else ""
