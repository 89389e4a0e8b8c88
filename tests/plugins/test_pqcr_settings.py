"""The settings of a peer review: every blank of the union letter, and the hours that they cost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from reviewcore_pqcr import PQCR, Settings
from reviewcore_pqcr.hours import clerks, role_times
from reviewcore_pqcr.settings import Hours, Program, Teams

from reviewcore.errors import BadInput
from reviewcore.profile.read import read
from reviewcore.profile.settings import Profile

PROFILES = Path(__file__).parents[2] / "profiles"
MILESTONES = PQCR().review_type().milestones


def test_example_counties_are_complete(profile: Profile) -> None:
    """PQCR-11, PQCR-13: if this fails, an example county that we ship is refused or misses a blank."""
    assert profile.type == "pqcr"
    assert isinstance(profile.settings, Settings)
    assert profile.calendar.report_due() - profile.calendar.event_end == timedelta(days=60)
    assert {kind.key for kind in MILESTONES} == set(profile.meetings)


def test_the_template_asks_for_everything(tmp_path: Path) -> None:
    """PQCR-13: if this fails, a blank of the union letter is not a blank of the profile that a county fills in."""
    with pytest.raises(BadInput) as caught:
        read(PROFILES / "pqcr.toml", Settings, MILESTONES)
    blank = {problem.subject for problem in caught.value.problems}
    for key in (
        "calendar.event_start", "review.plan.starts", "review.programs[1].focus_area",
        "review.programs[2].focus_area", "review.teams.number", "review.union.local", "agency.signed_by",
    ):  # fmt: skip
        assert any(key.split("[")[0] in subject for subject in blank), key
    text = (PROFILES / "pqcr.toml").read_text("utf-8")
    assert text.count('"____"') == len(caught.value.problems)
    assert "more_information" in text


def test_the_template_filled_in_is_complete(tmp_path: Path) -> None:
    """If this fails, a county that fills in every blank of the template is still told that something is wrong."""
    text = (PROFILES / "pqcr.toml").read_text("utf-8")
    for key in ("quota", "number", "supervisors", "coordinators"):
        text = text.replace(f'{key} = "____"', f"{key} = 3")
    for key in ("event_start", "event_end", "date"):
        text = text.replace(f'{key} = "____"', f"{key} = 2027-05-10")
    text = text.replace('email = "____"', 'email = "a@b.example"')
    (tmp_path / "review.toml").write_text(text.replace('"____"', '"filled"'), "utf-8")
    assert read(tmp_path / "review.toml", Settings, MILESTONES).settings.teams.number == 3


def test_what_is_commented_out_is_the_default() -> None:
    """If this fails, the template tells counties a default that does not hold."""
    import tomllib

    lines = (PROFILES / "pqcr.toml").read_text("utf-8").splitlines()
    start = lines.index("[review]")
    said = "\n".join(line.removeprefix("# ") for line in lines[start:])
    raw = tomllib.loads(said)["review"]
    alder = read(PROFILES / "pqcr-alder.toml", Settings, MILESTONES).settings
    for key in ("cycle_years", "mandate", "replaces", "assessment", "state_agency", "record_system",
                "interview_minutes", "more_information"):  # fmt: skip
        assert raw[key] == getattr(alder, key), key
    assert tuple(raw["focus_groups"]) == alder.focus_groups
    for part, kind in (("hours", Hours(1, 1)), ("teams", Teams(1)), ("clerical", alder.clerical)):
        for key, value in raw[part].items():
            assert value == "____" or value == getattr(kind, key), key
    assert raw["plan"]["years"] == alder.plan.years


def test_each_program_has_a_focus_area_of_its_own(alder: Profile) -> None:
    """PQCR-2: if this fails, a review could be held without a focus area for one of the two programs."""
    settings: Settings = alder.settings
    one, two = settings.programs
    assert one.focus_area != two.focus_area
    with pytest.raises(ValueError, match="name child-welfare and probation once each"):
        evolve(settings, programs=(one,))
    with pytest.raises(ValueError, match="once each"):
        evolve(settings, programs=(one, one))
    with pytest.raises(ValueError, match="not filled in yet"):
        Program("probation", "juvenile probation", "____", "going-home", 3)
    with pytest.raises(ValueError, match="use one of going-home, adulthood"):
        Program("probation", "juvenile probation", "aftercare", "reunification", 3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"smallest": 1}, "must be from 2 to 4"),
        ({"largest": 5}, "must be from 2 to 4"),
        ({"smallest": 4, "largest": 3}, "must not be above largest, 3"),
        ({"peers": 0}, "must be at least 1"),
        ({"peers": 3}, "must not be above smallest, 2"),
        ({"number": 0}, "must be at least 1"),
    ],
)
def test_teams_stay_within_what_the_union_was_told(wrong: dict[str, Any], said: str) -> None:
    """PQCR-6: if this fails, a profile could set teams that break the letter's two to four, or have no peer."""
    with pytest.raises(ValueError, match=said):
        evolve(Teams(4), **wrong)


def test_hours_by_role(alder: Profile) -> None:
    """PQCR-8: if this fails, staff are told other hours than the county's settings cost.

    The figures are worked out by hand for sixty cases, six teams, sixteen supervisors, three coordinators.
    """
    times = {time.role: time for time in role_times(alder.settings)}
    assert times["worker"].minutes_each == 120 + 60 + 60
    assert times["worker"].total().low == 60 * 240
    assert times["supervisor"].total().low == 16 * 120
    assert times["clerical"].people.low == 3  # 60 interviews, 4 a day for 5 days each
    assert times["coordinator"].total().high == 3 * 20 * 60
    assert (times["reviewer"].people.low, times["reviewer"].people.high) == (12, 24)
    assert times["reviewer"].minutes_each == (8 + 5 * 8) * 60


def test_clerks_follow_from_the_sample(profile: Profile) -> None:
    """PQCR-8: if this fails, clerical time does not follow the sample, or is asked for though contracted out."""
    settings: Settings = profile.settings
    contracted = evolve(settings, clerical=evolve(settings.clerical, contracted=True))
    own = evolve(settings, clerical=evolve(settings.clerical, contracted=False))
    assert clerks(contracted) == 0
    slots = own.clerical.interviews_a_day * own.hours.review_days
    assert (clerks(own) - 1) * slots < own.cases() <= clerks(own) * slots


def test_hours_that_were_promised_are_kept() -> None:
    """PQCR-8: if this fails, a county can ask more of its staff than was published."""
    for wrong in ({"pre_briefing": 5}, {"pre_briefing": 0}, {"supervisor": 3}):
        with pytest.raises(ValueError, match="must be from 1 to"):
            evolve(Hours(3, 2), **wrong)


def test_profiles_hold_nothing_real() -> None:
    """If this fails, an example county has an address, mail domain or telephone that could be somebody's."""
    import re

    for file in sorted(PROFILES.glob("pqcr*.toml")):
        text = file.read_text("utf-8")
        assert all(mail.endswith(".example") for mail in re.findall(r"[\w.]+@([\w.]+)", text)), file
        assert all(number.startswith("(555) 555-01") for number in re.findall(r"\(\d{3}\) [\d-]+", text)), (
            file
        )
        assert not re.search(r"\d{3}-\d{2}-\d{4}", text), file
