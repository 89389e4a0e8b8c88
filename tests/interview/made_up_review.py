"""A small made-up review up to the draw, with a real log and vault, for tests of the interview stage."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from reviewcore.interview.plan import InterviewPlan, SessionKind, TeamRules
from reviewcore.profile.settings import Agency, Calendar, List, Profile, Safety
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key
from reviewcore.store.log import Log
from reviewcore.store.log import table as events
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault
from reviewcore.store.vault import table as sealed
from tests.interview.sample_tool import PROGRAM, TOOL

HOST = "Alder"
FIELDS = (PROGRAM,)
PLAN = InterviewPlan(
    (TOOL,), (SessionKind("case", "Case interview", 60, "interview", supervisor=True),), TeamRules(2)
)
PROFILE = Profile(
    profile=1, id="alder-2027", type="pqcr", title="Alder County peer review",
    agency=Agency(
        "alder", "Alder County", "Alder", "1 Main St", "Pat Lee", "pat@alder.example", "555-0100", "Jo Kim", "Director"
    ),
    safety=Safety("Sam Roe", "555-0199", "sam@alder.example"),
    calendar=Calendar("America/Los_Angeles", date(2027, 3, 1), date(2027, 3, 5), time(8), time(17)),
    meetings={}, lists={"people": List("people.csv"), "cases": List("cases.csv")}, settings=None, rooms=2,
)  # fmt: skip


def fake(kind: str, name: str) -> str:
    """Return a pseudonym such as the register makes."""
    return hashlib.sha256(f"{kind} {name}".encode()).hexdigest()


@frozen
class Made:
    """One opened review."""

    records: Records
    vault: Vault
    profile: Profile = PROFILE
    plan: InterviewPlan = PLAN


def person(name: str, **given: Any) -> dict[str, Any]:
    """Return a person as the register seals one."""
    base: dict[str, Any] = {
        "person_id": name, "name": f"Name Of-{name}", "email": f"{name}@x.example", "roles": [], "unit": "",
        "supervisor_id": "", "language": "en", "county": "", "program": "", "pseudonym": fake("person", name),
    }  # fmt: skip
    return base | given


def people(workers: int = 6) -> list[dict[str, Any]]:
    """Return workers in two units with a supervisor each, and two peers and two hosts who review."""
    found = [person(f"s{n}", unit=f"U{n}") for n in range(2)]
    found += [person(f"w{n}", unit=f"U{n % 2}", supervisor_id=f"s{n % 2}") for n in range(workers)]
    found += [
        person(f"p{n}", roles=["reviewer"], county="Birch", unit="U0", program="probation") for n in range(2)
    ]
    return found + [
        person(f"h{n}", roles=["reviewer"], county=HOST, unit="Q", program="child-welfare") for n in range(2)
    ]


def open_review(folder: Path, now: datetime = datetime(2027, 2, 1, 18, 0, tzinfo=UTC)) -> Made:
    """Open the stores of a review in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    key = Key(b"k" * 32)
    log = Log(
        connect(sqlite_url(folder / "review.db"), events().metadata, "log"),
        "alder",
        "r",
        lambda: now,
        "tests",
    )
    vault = Vault(connect(sqlite_url(folder / "vault.db"), sealed().metadata, "vault"), "alder", "r", key)
    return Made(Records(folder, log, key, lambda _: ()), vault)


def drawn(folder: Path, persons: Sequence[dict[str, Any]] | None = None, workers: int = 6) -> Made:
    """Make a review with one drawn case for each worker, of two programs in turn."""
    made = open_review(folder)
    persons = people(workers) if persons is None else persons
    made.vault.put_all("person", {one["person_id"]: one for one in persons}, replace=True)
    cases: list[dict[str, Any]] = [
        {
            "case_id": f"C-{n:05}",
            "worker_id": f"w{n}",
            "family_id": "",
            "fields": {},
            "pseudonym": fake("case", str(n)),
        }
        for n in range(workers)
    ]
    made.vault.put_all("case", {case["case_id"]: case for case in cases}, replace=True)
    rows = [
        {"case": case["pseudonym"], "worker": fake("person", f"w{n}"), "unit": fake("unit", f"U{n % 2}"), "family": "",
         "member": "", "stratum": "all",
         "fields": {"program": ("child-welfare", "probation")[n % 2]}} for n, case in enumerate(cases)
    ]  # fmt: skip
    made.records.log.append("selection.committed", {"rows": rows})
    selected = [
        {**{k: row[k] for k in ("case", "worker", "unit", "stratum")}, "place": n}
        for n, row in enumerate(rows, 1)
    ]
    made.records.log.append("selection.drawn", {"selected": selected})
    return made


def asks_for_supervisor(made: Made, worker: str, wants: bool = True) -> None:
    """Record that a worker's reply asks for their supervisor to sit in, or no longer does."""
    letter = {"id": f"L-{worker}", "to": fake("person", worker)}
    if all(letter not in e.body["letters"] for e in made.records.log.events("letters.drafted") if e.body):
        made.records.log.append("letters.drafted", {"letters": [letter]})
    made.records.log.append("letters.replied", {"id": letter["id"], "answer": "yes", "supervisor": wants})


def later(made: Made, now: datetime) -> Made:
    """Return the same review at another time."""
    log = made.records.log
    return evolve(
        made,
        records=evolve(made.records, log=Log(log.engine, log.agency, log.review, lambda: now, log.actor)),
    )
