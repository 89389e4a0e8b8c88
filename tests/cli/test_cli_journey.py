"""A whole review by its commands, from the first to the last."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.cli.command_line import Said, kept, on, say, surroundings
from tests.cli.conftest import STEPS, Journey
from tests.mail_server import MailServer, serving
from tests.review import whole_review as whole
from tests.review.small_county import AGENCY, DICE, REVIEW, opened

County = Callable[[str], Path]


def test_each_command_says_what_it_did_and_what_is_waited_for(journey: Journey) -> None:
    """If this fails, a coordinator does not learn what to do next."""
    expected = {
        "sealed": ("60 cases listed", "waits for the seed (dice 24)", "papers/selection/commitment.txt"),
        "written": ("union: 3 written, 0 handed over", "waits for a look at 26 letters"),
        "approved": ("union: 3 written, 3 handed over",),
        "drawn": ("11 cases drawn, each of another worker",),
        "planned": ("11 interviews", "waits for 11 completed tools"),
        "answered": ("11 completed tools taken in",),
        "tabulated": ("answers closed with 11 completed tools", "tables protected for the agency"),
        "reported": ("scanned for every name on the lists", "publications/agency/1"),
        "closed": (
            "returned workbooks, people.csv, cases.csv and the key are deleted",
            "letters had left this folder",
        ),
    }
    for name, words in expected.items():
        for one in words:
            assert one in journey.said[name].out, (name, journey.said[name].out)
    assert not [name for name, said in journey.said.items() if said.err]


@pytest.mark.parametrize(("name", "command", "options"), STEPS)
def test_the_same_command_again_changes_nothing(
    county: County, name: str, command: str, options: tuple[str, ...]
) -> None:
    """If this fails, a command that is repeated to be sure writes, sends or counts something twice."""
    root = county(name)
    before = kept(root)
    again = on(root, command, *options)
    assert again.code == 0, again.words
    assert kept(root) == before


@pytest.mark.parametrize("command", ["check", "status", "verify"])
@pytest.mark.parametrize("name", ["fresh", "written", "answered", "reported", "closed"])
def test_commands_that_look_write_nothing(county: County, name: str, command: str) -> None:
    """If this fails, looking at a review changes it."""
    root = county(name)
    before = kept(root)
    said = on(root, command)
    assert said.code == (1 if (name, command) == ("fresh", "verify") else 0), said.words
    assert kept(root) == before


def test_run_says_what_it_waits_for_at_each_wait(county: County) -> None:
    """If this fails, a review that cannot go on looks as if it were done."""
    for name, waits in (("fresh", "the seed (dice 24)"), ("sealed", "a look at 26 letters"),
                        ("told", "11 completed tools")):  # fmt: skip
        said = on(county(name), "run")
        assert said.code == 0
        assert f"waits for {waits}" in said.out
    root = county("invited")
    again = on(root, "run", "--seed", DICE)
    assert again.code == 0
    assert "waits for 11 completed tools" in again.out


def test_run_does_the_rest_when_the_answers_are_there(county: County) -> None:
    """If this fails, the shortest way through a review ends before its report."""
    said = on(county("answered"), "run")
    assert said.code == 0
    assert "publications/state/1" in said.out
    assert "waits for the documents" not in said.out


def test_a_seed_before_the_commitment_is_blocked(county: County) -> None:
    """If this fails, whoever knows the dice can still shape the list that they draw from."""
    root = county("fresh")
    before = kept(root)
    for command in ("select", "run"):
        said = on(root, command, "--seed", DICE)
        assert said.code == 3
        assert "the list is not sealed yet" in said.err
        assert kept(root) == before


def test_a_seed_draws_from_the_sealed_list_and_never_seals_another(county: County) -> None:
    """If this fails, a list can be exchanged when the dice have fallen, and the draw is made from the new one."""
    honest, changed = county("approved"), county("sealed")
    lists = changed / "review" / "cases.csv"
    rows = lists.read_text().splitlines(keepends=True)
    lists.write_text("".join([rows[0], *rows[:0:-1]]).replace("with-parent", "relative"))
    drawn = [
        json.loads(on(root, "select", "--json", "--seed", DICE).out)[0]["did"] for root in (honest, changed)
    ]
    assert drawn[0] == drawn[1]
    papers = changed / "review" / "papers" / "selection"
    assert not list(papers.glob("*-2*"))
    ours, theirs = ((root / "review/papers/selection/result.txt").read_bytes() for root in (honest, changed))
    assert ours == theirs


def test_a_case_is_eliminated_and_countersigned_by_its_commands(county: County) -> None:
    """If this fails, a coordinator cannot take a case out, or can do it alone."""
    root = county("drawn")
    known = whole.cases_by_pseudonym(opened(root))
    case = known[whole.body(opened(root), "selection.drawn")["selected"][0]["case"]]["case_id"]
    asked = on(root, "select", "--eliminate", case, "--reason", "declined")
    assert (asked.code, "--countersign CASE" in asked.out) == (0, True)
    alone = on(root, "select", "--countersign", case)
    assert (alone.code, "takes two persons" in alone.err) == (3, True)
    done = say("select", root / "review", "--keys", root / "keys", "--as", "second", "--countersign", case)
    assert done.code == 0
    assert "1 eliminated since, 1 came in for them" in done.out
    assert case not in asked.words + alone.words + done.words


@pytest.mark.parametrize(
    "options",
    [
        ("--eliminate", "C1"),
        ("--reason", "declined"),
        ("--countersign", "C1", "--for-auditor"),
        ("--for-case", "C1", "--seed", "dice 1"),
    ],
)
def test_two_steps_of_a_selection_at_once_are_misuse(county: County, options: tuple[str, ...]) -> None:
    """If this fails, one of two things that were asked for is silently left out."""
    assert on(county("drawn"), "select", *options).code == 2


def test_a_folder_of_papers_is_verified_by_whoever_holds_it(county: County, tmp_path: Path) -> None:
    """If this fails, a witness with reviewcore at hand cannot check what they hold without the review."""
    root = county("drawn")
    papers = tmp_path / "papers"
    shutil.copytree(root / "review/papers/selection/witness", papers)
    good = say("verify", papers)
    assert (good.code, "holds   the account:" in good.out) == (0, True)
    told = json.loads(say("verify", papers, "--json").out)
    assert told["wrong"] == []
    (papers / "draw.json").write_bytes((papers / "draw.json").read_bytes().replace(b"dice 3", b"dice 4"))
    bad = say("verify", papers)
    assert (bad.code, "WRONG   draw.json" in bad.out) == (1, True)


@pytest.mark.parametrize("command", ["interview", "aggregate", "report", "verify"])
def test_a_stage_before_its_turn_says_what_comes_first(county: County, command: str) -> None:
    """If this fails, a stage runs on nothing, or ends in an error of the program."""
    said = on(county("fresh"), command)
    assert said.code == 1
    assert said.out == ""
    assert any(word in said.err for word in ("first", "nothing has been done")), said.err


def test_verify_leaves_with_1_where_something_is_wrong(county: County) -> None:
    """If this fails, a script that verifies a review goes on as if all were well."""
    root = county("reported")
    assert on(root, "verify").code == 0
    changed = root / "review" / "publications" / "state" / "1" / "report.json"
    changed.write_bytes(changed.read_bytes() + b" ")
    said = on(root, "verify")
    assert said.code == 1
    assert "WRONG   publications/state/1/report.json: changed since it was published" in said.out


def test_letters_leave_only_when_somebody_says_yes(county: County) -> None:
    """If this fails, a letter is handed over that nobody has looked at (PQCR-9)."""
    root = county("written")
    before = kept(root)
    for options, typed in ((("--dry-run",), ""), ((), "n\n"), ((), "")):
        said = on(root, "notify", "--approve", *options, typed=typed)
        assert said.code == (0 if options else 1)
        assert "waits for a look at 26 letters" in said.words
        assert kept(root) == before
    said = on(root, "notify", "--approve", typed="y\n")
    assert said.code == 0
    assert "Hand these letters over?" in said.err
    assert "union: 3 written, 3 handed over" in said.out


def test_replies_are_recorded_by_hand_and_from_a_file(county: County) -> None:
    """If this fails, who confirmed is not known, or counted twice."""
    root = county("told")
    outbox = json.loads(on(root, "status", "--json").out)
    assert outbox["stages"][1]["stage"] == "notify"
    ids = sorted(
        path.name.removesuffix(".eml")
        for path in (root / "review/papers/letters/to-send").glob("*-staff.eml")
    )
    one, two = ids[:2]
    said = on(root, "reply", "--letter", one, "--answer", "receipt")
    assert said.code == 0, said.words
    file = root / "replies.csv"
    file.write_text(f"letter,answer,supervisor\n{two},receipt,\n")
    first, state = on(root, "reply", "--from", file), kept(root)
    assert first.code == 0, first.words
    assert on(root, "reply", "--from", file).code == 0
    assert kept(root) == state


def test_closing_waits_for_the_report(county: County) -> None:
    """If this fails, a county can delete the people before the report that it owes (PQCR-11)."""
    root = county("tabulated")
    before = kept(root)
    for options in ((), ("--yes",), ("--dry-run",)):
        said = on(root, "close", *options)
        assert said.code == 3
        assert "the report is not out yet" in said.err
        assert kept(root) == before


def test_closing_asks_first(county: County) -> None:
    """If this fails, a slip deletes for good."""
    root = county("reported")
    (root / "review" / "notes.txt").write_text("what a coordinator put there")
    before = kept(root)
    dry = on(root, "close", "--dry-run")
    assert "left where they are: notes.txt; delete those that name anybody" in dry.out
    assert dry.code == 0
    assert "files to delete" in dry.out
    assert "cases.csv: a list of persons, to delete" in dry.out
    said = on(root, "close", typed="n\n")
    assert said.code == 1
    assert "files to delete" in said.err
    assert kept(root) == before
    assert on(root, "close", typed="y\n").code == 0
    is_closed(root)


def is_closed(root: Path) -> Said:
    """See that nothing is left that names people, that all else is, and that it can still be verified."""
    review = root / "review"
    assert not (review / "papers").exists()
    assert not (review / "returned").exists()
    assert not list(review.glob("*.csv"))  # the lists name people as the papers do
    assert not (root / "keys" / AGENCY / f"{REVIEW}.key").exists()
    assert (review / "publications/agency/1/report.html").is_file()
    verified = on(root, "verify")
    assert verified.code == 0, verified.words
    assert "holds" in verified.out
    assert "WRONG" not in verified.out
    return verified


def test_a_closed_review_still_verifies_and_does_no_more(county: County) -> None:
    """If this fails, results cannot be trusted once the people are gone, or work goes on without them."""
    root = county("closed")
    is_closed(root)
    assert "nothing is left to check" in on(root, "check").out
    before = kept(root)
    for command in ("select", "notify", "interview", "run"):
        said = on(root, command)
        assert said.code == 1
        assert "the review is closed" in said.err
    assert kept(root) == before


_KILLED = """
import os, signal, sys
from reviewcore.cli import main
from reviewcore.store import points
left = int(sys.argv[1])
def count(what):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
points.about_to = count
main(sys.argv[2:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not to be had on Windows")
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, 6])
def test_a_close_that_was_killed_goes_on(county: County, nth: int) -> None:
    """If this fails, a power cut leaves papers, or a key, that the county believes deleted."""
    root = county("reported")
    options = ("close", root / "review", "--keys", root / "keys", "--as", "tester", "--yes")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(nth), *options], env=surroundings(), check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert (root / "keys" / AGENCY / f"{REVIEW}.key").exists(), "it was killed before the last deletion"
    said = on(root, "close", "--yes")
    assert said.code == 0, said.words
    is_closed(root)


def test_a_close_makes_no_more_writes_than_are_killed_above(county: County) -> None:
    """If this fails, closing has a further write, and nobody has tried to stop before it."""
    root = county("reported")
    options = ("close", root / "review", "--keys", root / "keys", "--as", "tester", "--yes")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, "7", *options],
        env=surroundings(),
        check=False,
        stdout=subprocess.DEVNULL,
    )
    assert done.returncode == 0


# -- sending --------------------------------------------------------------------------------------------


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server."""
    with serving(tmp_path / "mail") as running:
        yield running


def due(root: Path, mail: MailServer) -> dict[str, Any]:
    """Let the profile send to the server; return a clock that stands on a day on which letters are due."""
    path = root / "review" / "review.toml"
    path.write_text(path.read_text() + f'\n[sending]\nhost = "127.0.0.1"\nport = {mail.port}\ntls = "none"\n')
    return {"target": "tests.cli.command_line.NOW", "new": datetime(2027, 8, 2, 17, tzinfo=UTC)}


def test_letters_are_sent_when_somebody_says_yes_and_once(county: County, mail: MailServer) -> None:
    """If this fails, letters leave unasked, or twice, or a coordinator does not learn which did not."""
    root = county("invited")
    with mock.patch(**due(root, mail)):
        before = kept(root)
        dry = on(root, "notify", "--send", "--dry-run")
        assert dry.code == 0
        assert "union: 3 to be sent" in dry.out
        assert "letters leave later, the first of them on 2027-" in dry.out
        assert on(root, "notify", "--send", typed="n\n").code == 1
        assert kept(root) == before
        assert not mail.took()
        said = on(root, "notify", "--send", typed="y\n")
        assert said.code == 0, said.words
        assert "Send these letters?" in said.err
        once = dict(mail.took())
        assert once
        assert set(once.values()) == {1}
        again = on(root, "notify", "--send", "--yes", "--json")
        assert again.code == 0
        assert dict(mail.took()) == once
    assert f"{len(once)} sent" in json.loads(again.out)[0]["did"][-2]
    assert "No letter was sent before somebody had looked at it" in on(root, "status").out
    assert on(root, "verify").code == 0


def test_a_letter_in_doubt_is_named_and_settled(county: County, mail: MailServer) -> None:
    """If this fails, a letter of which nobody knows whether it left is forgotten, or cannot be settled."""
    root = county("invited")
    with mock.patch(**due(root, mail)):
        folder = root / "review/papers/letters/to-send"
        message = message_from_bytes(next(folder.glob("*-union.eml")).read_bytes(), policy=policy.default)
        mail.orders(**{message["To"].addresses[0].addr_spec: "drop-kept"})
        assert on(root, "notify", "--send", "--yes").code == 0
        said = on(root, "status").out
        letter = str(message["Message-ID"]).removeprefix("<").partition(".")[0]
        assert f"1 letters of which nobody knows whether they left: {letter}" in said
        assert on(root, "notify", "--unsent", "0099-none").code == 1
        assert on(root, "notify", "--sent", letter, "--unsent", letter).code == 2
        settled = on(root, "notify", "--sent", letter)
        assert settled.code == 0, settled.words
        assert "nobody knows" not in on(root, "status").out


def test_without_a_mail_server_letters_are_sent_by_hand(county: County) -> None:
    """If this fails, a county without mail rights is stopped, or told nothing."""
    root = county("invited")
    before = kept(root)
    said = on(root, "notify", "--send", "--yes")
    assert said.code == 1
    assert "the profile names no mail server" in said.err
    assert kept(root) == before
