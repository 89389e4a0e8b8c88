"""The workbook that teams fill in: complete, without names, the same bytes, and nothing lost on the way back."""

from __future__ import annotations

import html
import math
import re
import tempfile
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reviewcore.interview.blanks import blanks
from reviewcore.interview.instruments import problems
from reviewcore.interview.plan import Code, Instrument, Item, ItemKind, Scale, Section
from reviewcore.interview.returned import Expected, read
from reviewcore.interview.workbook import write
from reviewcore.language import Any as AnyOf
from reviewcore.language import Compare, Condition, Not, Op, holds
from tests.interview.resaving import find, grids, resave
from tests.interview.sample_tool import CREATED, NOTICE, PROBATION, PROGRAM, TOKEN, TOOL, WELFARE


def parts(data: bytes) -> dict[str, str]:
    """Return the parts of a workbook as text."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {
            name: package.read(name).decode() for name in package.namelist() if name.endswith(("xml", "rels"))
        }


def sheet(data: bytes, name: str) -> str:
    """Return a sheet as it is stored."""
    order = re.findall(r'<sheet name="([^"]+)"', parts(data)["xl/workbook.xml"])
    return parts(data)[f"xl/worksheets/sheet{order.index(name) + 1}.xml"]


def test_the_same_session_gives_the_same_bytes() -> None:
    """A run that was stopped and repeated would leave other papers than the ones recorded."""
    one = write(TOOL, TOKEN, WELFARE, NOTICE, CREATED)
    assert one == write(TOOL, TOKEN, WELFARE, NOTICE, CREATED)
    assert one != write(TOOL, TOKEN, WELFARE, NOTICE, datetime(2028, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("title", [TOOL.title, "long " * 13])
def test_many_blank_workbooks_are_those_that_each_session_would_get(title: str) -> None:
    """A team would find another session's token in its workbook, and answer in another's place."""
    tool = evolve(TOOL, title=title)
    sessions = [
        (tool, "AAAA-AAAA", WELFARE, ()),
        (tool, "0000-000Z", PROBATION, ()),
        (tool, "K7QF-2M9X", WELFARE, ()),
        (evolve(tool, key="other"), "ZZZZ-0000", WELFARE, ()),
        (tool, "9999-ZZZZ", PROBATION, ()),
    ]
    made = list(blanks(sessions, NOTICE, CREATED))
    assert made == [write(tool, token, fields, NOTICE, CREATED) for tool, token, fields, _ in sessions]
    assert not any("AAAA" in text for text in parts(made[2]).values())


def test_questions_that_the_case_rules_out_are_left_out() -> None:
    """A team would be asked about a court that the case never saw; the case's fields would be on the paper."""
    welfare = write(TOOL, TOKEN, WELFARE, NOTICE, CREATED)
    keys = [row[0] for row in grids(welfare)["Tool"]]
    assert "court" not in keys
    assert "plan" in keys
    probation = [row[0] for row in grids(write(TOOL, TOKEN, PROBATION, NOTICE, CREATED))["Tool"]]
    assert "court" in probation
    assert "plan" not in probation
    assert not any("child-welfare" in text for text in parts(welfare).values())


def test_a_skipped_question_turns_grey_and_says_so_in_words() -> None:
    """A team would answer questions that do not apply, or colour alone would tell (accessibility)."""
    data = write(TOOL, TOKEN, WELFARE, NOTICE, CREATED)
    row = find(data, "Tool", "why")
    assert "Only if question 1 is at most 2." in grids(data)["Tool"][row - 1][2]
    rule = re.search(
        rf'<conditionalFormatting sqref="B{row}:E{row + 3}">.*?<formula>(.*?)</formula>', sheet(data, "Tool")
    )
    assert rule is not None
    voice = find(data, "Tool", "voice")
    first = next(n for n, r in enumerate(grids(data)["Scales"], start=1) if r and r[0] == "1 seldom")
    assert rule[1].replace("&quot;", '"').replace("&amp;", "&") == (
        f"NOT(OR($D${voice}=Scales!$A${first},$D${voice}=Scales!$A${first + 1},"
        f'$D${voice}&""="1",$D${voice}&""="2"))'
    )


def test_only_entry_cells_can_be_changed_and_there_is_no_password() -> None:
    """Questions would be edited by mistake; or a team with a locked sheet would have to call somebody."""
    data = write(TOOL, TOKEN, WELFARE, NOTICE, CREATED)
    for name in grids(data):
        protection = re.search(r"<sheetProtection[^>]*>", sheet(data, name))
        assert protection is not None, name
        assert "password" not in protection[0]
        assert "hash" not in protection[0].lower()
    assert 'state="veryHidden"' in parts(data)["xl/workbook.xml"]
    styles = parts(data)["xl/styles.xml"]
    formats = re.findall(
        r"<xf [^>]*?(?:/>|>.*?</xf>)", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]
    )
    open_styles = {n for n, one in enumerate(formats) if 'locked="0"' in one}
    unlocked = {
        c
        for c, s in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet(data, "Tool"))
        if int(s) in open_styles
    }
    at = {
        key: find(data, "Tool", key)
        for key in ("voice", "why/time", "why/travel", "why/other", "visits", "plan")
    }
    assert unlocked == {f"D{row}" for row in at.values()} | {f"E{at['voice']}"}


def test_lists_messages_and_names_are_within_what_a_spreadsheet_allows() -> None:
    """Excel would call the file damaged and drop the lists."""
    long = "An anchor that goes on and on, as anchors do. " * 20
    scale = Scale("s", tuple(Code(str(n), f"label {n}", long) for n in range(1, 9)))
    tool = Instrument(
        "t",
        "Tool & <more> " * 12,
        "1",
        "team",
        (Section("S", (Item("q-1", "Q?", scale="s", help=long),)),),
        (scale,),
    )
    data = write(tool, TOKEN, {}, NOTICE, CREATED)
    page = sheet(data, "Tool")
    prompts = re.findall(r'prompt="([^"]*)"', page)
    assert prompts
    assert all(len(prompt) <= 255 for prompt in prompts)
    assert "<formula1>Scales!$A$6:$A$13</formula1>" in page
    names = re.findall(r'<definedName name="([^"]+)"[^>]*>([^<]*)<', parts(data)["xl/workbook.xml"])
    assert ("answer_1_q_1", f"Tool!$D${find(data, 'Tool', 'q-1')}") in names
    assert "<mergeCell" not in page
    assert '<pane ySplit="4"' in page
    wide = sum(float(one) * 7 + 5 for one in re.findall(r'<col [^>]*?width="([0-9.]+)"(?![^>]*hidden)', page))
    (scale_,) = re.findall(r'<pageSetup [^>]*?scale="([0-9]+)"', page)
    assert wide * 0.75 * int(scale_) / 100 <= 10 * 72  # points, of a letter page on its side less its margins
    header = re.search(r"<oddHeader>(.*?)</oddHeader>", page)
    assert header is not None
    assert TOKEN in header[1]
    assert f"session {TOKEN}" in parts(data)["docProps/core.xml"]


def test_the_first_sheet_tells_whom_to_tell_and_who_sees_it() -> None:
    """A danger would go unreported, and people would not know who reads what they say (ALL-1, ALL-2)."""
    text = "\n".join(
        str(row[0]) for row in grids(write(TOOL, TOKEN, WELFARE, NOTICE, CREATED))["Read me"] if row
    )
    for said in (
        "Tell Sam Roe, 555-0199, sam@alder.example at once", "never goes through these answers",
        "Who sees what is written here", "may decline", "interpreter", "Pat Lee, 555-0100", "put under pressure",
        "write no names",
    ):  # fmt: skip
        assert said in text


# -- nothing lost -------------------------------------------------------------------------------------

text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="￾￿"),
    min_size=1, max_size=30,
).filter(lambda t: t.strip() != "")  # fmt: skip
NUMBER_OPS: tuple[Op, ...] = ("at_least", "at_most", "is", "is_not")
LIST_OPS: tuple[Op, ...] = ("in", "not_in")
ONE_OPS: tuple[Op, ...] = ("is", "is_not")
codes = st.lists(
    st.integers(0, 9).map(str) | st.sampled_from(["yes", "no", "n-a", "x.1"]),
    min_size=1,
    max_size=5,
    unique=True,
)


def answers_to(labels: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Code, ...]]:
    """Make closed lists of answers whose labels differ."""
    return st.builds(
        lambda keys, words: tuple(Code(key, f"{words[n]} {n}") for n, key in enumerate(keys)),
        codes, st.lists(labels, min_size=5, max_size=5),
    )  # fmt: skip


@st.composite
def tools(draw: st.DrawFn) -> Instrument:
    """Make tools of every kind of question, with conditions on earlier ones."""
    labels = st.text("abc =+&<'\"é-", min_size=1, max_size=12).filter(lambda t: t.strip() == t)
    scales = tuple(Scale(f"s{n}", draw(answers_to(labels))) for n in range(2))
    items: list[Item] = []
    yes_or_no = st.booleans()
    for n in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(get_args(ItemKind)))
        when: Condition | None = None
        earlier = [one for one in items if one.kind in ("scale", "choice", "number")]
        conditional: bool = draw(yes_or_no)
        if earlier and conditional:
            one = draw(st.sampled_from(earlier))
            if one.kind == "number":
                when = Compare(one.key, draw(st.sampled_from(NUMBER_OPS)), draw(st.integers(0, 3)))
            else:
                listed = one.choices or next(s.codes for s in scales if s.key == one.scale)
                some = draw(st.sets(st.sampled_from([code.code for code in listed]), min_size=1))
                when = Compare(one.key, draw(st.sampled_from(LIST_OPS)), tuple(sorted(some)))
                if draw(st.sampled_from([True, False])):
                    when = Compare(one.key, draw(st.sampled_from(ONE_OPS)), min(some))
            probation = Compare("program", "is", "probation")
            ways: list[Condition] = [when, Not(when), AnyOf((when, probation))]
            when = draw(st.sampled_from(ways))
        items.append(
            Item(
                f"q{n}", draw(text), kind,
                scale=draw(st.sampled_from(["s0", "s1"])) if kind == "scale" else "",
                choices=draw(answers_to(labels)) if kind in ("choice", "many") else (),
                not_applicable=draw(st.sampled_from([(), ("infant", "=no"), ("refused",)])),
                when=when, required=draw(yes_or_no),
            )
        )  # fmt: skip
    cut = draw(st.integers(0, len(items)))
    sections = tuple(
        Section(f"S{n}", tuple(part)) for n, part in enumerate((items[:cut], items[cut:])) if part
    )
    return Instrument("t", "Tool", "1", "team", sections, scales)


@st.composite
def filled_in(
    draw: st.DrawFn,
) -> tuple[Instrument, dict[str, Any], dict[str, Any], dict[str, str], dict[str, str]]:
    """Answer a random tool as a person would, question by question, by rules of the test's own."""
    tool, fields = draw(tools()), {"program": draw(st.sampled_from(["child-welfare", "probation"]))}
    answers: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    notes: dict[str, str] = {}
    for item in tool.items():
        seen = {**fields, **{k: a for k, a in answers.items() if not isinstance(a, tuple)}}
        if item.when is not None and not holds(item.when, seen):
            continue
        excused: bool = draw(st.booleans())
        if item.not_applicable and excused:
            reasons[item.key] = draw(st.sampled_from(item.not_applicable))
        elif not item.required and draw(st.booleans()):
            continue
        elif item.kind == "number":
            answers[item.key] = draw(st.integers(0, 999_999_999))
        elif item.kind == "text":
            notes[item.key] = draw(text)
        else:
            listed = [
                c.code for c in item.choices or next(s.codes for s in tool.scales if s.key == item.scale)
            ]
            if item.kind == "many":
                some = draw(st.sets(st.sampled_from(listed)))
                answers[item.key] = tuple(code for code in listed if code in some)
            else:
                answers[item.key] = draw(st.sampled_from(listed))
    return tool, fields, answers, reasons, notes


@pytest.mark.parametrize("again", [False, True], ids=["as written", "saved by another program"])
@settings(max_examples=50, deadline=None)
@given(filled_in())
def test_whatever_is_filled_in_comes_back(
    again: bool, case: tuple[Instrument, dict[str, Any], dict[str, Any], dict[str, str], dict[str, str]]
) -> None:
    """An answer, a reason or a note would be lost between a team and the results (PQCR-10)."""
    tool, fields, answers, reasons, notes = case
    assume(not problems(tool, {"program": PROGRAM}))
    data = write(tool, TOKEN, fields, NOTICE, CREATED, answers=answers, not_applicable=reasons, notes=notes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(resave(data) if again else data)
        back = read(path, {"t": tool}, {TOKEN: Expected("t", fields)})
    assert (back.answers, back.not_applicable, back.notes) == (answers, reasons, notes)


@settings(max_examples=60, deadline=None)
@given(filled_in())
def test_every_drop_down_offers_what_its_question_takes(
    case: tuple[Instrument, dict[str, Any], Any, Any, Any],
) -> None:
    """A team would choose from the answers of another question, and be told that they are wrong."""
    tool, fields = case[:2]
    assume(not problems(tool, {"program": PROGRAM}))
    data = write(tool, TOKEN, fields, NOTICE, CREATED)
    page, scales = grids(data)["Tool"], grids(data)["Scales"]
    lists = re.findall(
        r'sqref="([DE])(\d+)"[^>]*><formula1>Scales!\$A\$(\d+):\$A\$(\d+)</formula1>', sheet(data, "Tool")
    )
    offered = {
        (column, page[int(row) - 1][0]): [cells[0] for cells in scales[int(first) - 1 : int(last)]]
        for column, row, first, last in lists
    }
    want: dict[tuple[str, str], list[str]] = {}
    for item in tool.items():
        if item.key not in {row[0] for row in page}:
            continue
        codes = (
            item.choices
            if item.kind == "choice"
            else [c for s in tool.scales if s.key == item.scale for c in s.codes]
        )
        if item.kind in ("scale", "choice"):
            want["D", item.key] = [f"{c.code} {c.label}" if c.code.isdigit() else c.label for c in codes]
        if item.not_applicable:
            want["E", item.key] = list(item.not_applicable)
    assert offered == want


# -- skipping -----------------------------------------------------------------------------------------


def value(formula: str, page: list[list[Any]], scales: list[list[Any]]) -> bool:
    """Work a formula out as a spreadsheet does, by turning it into Python: for the few functions we use."""
    code = re.sub(r"Scales!\$A\$(\d+)", r"scale(\1)", formula)
    code = re.sub(r'\$D\$(\d+)&""', r"str_(\1)", code)
    code = re.sub(r"\$D\$(\d+)", r"cell(\1)", code)
    code = re.sub(r"(?<![<>])=", "==", code).replace("<>", "!=")

    def cell(row: int) -> Any:
        entry = page[row - 1][3]
        return math.nan if entry == "" else entry  # no comparison with an empty cell is true

    known = {
        "AND": lambda *parts: all(parts), "OR": lambda *parts: any(parts), "NOT": lambda part: not part,
        "ISNUMBER": lambda one: isinstance(one, float) and not math.isnan(one), "FALSE": False, "cell": cell,
        "scale": lambda row: scales[row - 1][0], "str_": lambda row: str(page[row - 1][3]),
    }  # fmt: skip
    return bool(eval(code, {"__builtins__": {}}, known))


@settings(max_examples=70, deadline=None)
@given(filled_in())
def test_rows_turn_grey_exactly_where_a_question_is_skipped(
    case: tuple[Instrument, dict[str, Any], dict[str, Any], dict[str, str], dict[str, str]],
) -> None:
    """The workbook would grey a question that must be answered, and the team would get it back for that."""
    tool, fields, answers, reasons, notes = case
    assume(not problems(tool, {"program": PROGRAM}))
    data = write(tool, TOKEN, fields, NOTICE, CREATED, answers=answers, not_applicable=reasons, notes=notes)
    page, scales = grids(data)["Tool"], grids(data)["Scales"]
    rules = re.findall(r'sqref="B(\d+):E\d+".*?<formula>(.*?)</formula>', sheet(data, "Tool"))
    greyed = {page[int(row) - 1][0] for row, formula in rules if value(html.unescape(formula), page, scales)}
    given = {**fields, **{key: one for key, one in answers.items() if not isinstance(one, tuple)}}
    skipped = {item.key for item in tool.items() if item.when and not holds(item.when, given)}
    left_out = {item.key for item in tool.items()} - {row[0] for row in page}
    assert left_out <= skipped
    assert greyed == skipped - left_out


def test_no_page_of_questions_ends_with_a_heading_or_within_a_question() -> None:
    """If this fails, a printed tool has a heading at the foot of a page, and its questions overleaf."""
    scale = Scale("s", (Code("a", "Yes"), Code("b", "No")))
    many = tuple(Code(f"c{n}", f"Choice {n}") for n in range(7))
    sections = tuple(
        Section(
            f"Section {n}",
            (
                Item(f"a-{n}", f"How is it, {n}? " * (n % 5 + 1), scale="s"),
                Item(f"b-{n}", "Which?", "many", choices=many),
            ),
        )
        for n in range(20)
    )
    data = write(Instrument("t", "A tool", "1", "team", sections, (scale,)), TOKEN, {}, NOTICE, CREATED)
    page = sheet(data, "Tool")
    book = load_workbook(BytesIO(data))["Tool"]
    breaks = [int(one) for one in re.findall(r'<brk id="([0-9]+)"', page)]
    assert len(breaks) > 3
    for last in breaks:  # rows count from 1, and a break stands after the row of its number
        assert not str(book.cell(last, 3).value).startswith("Section ")
        assert book.cell(last + 1, 2).value or str(book.cell(last + 1, 3).value).startswith("Section ")
    highs = [book.row_dimensions[row].height or 15 for row in range(1, book.max_row + 1)]
    for first, after in zip([0, *breaks], [*breaks, len(highs)], strict=True):
        assert sum(highs[first:after]) <= 7 * 72 / 0.92
