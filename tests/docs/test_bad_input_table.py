"""The page on bad input says what reviewcore says, and every row of it has its test."""

from __future__ import annotations

import ast
import csv
import re
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from attrs import frozen

from reviewcore.demo.run import return_tools
from tests.cli.command_line import kept
from tests.docs.bad_inputs import BAD
from tests.review import small_agency
from tests.review.small_county import DICE, begin, letters, opened

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "bad-input.md"


@frozen
class Row:
    """One row of the page."""

    wrong: str
    says: str
    do: str
    test: str


def rows_in(text: str) -> dict[str, Row]:
    """Return the rows of every table of a page by what is wrong."""
    found = [Row(*(cell.strip() for cell in line.strip("|").split(" | "))) for line in text.splitlines()
             if line.startswith("| ") and not line.startswith("| What is wrong")]  # fmt: skip
    assert len({row.wrong for row in found}) == len(found), "a row stands twice"
    return {row.wrong: row for row in found}


ROWS = rows_in(PAGE.read_text(encoding="utf-8"))


def quoted(cell: str) -> str:
    """Return the message in a cell, without the marks that set it as code."""
    found = re.fullmatch(r"(`+)(.+)\1", cell)
    assert found, cell
    return found[2]


def says(message: str, words: str) -> bool:
    """Return whether a line of what was said is the message, where each … may stand for anything."""
    pattern = ".*".join(map(re.escape, message.split("…")))
    lead = "the letters of this review type: "
    return any(re.fullmatch(pattern, line.removeprefix(lead)) for line in words.splitlines())


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small county once for each stage that a bad input meets."""
    root = tmp_path_factory.mktemp("counties")
    begin(root / "fresh")
    shutil.copytree(root / "fresh", root / "sealed")
    review = opened(root / "sealed")
    review.select()
    letters(review)
    shutil.copytree(root / "sealed", root / "interviewing")
    review = opened(root / "interviewing")
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    return_tools(review)
    small_agency.begin(root / "in-service")
    return root


def personal(root: Path) -> set[str]:
    """Return every name, address and id on a county's lists."""
    found = set()
    for name, columns in (("people.csv", (0, 1, 2)), ("cases.csv", (0, 1, 2))):
        if not (root / "review" / name).exists():  # extracts are of nobody
            continue
        with (root / "review" / name).open(newline="", encoding="utf-8") as file:
            _, *rows = csv.reader(file)
        found |= {row[column] for row in rows for column in columns if row[column]}
    return found


@pytest.mark.parametrize("wrong", BAD)
def test_the_page_says_what_reviewcore_says(wrong: str, counties: Path, tmp_path: Path) -> None:
    """If this fails, somebody looks up a message and finds another, or bad input leaves something behind."""
    row, bad = ROWS[wrong], BAD[wrong]
    root = tmp_path / "county"
    shutil.copytree(counties / bad.stage, root)
    nobody = personal(root)
    held = bad.spoil(root)
    before = kept(root)
    with held or nullcontext():
        said = bad.meet(root)
    assert said.code == (3 if "exit status 3" in row.do else 1)
    assert says(quoted(row.says), said.err), said.err
    assert said.out == ""
    assert "Traceback" not in said.words
    assert not [one for one in nobody if one in said.words], "somebody is named"
    assert kept(root) == before, "something was written"


def test_every_row_is_made_and_every_bad_input_has_its_row() -> None:
    """If this fails, the page promises something that nobody has tried, or is silent on something known."""
    assert set(ROWS) == set(BAD)


ASKED = {
    "a missing column": "A column is missing",
    "a duplicated case id": "A case stands on the list twice",
    "a worker without a name": "A worker has no name",
    "dates as Excel serials": "Dates came as Excel's day numbers",
    "ids that lost leading zeros": "Ids lost the zeros in front",
    "a merged header": "A merged heading stands over the headings",
    "an empty file": "The file is empty",
    "a renamed .xls": "An old workbook was renamed",
    "a folder half-copied": "The folder was copied in part",
    "a profile from a newer version": "The profile is from a newer version",
    "a template naming an unknown blank": "A letter names an unknown blank",
    "a workbook filled in wrongly": "A workbook was filled in wrongly",
    "an extract with districts labelled as the state": "An extract labels a clinic as the agency",
    "totals that do not add up": "The totals of an extract do not add up",
    "a month twice": "A month stands on an extract twice",
    "a category unknown to the profile": "A category is unknown to the profile",
    "an agenda longer than the day": "The agenda is longer than the meeting",
    "a reply from someone not invited": "A reply is from somebody who was not invited",
    "a server certificate that does not match": "The mail server's certificate is another's",
    "a wrong password": "The mail server does not take the password",
    "a server that is not reachable": "The mail server cannot be reached",
}
"""What the engine was asked to tell, and its row."""


def test_everything_that_was_asked_for_has_a_row() -> None:
    """If this fails, a mistake that counties are known to make is not explained any more."""
    assert set(ASKED.values()) <= set(ROWS)


@pytest.mark.parametrize("wrong", ROWS)
def test_every_row_names_a_test_that_exists(wrong: str) -> None:
    """If this fails, a row of the page points at a test that was renamed or taken away."""
    path, _, name = quoted(ROWS[wrong].test).partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize(
    "message",
    [
        "…review.toml:9: roms: unknown setting; did you mean 'roles'?",
        "…review.toml:12: roms: unknown setting; did you mean 'rooms'?",
        "roms: unknown setting; did you mean 'rooms'?",
        "…review.toml:9: roms: unknown setting",
    ],
)
def test_a_message_that_reads_otherwise_is_caught(message: str) -> None:
    """If this fails, the comparison above would let any words on the page stand."""
    words = "/tmp/x/review.toml:9: roms: unknown setting; did you mean 'rooms'?\n"
    assert says("…review.toml:9: roms: unknown setting; did you mean 'rooms'?", words)
    assert not says(message, words)
