"""Whether the profile that a package brings fits its review type: only blanks are left, and nothing is silent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reviewcore.errors import BadInput
from reviewcore.profile.read import read
from reviewcore.profile.schema import rules_of, schema
from reviewcore.profile.words import words_of
from reviewcore.reviewtype import ReviewType


def problems(path: Path, kind: ReviewType) -> Iterator[str]:
    """Yield what a county would meet in this profile that it could not mend by filling in blanks."""
    try:
        read(path, kind.settings, kind.milestones, kind.sources)
    except BadInput as error:
        yield from (str(one) for one in error.problems if not one.what.startswith("not filled in yet"))
    rules_of(kind)  # a rule that says nothing is told by name
    for where in _silent(schema(kind, words_of(path.read_text(encoding="utf-8")))):
        yield f"{path}: says nothing of {where}; add a line with a comment, commented out if it has a default"


def _silent(made: dict[str, Any], at: str = "") -> Iterator[str]:
    for key, inner in made.get("properties", {}).items():
        where = f"{at}.{key}" if at else key
        if not inner.get("description"):
            yield where
        yield from _silent(inner, where)
        yield from _silent(inner.get("items", {}), f"{where}[]")
