"""The reference pages, made from the code whenever the documentation is built, so that they cannot fall behind.

`pages()` returns every page by its name; `write()` puts them into docs/reference, which is not committed.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import click

from reviewcore import Review, api, hookspecs
from reviewcore.cli import COMMANDS, cli
from reviewcore.plugins import available, load
from reviewcore.profile.schema import rules_of
from reviewcore.start import schema_text

INTO = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Return the text of every reference page by its file's name."""
    kinds = [one.name for one in available() if one.where == "reviewcore"]
    return {
        **{f"profile-{name}.md": profile_page(name) for name in kinds},
        "commands.md": commands_page(),
        "hooks.md": hooks_page(),
        "values.md": values_page(),
        "review.md": review_page(),
    }


def write() -> None:
    """Write the pages that changed, and take away those that are no more."""
    INTO.mkdir(exist_ok=True)
    made = pages()
    for path in INTO.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        path = INTO / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


# -- the profile ----------------------------------------------------------------------------------------


_PROFILE = """\
Every setting of `review.toml`, from the classes that it is read into. An unknown setting is refused, with the nearest
that there is.

`reviewcore types --schema {name}` prints the same as a JSON Schema. `reviewcore new` lays it beside the profile, and an
editor that knows TOML schemas then marks slips while you type, and shows these words.
"""


def profile_page(name: str) -> str:
    """Return the page on the profile of one review type: every table, every setting."""
    kind = load(name).review_type()
    made = json.loads(schema_text(kind))
    rules = "\n".join(f"- {rule}" for rule in rules_of(kind))
    return "\n".join(
        (
            f"# The profile of a {kind.title}: `{name}`\n",
            _PROFILE.format(name=name),
            *_tables(made, ""),
            "\n## What several settings must fit\n\nNo editor can check these; `reviewcore check` does.\n",
            rules + "\n",
        )
    )


def _tables(made: dict[str, Any], at: str) -> Iterator[str]:
    """Yield the sections for a table and for the tables within it."""
    rows, inner = [], []
    for key, one in made["properties"].items():
        where = f"{at}.{key}" if at else key
        entries = one.get("items", {})
        if "properties" in one and not _alike(one):
            inner.append((f"[{where}]", where, one))
        elif "properties" in one:
            inner.append((f"[{where}.…]", where, _one_of_all(one)))
        elif "properties" in entries:
            inner.append((f"[[{where}]]", where, entries | {"description": one.get("description", "")}))
        else:
            rows.append(_row(key, one, key in made["required"]))
    if at:
        yield _said(made) + "\n"
    else:
        yield "## Before the first table\n"
    if rows:
        yield "| setting | takes | default | what it is |\n|---|---|---|---|"
        yield from rows
        yield ""
    for heading, where, one in inner:
        yield f"## `{heading}`\n"
        yield from _tables(one, where)


def _alike(one: dict[str, Any]) -> bool:
    """Return whether all tables within a table take the same, so that one may stand for all."""
    parts = [json.dumps(part.get("properties"), sort_keys=True) for part in one["properties"].values()]
    return len(parts) > 1 and "null" not in parts and len(set(parts)) == 1


def _one_of_all(one: dict[str, Any]) -> dict[str, Any]:
    needed = set(one.get("required", ()))
    names = [
        f"`{key}` ({part['description']}{'' if key in needed else '; may be left out'})"
        for key, part in one["properties"].items()
    ]
    first = next(iter(one["properties"].values()))
    return first | {"description": f"{_said(one)[:-1]}. One table for each: {', '.join(names)}"}


def _said(one: dict[str, Any]) -> str:
    text = str(one.get("description", "")).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def _row(key: str, one: dict[str, Any], required: bool) -> str:
    default = "" if required else "nothing" if "default" not in one else f"`{_toml(one['default'])}`"
    return f"| `{key}` | {_takes(one)} | {'needed' if required else default} | {one['description']} |"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_FORMATS = {
    "date": "date",
    "partial-time": "time",
    "date-time": "date and time",
    "date-time-local": "date and time",
}


def _takes(one: dict[str, Any]) -> str:
    if "const" in one:
        return f"`{_toml(one['const'])}`"
    if "enum" in one:
        return " or ".join(f"`{_toml(value)}`" for value in one["enum"])
    if "$ref" in one:
        return "a condition"
    if "anyOf" in one:
        return _takes(one["anyOf"][0])
    if one["type"] == "array":
        return f"list: {_takes(one['items'])}"
    if one["type"] == "object":
        return f"table: {_takes(one['additionalProperties'])}" if one.get("additionalProperties") else "table"
    words = _FORMATS.get(one.get("format", ""), _KINDS[one["type"]])
    least, most = one.get("minimum"), one.get("maximum")
    if least is not None and most is not None:
        return f"{words}, {least} to {most}" if least != most else f"`{least}`"
    return words + (f", at least {least}" if least is not None else "")


# -- the command line -----------------------------------------------------------------------------------


_COMMANDS = """\
# Commands

What was asked for goes to standard output, words about the work to standard error. A command leaves with 0 when it is
done, 1 when it refused or failed, 2 when it was typed wrongly, 3 when a promise forbids what was asked. `[DIR]` is the
review's folder; without it, the folder that you stand in.
"""


def commands_page() -> str:
    """Return the page on the command line: every command with its options, from click's own definitions."""
    out = [_COMMANDS]
    with click.Context(cli, info_name="reviewcore") as above:
        for name in COMMANDS:
            command = cli.get_command(above, name)  # type: ignore[attr-defined]
            with click.Context(command, info_name=name, parent=above) as context:
                usage = " ".join(command.collect_usage_pieces(context))
                out.append(f"## `reviewcore {name}`\n")
                out.append(f"```text\nreviewcore {name} {usage}\n```\n")
                out.append(inspect.cleandoc(command.help or "") + "\n")
                records = [one.get_help_record(context) for one in command.get_params(context)]
                told = [(flag, " ".join(said.split())) for flag, said in filter(None, records)]
                rows = [
                    f"| `{_bar(flag)}` | {_bar(said)} |"
                    for flag, said in told
                    if said and "--help" not in flag
                ]
                if rows:
                    out += ["| option | |\n|---|---|", *rows, ""]
    return "\n".join(out)


def _bar(text: str) -> str:
    return text.replace("|", "\\|")


# -- hooks, values and Review ---------------------------------------------------------------------------


def hooks() -> dict[str, Any]:
    """Return every hook and port by its name, in the order in which they are declared."""
    return {name: one for name, one in vars(hookspecs).items() if hasattr(one, "reviewcore_spec")}


_HOOKS = """\
# Hooks

A review type is a class whose methods are marked with `hookimpl`. Parameters keep these names, and any of them may be
left out. Each example is run whenever the tests run. What the values hold stands under [values](values.md), and when
each hook is called under [how it is built](../architecture.md).
"""


def hooks_page() -> str:
    """Return the page on the hooks: each a heading with its literal signature, and its executed example."""
    out = [_HOOKS]
    for name, hook in hooks().items():
        given = inspect.signature(hook)
        words, examples = _parted(inspect.getdoc(hook) or "")
        out.append(f"## {name}({', '.join(given.parameters)})\n")
        out.append(words + "\n")
        types = {one.name: _typed(one.annotation) for one in given.parameters.values()}
        types |= {"settings": "an object of your own settings class"} if "settings" in types else {}
        rows = [f"| `{one}` | {said} |" for one, said in types.items()] or ["| nothing | |"]
        out.append("| is given | what it is |\n|---|---|\n" + "\n".join(rows))
        out.append(f"| **returns** | {_typed(given.return_annotation)} |\n")
        if examples:
            out.append(f"```pycon\n{examples}\n```\n")
    return "\n".join(out)


def _parted(said: str) -> tuple[str, str]:
    """Return the words of a docstring, and its examples."""
    words, mark, examples = said.partition(">>> ")
    return words.strip(), (mark + examples).strip()


def _typed(annotation: Any) -> str:
    """Return a type as it is written, each value of ours linked to where it stands."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    parts = re.split(r"(\w+)", _bar(text).replace("[", "\\[").replace("]", "\\]"))
    return "".join(f"[`{part}`](values.md#{part.lower()})" if part in _classes() else part for part in parts)


def _classes() -> Mapping[str, type]:
    """Return the frozen values that a review type is given and returns, by name."""
    found = {name: getattr(api, name) for name in sorted(api.__all__)}
    return {name: one for name, one in found.items() if inspect.isclass(one) and attrs.has(one)}


_VALUES = """\
# Values

All that the author of a review type imports, from `reviewcore.api`. Every value is frozen. Besides these there are
`hookimpl`, which marks a hook, and `filled`, a check for settings that refuses what is left blank.
"""


def values_page() -> str:
    """Return the page on `reviewcore.api`: every value with its fields, every function with its signature."""
    out = [_VALUES]
    for name, cl in _classes().items():
        out += [f"## {name}\n", _plain(cl) + "\n"]
        fields = attrs.fields(cl)
        if fields:
            rows = [
                f"| `{one.name}` | {_typed(cl.__annotations__[one.name])} | {_default(one)} |"
                for one in fields
            ]
            out += ["| field | type | default |\n|---|---|---|", *rows, ""]
    out.append("## Functions\n")
    for name in sorted(api.__all__):
        one = inspect.unwrap(getattr(api, name))
        if inspect.isfunction(one):
            out += [f"### {name}\n", f"```python\n{_signature(one)}\n```\n", _plain(one) + "\n"]
    return "\n".join(out)


def _default(one: Any) -> str:
    if one.default is attrs.NOTHING:
        return ""
    made = one.default.factory() if hasattr(one.default, "factory") else one.default
    return f"`{made!r}`"


def _plain(one: Any) -> str:
    return _parted(inspect.getdoc(one) or "")[0]


def review_page() -> str:
    """Return the page on `Review`, for programs that embed the engine."""
    out = ["# Review\n", "`from reviewcore import Review`. " + _plain(Review) + "\n"]
    for name, one in vars(Review).items():
        function = one.__func__ if isinstance(one, classmethod) else one
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        out += [f"## {name}\n", f"```python\n{_signature(function)}\n```\n", _plain(function) + "\n"]
    return "\n".join(out)


def _signature(function: Any) -> str:
    """Return how a function is called, as its source says it, without what it is called on."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.args.args = [one for one in tree.args.args if one.arg not in ("self", "cls")]
    given = re.sub(r"(\w+: [^=]+?)=(?=\S)", r"\1 = ", ast.unparse(tree.args))
    back = f" -> {ast.unparse(tree.returns)}" if tree.returns else ""
    text = f"{tree.name}({given}){back}"
    if len(text) <= 90:
        return text
    parts = re.split(r", (?=\w+:|\*)", given)
    return f"{tree.name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){back}"
