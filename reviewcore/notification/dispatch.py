"""Dispatch: approved letters are sent, and a person settles those of which nobody can know whether they left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.notification import outgoing, sending
from reviewcore.notification.sending import Tell
from reviewcore.notification.state import LettersState, state
from reviewcore.notification.transport import Delivery, Message, Offered, Slot, Unusable, Way
from reviewcore.profile.settings import Profile
from reviewcore.store.records import Records


def send(
    records: Records,
    profile: Profile,
    offered: Offered,
    at: datetime,
    tell: Tell | None = None,
    *,
    pause: float = 1.0,
) -> None:
    """Send every approved letter that is due, and move what was sent to `papers/letters/sent`.

    `at` dates the messages; `pause` is how many seconds are waited after a failure. Raise Refused, with
    nothing sent, where a letter is not as it was approved; Unusable where the transport cannot be used as
    set; Refused where it failed on the way, with how many letters wait. What was done until then stands in
    the log.
    """
    now = state(records.log)
    outgoing.clear_sent(records.folder, now)  # what a run that was killed had not moved yet
    box = outbox(records.folder, profile, now, at)
    if box.changed:
        raise Refused(
            f"{', '.join(box.changed)}: not as approved any more. Put back papers/letters/to-send as it was handed "
            "over, or send these by hand and record them with `reviewcore notify --sent` (nothing was sent)"
        )
    way = Way(profile.sending, records.folder)

    def message(letter: outgoing.Outgoing) -> Message:
        return letter.message(profile, at)

    try:
        why = sending.send(records, offered, way, box.ready, message, tell=tell, pause=pause)
    finally:
        outgoing.clear_sent(records.folder, state(records.log))
    if why:
        left = len(outbox(records.folder, profile, state(records.log), at).ready)
        said = why.what if isinstance(why, Unusable) else why
        raise Refused(
            f"{offered.transport.name}: {said}; {left} letters were not sent and wait: repeat the command"
        )


def settle(records: Records, letters: Iterable[str], *, sent: bool) -> int:
    """Record by hand that letters were sent, or that they were not and are to be sent again; return how many.

    Only who has looked knows: in the server's log for the Message-ID, or by asking the recipient. "Not
    sent" is for letters that are uncertain or were refused. What is recorded already is not recorded again.
    Raise BadInput with every id that is wrong; nothing is recorded then.
    """
    now = state(records.log)
    outcomes: dict[str, dict[Slot, list[str]]] = {}
    wrong: list[Problem] = []
    for name in dict.fromkeys(letters):
        known = now.letters.get(name)
        whom = outgoing.slots(known) if known and name in now.approved else ()
        stand = {slot: now.deliveries.get(name, {}).get(slot, Delivery()).standing for slot in whom}
        open_ = [slot for slot, one in stand.items() if one != "sent"]
        if not whom:
            what = "there is no such letter among those that were handed over to be sent; look in the outbox"
            wrong.append(Problem("", what, name))
        elif sent and open_:
            outcomes[name] = {slot: ["sent", "by hand"] for slot in open_}
        elif not sent and not open_:
            wrong.append(Problem("", "it was sent, and a letter is sent once; write to them by hand", name))
        elif not sent:
            unsent = [slot for slot in open_ if stand[slot] != "waiting"]
            outcomes |= {name: {slot: ["unsent", "by hand"] for slot in unsent}} if unsent else {}
    if wrong:
        raise BadInput(wrong)
    if outcomes:
        records.log.append("letters.settled", {"letters": outcomes})
    outgoing.clear_sent(records.folder, state(records.log))
    return len(outcomes)


def outbox(folder: Path, profile: Profile, now: LettersState, at: datetime) -> outgoing.Outbox:
    """Return what can leave at the time `at`, and what cannot."""
    return outgoing.outbox(folder, now, at.astimezone(ZoneInfo(profile.calendar.time_zone)).date())
