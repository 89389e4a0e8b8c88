"""What a transport is: the way on which a letter leaves, in two steps, so that none can leave twice.

A transport is handed a letter whole but for the last word (`offer`), and then told to say it (`deliver`).
Between the two the engine writes into the review's log that the last word is about to be said. So of any
letter whose `deliver` was never called it is certain that it has not left, whatever broke.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from attrs import frozen

from reviewcore.profile.settings import Sending

Outcome: TypeAlias = Literal["accepted", "later", "refused"]


@frozen(repr=False)
class Message:
    """A letter as it leaves: from which address, to which, and its bytes, lines ending in CR LF.

    It names people, and so has no repr that could end up in a log.
    """

    letter: str
    sender: str
    recipients: tuple[str, ...]
    data: bytes


@frozen
class Answer:
    """What became of a letter for one recipient. `code` is digits and dots, as "550 5.1.1": never words.

    "later" is a refusal for now; "refused" one that will stand.
    """

    outcome: Outcome
    code: str = ""


class Unusable(Exception):
    """This way out cannot be used as it is set: `setting` of `[sending]`, and what is wrong and would be right."""

    def __init__(self, setting: str, what: str) -> None:
        self.setting, self.what = setting, what
        super().__init__(f"{setting}: {what}")


class Connection(Protocol):
    """An open way out. One letter at a time: an offer, and then either `deliver` or `abandon`.

    Whatever `offer` raises, the letter has not left; whatever `deliver` raises, nobody knows.
    """

    def offer(self, message: Message) -> tuple[Answer, ...]:
        """Hand over all but the last word; return for each recipient, in order, whether it is taken."""

    def deliver(self) -> Answer:
        """Say the last word for all recipients that were taken; "accepted" if the letter has left."""

    def abandon(self) -> None:
        """Take the offer back."""

    def close(self) -> None:
        """End it, also in the middle of an offer, which is then taken back."""


@frozen
class Way:
    """What a transport is opened with: the profile's `[sending]`, and the review's folder."""

    sending: Sending
    folder: Path


@frozen
class Transport:
    """A transport: the name that `[sending] by` knows it by, and how to open it.

    `open` is called once for each connection, in threads; it raises Unusable where it cannot work as set.
    """

    name: str
    open: Callable[[Way], Connection]


@frozen
class Offered:
    """A transport with the plugin that offers it and that plugin's version."""

    transport: Transport
    plugin: str
    version: str


Slot: TypeAlias = Literal["to", "copy"]
"""Whose a delivery is: the recipient's or the copy's."""

Standing: TypeAlias = Literal["waiting", "uncertain", "sent", "refused"]


@frozen
class Delivery:
    """How a letter stands for one of its recipients, and the code of the last refusal.

    "uncertain": the last word was about to be said, and what came of it is not on record.
    """

    standing: Standing = "waiting"
    code: str = ""
