"""The commands on the pages are held against what they print; a page that says otherwise is caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.shell import Shell, check, marks, prints, shown_before, steps


@pytest.mark.parametrize(
    ("shown", "right"),
    [
        ("one\ntwo", True),
        ("one\n…", True),
        ("…\ntwo", True),
        ("…", True),
        ("on…\n…wo", True),
        ("one", False),
        ("two\none", False),
        ("one\n…\ntwo and more", False),
        ("", False),
    ],
)
def test_what_is_left_out_may_be_anything_and_the_rest_may_not(shown: str, right: bool) -> None:
    """If this fails, a page can show what no command prints."""
    assert prints("one\ntwo\n", shown) is right


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A reader's shell."""
    made = Shell(tmp_path)
    made.prepare()
    monkeypatch.chdir(tmp_path)
    return made


@pytest.mark.parametrize(
    ("block", "told", "wrong"),
    [
        ("$ echo hello\nhello", {}, None),
        ("$ echo hello\nhallo", {}, "the page shows:\nhallo"),
        ("$ false\n", {}, "left with 1, not 0"),
        ("$ false\n", {"status": "1"}, None),
        ("$ true\n$ true\n", {"status": "1"}, "left with 0, not 1"),
        ("$ false\n$ false\n", {"status": "1"}, "left with 1, not 0"),
        ("hello", {}, "holds no line that begins with"),
        ("$ reviewcore profiles\ncaseload\n…", {}, None),
    ],
)
def test_a_page_that_says_otherwise_is_caught(
    shell: Shell, block: str, told: dict[str, str], wrong: str | None
) -> None:
    """If this fails, the tutorials can fall behind the commands and nobody is told."""
    said = check(shell, block, told)
    assert said is None if wrong is None else wrong in str(said)


def test_unseen_lines_are_read_only_right_before_a_block() -> None:
    """If this fails, a mark on one block changes how another is run."""
    text = (
        "% status: 1\n```console\n$ false\n```\n\n% today: 2027-02-09\n% before: x\n```console\n$ true\n```\n"
    )
    first, second = (place for place in range(len(text)) if text.startswith("```console", place))
    assert marks(text, first) == {"status": "1"}
    assert marks(text, second) == {"today": "2027-02-09", "before": "x"}


def test_the_file_that_a_page_showed_last_is_the_one_that_is_used() -> None:
    """If this fails, a page shows one file and its commands use another."""
    text = "```toml\na = 1\n```\n```python\nb = 2\n```\n```toml\nc = 3\n```\n"
    assert shown_before(text, text.index("```toml\nc")) == "b = 2\n"
    assert shown_before(text, 0) == ""
    assert list(steps("$ a\n1\n$ b\n")) == [("a", "1"), ("b", "")]
