"""Beginning a review: a folder, a profile with the county's blanks, and its lists' columns matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.plugins import load
from reviewcore.profile import shipped
from reviewcore.profile.new import new
from reviewcore.profile.read import type_name
from reviewcore.store.files import write_whole


@frozen
class Begun:
    """A review folder that was made: its profile, the columns that were matched, and what to do next."""

    path: Path
    columns: Mapping[str, Mapping[str, str]]
    lines: tuple[str, ...]


def new_review(folder: Path, profile: str, samples: Sequence[Path] = ()) -> Begun:
    """Make a review folder from a shipped profile.

    Of each sample list it is found out whether it lists people or cases, and which of its columns is
    which; the list is copied into the folder. Raises Refused where the folder holds a review, BadInput
    for a list that cannot be read.
    """
    from reviewcore.register.mapping import PEOPLE, case_fields, propose
    from reviewcore.register.table import read_table

    kind = load(type_name(shipped.path(profile))).review_type()
    wanted = {"people": PEOPLE, "cases": case_fields(kind.cases())}
    columns: dict[str, dict[str, str]] = {}
    files: dict[str, Path] = {}
    lines = []
    for sample in samples:
        headings = read_table(sample).headings
        proposed = {name: propose(headings, fields) for name, fields in wanted.items()}
        lists = "cases" if "case_id" in proposed["cases"] else "people"
        if lists in files:
            raise Refused(
                f"{sample.name} and {files[lists].name} both look like lists of {lists}; give one of each"
            )
        files[lists], columns[lists] = sample, proposed[lists]
        missing = [name for name in wanted[lists] if name not in proposed[lists]]
        lines.append(f"{sample.name}: taken as the list of {lists}; {len(proposed[lists])} columns matched")
        if missing:
            lines.append(f"  not found, fill in under [lists.{lists}.columns]: {', '.join(missing)}")
    values = {f"lists.{name}.file": file.name for name, file in files.items()}
    path = new(folder, profile, columns, values)
    for file in files.values():
        write_whole(folder / file.name, file.read_bytes())
    lines += [
        f"{path}: fill in what is marked ____, put your lists beside it, then: reviewcore check {folder}",
    ]
    return Begun(path, columns, tuple(lines))
