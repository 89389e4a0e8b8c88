"""What comes late, is corrected, or is tampered with, in a whole review."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import whole_review as whole
from attrs import evolve
from small_county import DICE, begin, letters, opened

from reviewcore import Review
from reviewcore.errors import BadInput, Refused

OTHER_DICE = "dice 271828182845904523536028"


@pytest.fixture(scope="module")
def interviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small county's folder when its tools are out and none is back."""
    root = tmp_path_factory.mktemp("interviewed")
    begin(root)
    whole.begun(root)
    return root


@pytest.fixture
def out(interviewed: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    shutil.copytree(interviewed, tmp_path / "county")
    return tmp_path / "county"


@pytest.fixture
def copy(birch: Review, tmp_path: Path) -> Path:
    """Return a copy of the small county's finished review."""
    shutil.copytree(birch.folder.parent, tmp_path / "county")
    return tmp_path / "county"


def tokens(review: Review) -> list[str]:
    """Return the tokens of all sessions, in order."""
    return sorted(one["token"] for one in whole.body(review, "interview.scheduled")["sessions"])


def other_answer(item: str) -> Callable[[str, Any], Any]:
    """Return a change that gives a rated question another answer."""

    def change(token: str, made: Any) -> Any:
        answer = "1" if made.answers.get(item) != "1" else "4"
        return evolve(made, answers={**made.answers, item: answer},
                      not_applicable={k: v for k, v in made.not_applicable.items() if k != item})  # fmt: skip

    return change


# -- answers ------------------------------------------------------------------------------------------


def test_a_corrected_workbook_replaces_the_first(out: Path) -> None:
    """If this fails, a team's correction is lost, or a session counts twice."""
    review = opened(out)
    whole.hand_back(review)
    review.interview()
    token, before = tokens(review)[0], whole.answers(review)
    whole.hand_back(review, token, change=other_answer("record-current"))
    review.interview()
    after = whole.answers(review)
    assert after[token]["answers"]["record-current"] != before[token]["answers"].get("record-current")
    assert {key: one for key, one in after.items() if key != token} == {
        key: one for key, one in before.items() if key != token
    }
    events = len(review.records.log.events())
    review.interview()
    assert len(review.records.log.events()) == events, "the same workbooks are taken in once"
    review.aggregate()
    (sample,) = (
        t
        for t in whole.body(review, "aggregation.tabulated")["publication"]["tables"]
        if t["key"] == "sample"
    )
    assert sample["rows"][0]["cells"] in ([["count", len(after)]], [["withheld", None]])


def test_a_late_correction_stays_out_of_what_was_published(copy: Path) -> None:
    """disclosure.md 3: if this fails, two versions of a report differ by one worker's answer."""
    review = opened(copy)
    before = whole.publications(review.folder)
    whole.hand_back(review, tokens(review)[0], change=other_answer("record-current"))
    review.interview()
    review.aggregate()
    review.report()
    assert whole.publications(review.folder) == before
    assert review.verify().wrong == ()


def test_a_few_late_answers_are_not_published(out: Path) -> None:
    """disclosure.md 3: if this fails, the second report less the first is what a few workers said."""
    review = opened(out)
    first, *late = tokens(review)
    k = max(review.profile.audiences.k(name) for name in review.profile.audiences.published())
    early, late = [first, *late[3:]], late[:3]
    assert len(late) < k
    whole.hand_back(review, *early)
    review.interview()
    review.aggregate()
    review.report()
    before, frozen = whole.publications(review.folder), whole.body(review, "aggregation.frozen")
    assert frozen["tokens"] == sorted(early)
    whole.hand_back(review, *late)
    review.interview()
    assert sorted(whole.answers(review)) == tokens(review)
    with pytest.raises(Refused, match=f"fewer than {k} further cases"):
        review.aggregate()
    review.report()
    assert whole.publications(review.folder) == before
    assert whole.body(review, "aggregation.frozen") == frozen


# -- the draw -----------------------------------------------------------------------------------------


def lost_case(folder: Path) -> None:
    """Take the last row that is not drawn, or any, from the case list, and tell the new total."""
    path, profile = folder / "cases.csv", folder / "review.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    total = len(lines) - 1
    text = profile.read_text(encoding="utf-8")
    assert f"control_total = {total}\n" in text
    profile.write_text(text.replace(f"control_total = {total}\n", f"control_total = {total - 1}\n"), "utf-8")


def new_quota(folder: Path) -> None:
    """Ask for fewer cases."""
    path = folder / "review.toml"
    text = path.read_text(encoding="utf-8")
    assert "quota = 3" in text
    path.write_text(text.replace("quota = 3", "quota = 2"), encoding="utf-8")


@pytest.mark.parametrize("change", [lost_case, new_quota])
def test_after_the_draw_nothing_it_was_made_from_may_change(
    out: Path, change: Callable[[Path], None]
) -> None:
    """PQCR-4: if this fails, the list or the plan can be fitted to the draw that one wishes for."""
    review = opened(out)
    drawn = whole.body(review, "selection.drawn")
    change(out / "review")
    with pytest.raises((Refused, BadInput)) as told:
        opened(out).select()
    assert "the case selection is already committed" in str(told.value) or "the draw has been made" in str(
        told.value
    )
    assert whole.body(opened(out), "selection.drawn") == drawn
    assert len(opened(out).records.log.events("selection.committed")) == 1


def test_a_second_seed_is_refused(out: Path) -> None:
    """If this fails, dice can be rolled until the cases please somebody."""
    review = opened(out)
    drawn = whole.body(review, "selection.drawn")
    with pytest.raises(Refused, match="another seed; a second draw is refused"):
        review.select([OTHER_DICE])
    review.select([DICE])
    assert whole.body(review, "selection.drawn") == drawn
    assert len(review.records.log.events("selection.drawn")) == 1


def test_a_quota_changed_before_the_draw_is_a_logged_attempt(tmp_path: Path) -> None:
    """If this fails, a list can be sealed again and again, and nobody sees it."""
    begin(tmp_path)
    opened(tmp_path).select()
    first = whole.body(opened(tmp_path), "selection.committed")["commitment"]
    new_quota(tmp_path / "review")
    opened(tmp_path).select()
    attempts = opened(tmp_path).records.log.events("selection.committed")
    assert len(attempts) == 2
    assert attempts[1].body is not None
    assert attempts[1].body["earlier"] == [first]
    paper = (tmp_path / "review/papers/selection/commitment-2.txt").read_text(encoding="utf-8")
    assert first in paper
    assert (tmp_path / "review/papers/selection/commitment.txt").is_file()
    review = opened(tmp_path)
    review.select([DICE])
    drawn, planned = whole.body(review, "selection.drawn"), whole.body(review, "aggregation.planned")
    assert drawn["commitment"] == attempts[1].body["commitment"]
    assert planned["planned"] == len(drawn["selected"]) == sum(attempts[1].body["quotas"].values())


# -- tampering ----------------------------------------------------------------------------------------


def sql(statement: str) -> Callable[[Path], None]:
    """Return a change of the log's database by hand."""

    def change(folder: Path) -> None:
        with sqlite3.connect(folder / "review.db") as database:
            assert database.execute(statement).rowcount > 0
        database.close()

    return change


def touched(pattern: str) -> Callable[[Path], None]:
    """Return a change of one byte of a file."""

    def change(folder: Path) -> None:
        path = next(folder.glob(pattern))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    return change


def lost(pattern: str) -> Callable[[Path], None]:
    """Return a change that loses a file."""
    return lambda folder: next(folder.glob(pattern)).unlink()


TAMPERINGS = {
    "an answer": sql(
        'update events set body = replace(body, \'"record-current":"\', \'"record-current":"1\')'
    ),
    "a time": sql("update events set at = '2026-01-01T00:00:00Z' where kind = 'selection.drawn'"),
    "an actor": sql("update events set actor = 'nobody' where seq = 3"),
    "an event lost": sql("delete from events where seq = 5"),
    "a draw": sql(
        "update events set body = replace(body, '\"place\":1', '\"place\":2') where kind = 'selection.drawn'"
    ),
    "a page": touched("publications/agency/1/report.html"),
    "a document": touched("publications/state/1/report.docx"),
    "a table": touched("publications/state/1/report.json"),
    "a page lost": lost("publications/agency/1/summary.html"),
    "the sealed list's paper": touched("papers/selection/commitment.txt"),
    "the draw's paper": touched("papers/selection/result.txt"),
    "the schedule": touched("papers/schedule/schedule.xlsx"),
    "a session's workbook": touched("papers/sessions/*.xlsx"),
    "the draw's paper lost": lost("papers/selection/result.txt"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(copy: Path, what: str) -> None:
    """If this fails, somebody can change what was drawn or published, and the review still verifies."""
    assert opened(copy).verify().wrong == ()
    TAMPERINGS[what](copy / "review")
    assert opened(copy).verify().wrong


# -- promises -----------------------------------------------------------------------------------------


def test_letters_withdrawn_before_they_left_break_no_promise(tmp_path: Path) -> None:
    """PQCR-8: if this fails, a letter that was never meant to leave keeps the promise from being kept."""
    begin(tmp_path)
    profile = tmp_path / "review/review.toml"
    text = profile.read_text(encoding="utf-8")
    assert "contracted = true" in text
    profile.write_text(text.replace("contracted = true", "contracted = false"), encoding="utf-8")
    review = opened(tmp_path)
    review.select()
    review.notify()
    profile.write_text(text, encoding="utf-8")
    review = opened(tmp_path)
    review.select()
    letters(review)
    assert any(e.body["withdrawn"] for e in review.records.log.events("letters.drafted") if e.body)
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    (told,) = (one for one in review.status().promises if one.key == "told")
    assert told.standing == "kept", told.evidence


@pytest.mark.parametrize(
    ("hour", "standing"), [("2027-11-15T07:30:00Z", "kept"), ("2027-11-15T08:30:00Z", "broken")]
)
def test_the_last_day_ends_when_the_county_s_clock_says_so(out: Path, hour: str, standing: str) -> None:
    """PQCR-11: if this fails, a report published on the evening of its last day counts as late, or a late one not."""
    review = opened(out)
    assert ("the report is due", "2027-11-14") in review.status().due
    whole.hand_back(review)
    late = Review.open(out / "review", keys=out / "keys", clock=lambda: datetime.fromisoformat(hour))
    late.run()
    (told,) = (one for one in late.status().promises if one.key == "on time")
    assert told.standing == standing, told.evidence
