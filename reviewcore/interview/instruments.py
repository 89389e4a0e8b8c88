"""Instruments as data: a TOML file in the plugin's folder, read strictly and checked before anything is held.

The file holds one `Instrument` as the values of `reviewcore.interview.plan` name it. Nothing is coerced,
nothing unknown is passed over, and every problem is told in one pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from reviewcore.interview.plan import Code, Instrument, Item, Scale
from reviewcore.interview.strict import package_text, structured
from reviewcore.language import Field
from reviewcore.language import problems as condition_problems

LONGEST_LABEL = 200
"""How many characters an answer may have, so that a drop-down list can show it."""

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


# -- reading ------------------------------------------------------------------------------------------


@cache  # a package's files do not change while it runs
def read_instrument(package: str, name: str) -> Instrument:
    """Return the instrument in `instruments/NAME.toml` of a package; raise BadInput with every problem.

    The file's own values are checked here. `problems` checks what they mean together.
    """
    where = f"{package}/instruments/{name}.toml"
    return parse(package_text(package, "instruments", name, "an instrument"), where)


def parse(text: str, where: str) -> Instrument:
    """Return the instrument that a TOML text holds; raise BadInput with every problem, each with its key."""
    return structured(text, where, Instrument)


# -- checking -----------------------------------------------------------------------------------------


def item_field(instrument: Instrument, item: Item) -> Field | None:
    """Return how conditions see an item; None where they cannot (free text, or several answers at once)."""
    if item.kind == "number":
        return Field(item.key, "number", item.words)
    if item.kind in ("scale", "choice"):
        return Field(
            item.key, "choice", item.words, tuple(code.code for code in answers_of(instrument, item))
        )
    return None


def answers_of(instrument: Instrument, item: Item) -> tuple[Code, ...]:
    """Return the closed answers of an item: its scale's codes or its choices; none for number and text."""
    if item.kind == "scale":
        return next((scale.codes for scale in instrument.scales if scale.key == item.scale), ())
    return item.choices if item.kind in ("choice", "many") else ()


def problems(instrument: Instrument, fields: Mapping[str, Field]) -> list[str]:
    """Return what is wrong with an instrument over the case's declared `fields`; an empty list when nothing is.

    A condition may look at declared fields and at questions that come before it, so that skipping is
    always decided by what has been answered already.
    """
    items = instrument.items()
    found = [f"{name}: not filled in" for name in ("key", "title", "version", "filled_by")
             if not getattr(instrument, name).strip()]  # fmt: skip
    found += _repeated("scale", (scale.key for scale in instrument.scales))
    found += _repeated("question", (item.key for item in items))
    found += [f"section '{s.title}': has no questions" for s in instrument.sections if not s.items]
    if not items:
        found.append("the instrument has no questions")
    for scale in instrument.scales:
        found += [f"scale '{scale.key}': {what}" for what in _scale_problems(scale)]
    seen = dict(fields)
    scales = {scale.key for scale in instrument.scales}
    later = {item.key for item in items}
    for item in items:
        found += [f"question '{item.key}': {what}" for what in _item_problems(item, scales, fields)]
        if item.when is not None:
            for what in condition_problems(item.when, seen):
                hint = ""
                if any(f"unknown field '{key}'" in what for key in later - set(seen)):
                    hint = " (only declared fields and earlier questions with one closed answer or a number)"
                found.append(f"question '{item.key}': when: {what}{hint}")
        if (field := item_field(instrument, item)) is not None:
            seen[item.key] = field
    return found


def _repeated(what: str, keys: Iterable[str]) -> list[str]:
    return [f"{what} '{key}': the key is used {n} times" for key, n in Counter(keys).items() if n > 1]


def _scale_problems(scale: Scale) -> list[str]:
    codes = [code.code for code in scale.codes]
    found = _answer_problems(scale.codes, "codes")
    found += [
        f"acceptable: '{code}' is not one of its codes" for code in scale.acceptable if code not in codes
    ]
    found += _repeated("zone", (zone.name for zone in scale.zones))
    zoned = [code for zone in scale.zones for code in zone.codes]
    found += [
        f"zones: '{code}' is not one of its codes" for code in dict.fromkeys(zoned) if code not in codes
    ]
    found += [f"zones: '{code}' is in {n} zones" for code, n in Counter(zoned).items() if n > 1]
    found += [f"zone '{zone.name}': has no codes" for zone in scale.zones if not zone.codes]
    if scale.zones:
        found += [f"zones: '{code}' is in none of them" for code in codes if code not in zoned]
    return found


def _item_problems(item: Item, scales: set[str], fields: Mapping[str, Field]) -> list[str]:
    found = []
    if not _KEY.fullmatch(item.key):
        found.append("the key is a small letter, then small letters, digits and hyphens (at most 64)")
    if item.key in fields:
        found.append("a declared field of the case has the same name; call the question otherwise")
    if not item.words.strip():
        found.append("words: not filled in")
    if item.kind == "scale" and item.scale not in scales:
        near = get_close_matches(item.scale, scales, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        found.append(f"scale: there is no scale '{item.scale}'{hint}")
    if item.kind != "scale" and item.scale:
        found.append(f"scale: a {item.kind} question has none; leave it out")
    if item.kind in ("choice", "many"):
        found += _answer_problems(item.choices, "choices")
    elif item.choices:
        found.append(f"choices: a {item.kind} question has none; leave them out")
    found += [
        f"not_applicable: {what}" for what in _repeated("reason", map(str.casefold, item.not_applicable))
    ]
    if any(not reason.strip() or len(reason) > LONGEST_LABEL for reason in item.not_applicable):
        found.append(f"not_applicable: a reason has between 1 and {LONGEST_LABEL} characters")
    return found


def _answer_problems(codes: Sequence[Code], what: str) -> list[str]:
    """Check a closed list of answers: each can be told from every other by its code and by its label."""
    if not codes:
        return [f"{what}: the list is empty; a closed answer needs at least one"]
    found = [f"{what}: '{code.code}': a code is letters, digits, dots and hyphens, without spaces"
             for code in codes if not _CODE.fullmatch(code.code)]  # fmt: skip
    found += [f"{what}: '{code.code}': the label has between 1 and {LONGEST_LABEL} characters"
              for code in codes if not 0 < len(code.label.strip()) <= LONGEST_LABEL]  # fmt: skip
    names = Counter(
        name for code in codes for name in {code.code.casefold(), folded(code.label), folded(shown(code))}
    )
    found += [f"{what}: '{name}' stands for {n} answers" for name, n in names.items() if n > 1]
    return found


def shown(code: Code) -> str:
    """Return an answer as the drop-down shows it: `3 seen well`, and without its code where that is a word.

    >>> shown(Code("3", "seen well")), shown(Code("late", "yes, but later"))
    ('3 seen well', 'yes, but later')
    """
    return f"{code.code} {code.label}" if code.code.isdigit() else code.label


def folded(text: str) -> str:
    """Return a text as answers are compared: without case and without surplus spaces."""
    return " ".join(text.split()).casefold()
