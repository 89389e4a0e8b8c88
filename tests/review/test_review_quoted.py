"""Sentences that focus groups agreed to, from the tool to the report: only these, approved, of groups large enough."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reviewcore_qsr import QSR
from reviewcore_qsr.interview import OWN_WORDS, focus_tool
from whole_review import readings

from reviewcore import Review
from reviewcore.demo.answers import _OWN_WORDS as AGREED
from tests.plugins.qsr_examples import example

CEDAR, DOGWOOD = (example(name).settings for name in ("cedar", "dogwood"))


@pytest.fixture(scope="module")
def cedar(demo: Callable[[str], Path]) -> Review:
    """Return the demo's county with its review done."""
    into = demo("qsr")
    return Review.open(into / "review", keys=into / "keys")


def published(review: Review, audience: str) -> Any:
    """Return an audience's publication as the log has it."""
    found = [one.body for one in review.records.log.events("aggregation.tabulated")]
    return next(one["publication"] for one in found if one["audience"] == audience)


def groups(review: Review) -> dict[str, int]:
    """Return by token how many people came to each focus group."""
    answered = review.records.log.events("interview.answered")
    return {
        one.body["token"]: int(one.body["answers"]["attended"])
        for one in answered
        if one.body["instrument"] == "focus-group"
    }


@pytest.mark.parametrize(("audience", "k"), [("agency", 5), ("state", 11)])
def test_only_approved_sentences_of_groups_of_k_are_quoted(cedar: Review, audience: str, k: int) -> None:
    """QSR-6: if this fails, words are quoted that nobody approved, or of so few that they point to somebody."""
    came = groups(cedar)
    approved = {one.body["quote"] for one in cedar.records.log.events("quotes.approved")}
    text = {one.name: one.text for one in cedar.quotes()}
    assert approved
    assert all(name.split("/")[1] == OWN_WORDS for name in approved)
    meant = {text[name] for name in approved if came[name.split("/")[0]] >= k}
    [(_, _, quoted)] = published(cedar, audience)["quotes"]
    assert quoted == sorted(meant)
    if audience == "agency":
        assert len(meant) >= 3


def test_every_format_of_the_report_shows_them_and_nobody_with_them(cedar: Review) -> None:
    """QSR-6: if this fails, a quote is lost in a format, or stands with its group, its place or its time."""
    [(_, _, quoted)] = published(cedar, "agency")["quotes"]
    page = (cedar.folder / "publications/agency/1/report.html").read_text(encoding="utf-8")
    items = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    for sentence in quoted:
        assert sentence in AGREED
        assert f"“{sentence}”" in [one.strip() for one in items]
        for ending in ("docx", "xlsx", "pptx", "pdf"):
            said = " ".join(
                " ".join(readings(cedar.folder / f"publications/agency/1/report.{ending}")).split()
            )
            assert sentence in said, (ending, sentence)
    tokens = set(groups(cedar))
    data = json.dumps(published(cedar, "agency"))
    assert not [token for token in tokens if token in page or token in data]


def test_no_other_words_of_a_note_are_quoted(cedar: Review) -> None:
    """QSR-6: if this fails, what was said in confidence stands in a report."""
    vault = cedar._open().vault
    said = [str(one["text"]) for one in vault.all("note")]
    others = {sentence.strip() for one in said for sentence in re.split(r"(?<=\.)\s", one)} - set(AGREED)
    page = (cedar.folder / "publications/agency/1/report.html").read_text(encoding="utf-8")
    assert len(others) > 50
    assert not [one for one in others if one and one in page]


def test_tool_guide_and_letters_say_what_is_quoted() -> None:
    """QSR-6, ALL-1: if this fails, a group is promised that nobody is quoted, and is; or is asked and not told why."""
    asks, keeps = focus_tool(CEDAR), focus_tool(DOGWOOD)
    assert asks.items()[-1].key == OWN_WORDS
    assert not asks.items()[-1].required
    assert OWN_WORDS not in [one.key for one in keeps.items()]
    assert "do not quote" in asks.intro
    assert "Do not quote" in keeps.intro
    for settings, promise in ((CEDAR, "agrees to it"), (DOGWOOD, "nobody is quoted")):
        [guide] = QSR().interview(settings).guides
        assert promise in " ".join(word for step in guide.steps for word in step.lines)
        letters = QSR().notification(settings)
        values = letters.values
        assert ("agrees to it" if settings is CEDAR else "Nobody is quoted") in values["quoted_said"]
        using = {
            (one.key, one.language)
            for one in letters.wordings
            if {"quoted_said", "quoted_said_es"} & set(one.blanks)
        }
        assert using == {
            (key, language) for key in ("focus-staff", "focus-partner") for language in ("en", "es")
        }
