"""What happens between the commands on a page, where a reader works with something else than the command line.

A page names a scene on an unseen line, `% before: NAME`, above the block of commands that comes next.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

from reviewcore import Review
from reviewcore.demo.county import make
from reviewcore.demo.run import return_tools
from reviewcore.profile.new import fill

Scene: TypeAlias = Callable[[str], None]
"""Plays in the reader's folder; is given the file that the page showed last."""

SCENES: dict[str, Scene] = {}
HAZEL = Path("hazel-2027/review.toml")
HEADINGS = ("Case No.", "Assigned Worker", "Family ID", "Program", "Placement", "Months open", "Target group")


def scene(play: Scene) -> Scene:
    """Add a scene under its name, with spaces for underscores."""
    SCENES[play.__name__.replace("_", " ")] = play
    return play


@scene
def exports_come_from_another_system(_: str) -> None:
    """Lay a made-up county's two lists into `exports`, under another system's headings."""
    folder = Path("exports")
    folder.mkdir()
    make("Hazel").write(folder)
    path = folder / "cases.csv"
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])


@scene
def the_columns_are_filled_in(shown: str) -> None:
    """Put the table that the page shows in the place of the one that was proposed."""
    before, _, rest = HAZEL.read_text(encoding="utf-8").partition("[lists.cases.columns]\n")
    _, _, after = rest.partition("\n\n")
    assert "case_id" in rest
    HAZEL.write_text(f"{before}{shown}\n{after}", encoding="utf-8")


@scene
def the_blanks_are_filled_in(shown: str) -> None:
    """Fill in a made-up county's profile, the part that the page shows as it is shown."""
    the_columns_are_filled_in(shown)
    monday = date(2027, 5, 10)
    values: dict[str, object] = {
        "id": "hazel-2027",
        "title": "Hazel County Peer Quality Case Review 2027",
        "agency.id": "hazel",
        "agency.name": "Hazel County Human Services Agency",
        "agency.county": "Hazel",
        "agency.address": "3 Example Way, Hazelton, CA 00000",
        "agency.contact": "Ilse Fernhollow",
        "agency.contact_email": "reviews@hazel.example",
        "agency.contact_phone": "(555) 555-0170",
        "agency.signed_by": "Kwabena Thistledown",
        "agency.signed_title": "Director",
        "safety.name": "Noor Marrowby",
        "safety.phone": "(555) 555-0179",
        "safety.email": "safety@hazel.example",
        "calendar.event_start": monday,
        "calendar.event_end": date(2027, 5, 14),
        "review.plan.starts": "July 2028",
        "review.teams.number": 6,
        "review.union.local": "Local 0000",
        "review.hours.supervisors": 16,
        "review.hours.coordinators": 3,
    }
    days = {
        "planning": date(2027, 2, 23), "orientation": date(2027, 4, 6), "training": date(2027, 4, 27),
        "pre_briefing": date(2027, 4, 29), "focus_group": date(2027, 5, 12), "exit_interview": date(2027, 5, 14),
        "reflections": date(2027, 6, 10),
    }  # fmt: skip
    for key, day in days.items():
        values |= {f"meetings.{key}.date": day, f"meetings.{key}.place": "Main hall, 3 Example Way"}
    text = fill(HAZEL.read_text(encoding="utf-8"), values, {})
    for focus, quota in (("stable placements for children in foster care", 40), ("the way back home", 20)):
        text = text.replace('focus_area = "____"', f'focus_area = "{focus}"', 1)
        text = text.replace('quota = "____"', f"quota = {quota}", 1)
    HAZEL.write_text(text, encoding="utf-8")


@scene
def the_teams_fill_in_their_workbooks(_: str) -> None:
    """Put a filled-in workbook for every session into `returned`."""
    return_tools(Review.open("hazel-2027"))


@scene
def the_question_is_added(shown: str) -> None:
    """Add what the page shows to the tool of the package that the page has made."""
    tool = Path("reviewcore-visits/reviewcore_visits/instruments/tool.toml")
    tool.write_text(f"{tool.read_text(encoding='utf-8')}\n{shown}", encoding="utf-8")


@scene
def the_script_is_saved(shown: str) -> None:
    """Save what the page shows."""
    Path("rehearse.py").write_text(shown, encoding="utf-8")
