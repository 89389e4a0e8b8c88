"""The vault, its keys and the scan: nothing readable at rest, nothing named in what goes out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.errors import Refused
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key, KeyFolder
from reviewcore.store.scan import Roster
from reviewcore.store.vault import Vault, table

KEY = Key(bytes(range(32)))
PERSON = {"person_id": "W-0417", "name": "Maribel Quispe-Oak", "email": "m.quispe@alder.example"}


def open_vault(path: Path, key: Key = KEY, review: str = "r") -> Vault:
    return Vault(connect(sqlite_url(path), table().metadata, "vault"), "alder", review, key)


def test_nothing_is_readable_without_the_key(tmp_path: Path) -> None:
    """If this fails, a stolen laptop tells who was reviewed."""
    vault = open_vault(tmp_path / "vault.db")
    vault.put("person", "W-0417", PERSON)
    raw = (tmp_path / "vault.db").read_bytes()
    for text in PERSON.values():
        assert text.encode() not in raw
    assert vault.get("person", "W-0417") == PERSON
    with pytest.raises(Refused, match="does not open with this key"):
        open_vault(tmp_path / "vault.db", Key(b"x" * 32)).all("person")


def test_a_record_cannot_be_moved_to_another_place(tmp_path: Path) -> None:
    """If this fails, one person's sealed record could be passed off as another's."""
    vault = open_vault(tmp_path / "vault.db")
    vault.put("person", "W-1", {"name": "A"})
    vault.put("note", "W-1", {"name": "B"})
    with vault.engine.begin() as connection:
        sealed = connection.exec_driver_sql("select sealed from vault where kind = 'note'").scalar()
        connection.exec_driver_sql("update vault set sealed = ? where kind = 'person'", (sealed,))
    with pytest.raises(Refused, match="was changed"):
        vault.all("person")


def test_records_keep_their_order_and_are_replaced_by_name(tmp_path: Path) -> None:
    """If this fails, lists come back shuffled, and documents differ from run to run."""
    vault = open_vault(tmp_path / "vault.db")
    vault.put_all("case", {name: {"id": name} for name in ("c", "a", "b")})
    assert [r["id"] for r in vault.all("case")] == ["c", "a", "b"]
    vault.put("case", "a", {"id": "a2"})
    assert [r["id"] for r in vault.all("case")] == ["c", "b", "a2"]
    vault.put_all("case", {"z": {"id": "z"}}, replace=True)
    assert [r["id"] for r in vault.all("case")] == ["z"]
    assert vault.get("case", "a") is None


def test_records_are_found_by_name_and_what_changes_is_seen(tmp_path: Path) -> None:
    """If this fails, a note is sealed twice or lost, or a corrected list is read as it was before."""
    vault = open_vault(tmp_path / "vault.db")
    vault.put_all("note", {name: {"text": name} for name in ("a", "b", "c")})
    vault.put_all("case", {"a": {"case_id": "C-10417"}})
    assert vault.get_all("note", ("c", "none", "a")) == {"a": {"text": "a"}, "c": {"text": "c"}}
    assert vault.get_all("note", ()) == {}
    assert [len(vault.all(kind)) for kind in ("note", "case")] == [3, 1]
    assert vault.scanner()("C-10417, C-20417") == ((0, 7),)
    vault.put_all("note", {"a": {"text": "new"}, "d": {"text": "d"}})
    vault.put_all("case", {"b": {"case_id": "C-20417"}}, replace=True)
    vault.put_all("case", {})
    assert [one["text"] for one in vault.all("note")] == ["b", "c", "new", "d"]
    assert [one["case_id"] for one in vault.all("case")] == ["C-20417"]
    assert vault.scanner()("C-10417, C-20417") == ((9, 16),)


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """If this fails, a second start would seal with a key that opens nothing, or others could read it."""
    folder = KeyFolder(tmp_path / "keys")
    first = folder.make("alder", "r")
    assert folder.make("alder", "r") == folder.read("alder", "r") == first
    if sys.platform != "win32":
        assert folder.path("alder", "r").stat().st_mode & 0o077 == 0
    folder.destroy("alder", "r")
    with pytest.raises(Refused, match="put the key file back"):
        folder.read("alder", "r")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b"])
def test_a_key_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    """If this fails, a profile's id could make the engine write a key anywhere."""
    with pytest.raises(Refused, match="cannot name a key"):
        KeyFolder(tmp_path).make("alder", name)


def test_a_broken_key_file_is_said(tmp_path: Path) -> None:
    """If this fails, a damaged key ends in a traceback or, worse, in another key."""
    folder = KeyFolder(tmp_path)
    path = folder.path("alder", "r")
    path.parent.mkdir(parents=True)
    path.write_text("not a key\n")
    with pytest.raises(Refused, match="not a key file"):
        folder.make("alder", "r")


ROSTER = Roster.of(
    [PERSON, {"person_id": "12", "name": "Émile Ōtsuka", "email": "", "address": "14 Heron Lane"}],
    [{"case_id": "CW-2027-00031", "family_id": "F-88123", "family_name": "the Okonkwo-Lind family"}],
    ("Director Public",),
)


@pytest.mark.parametrize(
    "text",
    [
        "as Maribel Quispe-Oak said",
        "MARIBEL  QUISPE OAK",
        "Quispe-Oak... no: Oak, Maribel Quispe",
        "mail m.quispe@alder.example now",
        "case cw-2027-00031",
        "W-0417",
        "w 0417",
        "emile otsuka",
        "at 14 heron lane",
        "family F-88123",
    ],
)
def test_every_plain_form_is_found(text: str) -> None:
    """If this fails, a finished document can name a person and leave the building."""
    assert ROSTER.find(text)


@pytest.mark.parametrize("text", ["12 of 40 cases", "Maribel", "an oak tree", "00031", "Lane 14", ""])
def test_ordinary_words_and_counts_are_not_found(text: str) -> None:
    """If this fails, no report could ever be published."""
    assert ROSTER.find(text) == ()


def test_short_numeric_ids_are_counted_as_not_scanned() -> None:
    """If this fails, nobody would know that an id like 12 cannot be told from a count."""
    assert ROSTER.unscanned == 1


def _naive(text: str, needle: str) -> bool:
    """Find a name the slow way: strip everything but letters and digits, word by word."""
    squeeze = lambda s: [w for w in "".join(c if c.isalnum() else " " for c in s.lower()).split()]  # noqa: E731, C416
    hay, want = squeeze(text), squeeze(needle)
    return any(hay[i : i + len(want)] == want for i in range(len(hay)))


words = st.sampled_from(["ann", "lee", "oak", "of", "w", "417", "12", "ann-lee", "Oak.", "(lee)"])


@settings(max_examples=200, deadline=None)
@given(st.lists(words, min_size=0, max_size=12), st.lists(words, min_size=2, max_size=3))
def test_the_scan_agrees_with_a_naive_search(text: list[str], name: list[str]) -> None:
    """If this fails, the fast scan misses names that a slow one finds, or finds what is not there."""
    needle = " ".join(name)
    roster = Roster.of([{"name": needle, "person_id": "", "email": ""}], [], ())
    parts = _naive(" ".join(text), needle)
    *head, last = "".join(c if c.isalnum() else " " for c in needle).split()
    turned = _naive(" ".join(text), " ".join([last, *head]))
    assert bool(roster.find(" ".join(text))) == (parts or turned)
