"""Reading a profile: what is right becomes frozen settings, and all that is wrong is told with its line."""

from __future__ import annotations

import string
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st
from sample_settings import GOOD, Program, Settings

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.language import Compare
from reviewcore.profile.read import allowed, check_milestones, read, type_name
from reviewcore.profile.strict import converter, structure
from reviewcore.reviewtype import MilestoneKind, ReviewType


def problems(tmp_path: Path, text: str, **more: Any) -> list[str]:
    """Return what is said of a profile, without the folder that it lies in."""
    path = tmp_path / "review.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read(path, Settings, **more)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


def good(tmp_path: Path, text: str = GOOD) -> Any:
    """Return a profile that is right."""
    path = tmp_path / "review.toml"
    path.write_text(text, encoding="utf-8")
    return read(path, Settings)


def test_a_profile_becomes_frozen_settings(tmp_path: Path) -> None:
    """If this fails, no review can start: a right profile is not read, or not as it is written."""
    profile = good(
        tmp_path,
        GOOD + 'share = 1\nday = 2027-03-01\nwords = ["a"]\nprograms = [{name = "p", minimum = 7}]\n'
        'eligible = {field = "x", is = 1}\nmoment = 2027-03-01 09:00:00\nhour = 08:30:00\ntitles = {a = "A"}\n',
    )
    assert profile.settings == Settings(
        method="simple",
        share=1.0,
        day=date(2027, 3, 1),
        hour=time(8, 30),
        moment=datetime(2027, 3, 1, 9),  # noqa: DTZ001
        words=("a",),
        programs=(Program("p", 7),),
        titles={"a": "A"},
        eligible=Compare("x", "is", 1),
    )
    assert profile.calendar.report_due() == date(2027, 5, 4)
    assert (profile.type, profile.rooms, profile.languages) == ("visits", 20, ("en",))


def test_every_problem_is_told_in_one_pass_with_its_line(tmp_path: Path) -> None:
    """If this fails, a county mends its profile one error at a time, or looks on the wrong line."""
    said = problems(
        tmp_path,
        GOOD + 'anonymous_free_text = "false"\nmethd = 1\n\n[[review.programs]]\nname = "a"\nminimum = 5\n'
        '[[review.programs]]\nname = "b"\nminimum = 2\n',
    )
    assert said == [
        "review.toml:42: review.anonymous_free_text: expected true or false, got 'false'",
        "review.toml:43: review.methd: unknown setting; did you mean 'method'?",
        "review.toml:50: review.programs[1].minimum: must be at least 5 (got 2)",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('words = "abc"', "review.words: expected a list, got 'abc'"),
        ("words = [1]", "review.words[0]: expected text in quotes, got 1"),
        ("quota = true", "review.quota: expected a whole number, got true"),
        ("quota = 5.0", "review.quota: expected a whole number, got 5.0"),
        ('quota = "5"', "review.quota: expected a whole number, got '5'; take the quotation marks away"),
        ("anonymous_free_text = 1", "review.anonymous_free_text: expected true or false, got 1"),
        ("share = true", "review.share: expected a number, got true"),
        ("share = inf", "review.share: expected a number, got inf"),
        (
            "day = 2027-03-01 00:00:00",
            "review.day: expected a date such as 2027-03-01, got 2027-03-01 00:00:00",
        ),
        ("moment = 2027-03-01", "review.moment: expected a date and time such as"),
        ("hour = 9", "review.hour: expected a time such as 09:00:00, got 9"),
        ("titles = []", "review.titles: expected a table, got a list"),
        ("programs = {}", "review.programs: expected a list, got a table"),
        (
            'day = "2027-03-01"',
            "review.day: expected a date such as 2027-03-01, got '2027-03-01'; take the quotation",
        ),
        ("programs = [1]", "review.programs[0]: expected a table, got 1"),
        ("programs = [{minimum = 5}]", "review.programs[0].name: missing; it takes text in quotes"),
        ('eligible = {field = "x", si = 1}', "review.eligible: unknown comparison si; use one of is,"),
        ("eligible = {}", "review.eligible: a condition is one of"),
    ],
)
def test_nothing_is_coerced(tmp_path: Path, line: str, said: str) -> None:
    """If this fails, a setting means something else than what the county wrote."""
    (problem,) = problems(tmp_path, GOOD + line + "\n")
    assert problem.startswith(f"review.toml:42: {said}")


def test_a_closed_choice_names_the_nearest(tmp_path: Path) -> None:
    """If this fails, a slip of the pen in a choice is refused without saying what may stand there."""
    assert problems(tmp_path, GOOD.replace('"simple"', '"stratifed"')) == [
        (
            "review.toml:41: review.method: expected one of 'simple', 'stratified', got 'stratifed'; "
            "did you mean 'stratified'?"
        )
    ]


def test_every_validator_is_asked_even_beside_other_faults(tmp_path: Path) -> None:
    """If this fails, attrs stops at the first refusal and the county learns of the second only later."""
    assert problems(tmp_path, GOOD + "quota = 0\nmost = -1\nwords = 1\n") == [
        "review.toml:42: review.quota: must be at least 1 (got 0)",
        "review.toml:43: review.most: must not be below quota, 0",
        "review.toml:44: review.words: expected a list, got 1",
    ]


def test_what_a_whole_table_refuses_is_told_at_its_setting(tmp_path: Path) -> None:
    """If this fails, a refusal that names its setting is reported at the head of a long table."""
    assert problems(tmp_path, GOOD + '[[review.programs]]\nname = "a"\nminimum = 9\nmost = 5\n') == [
        "review.toml:45: review.programs[0].most: must not be below minimum, 9 (got 5)"
    ]


def test_a_floor_cannot_be_lowered(tmp_path: Path) -> None:
    """If this fails, a profile can ask for smaller counts to be shown than its audience may see."""
    said = problems(tmp_path, GOOD + '[audiences]\nagency.k = 4\nstate.rules = "k5"\npublic.k = 2\n')
    assert said[0].startswith("review.toml:43: audiences.agency: k must be at least 5 (got 4)")
    assert said[1].endswith("below this audience's floor of 11; use 'calhhs-11', 'cms-11'")
    assert said[2] == "review.toml:45: audiences.public.k: must be at least 3 (got 2)"


def test_each_blank_is_named_with_what_it_takes(tmp_path: Path) -> None:
    """If this fails, a letter goes out with a blank in it, or the county cannot find what is still open (PQCR-13)."""
    text = (
        GOOD.replace('"Alder County"', '"____"')
        .replace("2027-03-05", '"____"')
        .replace('"Room 1"', '"Room ____"')
        .replace('"C. Safety"', '"  "')
    )
    assert problems(tmp_path, text) == [
        "review.toml:8: agency.name: not filled in yet; it takes text in quotes",
        "review.toml:17: safety.name: not filled in yet",
        "review.toml:24: calendar.event_end: not filled in yet; it takes a date such as 2027-03-01",
        "review.toml:32: meetings.orientation.place: not filled in yet; it takes text in quotes",
    ]


def test_what_is_missing_is_told_at_its_table(tmp_path: Path) -> None:
    """If this fails, the county is told that something is missing but not where to put it."""
    text = GOOD.replace('phone = "555-0101"\n', "").replace('[review]\nmethod = "simple"\n', "")
    assert problems(tmp_path, text) == [
        "review.toml:1: review.method: missing; it takes one of 'simple', 'stratified'",
        "review.toml:16: safety.phone: missing; it takes text in quotes",
    ]


def test_a_setting_that_slipped_into_a_table_is_sent_back_to_the_top(tmp_path: Path) -> None:
    """If this fails, TOML's commonest trap is called an unknown setting, though the setting is known."""
    assert problems(tmp_path, GOOD + 'languages = ["en"]\n') == [
        (
            "review.toml:42: review.languages: unknown setting here; move languages to the top of the file, "
            "above the first [table]"
        )
    ]


def test_a_newer_profile_is_refused_before_all_else(tmp_path: Path) -> None:
    """If this fails, a newer profile is met with a list of settings that this version does not know."""
    (said,) = problems(tmp_path, GOOD.replace("profile = 1", "profile = 99").replace("safety", "sefety"))
    assert said.startswith("review.toml:1: profile: this profile is of format 99")
    assert "pip install --upgrade reviewcore" in said


@pytest.mark.parametrize("written", ["", "profile = true", 'profile = "1"', "profile = 0"])
def test_a_profile_says_its_format(tmp_path: Path, written: str) -> None:
    """If this fails, a file that is no profile at all is read as one."""
    (said,) = problems(tmp_path, GOOD.replace("profile = 1", written))
    assert said.endswith("write profile = 1 above everything else")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("when = 9:00", "a time with its seconds, as in 09:00:00"),
        ("when = 3/1/2027", "year-month-day, as in 2027-03-01"),
        ("when = 2027-3-1", "two digits each"),
        ("a = True", "true or false, in small letters"),
        ("a = “x”", "straight quotes"),
        ('a = "C:\\list"', "in place of \\"),
        ("a = Alder", "put text in quotes"),
        ("a =", "write a value after the ="),
        ("a : 1", "write = in place of :"),
        ("just words", "begin the line with #"),
        ('method = "simple"', "this is given twice"),
        ("[review]", "this is given twice"),
    ],
)
def test_a_slip_in_the_toml_itself_is_explained(tmp_path: Path, line: str, hint: str) -> None:
    """If this fails, a county without engineers is told of parse errors."""
    (said,) = problems(tmp_path, GOOD + line + "\n")
    assert said.startswith("review.toml:42: not valid TOML: ")
    assert hint in said


def test_a_bracket_left_open_is_told_at_the_end(tmp_path: Path) -> None:
    """If this fails, the reader is sent to a line that does not exist."""
    (said,) = problems(tmp_path, GOOD + "words = [1,\n")
    assert said.startswith("review.toml:42: not valid TOML: a quote or bracket")


def test_files_from_other_editors(tmp_path: Path) -> None:
    """If this fails, a profile saved on Windows is refused, or its lines are counted wrong."""
    path = tmp_path / "review.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read(path, Settings).id == "alder-2027"
    path.write_bytes(GOOD.encode() + 'title = "Año"'.encode("latin-1"))
    with pytest.raises(BadInput, match="toml:42: not UTF-8 text; save the file as UTF-8"):
        read(path, Settings)
    with pytest.raises(BadInput, match="there is no profile here; `reviewcore new DIR"):
        read(tmp_path / "nowhere.toml", Settings)


def test_finding_the_plugin_needs_nothing_else_to_be_right(tmp_path: Path) -> None:
    """If this fails, the review type cannot be found until the whole profile is filled in."""
    path = tmp_path / "review.toml"
    path.write_text('profile = 1\ntype = "visits"\nplugins = ["visits-review"]\nid = "____"\n')
    assert (type_name(path), allowed(path)) == ("visits", ("visits-review",))
    path.write_text("profile = 1\ntype = 3\nplugins = 'x'\n")
    with pytest.raises(BadInput, match=r'review.toml:2: type: name the review type, as in type = "pqcr"'):
        type_name(path)
    with pytest.raises(BadInput, match=r"review.toml:3: plugins: expected a list of names"):
        allowed(path)


def test_dates_that_cannot_all_hold(tmp_path: Path) -> None:
    """If this fails, an event week without a working day, or a meeting on a holiday, is scheduled."""
    week = ", ".join(f"2027-03-0{n}" for n in range(1, 6))
    text = GOOD.replace(
        "day_end = 17:00:00", f"day_end = 17:00:00\nholidays = [2027-02-01, {week}, 2027-03-01]"
    )
    assert problems(tmp_path, text.replace('id = "alder"', 'id = "Alder!"')) == [
        "review.toml:7: agency.id: use small letters, digits, dots and hyphens, as in 'alder-2027' (got 'Alder!')",
        (
            "review.toml:23: calendar.event_start: there is no working day from 2027-03-01 to 2027-03-05, only "
            "weekends and holidays; choose other dates"
        ),
        "review.toml:27: calendar.holidays[6]: 2027-03-01 is given twice; keep one",
        "review.toml:30: meetings.orientation.date: 2027-02-01 is one of calendar.holidays; choose another date",
    ]


def test_languages_and_plugins_are_named_once(tmp_path: Path) -> None:
    """If this fails, letters are drafted twice in one language, or in none."""
    said = problems(tmp_path, 'plugins = ["a", "a"]\nlanguages = []\n' + GOOD)
    assert said == [
        "review.toml:1: plugins[1]: a is given twice; keep one",
        'review.toml:2: languages: name at least one language, as in languages = ["en"]',
    ]


def test_meetings_are_held_against_the_review_types_milestones(tmp_path: Path) -> None:
    """If this fails, a letter invites to a meeting that has no date, or a misspelt meeting is ignored."""
    kinds = (
        MilestoneKind("planning", "the planning meeting"),
        MilestoneKind("orientations", "the orientation", required=False),
    )
    expected = [
        (
            "review.toml:28: meetings.orientation: unknown meeting; did you mean 'orientations'?; this review type has "
            "planning, orientations"
        ),
        (
            "review.toml:28: meetings.planning: missing: the review needs the planning meeting; add a "
            "[meetings.planning] table"
        ),
    ]
    profile = good(tmp_path)
    kind = ReviewType("visits", "Visits", Settings, (), kinds)
    path = tmp_path / "review.toml"
    located = [str(p).removeprefix(f"{tmp_path}/") for p in check_milestones(profile, kind, path)]
    assert sorted(located) == sorted(expected)
    assert len(check_milestones(profile, kind)) == 2
    assert not check_milestones(
        profile, ReviewType("v", "V", Settings, (), (MilestoneKind("orientation", "x"),))
    )
    said = problems(tmp_path, GOOD + "quota = 0\n", milestones=kinds)
    assert sorted(said) == sorted([*expected, "review.toml:42: review.quota: must be at least 1 (got 0)"])


@frozen
class Coerces:
    """Settings that cannot be read exactly."""

    numbers: list[int]


@frozen
class Broken:
    """Settings with a check that does not work."""

    number: int = field(validator=lambda *_: {}["no"])


def test_settings_that_cannot_be_read_exactly_are_refused_by_name() -> None:
    """If this fails, an author's list setting is filled with the letters of a word."""
    with pytest.raises(Refused, match=r"Coerces\.numbers: a setting cannot be list\[int\]; use str"):
        structure({"numbers": "12"}, Coerces, converter())


def test_an_authors_broken_check_is_not_taken_for_the_countys_fault(tmp_path: Path) -> None:
    """If this fails, a bug in a review type ends in a traceback or in blame for the county."""
    path = tmp_path / "review.toml"
    path.write_text(GOOD.replace('method = "simple"', "number = 1"))
    with pytest.raises(BadInput, match=r"review\.number: its check failed \(KeyError\); tell the maker"):
        read(path, Broken)


VALUES = st.recursive(
    st.text(max_size=5)
    | st.integers(-(2**60), 2**60)
    | st.booleans()
    | st.floats()
    | st.dates()
    | st.times().map(lambda t: t.replace(tzinfo=None))
    | st.just("____"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(string.ascii_letters, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [
        (),
        ("agency",),
        ("calendar",),
        ("meetings",),
        ("meetings", "orientation"),
        ("lists", "cases"),
        ("review",),
    ]
)


@given(st.lists(st.tuples(PLACES, st.integers(0, 20), VALUES), min_size=1, max_size=3))
def test_whatever_stands_in_a_profile_it_is_read_or_its_problems_are_told(
    tmp_path_factory: pytest.TempPathFactory, changes: list[Any]
) -> None:
    """If this fails, some profile ends in a traceback, or in a problem without a line of the file."""
    document = tomllib.loads(GOOD)
    for place, which, value in changes:
        table: Any = document
        for step in place:
            table = table.get(step, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict):
            keys = [*table, "new"]
            key = keys[which % len(keys)]
            if key == "profile":
                continue
            table[key] = value
    path = tmp_path_factory.getbasetemp() / "any.toml"
    text = tomli_w.dumps(document)
    path.write_text(text, encoding="utf-8")
    found: tuple[Problem, ...] = ()
    try:
        assert read(path, Settings).title == document["title"]
    except BadInput as error:
        found = error.problems
    assert found or "____" not in text
    for problem in found:
        assert 1 <= int(problem.where.rpartition(":")[2]) <= text.count("\n") + 1
        assert problem.what
