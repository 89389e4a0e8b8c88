"""The command line as a person meets it: what it is given, what it says, and its exit status."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import reviewcore_pqcr
from attrs import frozen

import reviewcore
from reviewcore.cli import main
from reviewcore.review import Review
from tests.review.small_county import NOW


@frozen
class Said:
    """What a command said and how it left."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that it said."""
        return self.out + self.err


def say(*arguments: object, typed: str = "") -> Said:
    """Call the command line here, at the county's time, with `typed` on its standard input.

    An exception that would end in a traceback is raised.
    """
    out, err = io.StringIO(), io.StringIO()
    clock = mock.patch.dict(Review.open.__func__.__kwdefaults__, {"clock": lambda: NOW})  # type: ignore[attr-defined]
    with (
        clock,
        mock.patch.object(sys, "stdin", io.StringIO(typed)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main([str(one) for one in arguments])
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
    return Said(code, out.getvalue(), err.getvalue())


def on(root: Path, command: str, *arguments: object, typed: str = "") -> Said:
    """Call a command on the review of the county at `root`."""
    where = (root / "review", "--keys", root / "keys", "--as", "tester")
    return say(command, *where, *arguments, typed=typed)


def surroundings(*before: Path, **environment: str) -> dict[str, str]:
    """Return the environment of a process that runs this reviewcore; packages in `before` come first."""
    ours = [Path(package.__file__).parents[1] for package in (reviewcore, reviewcore_pqcr)]  # type: ignore[arg-type]
    path = os.pathsep.join(map(str, (*before, *ours)))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **environment}


def process(*arguments: object, before: tuple[Path, ...] = (), **environment: str) -> Said:
    """Call `python -m reviewcore` in a process of its own; `before` are folders whose packages come first."""
    done = subprocess.run(
        [sys.executable, "-m", "reviewcore", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=surroundings(*before, **environment),
        timeout=60,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def kept(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, to see that nothing was written but what Python compiles."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
