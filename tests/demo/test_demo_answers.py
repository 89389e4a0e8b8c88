"""How made-up teams fill in a tool: as the tool allows, plausibly, and with names only where they are sealed."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewcore_pqcr import PQCR
from reviewcore_pqcr.interview import tool
from reviewcore_pqcr.settings import Hours, Plan, Program, Settings, Teams, Union

from reviewcore.demo.answers import Answers, fill_in
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section
from reviewcore.language import Compare, Row, holds

SETTINGS = Settings(
    (
        Program("child-welfare", "child welfare", "stable placements", "placement-stability", 40),
        Program("probation", "probation", "going home", "going-home", 20),
    ),
    Plan("July 2028"),
    Teams(6),
    Union("Local 0000"),
    Hours(16, 3),
)
TOOL = tool(SETTINGS)
FIELDS = {field.name: field for field in PQCR().review_type().sources[0].fields}
CASES: list[Row] = [
    {"program": program, "placement": placement, "months_open": 7, "focus": focus}
    for program, placement, focus in product(
        FIELDS["program"].choices, FIELDS["placement"].choices, (True, False)
    )
]


def wrong(instrument: Instrument, fields: Row, filled: Answers) -> list[str]:
    """Return what the tool does not allow in a filled-in tool: an oracle with no code of the generator."""
    found: list[str] = []
    row = dict(fields)
    for item in instrument.items():
        given_ = [item.key in part for part in (filled.answers, filled.not_applicable, filled.notes)]
        asked = item.when is None or holds(item.when, row)
        if not asked and any(given_):
            found.append(f"{item.key}: answered though not asked")
        if asked and item.required and sum(given_) != 1:
            found.append(f"{item.key}: not answered once")
        if sum(given_) > 1:
            found.append(f"{item.key}: answered twice")
        answer = filled.answers.get(item.key)
        if item.key in filled.not_applicable and filled.not_applicable[item.key] not in item.not_applicable:
            found.append(f"{item.key}: a reason that is not listed")
        if item.key in filled.notes and item.kind != "text":
            found.append(f"{item.key}: free text in a closed item")
        if answer is not None:
            closed = {one.code for one in (item.choices or instrument.scale(item).codes)}
            codes = answer if isinstance(answer, tuple) else (answer,)
            if item.kind == "number":
                continue
            if not set(codes) <= closed or len(set(codes)) != len(codes):
                found.append(f"{item.key}: a code that is not listed")
            if isinstance(answer, tuple) != (item.kind == "many"):
                found.append(f"{item.key}: one answer and many are mixed up")
            elif not isinstance(answer, tuple):
                row[item.key] = answer
    known = {item.key for item in instrument.items()}
    return found + [key for key in (*filled.answers, *filled.notes) if key not in known]


@pytest.mark.parametrize(
    "fields", CASES, ids=lambda row: f"{row['program']}-{row['placement']}-{row['focus']}"
)
def test_answers_are_what_the_tool_allows(fields: Row) -> None:
    """PQCR-3: if this fails, the demo's teams answer what was not asked, or leave out what was."""
    for number in range(40):
        assert wrong(TOOL, fields, fill_in(TOOL, fields, f"T{number}")) == []


def test_wrong_answers_would_be_found() -> None:
    """If this fails, the check of answers passes whatever a team fills in."""
    fields = CASES[0]
    good = fill_in(TOOL, fields, "T1")
    rated = "kin-engaged"
    assert wrong(TOOL, fields, good) == []
    without = {key: value for key, value in good.answers.items() if key != rated}
    for offender in (
        Answers(without, good.not_applicable, good.notes),
        Answers({**good.answers, rated: "9"}, good.not_applicable, good.notes),
        Answers({**good.answers, "aftercare": "4"}, good.not_applicable, good.notes),
        Answers({**good.answers, rated: ("1",)}, good.not_applicable, good.notes),
        Answers(good.answers, {**good.not_applicable, "child-voice": "no reason"}, good.notes),
        Answers(good.answers, good.not_applicable, {**good.notes, rated: "words"}),
    ):
        assert wrong(TOOL, fields, offender)


@given(token=st.text(min_size=1), limit=st.integers(0, 11))
def test_conditions_on_earlier_answers_are_followed(token: str, limit: int) -> None:
    """If this fails, a follow-up question is answered though the answer before it rules it out."""
    scale = Scale("s", (Code("1", "no"), Code("2", "yes")))
    items = (
        Item("first", "First?", scale="s", not_applicable=("none",)),
        Item("many", "How many?", "number"),
        Item("then", "Then?", scale="s", when=Compare("first", "is", "2")),
        Item("later", "Later?", scale="s", when=Compare("many", "at_least", limit)),
    )
    made = Instrument("t", "T", "1", "team", (Section("S", items),), (scale,))
    filled = fill_in(made, {}, token)
    assert ("then" in filled.answers) == (filled.answers.get("first") == "2")
    assert ("later" in filled.answers) == (int(str(filled.answers["many"])) >= limit)


def test_the_same_token_gives_the_same_answers() -> None:
    """If this fails, the demo's figures change from run to run."""
    assert fill_in(TOOL, CASES[0], "K7QF-2M9X") == fill_in(TOOL, CASES[0], "K7QF-2M9X")
    assert fill_in(TOOL, CASES[0], "K7QF-2M9X") != fill_in(TOOL, CASES[0], "AAAA-AAAA")
    assert fill_in(TOOL, CASES[0], "K7QF-2M9X", "one") != fill_in(TOOL, CASES[0], "K7QF-2M9X", "two")


def test_answers_are_plausible() -> None:
    """If this fails, the demo's tables are flat noise or all alike, and its report has nothing to tell."""
    filled = [fill_in(TOOL, fields, f"T{n}") for n in range(60) for fields in CASES[:1]]
    shares = []
    for item in TOOL.items():
        if item.kind != "scale" or item.when:
            continue
        ratings = Counter(str(one.answers[item.key]) for one in filled if item.key in one.answers)
        assert len(ratings) >= 3
        shares.append(sum(ratings[code] for code in ("3", "4")) / sum(ratings.values()))
    assert min(shares) < 0.5 < 0.7 < max(shares)
    themes = Counter(code for one in filled for code in _marks(one, "barriers-themes"))
    assert 1 < len(themes) < 10
    assert 2 * max(themes.values()) > 3 * min(themes.values())
    assert any(one.not_applicable for one in filled)


def _marks(filled: Answers, key: str) -> tuple[str, ...]:
    marks = filled.answers.get(key, ())
    return marks if isinstance(marks, tuple) else ()


def test_names_stand_in_sealed_notes_only() -> None:
    """If this fails, the demo has no canary that a leak of a note would show, or has one outside the notes."""
    from reviewcore.demo.names import surnames

    filled = [fill_in(TOOL, CASES[0], f"T{n}") for n in range(400)]
    notes = [text for one in filled for text in one.notes.values()]
    named = [text for text in notes if any(name in text for name in surnames())]
    assert 0 < len(named) < len(notes) / 20  # as with people who were asked to write no names
    rest = " ".join(f"{one.answers} {one.not_applicable}" for one in filled)
    assert not any(name in rest for name in surnames())
