"""Whoever types a name into a note is told at once which sentence it is, and the note is kept as it was written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewcore.demo.run import TYPES
from reviewcore.interview.stage import collect, state
from reviewcore.plugins import load
from reviewcore.profile.read import read
from reviewcore.profile.shipped import path
from reviewcore.steps import interview
from tests.interview.made_up_review import FIELDS, Made, drawn, people
from tests.interview.test_interview_stage import hand_in, scheduled

NAMES = [one | {"name": "Mary Jane Quillfeather"} if one["person_id"] == "w0" else one for one in people()]
PROFILES = {"pqcr": "pqcr-alder", "qsr": "qsr-cedar", "caseload": "caseload-fir"}


def returned(folder: Path, note: str) -> tuple[Made, str]:
    """Return a review into whose first session somebody wrote a note, and that session."""
    made = scheduled(drawn(folder, NAMES))
    token = state(made.records.log).sessions[0]["token"]
    hand_in(made, token, note=note)
    collect(made.records, made.vault, made.plan, fields=FIELDS, public=("Jane Public",))
    return made, token


def test_a_note_taker_is_told_which_sentence_names_somebody(tmp_path: Path) -> None:
    """If this fails, a name stays in a note, or the message carries it further (QSR-6)."""
    note = "It went well. Then m.j. quillfether came. She called 555-0170! Jane Public said so."
    made, token = returned(tmp_path, note)
    told = interview(made.records).mend
    assert told[0] == f"{token}.xlsx sheet Notes: cell C6 sentence 2 (a name), sentence 3 (a phone number)"
    assert "sealed" in told[1]
    assert not re.search("quill|0170|mary", "\n".join(told), re.IGNORECASE)
    assert made.vault.get("note", f"{token}/notes") == {"text": note}
    assert "quill" not in str([event.body for event in made.records.log.events()])


def test_a_note_that_names_nobody_is_passed_over(tmp_path: Path) -> None:
    """If this fails, a team is asked to write again what is right, and soon heeds no message."""
    made, _ = returned(tmp_path, "They waited for 9 weeks in March 2026. Two of 10 came.")
    assert interview(made.records).mend == ()


def test_a_corrected_note_is_told_no_more(tmp_path: Path) -> None:
    """If this fails, a team that has mended its note is told of it for ever."""
    made, token = returned(tmp_path, "Quillfeather came.")
    assert interview(made.records).mend
    hand_in(made, token, note="The worker came.")
    collect(made.records, made.vault, made.plan, fields=FIELDS)
    assert interview(made.records).mend == ()


@pytest.mark.parametrize(
    "note",
    ["\u200fמרים אמרה.\u200e", "今天很好。谢谢。", "M\u200da\u200cry", "🙂" * 8_000, "é\u0301" * 9_000],
)
def test_notes_in_any_script_are_kept_as_they_are(tmp_path: Path, note: str) -> None:
    """If this fails, a note in another script is lost, changed or stops the reading."""
    made, token = returned(tmp_path, note)
    assert made.vault.get("note", f"{token}/notes") == {"text": note}


@pytest.mark.parametrize("name", TYPES)
def test_no_tool_asks_who_said_something(name: str) -> None:
    """If this fails, a note has a field for a speaker (QSR-6)."""
    kind = load(name, (name,))
    profile = read(path(PROFILES[name]), (made := kind.review_type()).settings, made.milestones, made.sources)
    plan = kind.interview(profile.settings)
    words = re.compile(
        r"\b(who said|speaker|said by|quoted? by|participant'?s? name|name of)\b", re.IGNORECASE
    )
    asked = [f"{item.key} {item.words}" for tool in plan.instruments for item in tool.items()]
    assert asked
    assert [one for one in asked if words.search(one)] == []
