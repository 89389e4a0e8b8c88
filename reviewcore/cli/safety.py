"""The command for what cannot wait: a concern for somebody's safety."""

from __future__ import annotations

import sys

import click

from reviewcore.cli.output import on_review, say_steps
from reviewcore.review import Review


@click.command()
@click.option("--told", metavar="ID", help="The named person was told of this concern by word of mouth.")
@click.option("--read", "read", metavar="ID", help="Show the words of a concern that you must pass on.")
@on_review
def concern(review: Review, told: str | None, read: str | None, as_json: bool) -> None:
    """Pass on a concern for somebody's safety, at once and outside all results.

    The words are read from standard input, never from the command line. They are sealed, and sent to the
    person whom the profile names under [safety]; where no mail server is set, you are told whom to call.
    """
    if told and read:
        raise click.UsageError("--told and --read are steps of their own: one at a time")
    if read:
        click.echo(review.concern_words(read))
        return
    if told:
        say_steps([review.concern_told(told)], as_json=as_json)
        return
    if sys.stdin.isatty():
        click.echo(
            "Write what you are worried about; end with an empty line and Ctrl-D (Ctrl-Z on Windows).",
            err=True,
        )
    say_steps([review.concern(sys.stdin.read())], as_json=as_json)
