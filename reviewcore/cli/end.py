"""The command that ends a review."""

from __future__ import annotations

import click

from reviewcore.cli.output import on_review, say_steps
from reviewcore.review import Review


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@on_review
def close(review: Review, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Delete what names people: papers, workbooks, lists, and the key without which the vault is noise.

    The log, the draw and the publications stay. Backups, and what has left the folder, are the county's.
    """
    if not dry_run:
        if not yes:
            say_steps([review.close(dry_run=True)], as_json=False, err=True)
            click.confirm("Delete all this for good?", abort=True, err=True)
        say_steps([review.close()], as_json=as_json)
    else:
        say_steps([review.close(dry_run=True)], as_json=as_json)
