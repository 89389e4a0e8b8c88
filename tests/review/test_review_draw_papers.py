"""The draw of a whole review: its papers by whoever holds them, replacements, and what must leave no trace."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import whole_review as whole
from small_county import DICE, NOW, begin, letters, opened

from reviewcore import Review
from reviewcore.errors import BadInput, Blocked, Refused

ACTOR = "second"


def second(root: Path) -> Review:
    """The review, opened by somebody else."""
    return Review.open(root / "review", keys=root / "keys", clock=lambda: NOW, actor=ACTOR)


@pytest.fixture(scope="module")
def drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small county whose cases are drawn; the letters about them are written and not handed over."""
    root = tmp_path_factory.mktemp("drawn")
    begin(root)
    review = opened(root)
    review.select()
    letters(review)
    review.select([DICE])
    review.notify()
    return root


@pytest.fixture
def root(drawn_once: Path, tmp_path: Path) -> Path:
    """A copy of that county."""
    shutil.copytree(drawn_once, tmp_path / "county")
    return tmp_path / "county"


def case_ids(review: Review) -> list[str]:
    """The ids of the cases that stand, in the order of the draw."""
    from reviewcore.selection.stage import state

    known = whole.cases_by_pseudonym(review)
    return [known[one.row.case]["case_id"] for one in state(review.records.log).selected]


def checked(folder: Path, alone: Path) -> str:
    """What the verifier says of papers that were copied into an empty folder."""
    shutil.copytree(folder, alone)
    command = [sys.executable, "-I", "-S", "verify.py", "."]
    done = subprocess.run(command, cwd=alone, capture_output=True, text=True, timeout=60, env={})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# -- the papers, by reader --------------------------------------------------------------------------------


def test_everybody_checks_the_papers_that_they_hold(root: Path, tmp_path: Path) -> None:
    """If this fails, the union, a witness, an auditor or a worker holds papers that say nothing to them."""
    review, papers = opened(root), root / "review/papers/selection"
    own = case_ids(review)[0]
    review.open_lines()
    review.open_lines(own)
    (mine,) = papers.glob("case-*")
    assert "the draw: " in checked(papers / "public", tmp_path / "public")
    assert "the account: " in checked(papers / "witness", tmp_path / "witness")
    assert "the openings: " in checked(papers / "auditor", tmp_path / "auditor")
    assert "your case: it was on the sealed list" in (said := checked(mine, tmp_path / "mine"))
    assert "it was drawn" in said
    events = len(review.records.log.events())
    review.open_lines(own)
    assert len(review.records.log.events()) == events, "the same papers are on record once"


def test_no_paper_of_the_public_or_a_witness_names_a_case_or_a_person(root: Path) -> None:
    """If this fails, the sealed list is not sealed."""
    review = opened(root)
    review.open_lines()
    ids = {one["case_id"] for one in whole.cases_by_pseudonym(review).values()}
    ids |= {one["person_id"] for one in whole.people_by_pseudonym(review).values()}
    names = {one["name"] for one in whole.people_by_pseudonym(review).values()}
    for who in ("public", "witness"):
        for path in (root / "review/papers/selection" / who).glob("*.json"):
            said = path.read_text(encoding="utf-8")
            assert not [one for one in ids | names if f'"{one}"' in said], path.name
    opened_lines = (root / "review/papers/selection/auditor/openings.json").read_text(encoding="utf-8")
    assert any(f'"{one}"' in opened_lines for one in ids)


def test_an_id_that_is_not_listed_is_not_opened(root: Path) -> None:
    """If this fails, somebody is told of a case that is not theirs, or an id is repeated in a message."""
    with pytest.raises(Refused, match="no case with this id was listed") as told:
        opened(root).open_lines("no-such-case")
    assert "no-such-case" not in str(told.value)


def test_a_changed_paper_is_found_whichever_it_is(root: Path) -> None:
    """If this fails, an earlier paper, a letter or an opening can be exchanged, and the review still verifies."""
    review = opened(root)
    profile = root / "review/review.toml"
    review.open_lines()
    assert review.verify().wrong == ()
    paths = [one for one in (root / "review/papers").rglob("*") if one.is_file()]
    assert len(paths) > 25
    for path in paths:
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert any(path.name in line for line in opened(root).verify().wrong), path
        path.write_bytes(before)
    assert profile.exists()
    assert opened(root).verify().wrong == ()


def test_papers_of_an_attempt_that_was_set_aside_are_still_verified(tmp_path: Path) -> None:
    """If this fails, the first commitment, which the union holds, can be exchanged unseen."""
    begin(tmp_path)
    opened(tmp_path).select()
    profile = tmp_path / "review/review.toml"
    profile.write_text(profile.read_text().replace("quota = 3", "quota = 2"))
    opened(tmp_path).select()
    opened(tmp_path).select([DICE])
    papers = tmp_path / "review/papers/selection"
    assert (papers / "public-2/draw.json").is_file()
    assert not (papers / "public/draw.json").exists()
    for name in ("commitment.txt", "public/commitment.json", "witness/ledger.json"):
        before = (papers / name).read_bytes()
        (papers / name).write_bytes(before + b" ")
        assert any(f"selection/{name}: changed" in line for line in opened(tmp_path).verify().wrong), name
        (papers / name).write_bytes(before)
    first = json.loads((papers / "public/commitment.json").read_bytes())["commitment"]
    assert json.loads((papers / "public-2/commitment.json").read_bytes())["fields"]["earlier"] == [first]


def test_a_second_draw_is_on_record_for_good(root: Path) -> None:
    """If this fails, dice can be tried in secret until the cases please (section 4, point 5)."""
    review = opened(root)
    other = "dice 271828182845904523536028"
    for _ in range(2):
        with pytest.raises(Refused, match="this one is on record"):
            review.select([other])
    (event,) = review.records.log.events("selection.refused")
    assert event.body == {"seed_lines": [other]}
    (kept,) = (one for one in review.status().promises if one.key == "sealed")
    assert "draws tried again with another seed, and refused: 1" in kept.evidence


# -- replacements ------------------------------------------------------------------------------------------


def test_a_case_is_eliminated_by_two_persons_and_the_next_one_comes_in(root: Path) -> None:
    """If this fails, one person alone can take a case out, or nobody comes in, or the wrong one is written to."""
    review = opened(root)
    before = case_ids(review)
    gone = before[0]
    step = review.eliminate(gone, "declined")
    assert any("countersigned by somebody else" in line for line in step.waits)
    assert case_ids(review) == before
    with pytest.raises(Blocked, match="takes two persons"):
        review.countersign(gone)
    step = second(root).countersign(gone)
    after = case_ids(opened(root))
    assert after[: len(before) - 1] == before[1:]
    assert len(after) == len(before)
    assert any("1 eliminated since, 1 came in" in line for line in step.did)
    assert any("responded" in line for line in step.did)
    review = opened(root)
    letters(review)
    told = {one["case"] for one in sent(review) if one["case"]}
    known = whole.cases_by_pseudonym(review)
    assert {known[case]["case_id"] for case in told} == set(after)
    review.interview()
    held = {known[one["case"]]["case_id"] for one in whole.body(review, "interview.scheduled")["sessions"]}
    assert held == set(after)
    assert review.verify().wrong == ()
    kept = {one.key: one.standing for one in review.status().promises}
    assert (kept["cap"], kept["sealed"]) == ("kept", "kept")


def sent(review: Review) -> list[dict[str, str]]:
    """The letters about cases that were handed over."""
    from reviewcore.notification.stage import state

    return [{"case": one.case or ""} for one in state(review.records.log).handed_over()]


def test_a_profile_can_ask_for_new_dice_for_each_batch_of_replacements(tmp_path: Path) -> None:
    """If this fails, whoever keeps the list can drop a case for the sake of the next, which they know (section 3)."""
    begin(tmp_path)
    profile = tmp_path / "review/review.toml"
    profile.write_text(profile.read_text().replace("[agency]", 'replacements = "new dice"\n\n[agency]', 1))
    review = opened(tmp_path)
    review.select()
    review.select([DICE])
    gone, *rest = case_ids(review)
    review.eliminate(gone, "declined")
    step = second(tmp_path).countersign(gone)
    assert any(line.startswith("new dice (dice 24) for 1 eliminated case") for line in step.waits)
    assert case_ids(opened(tmp_path)) == [gone, *rest]
    step = opened(tmp_path).select(["dice 271828182845904523536028"])
    assert case_ids(opened(tmp_path))[:-1] == rest
    assert any("approached" in line and "responded" in line for line in step.did)
    assert "selection/witness/replacement-001.json" in str(
        opened(tmp_path).records.log.events("selection.replaced")[-1].body
    )
    alone = checked(tmp_path / "review/papers/selection/witness", tmp_path / "alone")
    assert "replacement" in alone


def test_eliminating_again_or_what_does_not_stand_is_told(root: Path) -> None:
    """If this fails, a slip of the hand takes another case out, or a repeated command a second one."""
    review = opened(root)
    gone = case_ids(review)[0]
    for case, reason, words in (
        ("no-such-case", "declined", "none of the cases that were drawn and stand"),
        (gone, "inconvenient", "this is no reason to eliminate a case"),
        (gone, "declned", "did you mean 'declined'"),
    ):
        with pytest.raises(Refused, match=words) as told:
            review.eliminate(case, reason)
        assert case not in str(told.value)
    with pytest.raises(Refused, match="nobody has asked"):
        review.countersign(gone)
    review.eliminate(gone, "declined")
    review.eliminate(gone, "declined")
    with pytest.raises(Refused, match="already, for another reason"):
        review.eliminate(gone, "safety")
    second(root).countersign(gone)
    events = len(opened(root).records.log.events())
    second(root).countersign(gone)
    assert len(opened(root).records.log.events()) == events
    with pytest.raises(Refused, match="none of the cases that were drawn and stand"):
        opened(root).eliminate(gone, "declined")


def test_a_case_whose_answers_are_in_is_not_eliminated(root: Path) -> None:
    """If this fails, a case can be taken out for what was answered."""
    review = opened(root)
    letters(review)
    review.interview()
    whole.hand_back(review)
    review.interview()
    with pytest.raises(Refused, match="its answers are in"):
        review.eliminate(case_ids(review)[0], "declined")


def test_a_countersignature_that_is_cut_off_ends_the_same(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, a crash leaves a case eliminated and nobody in its place, or brings in two."""
    from reviewcore.store import points

    gone = case_ids(opened(root))[0]
    opened(root).eliminate(gone, "declined")
    shutil.copytree(root, tmp_path / "cut")
    second(root).countersign(gone)

    for stop in ("file", "event"):
        cut = second(tmp_path / "cut")

        def die(what: str, stop: str = stop) -> None:
            if what.startswith(stop):
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(points, "about_to", die)
            with pytest.raises(KeyboardInterrupt):
                cut.countersign(gone)
    second(tmp_path / "cut").countersign(gone)
    assert case_ids(opened(tmp_path / "cut")) == case_ids(opened(root))
    one, other = (
        [event.body for event in opened(where).records.log.events()] for where in (root, tmp_path / "cut")
    )
    assert one == other


# -- what leaves no trace, and what is no change -----------------------------------------------------------


@pytest.mark.parametrize("command", ["select", "notify"])
def test_a_bad_list_leaves_no_store_and_no_key_behind(tmp_path: Path, command: str) -> None:
    """If this fails, a folder in which nothing has begun looks as if something had."""
    begin(tmp_path)
    cases = tmp_path / "review/cases.csv"
    cases.write_text(cases.read_text().replace("child-welfare", "parole", 1))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput):
        getattr(opened(tmp_path), command)()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_list_that_was_sorted_after_sealing_is_the_same_list(root: Path) -> None:
    """If this fails, whoever sorts the spreadsheet is told that the list has changed."""
    cases = root / "review/cases.csv"
    head, *rows = cases.read_text().splitlines(keepends=True)
    cases.write_text("".join([head, *sorted(rows, reverse=True)]))
    review = opened(root)
    review.select([DICE])
    review.select()
    assert len(review.records.log.events("selection.committed")) == 1
    assert review.verify().wrong == ()


def test_the_same_list_as_csv_and_as_a_workbook_is_sealed_alike(tmp_path: Path) -> None:
    """If this fails, whoever saves the list in another format makes another draw (invariant 5)."""
    from tests.docs.bad_inputs import as_workbook, rows_of

    sealed = []
    for name in ("csv", "xlsx"):
        root = tmp_path / name
        begin(root)
        if name == "xlsx":
            with rows_of(root, "cases.csv") as rows:
                made: list[list[object]] = [list(row) for row in rows]
            as_workbook(root, "cases.csv", made)
        opened(root).select()
        sealed.append(whole.body(opened(root), "selection.committed")["commitment"])
    assert sealed[0] == sealed[1]
