"""The plans of a quality service review: the sample, the tools, the groups, the guide, the tables."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import reviewcore_qsr
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from qsr_examples import example
from reviewcore_qsr import QSR, Settings
from reviewcore_qsr.about import FAMILY, KEY_PEOPLE
from reviewcore_qsr.indicators import INDICATORS, SUMMARIES
from reviewcore_qsr.interview import TOPICS, case_tool
from reviewcore_qsr.settings import FocusGroup, Sample

from reviewcore.api import Schema, SelectionPlan
from reviewcore.interview.instruments import problems as instrument_problems
from reviewcore.language import Row, holds
from reviewcore.reviewtype import settled

CEDAR: Settings = example("cedar").settings
DOGWOOD: Settings = example("dogwood").settings
FIELDS = {one.name: one for one in settled(QSR().review_type(), CEDAR).cases().fields}


def test_only_the_public_interface_is_used() -> None:
    """If this fails, the shipped plugin uses something of the engine that other authors cannot rely on."""
    allowed = {"reviewcore.api", "reviewcore_qsr", "attrs", "__future__", *sys.stdlib_module_names}
    for file in Path(reviewcore_qsr.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                first = module.partition(".")[0]
                assert module in allowed or first in allowed - {"reviewcore"}, (file, module)


def test_the_sample() -> None:
    """QSR-2: if this fails, a part of the sample has another number than the profile says, or a worker two cases."""
    plan = QSR().selection(CEDAR)
    assert isinstance(plan, SelectionPlan)
    assert {one.name: one.quota for one in plan.strata} == {"in-home": 8, "out-of-home": 12}
    assert plan.per_worker == 1
    assert plan.eligible is None
    assert [(one.role, one.size) for one in plan.groups][:2] == [("caseworker", 10), ("supervisor", 8)]
    whole = QSR().selection(evolve(CEDAR, sample=Sample(20)))
    assert isinstance(whole, SelectionPlan)
    assert [one.quota for one in whole.strata] == [20]
    areas = QSR().selection(DOGWOOD)
    assert isinstance(areas, SelectionPlan)
    assert [one.name for one in areas.strata] == ["Lakeside", "Uplands"]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: Sample(20, "setting", {"in-home": 8}), "add up to cases, 20"),
        (lambda: Sample(20, "setting", {"home": 20}), "in-home and out-of-home"),
        (lambda: Sample(20, "nothing", {"in-home": 20}), "leave the quotas out"),
        (lambda: FocusGroup("a", "A", "caseworker", "group_1", size=5), "from 6 to 12"),
        (lambda: FocusGroup("a", "A", "caseworker", "group_1", size=13), "from 6 to 12"),
        (lambda: evolve(CEDAR, indicators=("stabilty", "teaming")), "there is no 'stabilty'"),
        (lambda: evolve(CEDAR, indicators=("stability",)), "one of each domain"),
        (lambda: evolve(CEDAR, focus_groups=CEDAR.focus_groups[:1] * 2), "two groups have the key"),
    ],
)
def test_settings_that_cannot_be(made: object, words: str) -> None:
    """QSR-4: if this fails, a county's slip in the profile becomes a review that nobody meant."""
    with pytest.raises(ValueError, match=words):
        made()  # type: ignore[operator]


def test_two_domains_on_six_points() -> None:
    """QSR-1: if this fails, ratings are not on six anchored points of which the upper three are acceptable."""
    tool = case_tool(CEDAR)
    assert {one.domain for one in INDICATORS} == {"status", "practice"}
    assert len([one for one in INDICATORS if one.domain == "status"]) == 11
    assert len([one for one in INDICATORS if one.domain == "practice"]) == 12
    for scale in tool.scales:
        assert [one.code for one in scale.codes] == list("123456")
        assert all(one.anchor for one in scale.codes)
        assert scale.acceptable == ("4", "5", "6")
        assert [(zone.name, zone.codes) for zone in scale.zones] == [
            ("improvement", ("1", "2")), ("refinement", ("3", "4")), ("maintenance", ("5", "6")),
        ]  # fmt: skip
    assert instrument_problems(tool, FIELDS) == []


def test_every_indicator_has_both_comments_sealed() -> None:
    """QSR-6: if this fails, a rating stands without its grounds, or the grounds are not free text."""
    items = {item.key: item for item in case_tool(CEDAR).items()}
    for indicator in INDICATORS:
        for side in ("favorable", "unfavorable"):
            assert items[f"{indicator.key}-{side}"].kind == "text"
        for rating in indicator.ratings:
            assert items[indicator.item_key(rating)].scale == indicator.domain
    for domain, key, _ in SUMMARIES:
        assert items[key].scale == domain


@given(age=st.integers(0, 20), school=st.booleans(), setting=st.sampled_from(["in-home", "out-of-home"]))
def test_what_applies_by_age_and_setting(age: int, school: bool, setting: str) -> None:
    """QSR-1: if this fails, an infant is rated at school, or a family at home on foster care."""
    row: Row = {"age": age, "formal_school": school, "setting": setting, "service_area": "River"}
    asked = {
        item.key for item in case_tool(CEDAR).items() if item.kind == "scale"
        if item.when is None or holds(item.when, row)
    }  # fmt: skip
    assert ("safety-behavior" in asked) == (age >= 3)
    assert ("early-learning" in asked) == (age < 8 and not school)
    assert ("academic" in asked) == school
    assert ("independence" in asked) == (age >= 16)
    away = {"safety-threats-substitute", "functioning-caregiver", "engagement-caregiver", "timely-permanence",
            "connections-mother", "connections-father", "connections-siblings"}  # fmt: skip
    assert (away <= asked) == (setting == "out-of-home")
    assert bool(away & asked) == (setting == "out-of-home")
    assert {
        "permanency",
        "well-being",
        "functioning-mother",
        "engagement-father",
        "overall-practice",
    } <= asked


def test_an_agency_chooses_its_indicators() -> None:
    """If this fails, a county that rates ten indicators hands out a tool with all of them, or tables for others."""
    tool = case_tool(DOGWOOD)
    rated = {item.key for item in tool.items() if item.kind == "scale"}
    chosen = {one.item_key(r) for one in INDICATORS if one.key in DOGWOOD.indicators for r in one.ratings}
    assert rated == chosen | {key for _, key, _ in SUMMARIES}
    plan = QSR().aggregation(Schema(tuple(FIELDS.values()), (tool,)))
    assert {one.item for one in plan.measures} == rated


def test_two_reviewers_for_days_in_a_row() -> None:
    """QSR-3: if this fails, a case has not two reviewers, or no time for its key people."""
    plan = QSR().interview(CEDAR)
    case, group = plan.sessions
    assert plan.teams is not None
    assert (plan.teams.smallest, plan.teams.largest, plan.teams.teams) == (2, 2, 10)
    assert (case.of, case.days, case.minutes) == ("case", 2, 45)
    assert (group.of, group.attended, group.leader) == ("group", "attended", "facilitator")
    assert [one.of for one in QSR().interview(evolve(CEDAR, focus_groups=())).sessions] == ["case"]


def test_families_are_asked_for_consent() -> None:
    """ALL-1: if this fails, a child or a parent is interviewed without a recorded yes."""
    assert set(KEY_PEOPLE.consent) == set(FAMILY) >= {"child or youth", "mother", "father"}
    assert set(KEY_PEOPLE.consent) < set(KEY_PEOPLE.roles)


def test_the_ten_topics_and_no_field_for_a_speaker() -> None:
    """QSR-5, QSR-6: if this fails, a topic is missing, or notes have a place to write who said it."""
    tool = next(one for one in QSR().interview(CEDAR).instruments if one.key == "focus-group")
    items = {item.key: item for item in tool.items()}
    assert len(TOPICS) == 10
    for key, _, questions in TOPICS:
        assert len(questions) >= 2
        assert items[f"notes-{key}"].kind == "text"
        assert key in {one.code for one in items["topics"].choices}
    assert items["attended"].kind == "number"
    for item in tool.items():
        if item.kind == "text":
            words = item.words.lower()
            assert not any(word in words for word in ("who said", "speaker", "quote", "name of"))
    for words in ("never who said it", "do not quote", "interpreter", "safety contact", "treated badly"):
        assert words in tool.intro


def test_the_guide_fits_an_hour_and_a_half_and_an_hour() -> None:
    """QSR-4, QSR-5: if this fails, the facilitator's agenda misses a topic, or cannot be led in the time there is."""
    from reviewcore.interview.agenda import needed, stretched

    [guide] = QSR().interview(CEDAR).guides
    assert [one.key for one in guide.steps] == ["welcome", *(key for key, _, _ in TOPICS), "close"]
    assert needed(guide.steps) == 60
    assert stretched(guide.steps, 90) == tuple(one.minutes for one in guide.steps)
    said = " ".join(guide.steps[0].lines)
    for words in ("without names", "a sentence is quoted only if the group agrees", "interpreter", "pressure",
                  "safety contact"):  # fmt: skip
        assert words in said


def test_what_the_tool_says() -> None:
    """QSR-3, ALL-1, ALL-2: if this fails, reviewers are not told what to promise, or where a danger goes."""
    intro = case_tool(CEDAR).intro
    for words in ("drawn at random", "who will see", "pass on any question", "interpreter", "consent is on record",
                  "safety contact", "at once", "Do not write it here", "treated badly", "Write no names",
                  "counts more than what is in the file"):  # fmt: skip
        assert words in intro, words
