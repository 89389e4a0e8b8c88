"""The letters of a quality service review: what they promise, to whom they go, in which language."""

from __future__ import annotations

import re

import pytest
from qsr_examples import example
from reviewcore_qsr import QSR

from reviewcore.api import Count, NotificationPlan, Role
from reviewcore.notification.given import milestones
from reviewcore.notification.render import as_text, fill
from reviewcore.notification.wording import problems
from reviewcore.profile.settings import Profile

CEDAR: Profile = example("cedar")
ROLES = tuple(Role(name, Count(1, 9)) for name in QSR().review_type().roles)
PLAN: NotificationPlan = QSR().notification(CEDAR.settings)
WORDINGS = {(one.key, one.language): one for one in PLAN.wordings}


def letter(key: str, language: str = "en") -> str:
    """Return one letter as it is read, on one line, with its blanks named."""
    wording = WORDINGS[key, language]
    values = {blank: f"[{blank}]" for blank in wording.blanks} | dict(PLAN.values)
    return " ".join(as_text(fill(wording, values)).split())


@pytest.mark.parametrize("county", ["cedar", "dogwood"])
def test_the_engine_accepts_the_plan(county: str) -> None:
    """If this fails, the core would refuse the letters: an unknown blank, role, date or stage, or a missing one."""
    profile = example(county)
    plan = QSR().notification(profile.settings)
    dates = milestones(profile, QSR().review_type())
    assert problems(plan, profile.languages, ROLES, dates) == []


@pytest.mark.parametrize("key", sorted({key for key, language in WORDINGS if language == "en"}))
def test_what_every_letter_says(key: str) -> None:
    """ALL-1, ALL-2: if this fails, somebody is asked to take part without being told what they may do."""
    text = letter(key)
    assert "review office" in text
    assert re.search(r"declin|rather not", text)
    assert "interpreter" in text.lower()
    assert "[contact] at [contact_phone] or [contact_email]" in text
    assert re.search(r"\[safety_name\]( at once,)? at \[safety_phone\] or \[safety_email\]", text)
    assert re.search(r"treated badly|treats you badly", text)
    assert re.search(r"anyone's safety|danger to anyone", text)
    assert re.search(r"the law asks", text)
    assert re.search(r"(never goes|does not go) through the results|outside the review and its results", text)
    assert {"ALL-1", "ALL-2"} <= set(WORDINGS[key, "en"].requirements)


@pytest.mark.parametrize("key", ["focus-staff", "focus-partner", "key-person"])
def test_what_every_letter_says_in_spanish(key: str) -> None:
    """ALL-1, ALL-2: if this fails, who reads Spanish is promised less than who reads English."""
    text = letter(key, "es")
    for words in ("oficina de la revisión", "intérprete", "[contact], [contact_phone] o [contact_email]",
                  "[safety_name], [safety_phone] o [safety_email]", "mal", "la seguridad de alguien", "la ley",
                  "resultados"):  # fmt: skip
        assert words in text, words
    assert re.search(r"decir que no|prefiere no asistir", text)
    english, spanish = WORDINGS[key, "en"], WORDINGS[key, "es"]
    assert set(english.blanks) - set(spanish.blanks) <= {"role", "group_title", "focus_length", "quoted_said"}


@pytest.mark.parametrize("key", ["focus-staff", "focus-partner"])
def test_the_invitation_to_a_focus_group(key: str) -> None:
    """QSR-5, QSR-7: if this fails, somebody is invited without knowing what to, what for, when, where, how long."""
    text = letter(key)
    for words in ("Why there is a review", "most of what we learn comes from talks",
                  "files are read for the basic facts",
                  "legal advocates", "What a focus group is",
                  "six to twelve", "[meeting_when]", "[meeting_where]", "60 to 90 minutes", "[reply_by]",
                  "has reached you, and whether you can come", "without names", "no words are put to anyone",
                  "themes", "drawn at random"):  # fmt: skip
        assert words in text, words
    for topic in ("expected of practice", "teams are used", "training", "supervision", "time spent with children",
                  "access to services",
                  "other agencies", "pressure and stress", "turnover", "vacant positions"):  # fmt: skip
        assert topic in text, topic
    assert {"QSR-5", "QSR-7"} <= set(WORDINGS[key, "en"].requirements)


def test_the_copy_is_said_where_there_is_one() -> None:
    """QSR-8: if this fails, a supervisor gets a copy that the letter keeps silent about, or a partner is copied."""
    assert "Your supervisor, [supervisor], gets a copy of this letter" in letter("focus-staff")
    assert "recibe una copia de esta carta" in letter("focus-staff", "es")
    assert "supervisor," not in letter("focus-partner")
    groups = {one.key: one for one in PLAN.letters if one.to.startswith("drawn for ")}
    assert {key for key, one in groups.items() if one.copy_supervisor} == {
        "group-caseworkers", "group-supervisors",
    }  # fmt: skip
    assert all((one.said_in() == "focus-staff") == one.copy_supervisor for one in groups.values())
    assert not any(one.copy_supervisor for one in PLAN.letters if one.key not in groups)


def test_the_letter_to_key_people() -> None:
    """QSR-3, ALL-1: if this fails, a parent does not learn that they may say no, and that nothing follows from it."""
    text = letter("key-person")
    for words in ("You can decline, now or later, and need not say why", "Nothing changes for you if you do",
                  "pass on any question", "stop at any time", "[interviews]",
                  "[interpreter]", "those who must agree have agreed", "[role]"):  # fmt: skip
        assert words in text, words
    [one] = [one for one in PLAN.letters if one.to == "key person"]
    assert (one.after, one.copy_supervisor, one.invites) == ("schedule", False, ("interview",))


@pytest.mark.parametrize("language", ["en", "es"])
def test_letters_can_be_read(language: str) -> None:
    """If this fails, a letter's sentences are too long for people who are not lawyers."""
    for key, spoken in WORDINGS:
        if spoken == language:
            text = letter(key, language).split("- ")[0]
            sentences = [one for one in re.split(r"(?<=[.?!:])\s", text) if one]
            assert sum(len(one.split()) for one in sentences) / len(sentences) < 22, key
