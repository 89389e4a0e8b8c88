"""How made-up teams fill in a tool: plausible ratings, and notes, of which some name somebody though none should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from reviewcore.demo.chance import Chance
from reviewcore.demo.names import first_names, surnames
from reviewcore.interview.plan import Instrument, Item
from reviewcore.interview.talks import Held, Talk
from reviewcore.language import Row, Value, holds

_NOT_APPLICABLE = 0.12

_NOTES = (
    "{Who} said the family meeting in spring changed everything.",
    "The school called {who} before anyone else did, and that helped.",
    "{Who} waited nine weeks for a place in the program.",
    "It took three workers until {who} felt heard.",
    "{Who} would have taken the children at once had anybody asked.",
    "Every visit was kept; {who} could count on it.",
    "Nobody told {who} when the plan was changed.",
    "The bus runs twice a day, and {who} has no car.",
    "The plan was written with {who}, not for them.",
    "Calls were answered the same day, says {who}.",
    "Three agencies asked {who} the same questions.",
    "What {who} is good at stands first in the file.",
)
_WHO = ("the mother", "the father", "the grandmother", "the youth", "the family", "the caregiver")
_OWN_WORDS = (
    "We stay because of the people we work with.",
    "A plan that nobody has read helps nobody.",
    "Give us time with the children, and the rest follows.",
    "When a position is empty, it is the families who wait.",
    "Good supervision is what keeps us from burning out.",
    "Ask us before the form changes, not after.",
)
"""What made-up groups agree to be quoted with."""
_SLIP = 0.01
"""The share of notes in which a team names somebody, for all that the tool asks."""


@frozen
class Answers:
    """One filled-in tool: a code, a number or the codes marked, per item; reasons; and what was written."""

    answers: Mapping[str, str | int | tuple[str, ...]]
    not_applicable: Mapping[str, str]
    notes: Mapping[str, str]


def fill_in(instrument: Instrument, fields: Row, token: str, seed: str = "demo") -> Answers:
    """Fill in a tool for the case with these declared `fields`, always alike for the same token and seed.

    Items are answered in order, and only where their condition is true of the fields and of earlier
    answers. How strong practice was runs through a whole case, so that its ratings hang together; some
    items are harder than others, as a hash of their key says, in every case alike.
    """
    chance = Chance(seed, "answers", token)
    strength = (chance.below(100) + chance.below(100)) / 200
    row: dict[str, Value] = dict(fields)
    answers: dict[str, str | int | tuple[str, ...]] = {}
    reasons: dict[str, str] = {}
    notes: dict[str, str] = {}
    for item in instrument.items():
        if item.when is not None and not holds(item.when, row):
            continue
        if item.not_applicable and chance.happens(_NOT_APPLICABLE):
            reasons[item.key] = chance.one_of(item.not_applicable)
        elif item.kind == "text":
            if item.required or chance.happens(0.7):
                note = _note(chance, Chance(seed, "note", token, item.key))
                notes[item.key] = _agreed(chance) if item.key == "own-words" else note
        elif item.kind == "many":
            answers[item.key] = _marked(item, chance, seed)
        elif item.kind == "number":
            answers[item.key] = row[item.key] = (
                6 + chance.below(7) if item.key == "attended" else chance.below(12)
            )
        elif item.kind == "choice":
            codes = [choice.code for choice in item.choices]
            answers[item.key] = row[item.key] = codes[0] if chance.happens(0.85) else chance.one_of(codes)
        else:
            codes = [code.code for code in instrument.scale(item).codes]
            answers[item.key] = row[item.key] = codes[_place(len(codes), strength, item, chance, seed)]
    return Answers(answers, reasons, notes)


def seen(talks: Sequence[Talk], seed: str = "demo") -> dict[str, Held]:
    """Say what became of each interview of a case: most were held, and without consent none."""
    found: dict[str, Held] = {}
    for talk in talks:
        chance = Chance(seed, "seen", talk.key)
        consent = "" if talk.consent else ("yes" if chance.happens(0.7) else "no")
        if consent == "no":
            found[talk.key] = Held(False, "no-consent", "no")
        elif chance.happens(0.93):
            found[talk.key] = Held(True, "", consent)
        else:
            found[talk.key] = Held(False, chance.one_of(("not-reached", "did-not-come", "declined")), consent)
    return found


def _place(number: int, strength: float, item: Item, chance: Chance, seed: str) -> int:
    """Return where on a scale a rating falls: by the case's strength, how hard the item is, and luck."""
    hard = Chance(seed, "hard", item.key).below(100) / 100
    at = 0.33 + 0.5 * strength + 0.3 * (chance.below(100) / 100) - 0.28 * hard
    return min(number - 1, max(0, int(at * number)))


def _marked(item: Item, chance: Chance, seed: str) -> tuple[str, ...]:
    """Return the codes marked, in the item's order; some themes come up often, and some never."""
    often = {one.code: (Chance(seed, "often", one.code).below(70) - 20) / 100 for one in item.choices}
    marked = tuple(code for code, share in often.items() if chance.happens(share))
    return marked or ((item.choices[0].code,) if item.required else ())


def _agreed(chance: Chance) -> str:
    return " ".join(dict.fromkeys(chance.one_of(_OWN_WORDS) for _ in range(2)))


def _note(chance: Chance, slip: Chance) -> str:
    said, name = chance.one_of(_NOTES), f"{chance.one_of(first_names())} {chance.one_of(surnames())}"
    who = name if slip.happens(_SLIP) else slip.one_of(_WHO)
    return said.format(who=who, Who=who[:1].upper() + who[1:])
