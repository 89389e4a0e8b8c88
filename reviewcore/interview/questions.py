"""Which questions a session asks, and which of them apply once earlier ones are answered.

What the case's declared fields decide is decided when the workbook is made: such questions are left out.
What depends on earlier answers stays in, with the condition that is left.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from reviewcore.interview.instruments import answers_of, shown
from reviewcore.interview.plan import Instrument, Item
from reviewcore.language import All, Any, Compare, Condition, Not, Row, Value, holds, names

Answer = str | int | tuple[str, ...]
"""A code, a whole number, or the codes of a "many" question."""

LARGEST = 999_999_999
"""The largest number that a "number" question takes; the smallest is 0."""


@frozen
class Question:
    """One question of one session: its number from 1, its section, and the condition left open, if any."""

    number: int
    section: str
    item: Item
    when: Condition | None


def questions(instrument: Instrument, fields: Row) -> tuple[Question, ...]:
    """Return the questions that a case with these declared `fields` is asked, in order."""
    known: dict[str, Value] = dict.fromkeys(fields_used(instrument))
    known.update({name: value for name, value in fields.items() if name in known})
    asked: list[Question] = []
    for section in instrument.sections:
        for item in section.items:
            left = True if item.when is None else decide(item.when, known)
            if left is False:
                known[item.key] = None  # never asked, so never answered
            else:
                when = None if left is True else left
                asked.append(Question(len(asked) + 1, section.title, item, when))
    return tuple(asked)


def fields_used(instrument: Instrument) -> frozenset[str]:
    """Return the declared fields of the case that the instrument's conditions look at."""
    used = frozenset[str]().union(*(names(item.when) for item in instrument.items() if item.when))
    return used - {item.key for item in instrument.items()}


def decide(condition: Condition, known: Row) -> Condition | bool:
    """Return whether the condition is true or false whatever is still open, else what is left of it.

    >>> decide(All((Compare("program", "is", "probation"), Compare("q", "is", "1"))), {"program": "probation"})
    Compare(field='q', op='is', value='1')
    """
    match condition:
        case Compare(name):
            return holds(condition, known) if name in known else condition
        case Not(part):
            left = decide(part, known)
            return not left if isinstance(left, bool) else Not(left)
        case All(parts) | Any(parts):
            settles = isinstance(condition, Any)  # what one part must be to settle the whole
            lefts = [decide(part, known) for part in parts]
            if settles in lefts:
                return settles
            open_parts = tuple(left for left in lefts if not isinstance(left, bool))
            if len(open_parts) < 2:
                return open_parts[0] if open_parts else not settles
            return Any(open_parts) if settles else All(open_parts)


def applies(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Return whether a question applies after these answers to earlier ones."""
    if question.when is None:
        return True
    single: dict[str, Value] = {key: a for key, a in answers.items() if not isinstance(a, tuple)}
    return holds(question.when, single)


def listed(instrument: Instrument, item: Item) -> str:
    """Return the closed answers of an item as a message lists them."""
    return "; ".join(shown(code) for code in answers_of(instrument, item))
