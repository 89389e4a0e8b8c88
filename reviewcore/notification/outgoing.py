"""Letters as they leave: whom each goes to is read from the very bytes that were looked at and approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from attrs import Factory, frozen

from reviewcore.notification.deliveries import standing
from reviewcore.notification.state import SENT, TO_SEND, Drafted, LettersState
from reviewcore.notification.transport import Delivery, Message, Slot
from reviewcore.profile.settings import Profile
from reviewcore.store.files import digest

_FIELD = re.compile(rb"([!-9;-~]+):[ \t]*(.*?)\r\n(?![ \t])", re.DOTALL)
_ADDRESS = re.compile(rb"(?:^|<)([^<>\s]+@[^<>\s]+?)>?$")


@frozen
class Outgoing:
    """A letter that is to leave now: for which of its recipients, and the file that it stands in."""

    letter: str
    slots: tuple[Slot, ...]
    path: Path

    def message(self, profile: Profile, at: datetime) -> Message:
        """Return the letter as it leaves at the time `at`."""
        return as_sent(self, self.path.read_bytes(), profile, at)


@frozen
class Outbox:
    """What can leave today, and what cannot, by letter id.

    `missing` letters are not where they were handed over: somebody may have sent them by hand. `changed`
    ones are not as they were approved. `early` ones leave on a later day, `answered` reminders no more, and
    `replaced` letters neither: another has taken their place, since a time or place changed.
    """

    ready: tuple[Outgoing, ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    early: tuple[tuple[str, str], ...] = ()
    answered: tuple[str, ...] = Factory(tuple)
    replaced: tuple[str, ...] = Factory(tuple)


def slots(letter: Drafted) -> tuple[Slot, ...]:
    """Return for whom a letter leaves as a message; nobody where it goes on paper alone."""
    if not any(file["path"].endswith(".eml") for file in letter.files):
        return ()
    return ("to", "copy") if letter.copied else ("to",)


def outbox(folder: Path, now: LettersState, today: date) -> Outbox:
    """Return what can leave on the day `today`: approved, not sent, refused or uncertain, and as it was approved."""
    ready: list[Outgoing] = []
    missing, changed, answered, replaced = [], [], [], []
    again = now.replaced()
    early: list[tuple[str, str]] = []
    for letter in now.handed_over():
        stand = now.deliveries.get(letter.id, {})
        waiting = tuple(one for one in slots(letter) if stand.get(one, Delivery()).standing == "waiting")
        if not waiting:
            continue
        if letter.id in again:
            replaced.append(letter.id)
        elif letter.leave > today.isoformat():
            early.append((letter.id, letter.leave))
        elif letter.reminds and now.standing(letter.reminds).available is not None:
            answered.append(letter.id)
        else:
            file = next(one for one in letter.files if one["path"].endswith(".eml"))
            path = folder / "papers" / TO_SEND / Path(file["path"]).name
            if not path.is_file():
                missing.append(letter.id)
            elif digest(path.read_bytes()) != file["sha256"]:
                changed.append(letter.id)
            else:
                ready.append(Outgoing(letter.id, waiting, path))
    return Outbox(
        tuple(ready), tuple(missing), tuple(changed), tuple(early), tuple(answered), tuple(replaced)
    )


def as_sent(letter: Outgoing, data: bytes, profile: Profile, at: datetime) -> Message:
    """Return a drafted message as it leaves: dated now, no draft any more, from whom the server lets it be.

    Message-ID, text and invitations stay as they were approved, and replies go to the agency's contact.
    """
    from email.utils import format_datetime

    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(_fields(head))
    contact, sending = profile.agency.contact_email, profile.sending
    sender = sending.sender or contact
    fields[b"Date"] = format_datetime(at).encode()
    fields.pop(b"X-Unsent", None)
    if sender != contact:
        fields[b"From"] = fields[b"From"].replace(contact.encode(), sender.encode())
    if sending.reply_to or sender != contact:
        fields[b"Reply-To"] = (sending.reply_to or contact).encode()
    address: dict[Slot, str] = {
        slot: _address(fields[name]) for slot, name in _HEADERS.items() if name in fields
    }
    lines = b"".join(b"%b: %b\r\n" % field for field in fields.items())
    recipients = tuple(address[slot] for slot in letter.slots)
    return Message(letter.letter, sender, recipients, lines + b"\r\n" + body)


_HEADERS: dict[Slot, bytes] = {"to": b"To", "copy": b"Cc"}


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield a message's header fields, each with its lines as they were folded."""
    for found in _FIELD.finditer(head + b"\r\n"):
        yield found[1], found[2]


def _address(field: bytes) -> str:
    found = _ADDRESS.search(re.sub(rb"\r\n", b"", field).strip())
    assert found  # every message is written with an address
    return found[1].decode("ascii")


def clear_sent(folder: Path, now: LettersState) -> None:
    """Move what has been sent out of `to-send`, so that nobody sends it again by hand; what is on paper stays."""
    from reviewcore.store import points

    sent = folder / "papers" / SENT
    for letter in now.handed_over():
        whom = slots(letter)
        if not whom or standing(whom, now.deliveries.get(letter.id, {})) != "sent":
            continue
        for file in letter.files:
            source = folder / "papers" / TO_SEND / Path(file["path"]).name
            if source.suffix != ".docx" and source.exists():
                sent.mkdir(parents=True, exist_ok=True)
                points.about_to(f"removal of {source.name} to what was sent")
                source.replace(sent / source.name)
