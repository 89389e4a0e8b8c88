"""Commands that only look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from attrs import asdict

from reviewcore.cli.output import on_review, say_json, say_steps
from reviewcore.review import Review

MARKS = {"kept": "kept", "broken": "BROKEN", "not yet": "not yet"}


@click.command()
@on_review
def check(review: Review, as_json: bool) -> None:
    """Check the profile and the lists, and say what each audience will be able to see."""
    say_steps([review.check()], as_json=as_json)


@click.command()
@on_review
def status(review: Review, as_json: bool) -> None:
    """Say how the review stands: stages, counts, dates due, promises kept so far."""
    found = review.status()
    if as_json:
        say_json(asdict(found))
        return
    click.echo(f"{found.title} ({found.type})")
    click.echo()
    say_steps(found.stages, as_json=False, brief=True)
    click.echo()
    for words, day in found.due:
        click.echo(f"{day}  {words}")
    if found.trusted:
        click.echo(f"trusted with names and addresses: {', '.join(found.trusted)}")
    click.echo()
    for promise in found.promises:
        click.echo(f"{MARKS[promise.standing]:>8}  {promise.words}")
        click.echo(f"{'':>8}  {promise.evidence}")


def _elsewhere(path: Path, keys: Path | None, as_json: bool) -> bool:
    """Check the papers of a draw, or a publication, where `path` is one; return whether it is."""
    if (path / "review.toml").exists():
        return False
    if (path / "commitment.json").exists():
        from reviewcore.selection import verify as checker

        _say(*checker.check(checker.files_in([str(path)])), as_json=as_json)
        return True
    from reviewcore.republished import is_publication, verify_publication

    if is_publication(path):
        _say(*verify_publication(path, keys), as_json=as_json)
        return True
    return False


@click.command()
@partial(on_review, instead=_elsewhere)
def verify(review: Review, as_json: bool) -> None:
    """Check a whole review: its log, its draw, its documents and its promises.

    Or a folder with papers of a draw; or a publication, by its folder or one of its files: every document is
    read again for numbers that the publication does not hold and, where the vault is at hand, for names.
    """
    found = review.verify()
    _say(found.checked, found.wrong, as_json=as_json)


def _say(checked: Sequence[str], wrong: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        say_json({"checked": checked, "wrong": wrong})
    else:
        for line in checked:
            click.echo(f"holds   {line}")
        for line in wrong:
            click.echo(f"WRONG   {line}")
    if wrong:
        raise click.exceptions.Exit(1)
