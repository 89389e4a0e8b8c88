"""The package that `reviewcore new-type` writes: whole from the first minute, and nobody's work in its way."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from reviewcore.errors import Refused
from reviewcore.newtype import new_type
from tests.cli.command_line import Said, kept, say, surroundings

TODAY = date(2027, 1, 13)

REHEARSAL = """
import sys
from pathlib import Path
from reviewcore import Review, plugins
from reviewcore.demo.run import return_tools
plugins.BUNDLED = {**plugins.BUNDLED, sys.argv[1]: sys.argv[2]}
review = Review.open("example", keys=Path("keys"), debug=True)
letters = lambda: (review.notify(), review.notify(approve=True))
review.check(), review.select(), letters()
review.select(["dice 314159265358979323846264"]), letters()
review.interview(), letters(), return_tools(review)
review.run()
found = review.verify()
broken = [one.words for one in review.status().promises if one.standing != "kept"]
print(len(found.checked), found.wrong, broken)
"""


def run(folder: Path, *arguments: str) -> Said:
    """Run Python in a package's folder, with this reviewcore beside it."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
def test_the_package_passes_its_own_tests_and_runs_a_whole_review(tmp_path: Path) -> None:
    """If this fails, whoever begins a review type begins with somebody else's mistakes."""
    folder = tmp_path / "made"
    new_type("home-visits", TODAY, folder, "Home & family visits")
    tested = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert tested.code == 0, tested.words
    assert "7 passed" in tested.out
    rehearsed = run(folder, "-c", REHEARSAL, "home-visits", "reviewcore_home_visits:HomeVisits")
    assert rehearsed.code == 0, rehearsed.words
    assert rehearsed.out.split("\n")[0].endswith("() []"), rehearsed.out
    report = (folder / "example/publications/agency/1/report.html").read_text(encoding="utf-8")
    assert "Home &amp; family visits: what we learned" in report


def test_its_own_tests_can_fail(tmp_path: Path) -> None:
    """If this fails, the tests that a new package brings pass whatever is in it."""
    new_type("visits", TODAY, tmp_path / "made")
    profile = tmp_path / "made" / "reviewcore_visits" / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(
        text.replace("# minutes = 60", "minuets = 60").replace("rooms", "roms"), encoding="utf-8"
    )
    tested = run(tmp_path / "made", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert tested.code == 1
    assert "review.minuets: unknown setting; did you mean 'minutes'?" in tested.out
    assert "says nothing of review.minutes; add a line with a comment" in tested.out
    assert "says nothing of rooms" in tested.out


def test_everything_stands_under_the_name_that_was_given(tmp_path: Path) -> None:
    """If this fails, two packages get in each other's way, or a blank of the template is left."""
    said = say("new-type", "home-visits", "--into", tmp_path / "made", "--json")
    assert said.code == 0, said.err
    files = [Path(path) for path in json.loads(said.out)["files"]]
    assert sorted(files) == sorted(path for path in (tmp_path / "made").rglob("*") if path.is_file())
    project = tomllib.loads((tmp_path / "made" / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["reviewcore.types"] == {
        "home-visits": "reviewcore_home_visits:HomeVisits"
    }
    for path in files:
        assert "$" not in path.read_text(encoding="utf-8"), path.name


def test_the_same_day_gives_the_same_package(tmp_path: Path) -> None:
    """If this fails, nobody can compare a package with what it was made from."""
    for name in ("one", "two"):
        new_type("visits", TODAY, tmp_path / name)
    assert kept(tmp_path / "one") == kept(tmp_path / "two")


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("Visits", "", "'Visits' cannot name a review type; use small letters, digits and hyphens"),
        ("../visits", "", "cannot name a review type"),
        ("pqcr", "", "'pqcr' is a review type of reviewcore's own; choose another name"),
        ("visits", 'A "title"', "a title is one line without quotation marks"),
        ("visits", "two\nlines", "a title is one line"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, title: str, said: str, tmp_path: Path) -> None:
    """If this fails, a package is written that cannot be installed, or over one that is."""
    with pytest.raises(Refused, match=said):
        new_type(name, TODAY, tmp_path / "made", title)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """If this fails, a second call wipes out somebody's work."""
    (tmp_path / "mine.txt").write_text("mine")
    said = say("new-type", "visits", "--into", tmp_path)
    assert (said.code, said.out) == (1, "")
    assert "holds something already; choose another folder with --into" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
