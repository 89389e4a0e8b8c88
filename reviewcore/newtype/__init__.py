"""A package for a new review type: small, whole, and with tests that pass before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from reviewcore.demo.county import make
from reviewcore.errors import Refused
from reviewcore.profile.new import new
from reviewcore.store.files import write_whole


def new_type(name: str, today: date, into: Path | None = None, title: str = "") -> tuple[Path, ...]:
    """Write a package for the review type `name` and return its files, a made-up county to try it on among them.

    It stands in `into`, or in a folder called after it; `title` is what people call the review. The
    county's review is some months after `today`. Refuses a name that cannot be one, and a folder that
    holds something.
    """
    from reviewcore.plugins import BUNDLED

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise Refused(
            f"'{name}' cannot name a review type; use small letters, digits and hyphens, as in 'home-visits'"
        )
    if name in BUNDLED:
        raise Refused(f"'{name}' is a review type of reviewcore's own; choose another name")
    words = [part.capitalize() for part in name.split("-")]
    filled = {
        "name": name,
        "distribution": f"reviewcore-{name}",
        "package": f"reviewcore_{name.replace('-', '_')}",
        "class_name": "".join(words),
        "title": title.strip() or f"{name.replace('-', ' ').capitalize()} review",
    }
    if re.search(r'["\\$]|[^\S ]', filled["title"]):
        raise Refused("a title is one line without quotation marks, backslashes or dollar signs")
    folder = into or Path(filled["distribution"])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} holds something already; choose another folder with --into")
    written = [
        _write(folder, where, text, filled) for where, text in _templates(files(__name__) / "template")
    ]
    return (*written, *_example(folder / "example", folder / filled["package"] / "profile.toml", today))


def _templates(folder: Traversable, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every template: where its file goes, and its text."""
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir():
            yield from _templates(one, f"{at}{one.name}/")
        elif one.name.endswith(".in"):
            yield at + one.name.removesuffix(".in"), one.read_text(encoding="utf-8")


def _write(folder: Path, where: str, text: str, filled: Mapping[str, str]) -> Path:
    path = folder / where.replace("PACKAGE", filled["package"])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, Template(text).substitute(filled).encode())
    return path


def _example(folder: Path, profile: Path, today: date) -> tuple[Path, ...]:
    """Write a made-up county's review folder, its profile filled in and its lists beside it."""
    county = make("Example", teams=4)
    monday = today + timedelta(days=140 - today.weekday())
    values = {
        "id": "example-1",
        "title": "A review in Example County",
        "agency.id": "example",
        "agency.name": "Example County Human Services Agency",
        "agency.county": county.name,
        "agency.address": "1 Example Way, Exampleton",
        "agency.contact": "Ilse Fernhollow",
        "agency.contact_email": "reviews@example.example",
        "agency.contact_phone": "(555) 555-0150",
        "agency.signed_by": "Kwabena Thistledown",
        "agency.signed_title": "Director",
        "safety.name": "Noor Marrowby",
        "safety.phone": "(555) 555-0159",
        "safety.email": "safety@example.example",
        "calendar.event_start": monday,
        "calendar.event_end": monday + timedelta(days=4),
        "meetings.briefing.date": monday - timedelta(days=14),
        "meetings.briefing.place": "Library, 1 Example Way",
        "review.topic": "how plans are made",
        "review.quota": 40,
        "review.teams": 4,
    }
    path = new(folder, str(profile), values=values)
    people, _ = county.write(folder)
    cases = folder / "cases.csv"
    rows = [
        f"{case.case_id},{case.worker_id},{case.family_id},{'new' if case.months_open < 9 else 'continuing'}"
        for case in county.cases
    ]
    cases.write_text("\n".join(("case_id,worker_id,family_id,kind", *rows)) + "\n", encoding="utf-8")
    return path, people, cases
