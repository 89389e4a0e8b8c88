"""The sheet "Interviews": what goes out, what comes back, and every fault by its cell."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from reviewcore.errors import BadInput
from reviewcore.interview.guide import Notice
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section
from reviewcore.interview.returned import Expected, read
from reviewcore.interview.talks import REASONS, Held, Talk, read_sheet
from reviewcore.interview.workbook import write

TOOL = Instrument(
    "tool", "Tool", "1", "two reviewers",
    (Section("S", (Item("seen", "Seen?", scale="yes-no"),)),),
    (Scale("yes-no", (Code("1", "no"), Code("2", "yes"))),),
)  # fmt: skip
NOTICE = Notice("R", "A", "C", "1", "c@a.example", "S", "2", "s@a.example")
TALKS = (
    Talk("K1", "the case's own worker", "Monday", "Room 1"),
    Talk("K2", "mother", "Monday", "see the schedule", "Spanish", "on record"),
    Talk("K3", "father", "Tuesday", "Room 1", "", ""),
)
HELD = {"K1": Held(True), "K2": Held(False, "did-not-come"), "K3": Held(True, "", "yes")}


def workbook(held: dict[str, Held]) -> bytes:
    """Return a workbook with these interviews filled in."""
    made = datetime(2027, 4, 1, tzinfo=UTC)
    return write(TOOL, "K7QF-2M9X", {}, NOTICE, made, answers={"seen": "2"}, talks=TALKS, held=held)


def returned(tmp_path: Path, data: bytes, known: frozenset[str] = frozenset(HELD)) -> Any:
    """Read a workbook as it came back."""
    path = tmp_path / "tool.xlsx"
    path.write_bytes(data)
    return read(path, {"tool": TOOL}, {"K7QF-2M9X": Expected("tool", {}, known)})


def test_what_was_filled_in_comes_back(tmp_path: Path) -> None:
    """QSR-3: if this fails, an interview that was held is lost, or one that was not counts as held."""
    assert returned(tmp_path, workbook(HELD)).held == HELD


def test_an_empty_sheet_is_told_cell_by_cell(tmp_path: Path) -> None:
    """QSR-3: if this fails, a team is not asked whether each interview was held."""
    with pytest.raises(BadInput) as told:
        returned(tmp_path, workbook({}))
    assert [one.where for one in told.value.problems] == [
        f"tool.xlsx sheet Interviews cell H{n}" for n in (5, 6, 7)
    ]


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (["K1", 1, "", "", "", "", "not needed", "perhaps", ""], "H5", "yes or no"),
        (["K1", 1, "", "", "", "", "not needed", "no", ""], "I5", "choose why"),
        (["K1", 1, "", "", "", "", "not needed", "no", "was tired"], "I5", "not one of the reasons"),
        (["K1", 1, "", "", "", "", "not needed", "yes", "did not come"], "I5", "empty one of them"),
        (["K1", 1, "", "", "", "", "", "yes", ""], "G5", "without consent on record"),
        (["K1", 1, "", "", "", "", "no", "yes", ""], "G5", "without consent on record"),
        (["K1", 1, "", "", "", "", "perhaps", "yes", ""], "G5", "neither yes nor no"),
        (["K9", 1, "", "", "", "", "yes", "yes", ""], "A5", "not one of the session's interviews"),
        (["", "", "", "", "", "", "", "yes", ""], "H5", "outside of the rows"),
    ],
)
def test_every_fault_is_told_by_its_cell(row: list[Any], cell: str, words: str) -> None:
    """ALL-1: if this fails, an interview without consent is counted, or nobody finds what to mend."""
    grid = [[""] * 9] * 4 + [row] + ([] if row[0] == "K1" else [["K1", 2, "", "", "", "", "yes", "yes", ""]])
    _, problems = read_sheet("tool.xlsx", grid, ["K1"], frozenset({"K1"}), 4)
    assert [one.where for one in problems] == [f"tool.xlsx sheet Interviews cell {cell}"]
    assert words in problems[0].what
    assert "was tired" not in problems[0].what


def test_a_row_that_is_missing_or_doubled(tmp_path: Path) -> None:
    """If this fails, a deleted row is taken for an interview that nobody planned."""
    good = ["K1", 1, "", "", "", "", "yes", "yes", ""]
    for rows, words in (([], "1 of the 1 interviews are missing"), ([good, good], "stands here twice")):
        _, [problem] = read_sheet("t.xlsx", [[""] * 9] * 4 + rows, ["K1"], frozenset({"K1"}), 4)
        assert words in problem.what
    _, [problem] = read_sheet("t.xlsx", None, ["K1"], frozenset({"K1"}), 4)
    assert "missing or was renamed" in problem.what


def test_an_older_workbook_still_counts(tmp_path: Path) -> None:
    """If this fails, somebody who is added in the event week makes the workbook of the team useless."""
    assert returned(tmp_path, workbook(HELD), frozenset({*HELD, "K4"})).held == HELD


def test_the_sheet_tells_all_but_names() -> None:
    """QSR-3: if this fails, the team does not see role, time, place, consent or interpreter."""
    grid = CalamineWorkbook.from_filelike(BytesIO(workbook({}))).get_sheet_by_name("Interviews").to_python()
    said = {str(cell) for row in grid for cell in row}
    assert {"mother", "Monday", "see the schedule", "Spanish", "on record", "Held?", "Consent"} <= said
    assert all(one.label for one in REASONS)
