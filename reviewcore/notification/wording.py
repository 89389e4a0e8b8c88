"""Wordings: read from a package's folder of letters, and checked against the plan before anything is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from reviewcore.notification import blanks
from reviewcore.notification.plan import Letter, Milestone, NotificationPlan, Role, Wording
from reviewcore.notification.reminders import with_reminders
from reviewcore.notification.render import read_template

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_KEYS = {"subject": "text", "body": "text", "blanks": "a list of texts", "requirements": "a list of texts"}


@cache  # a package's files do not change while it runs
def read_wording(package: str, folder: str = "letters") -> tuple[Wording, ...]:
    """Read every `<folder>/<language>/<key>.toml` of an installed package, by language and key.

    Raise ValueError that names every file and key that is wrong.
    """
    from importlib.resources import files

    return read_wording_folder(files(package) / folder, folder)


def read_wording_folder(folder: Traversable | Path, name: str = "letters") -> tuple[Wording, ...]:
    """Read every `<language>/<key>.toml` in a folder, as `read_wording` does; `name` is how errors call it."""
    found: list[Wording] = []
    wrong: list[str] = []
    if not folder.is_dir():
        raise ValueError(f"{name}: there is no such folder; wordings stand in {name}/<language>/<key>.toml")
    for inner in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not inner.is_dir() or not _LANGUAGE.fullmatch(inner.name):
            continue
        for file in sorted(inner.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".toml"):
                place, key = f"{name}/{inner.name}/{file.name}", file.name.removesuffix(".toml")
                made = _read(file, key, inner.name)
                if isinstance(made, Wording):
                    found.append(made)
                else:
                    wrong += [f"{place}: {text}" for text in made]
    if wrong:
        raise ValueError("\n".join(wrong))
    return tuple(found)


def _read(file: Traversable | Path, key: str, language: str) -> Wording | list[str]:
    import tomllib

    if not _KEY.fullmatch(key):
        return ["a letter's file is named in small letters, digits and hyphens, as in 'union.toml'"]
    try:
        raw: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return ["not a text in UTF-8; save it as UTF-8"]
    except tomllib.TOMLDecodeError as error:
        return [f"not TOML: {error}"]
    wrong = [f"{_unknown('key', name, _KEYS)}" for name in raw if name not in _KEYS]
    wrong += [
        f"{name}: missing; give {_KEYS[name]}" for name in ("subject", "body", "blanks") if name not in raw
    ]
    for name in sorted(raw.keys() & _KEYS.keys()):
        value = raw[name]
        listed = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not (isinstance(value, str) if _KEYS[name] == "text" else listed):
            wrong.append(f"{name}: must be {_KEYS[name]}")
        elif name in ("subject", "body") and not value.strip():
            wrong.append(f"{name}: must not be empty")
    if wrong:
        return wrong
    blanks_, requirements = tuple(raw["blanks"]), tuple(raw.get("requirements", ()))
    return Wording(key, language, raw["subject"], raw["body"], blanks_, requirements)


def problems(
    plan: NotificationPlan,
    languages: tuple[str, ...],
    roles: Iterable[Role],
    milestones: tuple[Milestone, ...],
) -> list[str]:
    """Return what is wrong with a plan, in words; an empty list when nothing is.

    `languages` are the profile's, its first the one that every letter must be written in; `roles` those
    that people of the review have; the blanks that the core fills follow from letter and milestones.
    """
    plan = with_reminders(plan)
    known = {role.name for role in roles} | set(blanks.GIVEN_ROLES)
    keys = Counter(letter.key for letter in plan.letters)
    found = [
        f"letter {key}: stands {n} times; give each letter a key of its own"
        for key, n in keys.items()
        if n > 1
    ]
    found += _wrong_values(plan.values, milestones)
    for letter in plan.letters:
        found += [f"letter {letter.key}: {text}" for text in _wrong_letter(letter, known, milestones)]
        found += [f"letter {letter.key}: {text}" for text in _wrong_values(letter.values, milestones)]
        written = [wording for wording in plan.wordings if wording.key == letter.said_in()]
        found += _wrong_languages(letter, written, languages)
        for wording in written:
            place = f"letters/{wording.language}/{wording.key}.toml"
            found += [f"{place}: {text}" for text in _wrong_wording(wording, letter, plan, milestones)]
    return list(dict.fromkeys(found))


def _wrong_values(values: Mapping[str, str], milestones: tuple[Milestone, ...]) -> Iterator[str]:
    taken = blanks.every_core_blank(milestones)
    for name, value in values.items():
        if not name.isidentifier() or name != name.lower():
            yield f"value '{name}': cannot name a blank; use small letters, digits and underscores"
        elif name in taken:
            yield f"value '{name}': the core fills this blank; give yours another name"
        elif not isinstance(value, str):
            yield f"value '{name}': must be text, not {type(value).__name__}"


def _wrong_letter(letter: Letter, roles: set[str], milestones: tuple[Milestone, ...]) -> Iterator[str]:
    dates = {milestone.key for milestone in milestones}
    if not _KEY.fullmatch(letter.key):
        yield "key: use small letters, digits and hyphens, as in 'union'"
    drawn_for = letter.to.startswith(blanks.DRAWN_FOR)
    if letter.to not in roles and not drawn_for:
        yield f"to: {_unknown('role', letter.to, roles)}"
    if letter.after == "planning" and (
        drawn_for or letter.to in (blanks.SELECTED, blanks.SUPERVISOR, blanks.KEY_PERSON)
    ):
        yield f'after: who is a {letter.to} is known only after the draw; set after = "draw" or "schedule"'
    for name, when in (("leave", letter.leave), ("reply_by", letter.reply_by)):
        if when and when.milestone not in dates:
            yield f"{name}: {_unknown('milestone', when.milestone, dates)}"
    if letter.meeting and letter.meeting not in dates:
        yield f"meeting: {_unknown('milestone', letter.meeting, dates)}"
    if letter.reminder and not letter.reply_by:
        yield "reminder: this letter asks for no reply; give it a reply_by, or take its reminder away"
    if letter.reminder and letter.reminder.days_before < 0:
        yield f"reminder: days_before must be at least 0 (got {letter.reminder.days_before})"
    for key in letter.invites:
        if key == blanks.OWN and (letter.to not in blanks.GIVEN_ROLES or letter.after != "schedule"):
            yield (
                f'invites: an own session ("{blanks.OWN}") is known only after the schedule, and only of a '
                + ", ".join(blanks.GIVEN_ROLES)
            )
        elif key != blanks.OWN and key not in dates:
            yield f"invites: {_unknown('milestone', key, dates | {blanks.OWN})}"
    if letter.copy_supervisor and letter.to not in blanks.STAFF_ROLES and not drawn_for:
        yield (
            f"copy_supervisor: '{letter.to}' is not a staff role, and only staff have a supervisor who may get "
            f"a copy ({', '.join(sorted(blanks.STAFF_ROLES))}); take copy_supervisor away (PQCR-7, QSR-8)"
        )


def _wrong_languages(letter: Letter, written: list[Wording], languages: tuple[str, ...]) -> Iterator[str]:
    have = Counter(wording.language for wording in written)
    if languages[0] not in have:
        place = f"letters/{languages[0]}/{letter.said_in()}.toml"
        yield f"{place}: missing; every letter is written in the review's first language"
    for language, times in have.items():
        if times > 1:
            yield f"letters/{language}/{letter.said_in()}.toml: given {times} times; give one wording to a language"


def _wrong_wording(
    wording: Wording, letter: Letter, plan: NotificationPlan, milestones: tuple[Milestone, ...]
) -> Iterator[str]:
    available = blanks.core_blanks(letter, milestones) | plan.values.keys() | letter.values.keys()
    used: set[str] = set()
    unclear = False
    for part, source in (("subject", wording.subject), ("body", wording.body)):
        names, wrong = read_template(source)
        yield from (f"{part}: {text}" for text in wrong)
        unclear |= bool(wrong)
        used |= names
        for name in sorted(names):
            if name not in available:
                yield f"{part}: {_unavailable(name, available, milestones)}"
            elif name not in wording.blanks:
                yield f"{part}: blank '{name}' is used but not declared; add it to blanks"
    if unclear:
        return
    for name in wording.blanks:
        if name not in used:
            yield f"blanks: '{name}' is declared but never used; take it away or use it"
    if not ("safety_name" in used and used & {"safety_phone", "safety_email"}):
        yield (
            "body: does not say whom to tell of a concern for somebody's safety; use safety_name with "
            "safety_phone or safety_email (ALL-2)"
        )
    if letter.copy_supervisor and "supervisor" not in used:
        yield "body: does not say that the supervisor gets a copy; say so, with the blank supervisor (QSR-8)"
    if letter.reply_by and "reply_by" not in used:
        yield "body: asks for a reply but does not say by when; use the blank reply_by (QSR-7)"


def _unavailable(name: str, available: Iterable[str], milestones: tuple[Milestone, ...]) -> str:
    if name in blanks.every_core_blank(milestones):
        return (
            f"blank '{name}' is not there in this letter, by whom it goes to, the stage that it is written "
            "after, or because no reply is asked for"
        )
    return _unknown("blank", name, available)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    return f"unknown {what} '{name}'" + (f"; did you mean '{near[0]}'?" if near else "")
