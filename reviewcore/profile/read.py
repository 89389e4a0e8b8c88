"""Reading a profile: from a county's TOML file to frozen settings, or to a list of all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from cattrs import BaseConverter
from cattrs.errors import BaseValidationError

from reviewcore.errors import BadInput, Problem, nearest
from reviewcore.profile.document import Document, load, spell
from reviewcore.profile.settings import Calendar, Meeting, Profile
from reviewcore.profile.strict import BLANK, converter, faults, structure

if TYPE_CHECKING:
    from reviewcore.profile.lines import Path as KeyPath
    from reviewcore.reviewtype import MilestoneKind, ReviewType, Source

    Fault = tuple[KeyPath, str]


def type_name(path: Path) -> str:
    """Return the name of the review type that a profile asks for; raise BadInput where it has none."""
    document = load(path)
    name = document.values.get("type")
    if type(name) is not str or not name.strip() or BLANK in name:
        raise BadInput([document.problem(("type",), 'name the review type, as in type = "pqcr"')])
    return name


def allowed(path: Path) -> tuple[str, ...]:
    """Return the plugins that a profile allows beside the bundled types; raise BadInput where it is no list."""
    document = load(path)
    names = document.values.get("plugins", [])
    if type(names) is not list or not all(type(name) is str for name in names):
        raise BadInput([document.problem(("plugins",), 'expected a list of names, as in ["visits-review"]')])
    return tuple(names)


def read(
    path: Path,
    settings_class: type,
    milestones: tuple[MilestoneKind, ...] | None = None,
    sources: tuple[Source, ...] | None = None,
) -> Profile:
    """Return the profile at `path`, with its `[review]` table read as a `settings_class`.

    With `milestones`, the profile's meetings are held against the review type's as well, and with
    `sources` its lists. Raises BadInput with every problem that was found, in the order of the file's lines.
    """
    document = load(path)
    raw = {"review": {}} | document.values
    found: list[Fault] = []
    made = converter()
    profile: Profile | None = None
    try:
        profile = structure(raw, Profile, made, {"settings": ("review", settings_class)})
    except BaseValidationError as error:
        found += [_moved(document, fault) for fault in faults(error)]
    found += _across(raw, profile, milestones, sources, made)
    if found or profile is None:
        raise BadInput(_placed(document, found))
    return profile


def check_milestones(profile: Profile, review_type: ReviewType, path: Path | None = None) -> list[Problem]:
    """Return what is wrong with the profile's meetings for a review type: missing ones, and unknown ones.

    With `path`, the profile's file, each problem names the line.
    """
    found = _meetings(profile.meetings, review_type.milestones)
    if path is None:
        return [Problem("", what, spell(where)) for where, what in found]
    return _placed(load(path), found)


def _meetings(meetings: Mapping[str, object], milestones: tuple[MilestoneKind, ...]) -> list[Fault]:
    kinds = {kind.key: kind for kind in milestones}
    has = f"this review type has {', '.join(kinds) or 'none'}"
    found: list[Fault] = [
        (("meetings", key), f"missing: the review needs {kind.words}; add a [meetings.{key}] table")
        for key, kind in kinds.items()
        if kind.required and key not in meetings
    ]
    return found + [
        (("meetings", key), f"unknown meeting{nearest(key, kinds)}; {has}")
        for key in meetings
        if key not in kinds
    ]


def _lists(lists: Mapping[str, object], sources: tuple[Source, ...]) -> list[Fault]:
    kinds = {"people": "everyone with a part in the review"} | {one.name: one.words for one in sources}
    found: list[Fault] = [
        (("lists", name), f"missing: the review needs a list of {what or name}; add a [lists.{name}] table")
        for name, what in kinds.items()
        if name not in lists
    ]
    return found + [
        (("lists", name), f"unknown list{nearest(name, kinds)}; this review type has {', '.join(kinds)}")
        for name in lists
        if name not in kinds
    ]


def _across(
    raw: Mapping[str, Any],
    profile: Profile | None,
    milestones: tuple[MilestoneKind, ...] | None,
    sources: tuple[Source, ...] | None,
    made: BaseConverter,
) -> list[Fault]:
    """Check what one setting alone cannot show, among the parts that can be read at all."""

    def part(key: str, kind: Any) -> Any:
        return getattr(profile, key) if profile else _part(raw, key, kind, made)

    calendar = part("calendar", Calendar)
    meetings = part("meetings", Mapping[str, Meeting])
    found: list[Fault] = []
    if calendar and not calendar.days():
        span = f"{calendar.event_start} to {calendar.event_end}"
        what = f"there is no working day from {span}, only weekends and holidays; choose other dates"
        found.append((("calendar", "event_start"), what))
    for key, meeting in (meetings or {}).items():
        if calendar and meeting.date in calendar.holidays:
            what = f"{meeting.date} is one of calendar.holidays; choose another date"
            found.append((("meetings", key, "date"), what))
    if milestones is not None and isinstance(raw.get("meetings"), dict):
        found += _meetings(raw["meetings"], milestones)
    if sources is not None and isinstance(raw.get("lists"), dict):
        found += _lists(raw["lists"], sources)
    if raw.get("languages") == []:
        found.append((("languages",), 'name at least one language, as in languages = ["en"]'))
    for name in ("languages", "plugins", "trusted"):
        found += _repeated((name,), part(name, tuple[str, ...]) or ())
    return found + _repeated(("calendar", "holidays"), calendar.holidays if calendar else ())


def _part(raw: Mapping[str, Any], key: str, kind: Any, made: BaseConverter) -> Any:
    """Return one part of the profile, or None where it is missing or wrong in itself, which is told already."""
    try:
        return structure(raw[key], kind, made)
    except (KeyError, ValueError, BaseValidationError):
        return None


def _repeated(path: KeyPath, values: tuple[Any, ...]) -> list[Fault]:
    return [
        ((*path, place), f"{value} is given twice; keep one")
        for place, value in enumerate(values)
        if value in values[:place]
    ]


def _moved(document: Document, fault: Fault) -> Fault:
    """Say where a setting belongs that slipped into the table above it, TOML's commonest trap."""
    path, what = fault
    top = {a.name for a in attrs.fields(Profile)} - {"settings"}
    if what == "unknown setting" and len(path) > 1 and path[-1] in top and path[-1] not in document.values:
        return path, f"unknown setting here; move {path[-1]} to the top of the file, above the first [table]"
    return fault


def _placed(document: Document, found: Iterable[Fault]) -> list[Problem]:
    """Return the problems with their lines, in the order of the file."""
    return sorted(
        (document.problem(*fault) for fault in found),
        key=lambda problem: int(problem.where.rpartition(":")[2]),
    )
