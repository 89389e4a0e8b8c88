"""The attackers share no code with the engine: their syntax trees are read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ENGINE = ("reviewcore", "reviewcore_pqcr", "reviewcore_qsr", "reviewcore_caseload")
MAKERS = {"driver", "finished", "planted", "generated"}
"""The modules that make publications, rightly and wrongly: the only ones that may use the engine."""


def modules() -> dict[str, Path]:
    """Return every module of the package but its tests, by its name."""
    found = [path for path in HERE.rglob("*.py") if not path.name.startswith("test_")]
    return {".".join(path.relative_to(HERE).with_suffix("").parts): path for path in found}


def imported(source: str) -> Iterator[str]:
    """Yield every module that a source imports, wherever in it and by whatever means."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.split(".")[0] in ENGINE
        ):
            yield node.value


def uses_engine(source: str) -> bool:
    """Return whether a source imports the engine, or names one of its modules to load it."""
    return any(name.split(".")[0] in ENGINE for name in imported(source))


ATTACKERS = {
    "known",
    "seen",
    "program",
    "reviewed",
    "extracts",
    "moments",
    "words",
    "certificates",
    "design",
    "readers",
}


def test_no_attacker_uses_the_engine() -> None:
    """If this fails, an attack could share a mistake with the engine, and find nothing."""
    found = modules()
    assert {name.partition(".")[0] for name in found} >= ATTACKERS | MAKERS
    assert [
        name for name, path in found.items() if name not in MAKERS and uses_engine(path.read_text("utf-8"))
    ] == []


def test_no_attacker_gets_at_the_engine_through_another_module() -> None:
    """If this fails, an attacker uses what makes the publications that it attacks."""
    for name, path in modules().items():
        if name.partition(".")[0] in ATTACKERS:
            used = {one for one in imported(path.read_text("utf-8")) if one.startswith("tests.")}
            inside = {
                one.removeprefix("tests.attacks.").partition(".")[0] for one in used if one != "tests.attacks"
            }
            assert inside <= ATTACKERS, name


def test_a_planted_import_is_found() -> None:
    """If this fails, the tests above find nothing wherever it stands."""
    for source in (
        "import reviewcore", "from reviewcore.disclosure import rules", "def f():\n    import reviewcore.exact",
        "import importlib\nimportlib.import_module('reviewcore.disclosure')",
    ):  # fmt: skip
        assert uses_engine(source)
    assert not uses_engine("import json\nname = 'a reviewcore publication'")
