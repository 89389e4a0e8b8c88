"""What the log tells of the letters: drafted, approved, answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from attrs import Factory, frozen

from reviewcore.notification.deliveries import Deliveries, fold
from reviewcore.store.log import Log

Answer: TypeAlias = Literal["yes", "no", "receipt"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "receipt")

DRAFTS = "letters/drafts"
TO_SEND = "letters/to-send"
SENT = "letters/sent"
"""Where letters lie under `papers/`: before they are approved, after, and once a transport has sent them."""


@frozen
class Drafted:
    """A letter as it was last drafted. People and case are pseudonyms; `files` have a path and a digest.

    `at` is the time that its bytes were made with; `leave` and `reply_by` are dates, as text. `copied`
    says that its message has a copy, `invited` are its invitations' UIDs and `times` when each is, as
    "2027-03-16T09:00/2027-03-16T10:00" in the profile's time zone; `reminds` is the letter that
    it asks to be answered. `told` is a mark of the times and places that it tells, "" where it tells none,
    and `moves` the letter whose place it takes, since one of these has changed or is called off.
    """

    id: str
    key: str
    language: str
    to: str
    role: str
    copy: str | None
    case: str | None
    files: tuple[Mapping[str, str], ...]
    leave: str
    reply_by: str | None
    confirm: bool
    at: str
    copied: bool = False
    invited: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    reminds: str | None = None
    told: str = ""
    moves: str | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """What there is one letter of, ever: its kind, to whom, its case, the letter whose place it takes."""
        return self.key, self.to, self.case or "", *([self.moves] if self.moves else [])

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Drafted:
        """Read a letter from an event's body; what a later version may add to it is passed over."""
        from attrs import fields

        known = {one.name: raw[one.name] for one in fields(cls) if one.name in raw}
        listed = {name: tuple(raw.get(name, ())) for name in ("files", "invited", "times")}
        return cls(**{**known, **listed})

    def body(self) -> dict[str, Any]:
        """Return the letter as an event's body has it."""
        from attrs import asdict

        files = [dict(file) for file in self.files]
        return {**asdict(self), "files": files, "invited": list(self.invited), "times": list(self.times)}


@frozen
class Reply:
    """A reply as it was recorded: `supervisor` is the worker's own request that theirs sits in (PQCR-3).

    `stamp` is the time that a calendar's reply was made, as "2027-01-05T17:00:00Z", and "" for any other.
    """

    answer: Answer
    supervisor: bool = False
    stamp: str = ""


@frozen
class Standing:
    """Where a letter stands by its replies. A later yes or no replaces an earlier one; receipt stays."""

    received: bool = False
    available: bool | None = None
    supervisor: bool = False


@frozen
class KindCount:
    """How many letters of one kind are drafted, approved, and confirmed by a yes."""

    key: str
    drafted: int
    approved: int
    confirmed: int


@frozen
class LettersState:
    """All letters of the review, in the order of their numbers; which are approved; every reply, in order.

    `last` is the highest number that a letter ever had; a number is never given twice.
    """

    letters: Mapping[str, Drafted] = Factory(dict)
    approved: frozenset[str] = frozenset()
    replies: Mapping[str, tuple[Reply, ...]] = Factory(dict)
    last: int = 0
    deliveries: Deliveries = Factory(dict)

    def pending(self) -> tuple[Drafted, ...]:
        """Return the letters that wait to be looked at and approved."""
        return tuple(letter for letter in self.letters.values() if letter.id not in self.approved)

    def handed_over(self) -> tuple[Drafted, ...]:
        """Return the approved letters: those that a person sends, or a transport."""
        return tuple(letter for letter in self.letters.values() if letter.id in self.approved)

    def replaced(self) -> frozenset[str]:
        """Return the letters whose place another has taken that was handed over, since a time or place changed."""
        return frozenset(letter.moves for letter in self.handed_over() if letter.moves)

    def standing(self, letter: str) -> Standing:
        """Return where a letter stands by its replies."""
        return standing(self.replies.get(letter, ()))

    def counts(self) -> tuple[KindCount, ...]:
        """Count the letters by kind, in the order in which the kinds were first drafted."""
        keys = dict.fromkeys(letter.key for letter in self.letters.values())
        return tuple(
            KindCount(
                key,
                len(ids),
                sum(one in self.approved for one in ids),
                sum(self.standing(one).available is True for one in ids),
            )
            for key in keys
            for ids in [[letter.id for letter in self.letters.values() if letter.key == key]]
        )


def standing(replies: Iterable[Reply]) -> Standing:
    """Fold replies, in order, into where a letter stands."""
    now = Standing()
    for reply in replies:
        if reply.answer == "receipt":
            now = Standing(True, now.available, now.supervisor or reply.supervisor)
        else:
            now = Standing(True, reply.answer == "yes", reply.supervisor)
    return now


def state(log: Log) -> LettersState:
    """Fold the log into the state of all letters."""
    letters: dict[str, Drafted] = {}
    approved: set[str] = set()
    replies: dict[str, tuple[Reply, ...]] = {}
    last = 0
    for event in log.events():
        body = event.body or {}
        if event.kind == "letters.drafted":
            for raw in body.get("letters", ()):
                letters[raw["id"]] = Drafted.read(raw)
                last = max(last, number(raw["id"]))
            for gone in body.get("withdrawn", ()):
                letters.pop(gone, None)
        elif event.kind == "letters.approved":
            approved |= set(body.get("ids", ()))
        elif event.kind == "letters.replied" and body:
            reply = Reply(body["answer"], body["supervisor"], body.get("stamp", ""))
            replies[body["id"]] = (*replies.get(body["id"], ()), reply)
    ordered = dict(sorted(letters.items(), key=lambda item: number(item[0])))
    return LettersState(ordered, frozenset(approved), replies, last, fold(log.events()))


def number(letter: str) -> int:
    """Return the number that a letter's id begins with.

    >>> number("0012-union")
    12
    """
    return int(letter.partition("-")[0])


@frozen
class Preview:
    """How many letters of one kind and language wait to be approved, and how many go with a copy."""

    key: str
    language: str
    letters: int
    copies: int


def preview(log: Log) -> tuple[Preview, ...]:
    """Count what waits to be approved, by kind and language: what is looked at before anything leaves."""
    pending = state(log).pending()
    groups = dict.fromkeys((letter.key, letter.language) for letter in pending)
    return tuple(
        Preview(key, language, len(ones), sum(one.copy is not None for one in ones))
        for key, language in groups
        for ones in [[one for one in pending if (one.key, one.language) == (key, language)]]
    )
