"""Every test says in its docstring what breaks if it fails."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parents[1].rglob("test_*.py"))


def silent(source: str) -> list[str]:
    """Return the names of the test functions without a docstring."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return [f.name for f in functions if f.name.startswith("test") and not ast.get_docstring(f)]


@pytest.mark.parametrize("path", TESTS, ids=lambda p: p.name)
def test_every_test_has_a_docstring(path: Path) -> None:
    """If this fails, somebody who meets a failing test cannot tell what it protects."""
    assert silent(path.read_text(encoding="utf-8")) == []


def test_a_silent_test_would_be_found() -> None:
    """If this fails, the check above passes whatever is written."""
    assert silent("def test_x():\n    assert True\n") == ["test_x"]
