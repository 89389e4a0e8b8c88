"""Sending: each letter at most once and none lost, whatever is killed, hangs or refuses.

A letter is offered whole but for its last word; then the log says, on disk, that the last word is about to
be said; then it is said; then the log says what came of it. Killed before the first of these entries, the
letter has not left and waits. Killed between the two, nobody can know: it is *uncertain*, and only a person
who has looked can settle it. There are never more such letters than connections, since each connection has
one letter in hand. Connections run in threads, and what they are about to do is written for all at once;
only the caller's thread touches the log.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import get_args

from attrs import Factory, define, field, frozen

from reviewcore.notification.outgoing import Outgoing
from reviewcore.notification.transport import (
    Answer,
    Connection,
    Message,
    Offered,
    Outcome,
    Slot,
    Unusable,
    Way,
)
from reviewcore.store.records import Records

_TRIES = 3
"""So often a connection may fail, one time after the other, before the run gives up."""
_STREAK = 20
"""After so many letters that the server refused, one after the other, it is the account and not the letters."""
_GRACE = 10.0
"""Seconds that letters whose last word has been said are waited for when somebody stops the run."""

_QUIET, _TOGETHER = 0.05, 0.003
"""Seconds: after so long a silence outcomes are written by themselves; so long intents wait for each other."""

Tell = Callable[[int, int], None]
"""Is told how many letters are done, of how many."""


@frozen
class _Settled:
    """What came of a letter, for some of its recipients; empty where nobody knows."""

    letter: str
    answers: Mapping[Slot, Answer]


@define
class _Intent:
    """A connection's wish to say the last word of a letter; `granted` once the log has it on disk."""

    letter: str
    slots: tuple[Slot, ...]
    granted: bool = False
    decided: Event = Factory(Event)

    def decide(self, granted: bool) -> None:
        self.granted = granted
        self.decided.set()


@frozen
class _Left:
    """A connection has ended, and why if it gave up."""

    why: Unusable | str | None = None


class _Pace:
    """So many letters a minute over all connections, and no more."""

    def __init__(self, per_minute: int) -> None:
        self._every = 60 / per_minute if per_minute else 0.0
        self._next, self._lock = monotonic(), Lock()

    def wait(self, stop: Event) -> None:
        if self._every:
            with self._lock:
                at = max(self._next, monotonic())
                self._next = at + self._every
            stop.wait(max(0.0, at - monotonic()))


@define
class _Work:
    """What the connections share: the letters to send, where they say what they did, and when to stop."""

    offered: Offered
    way: Way
    message: Callable[[Outgoing], Message]
    letters: deque[Outgoing]
    pause: float
    pace: _Pace
    said: SimpleQueue[_Settled | _Intent | _Left] = field(factory=SimpleQueue)
    stop: Event = field(factory=Event)


def send(
    records: Records,
    offered: Offered,
    way: Way,
    letters: Iterable[Outgoing],
    message: Callable[[Outgoing], Message],
    *,
    tell: Tell | None = None,
    pause: float = 1.0,
) -> Unusable | str | None:
    """Send letters that wait, each once; return why some were left over, or None where none was.

    What came of each stands in the log. `message` gives a letter's bytes. After a failure a connection
    waits `pause` seconds, and longer each time. Raise Unusable, with nothing written and nothing sent,
    where the transport cannot be opened.
    """
    work = _Work(offered, way, message, deque(letters), pause, _Pace(way.sending.per_minute))
    if not work.letters:
        return None
    first: list[Connection | None] = [offered.transport.open(way)]
    number = min(way.sending.connections, len(work.letters))
    threads = [Thread(target=_carry, args=(work, one), daemon=True) for one in first + [None] * (number - 1)]
    ledger = _Ledger(records, work, tell)
    for thread in threads:
        thread.start()
    return ledger.keep(number)


def _carry(work: _Work, connection: Connection | None) -> None:
    """Carry letters on one connection, one by one, until there are none or the run stops."""
    left = _Left()
    failures = carried = 0
    while not work.stop.wait(work.pause * 2**failures if failures else 0):
        try:
            letter = work.letters.popleft()
        except IndexError:
            break
        work.pace.wait(work.stop)
        if work.stop.is_set():
            work.letters.append(letter)
            break
        try:
            if carried >= work.way.sending.per_connection:
                _hang_up(connection)
                connection, carried = None, 0
            connection = connection or work.offered.transport.open(work.way)
            offered = map(_checked, connection.offer(work.message(letter)))
            answers = dict(zip(letter.slots, offered, strict=True))
            taken = tuple(slot for slot, answer in answers.items() if answer.outcome == "accepted")
            if not taken:
                connection.abandon()
        except BaseException as error:  # whatever it was, the last word was not said: the letter waits
            work.letters.append(letter)  # last, so that it holds up no other
            _hang_up(connection)
            connection, failures = None, failures + 1
            if failures == _TRIES:
                left = _Left(error if isinstance(error, Unusable) else _broke(error))
                break
            continue
        carried += 1
        if refused := {slot: answer for slot, answer in answers.items() if slot not in taken}:
            work.said.put(_Settled(letter.letter, refused))
        if not taken:
            continue
        intent = _Intent(letter.letter, taken)
        work.said.put(intent)
        intent.decided.wait()
        if not intent.granted:
            break
        try:
            answer = _checked(connection.deliver())
        except (
            BaseException
        ) as error:  # the last word may have been heard: nobody knows, and nobody tries again
            work.said.put(_Settled(letter.letter, {}))
            _hang_up(connection)
            connection, failures = None, failures + 1
            if failures == _TRIES:
                left = _Left(_broke(error))
                break
        else:
            work.said.put(_Settled(letter.letter, dict.fromkeys(taken, answer)))
            failures = 0
    _hang_up(connection)
    work.said.put(left)


def _hang_up(connection: Connection | None) -> None:
    try:
        if connection:
            connection.close()
    except BaseException:  # noqa: S110  (it is given up anyway, whatever a plugin raises)
        pass


def _checked(answer: Answer) -> Answer:
    """Take an answer over from a transport: one of the outcomes agreed on, and no words in its code."""
    if type(answer) is not Answer or answer.outcome not in get_args(Outcome):
        raise TypeError("a transport answers with an Answer")
    return answer if re.fullmatch(r"[0-9. ]{0,20}", answer.code) else Answer(answer.outcome)


def _broke(error: BaseException) -> str:
    return f"the connection broke {_TRIES} times in a row ({type(error).__name__})"


class _Ledger:
    """Keeps the log: what is about to be done, before it is, and what came of it."""

    def __init__(self, records: Records, work: _Work, tell: Tell | None) -> None:
        self._records, self._work, self._tell = records, work, tell
        self._total = len(work.letters)
        self._heard: list[_Settled | _Intent | _Left] = []
        self._settled: list[_Settled] = []
        self._streak = 0
        self._why: Unusable | str | None = None

    def keep(self, alive: int) -> Unusable | str | None:
        """Write what the connections say until all have left; return why letters are left over, if some are."""
        failed: BaseException | None = None
        until = 0.0
        while alive and (failed is None or monotonic() < until):
            intents: list[_Intent] = []
            try:
                self._hear(alive)
                intents = [one for one in self._heard if isinstance(one, _Intent)]
                self._settled += [one for one in self._heard if isinstance(one, _Settled)]
                left = [one for one in self._heard if isinstance(one, _Left)]
                alive -= len(left)
                self._why = next((one.why for one in left if one.why), self._why)
                quiet, self._heard = not self._heard, []
                self._write(intents, now=quiet or not alive, grant=failed is None)
                if self._tell and not quiet:
                    self._tell(max(0, self._total - len(self._work.letters) - alive), self._total)
            except BaseException as error:  # the log cannot be written, or somebody stops the run
                for one in intents:
                    one.decide(False)
                self._work.stop.set()
                self._records.log.refresh()
                if failed is not None:
                    break
                failed, until = error, monotonic() + _GRACE
        if failed is not None:
            raise failed
        return self._why if self._work.letters else None

    def _hear(self, alive: int) -> None:
        """Take what has been said by now; wait where nothing has, and a little for the other connections' intents."""
        wait = _QUIET
        try:
            while sum(isinstance(one, _Intent) for one in self._heard) < alive:
                self._heard.append(self._work.said.get(timeout=wait))
                wait = _TOGETHER
        except Empty:
            return

    def _write(self, intents: list[_Intent], *, now: bool, grant: bool) -> None:
        """Write outcomes and intents in one transaction, and only then let the last words be said.

        Outcomes alone wait for the next intent, or for a quiet moment.
        """
        if not grant:
            for one in intents:
                one.decide(False)
            intents = []
        if not intents and not (now and self._settled):
            return
        outcomes: dict[str, dict[Slot, list[str]]] = {}
        for settled in self._settled:
            for slot, answer in settled.answers.items():
                outcomes.setdefault(settled.letter, {})[slot] = [answer.outcome, answer.code]
                self._count(answer)
        entries: list[tuple[str, Mapping[str, object]]] = []
        if outcomes:
            entries += [("letters.settled", {"letters": outcomes})]
        if intents:
            by = self._work.offered
            tried = {one.letter: list(one.slots) for one in intents}
            said = {"by": by.transport.name, "from": f"{by.plugin} {by.version}", "letters": tried}
            entries += [("letters.trying", said)]
        if entries:
            self._records.log.append_all(entries)
        self._settled = []
        for one in intents:
            one.decide(True)

    def _count(self, answer: Answer) -> None:
        """Stop where the server refuses letter after letter."""
        self._streak = self._streak + 1 if answer.outcome == "refused" else 0
        if self._streak == _STREAK:
            self._why = f"the server refused {_STREAK} letters one after the other ({answer.code})"
            self._work.stop.set()
