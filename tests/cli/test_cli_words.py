"""What every command keeps to: exit status, where words go, and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewcore.cli import COMMANDS
from tests.cli.command_line import kept, on, process, say, surroundings

County = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "command", "options"),
    [
        ("fresh", "check", ()),
        ("fresh", "status", ()),
        ("fresh", "select", ()),
        ("sealed", "notify", ()),
        ("written", "notify", ("--approve", "--yes")),
        ("told", "interview", ()),
        ("answered", "aggregate", ()),
        ("tabulated", "report", ()),
        ("tabulated", "run", ()),
        ("reported", "status", ()),
        ("reported", "verify", ()),
        ("reported", "close", ("--dry-run",)),
        ("reported", "close", ("--yes",)),
    ],
)
def test_json_is_one_value_on_standard_output(
    county: County, name: str, command: str, options: tuple[str, ...]
) -> None:
    """If this fails, another program cannot read the answer."""
    said = on(county(name), command, "--json", *options)
    assert said.code == 0, said.words
    assert json.loads(said.out)
    assert said.err == ""


@pytest.mark.parametrize(
    ("name", "command", "options"), [("written", "notify", ("--approve",)), ("reported", "close", ())]
)
def test_what_is_asked_stays_out_of_the_answer(
    county: County, name: str, command: str, options: tuple[str, ...]
) -> None:
    """If this fails, a question to a person stands in the midst of what a program reads."""
    said = on(county(name), command, "--json", *options, typed="y\n")
    assert said.code == 0
    assert json.loads(said.out)
    assert said.err.rstrip().endswith("[y/N]:")


@pytest.mark.parametrize(("command", "name"), [("types", "pqcr"), ("profiles", "pqcr-alder")])
def test_what_there_is_can_be_listed(command: str, name: str) -> None:
    """If this fails, a newcomer cannot find what to start from."""
    assert name in say(command).out
    assert name in [one["name"] for one in json.loads(say(command, "--json").out)]


def test_a_new_review_takes_lists_over_and_is_never_overwritten(county: County, tmp_path: Path) -> None:
    """If this fails, a county types its lists' headings by hand, or loses a review to a second `new`."""
    lists = county("fresh") / "review"
    options = ("--profile", "pqcr", "--from", lists / "people.csv", "--from", lists / "cases.csv", "--json")
    said = say("new", tmp_path / "made", *options)
    assert said.code == 0, said.words
    answer = json.loads(said.out)
    assert answer["columns"]["cases"]["worker_id"] == "worker_id"
    assert (tmp_path / "made" / "cases.csv").read_bytes() == (lists / "cases.csv").read_bytes()
    before = kept(tmp_path / "made")
    again = say("new", tmp_path / "made", *options)
    assert again.code == 1
    assert again.out == ""
    assert kept(tmp_path / "made") == before


def test_the_help_names_every_command() -> None:
    """If this fails, a command cannot be found, or does not say what it is for."""
    shown = say("--help")
    assert shown.code == 0
    for name in COMMANDS:
        assert f"  {name} " in shown.out
        one = say(name, "--help")
        assert one.code == 0
        assert len(one.out.splitlines()) > 4
    assert say("--version").out.startswith("reviewcore")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chek",), "There is no command 'chek'. Did you mean 'check'?"),
        (("intervew", "x"), "Did you mean 'interview'?"),
        (("frobnicate",), "`reviewcore --help` lists them all"),
        (("check", "--jsn"), "No such option"),
        (("new", "somewhere"), "Missing option '--profile'"),
        (("new", "x", "--profile", "pqcr", "--from", "none.csv"), "does not exist"),
    ],
)
def test_misuse_is_told_with_status_two(arguments: tuple[str, ...], words: str) -> None:
    """If this fails, a slip of the pen is not told from a refusal, or not explained."""
    said = say(*arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("select", ("--commit", "--seed", "dice 1"), "commit first, hand it over, then give the seed"),
        ("reply", (), "give either --letter and --answer, or --from FILE"),
        ("reply", ("--letter", "0001-union"), "give either"),
        ("reply", ("--letter", "0001-union", "--answer", "perhaps"), "is not one of"),
    ],
)
def test_options_that_cannot_be_meant_together_are_misuse(
    county: County, command: str, options: tuple[str, ...], words: str
) -> None:
    """If this fails, one of two contradicting wishes is silently followed."""
    said = on(county("sealed"), command, *options)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_folder_without_a_review_is_told(tmp_path: Path) -> None:
    """If this fails, a command in the wrong folder makes a review there, or ends in a traceback."""
    for command in [name for name, (file, _) in COMMANDS.items() if file != "start"]:
        options = ("--letter", "x", "--answer", "yes") if command == "reply" else ()
        for folder in (tmp_path, tmp_path / "none"):
            said = say(command, folder, *options)
            assert (said.code, said.out) == (1, ""), command
            assert "there is no review.toml here; make a review with `reviewcore new`" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["oracel://who:secret@host/x", "sqlite:x://", "postgresql+none://a:secret@b/c"]
)
def test_a_store_that_cannot_be_is_told_without_its_password(county: County, url: str) -> None:
    """If this fails, a slip in a database's URL ends in a traceback, or shows its password."""
    said = on(county("sealed"), "status", "--store", url)
    assert (said.code, said.out) == (1, "")
    assert "names no database that can be opened from here" in said.err
    assert "secret" not in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("new", "made", "--profile", "pqrc"), "pqcr"),
        (("demo", "nothing", "--into", "made"), "there is no demo of 'nothing'"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_those_that_are(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, a wrong name leaves somebody without a next step."""
    monkeypatch.chdir(tmp_path)
    said = say(*arguments)
    assert (said.code, said.out) == (1, "")
    assert words in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_replies_that_is_not_there_is_told(county: County) -> None:
    """If this fails, a mistyped name ends in a traceback."""
    said = on(county("told"), "reply", "--from", "none.csv")
    assert (said.code, said.out) == (1, "")
    assert "none.csv" in said.err


def test_the_demo_leaves_other_folders_alone(county: County) -> None:
    """If this fails, `reviewcore demo --into` deletes a real review."""
    root = county("reported")
    before = kept(root)
    said = say("demo", "--into", root)
    assert (said.code, said.out) == (1, "")
    assert "is not empty and holds no demo" in said.err
    assert kept(root) == before


@pytest.mark.slow
def test_the_demo_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    """If this fails, the first thing that a newcomer types does not work."""
    said = process("demo", "--into", tmp_path / "demo", "--json")
    assert said.code == 0, said.err
    assert 8 <= len(json.loads(said.out)["lines"]) <= 15
    assert "Traceback" not in said.err
    folder = tmp_path / "demo"
    verified = process("verify", folder / "review", "--keys", folder / "keys")
    assert verified.code == 0, verified.words


def test_real_processes_leave_with_the_status_and_no_traceback(county: County) -> None:
    """If this fails, what holds here does not hold where people type it."""
    root = county("tabulated")
    where = (root / "review", "--keys", root / "keys")
    for arguments, code in (
        (("check", *where), 0),
        (("status", root / "none"), 1),
        (("statsu", *where), 2),
        (("close", *where, "--yes"), 3),
    ):
        said = process(*arguments, NO_COLOR="1", FORCE_COLOR="1")
        assert said.code == code, said.words
        assert "Traceback" not in said.words
        assert "\x1b" not in said.words
        assert bool(said.out) == (code == 0)
        assert bool(said.err) == (code != 0)


def test_keys_and_actor_are_taken_from_the_environment(county: County, tmp_path: Path) -> None:
    """If this fails, a county that keeps its keys elsewhere must say so with every command."""
    root = county("sealed")
    home = str(tmp_path)
    assert process("select", root / "review", HOME=home, USERPROFILE=home).code == 1
    keys = str(root / "keys")
    said = process("select", root / "review", REVIEWCORE_KEYS=keys, HOME=home, USERPROFILE=home)
    assert said.code == 0, said.words


_HOLD = """
import sys
from pathlib import Path
from reviewcore.store.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_while_the_first_works(county: County) -> None:
    """If this fails, two people who work on one review at once spoil it, or one waits without a word."""
    root = county("sealed")
    command = [sys.executable, "-c", _HOLD, str(root / "review")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings(), text=True
    ) as first:
        assert first.stdout
        assert first.stdin
        assert first.stdout.readline() == "held\n"
        before = kept(root)
        for name in ("select", "notify", "run"):
            said = on(root, name)
            assert (said.code, said.out) == (1, "")
            assert "another reviewcore is working on this review right now" in said.err
        assert on(root, "status").code == 0
        assert on(root, "verify").code == 0
        assert kept(root) == before
        first.stdin.close()
        first.wait(timeout=30)
    assert on(root, "notify").code == 0
