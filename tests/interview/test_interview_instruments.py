"""Instruments as data: read strictly, and checked before anything is held."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from reviewcore.errors import BadInput
from reviewcore.interview.instruments import parse, problems, read_instrument
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section, Zone
from reviewcore.language import Compare
from tests.interview.sample_tool import PRACTICE, PROGRAM, TOOL

TEXT = """
key = "tool"
title = "Tool"
version = "1"
filled_by = "review team"
[[scales]]
key = "practice"
codes = [{code = "1", label = "seldom"}, {code = "2", label = "well", anchor = "Mostly seen."}]
acceptable = ["2"]
[[sections]]
title = "First"
  [[sections.items]]
  key = "voice"
  words = "Was the child heard?"
  scale = "practice"
  not_applicable = ["infant"]
  [[sections.items]]
  key = "why"
  words = "Why not?"
  kind = "text"
  required = false
  when = {all = [{field = "program", is = "probation"}, {field = "voice", at_most = 1}]}
"""


def test_an_instrument_is_read_from_the_plugins_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin could not ship its tools as data (PQCR-3, QSR-1)."""
    (tmp_path / "my_review_type" / "instruments").mkdir(parents=True)
    (tmp_path / "my_review_type" / "__init__.py").write_text("")
    (tmp_path / "my_review_type" / "instruments" / "tool.toml").write_text(TEXT)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "my_review_type", raising=False)
    tool = read_instrument("my_review_type", "tool")
    assert [item.key for item in tool.items()] == ["voice", "why"]
    assert tool.scale(tool.items()[0]).codes[1] == Code("2", "well", "Mostly seen.")
    assert problems(tool, {"program": PROGRAM}) == []
    with pytest.raises(BadInput, match=r"my_review_type/instruments/other.toml: there is no such file"):
        read_instrument("my_review_type", "other")


def test_every_mistake_in_the_file_is_told_at_once_with_its_key() -> None:
    """An author would hunt mistakes one run at a time, or have them silently coerced."""
    bad = (
        TEXT.replace('title = "Tool"', 'titel = "Tool"')
        .replace('version = "1"', "version = 1")
        .replace('code = "2"', "code = 2")
        .replace('["2"]', '"2"')
        .replace("required = false", 'required = "false"')
        .replace('kind = "text"', 'kind = "slider"')
        .replace("is =", "equals =")
    )
    with pytest.raises(BadInput) as caught:
        parse(bad, "x/instruments/tool.toml")
    told = [str(problem) for problem in caught.value.problems]
    assert all(one.startswith("x/instruments/tool.toml: ") for one in told)
    assert {one.removeprefix("x/instruments/tool.toml: ").split(": ")[0] for one in told} == {
        "titel", "title", "version", "scales[1].codes[2].code ('practice')", "scales[1].acceptable ('practice')",
        "sections[1].items[2].required ('why')", "sections[1].items[2].kind ('why')",
        "sections[1].items[2].when ('why')",
    }  # fmt: skip
    assert any("titel: unknown key; did you mean 'title'?" in one for one in told)
    assert any("required ('why'): expected true or false, got str" in one for one in told)


def test_text_that_is_not_toml_is_told() -> None:
    """A slip of the pen would end in a traceback."""
    with pytest.raises(BadInput, match=r"x.toml: this is not TOML: Invalid value"):
        parse("key = ", "x.toml")


def test_the_sample_tool_has_no_problems() -> None:
    """The checks would refuse a tool in which nothing is wrong."""
    assert problems(TOOL, {"program": PROGRAM}) == []


def item(key: str = "voice", **given: Any) -> Item:
    """Return a sound question with some of it changed."""
    return evolve(Item(key, "Words?", scale="practice"), **given)


def tool(*items: Item, scale: Scale = PRACTICE) -> Instrument:
    """Return a tool of these questions over one scale."""
    return Instrument("t", "T", "1", "team", (Section("S", items),), (scale,))


OFFENDERS: list[tuple[str, Callable[[], Instrument], str]] = [
    ("same key twice", lambda: tool(item(), item()), "question 'voice': the key is used 2 times"),
    ("unknown scale", lambda: tool(item(scale="practise")), "there is no scale 'practise'; did you mean 'practice'?"),
    ("no choices", lambda: tool(item(kind="choice", scale="")), "choices: the list is empty"),
    ("scale on text", lambda: tool(item(kind="text")), "scale: a text question has none"),
    ("choices on number", lambda: tool(item(kind="number", scale="", choices=(Code("a", "b"),))), "choices: a number"),
    ("same code twice", lambda: tool(item(kind="choice", scale="", choices=(Code("a", "b"), Code("A", "c")))),
     "choices: 'a' stands for 2 answers"),
    ("code that is a label", lambda: tool(item(kind="choice", scale="", choices=(Code("1", "2"), Code("2", "x")))),
     "choices: '2' stands for 2 answers"),
    ("code with a space", lambda: tool(item(kind="choice", scale="", choices=(Code("a b", "c"),))), "without spaces"),
    ("field of the case", lambda: tool(item("program")), "a declared field of the case has the same name"),
    ("unknown acceptable", lambda: tool(item(), scale=evolve(PRACTICE, acceptable=("5",))), "'5' is not one of"),
    ("zone over unknown", lambda: tool(item(), scale=evolve(PRACTICE, zones=(Zone("z", ("1", "2", "3", "4", "9")),))),
     "zones: '9' is not one of its codes"),
    ("code in two zones", lambda: tool(item(), scale=evolve(PRACTICE, zones=(Zone("z", ("1", "2", "3", "4")),
                                                                               Zone("y", ("1",))))), "is in 2 zones"),
    ("code in no zone", lambda: tool(item(), scale=evolve(PRACTICE, zones=(Zone("z", ("1", "2", "3")),))),
     "zones: '4' is in none of them"),
    ("later question", lambda: tool(item("a", when=Compare("b", "is", "1")), item("b")),
     "when: unknown field 'b' (only declared fields and earlier questions"),
    ("itself", lambda: tool(item("a", when=Compare("a", "is", "1"))), "unknown field 'a'"),
    ("free text decides", lambda: tool(item("a", kind="text", scale=""), item("b", when=Compare("a", "is", "x"))),
     "unknown field 'a'"),
    ("no such code", lambda: tool(item("a"), item("b", when=Compare("a", "is", "7"))), "is not a choice of 'a'"),
    ("no such program", lambda: tool(item("a", when=Compare("program", "is", "x"))), "is not a choice of 'program'"),
    ("no questions", tool, "has no questions"),
    ("key with spaces", lambda: tool(item("Voice of child")), "the key is a small letter"),
    ("long reason", lambda: tool(item(not_applicable=("x" * 201,))), "a reason has between 1 and 200 characters"),
    ("no version", lambda: evolve(tool(item()), version=" "), "version: not filled in"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "says"), [row[1:] for row in OFFENDERS], ids=[row[0] for row in OFFENDERS])
def test_what_does_not_fit_together_is_told(make: Callable[[], Instrument], says: str) -> None:
    """A tool that cannot be filled in, or be counted, would be handed to the teams."""
    told = problems(make(), {"program": PROGRAM})
    assert any(says in one for one in told), told
