"""The event log: append-only, chained, erasable, and honest about both."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.errors import Refused
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.log import Log, table

NOON = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)


def open_log(path: Path, review: str = "r") -> Log:
    engine = connect(sqlite_url(path), table().metadata, "event log")
    return Log(engine, "alder", review, lambda: NOON, "tester")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
bodies = st.dictionaries(st.text(max_size=5), json_values, max_size=4)


@settings(max_examples=30, deadline=None)
@given(written=st.lists(st.tuples(st.sampled_from(["a", "b"]), bodies), max_size=5))
def test_what_was_appended_is_read_back_in_order(tmp_path_factory: pytest.TempPathFactory, written) -> None:
    """If this fails, a stage that folds the log sees another review than the one that happened."""
    path = tmp_path_factory.mktemp("log") / "review.db"
    log = open_log(path)
    for kind, body in written:
        log.append(kind, body)
    again = open_log(path)
    assert [(e.kind, e.body) for e in again.events()] == written
    assert [e.seq for e in again.events()] == list(range(1, len(written) + 1))
    assert again.verify() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update events set body = '{\"n\":9}' where seq = 2", "what event 2 says was changed"),
        ("update events set actor = 'someone' where seq = 2", "event 2 or one before it was changed"),
        (
            "update events set at = '2020-01-01T00:00:00Z' where seq = 3",
            "event 3 or one before it was changed",
        ),
        ("update events set digest = '00' where seq = 1", "event 1 or one before it was changed"),
        ("delete from events where seq = 2", "event 2 is missing"),
        ("update events set seq = 9 where seq = 3", "event 3 is missing"),
    ],
)
def test_every_tampering_is_found(tmp_path: Path, change: str, said: str) -> None:
    """If this fails, somebody with the file can rewrite what happened and nobody would know."""
    log = open_log(tmp_path / "review.db")
    for n in range(3):
        log.append("a", {"n": n})
    with sqlite3.connect(tmp_path / "review.db") as raw:
        raw.execute(change)
    raw.close()
    assert any(said in problem for problem in open_log(tmp_path / "review.db").verify())


def test_erased_content_leaves_the_chain_whole(tmp_path: Path) -> None:
    """If this fails, a person's right to erasure would break the proof for everybody else."""
    log = open_log(tmp_path / "review.db")
    for n in range(3):
        log.append("a", {"n": f"secret {n}"})
    log.erase(2)
    assert log.verify() == []
    assert log.events()[1].body is None
    assert b"secret 1" not in (tmp_path / "review.db").read_bytes()


def test_several_events_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    """If this fails, a stage can be half recorded."""
    log = open_log(tmp_path / "review.db")
    with pytest.raises(TypeError):
        log.append_all([("a", {"n": 1}), ("b", {"n": object()})])
    assert open_log(tmp_path / "review.db").events() == ()


def test_a_second_writer_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    """If this fails, two programs on one review could interleave their histories."""
    first, second = open_log(tmp_path / "review.db"), open_log(tmp_path / "review.db")
    assert first.events() == second.events() == ()
    first.append("a", {"by": "first"})
    with pytest.raises(Refused, match="another process has written"):
        second.append("a", {"by": "second"})
    assert [e.body for e in open_log(tmp_path / "review.db").events()] == [{"by": "first"}]


def test_reviews_in_one_database_do_not_see_each_other(tmp_path: Path) -> None:
    """If this fails, two reviews kept in one database would mix."""
    open_log(tmp_path / "review.db", "one").append("a", {"n": 1})
    assert open_log(tmp_path / "review.db", "two").events() == ()


def test_times_are_recorded_in_utc_seconds(tmp_path: Path) -> None:
    """If this fails, the order of papers from two time zones could not be told."""
    log = open_log(tmp_path / "review.db")
    log.clock = lambda: datetime.fromisoformat("2027-03-14T09:00:00-08:00") + timedelta(microseconds=5)
    assert log.append("a", {}).at == "2027-03-14T17:00:00Z"
