"""A made-up agency's extracts and staff: clinics large and small, months from newest to settled."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from reviewcore.demo.chance import Chance
from reviewcore.demo.names import first_names, surnames

MONTHS = (
    ("2026-10", "closeout"), ("2026-11", "closeout"), ("2026-12", "closeout"), ("2027-01", "closeout"),
    ("2027-02", "30-day"), ("2027-03", "issued"),
)  # fmt: skip
_SHARES = {
    "pregnant": (0.10, {"I": 0.8, "IV": 0.2}),
    "breastfeeding": (0.12, {"I": 0.7, "IV": 0.3}),
    "postpartum": (0.07, {"VI": 1.0}),
    "infant": (0.23, {"I": 0.35, "II": 0.5, "IV": 0.15}),
    "child": (0.48, {"III": 0.3, "V": 0.65, "VII": 0.05}),
}
_SETTLED = {"closeout": 1.0, "30-day": 0.985, "issued": 0.93}
_KEPT = {"certification": 0.74, "recertification": 0.71, "nutrition education": 0.66, "benefits only": 0.83}


def write(folder: Path, name: str, clinics: Sequence[str]) -> int:
    """Write the staff list and the three extracts into `folder`; return how many people are listed."""
    chance = Chance(name, "caseload")
    sizes = {clinic: int(820 * 0.47**place) + 24 for place, clinic in enumerate(clinics)}
    participation: list[tuple[object, ...]] = []
    assignment: list[tuple[object, ...]] = []
    appointments: list[tuple[object, ...]] = []
    for number, (month, status) in enumerate(MONTHS):
        whole: dict[tuple[str, str], list[int]] = {}
        for clinic, size in sizes.items():
            assignment.append((clinic, month, size))
            certified = round(size * (1.02 + 0.012 * number + 0.06 * (chance.below(100) / 100 - 0.5)))
            for category, (share, priorities) in _SHARES.items():
                for priority, part in priorities.items():
                    count = round(certified * share * part * (0.9 + 0.2 * chance.below(100) / 100))
                    takes = round(count * (0.86 + 0.08 * chance.below(100) / 100) * _SETTLED[status])
                    issued = min(takes, round(takes * (0.94 + 0.05 * chance.below(100) / 100)))
                    participation.append((clinic, month, status, category, priority, count, takes, issued))
                    sums = whole.setdefault((category, priority), [0, 0, 0])
                    whole[category, priority] = [
                        a + b for a, b in zip(sums, (count, takes, issued), strict=True)
                    ]
            for kind, kept in _KEPT.items():
                booked = round(size * (0.05 + 0.12 * chance.below(100) / 100))
                came = round(booked * min(1, kept + 0.2 * (chance.below(100) / 100 - 0.5)))
                appointments.append((clinic, month, kind, came, booked - came))
        # An agency's own export has rows of totals among the others: they are checked, and left out.
        participation += [(name, month, status, *key, *sums) for key, sums in whole.items()]
    _write(
        folder / "participation.csv",
        ("clinic", "month", "status", "category", "priority", "certified", "participating", "issued"),
        participation,
    )
    _write(folder / "assignment.csv", ("clinic", "month", "assigned"), assignment)
    _write(folder / "appointments.csv", ("clinic", "month", "kind", "kept", "missed"), appointments)
    return _people(folder, name, clinics)


def _people(folder: Path, name: str, clinics: Sequence[str]) -> int:
    chance = Chance(name, "names")
    first, last = chance.shuffled(first_names()), chance.shuffled(surnames())
    rows: list[tuple[object, ...]] = []

    def add(role: str, unit: str = "", supervisor: str = "") -> str:
        place = len(rows)
        said, ident = f"{first[place]} {last[place]}", f"W{place + 201:05}"
        mail = f"{said.replace(' ', '.').lower()}@{name.lower()}.example"
        rows.append((ident, said, mail, role, unit, supervisor, "en", name))
        return ident

    manager = add("coordinator;staff", "Office")
    add("facilitator", "Office")
    add("union representative")
    for place, clinic in enumerate(clinics):
        lead = add("supervisor;staff", clinic, manager)
        for _ in range(max(2, 9 - 2 * place)):
            add("staff", clinic, lead)
    headings = ("person_id", "name", "email", "roles", "unit", "supervisor_id", "language", "county")
    _write(folder / "people.csv", headings, rows)
    return len(rows)


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(rows)
