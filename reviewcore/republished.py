"""Verifying a publication by its folder or one of its files, inside its review or wherever it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reviewcore.errors import Refused
from reviewcore.report.formats import FORMATS
from reviewcore.rereading import reread
from reviewcore.rereading.check import DATA
from reviewcore.review import Review

Told = tuple[tuple[str, ...], tuple[str, ...]]


def is_publication(path: Path) -> bool:
    """Return whether a path is a publication's folder, or one of its files."""
    if path.is_file():
        return path.suffix[1:] in (*FORMATS, "zip")
    return (path / DATA).is_file() or (path.is_dir() and path.absolute().parent.parent.name == "publications")


def verify_publication(path: Path, keys: Path | None = None) -> Told:
    """Return what was looked at and holds, and what is wrong, one line each.

    Inside its review the publication is the one of the review's own record, and names are looked for where its
    key is; elsewhere the files are held against the file of data beside them.
    """
    files = _files(path)
    home = path.absolute() if path.is_dir() else path.absolute().parent
    root = home.parents[2] if home.parent.parent.name == "publications" else None
    if root is None or not (root / "review.toml").is_file():
        return reread(_with_data(files, home), None, None)
    review = Review.open(root, keys=keys)
    try:
        truth, find = review.publication_said(home.parent.name, home.name)
    except Refused as why:
        checked, wrong = reread(_with_data(files, home), None, None)
        return (*checked, f"the review's own record: not used ({why})"), wrong
    return reread(files, truth, find)


def _files(path: Path) -> Mapping[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {one.name: one.read_bytes() for one in sorted(path.iterdir()) if one.is_file()}


def _with_data(files: Mapping[str, bytes], home: Path) -> Mapping[str, bytes]:
    """Return the files, and the file of data that lies beside one that is verified alone."""
    beside = home / DATA
    return dict(files) if DATA in files or not beside.is_file() else {**files, DATA: beside.read_bytes()}
