"""What is built and installed is what the project says of itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

from reviewcore import __version__
from reviewcore.plugins import BUNDLED

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")


def required() -> list[str]:
    """Return every requirement that the project names, with its extras, its own ones left out."""
    extras = [one for group in PROJECT["optional-dependencies"].values() for one in group]
    return [one for one in (*PROJECT["dependencies"], *extras) if not one.startswith(PROJECT["name"])]


def plain(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def unpinned(requirements: Iterable[str], constraints: str) -> list[str]:
    """Return the requirements that no line pins, or that the line pins to less than they ask for."""
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)$", constraints, flags=re.M))
    pins = {plain(name): version for name, version in pins.items()}
    wrong = []
    for one in requirements:
        name, least = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)", one).groups()  # type: ignore[union-attr]
        if plain(name) not in pins or numbers(pins[plain(name)]) < numbers(least):
            wrong.append(one)
    return wrong


def numbers(version: str) -> tuple[int, ...]:
    """Return a version's leading numbers, to compare by."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def hosts(constraints: str) -> list[str]:
    """Return the lines that name where to install from, which is the installer's own business."""
    return [line for line in constraints.splitlines() if re.search(r"://|^\s*-| @ ", line)]


def test_every_requirement_is_pinned() -> None:
    """If this fails, two people who run `make test` on the same day may test different programs."""
    assert unpinned(required(), CONSTRAINTS) == []


def test_a_requirement_that_is_not_pinned_would_be_found() -> None:
    """If this fails, a requirement without a pin, or pinned to too old a version, passes."""
    asked = ["tomli-w>=1.2", "attrs>=25.1", "psycopg[binary]>=3.2"]
    assert unpinned(asked, "tomli_w==1.2.0\nattrs==24.9\n") == ["attrs>=25.1", "psycopg[binary]>=3.2"]


def test_the_constraints_name_no_index() -> None:
    """If this fails, the project installs only where a certain host can be reached."""
    assert hosts(CONSTRAINTS) == []


@pytest.mark.parametrize(
    "line", ["--index-url https://x.example", "-i x", "attrs @ file:///tmp/a", "# see http://x"]
)
def test_an_index_would_be_found(line: str) -> None:
    """If this fails, the check above passes whatever the file names."""
    assert hosts(f"attrs==26.1.0\n{line}\n") == [line]


def test_the_bundled_types_are_entry_points() -> None:
    """If this fails, a type is there in this folder and not where the package is installed, or the other way."""
    assert PROJECT["entry-points"]["reviewcore.types"] == BUNDLED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as CI does, without fetching anything."""
    for needed in ("build", "hatchling"):
        if find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed; CI builds and installs the wheel in any case")
    into = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(into), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(into.glob("*.whl"))


def expected() -> set[str]:
    """Return the path in the wheel of every file that reviewcore and its bundled types consist of."""
    homes = {ROOT: ROOT / "reviewcore", ROOT / "plugins": ROOT / "plugins"}
    files = {
        path.relative_to(base).as_posix()
        for base, home in homes.items()
        for path in home.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    profiles = [path for kind in ("*.toml", "schema/*.json") for path in (ROOT / "profiles").glob(kind)]
    shipped = {path.relative_to(ROOT / "profiles").as_posix() for path in profiles}
    return files | {f"reviewcore/profile/shipped/{name}" for name in shipped}


@pytest.mark.slow
def test_the_wheel_holds_everything(wheel: Path) -> None:
    """If this fails, what is installed lacks a module, a letter's wording, an instrument or a profile."""
    assert wheel.name.startswith(f"reviewcore-{__version__}-py3-none-any")
    with ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert expected() - names == set()
    assert {name for name in names - expected() if not name.endswith(".pyc")} == set()
