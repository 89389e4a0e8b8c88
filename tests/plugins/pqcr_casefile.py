"""A county made of published test data: a synthetic case file, with workers by a real caseload distribution.

The case file holds child welfare only, and no worker and no family: its service cases stand in for
probation, a case is of the family of an earlier case with one of its children, and workers get
caseloads as one state's were. The data are read where they lie and never copied into the project.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from reviewcore.demo.chance import Chance

DATA = Path(__file__).parents[3] / "shared" / "data"
STATE = "MA"
"""The state whose caseloads are used: its median of nine suits a case file of three hundred."""

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
    """Write `people.csv` and `cases.csv` of this county, and return where they are."""
    cases, people = list(_cases()), [_row("E0", "manager")]
    by_program = {name: [c for c in cases if c["program"] == name] for name in ("child-welfare", "probation")}
    for program, ones in by_program.items():
        boss = f"S-{program}"
        people.append(_row(boss, "supervisor", "E0", program))
        loads = caseloads(len(ones), program)
        workers = [f"W-{program}-{place}" for place in range(len(loads))]
        role = "social worker" if program == "child-welfare" else "probation officer"
        people += [_row(worker, role, boss, program) for worker in workers]
        held = [worker for worker, load in zip(workers, loads, strict=True) for _ in range(load)]
        for case, worker in zip(Chance(program, "hands").shuffled(ones), held, strict=True):
            case["worker_id"] = worker
    people += [_row(f"U{n}", "union representative") for n in range(2)]
    people += [_row(f"R{n}", "reviewer", county="Juniper" if n % 2 else "Shared") for n in range(8)]
    return _write(folder / "people.csv", people), _write(folder / "cases.csv", cases)


def caseloads(total: int, seed: str) -> list[int]:
    """Return caseloads that sum to `total`, spread as the state's quartiles say."""
    [row] = [
        one
        for one in _read("workload/state_wrkr_data")
        if (one["StaTerr"], one["type"]) == (STATE, "Caseworker")
    ]
    low, middle, high = (float(row[f"caseload_{name}"]) for name in ("25thPct", "median", "75thPct"))
    edges = [1.0, low, middle, high, high + 1.5 * (high - low)]
    chance, loads = Chance(STATE, seed), list[int]()
    while sum(loads) < total:
        quarter, within = chance.below(4), chance.below(1000) / 1000
        load = edges[quarter] + within * (edges[quarter + 1] - edges[quarter])
        loads.append(min(max(1, round(load)), total - sum(loads)))
    return loads


def _cases() -> Iterator[dict[str, str]]:
    children: dict[str, set[str]] = {}
    for row in _read("child_welfare/case_child"):
        children.setdefault(row["case_id"], set()).add(row["child_id"])
    lives = _placed()
    family: dict[str, str] = {}
    for row in _read("child_welfare/cases"):
        case, own = row["case_id"], sorted(children.get(row["case_id"], ()))
        name = next((family[child] for child in own if child in family), f"F-{case}")
        family |= dict.fromkeys(own, name)
        program = "probation" if row["case_type"] == "services" else "child-welfare"
        placement = next((lives[child] for child in own if child in lives), "with-parent")
        closed = _LAST_DAY if row["closure_date"] == "NULL" else date.fromisoformat(row["closure_date"])
        yield {
            "case_id": row["case_number"],
            "worker_id": "",
            "family_id": name,
            "program": program,
            "placement": placement,
            "months_open": str(max(0, (closed - date.fromisoformat(row["referral_date"])).days // 30)),
            "focus": "yes" if program == "probation" or placement != "with-parent" else "no",
        }


def _placed() -> dict[str, str]:
    """Return where each child lived last, by the child's id."""
    child_of = {row["episode_id"]: row["child_id"] for row in _read("child_welfare/episodes")}
    rows = sorted(_read("child_welfare/placements"), key=lambda row: row["placement_start"])
    return {child_of[row["episode_id"]]: _PLACEMENTS[row["placement_type"]] for row in rows}


def _row(
    person: str, roles: str, supervisor: str = "", program: str = "", county: str = "Shared"
) -> dict[str, str]:
    return {
        "person_id": person, "name": f"Made-up {person}", "email": f"{person.lower()}@shared.example",
        "roles": roles, "unit": program, "supervisor_id": supervisor, "language": "en", "county": county,
        "program": program,
    }  # fmt: skip


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
