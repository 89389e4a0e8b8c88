"""The command line: one file per group of commands, each loaded when it is called.

What was asked for goes to standard output, words about the work to standard error. Exit status: 0 done,
1 refused or failed, 2 misuse, 3 blocked by a promise.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from reviewcore import __version__

COMMANDS = {
    "demo": ("start", "A whole review on made-up people; ends by saying where the documents are."),
    "types": ("start", "Which review types are installed: name, version, where from."),
    "profiles": ("start", "Which profiles are shipped."),
    "new": ("start", "Make a review folder from a shipped profile."),
    "check": ("look", "Check the profile and the lists; nothing is written."),
    "select": ("stages", "Seal the lists; with --seed, draw the cases."),
    "notify": ("stages", "Write the letters; with --approve, hand over those you looked at."),
    "reply": ("stages", "Record who answered a letter, by hand or from a CSV file."),
    "concern": ("safety", "Pass on a concern for somebody's safety, at once and outside all results."),
    "interview": ("stages", "Plan the sessions, write their workbooks, take in those that came back."),
    "code": (
        "stages",
        "Sheets to code the notes for themes, apart; agreement; codes merged, undone, exported.",
    ),
    "quote": ("stages", "Sentences that could be quoted; a named person approves them, or takes that back."),
    "aggregate": ("stages", "Close the answers as they stand and protect the tables."),
    "report": ("stages", "Write the documents, scan them for names, put them in place."),
    "run": ("stages", "Every stage that can go now; says what it waits for."),
    "status": ("look", "Stages, counts, dates due, promises kept so far."),
    "verify": ("look", "Check a whole review: its log, its draw, its documents, its promises."),
    "close": ("end", "Retention: identities gone, results kept."),
    "new-type": ("start", "Make a package for a new review type."),
}


class Commands(click.Group):
    """A group that knows its commands' names at once and loads a command's file when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a review."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, or return None where there is none by that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"reviewcore.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        command.help = command.help or COMMANDS[cmd_name][1]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and offer the nearest name where there is none."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " `reviewcore --help` lists them all."
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}", ctx) from error


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="reviewcore")
def cli() -> None:
    """Case reviews whose draw anyone can check and whose results single nobody out.

    Start with `reviewcore demo`, or with `reviewcore new DIR --profile pqcr`.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    try:
        # Without click's own handling of errors it returns the status of whoever left early.
        sys.exit(
            cli.main(
                args=None if arguments is None else list(arguments),
                prog_name="reviewcore",
                standalone_mode=False,
            )
        )
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing is lost: run the command again to go on.", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        click.echo(
            f"{error.filename or 'a file'}: {error.strerror}: nothing is lost; mend it and repeat", err=True
        )
        sys.exit(1)
    except Exception as error:
        from reviewcore.errors import ReviewError  # only now: the help must not wait for it

        if not isinstance(error, ReviewError):
            raise
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
