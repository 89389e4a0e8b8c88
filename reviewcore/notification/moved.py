"""What changed after a letter was handed over: another time or place, or no more need to come. Told once each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import evolve, frozen

from reviewcore.notification.dates import base
from reviewcore.notification.plan import Letter
from reviewcore.notification.recipients import Person, Recipient
from reviewcore.notification.render import Block, Filled
from reviewcore.notification.state import Drafted, LettersState

_SUBJECT = {"en": "Changed: ", "es": "Cambio: "}
_WORDS = {
    "en": "A time or a place has changed. Please go by this letter: what we wrote before no longer holds. "
    "We are sorry for the trouble.",
    "es": "Ha cambiado una hora o un lugar. Guíese por esta carta: lo que le escribimos antes ya no vale. "
    "Disculpe la molestia.",
}


CALLED_OFF = "called off"
"""What a letter tells, as `Drafted.told` keeps it, that calls off all that the letters before it told."""

_Held = dict[tuple[str, ...], tuple[Drafted, int]]


@frozen
class Moving:
    """A letter that is to be written again: its kind, to whom, the last that they hold, the how-manieth again.

    With `off` it says that its recipient need not come any more.
    """

    letter: Letter
    recipient: Recipient
    moves: Drafted
    times: int
    off: bool = False

    @property
    def key(self) -> str:
        """Return the key under which it is counted."""
        return f"{self.letter.key}-{'off' if self.off else 'moved'}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What there is one letter of, ever, as `Drafted.identity` has it."""
        return self.key, self.recipient.person.pseudonym, self.recipient.case, self.moves.id


def moved(
    wanted: list[tuple[Letter, Recipient]], now: LettersState, tells: Callable[[Letter, Recipient], str]
) -> Iterator[Moving]:
    """Yield who is to be told of another time or place than the last letter that was handed over to them told.

    `tells` gives a mark of what a letter would tell by now, as `Drafted.told` keeps it. One that moves back
    before it was announced is not announced.
    """
    held = _held(now)
    for letter, recipient in wanted:
        last, times = held.get((letter.key, recipient.person.pseudonym, recipient.case), (None, 0))
        if last and last.told and last.told != tells(letter, recipient):
            yield Moving(letter, recipient, last, times)


def called_off(
    wanted: list[tuple[Letter, Recipient]],
    letters: tuple[Letter, ...],
    now: LettersState,
    people: Mapping[str, Person],
) -> Iterator[Moving]:
    """Yield who holds a letter with a time or a place, and by now is not `wanted` for it any more.

    `letters` are the kinds whose recipients are known by now, `people` those on the lists, by pseudonym.
    Whoever has declined knows that they are not to come. The copy goes to whoever had one.
    """
    asked = {(letter.key, recipient.person.pseudonym, recipient.case) for letter, recipient in wanted}
    kinds = {letter.key: letter for letter in letters}
    for (key, who, case), (last, times) in _held(now).items():
        if (key, who, case) in asked or key not in kinds or who not in people:
            continue
        if last.told not in ("", CALLED_OFF) and now.standing(last.id).available is not False:
            copy = people.get(last.copy) if last.copy else None
            recipient = Recipient(people[who], supervisor=copy, copy=copy, case=case)
            yield Moving(kinds[key], recipient, last, times, off=True)


def _held(now: LettersState) -> _Held:
    """Return by kind, person and case the last letter that was handed over, and the how-manieth it was."""
    after = {one.moves: one for one in now.handed_over() if one.moves}
    held: _Held = {}
    for one in now.handed_over():
        if one.moves:
            continue
        last, times = one, 1
        while last.id in after:
            last, times = after[last.id], times + 1
        held[one.identity] = last, times
    return held


def said_again(filled: Filled) -> Filled:
    """Return a letter that says first, below its greeting, that it takes the place of an earlier one."""
    language = base(filled.language) if base(filled.language) in _WORDS else "en"
    greeting, *rest = filled.blocks
    return evolve(
        filled,
        subject=_SUBJECT[language] + filled.subject,
        blocks=(greeting, Block((_WORDS[language],)), *rest),
    )
