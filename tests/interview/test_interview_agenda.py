"""An agenda stretched and shrunk (CAS-2): every minute is given, in order, and no part loses what it needs."""

from __future__ import annotations

from datetime import date, time

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from reviewcore.interview.agenda import UNIT, needed, stretched
from reviewcore.interview.guides import too_long
from reviewcore.interview.plan import Guide, InterviewPlan, SessionKind, Step
from reviewcore.profile.settings import Meeting

IN_SERVICE = tuple(
    Step(f"s{place}", f"Part {place}", minutes, 5)
    for place, minutes in enumerate((15, 15, 15, 15, 45, 45, 15, 15))
)

STEPS = st.lists(
    st.tuples(st.integers(1, 24).map(lambda n: n * UNIT), st.booleans(), st.integers(1, 4)),
    min_size=1,
    max_size=10,
).map(
    lambda drawn: tuple(
        Step(f"s{place}", "", minutes, 0 if optional and place else min(minutes, least * UNIT))
        for place, (minutes, optional, least) in enumerate(drawn)
    )
)


@given(STEPS, st.integers(0, 600))
def test_every_minute_is_given_and_no_step_goes_short(steps: tuple[Step, ...], minutes: int) -> None:
    """If this fails, a session runs over, ends early, or cuts off a part that it cannot do without."""
    if minutes < needed(steps):
        with pytest.raises(ValueError, match=f"at least {needed(steps)} minutes"):
            stretched(steps, minutes)
        return
    given_ = stretched(steps, minutes)
    assert sum(given_) == minutes
    assert all(have >= step.least for have, step in zip(given_, steps, strict=True))


@given(STEPS)
def test_in_its_own_time_an_agenda_is_as_written(steps: tuple[Step, ...]) -> None:
    """If this fails, a session of the usual length is not held as its guide says."""
    assert stretched(steps, sum(step.minutes for step in steps)) == tuple(step.minutes for step in steps)


def test_the_in_service_of_three_hours_in_two_and_in_four() -> None:
    """If this fails, the agenda of the in-service does not keep its proportions (CAS-2)."""
    assert stretched(IN_SERVICE, 180) == (15, 15, 15, 15, 45, 45, 15, 15)
    assert stretched(IN_SERVICE, 120) == (10, 10, 10, 10, 30, 30, 10, 10)
    assert stretched(IN_SERVICE, 240) == (20, 20, 20, 20, 60, 60, 20, 20)


def test_what_may_be_left_out_is_left_out_last_first() -> None:
    """If this fails, a short session skips what its guide says it needs, before what it may skip."""
    steps = (Step("a", "", 30, 10), Step("b", "", 30, 0), Step("c", "", 30, 0))
    assert stretched(steps, 90) == (30, 30, 30)
    assert stretched(steps, 60) == (30, 30, 0)
    assert stretched(steps, 30) == (30, 0, 0)


def test_an_agenda_that_is_longer_than_its_meeting_is_told() -> None:
    """If this fails, the facilitator finds out in the room that the time does not do."""
    kind = SessionKind("session", "Session", 180, "record", of="everyone")
    plan = InterviewPlan((), (kind,), guides=(Guide("agenda", "The guide", "session", "", IN_SERVICE),))
    meeting = Meeting(date(2027, 5, 11), time(9), time(9, 40), "Room")
    assert needed(IN_SERVICE) == 40
    assert too_long(plan, {"day": meeting}, [("session", "day")]) == []
    (found,) = too_long(plan, {"day": evolve(meeting, end=time(9, 30))}, [("session", "day")])
    assert str(found) == (
        "review.toml: meetings.day: 'The guide' needs at least 40 minutes, and this meeting has 30; let it end 10 "
        "minutes later, or begin earlier"
    )
