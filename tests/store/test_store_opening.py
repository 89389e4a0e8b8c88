"""Opening a review's stores: whole, with their own key, from this version or an older one, by one writer."""

from __future__ import annotations

import multiprocessing
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reviewcore.errors import Refused
from reviewcore.store.files import write_all, write_whole
from reviewcore.store.keys import KeyFolder
from reviewcore.store.lock import writing
from reviewcore.store.opening import Place, Stores, open_stores

NOON = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)


def place(root: Path) -> Place:
    folder = root / "review"
    folder.mkdir(exist_ok=True)
    return Place(folder, "alder", "alder-2027", KeyFolder(root / "keys"), root / "ledger.db")


def opened(root: Path) -> Stores:
    return open_stores(place(root), lambda: NOON, "tester")


def begun(root: Path) -> Stores:
    stores = opened(root)
    assert stores.vault
    stores.vault.put("person", "W-1", {"person_id": "W-1", "name": "Ash Rowan"})
    stores.records.log.append("register.read", {})
    return stores


def test_a_review_is_opened_again_with_what_it_held(tmp_path: Path) -> None:
    """If this fails, closing the program loses the review."""
    begun(tmp_path)
    again = opened(tmp_path)
    assert again.vault
    assert again.vault.get("person", "W-1") == {"person_id": "W-1", "name": "Ash Rowan"}
    assert again.records.scan("Rowan, Ash") == ((0, 10),)


@pytest.mark.parametrize("missing", ["review.db", "vault.db"])
def test_a_folder_copied_in_part_is_refused(tmp_path: Path, missing: str) -> None:
    """If this fails, a half-copied folder is taken for a new review and its history is lost."""
    begun(tmp_path)
    (tmp_path / "review" / missing).unlink()
    with pytest.raises(Refused, match="copied only in part"):
        opened(tmp_path)
    assert not (tmp_path / "review" / missing).exists()


def test_a_vault_made_just_before_the_end_is_no_obstacle(tmp_path: Path) -> None:
    """If this fails, a review killed in its first second can never be started again."""
    opened(tmp_path)
    (tmp_path / "review" / "review.db").unlink()
    assert opened(tmp_path).records.log.events() == ()


@pytest.mark.parametrize("name", ["review.db", "vault.db"])
def test_a_file_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    """If this fails, an interrupted copy ends in a traceback."""
    begun(tmp_path)
    path = tmp_path / "review" / name
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(Refused, match="half copied"):
        opened(tmp_path)


def test_a_missing_key_is_asked_for_and_never_made_anew(tmp_path: Path) -> None:
    """If this fails, a new key is made over a vault that it cannot open."""
    begun(tmp_path)
    (tmp_path / "keys" / "alder" / "alder-2027.key").unlink()
    with pytest.raises(Refused, match="put the key file back"):
        opened(tmp_path)


def test_a_lost_ledger_key_is_asked_for(tmp_path: Path) -> None:
    """If this fails, the agency's memory of its publications silently starts over."""
    begun(tmp_path)
    (tmp_path / "keys" / "alder" / "ledger.key").unlink()
    with pytest.raises(Refused, match="put the key file back"):
        opened(tmp_path)


def test_stores_from_a_newer_version_are_refused_untouched(tmp_path: Path) -> None:
    """If this fails, an old program writes into a format that it does not know."""
    begun(tmp_path)
    path = tmp_path / "review" / "review.db"
    with sqlite3.connect(path) as raw:
        raw.execute("update meta set format = 99")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(Refused, match="newer reviewcore"):
        opened(tmp_path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """If this fails, a wrong file under the right name ends in a traceback."""
    stores = place(tmp_path)
    stores.log_file.write_text("this is a letter, not a database" * 40)
    stores.vault_file.write_text("nor is this" * 100)
    with pytest.raises(Refused, match="not a database"):
        opened(tmp_path)


def _hold(folder: Path, ready, done) -> None:  # type: ignore[no-untyped-def]
    with writing(folder):
        ready.set()
        done.wait(20)


def test_the_second_process_is_told(tmp_path: Path) -> None:
    """If this fails, two people who open one review overwrite each other."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, ready, done))
    other.start()
    try:
        assert ready.wait(20)
        with pytest.raises(Refused, match="another reviewcore is working"), writing(tmp_path):
            pass
    finally:
        done.set()
        other.join(20)
    with writing(tmp_path):
        assert other.exitcode == 0


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, a crash leaves half a document under the name of a whole one."""
    write_whole(tmp_path / "a" / "x.txt", b"one")

    def stop(what: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reviewcore.store.points.about_to", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a" / "x.txt", b"two")
    assert (tmp_path / "a" / "x.txt").read_bytes() == b"one"


def test_of_several_files_each_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, a power cut leaves letters of which the first stand in their place and the others nowhere."""
    wanted = {tmp_path / f"{n % 3}" / f"{n}.txt": f"file {n}".encode() for n in range(20)}
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "0.txt").write_bytes(b"file 0")
    (tmp_path / "0" / "3.txt").write_bytes(b"old")
    passed: list[str] = []

    def stop_at_the_sixth(what: str) -> None:
        beside = {path.name: path.read_bytes() for path in tmp_path.rglob(".*.part")}
        assert all(
            beside[f".{path.name}.part"] == data for path, data in [*wanted.items()][len(passed) + 1 :]
        )
        passed.append(what)
        if len(passed) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr("reviewcore.store.points.about_to", stop_at_the_sixth)
    with pytest.raises(KeyboardInterrupt):
        write_all(wanted)
    assert passed == [f"file {n}.txt" for n in range(1, 7)]
    assert [path.read_bytes() for path in wanted if path.exists()] == [f"file {n}".encode() for n in range(6)]
    monkeypatch.undo()
    write_all(wanted)
    assert all(path.read_bytes() == data for path, data in wanted.items())
    assert not list(tmp_path.rglob(".*.part"))


def test_files_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    """If this fails, a full disk looks like success, and the log speaks of letters that are not there."""
    (tmp_path / "a").write_bytes(b"a file where a folder must be")
    with pytest.raises(OSError, match="a"):
        write_all({tmp_path / "b.txt": b"b", tmp_path / "a" / "x.txt": b"x"})
    (tmp_path / ".c.txt.part").mkdir()
    with pytest.raises(OSError, match=r"c\.txt"):
        write_all({tmp_path / "b.txt": b"b", tmp_path / "c.txt": b"c"})
    assert not (tmp_path / "b.txt").exists()


def test_the_ledger_outlives_reviews_and_forgets_nothing(tmp_path: Path) -> None:
    """If this fails, the next round cannot be held against the last one."""
    stores = opened(tmp_path)
    who = [stores.ledger.member(f"F-{n}") for n in range(3)]
    for _ in range(2):
        stores.ledger.record("alder-2027", "state", 1, "pqcr", {"sample/all": who, "q/yes": who[:2]})
    (entry,) = opened(tmp_path).ledger.entries()
    assert (entry.review, entry.audience, entry.number) == ("alder-2027", "state", 1)
    assert entry.members() == frozenset(who)
    assert entry.cells["q/yes"] == frozenset(who[:2])
    assert all(f"F-{n}".encode() not in (tmp_path / "ledger.db").read_bytes() for n in range(3))
