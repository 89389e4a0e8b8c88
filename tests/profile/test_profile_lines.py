"""Finding the line of a key, against documents whose every value says on its face where it stands."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from reviewcore.profile.lines import line_of, locate

KEYS = st.one_of(
    st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=6),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
LEAVES = st.sampled_from(
    ["plain", "a = [b]", 'quote " # no comment', "two\nlines", "'''", '"""', "\\", "{ }"]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def marked(tree: Any, numbers: Iterator[int], path: tuple[Any, ...], marks: dict[Any, str]) -> Any:
    """Return the tree with a mark in every leaf that no other leaf has, and note which path has which."""
    if isinstance(tree, dict):
        return {key: marked(value, numbers, (*path, key), marks) for key, value in tree.items()}
    if isinstance(tree, list):
        return [marked(value, numbers, (*path, place), marks) for place, value in enumerate(tree)]
    marks[path] = f"@{next(numbers)}@"
    return marks[path] + tree


@given(st.dictionaries(KEYS, TREES, max_size=4), st.booleans())
def test_every_leaf_is_found_on_the_line_that_shows_its_mark(tree: dict[str, Any], multiline: bool) -> None:
    """If this fails, a problem is reported on a line that has nothing to do with it."""
    marks: dict[Any, str] = {}
    text = tomli_w.dumps(marked(tree, count(), (), marks), multiline_strings=multiline)
    shown = text.split("\n")
    lines = locate(text)
    for path, mark in marks.items():
        # tomli_w puts the text of a multi-line string on the line after its key
        said = shown[lines[path] - 1] + (shown[lines[path]] if shown[lines[path] - 1].endswith('"""') else "")
        assert mark in said


DOCUMENT = '''# a profile
title = "x" # [not.a.table]
dotted.key."with space".deep = 1.5
when = 2027-03-01 07:00:00

[review] # settings
text = """
fake = 1
[fake]
""""
other = 1979-05-27
quotas = [
  { n = 1 }, # first
  # between
  { n = 2, "a.b" = [[1, 2],
    [3]] },
]

[[review.programs]]
name = 'a'
[[review.programs.units]]
name = "u1"
[[review.programs]]
name = 'b'
[review.programs.sub]
z = true
[[review.programs.units]]
name = "u2"
["quoted.table"]
k = """four quotes at the end""""
l = \'\'\'x\'\'\'
m = ""
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("dotted", "key", "with space", "deep"), 3),
        (("when",), 4),
        (("review",), 6),
        (("review", "text"), 7),
        (("review", "other"), 11),
        (("review", "quotas"), 12),
        (("review", "quotas", 0, "n"), 13),
        (("review", "quotas", 1, "n"), 15),
        (("review", "quotas", 1, "a.b", 1, 0), 16),
        (("review", "programs"), 19),
        (("review", "programs", 0, "name"), 20),
        (("review", "programs", 0, "units", 0, "name"), 22),
        (("review", "programs", 1, "name"), 24),
        (("review", "programs", 1, "sub", "z"), 26),
        (("review", "programs", 1, "units", 0, "name"), 28),
        (("quoted.table", "k"), 30),
        (("quoted.table", "m"), 32),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_hand_cases(path: tuple[str | int, ...], line: int, ending: str) -> None:
    """If this fails, what counties write by hand (comments, inline tables, long texts) throws the count off."""
    tomllib.loads(DOCUMENT)
    assert locate(DOCUMENT.replace("\n", ending))[path] == line


def test_what_is_not_there_is_reported_at_its_table_or_at_the_top() -> None:
    """If this fails, a missing setting cannot be placed at all."""
    lines = locate(DOCUMENT)
    assert line_of(lines, ("review", "programs", 1, "missing")) == 23
    assert line_of(lines, ("nothing", "like", "it")) == 1
