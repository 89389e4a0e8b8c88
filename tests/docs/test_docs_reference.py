"""The reference pages are made from the code: nothing that is there is left out, and nothing is made up."""

from __future__ import annotations

import importlib.util
import re
from inspect import signature
from pathlib import Path
from types import ModuleType

import click
import pytest

from reviewcore import Review, api, hookspecs
from reviewcore.cli import COMMANDS, cli
from reviewcore.plugins import BUNDLED, load
from reviewcore.profile.schema import rules_of

DOCS = Path(__file__).parents[2] / "docs"


def module() -> ModuleType:
    """Load the generator as the build does, and leave nothing of it behind."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


GENERATE = module()
PAGES: dict[str, str] = GENERATE.pages()


def headings(page: str) -> list[str]:
    """Return the headings of a page, code blocks left out."""
    text = re.sub(r"^```.*?^```", "", page, flags=re.M | re.S)
    return [line.lstrip("#").strip() for line in text.splitlines() if re.match(r"#+ ", line)]


def test_every_hook_and_port_is_a_heading_with_its_signature_and_example() -> None:
    """If this fails, who writes a review type does not find a hook, or reads of one that is not so."""
    declared = {name: one for name, one in vars(hookspecs).items() if hasattr(one, "reviewcore_spec")}
    assert len(declared) >= 6
    wanted = [f"{name}({', '.join(signature(one).parameters)})" for name, one in declared.items()]
    assert headings(PAGES["hooks.md"]) == ["Hooks", *wanted]
    assert PAGES["hooks.md"].count("```pycon") == len(declared)


def test_a_hook_that_is_added_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, a new hook or port is not in the reference until somebody remembers it."""

    @hookspecs.hookspec
    def senders(profile: str) -> int:  # type: ignore[empty-body]
        """Offer ways to send letters.

        >>> 1 + 1
        2
        """

    monkeypatch.setattr(hookspecs, "senders", senders, raising=False)
    page = GENERATE.hooks_page()
    assert "## senders(profile)\n\nOffer ways to send letters.\n" in page
    assert ">>> 1 + 1\n2\n```" in page


def test_every_command_and_option_is_told() -> None:
    """If this fails, an option can only be found by asking the command itself."""
    page = PAGES["commands.md"]
    assert headings(page) == ["Commands", *(f"`reviewcore {name}`" for name in COMMANDS)]
    with click.Context(cli) as context:
        for name in COMMANDS:
            part = page.split(f"## `reviewcore {name}`\n")[1].split("\n## ")[0]
            command = cli.get_command(context, name)  # type: ignore[attr-defined]
            options = [flag for one in command.params for flag in one.opts if flag.startswith("--")]
            assert [flag for flag in options if flag not in part] == [], name


@pytest.mark.parametrize("name", BUNDLED)
def test_every_setting_is_told(name: str) -> None:
    """If this fails, a county does not find a setting, or a rule, of its kind of review."""
    page, kind = PAGES[f"profile-{name}.md"], load(name).review_type()
    schema = GENERATE.json.loads(GENERATE.schema_text(kind))
    assert [rule for rule in rules_of(kind) if f"- {rule}\n" not in page] == []
    for key, one in schema["properties"].items():
        assert f"| `{key}` |" in page or f"## `[{key}" in page, key
        for inner in one.get("properties", {}):
            where = f"{key}.{inner}"
            assert any(f"`{mark}" in page for mark in (f"[{where}]", f"[[{where}]]", inner)), where
    assert "None" not in page


def test_every_name_of_the_api_and_every_method_is_told() -> None:
    """If this fails, who embeds reviewcore or writes a review type has to read its source."""
    values = PAGES["values.md"]
    silent = [name for name in api.__all__ if f"## {name}\n" not in values and f"`{name}`" not in values]
    assert [name for name in silent if isinstance(getattr(api, name), type)] == []
    methods = [
        name
        for name, one in vars(Review).items()
        if not name.startswith("_") and callable(getattr(Review, name))
    ]
    assert headings(PAGES["review.md"]) == ["Review", *methods]
    assert " at 0x" not in values + PAGES["review.md"]


def test_what_is_written_is_what_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, the site shows a page of a review type that is no more."""
    monkeypatch.setattr(GENERATE, "INTO", tmp_path / "reference")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "profile-gone.md").write_text("# gone")
    GENERATE.write()
    assert {
        path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "reference").iterdir()
    } == PAGES
