"""Files that are either whole or not there: written beside their place, flushed, then moved into it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from reviewcore.store import points


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put `data` at `path` so that a reader, or a crash, finds the old file or the new one, never a part.

    `private` files can be read by their owner only. Nothing is written where the same bytes stand already.
    """
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    points.about_to(f"file {path.name}")
    beside.replace(path)


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
