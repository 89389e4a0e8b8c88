"""The small review with letters to send, and a mail server that takes them, for the tests of sending."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from typing import Any

from attrs import evolve
from letters_of_alder import AT, PLAN, PROFILE, Alder, alder, person

from reviewcore.notification import dispatch
from reviewcore.notification.deliveries import fold
from reviewcore.notification.stage import approve
from reviewcore.ports import transport
from reviewcore.profile.settings import Sending
from tests.mail_server import MailServer

LATER = AT + timedelta(days=60)
"""A day on which every letter of the plan may leave."""


def sending(server: MailServer, **changes: Any) -> Sending:
    """How the review sends to a test's server: in the open on this machine, and impatient."""
    made = Sending(host="127.0.0.1", port=server.port, tls="none", **changes)
    for name in ("timeout", "answer_timeout"):
        if name not in changes:
            object.__setattr__(made, name, 0.4)  # a profile takes whole seconds
    return made


def ready(folder: Path, server: MailServer, people: Iterable[Any] | None = None, **changes: Any) -> Alder:
    """Return the review with its letters up to the draw approved, and its mail server in the profile."""
    made = alder(folder, *([people] if people is not None else []))
    made = evolve(made, profile=evolve(PROFILE, sending=sending(server, **changes)))
    if not made.records.log.last("letters.approved"):
        made.draw()
        made.draft()
        approve(made.records)
    return made


def workers(number: int) -> list[dict[str, Any]]:
    """A people list of so many workers, each with a supervisor, and nobody else."""
    staff = [person(f"W{n}", f"Wes {n} Holly", "worker", supervisor="S0") for n in range(number)]
    return [person("S0", "Sam Fir", "supervisor"), *staff]


ONE_EACH = evolve(PLAN, letters=(evolve(PLAN.letters[0], to="worker", printed=False, invites=("planning",)),))
"""One letter to every worker, with an invitation."""


def send(review: Alder, at: datetime = LATER, pause: float = 0.0) -> None:
    """Send what can leave, without the waits between tries."""
    dispatch.send(review.records, review.profile, transport(review.profile), at, pause=pause)


def stand(review: Alder) -> dict[tuple[str, str], str]:
    """Return how each letter stands for each of its recipients, by id and address."""
    review.records.log.refresh()
    found = fold(review.records.log.events())
    address = addresses(review.records.folder)
    slots = {key: found.get(key[0], {}).get(key[1]) for key in address}  # type: ignore[call-overload]
    return {
        (name, address[name, slot]): one.standing if one else "waiting" for (name, slot), one in slots.items()
    }


@cache
def addresses(folder: Path) -> dict[tuple[str, str], str]:
    """Whom each approved letter goes to, as "to" and as "copy": read once, since they never change again."""
    found = {}
    for path in sorted(folder.rglob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        found[path.stem, "to"] = message["To"].addresses[0].addr_spec
        if message["Cc"]:
            found[path.stem, "copy"] = message["Cc"].addresses[0].addr_spec
    return found


def in_a_process(server: MailServer, work: Callable[[], object]) -> bool:
    """Do `work` in a process of its own that the server can kill; return whether it was killed."""
    child = os.fork()
    if child == 0:
        (server.folder / "pid").write_text(str(os.getpid()))
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
