"""Commands that begin: the demo, what is installed, a new review."""

from __future__ import annotations

from pathlib import Path

import click

from reviewcore.cli.output import AS_JSON, say_json


@click.command()
@click.argument("type_name", metavar="[TYPE]", default="pqcr")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-review"),
    show_default=True,
    help="Where to put the made-up county.",
)
@AS_JSON
def demo(type_name: str, into: Path, as_json: bool) -> None:
    """Run a whole review on made-up people, and say where the documents are."""
    from reviewcore.demo.run import run_demo

    told = run_demo(type_name, into)
    if as_json:
        say_json({"folder": str(told.folder), "lines": told.lines})
        return
    for line in told.lines:
        click.echo(line)


@click.command()
@click.option(
    "--schema", "schema_of", metavar="NAME", help="Print the JSON Schema of a type's profiles, for editors."
)
@AS_JSON
def types(schema_of: str | None, as_json: bool) -> None:
    """Say which review types are installed: name, version, where from."""
    from attrs import asdict

    from reviewcore.plugins import available, load

    if schema_of:
        from reviewcore.start import schema_text

        # Whoever names a type here allows it to be loaded.
        click.echo(schema_text(load(schema_of, (schema_of,)).review_type()), nl=False)
        return

    found = available()
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.name:<12}{one.version:<10}{one.where}")


@click.command()
@AS_JSON
def profiles(as_json: bool) -> None:
    """Say which profiles are shipped, to start a review from."""
    from reviewcore.profile.shipped import names, path

    if as_json:
        say_json([{"name": name, "path": str(path(name))} for name in names()])
        return
    for name in names():
        click.echo(name)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--profile",
    required=True,
    metavar="NAME",
    help="A shipped profile (see `reviewcore profiles`), or the path of a .toml file.",
)
@click.option(
    "--from",
    "samples",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="LIST",
    help="A case list or people list to take over; its columns are matched to ours. May be given twice.",
)
@AS_JSON
def new(folder: Path, profile: str, samples: tuple[Path, ...], as_json: bool) -> None:
    """Make a review folder: a profile with comments, and blanks for the county to fill."""
    from reviewcore.start import new_review

    told = new_review(folder, profile, samples)
    if as_json:
        say_json({"profile": str(told.path), "columns": told.columns, "lines": told.lines})
        return
    for line in told.lines:
        click.echo(line)


@click.command("new-type")
@click.argument("name")
@click.option("--title", default="", help="What people call the review, as in 'Home visit review'.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to put the package [a folder called reviewcore-NAME].",
)
@AS_JSON
def new_type(name: str, title: str, into: Path | None, as_json: bool) -> None:
    """Make a package for a new review type, small and whole, with tests that pass at once."""
    from datetime import datetime

    from reviewcore import newtype

    files = newtype.new_type(name, datetime.now().astimezone().date(), into, title)
    folder = into or Path(f"reviewcore-{name}")
    if as_json:
        say_json({"folder": str(folder), "files": [str(path) for path in files]})
        return
    for path in files:
        click.echo(path)
    place = folder if folder.is_absolute() else f"./{folder.as_posix()}"  # else pip asks an index for it
    click.echo(f"Next: python -m pip install --editable {place}, then python -m pytest {place}")
