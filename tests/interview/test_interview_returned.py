"""Reading a returned workbook: nothing lost, and every problem by sheet and cell."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from reviewcore.errors import BadInput
from reviewcore.interview.returned import Expected, Returned, read
from reviewcore.interview.workbook import write
from tests.interview.resaving import Cells, find, grids, resave
from tests.interview.sample_tool import CREATED, NOTICE, PROBATION, TOKEN, TOOL, WELFARE

GOOD = {"voice": "2", "why": ("time", "other"), "visits": 3, "plan": "4"}
SECRET = "Maria Lopez said"


def book(fields: dict[str, str] = WELFARE, **given: object) -> bytes:
    """Return the sample session's workbook, filled in as given."""
    return write(TOOL, TOKEN, fields, NOTICE, CREATED, **given)  # type: ignore[arg-type]


def read_back(
    tmp_path: Path, data: bytes, fields: dict[str, str] = WELFARE, name: str = f"{TOKEN}.xlsx"
) -> Returned:
    """Read a workbook from a file, and see that reading leaves it as it was."""
    path = tmp_path / name
    path.write_bytes(data)
    try:
        return read(path, {TOOL.key: TOOL}, {TOKEN: Expected(TOOL.key, fields)})
    finally:
        assert path.read_bytes() == data, "the returned file was changed"


def problems(tmp_path: Path, data: bytes, fields: dict[str, str] = WELFARE) -> list[str]:
    """Return what is told of a workbook, and see that it names the file and nobody."""
    with pytest.raises(BadInput) as caught:
        read_back(tmp_path, data, fields)
    told = [str(problem) for problem in caught.value.problems]
    assert all(one.startswith(TOKEN) and SECRET not in one for one in told)
    return told


def changed(cells: Cells, data: bytes | None = None) -> bytes:
    """Return a filled-in workbook with some cells changed."""
    return resave(data or book(answers=GOOD), cells)


def cell(key: str, column: str = "D", sheet: str = "Tool", data: bytes | None = None) -> tuple[str, str]:
    """Return where the entry of a question stands."""
    return sheet, f"{column}{find(data or book(answers=GOOD), sheet, key)}"


def test_all_that_was_filled_in_comes_back(tmp_path: Path) -> None:
    """Answers, reasons or notes would be lost between the team and the tables (PQCR-10)."""
    data = book(answers=GOOD, notes={"notes": "Line one\n=2+2 é"})
    back = read_back(tmp_path, data)
    assert (back.token, back.instrument, back.version) == (TOKEN, "interview", "1")
    assert back.answers == GOOD
    assert back.notes == {"notes": "Line one\n=2+2 é"}
    reasoned = book(answers={"visits": 1}, not_applicable={"voice": "Child is an infant"})
    assert read_back(tmp_path, reasoned).not_applicable == {"voice": "Child is an infant"}


def test_a_workbook_saved_by_another_program_reads_the_same(tmp_path: Path) -> None:
    """Teams use other office programs; a tool that reads Excel's files only would lose their work."""
    data = book(answers=GOOD, notes={"notes": "kept"})
    assert read_back(tmp_path, resave(data)).answers == GOOD
    assert read_back(tmp_path, resave(data)).notes == {"notes": "kept"}


@pytest.mark.parametrize("typed", ["3", 3, 3.0, "3.0", "3 well", " 3  WELL ", "well"])
def test_a_code_counts_however_it_is_typed(tmp_path: Path, typed: object) -> None:
    """A team that types 3 instead of choosing from the list would get its workbook back for nothing."""
    data = changed({cell("plan"): typed})
    assert read_back(tmp_path, data).answers["plan"] == "3"


@pytest.mark.parametrize(("typed", "number"), [("3", 3), (3.0, 3), ("3.0", 3), ("0", 0)])
def test_a_number_counts_as_text_too(tmp_path: Path, typed: object, number: int) -> None:
    """Numbers that a program saved as text would be refused or, worse, dropped."""
    data = resave(book(answers={"voice": "3"}), {cell("visits"): typed})
    data = resave(data, {cell("plan", data=data): "2" if number >= 2 else ""})
    assert read_back(tmp_path, data).answers["visits"] == number


@pytest.mark.parametrize("typed", ["2.5", 2.5, "two", -1, "1e3", True, 10**12, SECRET])
def test_no_other_thing_counts_as_a_number(tmp_path: Path, typed: object) -> None:
    """Half a visit, or a word, would be turned into some number."""
    told = problems(tmp_path, changed({cell("visits"): typed}))
    where = f"{TOKEN}.xlsx sheet Tool cell {cell('visits')[1]}"
    assert told == [f"{where}: this is not a whole number from 0 to 999999999"]


def test_every_problem_is_told_at_once_by_sheet_and_cell(tmp_path: Path) -> None:
    """The office would send the same workbook back once for each mistake."""
    voice, time_, plan = cell("voice"), cell("why/time"), cell("plan")
    told = problems(tmp_path, changed({voice: SECRET, time_: "maybe", plan: "5", cell("visits"): "some"}))
    answers = "1 seldom; 2 in part; 3 well; 4 strongly"
    assert f"{TOKEN}.xlsx sheet Tool cell {voice[1]}: this is not one of the answers: {answers}" in told
    assert f"{TOKEN}.xlsx sheet Tool cell {time_[1]}: this is neither yes nor no" in told
    assert f"{TOKEN}.xlsx sheet Tool cell {plan[1]}: this is not one of the answers: {answers}" in told
    assert len(told) == 4


def test_a_question_that_does_not_apply_must_be_empty(tmp_path: Path) -> None:
    """An answer to a skipped question would be counted, or silently dropped."""
    told = problems(tmp_path, changed({cell("voice"): "4"}))
    at = cell("why/time")[1]
    assert told == [
        (
            f"{TOKEN}.xlsx sheet Tool cell {at}: this is only asked if question 1 is at most 2, which is not so here; "
            "empty it, or correct that answer"
        )
    ]


def test_an_answer_and_a_reason_contradict(tmp_path: Path) -> None:
    """A question would be counted both as answered and as not applicable."""
    told = problems(tmp_path, changed({cell("voice", "E"): "Child is an infant"}))
    assert any("there is an answer and a reason why the question does not apply" in one for one in told)
    assert any(f"cell {cell('voice')[1]}" in one for one in told)


def test_a_required_question_must_be_answered(tmp_path: Path) -> None:
    """Half a tool would go into the tables as if it were whole."""
    empty = book()
    assert problems(tmp_path, empty) == [
        (
            f"{TOKEN}.xlsx sheet Tool cell {cell('voice', data=empty)[1]}: question 1 has no answer yet; "
            "choose an answer, or the reason why it does not apply"
        )
    ]
    told = problems(tmp_path, book(PROBATION, answers={"voice": "3", "court": "y"}), PROBATION)
    assert told == [f"{TOKEN}.xlsx sheet Notes cell C7: question 6 has no answer yet; fill it in"]


def test_a_reason_must_be_one_of_those_offered(tmp_path: Path) -> None:
    """A reason of one's own would close the door on the rule that reasons are a closed list."""
    data = resave(book(answers={"visits": 0}), {cell("voice", "E"): SECRET})
    assert problems(tmp_path, data) == [
        f"{TOKEN}.xlsx sheet Tool cell {cell('voice', 'E')[1]}: this is not one of the reasons: Child is an infant"
    ]


@pytest.mark.parametrize("sheet", ["Tool", "Notes"])
def test_a_renamed_sheet_is_told(tmp_path: Path, sheet: str) -> None:
    """A renamed or deleted sheet would read as an empty one."""
    want = f"{TOKEN}.xlsx sheet {sheet}: the sheet is missing or was renamed; give it its name back"
    assert problems(tmp_path, resave(book(answers=GOOD), rename={sheet: SECRET})) == [want]
    assert problems(tmp_path, resave(book(answers=GOOD), drop=(sheet,))) == [want]


def test_extra_and_missing_rows_are_told(tmp_path: Path) -> None:
    """What somebody adds below the questions would be lost without a word; so would a deleted row."""
    data, last = book(answers=GOOD), len(grids(book())["Tool"]) + 3
    told = problems(tmp_path, resave(data, {("Tool", f"D{last}"): SECRET, ("Notes", "D6"): SECRET}))
    assert [one.split(": ")[0] for one in told] == [
        f"{TOKEN}.xlsx sheet Tool cell D{last}", f"{TOKEN}.xlsx sheet Notes cell D6",
    ]  # fmt: skip
    assert all("cannot be counted; move or delete it" in one for one in told)
    row = find(data, "Tool", "voice")
    told = problems(tmp_path, resave(data, {("Tool", f"A{row}"): "", ("Tool", f"D{row}"): ""}))
    assert any("1 of the tool's 8 rows are missing, the first is 'voice'" in one for one in told)
    told = problems(tmp_path, resave(data, {("Tool", f"A{last}"): "voice", ("Tool", f"D{last}"): "3"}))
    assert told == [
        f"{TOKEN}.xlsx sheet Tool cell A{last}: the question of row {row} stands here again; delete it"
    ]


def test_free_text_in_the_wrong_place_is_told(tmp_path: Path) -> None:
    """A team's notes would be lost because they stand on the other sheet, or on one of their own."""
    data = resave(book(answers=GOOD), {cell("notes"): SECRET})
    assert problems(tmp_path, data) == [
        (
            f"{TOKEN}.xlsx sheet Tool cell {cell('notes')[1]}: free text belongs on the sheet Notes, "
            "in the row of the same question"
        )
    ]
    (told,) = problems(tmp_path, resave(book(answers=GOOD), extra={SECRET: [["", SECRET]]}))
    assert told.startswith(
        f"{TOKEN}.xlsx sheet number 6: this sheet is not part of the tool and cannot be counted"
    )


def test_a_workbook_of_another_review_or_version_is_refused(tmp_path: Path) -> None:
    """Answers to other questions would be counted as answers to these."""
    data = book(answers=GOOD)
    assert "its session is not one of this review's" in problems(
        tmp_path, resave(data, {("About", "B2"): "ABCD-EFGH"})
    )[0]  # fmt: skip
    assert "held with version 1 of the tool, and this is another" in problems(
        tmp_path, resave(data, {("About", "B4"): "2"})
    )[0]  # fmt: skip
    assert "this is another tool" in problems(tmp_path, resave(data, {("About", "B3"): "file"}))[0]
    assert (
        "not a workbook that this review has handed out"
        in problems(tmp_path, resave(data, drop=("About",)))[0]
    )


@pytest.mark.parametrize("part", [0, 10, 0.3, 0.9, 0.999])
def test_a_file_that_is_no_whole_workbook_is_told(tmp_path: Path, part: float) -> None:
    """A half copied file would end in a traceback, or in half the answers."""
    data = book(answers=GOOD)
    cut = data[: int(part if part > 1 else part * len(data))]
    assert problems(tmp_path, cut) == [
        f"{TOKEN}.xlsx: this is not a whole Excel workbook (.xlsx): it may be only half copied; copy or save it again"
    ]


def test_damaged_bytes_are_refused_or_read_as_they_were(tmp_path: Path) -> None:
    """A damaged file would stop the collecting of all the others, or change an answer unseen."""
    import random

    rolls, data = random.Random(7), book(answers=GOOD)
    whole = read_back(tmp_path, data).answers
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(rolls.randint(1, 5)):
            broken[rolls.randrange(len(broken))] = rolls.randrange(256)
        with suppress(BadInput):
            assert read_back(tmp_path, bytes(broken)).answers == whole


def test_none_of_a_list_can_be_said(tmp_path: Path) -> None:
    """A team that found none of the choices could not say so, and would be told to answer."""
    data = book(answers={"voice": "1", "why": ()})
    assert read_back(tmp_path, data).answers["why"] == ()
