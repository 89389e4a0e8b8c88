"""Replies as they come in: lists, calendars' replies, messages that hold them, and folders of all these.

What is wrong is told all at once, and is not recorded: of a list with a mistake nothing, of a message or a
calendar file likewise. All others are recorded, as with workbooks that come back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reviewcore.errors import BadInput, Problem
from reviewcore.notification.calendar_replies import CalendarReply, messages, read_ics, read_message
from reviewcore.notification.recipients import People
from reviewcore.notification.replies import Replied, read_replies, record
from reviewcore.notification.state import Answer, Drafted, LettersState, Reply, state
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault

_MAIL = (".eml", ".mbox")
_KINDS = (".csv", ".ics", *_MAIL)


def take_in(path: Path, records: Records, vault: Vault) -> tuple[Problem, ...]:
    """Record the replies of a file, or of every file in a folder; return what is wrong with the others."""
    if not path.exists():
        return (Problem(path.name, "there is no such file"),)
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in _KINDS)
        wrong = (
            []
            if files
            else [Problem(path.name, f"there are no replies in this folder ({', '.join(_KINDS)})")]
        )
    else:
        files, wrong = [path], []
    found: list[CalendarReply] = []
    for file in files:
        kind = file.suffix.lower()
        try:
            if kind == ".ics":
                found += read_ics(file.name, file.read_bytes())
            elif kind in _MAIL:
                wrong += _from_messages(file, found)
            else:
                record(records, read_replies(file, records.log))
        except BadInput as error:
            wrong += error.problems
    wrong += _record(found, records, vault)
    return tuple(dict.fromkeys(wrong))


def _from_messages(file: Path, found: list[CalendarReply]) -> list[Problem]:
    """Add the replies of a file's messages to `found`; return what is wrong, each message by itself."""
    wrong: list[Problem] = []
    replies: list[CalendarReply] = []
    for where, message in messages(file):
        try:
            replies += read_message(where, message)
        except BadInput as error:
            wrong += error.problems
    if not (replies or wrong):
        wrong.append(Problem(file.name, "there is no calendar's reply in it; record what it says by hand"))
    found += replies
    return wrong


def _record(found: Iterable[CalendarReply], records: Records, vault: Vault) -> list[Problem]:
    """Record calendars' replies, each letter's taken together; return those that are to no invitation."""
    now, people = state(records.log), People.read(vault)
    letters: dict[str, list[Drafted]] = {}
    for letter in now.handed_over():
        for uid in letter.invited:
            letters.setdefault(uid, []).append(letter)
    said: dict[str, dict[str, CalendarReply]] = {}
    wrong: list[Problem] = []
    for one in sorted(found, key=lambda one: one.stamp):
        # Who answered before a time moved has not answered the letter that says so.
        written = [
            letter
            for letter in letters.get(one.uid, [])
            if not (letter.moves and one.stamp and one.stamp < letter.at)
        ]
        latest = sorted(written, key=lambda letter: letter.confirm)[-1:]  # one that asks for a reply, if any
        if not latest:
            what = "this answers no invitation of this review; take it away, or answer whoever it is from"
            wrong.append(Problem(one.where, what))
            continue
        (letter,) = latest
        if (person := people.by_pseudonym.get(letter.to)) is None or one.attendee != _plain(person.email):
            wrong.append(
                Problem(
                    one.where,
                    "this is from somebody who was not invited; if somebody who was has answered from another "
                    f"address, record it by hand: reviewcore reply --letter {letter.id} --answer yes",
                )
            )
        else:
            said.setdefault(letter.id, {})[one.uid] = one
    record(records, [_together(now, letter, replies) for letter, replies in said.items()])
    return wrong


def _plain(address: str) -> str:
    return address.strip().casefold()


def _together(now: LettersState, letter: str, replies: dict[str, CalendarReply]) -> Replied:
    """Return one answer to a letter with several invitations: yes to any is yes, no is no to all of them."""
    said = {one.answer for one in replies.values()}
    answer: Answer = "receipt"
    if "yes" in said:
        answer = "yes"
    elif said == {"no"} and len(replies) == len(now.letters[letter].invited):
        answer = "no"
    stamp = max(one.stamp for one in replies.values())
    return Replied(letter, Reply(answer, now.standing(letter).supervisor, stamp))
