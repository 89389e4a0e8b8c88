"""Files that are either whole or not there: written beside their place, flushed, then moved into it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from reviewcore.store import points

_AT_ONCE = 4
"""So many files are flushed side by side: a disk that waits for one of them could take others meanwhile."""


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put `data` at `path` so that a reader, or a crash, finds the old file or the new one, never a part.

    `private` files can be read by their owner only. Nothing is written where the same bytes stand already.
    """
    if _stands(path, data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _into_place(_beside(path, data, private), path)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Put several files, each as `write_whole` does: all are on disk before the first is moved into its place."""
    from concurrent.futures import ThreadPoolExecutor

    new = {path: data for path, data in files.items() if not _stands(path, data)}
    for folder in {path.parent for path in new}:
        folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        beside = list(pool.map(_beside, new, new.values()))
    for part, path in zip(beside, new, strict=True):
        _into_place(part, path)


def _stands(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


def _beside(path: Path, data: bytes, private: bool = False) -> Path:
    """Write `data` beside `path`, flush it to disk, and return where it is."""
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return part


def _into_place(part: Path, path: Path) -> None:
    points.about_to(f"file {path.name}")
    part.replace(path)


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def stamped(packed: bytes) -> bytes:
    """Return a zip package with the same time on each part: the packer's own would be the wall clock's."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    out = BytesIO()
    with ZipFile(BytesIO(packed)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 3
            new.writestr(entry, old.read(name))
    return out.getvalue()
