"""Retention: what names people goes, what everybody may know stays."""

from __future__ import annotations

import shutil

from reviewcore.store import points
from reviewcore.store.keys import KeyFolder
from reviewcore.store.records import Records

_NAMING = ("papers", "returned")


def would_close(records: Records) -> tuple[str, ...]:
    """Return what closing would delete, and what it cannot reach, one line each."""
    lines = []
    for name in _NAMING:
        count = sum(path.is_file() for path in (records.folder / name).rglob("*"))
        lines.append(f"{name}/: {count} files to delete")
    lines.append("vault.db: to be sealed for ever, by deleting its key")
    return (*lines, *_left(records))


def close(records: Records, keys: KeyFolder, agency: str, review: str) -> tuple[str, ...]:
    """Delete papers, returned workbooks and the review's key; say what had left the folder before.

    The event comes first: a close that was interrupted is then known to be one, and goes on.
    """
    lines = _left(records)
    if not records.log.last("review.closed"):
        records.log.append("review.closed", {"left": list(lines)})
    for name in _NAMING:
        points.about_to(f"deletion of {name}")
        shutil.rmtree(records.folder / name, ignore_errors=True)
    points.about_to("deletion of the key")
    keys.destroy(agency, review)
    return ("papers, returned workbooks and the key are deleted; the vault can never be opened again", *lines)


def _left(records: Records) -> tuple[str, ...]:
    handed = sum(len(event.body["ids"]) for event in records.log.events("letters.approved") if event.body)
    return (
        f"{handed} letters had left this folder, with their recipients",
        "backups of this folder and of the keys are the county's to delete",
    )
