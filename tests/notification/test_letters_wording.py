"""Wordings: how they are read, and what a plan of letters is refused for."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from letters_of_alder import DATES, PLAN

from reviewcore.notification.plan import DaysFrom, Letter, NotificationPlan, Role, Wording
from reviewcore.notification.render import fill
from reviewcore.notification.wording import problems, read_wording, read_wording_folder
from reviewcore.selection.plan import Count

ROLES = tuple(Role(name, Count(11, 11)) for name in ("union", "reviewer", "worker", "supervisor", "parent"))
GOOD = """\
subject = "About {{ agency }}"
body = '''
Dear {{ recipient }},

Worried? {{ safety_name }}, {{ safety_phone }}.
'''
blanks = ["agency", "recipient", "safety_name", "safety_phone"]
requirements = ["ALL-2"]
"""


def check(plan: NotificationPlan) -> list[str]:
    """Problems of a plan in the small review."""
    return problems(plan, ("en", "es"), ROLES, DATES)


def one_letter(letter: Letter, subject: str = "About a review", body: str = "", *declared: str) -> list[str]:
    """Problems of a plan with one letter, whose wording does name the person for safety."""
    text = f"{body}\n\n{{{{ safety_name }}}} {{{{ safety_phone }}}}"
    wording = Wording(letter.key, "en", subject, text, (*declared, "safety_name", "safety_phone"))
    return check(NotificationPlan((letter,), (wording,), {"teams": "two"}))


def test_a_sound_plan_has_no_problems() -> None:
    """A false alarm here would stop every review before its first letter."""
    assert check(PLAN) == []


def test_wordings_are_read_in_a_fixed_order(tmp_path: Path) -> None:
    """An order that depends on the file system would number the letters differently on another machine."""
    for place in ("es/union", "en/worker", "en/union"):
        file = tmp_path / "letters" / f"{place}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(GOOD)
    (tmp_path / "letters" / "en" / "notes.txt").write_text("not a letter")
    read = read_wording_folder(tmp_path / "letters")
    assert [(one.language, one.key) for one in read] == [("en", "union"), ("en", "worker"), ("es", "union")]
    assert read[0].blanks == ("agency", "recipient", "safety_name", "safety_phone")
    assert read[0].requirements == ("ALL-2",)


def test_wordings_are_read_from_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A review type ships its letters in its package; a path beside the code would break in an installed one."""
    folder = tmp_path / "alder_letters" / "letters" / "en"
    folder.mkdir(parents=True)
    (tmp_path / "alder_letters" / "__init__.py").touch()
    (folder / "union.toml").write_text(GOOD)
    monkeypatch.syspath_prepend(tmp_path)
    assert [one.key for one in read_wording("alder_letters")] == ["union"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("subject =", "subjekt =", "letters/en/union.toml: unknown key 'subjekt'; did you mean 'subject'?"),
        ("subject =", "subjekt =", "letters/en/union.toml: subject: missing; give text"),
        (
            "requirements = [",
            "requirements = [1, ",
            "letters/en/union.toml: requirements: must be a list of texts",
        ),
        ("blanks = [", "blanks = 3\n#", "letters/en/union.toml: blanks: must be a list of texts"),
        ('"About {{ agency }}"', '" "', "letters/en/union.toml: subject: must not be empty"),
        ("blanks = [", "blanks = [[", "letters/en/union.toml: not TOML: "),
    ],
)
def test_a_malformed_wording_is_named_with_file_and_key(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """Without file and key an author of letters would have to search all of them."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "union.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(ValueError, match="letters/en/union") as caught:
        read_wording_folder(tmp_path)
    assert said in str(caught.value)


def test_every_malformed_wording_is_named_at_once(tmp_path: Path) -> None:
    """One problem at a time would cost the author one round for each."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "Union.toml").write_text(GOOD)
    (tmp_path / "en" / "worker.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="UTF-8") as caught:
        read_wording_folder(tmp_path)
    assert "letters/en/Union.toml: a letter's file is named in small letters" in str(caught.value)
    with pytest.raises(ValueError, match="gone: there is no such folder"):
        read_wording_folder(tmp_path / "gone", "gone")


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("{{ recipient.__class__ }}", "an attribute"),
        ("{{ recipient['x'] }}", "an index"),
        ("{{ recipient | upper }}", "a template"),  # there is no filter to name: the template does not parse
        ("{{ recipient() }}", "a call"),
        ("{% for c in recipient %}{{ c }}{% endfor %}", "a loop"),
        ("{% set x = recipient %}{{ recipient }}", "a set"),
        ("{% include 'other' %}{{ recipient }}", "an include"),
        ("{% if recipient %}a{% else %}b{% endif %}", "an elif or an else"),
        ("{% if recipient is defined %}a{% endif %}", "a template"),
        ("{% if not recipient %}a{% endif %}", "a condition other than one blank"),
        ("{{ 'Una Birch' }}{{ recipient }}", "a literal"),
        ("{{ recipient ~ recipient }}", "'concat'"),
        ("{% macro m() %}{% endmacro %}{{ recipient }}", "a macro"),
        ("{{ recipient", "not a template"),
    ],
)
def test_planted_offender_a_template_that_does_more_than_fill(template: str, named: str) -> None:
    """A template that can reach attributes or calls could read what it was never shown."""
    found = one_letter(Letter("union", "union"), "About", template, "recipient")
    assert len(found) == 1
    assert found[0].startswith("letters/en/union.toml: body: line ")
    assert named in found[0]


def test_planted_offender_blanks_unknown_undeclared_or_unused() -> None:
    """An unfilled blank would go out as a hole in a letter."""
    union = Letter("union", "union")
    assert one_letter(union, "About", "{{ recipent }}", "recipent") == [
        "letters/en/union.toml: body: unknown blank 'recipent'; did you mean 'recipient'?"
    ]
    assert one_letter(union, "About {{ teams }}") == [
        "letters/en/union.toml: subject: blank 'teams' is used but not declared; add it to blanks"
    ]
    assert one_letter(union, "About", "", "agency") == [
        "letters/en/union.toml: blanks: 'agency' is declared but never used; take it away or use it"
    ]


@pytest.mark.parametrize(
    ("letter", "blank"),
    [
        (Letter("x", "union"), "case_id"),
        (Letter("x", "reviewer", "schedule"), "case_id"),
        (Letter("x", "supervisor of a selected worker", "draw"), "case_id"),
        (Letter("x", "parent"), "supervisor"),
        (Letter("x", "selected worker", "draw"), "interview_when"),
        (Letter("x", "union"), "reply_by"),
    ],
)
def test_a_blank_is_refused_where_the_letter_cannot_have_it(letter: Letter, blank: str) -> None:
    """A case id in anybody's letter but its worker's would tell them of somebody else's case (PQCR-7)."""
    (said,) = one_letter(letter, "About", f"{{{{ {blank} }}}}", blank)
    assert said.startswith(f"letters/en/x.toml: body: blank '{blank}' is not there in this letter")


def test_planted_offender_a_copy_to_the_supervisor_of_a_parent() -> None:
    """A parent has no supervisor: a copy would tell a stranger who takes part (QSR-8)."""
    (said,) = one_letter(
        Letter("invite", "parent", copy_supervisor=True), "About", "{{ supervisor }}", "supervisor"
    )[:1]
    assert said.startswith("letter invite: copy_supervisor: 'parent' is not a staff role")
    assert (
        one_letter(Letter("x", "worker", copy_supervisor=True), "About", "{{ supervisor }}", "supervisor")
        == []
    )


def test_a_promise_must_stand_in_the_wording() -> None:
    """A copy, a date to reply by or the person for safety that the letter hides is a promise broken (ALL-2)."""
    assert one_letter(Letter("x", "worker", copy_supervisor=True)) == [
        (
            "letters/en/x.toml: body: does not say that the supervisor gets a copy; say so, with the blank "
            "supervisor (QSR-8)"
        )
    ]
    assert one_letter(Letter("x", "worker", reply_by=DaysFrom("event", -7))) == [
        "letters/en/x.toml: body: asks for a reply but does not say by when; use the blank reply_by (QSR-7)"
    ]
    silent = NotificationPlan((Letter("x", "union"),), (Wording("x", "en", "About", "Hello", ()),))
    assert "whom to tell of a concern for somebody's safety" in check(silent)[0]


def test_a_plan_names_what_there_is() -> None:
    """A letter to an unknown role or about an unknown date would silently go to nobody, or never."""
    letter = Letter(
        "union", "unoin", leave=DaysFrom("planing"), reply_by=None, invites=("orientaton", "interview")
    )
    found = one_letter(letter)
    assert found[0] == "letter union: to: unknown role 'unoin'; did you mean 'union'?"
    assert found[1] == "letter union: leave: unknown milestone 'planing'; did you mean 'planning'?"
    assert found[2] == "letter union: invites: unknown milestone 'orientaton'; did you mean 'orientation'?"
    assert found[3].startswith('letter union: invites: an own session ("interview") is known only after')
    early = one_letter(Letter("x", "selected worker"))
    assert early == [
        (
            "letter x: after: who is a selected worker is known only after the draw; "
            'set after = "draw" or "schedule"'
        )
    ]


def test_every_letter_is_written_in_the_first_language() -> None:
    """Without a wording to fall back on, somebody's letter could not be written at all."""
    spanish = evolve(PLAN, wordings=tuple(one for one in PLAN.wordings if one.language == "es"))
    assert "letters/en/union.toml: missing; every letter is written in the review's first language" in check(
        spanish
    )
    twice = evolve(PLAN, wordings=(*PLAN.wordings, PLAN.wordings[0]))
    assert "letters/en/union.toml: given 2 times; give one wording to a language" in check(twice)
    again = evolve(PLAN, letters=(*PLAN.letters, PLAN.letters[0]))
    assert check(again)[0] == "letter union: stands 2 times; give each letter a key of its own"


def test_values_do_not_take_the_cores_blanks() -> None:
    """A review type that fills `case_id` or `recipient` itself could put anything in its place."""
    found = check(evolve(PLAN, values={"teams": "two", "case_id": "x", "Teams-2": "y", "three": 3}))  # type: ignore[dict-item]
    assert "value 'case_id': the core fills this blank; give yours another name" in found
    assert "value 'three': must be text, not int" in found
    assert any(text.startswith("value 'Teams-2': cannot name a blank") for text in found)


def test_a_list_fills_one_item_each_and_a_name_with_a_line_break_none() -> None:
    """If this fails, nine talks stand in one paragraph with the rooms apart, or a name forges a line of a letter."""
    words = Wording(
        "a",
        "en",
        "About {{ talks }}",
        "Dear {{ who }},\n\n- {{ talks }}\n- Also {{ talks }}\n- {{ who }}",
        (),
    )
    filled = fill(words, {"talks": ("Monday,\n Room 1", "", "Friday, Room 2"), "who": "Kim\n- Ash"})
    assert filled.subject == "About Monday, Room 1; Friday, Room 2"
    assert [block.lines for block in filled.blocks] == [
        ("Dear Kim - Ash,",),
        ("Monday, Room 1", "Friday, Room 2", "Also Monday, Room 1; Friday, Room 2", "Kim - Ash"),
    ]
