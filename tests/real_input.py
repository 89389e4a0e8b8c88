"""Real lists for tests: a synthetic case file, with workers whose caseloads follow a state's own figures.

Cases, children and dates are those of the child-welfare case file. The caseloads follow the quartiles
that NCANDS gives for one state; it counts the reports of a year, of which about a third is open at one
time. All people are made up. The data lie beside the project, in `shared/`; where they are not there,
the test is skipped.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

PEER_COUNTIES = ("Birch", "Cedar", "Elm", "Hazel")


def shared() -> Path:
    """Return the folder of the real inputs, or skip the test that asked."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "shared" / "data" / "child_welfare").is_dir():
            return parent / "shared" / "data"
    pytest.skip("the real inputs (shared/data) do not lie beside this project")


def child_welfare(folder: Path, state: str = "MA", open_share: float = 1 / 3) -> tuple[Path, Path]:
    """Write people.csv and cases.csv, as a peer review needs them, into `folder`; return both paths.

    A case is of `probation` where its first child was thirteen or older at the referral, and cases with
    the same first child are of one family. Workers have cases of one program; each seven have a
    supervisor and are a unit. The same call gives the same bytes.
    """
    data = shared()
    children = {row["child_id"]: row for row in _rows(data / "child_welfare/children.csv")}
    first: dict[str, str] = {}
    for link in _rows(data / "child_welfare/case_child.csv"):
        first.setdefault(link["case_id"], link["child_id"])
    cases = []
    for case in _rows(data / "child_welfare/cases.csv"):
        child = first.get(case["case_id"], "")
        age = int(case["referral_date"][:4]) - int(children[child]["date_of_birth"][:4]) if child else 0
        cases.append(
            {
                "case_id": case["case_number"],
                "worker_id": "",
                "family_id": f"FAM-{int(child):05}" if child else "",
                "program": "probation" if age >= 13 else "child-welfare",
                "case_type": case["case_type"],
                "county": case["intake_county"],
                "referral_date": case["referral_date"],
                "closure_date": case["closure_date"],
            }
        )
    people = _assign(cases, [open_share * count for count in _quartiles(data, state)])
    return _write(folder / "people.csv", people), _write(folder / "cases.csv", cases)


def _assign(cases: list[dict[str, str]], quartiles: Sequence[float]) -> list[dict[str, str]]:
    """Give every case a worker, and return the workers with those above and beside them."""
    manager = _person("M-0001", "Manager 001", "manager")
    people = [manager]
    worker = supervisor = 0
    for program, role, short in (
        ("child-welfare", "social worker", "CW"),
        ("probation", "probation officer", "PR"),
    ):
        waiting = sorted(
            (case for case in cases if case["program"] == program),
            key=lambda case: _share("order", case["case_id"]),
        )
        unit = 0
        for size in _caseloads(program, quartiles, len(waiting)):
            worker += 1
            if (
                worker_of_program := sum(p["program"] == program and p["roles"] == role for p in people)
            ) % 7 == 0:
                supervisor, unit = supervisor + 1, worker_of_program // 7 + 1
                people.append(
                    _person(
                        f"S-{supervisor:04}", f"Supervisor {supervisor:03}", "supervisor",
                        unit=f"{short}-{unit}", supervisor_id=manager["person_id"], program=program,
                    )
                )  # fmt: skip
            person = _person(
                f"W-{worker:04}", f"Worker {worker:03}", role, unit=f"{short}-{unit}",
                supervisor_id=f"S-{supervisor:04}", program=program,
            )  # fmt: skip
            people.append(person)
            for case in waiting[:size]:
                case["worker_id"] = person["person_id"]
            waiting = waiting[size:]
    for number in range(1, 17):
        county = PEER_COUNTIES[number % 4] if number <= 12 else "Alder"
        program = ("child-welfare", "probation")[number % 2]
        people.append(
            _person(f"R-{number:04}", f"Reviewer {number:03}", "reviewer", county=county, program=program)
        )
    others = ("union representative", "union representative", "coordinator", "clerical")
    for number, role in enumerate(others, start=1):
        people.append(_person(f"O-{number:04}", f"{role.title()} {number:03}", role))
    return people


def _person(
    person_id: str, name: str, roles: str, unit: str = "", supervisor_id: str = "", county: str = "Alder",
    program: str = "",
) -> dict[str, str]:  # fmt: skip
    return {
        "person_id": person_id, "name": name, "email": f"{person_id.lower()}@{county.lower()}.example",
        "roles": roles, "unit": unit, "supervisor_id": supervisor_id, "language": "en", "county": county,
        "program": program,
    }  # fmt: skip


def _caseloads(program: str, quartiles: Sequence[float], cases: int) -> Iterator[int]:
    """Yield caseloads with the given quartiles until all cases are assigned; the last takes what is left."""
    low, middle, high = quartiles
    points = (1.0, low, middle, high, high + 1.5 * (high - low))
    number = 0
    while cases > 0:
        quarter, within = divmod(4 * _share(program, str(number)), 1)
        left, right = points[int(quarter)], points[int(quarter) + 1]
        size = min(cases, max(1, round(left + within * (right - left))))
        yield size
        number, cases = number + 1, cases - size


def _share(purpose: str, text: str) -> float:
    """Return a number from 0 up to 1 that looks random and is always the same."""
    return int.from_bytes(hashlib.sha256(f"{purpose}\n{text}".encode()).digest()[:6], "big") / 2**48


def _quartiles(data: Path, state: str) -> tuple[float, float, float]:
    for row in _rows(data / "workload/state_wrkr_data.csv"):
        if row["StaTerr"] == state and row["type"] == "Caseworker":
            return tuple(float(row[f"caseload_{name}"]) for name in ("25thPct", "median", "75thPct"))  # type: ignore[return-value]
    raise LookupError(state)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
