"""Commands that do a stage of the review."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from reviewcore.cli.output import on_review, progress, say_json, say_steps
from reviewcore.review import Review

if TYPE_CHECKING:
    from reviewcore.notification.state import Answer
    from reviewcore.steps import Step

SEED = click.option(
    "--seed",
    multiple=True,
    metavar="LINE",
    help="A line of the seed as it was rolled or read aloud; give the option once for each line.",
)


@click.command()
@click.option(
    "--commit", is_flag=True, help="Only seal the lists and the plan (what happens without --seed)."
)
@SEED
@click.option("--eliminate", metavar="CASE", help="Ask that a drawn case be eliminated; with --reason.")
@click.option(
    "--reason", metavar="WORD", help="Why: declined, unreachable, ineligible, conflict, safety or worker."
)
@click.option(
    "--countersign",
    metavar="CASE",
    help="Agree, as another person, that a case be eliminated; the next comes in.",
)
@click.option("--for-case", metavar="CASE", help="Write the papers for the worker or the family of one case.")
@click.option(
    "--for-auditor", is_flag=True, help="Write the papers that say who stands behind every sealed line."
)
@on_review
def select(review: Review, as_json: bool, **asked: Any) -> None:
    """Seal the lists and the plan; with --seed, draw the cases.

    First without --seed: hand over the commitment that it writes. Then roll the dice, with the union and
    whoever wants to see it in the room, and give the lines as they fell. After the draw, --eliminate and
    --countersign take a case out and bring the next one in.
    """
    given = [name.replace("_", "-") for name, value in asked.items() if value and name != "reason"]
    if given == ["commit", "seed"]:
        raise click.UsageError(
            "--commit and --seed are two steps: commit first, hand it over, then give the seed"
        )
    if len(given) > 1:
        raise click.UsageError(f"one step at a time: give one of --{', --'.join(given)}")
    if bool(asked["reason"]) != bool(asked["eliminate"]):
        raise click.UsageError("--eliminate CASE and --reason WORD belong together")
    if asked["eliminate"]:
        step = review.eliminate(asked["eliminate"], asked["reason"])
    elif asked["countersign"]:
        step = review.countersign(asked["countersign"])
    elif asked["for_case"] or asked["for_auditor"]:
        step = review.open_lines(asked["for_case"] or "")
    else:
        step = review.select(asked["seed"])
    say_steps([step], as_json=as_json)


@click.command()
@click.option("--approve", is_flag=True, help="Hand over the letters that you have looked at.")
@click.option("--send", is_flag=True, help="Send the approved letters by the profile's mail server.")
@click.option("--remind", is_flag=True, help="Also write to those who have not answered, where it is time.")
@click.option(
    "--sent", multiple=True, metavar="ID", help="This letter was sent; may be given more than once."
)
@click.option(
    "--unsent", multiple=True, metavar="ID", help="This letter never left, and is to be sent again."
)
@click.option(
    "--dry-run", is_flag=True, help="With --approve or --send: say what would be done, and do nothing."
)
@click.option("--yes", is_flag=True, help="Do not ask before handing over or sending.")
@on_review
def notify(
    review: Review,
    approve: bool,
    send: bool,
    remind: bool,
    sent: tuple[str, ...],
    unsent: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Write every letter that can be written now; with --approve, hand over those you looked at.

    Nothing leaves before it was looked at: drafts stand in papers/letters/drafts, each as a message that
    opens in a mail program, with its invitations. Approved letters you send yourself, or with --send.
    """
    chosen = [bool(one) for one in (approve or remind, send, sent, unsent)]
    if sum(chosen) > 1:
        raise click.UsageError("--approve, --send, --sent and --unsent are steps of their own: one at a time")
    if sent or unsent:
        step = review.settle(sent or unsent, sent=bool(sent))
    elif send:
        step = _send(review, dry_run, yes)
    else:
        step = review.notify(remind=remind)
        if approve and not dry_run and "papers/letters/drafts" in step.look:
            if not yes:
                say_steps([step], as_json=False, err=True)
                click.confirm("Hand these letters over?", abort=True, err=True)
            step = review.notify(approve=True)
    say_steps([step], as_json=as_json)


def _send(review: Review, dry_run: bool, yes: bool) -> Step:
    """Send what is due, after asking; tell how far it is where somebody watches."""
    would = review.send(dry_run=True)
    if dry_run:
        return would
    if not yes:
        say_steps([would], as_json=False, err=True)
        click.confirm("Send these letters?", abort=True, err=True)
    if not sys.stderr.isatty():
        return review.send()

    def tell(done: int, total: int) -> None:
        click.echo(f"\r{done} of {total}", err=True, nl=done == total)

    return review.send(tell=tell)


@click.command()
@click.option("--letter", metavar="ID", help="The letter that was answered.")
@click.option("--answer", type=click.Choice(["yes", "no", "receipt"]), help="What was answered.")
@click.option("--supervisor", is_flag=True, help="The worker asks for their supervisor to sit in.")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path),
    help="Replies: a CSV file, .ics, .eml or .mbox, or a folder of them.",
)
@on_review
def reply(
    review: Review, letter: str | None, answer: str | None, supervisor: bool, file: Path | None, as_json: bool
) -> None:
    """Record who answered a letter: one by --letter and --answer, many by --from FILE."""
    if file and not (letter or answer or supervisor):
        step = review.replies(file)
    elif letter and answer and not file:
        step = review.reply(letter, cast("Answer", answer), supervisor=supervisor)
    else:
        raise click.UsageError("give either --letter and --answer, or --from FILE")
    say_steps([step], as_json=as_json)


@click.command()
@on_review
def interview(review: Review, as_json: bool) -> None:
    """Form teams, plan the sessions, write their workbooks, and take in those that came back.

    Put filled-in workbooks into the folder `returned`. A workbook with mistakes stays there, and each
    mistake is told by sheet and cell; the others are taken in.
    """
    say_steps([review.interview()], as_json=as_json)


@click.command()
@click.option("--merge", metavar="LIST/CODE", help="Put this code into another one of its list; with --into.")
@click.option("--into", metavar="CODE", help="The code that takes it in.")
@click.option("--undo", is_flag=True, help="Take the last merging back.")
@click.option(
    "--export",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the codebook to a file: .qdc (REFI-QDA, for MAXQDA, NVivo, ATLAS.ti) or .csv.",
)
@on_review
def code(
    review: Review, merge: str | None, into: str | None, undo: bool, export: Path | None, as_json: bool
) -> None:
    """Write a sheet for each coder, and take in those that came back; say how far the coders agree.

    Put filled-in sheets into the folder `returned/coding`. Coders work apart; a theme counts for a session where
    all of them marked it.
    """
    if bool(merge) != bool(into):
        raise click.UsageError("--merge LIST/CODE and --into CODE belong together")
    if sum(map(bool, (merge, undo, export))) > 1:
        raise click.UsageError("--merge, --undo and --export are steps of their own: one at a time")
    say_steps([review.code(merge=merge or "", into=into or "", undo=undo, export=export)], as_json=as_json)


@click.command()
@click.option("--approve", metavar="ID", help="Let this sentence be quoted; say who you are with --as.")
@click.option("--withdraw", metavar="ID", help="Take an approval back.")
@on_review
def quote(review: Review, approve: str | None, withdraw: str | None, as_json: bool) -> None:
    """List the sentences that could be quoted, or approve one by its id.

    A quote names nobody, holds no figure, and comes from a group of so many that nobody can be made out. Only where
    the review type asks for quotes, and only once somebody has approved it in their own name.
    """
    if approve and withdraw:
        raise click.UsageError("--approve and --withdraw are steps of their own: one at a time")
    if name := approve or withdraw:
        say_steps([review.quote(name, approve=bool(approve))], as_json=as_json)
        return
    found = review.quotes()
    if as_json:
        say_json(
            [
                {"id": one.name, "text": one.text, "approved_by": one.approved_by}
                for one in found
                if not one.why_not
            ]
        )
        return
    for one in found:
        if not one.why_not:
            click.echo(
                f"{one.name}  {one.text}" + (f"  (approved by {one.approved_by})" if one.approved_by else "")
            )
    click.echo(f"{sum(bool(one.why_not) for one in found)} sentences are kept back", err=True)


@click.command()
@on_review
def aggregate(review: Review, as_json: bool) -> None:
    """Close the list of answers as it stands, and protect the tables for every audience."""
    with progress(as_json=as_json) as tell:
        step = review.aggregate(tell=tell)
    say_steps([step], as_json=as_json)


@click.command()
@on_review
def report(review: Review, as_json: bool) -> None:
    """Write every document, scan it for names and ids, and only then put it in place."""
    with progress(as_json=as_json) as tell:
        step = review.report(tell=tell)
    say_steps([step], as_json=as_json)


@click.command()
@SEED
@on_review
def run(review: Review, seed: tuple[str, ...], as_json: bool) -> None:
    """Do every stage that can go now, and say what the review waits for."""
    with progress(as_json=as_json) as tell:
        steps = review.run(seed, tell=tell)
    say_steps(steps, as_json=as_json)
