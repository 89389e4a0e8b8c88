"""Notes are coded for themes by two people apart; their agreement is told; codes merge, and come apart again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from reviewcore import Review
from reviewcore.coding.values import Coded, alpha, coded
from reviewcore.demo.run import return_tools
from reviewcore.errors import BadInput, Refused
from tests.review.small_county import DICE, begin, letters, opened

Choose = Callable[[int, int], bool]


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small county whose tools are all taken in, and whose notes two people code."""
    root = tmp_path_factory.mktemp("coding")
    begin(root)
    profile = root / "review/review.toml"
    profile.write_text(profile.read_text(encoding="utf-8") + "\n[themes]\ncoders = 2\n", encoding="utf-8")
    review = opened(root)
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    review.interview()
    return_tools(review)
    review.interview()
    return root


@pytest.fixture
def county(taken_in: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    import shutil

    shutil.copytree(taken_in, tmp_path / "county")
    return tmp_path / "county"


def hand_in(review: Review, coder: str, choose: Choose, spoil: tuple[str, object] | None = None) -> None:
    """Fill a coder's sheet in as a person would: an x where `choose` says so, by row and column."""
    book = load_workbook(review.folder / f"papers/coding/coder-{coder}.xlsx")
    sheet = book["Coding"]
    for row in range(3, sheet.max_row + 1):
        for column in range(4, sheet.max_column + 1):
            if choose(row, column):
                sheet.cell(row, column).value = "x"
    if spoil:
        sheet[spoil[0]].value = spoil[1]
    made = BytesIO()
    book.save(made)
    place = review.folder / "returned/coding"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{coder}.xlsx").write_bytes(made.getvalue())


def sheet_of(county: Path) -> Any:
    """Return the sheet of the first coder as it was handed out."""
    return load_workbook(county / "review/papers/coding/coder-a.xlsx")["Coding"]


def test_two_code_apart_and_learn_how_far_they_agree(county: Path) -> None:
    """If this fails, nobody can tell whether themes are in the notes or in one reader's eye."""
    review = opened(county)
    first = review.code()
    assert first.waits
    assert sorted(path.name for path in (county / "review/papers/coding").iterdir()) == [
        "coder-a.xlsx",
        "coder-b.xlsx",
    ]
    hand_in(review, "a", lambda row, column: row % 3 == 0)
    assert "1 of 2 coding sheets taken in" in review.code().did
    assert coded(review.records.log).voiced() == {}
    hand_in(review, "b", lambda row, column: row % 3 == 0)
    done = review.code()
    assert not done.waits
    assert any("alpha 1.00" in line for line in done.did)
    events = len(review.records.log.events())
    review.code()
    assert len(review.records.log.events()) == events
    hand_in(review, "b", lambda row, column: row % 3 == 1)
    assert any("least agreed on" in line for line in review.code().did)


def test_what_both_marked_becomes_a_theme(county: Path) -> None:
    """If this fails, themes that were found in the notes are lost, or one coder alone decides."""
    review = opened(county)
    review.code()
    hand_in(review, "a", lambda row, column: column == 4)
    hand_in(review, "b", lambda row, column: column in (4, 5))
    review.code()
    log = review.records.log
    ((themes, found),) = coded(log).voiced().items()
    assert len(found) == 1
    sessions = {event.body["token"] for event in log.events("interview.answered") if event.body}
    assert next(iter(found.values())) <= sessions
    review.aggregate()
    (told,) = [body["publication"]["themes"] for event in log.events("aggregation.tabulated")
               if (body := event.body) and body["audience"] == "agency"]  # fmt: skip
    (listed,) = [[code for code, _ in one["themes"]] for one in told if one["key"] == themes]
    assert next(iter(found)) in listed


def test_codes_merge_and_come_apart_again(county: Path) -> None:
    """If this fails, two names for one theme stay two, or a slip in merging cannot be mended."""
    review = opened(county)
    review.code()
    hand_in(review, "a", lambda row, column: column == 4)
    hand_in(review, "b", lambda row, column: column == 5)
    review.code()
    log = review.records.log
    assert coded(log).voiced() == {}
    one, two = (sheet_of(county).cell(1, column).value for column in (4, 5))
    said = review.code(merge=str(one), into=str(two).rpartition("/")[2])
    assert any("merged into" in line for line in said.did)
    assert coded(log).voiced()
    with pytest.raises(Refused, match="already"):
        review.code(merge=str(two), into=str(one))
    review.code(undo=True)
    assert coded(log).voiced() == {}
    with pytest.raises(Refused, match="nothing to undo"):
        review.code(undo=True)
    with pytest.raises(Refused, match="no code"):
        review.code(merge="strengths/nonsense", into="other")


def test_the_codebook_goes_to_other_programs_and_holds_no_note(county: Path, tmp_path: Path) -> None:
    """If this fails, MAXQDA and NVivo do not read the codebook, or notes leave with it."""
    review = opened(county)
    review.code()
    review.code(export=tmp_path / "book.qdc")
    root = ElementTree.fromstring((tmp_path / "book.qdc").read_bytes())
    space = "{urn:QDA-XML:codebook:1.0}"
    assert root.tag == f"{space}CodeBook"
    names = [one.get("name") for one in root.iter(f"{space}Code") if one.get("isCodable") == "true"]
    assert len({one.get("guid") for one in root.iter(f"{space}Code")}) == len(list(root.iter(f"{space}Code")))
    review.code(export=tmp_path / "book.csv")
    lines = list(csv.reader(StringIO((tmp_path / "book.csv").read_text(encoding="utf-8-sig"))))
    assert [line[3] for line in lines[1:]] == names
    texts = [str(row[2].value) for row in sheet_of(county).iter_rows(min_row=3)]
    exported = (tmp_path / "book.qdc").read_text(encoding="utf-8") + (tmp_path / "book.csv").read_text(
        encoding="utf-8"
    )
    assert texts
    assert not [text for text in texts if text in exported]
    with pytest.raises(Refused, match="qdc"):
        review.code(export=tmp_path / "book.docx")


def test_a_sheet_with_mistakes_is_told_by_cell_and_the_others_are_taken_in(county: Path) -> None:
    """If this fails, a slip loses a coder's work, or is counted as something else."""
    review = opened(county)
    review.code()
    hand_in(review, "a", lambda row, column: column == 4, ("E3", "perhaps"))
    hand_in(review, "b", lambda row, column: column == 4)
    with pytest.raises(BadInput) as caught:
        review.code()
    assert [str(one) for one in caught.value.problems] == [
        "a.xlsx sheet Coding cell E3: this is no mark: put an x, or leave the cell empty"
    ]
    assert list(coded(review.records.log).marks) == ["b"]
    hand_in(review, "a", lambda row, column: False, ("A3", "other"))
    with pytest.raises(BadInput, match=r"1 of \d+ notes are missing"):
        review.code()
    (county / "review/returned/coding/a.xlsx").write_bytes(b"no workbook")
    with pytest.raises(BadInput, match="not a whole coding sheet"):
        review.code()


def test_a_sheet_of_notes_that_have_changed_is_told(county: Path) -> None:
    """If this fails, marks made on one note are counted for another."""
    review = opened(county)
    review.code()
    hand_in(review, "a", lambda row, column: True)
    first = sheet_of(county).cell(3, 1).value
    vault = review._vault(review._open())
    vault.put("note", str(first), {"text": "Another note altogether."})
    with pytest.raises(BadInput, match="have changed"):
        review.code()


def test_without_coders_it_says_what_to_set(taken_in: Path, tmp_path: Path) -> None:
    """If this fails, a county waits for sheets that nobody writes."""
    import shutil

    shutil.copytree(taken_in, tmp_path / "county")
    profile = tmp_path / "county/review/review.toml"
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("\n[themes]\ncoders = 2\n", ""), encoding="utf-8"
    )
    review = opened(tmp_path / "county")
    with pytest.raises(Refused, match=r"\[themes\]"):
        review.code()


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_agreement_is_what_krippendorff_defines(pairs: list[tuple[bool, bool]]) -> None:
    """If this fails, coders are told that they agree where they do not. Reckoned here from the definition."""
    values = [value for pair in pairs for value in pair]
    n = len(values)
    observed = sum(a != b for a, b in pairs) / len(pairs)
    different = sum(values[i] != values[j] for i in range(n) for j in range(n) if i != j)
    expected = different / (n * (n - 1))
    got = alpha(pairs)
    assert (got is None) == (expected == 0)
    if got is not None:
        assert got == pytest.approx(1 - observed / expected)


def test_merging_in_a_circle_ends() -> None:
    """If this fails, two codes merged into each other stop the review."""
    now = Coded(1, {}, {}, {("l", "a"): ("l", "b"), ("l", "b"): ("l", "a")})
    assert now.standing(("l", "a")) in {("l", "a"), ("l", "b")}
