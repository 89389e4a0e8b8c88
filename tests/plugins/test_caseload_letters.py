"""The letters of an in-service: to whom they go, and what they say."""

from __future__ import annotations

import pytest
from caseload_examples import example
from reviewcore_caseload import Caseload

from reviewcore.api import Count, NotificationPlan, Role
from reviewcore.notification.given import milestones
from reviewcore.notification.render import as_text, fill
from reviewcore.notification.wording import problems
from reviewcore.profile.settings import Profile

ROLES = tuple(Role(name, Count(1, 9)) for name in Caseload().review_type().roles)

SAYS = {
    "invitation": ("families", "how much we have to work with", "whatever your job is", "never who said it",
                   "themes only", "quotes nobody", "our own wall", "[reply_by]"),
    "facilitator": ("your own experience", "how the group is doing", "before you ask for ideas", "slides up to date",
                    "follow-up would help", "please do not work them out"),
    "coordinator": ("large enough for everyone", "extracts of the past months", "handouts", "planning sheet",
                    "laptop", "projector", "flip chart or a board", "markers"),
    "supervisor": ("every clinic", "not held against anyone", "do not ask afterwards who said what"),
    "union": ("all staff", "Nobody's work is measured", "working time"),
    "reminder": ("do not know yet whether you can come", "[reply_by]", "a no is not held against you"),
}  # fmt: skip


@pytest.fixture(params=["elder", "fir"])
def profile(request: pytest.FixtureRequest) -> Profile:
    """Return each example agency's profile in turn."""
    return example(request.param)


def planned(profile: Profile) -> NotificationPlan:
    """Return the plugin's letters for a profile."""
    return Caseload().notification(ROLES, profile.settings)


def text(plan: NotificationPlan, key: str) -> str:
    """Return one letter as it is read, on one line."""
    (wording,) = (one for one in plan.wordings if one.key == key)
    values = {blank: f"[{blank}]" for blank in wording.blanks} | dict(plan.values)
    return " ".join(as_text(fill(wording, values)).split())


def test_the_engine_accepts_the_plan(profile: Profile) -> None:
    """If this fails, the core would refuse the letters: an unknown blank, role or date, or a missing one."""
    dates = milestones(profile, Caseload().review_type())
    assert problems(planned(profile), profile.languages, ROLES, dates) == []


def test_who_is_written_to(profile: Profile) -> None:
    """CAS-1: if this fails, somebody who has a part is not told, or is told too late to prepare."""
    letters = {one.key: one for one in planned(profile).letters}
    assert {key: one.to for key, one in letters.items()} == {
        "facilitator": "facilitator", "coordinator": "coordinator", "supervisor": "supervisor",
        "union": "union representative", "invitation": "staff",
    }  # fmt: skip
    assert all("session" in one.invites for key, one in letters.items() if key != "union")
    assert letters["invitation"].reply_by
    assert letters["invitation"].reminder


@pytest.mark.parametrize("key", SAYS)
def test_what_a_letter_says(key: str, profile: Profile) -> None:
    """CAS-1, CAS-4, CAS-5, CAS-10: if this fails, a letter leaves out what its reader must know."""
    said = text(planned(profile), key)
    assert [one for one in SAYS[key] if one not in said] == []


@pytest.mark.parametrize("key", SAYS)
def test_every_letter_says_what_every_letter_must(key: str, profile: Profile) -> None:
    """ALL-1, ALL-2: if this fails, somebody does not learn that they may decline, or whom to tell of a danger."""
    said = text(planned(profile), key)
    for words in (
        "your choice",
        "interpreter",
        "[contact]",
        "feel pushed",
        "[safety_name]",
        "at once",
        "the law asks",
    ):
        assert words in said, words
    (wording,) = (one for one in planned(profile).wordings if one.key == key)
    assert {"ALL-1", "ALL-2"} <= set(wording.requirements)


def test_the_invitation_names_the_goal_the_objectives_and_the_parts(profile: Profile) -> None:
    """CAS-2, CAS-5: if this fails, staff come without knowing what the session is for."""
    said, plan = text(planned(profile), "invitation"), Caseload().interview(profile.settings)
    assert profile.settings.goal.said() in said
    assert all(one in said for one in plan.guides[0].objectives)
    assert all(step.title[1:] in said for step in plan.guides[0].steps)
