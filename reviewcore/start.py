"""Beginning a review: a folder, a profile with the county's blanks, and its lists' columns matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.plugins import load
from reviewcore.profile import shipped
from reviewcore.profile.new import new
from reviewcore.profile.read import allowed, type_name
from reviewcore.store.files import write_whole

if TYPE_CHECKING:
    from reviewcore.reviewtype import ReviewType


@frozen
class Begun:
    """A review folder that was made: its profile, the columns that were matched, and what to do next."""

    path: Path
    columns: Mapping[str, Mapping[str, str]]
    lines: tuple[str, ...]


def schema_text(kind: ReviewType, profile: Path | None = None) -> str:
    """Return the JSON Schema of a review type's profiles, as a file holds it.

    Its words are those of the shipped profile by the type's name; where there is none, those of `profile`.
    """
    import json

    from reviewcore.profile.schema import schema
    from reviewcore.profile.words import words_of

    told = shipped.path(kind.name) if kind.name in shipped.names() else profile
    words = words_of(told.read_text(encoding="utf-8")) if told else {}
    return json.dumps(schema(kind, words), ensure_ascii=False, indent=1) + "\n"


def new_review(
    folder: Path, profile: str, samples: Sequence[Path] = (), values: Mapping[str, object] | None = None
) -> Begun:
    """Make a review folder from a shipped profile, or from one whose path is given.

    `values` maps settings, written as "agency.name", to what replaces their blank. Of each sample list it
    is found out which of the review's lists it is, and which of its columns is which; the list is copied
    into the folder. The profile's schema is laid beside it. Raises Refused where the folder holds a review
    or a list is none that the review needs, BadInput for a list that cannot be read.
    """
    from reviewcore.register.mapping import LEVEL, likeliest, propose, wanted_lists
    from reviewcore.register.table import read_table

    path = shipped.path(profile)
    kind = load(type_name(path), allowed(path)).review_type()
    wanted = wanted_lists(kind)
    columns: dict[str, dict[str, str]] = {}
    files: dict[str, Path] = {}
    lines = []
    for sample in samples:
        headings = read_table(sample).headings
        proposed = {name: propose(headings, fields) for name, fields in wanted.items()}
        lists = likeliest(proposed, wanted)
        if not lists:
            raise Refused(f"{sample.name}: none of its columns is one of the lists {', '.join(wanted)}")
        if lists in files:
            raise Refused(
                f"{sample.name} and {files[lists].name} both look like lists of {lists}; give one of each"
            )
        files[lists], columns[lists] = sample, proposed[lists]
        missing = [name for name in wanted[lists] if name not in proposed[lists] and name != LEVEL]
        lines.append(f"{sample.name}: taken as the list of {lists}; {len(proposed[lists])} columns matched")
        if missing:
            lines.append(f"  not found, fill in under [lists.{lists}.columns]: {', '.join(missing)}")
    known = {**(values or {}), **{f"lists.{name}.file": file.name for name, file in files.items()}}
    path = new(folder, profile, columns, known, schema_text(kind, path))
    for file in files.values():
        write_whole(folder / file.name, file.read_bytes())
    lines += [
        f"{path}: fill in what is marked ____, put your lists beside it, then: reviewcore check {folder}",
    ]
    return Begun(path, columns, tuple(lines))
