"""A concern for somebody's safety (ALL-2): sealed, told to the named person at once, and outside all results.

Its words go into the vault and into one message, and nowhere else: no file, no log, no table. The log
says that there was one and how the named person was told.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from attrs import frozen

from reviewcore.errors import Refused, nearest
from reviewcore.notification.calendar import Mailbox
from reviewcore.notification.message import eml
from reviewcore.notification.render import clean
from reviewcore.notification.transport import Message, Offered, Unusable, Way
from reviewcore.profile.settings import Profile
from reviewcore.store.log import Log
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault

RAISED, TOLD = "safety.raised", "safety.told"
KIND = "concern"
LONGEST = 20_000
"""How many characters a concern may have; what is longer was hardly typed, and mail servers may refuse it."""


@frozen
class Concerns:
    """The concerns that were raised, by id, in order; and those that the named person has been told of."""

    raised: tuple[str, ...]
    told: frozenset[str]

    def open(self) -> tuple[str, ...]:
        """Return those that the named person has not been told of."""
        return tuple(one for one in self.raised if one not in self.told)


def state(log: Log) -> Concerns:
    """Return the concerns as the log tells of them."""
    raised, told = ([e.body["id"] for e in log.events(kind) if e.body] for kind in (RAISED, TOLD))
    return Concerns(tuple(dict.fromkeys(raised)), frozenset(told))


def seal(records: Records, vault: Vault, words: str) -> str:
    """Seal a concern, record that there is one, and return its id. Raise Refused for no words, or too many."""
    if not words.strip() or len(words) > LONGEST:
        raise Refused(
            f"a concern has some words, and at most {LONGEST} characters; this has {len(words.strip())}. Nothing was "
            "recorded: if somebody is in danger, call for help now"
        )
    name = f"concern-{len(state(records.log).raised) + 1}"
    vault.put(KIND, name, {"text": words.strip()})
    records.log.append(RAISED, {"id": name})
    return name


def send(records: Records, vault: Vault, profile: Profile, offered: Offered, name: str, at: datetime) -> None:
    """Send a sealed concern to the named person, and record that it left.

    Raises Refused where it did not, with whom to call. It may be sent again: better twice than not at all.
    """
    safety, agency = profile.safety, profile.agency
    words = read(vault, records.log, name)
    intro = (
        f"Somebody has told of a concern for safety in {profile.title}. It comes to you at once, since you are named "
        "for this. It is in no answer and no report. Please act on it as the law and your agency's rules ask."
    )
    data = eml(
        sender=Mailbox(clean(agency.contact), profile.sending.sender or agency.contact_email),
        to=Mailbox(clean(safety.name), safety.email),
        copy=None,
        subject="A concern for somebody's safety: please read now",
        text=f"{intro}\n\n{words}\n",
        html=f"<p>{escape(intro)}</p><pre>{escape(words)}</pre>",
        invitations=(),
        at=at,
        name=f"{name}.{records.key.mac('safety message', name)[:16]}",
    ).replace(b"X-Unsent: 1\r\n", b"", 1)
    message = Message(name, profile.sending.sender or agency.contact_email, (safety.email,), data)
    try:
        connection = offered.transport.open(Way(profile.sending, records.folder))
        try:
            (answer,) = connection.offer(message)
            answer = connection.deliver() if answer.outcome == "accepted" else answer
        finally:
            connection.close()
        why = "" if answer.outcome == "accepted" else f"the server did not take it ({answer.code})"
    except Unusable as error:
        why = error.what
    except Exception as error:
        why = f"the connection broke ({type(error).__name__})"
    if why:
        raise Refused(f"{name} is sealed, but it was not sent: {why}. {call(profile)}")
    records.log.append(TOLD, {"id": name, "how": f"sent by {offered.transport.name}"})


def settle(records: Records, name: str) -> None:
    """Record that the named person was told by word of mouth."""
    _known(records.log, name)
    if name not in state(records.log).told:
        records.log.append(TOLD, {"id": name, "how": "by word of mouth"})


def read(vault: Vault, log: Log, name: str) -> str:
    """Return a concern's words, for whoever must pass them on; raise Refused where there is none by that id."""
    _known(log, name)
    return str((vault.get(KIND, name) or {}).get("text", ""))


def call(profile: Profile) -> str:
    """Say whom to call."""
    safety = profile.safety
    return f"Call {safety.name} now: {safety.phone}, {safety.email}"


def _known(log: Log, name: str) -> None:
    raised = state(log).raised
    if name not in raised:
        listed = f"; there are {', '.join(raised)}" if raised else "; none was raised"
        raise Refused(f"there is no concern '{name}'{nearest(name, raised)}{listed}")
