"""A whole in-service on a made-up agency, from extracts to the report after the session."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from small_agency import ATTENDED, CLINICS, before, begin, changed, journey, opened
from test_review_killed_anywhere import in_child

from reviewcore.errors import Blocked, Refused
from reviewcore.review import Review
from reviewcore.store import points


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the whole review once."""
    root = tmp_path_factory.mktemp("fir")
    begin(root)
    journey(root)
    return root


def publication(root: Path, audience: str, number: int, folder: str = "review") -> dict[str, object]:
    """Return a publication as its file for machines has it."""
    path = root / folder / "publications" / audience / str(number) / "report.json"
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def text_of(path: Path) -> str:
    """Return the words of a Word document."""
    with ZipFile(path) as package:
        return re.sub(r"<[^>]+>", " ", package.read("word/document.xml").decode())


def test_everything_verifies_and_every_promise_is_kept(done: Path) -> None:
    """CAS-1: if this fails, the in-service leaves a promise open that it has kept, or one of a draw."""
    review = opened(done)
    assert review.verify().wrong == ()
    assert {one.key: one.standing for one in review.status().promises} == {
        "invited": "kept", "told": "kept", "aggregate": "kept", "on time": "kept",
    }  # fmt: skip
    said = " ".join(line for step in review.status().stages for line in (*step.did, *step.waits))
    assert "cases" not in said
    assert "everyone is invited, and nobody is drawn (staff " in said


def test_closing_takes_the_list_of_staff_and_leaves_the_counts(done: Path) -> None:
    """If this fails, the staff stand by name in a closed folder, or the agency's own extracts are gone."""
    said = opened(done).close(dry_run=True).did
    assert [one for one in said if "a list of persons" in one] == ["people.csv: a list of persons, to delete"]
    assert any("left where they are" in one and "participation.csv" in one for one in said)


def test_the_reports_are_there_before_the_session_and_the_themes_after_it(done: Path) -> None:
    """CAS-3, CAS-9: if this fails, the session has no figures, or the report after it has other ones."""
    for audience in ("agency", "state"):
        first, second = (publication(done, audience, number) for number in (1, 2))
        assert first["tables"] == second["tables"]
        assert all(one["themes"] == [] for one in first["themes"])  # type: ignore[attr-defined]
        assert any(one["themes"] for one in second["themes"])  # type: ignore[attr-defined]


def test_the_reports_before_the_session_are_not_the_final_report(tmp_path: Path) -> None:
    """If this fails, a review counts as reported on before the session was held."""
    begin(tmp_path)
    review = before(tmp_path)
    assert {one.key: one.standing for one in review.status().promises}["on time"] == "not yet"
    stages = {one.stage: one for one in review.status().stages}
    assert stages["interview"].waits == (
        "1 record of the session: put the workbook into `returned`, then `reviewcore run`",
    )
    assert stages["aggregate"].did[0] == "tables made of the extracts before the session was held"


def test_the_groups_paper_has_what_it_put_up_and_no_report_has(done: Path) -> None:
    """CAS-5, CAS-8: if this fails, the group's goal and plan are lost, or are read by the state."""
    (paper,) = (done / "review" / "papers" / "plans").iterdir()
    said = text_of(paper)
    for words in (
        "within three months",
        "Call everyone who missed an appointment",
        "second Tuesday",
        "Wednesday, October 6",
    ):
        assert words in said
    for file in (done / "review" / "publications").rglob("*.*"):
        told = (
            text_of(file)
            if file.suffix == ".docx"
            else file.read_text("utf-8")
            if file.suffix in (".html", ".json")
            else ""
        )
        assert "Call everyone who missed" not in told


def test_the_guide_is_timed_to_the_two_hours_of_the_profile(done: Path) -> None:
    """CAS-2: if this fails, the agenda is not that of the meeting."""
    (paper,) = (done / "review" / "papers" / "guides").iterdir()
    said = " ".join(text_of(paper).split())
    assert "1:00 p.m. to 3:00 p.m." in said
    minutes = [int(one) for one in re.findall(r"\((\d+) minutes\)", said)]
    assert len(minutes) == 8
    assert sum(minutes) == 120


def test_what_is_published_follows_from_the_extract_by_hand(done: Path) -> None:
    """CAS-3: if this fails, a printed count is not the sum of the extract's own rows."""
    with (done / "review" / "participation.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["clinic"] in CLINICS and row["month"] == "2027-01"]
    (table,) = (one for one in publication(done, "agency", 2)["tables"] if one["key"] == "caseload-by-clinic")  # type: ignore[attr-defined]
    keys = [one["key"] for one in table["columns"]]
    printed = 0
    for row in table["rows"]:
        for column in ("certified", "participating"):
            cell = row["cells"][keys.index(column)]
            true = sum(int(one[column]) for one in rows if row["key"] in ("all", one["clinic"]))
            assert cell["value"] in (true, None)
            printed += cell["value"] is not None
    assert printed >= 4


def test_what_check_says(tmp_path: Path) -> None:
    """CAS-2: if this fails, the coordinator does not see beforehand what there will be to see."""
    begin(tmp_path)
    said = opened(tmp_path).check().did
    assert said[1] == "everyone is invited: staff 19"
    assert "agenda of 120 minutes (planned for 180):" in said
    assert "  1:00 p.m., 10 minutes: Opening" in said
    assert any(line.startswith("participation: 6 months, from October 2026 (closeout)") for line in said)
    assert any(re.fullmatch(r"state, Month by month: (all )?\d+.* figures", line) for line in said)
    assert not any("cases" in line for line in said)
    assert not (tmp_path / "review" / "review.db").exists()


# -- a month that is restated -------------------------------------------------------------------------


def again(root: Path, change: dict[tuple[str, ...], dict[str, int]]) -> Review:
    """Begin a second review of the same agency, whose extract says otherwise of some rows, and run it."""
    folder = begin(root, "fir-2028")
    changed(folder, "participation.csv", change)
    return before(root, "fir-2028")


@pytest.fixture
def first(done: Path, tmp_path: Path) -> Path:
    """Return a copy of the agency after its first review."""
    shutil.copytree(done, tmp_path / "fir")
    return tmp_path / "fir"


def months(root: Path, folder: str = "review") -> dict[str, list[object]]:
    """Return the printed values of the table of months, a row for each."""
    number = 2 if folder == "review" else 1
    (table,) = (
        one for one in publication(root, "agency", number, folder)["tables"] if one["key"] == "months"
    )  # type: ignore[attr-defined]
    return {row["key"]: [cell["value"] for cell in row["cells"]] for row in table["rows"]}


def test_the_same_figures_are_told_again(first: Path) -> None:
    """If this fails, an agency cannot hold a second session on the months of the first."""
    again(first, {})
    assert months(first, "fir-2028") == months(first)


def test_a_month_that_moved_by_few_is_withheld_and_the_others_are_told(first: Path) -> None:
    """If this fails, two reports side by side tell of the two families who came in late."""
    again(first, {("Firth", "2027-03", "issued", "child", "V"): {"participating": 2, "issued": 2}})
    then, now = months(first), months(first, "fir-2028")
    assert any(value is not None for value in then["2027-03"])
    assert [value for value in now["2027-03"][1:] if value is not None] == []  # all but the assigned
    assert {key: row for key, row in now.items() if key != "2027-03"} == {
        key: row for key, row in then.items() if key != "2027-03"
    }


def test_a_month_that_moved_by_many_is_told_anew(first: Path) -> None:
    """If this fails, a month that has settled is never told as it settled."""
    again(
        first,
        {("Firth", "2027-03", "issued", "child", "V"): {"certified": 40, "participating": 25, "issued": 25}},
    )
    then, now = months(first), months(first, "fir-2028")
    assert now["2027-03"][1] == int(str(then["2027-03"][1])) + 40


def test_where_the_tables_month_itself_moved_by_few_nothing_goes_out(first: Path) -> None:
    """If this fails, the tables by clinic tell of a few families beside those of the first review."""
    with pytest.raises(Blocked, match=r"January 2027 \(closeout\).*Wait for a month.*narrower audience"):
        again(first, {("Firth", "2027-01", "closeout", "child", "V"): {"participating": 1, "issued": 1}})
    review = opened(first, "fir-2028")
    assert review.records.log.last("aggregation.tabulated") is None
    assert all(entry.review != "fir-2028" for entry in review._open().ledger.entries())


def test_planted_offender_a_ledger_that_forgets_would_let_it_out(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, the tests above pass whether or not anything is remembered."""
    monkeypatch.setattr("reviewcore.disclosure.stage.restated", lambda *_, **__: frozenset())
    again(first, {("Firth", "2027-03", "issued", "child", "V"): {"participating": 2, "issued": 2}})
    assert months(first, "fir-2028")["2027-03"][2] == int(str(months(first)["2027-03"][2])) + 2


def test_an_extract_cannot_change_once_tables_are_made(first: Path) -> None:
    """If this fails, the report after the session has other figures than the session had."""
    changed(
        first / "review",
        "participation.csv",
        {("Firth", "2027-01", "closeout", "child", "V"): {"certified": 50}},
    )
    with pytest.raises(
        Refused, match="an extract has changed since; put it back as it was, or begin a new review"
    ):
        opened(first).run()


# -- killed at any write ------------------------------------------------------------------------------

STEPS = 5
"""A process makes so many writes before it is killed; the next one goes on."""


def killed(root: Path, after: int) -> Callable[[], None]:
    """Return a run that is killed before it has made its write number `after`."""

    def run() -> None:
        passed = 0

        def count(what: str) -> None:
            nonlocal passed
            passed += 1
            if passed == after:
                os.kill(os.getpid(), signal.SIGKILL)

        points.about_to = count
        journey(root)

    return run


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not to be had on Windows")
def test_an_in_service_killed_again_and_again_ends_the_same(tmp_path: Path) -> None:
    """If this fails, a power cut loses a report of the in-service, or makes it twice."""
    begin(tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "killed")
    writes: list[str] = []
    stand_in, points.about_to = points.about_to, writes.append
    try:
        journey(tmp_path / "whole")
    finally:
        points.about_to = stand_in
    ends = []
    while not ends or ends[-1]:
        assert len(ends) <= len(writes), "a write is made again and again"
        ends.append(in_child(killed(tmp_path / "killed", max(STEPS, len(writes) // 12))))
    assert len(ends) > 8

    def left(root: Path) -> dict[str, bytes]:
        folder = root / "review"
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for part in ("papers", "publications")
            for path in sorted((folder / part).rglob("*"))
            if path.is_file()
        }

    assert left(tmp_path / "killed") == left(tmp_path / "whole")
    assert ATTENDED > 11  # or the state would be told no themes, and the comparison would be of less
