"""What must not be imported, asked of a fresh interpreter: start-up is the complaint about such frameworks."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import pytest

import reviewcore
from reviewcore.plugins import BUNDLED

HEAVY = (
    "sqlalchemy", "cryptography", "jinja2", "icalendar", "docx", "xlsxwriter", "python_calamine", "email",
    "smtplib", "hypothesis", "rich", "importlib.metadata", "asyncio", "ssl", "click", "highspy", "numpy",
    "typst", "pikepdf", "pypdfium2",
)  # fmt: skip
TESTS = Path(__file__).parents[1]
PLACES = (
    Path(reviewcore.__file__).parents[1],
    TESTS.parent / "plugins",
    TESTS / "offenders",
    TESTS / "profile",
)
SEEN = f"import sys; print(*sorted(name for name in {HEAVY!r} if name in sys.modules))"


def run(code: str) -> str:
    """Run a program in a fresh interpreter and return what it printed."""
    paths = ":".join(map(str, PLACES))
    # without -I's isolation but without site's .pth files, which may import anything
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def loading(profile: Path) -> str:
    """Return a program that loads a profile together with its review type."""
    return (
        "from pathlib import Path\n"
        "from reviewcore import plugins\n"
        "from reviewcore.profile.read import allowed, read, type_name\n"
        "plugins.BUNDLED = {**plugins.BUNDLED, 'visits': 'honest_type:Visits'}\n"
        f"path = Path({str(profile)!r})\n"
        "loaded = plugins.load(type_name(path), allowed(path))\n"
        "kind = loaded.review_type()\n"
        "profile = read(path, kind.settings, kind.milestones, kind.sources)\n"
        "assert profile.settings.quota == 3\n"
    )


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile of the honest type."""
    text = run("from sample_settings import GOOD; print(GOOD)")
    path = tmp_path / "review.toml"
    path.write_text(text.replace('method = "simple"', "quota = 3"))
    return path


def test_the_bare_interpreter_has_none_of_them() -> None:
    """If this fails, the guards below blame reviewcore for what this Python brings along by itself."""
    assert run(SEEN) == ""


def test_import_reviewcore_is_light() -> None:
    """If this fails, whoever embeds reviewcore pays for all of it at once."""
    assert run(f"import reviewcore; {SEEN}") == ""


def test_loading_a_profile_with_its_type_is_light(profile: Path) -> None:
    """If this fails, every command starts with a database, a template engine or a scan of what is installed.

    No exception is needed: pluggy, attrs and cattrs import importlib.metadata only where it is asked for.
    """
    assert run(loading(profile) + SEEN) == ""


@pytest.mark.parametrize("name", [n for n, target in BUNDLED.items() if find_spec(target.partition(":")[0])])
def test_every_bundled_type_is_light(name: str) -> None:
    """If this fails, one review type makes every command slow."""
    assert run(f"from reviewcore.plugins import load; load({name!r}); {SEEN}") == ""


def test_a_profile_and_its_type_are_there_at_once(profile: Path) -> None:
    """If this fails, start-up has grown far beyond the tenth of a second that it may take."""
    timed = (
        f"import time; start = time.process_time()\n{loading(profile)}\nprint(time.process_time() - start)"
    )
    took = median(float(run(timed).split("\n")[-1]) for _ in range(7))
    assert took < 0.4  # 0.1 on a machine of its own; machines that test are shared and slow
