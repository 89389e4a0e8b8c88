"""A whole review of a county that was not made for it: a child-welfare case file, a state's caseloads."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import whole_review as whole
from small_county import AGENCY, REVIEW, letters, opened

from reviewcore import Review
from reviewcore.profile.new import new
from reviewcore.store.keys import KeyFolder

DICE = "dice 161803398874989484820458"
FITS = {'county = "Birch"': 'county = "Alder"', "number = 2": "number = 4", "largest = 3": "largest = 4"}
"""What the profile says otherwise for this county: its name, and teams for its sixteen reviewers."""


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the finished review of the case file; skipped where the real inputs are not there."""
    assert shared.is_dir()
    root = tmp_path_factory.mktemp("real")
    new(root / "review", "pqcr-birch")
    _casefile(root / "review")
    totals = [len(whole.rows(root / "review" / name)) for name in ("people.csv", "cases.csv")]
    profile = root / "review/review.toml"
    text, seen = [], iter(totals)
    for line in profile.read_text(encoding="utf-8").splitlines():
        told = f"control_total = {next(seen)}" if line.startswith("control_total") else line
        for old, fits in FITS.items():
            told = told.replace(old, fits)
        text.append(told)
    profile.write_text("\n".join(text) + "\n", encoding="utf-8")
    for number, name in enumerate((REVIEW, "ledger")):
        path = KeyFolder(root / "keys").path(AGENCY, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number + 7:064x}\n")
    review = opened(root)
    review.check()
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    whole.hand_back(review, change=whole.canary)
    review.run()
    return review


def _casefile(folder: Path) -> None:
    path = Path(__file__).parents[1] / "plugins/pqcr_casefile.py"
    spec = spec_from_file_location("the_casefile", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write(folder)


def test_a_real_case_file_is_reviewed_to_the_end(real: Review) -> None:
    """If this fails, the review only works for the county that was made up for it."""
    assert real.verify().wrong == ()
    assert {one.standing for one in real.status().promises} == {"kept"}
    listed = whole.rows(real.folder / "cases.csv")
    register = whole.body(real, "register.read")
    assert register["cases"] == len(listed)
    cases = whole.cases_by_pseudonym(real)
    drawn = [cases[one["case"]] for one in whole.body(real, "selection.drawn")["selected"]]
    assert max(Counter(one["worker_id"] for one in drawn).values()) == 1, "PQCR-4"
    assert all(one["focus"] == "yes" for one in drawn)
    assert len(drawn) == sum(whole.body(real, "selection.committed")["quotas"].values())


def test_a_real_case_file_is_told_of_nobody(real: Review) -> None:
    """PQCR-7: if this fails, ids of the shape that a case-management system gives slip through."""
    with (real.folder / "people.csv").open(encoding="utf-8", newline="") as file:
        roles = {word for row in csv.DictReader(file) for word in row["name"].split()}
    wanted = whole.identities(real.folder, frozenset(roles)) | set(whole.notes(real))
    published = [path for path in (real.folder / "publications").rglob("*") if path.is_file()]
    assert len(published) == 16
    stores = [*real.folder.glob("*.db"), *real.folder.parent.glob("*.db")]
    for path in [*published, *stores]:
        assert whole.named(path, wanted) == set(), path.name
