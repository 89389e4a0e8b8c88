"""Killed at any write and started again, letters end as if nothing had happened, and none goes out twice."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from attrs import evolve
from letters_of_alder import PEOPLE, PLAN, alder

from reviewcore.notification.stage import approve, state
from reviewcore.notification.state import DRAFTS, TO_SEND
from reviewcore.store import points
from reviewcore.store.records import Records

Approve = Callable[[Records], int]
FEW = evolve(PLAN, letters=(evolve(PLAN.letters[0], invites=("planning", "orientation")), PLAN.letters[2]))


def approve_by_copying(records: Records) -> int:
    """A planted offender: it copies what is approved, and records it afterwards."""
    pending = state(records.log).pending()
    for letter in pending:
        for file in letter.files:
            path = records.folder / file["path"]
            records.write_paper(f"{TO_SEND}/{path.name}", path.read_bytes())
    if pending:
        records.log.append("letters.approved", {"ids": [letter.id for letter in pending]})
    return len(pending)


def approve_whatever_is_missing(records: Records) -> int:
    """A planted offender: it puts back whatever approved letter is not there to send."""
    done = approve_by_copying(records)
    for letter in state(records.log).handed_over():
        for file in letter.files:
            name = Path(file["path"]).name
            records.write_paper(f"{TO_SEND}/{name}", (records.folder / "papers" / DRAFTS / name).read_bytes())
    return done


def run(folder: Path, approving: Approve = approve) -> None:
    """Draft and approve, as a program does that is started."""
    review = alder(folder, plan=FEW)
    review.draft()
    approving(review.records)


def killed_at(last: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process of its own that is killed at its `last` write; return whether it was."""
    child = os.fork()
    if child == 0:
        passed = 0

        def about_to(what: str) -> None:
            nonlocal passed
            passed += 1
            if passed == last:
                os.kill(os.getpid(), signal.SIGKILL)

        points.about_to = about_to
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Path]:
    """Return a maker of folders, each with the same review in which one case was drawn and nothing written."""
    alder(tmp_path / "first", PEOPLE).draw([("C-100001", "W1")])
    return lambda: Path(shutil.copytree(tmp_path / "first", Path(tempfile.mkdtemp(dir=tmp_path)) / "review"))


def ends(folder: Path) -> tuple[object, object]:
    """All papers and all events of a review."""
    review = alder(folder)
    return review.files(), review.told()


def test_killed_at_every_write_it_ends_in_the_same_bytes(fresh: Callable[[], Path]) -> None:
    """A crash that leaves half an outbox, or a second event, would have to be repaired by hand."""
    whole = fresh()
    run(whole)
    wanted = ends(whole)
    folder, last = fresh(), 1
    while killed_at(last, partial(run, folder)):
        run(folder)
        assert ends(folder) == wanted, f"killed at write {last}"
        folder, last = fresh(), last + 1
    assert last > 12  # every file, every move and both events are write points
    approved = [
        one for kind, body in alder(whole).told() if kind == "letters.approved" for one in body["ids"]
    ]
    assert sorted(approved) == ["0001-union", "0002-worker"]


def sent_more_than_once(fresh: Callable[[], Path], approving: Approve) -> str:
    """Kill an approval at every write, send all that lies there, start again, send again: what went twice?"""
    drafted = fresh()
    alder(drafted, plan=FEW).draft()
    last, killed = 0, True
    while killed:
        last += 1
        folder = Path(shutil.copytree(drafted, drafted.with_name(str(last))))
        killed = killed_at(last, lambda at=folder: approving(alder(at, plan=FEW).records))
        sent: list[str] = []
        for _ in range(2):
            for path in sorted((folder / "papers" / TO_SEND).glob("[!.]*")):
                sent.append(path.name)
                path.unlink()
            run(folder, approving)
        sent += [path.name for path in (folder / "papers" / TO_SEND).glob("[!.]*")]
        assert set(sent) >= {"0001-union.eml", "0002-worker.eml"}
        if twice := [name for name in sorted(set(sent)) if sent.count(name) > 1]:
            return twice[0]
    return ""


def test_no_letter_is_handed_over_twice_wherever_it_is_killed(fresh: Callable[[], Path]) -> None:
    """A letter that a worker gets twice tells them that the review does not know what it does."""
    assert sent_more_than_once(fresh, approve) == ""


@pytest.mark.parametrize("offender", [approve_by_copying, approve_whatever_is_missing])
def test_planted_offender_an_outbox_that_sends_again(fresh: Callable[[], Path], offender: Approve) -> None:
    """If these were not caught, the test above would prove nothing."""
    assert sent_more_than_once(fresh, offender) != ""
