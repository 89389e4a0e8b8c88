"""A whole review, killed at every write point and run on, ends in the same tables and the same bytes.

It is run in chains: every process makes some writes and is killed at the next one, until none is left.
Together the chains are killed at every write point. In the deep profile the review is also killed at
each of them once and run on to its end at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_county import begin, journey, opened

from reviewcore.store import points

CHAINS = 6
"""So many chains share the write points, so that they can run side by side."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not to be had on Windows")


def in_child(work: Callable[[], object]) -> int:
    """Do `work` in a process of its own and return the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the run itself failed"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def killed_at(number: int, root: Path, whole: Callable[[Path], object] = journey) -> Callable[[], None]:
    """Return a run of the `whole` review that is killed just before its write `number` (from 1)."""

    def run() -> None:
        passed = 0

        def count(what: str) -> None:
            nonlocal passed
            passed += 1
            if passed == number:
                os.kill(os.getpid(), signal.SIGKILL)

        points.about_to = count
        whole(root)

    return run


def traces(root: Path) -> dict[str, str]:
    """Return what a review left: each document's digest, each event, each ledger entry."""
    folder = root / "review"
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("papers", "publications", "returned")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }
    review = opened(root)
    for event in review.records.log.events():
        found[f"event {event.seq}"] = f"{event.kind} {event.body}"
    for entry in review._open().ledger.entries():
        found[f"ledger {entry.audience} {entry.number}"] = str(entry)
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], int]:
    """Return a county's folder before anything was done, what a run leaves, and how often it writes."""
    root = tmp_path_factory.mktemp("county")
    begin(root / "before")
    shutil.copytree(root / "before", root / "run")
    writes: list[str] = []
    stand_in, points.about_to = points.about_to, writes.append
    try:
        journey(root / "run")
    finally:
        points.about_to = stand_in
    return root / "before", traces(root / "run"), len(writes)


@pytest.mark.slow
@pytest.mark.parametrize("chain", range(CHAINS))
def test_a_review_killed_at_every_write_point_ends_the_same(
    undisturbed: tuple[Path, dict[str, str], int], tmp_path: Path, chain: int
) -> None:
    """If this fails, a power cut loses letters, sends them twice, or changes a published table."""
    before, expected, writes = undisturbed
    root = tmp_path / "county"
    shutil.copytree(before, root)
    points_of_chain = range(1 + chain, writes + 1, CHAINS)
    for number in points_of_chain:
        # The first write of a process is the one at which the process before it was killed: were any write
        # made twice, the chain would fall behind and end too late.
        nth = number if number == points_of_chain[0] else CHAINS + 1
        assert in_child(killed_at(nth, root)) == signal.SIGKILL
    assert in_child(lambda: journey(root)) == 0
    assert traces(root) == expected


@pytest.mark.slow
@pytest.mark.parametrize("chain", range(CHAINS))
def test_a_review_killed_once_is_run_on_to_the_same_end(
    undisturbed: tuple[Path, dict[str, str], int], tmp_path: Path, chain: int, request: pytest.FixtureRequest
) -> None:
    """If this fails, some crash is mended only by another one."""
    before, expected, writes = undisturbed
    deep = request.config.getoption("--hypothesis-profile") == "deep"
    for number in range(1 + chain, writes + 1, CHAINS if deep else 4 * 97):
        root = tmp_path / str(number)
        shutil.copytree(before, root)
        assert in_child(killed_at(number, root)) == signal.SIGKILL
        assert in_child(lambda root=root: journey(root)) == 0
        assert traces(root) == expected, f"killed at write {number} of {writes}"
        shutil.rmtree(root)


def test_a_run_that_writes_otherwise_would_be_caught(undisturbed: tuple[Path, dict[str, str], int]) -> None:
    """If this fails, the comparison above would pass whatever a killed run leaves behind."""
    _, expected, _ = undisturbed
    kinds = {name.split("/")[0] for name in expected}
    assert {"papers", "publications", "returned"} <= kinds
    assert sum(name.startswith("event") for name in expected) > 10
    assert any(name.startswith("ledger state") for name in expected)
