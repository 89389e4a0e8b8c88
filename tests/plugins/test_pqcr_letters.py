"""The letters of a peer review: what they promise, to whom they go, and that people can read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve
from reviewcore_pqcr import PQCR, Settings

from reviewcore.api import Count, NotificationPlan, Role
from reviewcore.notification.given import milestones
from reviewcore.notification.render import as_text, fill
from reviewcore.notification.wording import problems
from reviewcore.profile.settings import Profile

ROLES = tuple(Role(name, Count(1, 9)) for name in PQCR().review_type().roles)

REQUIRED = {
    "union": (
        "PQCR-1",
        "PQCR-2",
        "PQCR-3",
        "PQCR-4",
        "PQCR-5",
        "PQCR-6",
        "PQCR-7",
        "PQCR-8",
        "PQCR-9",
        "PQCR-11",
    ),
    "staff": ("PQCR-8",),
    "worker": ("PQCR-3", "PQCR-4", "PQCR-8"),
    "appointment": ("PQCR-3",),
    "supervisor": ("PQCR-3", "PQCR-9"),
    "focus-group": ("PQCR-5", "PQCR-9"),
    "reviewer": ("PQCR-6", "PQCR-10"),
    "clerical": ("PQCR-8", "PQCR-12"),
    "coordinator": ("PQCR-12",),
    "reminder": ("PQCR-7",),
}


def planned(profile: Profile) -> NotificationPlan:
    """Return the plugin's letters for a profile."""
    return PQCR().notification(ROLES, profile.settings)


def core(plan: NotificationPlan, profile: Profile) -> dict[str, str]:
    """Return a text for every blank that the core fills, and the plan's own values."""
    named = {blank for wording in plan.wordings for blank in wording.blanks}
    return {blank: f"[{blank}]" for blank in named} | dict(plan.values)


def letter(plan: NotificationPlan, key: str, profile: Profile) -> str:
    """Return one letter as it is read, on one line."""
    [wording] = [one for one in plan.wordings if one.key == key]
    return " ".join(as_text(fill(wording, core(plan, profile))).split())


def test_the_engine_accepts_the_plan(profile: Profile) -> None:
    """If this fails, the core would refuse the letters: an unknown blank, role, date or stage, or a missing one."""
    dates = milestones(profile, PQCR().review_type())
    assert problems(planned(profile), profile.languages, ROLES, dates) == []


def test_who_is_written_to_and_invited(alder: Profile) -> None:
    """PQCR-9: if this fails, the union or the supervisors are left out, or nobody is told after the draw."""
    letters = {one.key: one for one in planned(alder).letters}
    assert letters["union"].to == "union representative"
    assert letters["union"].invites == ("planning", "orientation", "pre_briefing", "reflections")
    assert letters["union"].printed
    assert "planning" in letters["focus-group"].invites
    assert letters["worker"].to == "selected worker"
    assert letters["worker"].after == "draw"
    assert letters["supervisor"].to == "supervisor of a selected worker"
    assert letters["appointment"].after == "schedule"
    assert letters["appointment"].invites == ("interview",)
    assert letters["staff"].to != letters["staff-probation"].to
    assert not any(one.copy_supervisor for one in letters.values())


def test_whoever_is_asked_for_an_answer_is_reminded_of_it(alder: Profile) -> None:
    """QSR-7: if this fails, a letter that asks for an answer is never followed up, or one that asks for none is."""
    for one in planned(alder).letters:
        assert (one.reminder is not None) == (one.reply_by is not None)
    keys = [one.reminder.key for one in planned(alder).letters if one.reminder]
    assert len(set(keys)) == len(keys) >= 4


def test_union_is_written_to_even_without_its_people(alder: Profile) -> None:
    """PQCR-9: if this fails, a people list without union representatives silently drops their letter."""
    keys = [one.key for one in PQCR().notification((), alder.settings).letters]
    assert "union" in keys
    assert "coordinator" not in keys


def test_clerks_are_not_asked_when_contracted(profile: Profile) -> None:
    """PQCR-8: if this fails, clerks are asked for time that the county contracted out, or not asked for theirs."""
    plan = planned(profile)
    assert any(one.key == "clerical" for one in plan.letters) != profile.settings.clerical.contracted
    assert ("under contract" in letter(plan, "union", profile)) == profile.settings.clerical.contracted


@pytest.mark.parametrize("key", sorted(REQUIRED))
def test_what_every_letter_says(key: str, alder: Profile) -> None:
    """ALL-1, ALL-2, PQCR-7: if this fails, somebody is asked to take part without being told what they may do.

    Every letter says who sees what is said, how to decline, that an interpreter can be had, whom to ask,
    whom to tell of pressure, and that a danger to anyone goes to the named person and never through the results.
    """
    text = letter(planned(alder), key, alder)
    assert "review office" in text
    assert re.search(r"declin|rather not", text)
    assert "interpreter" in text
    assert "[contact]" in text
    assert "[contact_phone]" in text
    assert "treated badly because of the review" in text
    assert re.search(r"\[safety_name\]( at once,)? at \[safety_phone\] or \[safety_email\]", text)
    assert re.search(r"anyone's safety|danger to anyone", text)
    assert re.search(r"the law asks", text)
    assert re.search(r"(never|not) go(es)? through (the|its) results|outside the review and its results|"
                     r"never (waits for the results|go through)|does not wait for the review", text)  # fmt: skip
    assert re.search(r"picked out|on its own|for all cases together|Nobody is quoted", text)
    [wording] = [one for one in planned(alder).wordings if one.key == key]
    for requirement in (*REQUIRED[key], "ALL-1", "ALL-2"):
        assert requirement in wording.requirements


def test_the_union_letter_promises_what_it_must(alder: Profile) -> None:
    """PQCR-1 to PQCR-13: if this fails, the union's letter leaves out a fact that staff were to be told."""
    settings: Settings = alder.settings
    text = letter(planned(alder), "union", alder)
    for fact in (
        "[event_start]", settings.mandate, "once in 3 years", settings.replaces, settings.assessment,
        settings.plan.name, settings.plan.starts, settings.programs[0].focus_area,
        settings.programs[1].focus_area, "CWS/CMS", "1 hour", "supervisor to sit in", "focus groups",
        "parents, youth, service providers, supervisors and court staff", "6 review teams of 2 to 4 people",
        settings.teams.peer_term, "No worker has more than one case", "never to punish", "no worker can be picked out",
        "[report_due]", "CDSS", "CalSWEC", "case selection", "40 cases from child welfare services",
        "60 people, 4 hours each, 240 hours in all", "12 to 24 people", "[planning_when]", "[orientation_when]",
        "[pre_briefing_when]", "[reflections_when]", "[signed_by]",
    ):  # fmt: skip
        assert fact in text, fact


def test_nothing_is_replaced_where_the_review_is_a_chapter(alder: Profile) -> None:
    """PQCR-1: if this fails, a county whose review is part of its self-assessment sends half a sentence."""
    settings = evolve(alder.settings, replaces="")
    plan = PQCR().notification(ROLES, settings)
    assert "in the place of" not in letter(plan, "union", alder)


def test_the_supervisor_comes_only_at_the_workers_wish(alder: Profile) -> None:
    """PQCR-3: if this fails, a worker or a supervisor could think that the supervisor may decide to sit in."""
    plan = planned(alder)
    assert "may sit in on the interview if you ask for it. It is your choice" in letter(plan, "worker", alder)
    assert "only if the worker has asked for it" in letter(plan, "supervisor", alder)
    assert "case_id" not in next(one for one in plan.wordings if one.key == "supervisor").blanks


def test_words_of_the_field(alder: Profile) -> None:
    """ALL-3: if this fails, letters use words that mean something else to the people who get them."""
    for wording in planned(alder).wordings:
        text = f"{wording.subject} {wording.body}".lower()
        assert not re.search(
            r"\b(release|outbox|frame|ticket|participants?|subjects?|stratum|strata)\b", text
        )


def test_nothing_is_written_in_that_a_county_should_fill_in(alder: Profile) -> None:
    """PQCR-13: if this fails, a date, number, name, telephone or address stands in the wording itself."""
    for wording in planned(alder).wordings:
        bare = re.sub(r"{{.*?}}|{%.*?%}", "", f"{wording.subject} {wording.body}")
        assert not re.search(r"\d", bare), wording.key
        assert "@" not in bare
        assert "http" not in bare


# -- can it be read? ----------------------------------------------------------------------------------


def syllables(word: str) -> int:
    """Count a word's syllables roughly, as groups of vowels without a silent e."""
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - silent)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text; the end of a line or a bullet ends a sentence too."""
    sentences = [part for part in re.split(r"[.!?]\s|\n", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_grade_knows_hard_from_easy() -> None:
    """If this fails, the check of readability passes whatever is written."""
    assert grade("The cat sat on the mat. The dog ran off.") < 2
    assert grade(
        "Notwithstanding aforementioned administrative considerations, organizational representatives "
        "systematically facilitate comprehensive interdepartmental accountability determinations."
    ) > 20  # fmt: skip


@pytest.mark.parametrize("key", sorted(REQUIRED))
def test_letters_can_be_read(key: str, alder: Profile) -> None:
    """ALL-1: if this fails, a letter is too hard to read for some of those whom it asks to take part."""
    plan = planned(alder)
    [wording] = [one for one in plan.wordings if one.key == key]
    assert grade(as_text(fill(wording, core(plan, alder)))) < 9


# -- is it ours? --------------------------------------------------------------------------------------


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    """Return every run of so many words, without case and punctuation."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}


def test_shingles_find_a_borrowed_sentence() -> None:
    """If this fails, the check against borrowed wording passes whatever is written."""
    lent = "The quick brown fox jumps over the lazy dog at noon."
    assert shingles(lent) & shingles(f"We saw how {lent.lower()}")
    assert not shingles(lent) & shingles("A quick brown fox jumps over a lazy dog at noon today.")


def test_no_sentence_of_the_source_documents(shared: Path) -> None:
    """If this fails, wording was carried over from somebody else's document."""
    theirs = set().union(
        *(shingles(file.read_text("utf-8")) for file in (shared / "source-documents").glob("*.txt"))
    )
    assert theirs
    folders = [Path(__file__).parents[2] / name for name in ("plugins", "profiles", "reviewcore/demo")]
    for file in [one for folder in folders for one in folder.rglob("*") if one.suffix in (".toml", ".py")]:
        assert not shingles(file.read_text("utf-8")) & theirs, file.name
