"""One writer per review: the second one is told, and nothing is touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewcore.errors import Refused


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the review's lock while writing; refuse at once where another process holds it.

    The lock is the operating system's: it goes with the process, however that ends.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "review.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Refused(
            f"{folder}: another reviewcore is working on this review right now; wait until it is done and "
            "repeat the command (nothing was changed)"
        ) from None
    try:
        yield
    finally:
        lock.release()
