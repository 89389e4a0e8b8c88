"""Ten thousand letters with invitations: `list` makes their county, `render` writes them; `approve` hands them
over, `send` sends them, and `plain` sends the same bytes with smtplib, one after the other on one connection.

The server is a real one (aiosmtpd), in a process of its own on this machine. What it took is counted and
compared with what was approved before a run counts.
"""

from __future__ import annotations

import hashlib
import json
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from reviewcore import Review
from reviewcore.demo.county import make
from reviewcore.profile.new import new

WORKERS, LETTERS = 8550, 10_000
NOW, DUE = datetime(2027, 4, 5, 17, tzinfo=UTC), datetime(2027, 5, 3, 17, tzinfo=UTC)
SERVER = Path(__file__).resolve().parents[1] / "tests" / "mail_server.py"
TO_SEND, SENT = Path("review/papers/letters/to-send"), Path("review/papers/letters/sent")
CONNECTIONS = 8


def opened(at: datetime = NOW) -> Review:
    """Open the review in this folder."""
    return Review.open("review", keys=Path("keys"), clock=lambda: at, actor="benchmark")


def lists() -> None:
    """Make a county in which so many workers are told of the review."""
    county = make(cases=WORKERS, caseload=1)
    totals = {"lists.people.control_total": len(county.people), "lists.cases.control_total": WORKERS}
    new(Path("review"), "pqcr-alder", values=totals)
    county.write(Path("review"))


def render() -> None:
    """Write every letter, from the lists."""
    opened().notify()
    drafts = Path("review/papers/letters/drafts")
    found = len(list(drafts.glob("*.eml"))), len(list(drafts.glob("*.ics")))
    assert min(found) >= LETTERS, found


def approve() -> None:
    """Leave approved letters to be sent."""
    lists()
    render()
    opened().notify(approve=True)


@contextmanager
def serving() -> Iterator[int]:
    """Run the server and give its port; afterwards hold what it took against what was approved."""
    process = subprocess.Popen([sys.executable, str(SERVER), "."], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
    approved = [path.read_bytes() for folder in (TO_SEND, SENT) for path in folder.glob("*.eml")]
    wanted = sorted(hashlib.sha256(data.partition(b"\r\n\r\n")[2]).hexdigest() for data in approved)
    took = [json.loads(line) for line in Path("mailbox").read_text().splitlines()]
    assert sorted(line["body"] for line in took) == wanted, (len(took), len(wanted))
    assert len({line["id"] for line in took}) == len(wanted) >= LETTERS


def send() -> None:
    """Send them all."""
    with serving() as port:
        profile = Path("review/review.toml")
        how = f'\n[sending]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nconnections = {CONNECTIONS}\n'
        profile.write_text(profile.read_text() + how)
        step = opened(DUE).send()
        assert any("0 not sent yet" in line for line in step.did), step


def plain() -> None:
    """Send the same bytes without a record, so that a kill would lose count."""
    with serving() as port, smtplib.SMTP("127.0.0.1", port) as server:
        for number, path in enumerate(sorted(TO_SEND.glob("*.eml"))):
            server.sendmail("peer.review@alder.example", [f"worker{number}@alder.example"], path.read_bytes())


if __name__ == "__main__":
    {"list": lists, "render": render, "approve": approve, "send": send, "plain": plain}[sys.argv[1]]()
