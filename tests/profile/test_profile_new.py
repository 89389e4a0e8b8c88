"""A new review folder from a shipped profile, in a whole installation and in a source tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from sample_settings import GOOD, Settings

import reviewcore
from reviewcore.errors import BadInput, Refused
from reviewcore.profile import shipped
from reviewcore.profile.new import fill, new
from reviewcore.profile.read import read

TEMPLATE = "# A visit review. Fill in every ____.\n" + GOOD.replace(
    '"Alder County"', '"____"   # as on your letterhead'
).replace('id = "alder-2027"', 'id = "____"').replace("2027-03-01", '"____"').replace(
    "event_end = 2027-03-05", "event_end = 2099-03-05"
).replace(
    'file = "cases.xlsx"\n', 'file = "____"\n\n[lists.cases.columns]  # ours = yours\ncase_id = "____"\n'
)
COLUMNS = {"cases": {"case_id": "Case No.", "worker_id": 'The "worker"'}, "people": {"person_id": "ID"}}


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands in for the shipped profiles, with one template."""
    home = tmp_path / "shipped"
    home.mkdir()
    (home / "visits.toml").write_text(TEMPLATE)
    monkeypatch.setattr(shipped, "_home", lambda: home)
    return home


def test_a_new_folder_keeps_the_comments_and_names_what_is_open(template: Path, tmp_path: Path) -> None:
    """If this fails, a county starts without the template's explanations, or is not told what to fill in."""
    path = new(tmp_path / "alder", "visits")
    assert path == tmp_path / "alder" / "review.toml"
    assert path.read_text() == TEMPLATE
    assert list((tmp_path / "alder" / "returned").iterdir()) == []
    with pytest.raises(BadInput) as caught:
        read(path, Settings)
    assert [(problem.where.rpartition(":")[2], problem.subject) for problem in caught.value.problems] == [
        ("3", "id"),
        ("9", "agency.name"),
        ("24", "calendar.event_start"),
        ("39", "lists.cases.file"),
        ("42", "lists.cases.columns.case_id"),
    ]
    assert all(problem.what.startswith("not filled in yet") for problem in caught.value.problems)


def test_what_is_known_already_is_filled_in_and_reads_back(template: Path, tmp_path: Path) -> None:
    """If this fails, the mapping proposed from a sample file is lost, or cannot be read again."""
    values = {
        "id": "alder-2027",
        "agency.name": 'Alder & \\ "Co"',
        "calendar.event_start": date(2027, 3, 1),
        "calendar.event_end": date(2027, 3, 5),
        "lists.cases.file": "cases.xlsx",
    }  # fmt: skip
    path = new(tmp_path / "alder", "visits", COLUMNS, values)
    profile = read(path, Settings)
    assert profile.lists["cases"].columns == COLUMNS["cases"]
    assert profile.lists["people"].columns == COLUMNS["people"]
    assert (profile.agency.name, profile.calendar.event_start) == (values["agency.name"], date(2027, 3, 1))
    text = path.read_text()
    assert "# A visit review." in text
    assert "   # as on your letterhead" in text
    assert "# ours = yours" in text


def test_a_review_is_never_overwritten(template: Path, tmp_path: Path) -> None:
    """If this fails, a second `new` wipes a county's profile, or mixes two reviews in one folder."""
    folder = tmp_path / "alder"
    path = new(folder, "visits")
    path.write_text("mine")
    with pytest.raises(Refused, match=r"holds a review already \(review.toml\); choose another folder"):
        new(folder, "visits")
    assert path.read_text() == "mine"
    path.unlink()
    (folder / "vault.db").touch()
    with pytest.raises(Refused, match=r"vault\.db"):
        new(folder, "visits")
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="is a file; choose a folder"):
        new(tmp_path / "file", "visits")


def test_nothing_is_written_where_something_cannot_be_filled_in(template: Path, tmp_path: Path) -> None:
    """If this fails, a refused `new` leaves half a review behind."""
    with pytest.raises(
        Refused, match=r"no setting agency.nme on a line of its own; did you mean 'agency.name'\?"
    ):
        new(tmp_path / "alder", "visits", values={"agency.nme": "x"})
    with pytest.raises(
        Refused, match=r"no profile 'visit' is shipped; did you mean 'visits'\?; there are visits"
    ):
        new(tmp_path / "alder", "visit")
    assert not (tmp_path / "alder").exists()


HEADINGS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    max_size=4,
)


@given(HEADINGS, HEADINGS)
def test_any_heading_reads_back_as_it_is_in_the_countys_file(
    cases: dict[str, str], people: dict[str, str]
) -> None:
    """If this fails, a heading with quotes, dots or line breaks spoils the whole profile."""
    text = fill(TEMPLATE, {}, {"cases": cases, "people": people})
    read_back = tomllib.loads(text)
    assert read_back["lists"]["cases"]["columns"] == {"case_id": "____"} | cases
    assert read_back["lists"]["people"].get("columns", {}) == people
    assert [line for line in text.split("\n") if "#" in line][:1] == ["# A visit review. Fill in every ____."]


@pytest.mark.parametrize("written", ['columns = {case_id = "x"}', 'columns.case_id = "x"'])
def test_columns_written_another_way_are_not_spoilt(written: str) -> None:
    """If this fails, a profile is written that is not TOML any more."""
    text = GOOD.replace('file = "cases.xlsx"', f'file = "cases.xlsx"\n{written}')
    with pytest.raises(Refused, match=r"no table \[lists.cases.columns\] under a heading of its own"):
        fill(text, {}, {"cases": {"worker_id": "Worker"}})


def run(folder: Path, code: str) -> str:
    """Run a program that finds reviewcore in `folder` and return what it printed last."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(folder)}, cwd="/"
    )
    return (done.stdout + done.stderr).strip().split("\n")[-1]


NAMES = "from reviewcore.profile.shipped import names, path; print(*names(), path(names()[0]))"


def test_shipped_profiles_are_found_in_a_wheel_and_in_a_source_tree(tmp_path: Path) -> None:
    """If this fails, `reviewcore new` works for its developers and for nobody who installed it, or the reverse."""
    home = tmp_path / "home"
    shutil.copytree(
        Path(reviewcore.__file__).parent, home / "reviewcore", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.rmtree(home / "reviewcore" / "profile" / "shipped", ignore_errors=True)
    assert "this installation is not whole; install reviewcore again" in run(home, NAMES)

    (home / "profiles").mkdir()
    (home / "profiles" / "visits.toml").write_text(tomli_w.dumps({"profile": 1}))
    assert "this installation is not whole" in run(home, NAMES), "a stranger's folder beside the package"
    (home / "pyproject.toml").touch()
    assert run(home, NAMES) == f"visits {home}/profiles/visits.toml"

    wheel = home / "reviewcore" / "profile" / "shipped"
    wheel.mkdir()
    (wheel / "pqcr.toml").write_text(tomli_w.dumps({"profile": 1}))
    assert run(home, NAMES) == f"pqcr {wheel}/pqcr.toml"
