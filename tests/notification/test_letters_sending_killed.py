"""Killed, hung up on, refused, in any order: no letter leaves twice, and each ends sent, refused or uncertain.

The oracle is the server's own mailbox. Kills are SIGKILL, sent by the server at the very points of the
conversation, or by the process itself before it writes to the log.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from threading import Timer

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from letters_of_alder import PROFILE, Alder, alder
from sending_of_alder import ONE_EACH, in_a_process, ready, send, sending, stand, workers

from reviewcore.errors import ReviewError
from reviewcore.notification import dispatch
from reviewcore.notification import sending as engine
from reviewcore.notification.deliveries import fold
from reviewcore.notification.stage import approve
from reviewcore.store import points
from tests.mail_server import AT_DATA, AT_DOT, AT_RCPT, MailServer, serving

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="SIGKILL and fork are not to be had on Windows"
)

Key = tuple[str, str]
ADDRESSES = [f"{name}@alder.example" for name in ("u1", "r1", "r2", "w1", "w2")]
COPIES = ["s1@alder.example", "s2@alder.example"]  # get letters of their own, too
ORDERS = st.one_of(
    st.just({}),
    st.dictionaries(st.sampled_from(ADDRESSES), st.sampled_from([*AT_RCPT, *AT_DATA, *AT_DOT]), max_size=3),
    st.dictionaries(st.sampled_from(COPIES), st.sampled_from(["550", "450"]), max_size=2),
)


def broken(
    stands: dict[Key, str], took: Counter[Key], sent_by_hand: set[Key], connections: int = 3
) -> list[str]:
    """Return what is broken, told from the mailbox and from how the log says that each letter stands."""
    wrong = [f"{key} was taken {times} times" for key, times in took.items() if times > 1]
    wrong += [f"{key} was taken, and is said to be {stands[key]}" for key in took
              if stands[key] not in ("sent", "uncertain")]  # fmt: skip
    wrong += [f"{key} is said to be sent, and was never taken" for key, how in stands.items()
              if how == "sent" and key not in took and key not in sent_by_hand]  # fmt: skip
    return wrong


class Sending(RuleBasedStateMachine):
    """A review whose letters are sent again and again to a server that does anything a server can do."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.root = Path(self.held.enter_context(tempfile.TemporaryDirectory()))
        self.server = self.held.enter_context(serving(self.root / "mail"))
        self.review = ready(self.root / "review", self.server)
        self.before = stand(self.review)

    @rule(orders=ORDERS, at=st.one_of(st.none(), st.integers(1, 8)))
    def send(self, orders: dict[str, str], at: int | None) -> None:
        """Send, while the server does as it is told; perhaps killed at a write."""
        self.server.orders(**orders)
        in_a_process(self.server, partial(send_killed_at, self.review, at))
        now = stand(self.review)
        for key, how in self.before.items():
            assert how in ("waiting", now[key]), f"{key} was {how}, and is {now[key]}"
        doubtful = {letter for (letter, _), how in now.items() if how == "uncertain"}
        fresh = doubtful - {letter for (letter, _), how in self.before.items() if how == "uncertain"}
        assert len(fresh) <= 3 * 3, "more letters in doubt than three connections with three tries can have"
        self.before = now

    @rule()
    def settle(self) -> None:
        """Settle what is uncertain as a person does who has looked into the server's mailbox."""
        took = self.server.took()
        for sent in (True, False):
            letters = {
                key[0] for key, how in self.before.items() if how == "uncertain" and (key in took) is sent
            }
            dispatch.settle(self.review.records, sorted(letters), sent=sent)
        self.before = stand(self.review)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        """Hold the log against the mailbox."""
        assert broken(self.before, self.server.took(), set()) == []

    def teardown(self) -> None:
        """See that all that is left can be sent, once the server behaves; then clear up."""
        try:
            self.settle()
            self.server.orders()
            send(self.review)
            self.before = stand(self.review)
            self.nothing_is_lost_or_doubled()
            assert set(self.before.values()) <= {"sent", "refused"}
        finally:
            self.held.close()


def send_killed_at(review: Alder, last: int | None) -> None:
    """Send in this process, killed before its `last` write; what the engine itself refuses is no failure."""
    left = last or 0

    def about_to(what: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    points.about_to = about_to
    with suppress(ReviewError, dispatch.Unusable):
        send(review)


def examples() -> tuple[int, int]:
    """How many runs, of how many steps: few as a rule, many in the deep profile."""
    deep = settings().max_examples > 1000
    return (150, 8) if deep else (12, 4)


def test_whatever_the_server_does_and_whoever_is_killed() -> None:
    """If this fails, there is an order of events in which a letter leaves twice, or is lost unnamed."""
    runs, steps = examples()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Sending, settings=settings(max_examples=runs, stateful_step_count=steps, deadline=None)
    )


# -- planted offenders ------------------------------------------------------------------------------------


def outcome_first(ledger: engine._Ledger, intents: list[engine._Intent], *, now: bool, grant: bool) -> None:
    """A planted offender: the last word is said, and written down when there is time."""
    for one in intents:
        one.decide(grant)
    WRITE(ledger, intents, now=now, grant=grant) if not intents else None


WRITE = engine._Ledger._write


def forget_doubt(events: object) -> dict[str, dict[str, object]]:
    """A planted offender: whatever has no outcome on record is taken for not sent."""
    found = fold(events)  # type: ignore[arg-type]
    return {letter: {slot: one for slot, one in slots.items() if one.standing != "uncertain"}
            for letter, slots in found.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("where", "offender"),
    [
        ("reviewcore.notification.sending._Ledger._write", outcome_first),
        ("reviewcore.notification.state.fold", forget_doubt),
    ],
)
def test_planted_offenders_are_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, offender: Callable[..., object]
) -> None:
    """If these were not caught, the test above would prove nothing."""
    with serving(tmp_path / "mail") as server:
        review = ready(tmp_path / "review", server)
        server.orders(**{"r1@alder.example": "kill-kept"})
        monkeypatch.setattr(where, offender)
        assert in_a_process(server, lambda: send(review))
        server.orders()
        stand(review)
        assert not in_a_process(server, lambda: send(review))
        assert broken(stand(review), server.took(), set()) != []


# -- real kills -------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server."""
    with serving(tmp_path / "mail") as running:
        yield running


def many(root: Path, server: MailServer, number: int, connections: int = 3) -> Alder:
    """A review with so many letters to send, each to somebody else."""
    how = sending(server, connections=connections, timeout=20, answer_timeout=20)
    review = evolve(
        alder(root / "review", workers(number)), plan=ONE_EACH, profile=evolve(PROFILE, sending=how)
    )
    review.draft()
    approve(review.records)
    return review


@pytest.mark.parametrize("order", [one for one in (*AT_DATA, *AT_DOT) if one.startswith("kill")])
def test_a_kill_at_each_point_of_the_conversation(tmp_path: Path, server: MailServer, order: str) -> None:
    """If this fails, a power cut while a letter is being said makes it leave twice, or never."""
    review = ready(tmp_path / "review", server)
    server.orders(**{"w1@alder.example": order})
    assert in_a_process(server, lambda: send(review))
    now = stand(review)
    assert broken(now, server.took(), set()) == []
    assert len({letter for (letter, _), how in now.items() if how == "uncertain"}) <= 3
    if order == "kill-before-dot":
        assert now["0004-worker", "w1@alder.example"] == "waiting"
    else:
        assert now["0004-worker", "w1@alder.example"] == "uncertain"


def test_whoever_stops_the_run_loses_nothing(tmp_path: Path, server: MailServer) -> None:
    """If this fails, Ctrl-C in a long run leaves letters of which there is no record."""
    review = many(tmp_path, server, 40)
    server.orders(**{"w7@alder.example": "hang-kept"})

    def stopped() -> None:
        engine._GRACE = 0.5
        Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        send(review)

    assert not in_a_process(server, stopped)
    now = stand(review)
    assert broken(now, server.took(), set()) == []
    assert [key[1] for key, how in now.items() if how == "uncertain"] == ["w7@alder.example"]
    assert Counter(now.values())["sent"] == 39


def crowd(root: Path, server: MailServer, number: int) -> None:
    """Send so many letters with every kind of trouble in them and kills on the way; hold all to the mailbox."""
    review = many(root, server, number)
    trouble = ["550", "450", "dot-550", "dot-450", "drop-kept", "drop-lost", "drop-before-dot", "kill-kept",
               "kill-lost", "kill-before-dot"]  # fmt: skip
    orders = {
        f"w{n}@alder.example": trouble[k] for k, n in enumerate(range(number // 20, number, number // 10))
    }
    kills = 0
    for _ in range(12):  # each run meets one kill at most
        server.orders(**orders)
        killed = in_a_process(server, lambda: send(review))
        now = stand(review)
        assert broken(now, server.took(), set()) == []
        kills += killed
        if not killed:
            break
        done = {key[1] for key, how in now.items() if how != "waiting"}
        orders = {key: how for key, how in orders.items() if key not in done and how != "kill-before-dot"}
    assert kills >= 2
    uncertain = {key for key, how in now.items() if how == "uncertain"}
    assert len(uncertain) <= 3 * (kills + 3)
    took = server.took()
    for sent in (True, False):
        letters = sorted(key[0] for key in uncertain if (key in took) is sent)
        dispatch.settle(review.records, letters, sent=sent)
    server.orders()
    send(review)
    final = stand(review)
    assert broken(final, server.took(), set()) == []
    assert Counter(final.values()) == {"sent": number - 2, "refused": 2}
    assert len(server.took()) == number - 2


def test_many_letters_with_trouble_and_kills(tmp_path: Path, server: MailServer) -> None:
    """If this fails, at the size of a county, or in the deep profile of a state, somebody gets nothing or all twice."""
    crowd(tmp_path, server, 10_000 if settings().max_examples > 1000 else 500)
