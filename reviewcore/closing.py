"""Retention: what names people goes, what everybody may know stays."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from reviewcore.store import points
from reviewcore.store.keys import KeyFolder
from reviewcore.store.records import Records

_NAMING = ("papers", "returned")
_KEPT = re.compile(r"publications|(review|vault)\.(toml|db|db-wal|db-shm|db-journal|lock|schema\.json)")


def would_close(records: Records, lists: tuple[Path, ...]) -> tuple[str, ...]:
    """Return what closing would delete, and what it cannot reach, one line each; `lists` are those of persons."""
    lines = []
    for name in _NAMING:
        count = sum(path.is_file() for path in (records.folder / name).rglob("*"))
        lines.append(f"{name}/: {count} files to delete")
    lines.append("vault.db: to be sealed for ever, by deleting its key")
    lines += [f"{path.name}: a list of persons, to delete" for path in lists]
    return (*lines, *_left(records), *_strange(records.folder, lists))


def close(
    records: Records, keys: KeyFolder, agency: str, review: str, lists: tuple[Path, ...]
) -> tuple[str, ...]:
    """Delete papers, returned workbooks, the lists of persons and the review's key; say what is out of reach.

    The event comes first: a close that was interrupted is then known to be one, and goes on.
    """
    lines = _left(records)
    if not records.log.last("review.closed"):
        records.log.append("review.closed", {"left": list(lines)})
    for name in _NAMING:
        points.about_to(f"deletion of {name}")
        shutil.rmtree(records.folder / name, ignore_errors=True)
    for path in lists:
        points.about_to("deletion of a list")
        path.unlink(missing_ok=True)
    points.about_to("deletion of the key")
    keys.destroy(agency, review)
    gone = ", ".join(["papers", "returned workbooks", *(path.name for path in lists)])
    done = f"{gone} and the key are deleted; the vault can never be opened again"
    return (done, *lines, *_strange(records.folder, ()))


def _left(records: Records) -> tuple[str, ...]:
    handed = sum(len(event.body["ids"]) for event in records.log.events("letters.approved") if event.body)
    return (
        f"{handed} letters had left this folder, with their recipients",
        "backups of this folder and of the keys are the county's to delete",
    )


def _strange(folder: Path, lists: tuple[Path, ...]) -> tuple[str, ...]:
    """Return which files of the folder are neither the engine's nor lists of persons: what is in them is not known."""
    known = {path.name for path in lists}
    names = sorted(path.name for path in folder.iterdir() if not _KEPT.fullmatch(path.name))
    left = [name for name in names if name not in known and name not in _NAMING]
    if not left:
        return ()
    return (f"not reviewcore's, and left where they are: {', '.join(left)}; delete those that name anybody",)
