"""Reminders: to those alone who were written to and have not answered, once, in time before the reply-by date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import evolve, frozen

from reviewcore.notification.dates import working_day
from reviewcore.notification.plan import Letter, NotificationPlan
from reviewcore.notification.recipients import Recipient
from reviewcore.notification.state import Drafted, LettersState


@frozen
class Reminding:
    """A reminder that is to be written: its kind, to whom, and the letter that it reminds of."""

    letter: Letter
    recipient: Recipient
    reminds: Drafted


def reminder_of(letter: Letter) -> Letter | None:
    """Return the kind of letter that a letter's reminder is; None where it has none.

    It has the blanks of the letter that it reminds of, its recipients and its reply-by date.
    """
    if letter.reminder is None:
        return None
    key, wording = letter.reminder.key, letter.reminder.wording
    made = evolve(letter, key=key, wording=wording, reminder=None, leave=None, invites=())
    return evolve(made, copy_supervisor=False, printed=False)


def with_reminders(plan: NotificationPlan) -> NotificationPlan:
    """Return the plan with every reminder as a letter of its own, to be checked like all others."""
    made = [reminder for letter in plan.letters if (reminder := reminder_of(letter))]
    return evolve(plan, letters=(*plan.letters, *made))


def reminders(
    wanted: list[tuple[Letter, Recipient]],
    now: LettersState,
    today: date,
    holidays: tuple[date, ...],
    *,
    due: bool,
) -> Iterator[Reminding]:
    """Yield the reminders that there are to be, in the order of the letters that they remind of.

    A reminder that was drafted stays while nobody has answered; a new one is written where `due` ones are
    asked for, from its day up to the day by which the letter is to be answered.
    """
    sent = {one.identity: one for one in now.handed_over()}
    there = {one.identity for one in now.letters.values()}
    for letter, recipient in wanted:
        kind = reminder_of(letter)
        if kind is None or letter.reminder is None:
            continue
        whom = (recipient.person.pseudonym, recipient.case)
        first = sent.get((letter.key, *whom))
        if first is None or first.reply_by is None or not _unanswered(first, now):
            continue
        last = date.fromisoformat(first.reply_by)
        begins = working_day(last - timedelta(days=letter.reminder.days_before), holidays)
        if today <= last and ((kind.key, *whom) in there or (due and begins <= today)):
            yield Reminding(kind, evolve(recipient, copy=None), first)


def _unanswered(letter: Drafted, now: LettersState) -> bool:
    """Return whether no yes or no has come (QSR-7), to a letter that nobody refused to deliver."""
    delivery = now.deliveries.get(letter.id, {}).get("to")
    refused = delivery is not None and delivery.standing == "refused"
    return now.standing(letter.id).available is None and not refused
