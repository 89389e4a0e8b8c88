"""The real case list of the tests, with the fields that a peer review asks for beyond the core's own."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from real_input import child_welfare, shared

_PLACEMENTS = {
    "foster_home": "foster-home",
    "therapeutic_foster_care": "foster-home",
    "kinship": "relative",
    "group_home": "group-home",
    "residential": "group-home",
    "independent_living": "own-place",
}
_LAST_DAY = date(2025, 12, 31)


def write(folder: Path) -> tuple[Path, Path]:
    """Write `people.csv` and `cases.csv` into `folder`, and return where they are.

    A child lives where the last placement says, else with a parent. The focus area is placement for child
    welfare, and every case for probation.
    """
    people, cases = child_welfare(folder)
    lives, child = _placed(), {row["case_id"]: row["child_id"] for row in reversed(_read("case_child"))}
    first = {row["case_number"]: child.get(row["case_id"], "") for row in _read("cases")}
    with cases.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        placement = lives.get(first[row["case_id"]], "with-parent")
        closed = _LAST_DAY if row["closure_date"] == "NULL" else date.fromisoformat(row["closure_date"])
        months = (closed - date.fromisoformat(row["referral_date"])).days // 30
        placed = row["program"] == "probation" or placement != "with-parent"
        row |= {
            "placement": placement,
            "months_open": str(max(0, months)),
            "focus": "yes" if placed else "no",
        }
    with cases.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return people, cases


def _placed() -> dict[str, str]:
    """Return where each child lived last, by the child's id."""
    child_of = {row["episode_id"]: row["child_id"] for row in _read("episodes")}
    rows = sorted(_read("placements"), key=lambda row: row["placement_start"])
    return {child_of[row["episode_id"]]: _PLACEMENTS[row["placement_type"]] for row in rows}


def _read(name: str) -> list[dict[str, str]]:
    with (shared() / "child_welfare" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
