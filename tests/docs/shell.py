"""The commands on the pages, run as a reader types them, and what they say held against what the page says.

A block marked `console` holds lines that begin with `$ `, each followed by what it prints; `…` stands for
words or whole lines that are left out. On the line before a block may stand, unseen by readers, `% status: 1`
where its last command is meant to fail, `% today: 2027-02-09` to say on which day it is typed, and
`% before: NAME` for a scene that is played first.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import define

from tests.cli.command_line import surroundings
from tests.docs.scenes import SCENES

_REVIEWCORE = """
import os, sys
from datetime import UTC, datetime
from reviewcore.cli import main
from reviewcore.review import Review
now = datetime.fromisoformat(os.environ["TODAY"] + "T17:00:00").replace(tzinfo=UTC)
Review.open.__func__.__kwdefaults__["clock"] = lambda: now
main(sys.argv[1:])
"""
_PIP = """
import subprocess, sys
folder = [one for one in sys.argv[1:] if one != "install" and not one.startswith("-")]
offline = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
subprocess.run([sys.executable, "-m", "pip", "install", *offline, "--target", "%s", *folder], check=True,
               stderr=subprocess.DEVNULL)
"""
"""Installs a package from this disk only, into a folder of the reader's own, and none of its requirements."""


@define
class Shell:
    """A reader's shell: a home of their own, this reviewcore, and a day."""

    home: Path
    today: str = "2027-02-09"

    def prepare(self) -> None:
        """Write the commands that stand for the installed ones."""
        (self.home / "bin").mkdir()
        pip = _PIP % (self.home / "site")
        python = shlex.quote(sys.executable)
        tool = 'case "$1 $2" in "-m pip") shift 2; exec {0} -c {1} "$@";; *) exec {0} "$@";; esac'
        for name, line in (
            ("reviewcore", f'exec {python} -c {shlex.quote(_REVIEWCORE)} "$@"'),
            ("python", tool.format(python, shlex.quote(pip))),
        ):
            path = self.home / "bin" / name
            path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
            path.chmod(0o755)

    def run(self, command: str) -> tuple[int, str]:
        """Run one line; return its status and all that it printed."""
        bin_, site = self.home / "bin", self.home / "site"
        path = os.pathsep.join((str(bin_), os.environ["PATH"]))
        more = {
            "PATH": path,
            "TODAY": self.today,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "100",
        }
        done = subprocess.run(
            ["sh", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=surroundings(site, PYTHONDONTWRITEBYTECODE="1", **more),
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout


def steps(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with what the page says that it prints.

    >>> list(steps("$ ls\\nx\\n$ true\\n"))
    [('ls', 'x'), ('true', '')]
    """
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command.strip(), output.strip("\n")


def prints(said: str, shown: str) -> bool:
    """Return whether what was said is what the page shows, `…` standing for anything that is left out."""
    lines = shown.split("\n")
    words = [".*".join(map(re.escape, line.rstrip().split("…"))) + "\n" for line in lines]
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "…" else one for line, one in zip(lines, words, strict=True)
    )
    text = "".join(f"{line.rstrip()}\n" for line in said.strip("\n").split("\n"))
    return re.fullmatch(pattern, text) is not None


def marks(text: str, start: int) -> dict[str, str]:
    """Return what stands in unseen lines right before a place in a page."""
    before = re.search(r"(?:^% \w+: .*\n)*\Z", text[:start], flags=re.M)
    return dict(re.findall(r"^% (\w+): (.*)$", before[0] if before else "", flags=re.M))


def shown_before(text: str, start: int) -> str:
    """Return the file, in TOML or Python, that a page shows last before a place in it."""
    return ["", *re.findall(r"^```(?:toml|python)\n(.*?)^```", text[:start], flags=re.M | re.S)][-1]


def check(shell: Shell, block: str, told: dict[str, str], shown: str = "") -> str | None:
    """Run a block; return what is wrong with the page, or None."""
    shell.today = told.get("today", shell.today)
    if "before" in told:
        SCENES[told["before"]](shown)
    every = list(steps(block))
    if not every:
        return "a block of console holds no line that begins with `$ `"
    for number, (command, shown) in enumerate(every, 1):
        status, said = shell.run(command)
        expected = int(told.get("status", "0")) if number == len(every) else 0
        if status != expected:
            return f"$ {command}\nleft with {status}, not {expected}:\n{said}"
        if not prints(said, shown):
            return f"$ {command}\nthe page shows:\n{shown}\n\nit said:\n{said}"
    return None
