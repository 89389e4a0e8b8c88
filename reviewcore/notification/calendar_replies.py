"""Replies that calendars send (iTIP REPLY, RFC 5546), by themselves or within messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.notification.state import Answer

if TYPE_CHECKING:
    from email.message import Message

_ANSWERS: dict[str, Answer] = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "receipt"}


@frozen
class CalendarReply:
    """What one attendee answers to one invitation; `where` it was found, to be told where it is wrong.

    Whoever answers perhaps has the letter, and that much is recorded. Its repr names nobody.
    """

    where: str
    uid: str
    attendee: str = field(repr=False)
    answer: Answer
    stamp: str


def read_ics(where: str, data: bytes) -> list[CalendarReply]:
    """Read a calendar file; raise BadInput where it is none, or holds anything but replies."""
    found, wrong = _read(where, data)
    if not (found or wrong):
        wrong = [Problem(where, "there is no reply in it; export the reply that came, as .ics")]
    if wrong:
        raise BadInput(wrong)
    return found


def messages(path: Path) -> Iterator[tuple[str, Message]]:
    """Yield each message of an .eml or .mbox file, with how it is called where something is wrong with it."""
    from email import message_from_bytes
    from mailbox import mbox

    if path.suffix.lower() == ".eml":
        yield path.name, message_from_bytes(path.read_bytes())
        return
    box = mbox(path, create=False)
    try:
        for number, message in enumerate(box, start=1):
            yield f"{path.name}, message {number}", message
    finally:
        box.close()


def read_message(where: str, message: Message) -> list[CalendarReply]:
    """Read the replies in a message: none in an ordinary one. Raise BadInput where one cannot be read."""
    found: dict[tuple[str, str, str], CalendarReply] = {}
    wrong: list[Problem] = []
    for part in message.walk():
        name = (part.get_filename() or "").lower()
        if part.get_content_type() not in ("text/calendar", "application/ics") and not name.endswith(".ics"):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            replies, problems = _read(where, data, within=True)
            found |= {(one.uid, one.attendee, one.stamp): one for one in replies}
            wrong += problems
    if wrong:
        raise BadInput(dict.fromkeys(wrong))
    return list(found.values())


def _read(where: str, data: bytes, *, within: bool = False) -> tuple[list[CalendarReply], list[Problem]]:
    """Read a calendar; `within` a message, what is no reply is somebody's invitation, and passed over."""
    from icalendar import Calendar

    found: list[CalendarReply] = []
    wrong: list[Problem] = []
    try:
        for calendar in Calendar.from_ical(data, multiple=True):
            method = str(calendar.get("METHOD", "")).upper()
            if method == "COUNTER":
                wrong.append(
                    Problem(
                        where, "proposes another time; answer whoever it is from, and record what they say"
                    )
                )
            elif method == "REPLY":
                found += [_reply(where, event) for event in calendar.walk("VEVENT")]
            elif not within:
                wrong.append(
                    Problem(where, "this is no reply (METHOD:REPLY); take it away, and keep the replies")
                )
    except BadInput as error:
        wrong += error.problems
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        wrong.append(
            Problem(where, "this cannot be read as a calendar file; export the reply again, as .ics")
        )
    return found, wrong


def _reply(where: str, event: Any) -> CalendarReply:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if len(attendees) != 1:
        raise BadInput([Problem(where, "a reply has one ATTENDEE, the person who answers; export it again")])
    said = str(attendees[0].params.get("PARTSTAT", "")).upper()
    if said not in _ANSWERS:
        what = "answers neither yes nor no nor perhaps; ask whoever it is from, and record what they say"
        raise BadInput([Problem(where, what)])
    return CalendarReply(
        where,
        str(event.get("UID", "")),
        str(attendees[0]).strip().casefold().removeprefix("mailto:"),
        _ANSWERS[said],
        _stamp(event),
    )


def _stamp(event: Any) -> str:
    stamp = event.get("DTSTAMP")
    if stamp is None or not isinstance(stamp.dt, datetime):
        return ""
    moment: datetime = stamp.dt if stamp.dt.tzinfo else stamp.dt.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
