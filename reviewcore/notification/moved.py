"""Times that moved: whoever holds a letter with another time or place is written to again, once for each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from reviewcore.notification.dates import base
from reviewcore.notification.plan import Letter
from reviewcore.notification.recipients import Recipient
from reviewcore.notification.render import Block, Filled
from reviewcore.notification.state import Drafted, LettersState

_SUBJECT = {"en": "Changed: ", "es": "Cambio: "}
_WORDS = {
    "en": "A time or a place has changed. Please go by this letter: what we wrote before no longer holds. "
    "We are sorry for the trouble.",
    "es": "Ha cambiado una hora o un lugar. Guíese por esta carta: lo que le escribimos antes ya no vale. "
    "Disculpe la molestia.",
}


@frozen
class Moving:
    """A letter that is to be written again: its kind, to whom, the last that they hold, the how-manieth again."""

    letter: Letter
    recipient: Recipient
    moves: Drafted
    times: int

    @property
    def key(self) -> str:
        """Return the key under which it is counted."""
        return f"{self.letter.key}-moved"

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
    first = {one.identity: one for one in now.handed_over() if not one.moves}
    after = {one.moves: one for one in now.handed_over() if one.moves}
    for letter, recipient in wanted:
        last, times = first.get((letter.key, recipient.person.pseudonym, recipient.case)), 1
        while last and last.id in after:
            last, times = after[last.id], times + 1
        if last and last.told and last.told != tells(letter, recipient):
            yield Moving(letter, recipient, last, times)


def said_again(filled: Filled) -> Filled:
    """Return a letter that says first, below its greeting, that it takes the place of an earlier one."""
    language = base(filled.language) if base(filled.language) in _WORDS else "en"
    greeting, *rest = filled.blocks
    return evolve(
        filled,
        subject=_SUBJECT[language] + filled.subject,
        blocks=(greeting, Block((_WORDS[language],)), *rest),
    )
