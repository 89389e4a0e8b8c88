"""The proofs about insiders in a review's vault: there, checked by `verify`, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_county import opened

from reviewcore import Review
from reviewcore.disclosure.stage import INSIDERS


@pytest.fixture
def copy(birch: Review, tmp_path: Path) -> Review:
    """Return a copy of the finished review that may be spoilt."""
    root = tmp_path / "county"
    shutil.copytree(birch.folder.parent, root)
    return opened(root)


def test_verify_checks_the_sealed_proofs_and_says_so_in_a_line(copy: Review) -> None:
    """If this fails, nobody can show later that workers could learn nothing of others' cases."""
    verified = copy.verify()
    [line] = [one for one in verified.checked if "insiders" in one]
    assert "from the vault" in line
    assert verified.wrong == ()
    stores = copy._open()
    records = stores.vault.all(INSIDERS)
    assert len(records) == 2
    ids = {one["pseudonym"]: one["person_id"] for one in stores.vault.all("person")}
    drawn = copy.records.log.last("selection.drawn").body["selected"]
    workers = {stores.ledger.member("worker\n" + ids[row["worker"]]) for row in drawn}
    named = {
        name
        for one in records
        for found in one["measures"].values()
        for record in found
        for who, _ in record["workers"]
        for coalition in who
        for name in coalition
    }
    assert named == workers


def test_a_record_that_is_missing_or_about_something_else_is_told(copy: Review) -> None:
    """If this fails, `verify` vouches for proofs that are not there, or that are about something else."""
    agency, state = (copy._open().vault.get(INSIDERS, f"{one} 1") for one in ("agency", "state"))
    copy._open().vault.put_all(INSIDERS, {"agency 1": agency}, replace=True)
    assert any("to the state are not in the vault" in line for line in copy.verify().wrong)
    keys = [key for key, found in agency["measures"].items() if found]
    moved = dict(zip(keys, map(agency["measures"].get, [*keys[1:], keys[0]]), strict=True))
    copy._open().vault.put_all(
        INSIDERS, {"agency 1": {**agency, "measures": moved}, "state 1": state}, replace=True
    )
    assert any("proofs about insiders" in line for line in copy.verify().wrong)


def test_the_proofs_leave_the_vault_nowhere(copy: Review) -> None:
    """If this fails, a file of the review says where each worker has cases."""
    for path in copy.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"insiders/1" not in data, path
            assert b'"atoms"' not in data, path
