"""The import contracts hold, and each of them finds who breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("importlinter", reason="import-linter is not installed")
ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over a copy of the project, in an interpreter that knows no other."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=root,
        env={"PYTHONPATH": f"{root}:{root / 'plugins'}", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the contracts are about."""
    root = tmp_path_factory.mktemp("contracts")
    for name in ("reviewcore", "plugins"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_the_contracts_hold(copy: Path) -> None:
    """If this fails, a part of the engine knows more of another than the layout allows."""
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("plugins/reviewcore_pqcr/hours.py", "from reviewcore.store import log", "A review type imports"),
        ("plugins/reviewcore_pqcr/hours.py", "from reviewcore import Review", "A review type imports"),
        ("reviewcore/report/docx.py", "from reviewcore.store import vault", "Only who must know persons"),
        ("reviewcore/disclosure/door.py", "from reviewcore.interview import stage", "A stage knows of another"),
        ("reviewcore/selection/draw.py", "from reviewcore.review import Review", "Stages stand on the ground"),
        ("reviewcore/orphan.py", "", "Stages stand on the ground"),
    ],
)  # fmt: skip
def test_a_breach_would_be_found(copy: Path, path: str, line: str, contract: str) -> None:
    """If this fails, a contract holds whatever is imported, or a new module stands outside of all of them."""
    file = copy / path
    before = file.read_bytes() if file.exists() else None
    file.write_bytes((before or b'"""New."""\n') + f"\n{line}\n".encode())
    try:
        done = lint(copy)
    finally:
        file.write_bytes(before) if before is not None else file.unlink()
    broken = [row for row in done.stdout.splitlines() if row.endswith("BROKEN") or " BROKEN " in row]
    assert done.returncode == 1
    assert any(row.startswith(contract) for row in broken), done.stdout + done.stderr
