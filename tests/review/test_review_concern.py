"""A concern for safety (ALL-2): sealed, sent at once to the named person, and found nowhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_county import begin, journey, opened

from reviewcore import Review
from reviewcore.errors import Blocked, Refused
from tests.mail_server import MailServer, serving

WORDS = "The boy in the blue house said that nobody is home at night, and that he is afraid."
SAFETY = "safety@birch.example"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """Run a mail server."""
    with serving(tmp_path / "server") as made:
        yield made


def county(root: Path, server: MailServer | None = None) -> Review:
    """Return the county's review, which sends by `server` or not at all."""
    begin(root)
    if server:
        profile = root / "review" / "review.toml"
        sending = f'\n[sending]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\ntimeout = 2\n'
        profile.write_text(profile.read_text() + sending)
    review = opened(root)
    review.select()
    return review


def everything(root: Path) -> bytes:
    """Return the bytes of every file of the review and of the agency beside it."""
    return b"\n".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


def test_a_concern_reaches_the_named_person_at_once_and_nobody_else(
    tmp_path: Path, server: MailServer
) -> None:
    """If this fails, a child in danger waits for an approval, or the words lie about for others to read."""
    review = county(tmp_path / "county", server)
    step = review.concern(WORDS)
    assert [line["to"] for line in server.lines()] == [[SAFETY]]
    assert not step.waits
    assert "the named person told of 1" in step.did[0]
    assert WORDS.encode() not in everything(tmp_path / "county")
    assert "blue house" not in str([event.body for event in review.records.log.events()])
    assert review.concern_words("concern-1") == WORDS


@pytest.mark.parametrize("trouble", [{SAFETY: "550"}, {SAFETY: "data-450"}, {SAFETY: "drop"}])
def test_what_does_not_leave_is_sealed_and_says_whom_to_call(
    tmp_path: Path, server: MailServer, trouble: dict[str, str]
) -> None:
    """If this fails, a concern that the mail server refused is lost, or taken for told."""
    review = county(tmp_path / "county", server)
    server.orders(**trouble)
    with pytest.raises(Refused, match=r"concern-1 is sealed, but it was not sent: .*Call Noor Marrowby now"):
        review.concern(WORDS)
    (waits,) = review.status().stages[0].waits
    assert "concern-1: Call Noor Marrowby now" in waits
    assert review.concern_words("concern-1") == WORDS
    assert not review.concern_told("concern-1").waits


def test_without_a_mail_server_it_says_whom_to_call_until_somebody_has(tmp_path: Path) -> None:
    """If this fails, a county without a mail server believes that the named person knows."""
    review = county(tmp_path)
    assert "Call Noor Marrowby now: (555) 555-0139" in review.concern(WORDS).waits[0]
    assert review.concern("And a second one.").waits[1].startswith("concern-2")
    review.concern_told("concern-1")
    (waits,) = review.status().stages[0].waits
    assert waits.startswith("concern-2")
    for wrong in ("concern-3", ""):
        with pytest.raises(Refused, match="there is no concern"):
            review.concern_told(wrong)
    with pytest.raises(Refused, match="some words"):
        review.concern("  \n")


def test_a_review_is_not_closed_over_an_untold_concern(tmp_path: Path) -> None:
    """If this fails, the words of a concern are deleted before anybody has read them."""
    begin(tmp_path)
    review = journey(tmp_path)
    review.concern(WORDS)
    with pytest.raises(Blocked, match="has not been told"):
        review.close()
    review.concern_told("concern-1")
    assert review.verify().wrong == ()
    review.close()


def test_the_command_takes_the_words_from_standard_input(tmp_path: Path) -> None:
    """If this fails, what somebody is worried about ends up in a shell's history."""
    county(tmp_path)
    command = [
        sys.executable,
        "-m",
        "reviewcore",
        "concern",
        str(tmp_path / "review"),
        "--keys",
        str(tmp_path / "keys"),
    ]
    done = subprocess.run(command, input=WORDS, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert "Call Noor Marrowby now" in done.stdout
    assert WORDS not in done.stdout + done.stderr
    read = subprocess.run(
        [*command, "--read", "concern-1"], capture_output=True, text=True, timeout=60, check=True
    )
    assert read.stdout.strip() == WORDS
