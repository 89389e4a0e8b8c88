"""The plans of a caseload in-service: who is invited, the session's guide and record, what is counted."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import reviewcore_caseload
from attrs import evolve
from caseload_examples import example
from reviewcore_caseload import Caseload, Settings
from reviewcore_caseload.settings import Goal

from reviewcore.api import Everyone, Guide, Schema, read_guide
from reviewcore.errors import BadInput
from reviewcore.interview.agenda import stretched
from reviewcore.interview.guidefiles import problems as guide_problems
from reviewcore.interview.instruments import problems as instrument_problems
from reviewcore.profile.settings import Profile

ELDER: Settings = example("elder").settings


@pytest.fixture(params=["elder", "fir"])
def profile(request: pytest.FixtureRequest) -> Profile:
    """Return each example agency's profile in turn."""
    return example(request.param)


def guide(settings: Settings = ELDER) -> Guide:
    """Return the session guide."""
    (one,) = Caseload().interview(settings).guides
    return one


def told(key: str, settings: Settings = ELDER) -> str:
    """Return all that the guide says of one step."""
    (step,) = (one for one in guide(settings).steps if one.key == key)
    return " ".join((step.title, *step.lines, *step.posts)).lower()


def test_only_the_public_interface_is_used() -> None:
    """If this fails, the shipped plugin uses something of the engine that other authors cannot rely on."""
    allowed = {"reviewcore.api", "reviewcore_caseload", "attrs", "__future__", *sys.stdlib_module_names}
    for file in Path(reviewcore_caseload.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                assert module in allowed or module.partition(".")[0] in allowed - {"reviewcore"}, (
                    file,
                    module,
                )


def test_everyone_is_invited(profile: Profile) -> None:
    """CAS-1: if this fails, some of the staff are not asked to the session, or a draw chooses among them."""
    assert Caseload().selection() == Everyone(("staff",), "session")
    (kind,) = Caseload().interview(profile.settings).sessions
    assert (kind.of, kind.leader, kind.attended) == ("everyone", "facilitator", "attended")


def test_the_agenda_has_its_parts_minutes_and_objectives() -> None:
    """CAS-2: if this fails, the agenda lacks a part, or does not take three hours."""
    steps = guide().steps
    assert [(one.minutes, one.objectives) for one in steps] == [
        (15, ()), (15, (1,)), (15, (1, 2)), (15, (2,)), (45, (2, 3)), (45, (3,)), (15, (3,)), (15, ()),
    ]  # fmt: skip
    assert sum(one.minutes for one in steps) == 180


@pytest.mark.parametrize("minutes", [90, 95, 120, 180, 240])
def test_the_agenda_fills_the_time_that_there_is(minutes: int) -> None:
    """CAS-2: if this fails, the session ends too early or too late, or a part is dropped."""
    given = stretched(guide().steps, minutes)
    assert sum(given) == minutes
    assert all(one >= step.least > 0 for one, step in zip(given, guide().steps, strict=True))


def test_the_guide_is_sound(profile: Profile) -> None:
    """If this fails, `check` refuses the shipped guide."""
    assert list(guide_problems(Caseload().interview(profile.settings))) == []


@pytest.mark.parametrize(
    ("requirement", "step", "words"),
    [
        ("CAS-11", "opening", ("introduce yourself", "thank", "your own work", "tried together",
                               "what the session is for")),
        ("CAS-5", "warm-up", ("walk out with", "well spent", "stays up")),
        ("CAS-5", "goal", ("who, what, and by when", "how to get there comes later", "stays up", "within 3 months")),
        ("CAS-6", "goal", ("assigned:", "certified:", "participating:")),
        ("CAS-10", "goal", ("why does caseload matter", "as many families as possible", "funding",
                            "who is responsible", "certifiers", "second nutrition education", "scheduling",
                            "calls", "outreach", "planning")),
        ("CAS-3", "reports", ("oregon", "twist", "past month", "how many participate", "of the assigned",
                              "without benefits", "category", "priority", "each clinic", "show rates")),
        ("CAS-9", "reports", ("strong", "worries you", "a concern")),
        ("CAS-7", "issues", ("easy to reach", "hard in our area", "appointment", "when are there any, and where",
                             "calls", "keep a family", "type of appointment", "clinic", "what they want",
                             "how well", "sheet")),
        ("CAS-7", "actions", ("more appointments", "staff time", "outreach", "keep families", "show rates",
                              "second nutrition education", "say better", "what a family wants")),
        ("CAS-8", "next", ("choose what to begin with", "who does what, where, and by when", "look at it again",
                           "change it if it does not", "the meetings that follow", "keep us there")),
        ("CAS-11", "closing", ("sum up", "sure they can do it", "celebrate", "what follow-up would help")),
    ],
)  # fmt: skip
def test_what_the_guide_says(requirement: str, step: str, words: tuple[str, ...]) -> None:
    """If this fails, the facilitator is not told what the requirement asks for."""
    text = told(step)
    assert [one for one in words if one not in text] == [], requirement
    assert requirement in guide().requirements


def test_the_facilitator_seeks_agreement_first_and_has_all_at_hand() -> None:
    """CAS-1, CAS-4, CAS-11: if this fails, ideas are asked for before anyone sees a need, or something is missing."""
    assert "seek agreement that there is something to mend before you ask for ideas" in guide().intro
    bring = " ".join(guide().bring).lower()
    for thing in ("caseload reports", "handouts", "planning sheet", "laptop", "projector", "slides up to date",
                  "flip chart or a board", "markers"):  # fmt: skip
        assert thing in bring


def test_the_goal_is_the_agencys_own() -> None:
    """CAS-5: if this fails, the guide proposes another goal than the profile sets."""
    fir = example("fir").settings
    assert "97 percent of the assigned caseload or more, within 6 months" in told("goal", fir)
    assert "without food benefits" in told("reports", fir)
    bare = evolve(fir, goal=Goal("All of us", "more families", 1, ""))
    assert "we propose: all of us, more families, within 1 month." in told("goal", bare)


def test_the_record_takes_what_is_put_up_and_what_is_named() -> None:
    """CAS-5, CAS-7, CAS-8, CAS-9: if this fails, a part of the session cannot be recorded, or is taken for a theme."""
    plan = Caseload().interview(ELDER)
    (tool,) = plan.instruments
    assert instrument_problems(tool, {}) == []
    items = {one.key: one for one in tool.items()}
    assert {key for key, one in items.items() if one.posted} >= {
        "aim",
        "goal",
        "goal-why",
        "plan-1",
        "follow-up",
        "keep",
    }
    assert {key for key, one in items.items() if one.kind == "many"} == {
        "strengths", "concerns", "access-issues", "retention-issues", "access-actions", "retention-actions",
    }  # fmt: skip
    for words in ("never who said it", "no place for names", "safety contact at once"):
        assert words in tool.intro


def test_what_is_counted(profile: Profile) -> None:
    """CAS-3, CAS-6: if this fails, a report of the source lacks a figure, or two figures have one name."""
    plan = Caseload().aggregation(profile.settings)
    caseload, appointments = plan.tallies
    shown = {name for table in caseload.tables for name in table.shows}
    assert shown >= {"assigned", "certified", "participating", "of-assigned", "participation-rate", "without"}
    by = {(table.rows, table.columns) for table in (*caseload.tables, *appointments.tables)}
    assert by >= {
        ("clinic", "category"),
        ("clinic", "priority"),
        ("kind", ""),
        ("clinic", "kind"),
        ("month", ""),
    }
    (without,) = (one for one in caseload.rates if one.key == "without")
    assert (without.of, without.over, without.rest) == ("issued", "certified", True)
    titles = [one.title for one in (*caseload.rates, *appointments.rates)]
    assert len(titles) == len(set(titles))
    assert {one.key for one in plan.themes} == {
        "strengths", "concerns", "access-issues", "retention-issues", "access-actions", "retention-actions",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"clinics": ()}, "clinics: name at least one"),
        ({"clinics": ("North", "North")}, "clinics: name each once"),
        ({"final": ("done",)}, "final: done is not one of the statuses"),
    ],
)
def test_settings_that_cannot_be_are_refused(change: dict[str, object], said: str) -> None:
    """If this fails, an agency reads its mistake in a table instead of in `check`."""
    with pytest.raises(ValueError, match=said):
        evolve(ELDER, **change)


def test_a_blank_without_a_value_is_told() -> None:
    """If this fails, a guide goes out with a blank in it."""
    with pytest.raises(
        BadInput, match=r"guides/agenda.toml: blank 'goal': there is no value for it; did you mean 'gaol'\?"
    ):
        read_guide("reviewcore_caseload", "agenda", {"gaol": "", "state": "", "system": "", "benefits": ""})
    with pytest.raises(
        BadInput, match=r"guides/none.toml: there is no such file; a session guide is a TOML file"
    ):
        read_guide("reviewcore_caseload", "none")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"session": "another"}, "no session that gathers people has that key"),
        ({"steps": ()}, "it has no step"),
        ({"objectives": ("One.",)}, "there is no objective 2"),
    ],
)
def test_a_guide_that_cannot_be_held_is_told(change: dict[str, object], said: str) -> None:
    """If this fails, a faulty guide is found out in the session."""
    plan = Caseload().interview(ELDER)
    wrong = evolve(plan, guides=(evolve(guide(), **change),))
    assert any(said in one for one in guide_problems(wrong))


def test_the_schema_has_the_agencys_own_clinics(profile: Profile) -> None:
    """If this fails, rows of a table are those of another agency."""
    from reviewcore.reviewtype import settled

    kind = settled(Caseload().review_type(), profile.settings)
    schema = Schema((), (), kind.of_kind("extract"))
    assert all(one.fields[0].choices == profile.settings.clinics for one in schema.extracts)
