"""The settings that every review has: what they refuse, and what they work out."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from sample_settings import GOOD, Settings

from reviewcore.errors import BadInput
from reviewcore.profile.read import read
from reviewcore.profile.settings import FLOORS, AudienceRules, Audiences, Calendar

WEEK = Calendar("America/Los_Angeles", date(2027, 3, 1), date(2027, 3, 5), time(9), time(17))
DAYS = st.dates(date(2027, 1, 1), date(2027, 2, 1))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "America/Los_Angeles",
            "Pacific",
            "calendar.time_zone: unknown time zone 'Pacific'; use a name such as",
        ),
        (
            "America/Los_Angeles",
            "../etc",
            "calendar.time_zone: unknown time zone '../etc'; use a name such as",
        ),
        (
            "reviews@alder.example",
            "reviews at alder",
            "agency.contact_email: must be an e-mail address, as in",
        ),
        ('id = "alder-2027"', 'id = "Alder 2027"', "id: use small letters, digits, dots and hyphens, as in"),
        (
            "event_end = 2027-03-05",
            "event_end = 2027-02-05",
            "calendar.event_end: must not be before event_start",
        ),
        ("day_end = 17:00:00", "day_end = 08:00:00", "calendar.day_end: must be after day_start, 09:00"),
        ("end = 11:00:00", "end = 10:00:00", "meetings.orientation.end: must be after the start, 10:00"),
        ("profile = 1", "profile = 1\nrooms = 0", "rooms: must be at least 1 (got 0)"),
        ("profile = 1", "profile = 1\nformats = []", "formats: name at least one format, as in"),
        ("profile = 1", 'profile = 1\nformats = ["pdf", "pdf"]', "formats: name each format once"),
        (
            "profile = 1",
            'profile = 1\nformats = ["PDF"]',
            "formats[0]: expected one of 'html', 'docx', 'xlsx', 'pdf', 'json'",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_setting(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """If this fails, letters go out with an impossible date, zone or address."""
    path = tmp_path / "review.toml"
    path.write_text(GOOD.replace(right, wrong))
    with pytest.raises(BadInput) as caught:
        read(path, Settings)
    (problem,) = caught.value.problems
    assert str(problem).partition(": ")[2].startswith(said)


@given(DAYS, st.integers(0, 20), st.lists(DAYS, max_size=5))
def test_working_days_are_the_weekdays_that_are_no_holidays(
    start: date, more: int, holidays: list[date]
) -> None:
    """If this fails, interviews are scheduled on a weekend or a holiday."""
    end = start + timedelta(days=more)
    calendar = evolve(WEEK, event_start=start, event_end=end, holidays=tuple(holidays))
    expected = []
    day = start
    while day <= end:
        if f"{day:%a}" not in ("Sat", "Sun") and holidays.count(day) == 0:
            expected.append(day)
        day = date.fromordinal(day.toordinal() + 1)
    assert list(calendar.days()) == expected


def test_the_report_is_due_sixty_days_after_the_last_day() -> None:
    """If this fails, the state is told another date than the law's (PQCR-11)."""
    assert WEEK.report_due() == date(2027, 5, 4)


RULES: st.SearchStrategy[Literal["k5", "calhhs-11", "cms-11"] | None] = st.sampled_from(
    [None, "k5", "calhhs-11", "cms-11"]
)


@given(st.sampled_from(sorted(FLOORS)), st.none() | st.integers(3, 20), RULES)
def test_no_profile_lowers_a_floor(audience: str, k: int | None, rules: Any) -> None:
    """If this fails, smaller counts are shown to an audience than its law or the house allows."""
    least = {"team": 3, "agency": 5, "state": 11, "public": 11}[audience]
    asked = [n for n in (k, {"k5": 5, "calhhs-11": 11, "cms-11": 11}.get(rules)) if n is not None]
    if min(asked, default=least) < least:
        with pytest.raises(ValueError, match="floor"):
            Audiences(**{audience: AudienceRules(k=k, rules=rules)})
    else:
        assert Audiences(**{audience: AudienceRules(k=k, rules=rules)}).k(audience) == max([least, *asked])


def test_who_is_published_to_without_a_word() -> None:
    """If this fails, results go to the public because nobody said no."""
    assert Audiences().published() == ("agency", "state")
