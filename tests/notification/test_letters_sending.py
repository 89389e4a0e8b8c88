"""Sending to a real server: what leaves and as what, what is refused and how that ends, and what a person settles."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_string, policy
from pathlib import Path

import pytest
from attrs import evolve
from letters_of_alder import AT, Alder, alder
from sending_of_alder import LATER, ONE_EACH, ready, send, sending, stand, workers

from reviewcore.errors import BadInput, Refused
from reviewcore.notification import dispatch
from reviewcore.notification.dispatch import settle
from reviewcore.notification.stage import approve, state
from reviewcore.notification.transport import Answer, Message, Offered, Transport, Unusable
from reviewcore.promises import _sent_once
from reviewcore.steps import notification
from tests.mail_server import MailServer, serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that takes everything until it is told otherwise."""
    with serving(tmp_path / "mail") as running:
        yield running


def places(review: Alder, folder: str) -> set[str]:
    """The files of letters in one folder."""
    return {name.rpartition("/")[2] for name in review.files() if name.startswith(f"letters/{folder}/")}


def test_every_approved_letter_leaves_once_and_lies_with_what_was_sent(
    tmp_path: Path, server: MailServer
) -> None:
    """If this fails, somebody is not told, or told twice, or a person sends by hand what was sent already."""
    review = ready(tmp_path / "review", server)
    send(review)
    once = dict(server.took())
    assert set(once) == set(stand(review))
    assert set(once.values()) == {1}
    assert set(stand(review).values()) == {"sent"}
    assert places(review, "to-send") == {"0001-union.docx"}  # on paper, to be signed
    assert {name for name in places(review, "sent") if name.endswith(".eml")} == {
        f"{letter}.eml" for letter, _ in once
    }
    before = review.told()
    send(review)
    assert server.took() == once
    assert review.told() == before


def test_what_leaves_is_what_was_approved_but_for_its_date(tmp_path: Path, server: MailServer) -> None:
    """If this fails, people get other words than were looked at, a draft, or invitations that cannot be answered."""
    server.orders(keep=True)
    review = ready(tmp_path / "review", server, sender="no-reply@alder.example")
    approved = {str(message["Message-ID"]): message for message in review.messages().values()}
    send(review)
    assert len(server.lines()) == len(approved)
    for line in server.lines():
        message, looked_at = message_from_string(line["data"], policy=policy.default), approved[line["id"]]
        assert [part.get_payload() for part in message.walk() if not part.is_multipart()] == [
            part.get_payload() for part in looked_at.walk() if not part.is_multipart()
        ]
        assert message["X-Unsent"] is None
        assert message["Date"].datetime == LATER
        assert line["from"] == message["From"].addresses[0].addr_spec == "no-reply@alder.example"
        assert message["Reply-To"] == "reviews@alder.example"
        assert [message[name] for name in ("To", "Cc", "Subject")] == [
            looked_at[name] for name in ("To", "Cc", "Subject")
        ]
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                assert "mailto:reviews@alder.example" in part.get_content().replace("\n ", "")


def test_a_letter_leaves_on_its_day_and_not_before(tmp_path: Path, server: MailServer) -> None:
    """If this fails, the union hears of a meeting weeks before the plan says, or an approval sends at once."""
    review = ready(tmp_path / "review", server)
    send(review, AT)
    early = {letter for letter, one in state(review.records.log).letters.items() if one.leave > "2027-01-04"}
    assert early == {"0001-union"}
    assert {letter for (letter, _), how in stand(review).items() if how == "waiting"} == early
    send(review)
    assert set(stand(review).values()) == {"sent"}


def test_each_refusal_ends_in_its_own_way(tmp_path: Path, server: MailServer) -> None:
    """If this fails, a letter is lost, or a mailbox that is full today never gets one.

    One of To and Cc may be taken while the other is refused: each has its own fate.
    """
    review = ready(tmp_path / "review", server)
    server.orders(**{"u1@alder.example": "550", "r1@alder.example": "450", "s1@alder.example": "550",
                     "w2@alder.example": "450", "r2@alder.example": "dot-550"})  # fmt: skip
    send(review)
    refused, later = ("u1", "s1", "r2"), ("r1", "w2")
    for (letter, address), how in stand(review).items():
        who = address.partition("@")[0]
        assert how == ("refused" if who in refused else "waiting" if who in later else "sent"), (letter, who)
    assert "0004-worker.eml" in places(review, "to-send")  # its copy is still somebody's to settle
    server.orders()
    send(review)
    assert {how for (_, address), how in stand(review).items() if address.startswith(later)} == {"sent"}
    assert {how for (_, address), how in stand(review).items() if address.startswith(refused)} == {"refused"}
    assert set(server.took().values()) == {1}
    said = "\n".join(notification(review.records).waits)
    assert "4 letters that the server refused: 0001-union (550 5.1.1), 0003-reviewer (550 5.7.1)" in said
    assert "0004-worker (copy: 550 5.1.1)" in said
    assert "@" not in said


@pytest.mark.parametrize("order", ["hang-kept", "hang-lost", "drop-kept", "drop-lost"])
def test_a_server_that_falls_silent_after_the_dot_leaves_a_letter_uncertain(
    tmp_path: Path, server: MailServer, order: str
) -> None:
    """If this fails, a letter that may have been taken is sent again, or is forgotten."""
    review = ready(tmp_path / "review", server)
    server.orders(**{"r1@alder.example": order})
    send(review)
    server.orders()
    send(review)
    assert {key for key, how in stand(review).items() if how != "sent"} == {
        ("0002-reviewer", "r1@alder.example")
    }
    assert stand(review)["0002-reviewer", "r1@alder.example"] == "uncertain"
    assert server.took()["0002-reviewer", "r1@alder.example"] == order.endswith("kept")
    (waits,) = notification(review.records).waits
    assert "1 letters of which nobody knows whether they left: 0002-reviewer" in waits
    settle(review.records, ["0002-reviewer"], sent=order.endswith("kept"))
    send(review)
    assert set(stand(review).values()) == {"sent"}
    assert set(server.took().values()) == {1}
    assert notification(review.records).waits == ()


@pytest.mark.parametrize("order", ["drop", "hang", "data-450", "dot-450", "dot-421"])
def test_what_fails_before_the_letter_is_taken_is_tried_again(
    tmp_path: Path, server: MailServer, order: str
) -> None:
    """If this fails, a hiccup of the server costs somebody their letter, or somebody's time to look into it."""
    review = ready(tmp_path / "review", server)
    server.orders(**{"r1@alder.example": order})
    with suppress(Refused):  # where it failed so often that the run ended
        send(review)
    assert stand(review)["0002-reviewer", "r1@alder.example"] == "waiting"
    server.orders()
    send(review)
    assert set(stand(review).values()) == {"sent"}
    assert set(server.took().values()) == {1}


def test_a_server_that_refuses_everything_ends_the_run(tmp_path: Path, server: MailServer) -> None:
    """If this fails, an account that may not send makes ten thousand refusals that somebody settles one by one."""
    people = workers(30)
    review = evolve(alder(tmp_path / "review", people), plan=ONE_EACH)
    review = evolve(review, profile=evolve(review.profile, sending=sending(server, connections=1)))
    review.draft()
    approve(review.records)
    server.orders(**{f"w{n}@alder.example": "dot-550" for n in range(30)})
    with pytest.raises(
        Refused, match=r"refused 20 letters one after the other \(550 5.7.1\); \d+ letters were not"
    ):
        send(review)
    server.orders(MAIL="550 5.7.60 kim@alder.example may not send as this")
    with pytest.raises(
        Refused, match=r"not write from the review's address \(550 5.7.60\).*; \d+ letters were not"
    ):
        send(review)
    assert not server.took()


def test_a_letter_that_breaks_every_connection_holds_up_no_other(tmp_path: Path, server: MailServer) -> None:
    """If this fails, one address at which the server hangs up keeps everybody behind it from being told."""
    review = ready(tmp_path / "review", server, connections=1)
    server.orders(**{"u1@alder.example": "drop"})
    with pytest.raises(Refused, match=r"the connection broke 3 times in a row .*; 1 letters were not sent"):
        send(review)
    assert {key[0] for key, how in stand(review).items() if how == "waiting"} == {"0001-union"}


class Odd:
    """A transport that keeps no agreement: it says words, other than agreed on, and leaves the program."""

    def __init__(self, offers: object, delivers: object) -> None:
        self.offers, self.delivers = offers, delivers

    def offer(self, message: Message) -> tuple[Answer, ...]:
        """Answer as it pleases."""
        return tuple(self.say(self.offers) for _ in message.recipients)

    def deliver(self) -> Answer:
        """Answer as it pleases."""
        return self.say(self.delivers)

    def say(self, answer: object) -> Answer:
        """Answer, or raise."""
        if isinstance(answer, type):
            raise answer("Jane Q. Public")
        return answer  # type: ignore[return-value]

    def abandon(self) -> None:
        """Raise."""
        raise SystemExit

    close = abandon


@pytest.mark.parametrize(
    ("offers", "delivers", "stands"),
    [
        (SystemExit, None, "waiting"),
        (Answer("perhaps"), None, "waiting"),  # type: ignore[arg-type]
        ("accepted", None, "waiting"),
        (Answer("accepted"), SystemExit, "uncertain"),
        (Answer("accepted"), None, "uncertain"),
        (Answer("accepted"), Answer("accepted", "Jane Q. Public"), "sent"),
        (Answer("refused", "Jane Q. Public"), None, "waiting"),  # it cannot take its offer back
    ],
)
def test_a_transport_that_keeps_no_agreement_loses_nothing(
    tmp_path: Path, offers: object, delivers: object, stands: str
) -> None:
    """If this fails, a broken plugin ends in silence or a hang, its words in the log, or a letter is lost."""
    review = alder(tmp_path / "review")
    review.draft()
    approve(review.records)
    way = Offered(Transport("odd", lambda _: Odd(offers, delivers)), "odd-review", "1")
    with suppress(Refused):
        dispatch.send(review.records, review.profile, way, LATER, pause=0)
    assert stands in set(stand(review).values()) <= {stands, "waiting"}
    assert "Jane" not in repr(review.told())


def test_letters_that_were_touched_are_not_sent(tmp_path: Path, server: MailServer) -> None:
    """If this fails, words leave that nobody approved, or a letter that somebody took to send by hand goes twice."""
    review = ready(tmp_path / "review", server)
    to_send = tmp_path / "review/papers/letters/to-send"
    taken = (to_send / "0002-reviewer.eml").rename(tmp_path / "taken.eml")
    send(review)
    assert ("0002-reviewer", "r1@alder.example") not in server.took()
    assert settle(review.records, ["0002-reviewer"], sent=True) == 1
    send(review)
    assert ("0002-reviewer", "r1@alder.example") not in server.took()

    changed = ready(tmp_path / "other", server)
    (tmp_path / "other/papers/letters/to-send/0002-reviewer.eml").write_bytes(
        taken.read_bytes() + b"PS: you!"
    )
    before = changed.told()
    with pytest.raises(Refused, match=r"0002-reviewer: not as approved any more.*nothing was sent"):
        send(changed)
    assert changed.told() == before


def test_only_what_can_be_settled_is_settled_by_hand(tmp_path: Path, server: MailServer) -> None:
    """If this fails, a slip of the pen sends a letter twice, or marks one as sent that never was."""
    review = ready(tmp_path / "review", server)
    server.orders(**{"u1@alder.example": "550"})
    send(review)
    before = review.told()
    for letters, sent, wrong in (
        (["0099-union", "0001-union"], True, "0099-union: there is no such letter"),
        (["0002-reviewer"], False, "0002-reviewer: it was sent, and a letter is sent once"),
    ):
        with pytest.raises(BadInput, match=wrong):
            settle(review.records, letters, sent=sent)
        assert review.told() == before
    server.orders()
    assert settle(review.records, ["0001-union"], sent=False) == 1
    assert settle(review.records, ["0001-union"], sent=False) == 0
    send(review)
    assert server.took()["0001-union", "u1@alder.example"] == 1


def test_no_more_letters_go_than_the_server_wants(tmp_path: Path, server: MailServer) -> None:
    """If this fails, a provider that allows so many a minute shuts the county's account."""
    review = ready(tmp_path / "review", server, per_minute=1200, per_connection=2, connections=2)
    begun = time.monotonic()
    send(review)
    assert time.monotonic() - begun >= 6 * 60 / 1200  # seven letters
    assert set(server.took().values()) == {1}


def test_a_server_that_is_not_there_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    """If this fails, a typing error in the host leaves letters that nobody knows whether they left."""
    with serving(tmp_path / "mail") as server:
        review = ready(tmp_path / "review", server)
    before = review.told()
    with pytest.raises(Unusable, match=r"host: 127.0.0.1:\d+ cannot be reached \(Connection refused\)"):
        send(review)
    assert review.told() == before


def test_a_log_that_cannot_be_written_sends_nothing(
    tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, a full disk makes letters leave of which there is no record, and they leave again."""
    review = ready(tmp_path / "review", server)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(type(review.records.log), "append_all", full)
        with pytest.raises(OSError, match="No space left"):
            send(review)
    assert not server.took()
    send(review)
    assert set(server.took().values()) == {1}
    assert set(stand(review).values()) == {"sent"}


def test_the_log_shows_that_nothing_was_sent_twice(tmp_path: Path, server: MailServer) -> None:
    """If this fails, who holds the log cannot check that the sending kept its word; the planted one must show."""
    review = ready(tmp_path / "review", server)
    assert _sent_once(review.records.log) == ()
    send(review)
    (promise,) = _sent_once(review.records.log)
    assert (promise.standing, promise.evidence) == (
        "kept", "7 letters sent; addresses were given to smtp of reviewcore 0.1.0; out of turn: 0"
    )  # fmt: skip
    body = {"by": "smtp", "from": "reviewcore 0.1.0", "letters": {"0001-union": ["to"]}}
    review.records.log.append("letters.trying", body)
    (promise,) = _sent_once(review.records.log)
    assert promise.standing == "broken"
