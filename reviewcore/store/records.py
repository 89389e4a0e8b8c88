"""What a stage is given of the store: the log, the review's folder, and a scanner; never the vault itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import define

from reviewcore.store.files import digest, write_all, write_whole
from reviewcore.store.keys import Key
from reviewcore.store.log import Log

Scan = Callable[[str], tuple[tuple[int, int], ...]]


@define
class Records:
    """The log, the folder and the keyed pseudonyms of one review."""

    folder: Path
    log: Log
    key: Key
    scan: Scan

    def write_paper(self, name: str, data: bytes) -> dict[str, str]:
        """Write a file that may bear names under `papers/` and return its entry for the papers' register."""
        write_whole(self.folder / "papers" / name, data)
        return _entry(name, data)

    def write_papers(self, files: Mapping[str, bytes]) -> list[dict[str, str]]:
        """Write files that may bear names under `papers/`, and return their entries in the same order."""
        write_all({self.folder / "papers" / name: data for name, data in files.items()})
        return [_entry(name, data) for name, data in files.items()]


def _entry(name: str, data: bytes) -> dict[str, str]:
    return {"path": f"papers/{name}", "sha256": digest(data)}
