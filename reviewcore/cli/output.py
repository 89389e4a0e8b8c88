"""How commands open a review and say what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic
from typing import Any, TypeAlias

import click
from attrs import asdict

from reviewcore.pace import Tell
from reviewcore.review import Review
from reviewcore.steps import Step

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as one JSON value on standard output.")
Instead: TypeAlias = Callable[[Path, Path | None, bool], bool]


def on_review(command: Callable[..., None], instead: Instead | None = None) -> Callable[..., None]:
    """Give a command the review in DIR, as `review`, and the --json switch.

    `instead` may take over where DIR holds something else than a review, or is a file: it is given the path,
    the folder of keys and the --json switch, and returns True where it did.
    """
    name = "[DIR]" if instead is None else "[PATH]"

    @click.argument(
        "folder", type=click.Path(path_type=Path, file_okay=bool(instead)), default=".", metavar=name
    )
    @click.option("--store", metavar="URL", default="", help="A database that holds the review's stores.")
    @click.option(
        "--keys",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="REVIEWCORE_KEYS",
        help="The folder of the agency's keys [REVIEWCORE_KEYS; ~/.reviewcore/keys].",
    )
    @click.option(
        "--as", "actor", envvar="REVIEWCORE_ACTOR", help="Who acts, for the record [your login name]."
    )
    @AS_JSON
    @wraps(command)
    def wrapped(folder: Path, store: str, keys: Path | None, actor: str | None, **rest: Any) -> None:
        if instead and instead(folder, keys, rest["as_json"]):
            return
        review = Review.open(store or folder, folder=folder, keys=keys, actor=actor or _login())
        command(review=review, **rest)

    return wrapped


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def say_steps(steps: Iterable[Step], *, as_json: bool, err: bool = False, brief: bool = False) -> None:
    """Say what stages did and what they wait for; with `err` to whoever is asked, not into the answer.

    `brief` leaves out what one may want to mend: whoever took a step was told.
    """
    steps = tuple(steps)
    if as_json:
        say_json([asdict(step) for step in steps])
        return
    for step in steps:
        for number, line in enumerate(step.did):
            click.echo(f"{step.stage if not number else '':<14}{line}", err=err)
        for line in step.look:
            click.echo(f"{'':<14}see {line}", err=err)
        for line in () if brief else step.mend:
            click.echo(f"{'':<14}mend {line}", err=err)
        for line in step.waits:
            click.echo(f"{step.stage if not step.did else '':<14}waits for {line}", err=err)


@contextmanager
def progress(*, as_json: bool) -> Iterator[Tell | None]:
    """Give what long work is told to: one line on standard error, where somebody watches; else None.

    The line is written over as the work goes on, and is gone when it is over.
    """
    if as_json or not sys.stderr.isatty():
        yield None
        return
    width = get_terminal_size().columns - 1
    next_at = monotonic()

    def tell(what: str) -> None:
        nonlocal next_at
        if (now := monotonic()) >= next_at:
            click.echo(f"\r{what[:width]:<{width}}", err=True, nl=False)
            next_at = now + 0.1

    try:
        yield tell
    finally:
        click.echo(f"\r{'':<{width}}\r", err=True, nl=False)


def say_json(value: object) -> None:
    """Write one JSON value to standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
