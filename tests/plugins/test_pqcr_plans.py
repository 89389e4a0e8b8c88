"""The plans of a peer review: the case selection, the tool, the teams, the tables."""

from __future__ import annotations

import ast
import sys
from itertools import product
from pathlib import Path

import pluggy
import pytest
import reviewcore_pqcr
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from pqcr_examples import example
from reviewcore_pqcr import PQCR, Settings
from reviewcore_pqcr.interview import FOCUS_SECTIONS
from reviewcore_pqcr.settings import TOOLS, FocusTool

from reviewcore import hookspecs
from reviewcore.api import Field, Schema, SelectionPlan
from reviewcore.interview.instruments import problems as instrument_problems
from reviewcore.language import Row, holds, problems
from reviewcore.profile.settings import Profile

FIELDS = {field.name: field for field in PQCR().review_type().sources[0].fields}
SETTINGS: Settings = example("alder").settings
PROGRAMS, PLACEMENTS = FIELDS["program"].choices, FIELDS["placement"].choices


def retooled(settings: Settings, *tools: FocusTool) -> Settings:
    """Return the settings with other focus tools for their programs."""
    programs = tuple(evolve(one, tool=tool) for one, tool in zip(settings.programs, tools, strict=True))
    return evolve(settings, programs=programs)


def test_the_plugin_is_what_the_hooks_ask_for() -> None:
    """If this fails, the engine cannot load the plugin: an unknown hook, or a parameter that no hook has."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(PQCR())
    manager.check_pending()
    assert manager.hook.review_type().name == "pqcr"


def test_only_the_public_interface_is_used() -> None:
    """If this fails, the shipped plugin uses something of the engine that other authors cannot rely on."""
    allowed = {"reviewcore.api", "reviewcore_pqcr", "attrs", "__future__", *sys.stdlib_module_names}
    for file in Path(reviewcore_pqcr.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                assert module in allowed or module.partition(".")[0] in allowed - {"reviewcore"}, (
                    file,
                    module,
                )


def test_what_the_source_declares(profile: Profile) -> None:
    """If this fails, the case list lacks a field that a condition of the plan or the tool looks at."""
    plan = PQCR().selection(profile.settings)
    conditions = [plan.eligible, *(stratum.where for stratum in plan.strata)]
    assert [text for one in conditions if one for text in problems(one, FIELDS)] == []


@given(
    program=st.sampled_from(PROGRAMS),
    placement=st.sampled_from(PLACEMENTS),
    focus=st.booleans(),
    quotas=st.tuples(st.integers(1, 500), st.integers(1, 500)),
)
def test_selection(program: str, placement: str, focus: bool, quotas: tuple[int, int]) -> None:
    """PQCR-2, PQCR-4: if this fails, cases outside the focus area are drawn, a quota is not the profile's, a
    case belongs to no stratum or two, or a worker could have more than one case."""
    programs = tuple(evolve(one, quota=n) for one, n in zip(SETTINGS.programs, quotas, strict=True))
    plan = PQCR().selection(evolve(SETTINGS, programs=programs))
    assert isinstance(plan, SelectionPlan)
    assert plan.per_worker == 1
    row: Row = {"program": program, "placement": placement, "months_open": 3, "focus": focus}
    assert plan.eligible is not None
    assert holds(plan.eligible, row) is focus
    there = [one for one in plan.strata if one.where and holds(one.where, row)]
    assert [one.name for one in there] == [program]
    assert {one.name: one.quota for one in plan.strata} == dict(
        zip([p.name for p in SETTINGS.programs], quotas, strict=True)
    )


def test_one_case_a_worker_cannot_be_set() -> None:
    """PQCR-4: if this fails, a profile could take back the promise of one case per worker."""
    from attrs import fields

    assert not any("worker" in attribute.name for attribute in fields(Settings))


@pytest.mark.parametrize("tools", list(product(*TOOLS.values())))
def test_the_tool_is_written_for_the_focus_areas(tools: tuple[FocusTool, FocusTool], alder: Profile) -> None:
    """PQCR-3: if this fails, a tool has no questions on the focus area, those of another, or a faulty one."""
    [tool] = PQCR().interview(retooled(alder.settings, *tools)).instruments
    titles = [section.title for section in tool.sections]
    assert {title for title in titles if title in FOCUS_SECTIONS.values()} == {
        FOCUS_SECTIONS[t] for t in tools
    }
    assert instrument_problems(tool, FIELDS) == []
    for program, name in zip(PROGRAMS, tools, strict=True):
        [section] = [one for one in tool.sections if one.title == FOCUS_SECTIONS[name]]
        for item in section.items:
            assert item.when is not None
            rows: list[Row] = [{"program": p, "placement": q} for p in PROGRAMS for q in PLACEMENTS]
            asked = {row["program"] for row in rows if holds(item.when, row)}
            assert asked == {program}, item.key


def test_what_the_tool_says(alder: Profile) -> None:
    """PQCR-1, PQCR-7, ALL-1, ALL-2: if this fails, a team is not told how to treat workers, or where a danger goes."""
    [tool] = PQCR().interview(alder.settings).instruments
    for words in (
        "practice, not at people", "Nobody is graded", "who will see what they say", "may pass on any question",
        "interpreter", "only if they have asked", "safety contact", "at once", "Do not write it here",
        "treated badly", "Write no names",
    ):  # fmt: skip
        assert words in tool.intro, words
    for requirement in ("PQCR-3", "PQCR-7", "PQCR-10", "ALL-1", "ALL-2"):
        assert requirement in tool.requirements
    text = " ".join(item.words + item.help for item in tool.items())
    assert not any(word in text.lower() for word in ("fail", "violat", "blame", "complian"))


def test_the_tool_reads_the_file_codes_themes_and_leaves_room(alder: Profile) -> None:
    """PQCR-3, PQCR-10: if this fails, teams cannot record file, record, themes or what does not fit a code."""
    [tool] = PQCR().interview(alder.settings).instruments
    items = {item.key: item for item in tool.items()}
    assert {choice.code for choice in items["sources-read"].choices} >= {"case-file", "case-record"}
    for key in ("strengths-themes", "barriers-themes"):
        assert items[key].kind == "many"
        assert 8 <= len(items[key].choices) <= 10
    rated = [item for item in tool.items() if item.kind == "scale"]
    assert 14 <= len([item for item in rated if not item.when]) <= 18
    assert [len(scale.codes) for scale in tool.scales] == [4]
    assert tool.scales[0].acceptable == ("3", "4")
    assert all(code.anchor for code in tool.scales[0].codes)
    assert any(item.kind == "text" for item in tool.items())


def test_sessions_and_teams(profile: Profile) -> None:
    """PQCR-3, PQCR-6: if this fails, interviews are not an hour long, without the worker's choice of a
    supervisor, or teams are not of two to four with a peer."""
    plan = PQCR().interview(profile.settings)
    [session] = plan.sessions
    assert (session.minutes, session.supervisor, session.instrument) == (60, True, plan.instruments[0].key)
    assert 2 <= plan.teams.smallest <= plan.teams.largest <= 4
    assert plan.teams.peers >= 1
    assert plan.teams.teams == profile.settings.teams.number


def test_every_rated_item_is_counted(alder: Profile) -> None:
    """PQCR-10: if this fails, a rating that teams gave never reaches a table, or free text does."""
    [tool] = PQCR().interview(alder.settings).instruments
    plan = PQCR().aggregation(Schema(tuple(FIELDS.values()), (tool,)))
    items = {item.key: item for item in tool.items()}
    assert [one.item for one in plan.measures] == [i.key for i in tool.items() if i.kind == "scale"]
    for measure in plan.measures:
        assert measure.splits == (() if items[measure.item].when else ("program",))
    assert [items[one.item].kind for one in plan.themes] == ["many", "many"]
    keys = [*(one.key for one in plan.measures), *(one.key for one in plan.themes), "sample"]
    assert len(set(keys)) == len(keys)
    assert FIELDS["program"] == Field(
        "program", "choice", "program", PROGRAMS, titles=("Child welfare", "Juvenile probation")
    )
