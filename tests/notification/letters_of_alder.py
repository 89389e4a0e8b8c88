"""A small review of made-up people, for the tests of letters: real log, real vault, real files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from reviewcore.notification.plan import DaysFrom, Letter, Milestone, NotificationPlan, Wording
from reviewcore.notification.stage import DraftCounts, draft, milestones
from reviewcore.profile.settings import Agency, Calendar, List, Meeting, Profile, Safety
from reviewcore.reviewtype import MilestoneKind, ReviewType
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key
from reviewcore.store.log import Log
from reviewcore.store.log import table as log_table
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault
from reviewcore.store.vault import table as vault_table

AT = datetime(2027, 1, 4, 17, 30, tzinfo=UTC)
KEY = Key(b"a" * 32)
TYPE = ReviewType(
    "peer",
    "Peer review",
    type(None),
    (),
    (
        MilestoneKind("planning", "Planning meeting"),
        MilestoneKind("orientation", "Orientation"),
        MilestoneKind("pre_briefing", "Pre-briefing"),
        MilestoneKind("reflections", "Reflections meeting"),
    ),
)
PROFILE = Profile(
    profile=1,
    id="alder-2027",
    type="peer",
    title="Peer review of Alder County",
    agency=Agency(
        "alder", "Alder County Human Services", "Alder", "12 Court Street, Alder", "Kim Ash", "reviews@alder.example",
        "555-0100", "Lee Rowan", "Director",
    ),
    safety=Safety("Pat Hazel", "555-0199", "hazel@alder.example"),
    calendar=Calendar(
        "America/Los_Angeles", date(2027, 3, 15), date(2027, 3, 19), time(8), time(17), holidays=(date(2027, 1, 18),)
    ),
    meetings={
        "planning": Meeting(date(2027, 1, 25), time(9), time(11), "Room 4"),
        "orientation": Meeting(date(2027, 2, 8), time(13), time(14), "Hall"),
        "pre_briefing": Meeting(date(2027, 3, 8), time(9), time(12), "Hall"),
        "reflections": Meeting(date(2027, 3, 22), time(15), time(16), "Hall"),
    },
    lists={"people": List("people.csv"), "cases": List("cases.csv")},
    settings=None,
    languages=("en", "es"),
)  # fmt: skip
DATES: tuple[Milestone, ...] = milestones(PROFILE, TYPE)

_SAFETY = "Worried about somebody's safety? Tell {{ safety_name }} at once: {{ safety_phone }}."


def wording(key: str, language: str, subject: str, body: str, *blanks: str) -> Wording:
    """A wording that also names the person for safety."""
    return Wording(
        key, language, subject, f"{body}\n\n{_SAFETY}\n", (*blanks, "safety_name", "safety_phone"), ("ALL-2",)
    )


PLAN = NotificationPlan(
    letters=(
        Letter(
            "union", "union", leave=DaysFrom("planning", -7), reply_by=DaysFrom("planning", -1),
            invites=("planning", "orientation", "pre_briefing", "reflections"), printed=True,
        ),
        Letter("reviewer", "reviewer", invites=("event",)),
        Letter(
            "worker", "selected worker", "draw", reply_by=DaysFrom("pre_briefing", -7),
            invites=("pre_briefing",), copy_supervisor=True,
        ),
        Letter("supervisor", "supervisor of a selected worker", "draw"),
        Letter("appointment", "selected worker", "schedule", invites=("interview",)),
        Letter("team", "reviewer", "schedule", invites=("interview",)),
    ),
    wordings=(
        wording(
            "union", "en", "A review: an invitation", "Dear {{ recipient }},\n\nYou are invited to:\n\n"
            "- planning, {{ planning_when }}, {{ planning_where }}\n- the rest\n\nAnswer by {{ reply_by }}.\n\n"
            "{{ signed_by }}\n{{ signed_title }}",
            "recipient", "planning_when", "planning_where", "reply_by", "signed_by", "signed_title",
        ),
        wording(
            "reviewer", "en", "Join us", "Dear {{ recipient }},\n\nThere are {{ teams }} teams.",
            "recipient", "teams",
        ),
        wording(
            "worker", "en", "One of your cases",
            "Dear {{ recipient }},\n\nCase {{ case_id }} was drawn. {% if supervisor %}{{ supervisor }} gets a copy."
            "{% endif %} Answer by {{ reply_by }}.", "recipient", "case_id", "supervisor", "reply_by",
        ),
        wording(
            "worker", "es", "Uno de sus casos",
            "Hola, {{ recipient }}:\n\nEl caso {{ case_id }} fue sorteado. {{ supervisor }} recibe una copia. "
            "Responda antes del {{ reply_by }}.", "recipient", "case_id", "supervisor", "reply_by",
        ),
        wording("supervisor", "en", "About your unit", "Dear {{ recipient }}, a case was drawn.", "recipient"),
        wording(
            "appointment", "en", "Your interview: {{ interview_when }}",
            "Dear {{ recipient }},\n\nCase {{ case_id }}: {{ interview_where }}, {{ interview_minutes }} minutes.",
            "interview_when", "recipient", "case_id", "interview_where", "interview_minutes",
        ),
        wording(
            "team", "en", "Your interviews", "Dear {{ recipient }}: {{ interview_when }}",
            "recipient", "interview_when",
        ),
    ),
    values={"teams": "two"},
)  # fmt: skip


def pseudonym(kind: str, name: str) -> str:
    """64 hex digits, as a commitment has."""
    return hashlib.sha256(f"{kind}\n{name}".encode()).hexdigest()


def person(
    person_id: str, name: str, *roles: str, supervisor: str = "", language: str = "en", **more: str
) -> dict[str, Any]:
    """A person as the register puts them into the vault."""
    return {
        "person_id": person_id, "name": name, "email": f"{person_id.lower()}@alder.example", "roles": list(roles),
        "unit": "", "supervisor_id": supervisor, "language": language, "county": "Alder", "program": "",
        "pseudonym": pseudonym("person", person_id), **more,
    }  # fmt: skip


PEOPLE = (
    person("U1", "Una Birch", "union"),
    person("R1", "Rae Cedar", "reviewer"),
    person("R2", "Rob Elm", "reviewer"),
    person("S1", "Sam Fir", "supervisor"),
    person("S2", "Sue Gum", "supervisor"),
    person("W1", "Wes Holly", "worker", supervisor="S1"),
    person("W2", "Win Iris", "worker", supervisor="S2", language="es"),
    person("W3", "Wyn Jade", "worker", supervisor="S1"),
)
CASES = {"C-100001": "W1", "C-100002": "W2", "C-100003": "W3"}
DRAWN = (("C-100002", "W2"), ("C-100001", "W1"))
SESSIONS = (
    ("K7QF-2M9X", "C-100001", "W1", "T1", "2027-03-16"),
    ("AAAA-BBBB", "C-100002", "W2", "T2", "2027-03-15"),
)


@frozen
class Alder:
    """The review: its records, vault and what its letters are drafted from."""

    records: Records
    vault: Vault
    profile: Profile = PROFILE
    plan: NotificationPlan = PLAN

    def people(self, people: Iterable[Mapping[str, Any]]) -> None:
        """Read another people list."""
        self.vault.put_all("person", {one["person_id"]: one for one in people}, replace=True)

    def draw(self, drawn: Iterable[tuple[str, str]] = DRAWN) -> None:
        """Draw cases, given as (case, worker)."""
        selected = [
            {"case": pseudonym("case", case), "worker": pseudonym("person", worker), "unit": "", "stratum": "all",
             "place": n}
            for n, (case, worker) in enumerate(drawn, start=1)
        ]  # fmt: skip
        self.records.log.append(
            "selection.drawn", {"seed_lines": [], "seed": "", "selected": selected, "dispositions": []}
        )

    def schedule(self) -> None:
        """Schedule an interview for each drawn case; team T1 is R1, T2 is R2."""
        teams = [{"team": f"T{n}", "members": [pseudonym("person", f"R{n}")]} for n in (1, 2)]
        sessions = [
            {"token": token, "kind": "case", "case": pseudonym("case", case), "worker": pseudonym("person", worker),
             "team": team, "day": day, "start": "09:00", "end": "10:00", "room": n, "supervisor": None}
            for n, (token, case, worker, team, day) in enumerate(SESSIONS, start=1)
        ]  # fmt: skip
        self.records.log.append("interview.scheduled", {"teams": teams, "sessions": sessions, "papers": []})

    def files(self) -> dict[str, bytes]:
        """Every file under papers/, by its path there."""
        papers = self.records.folder / "papers"
        return {
            p.relative_to(papers).as_posix(): p.read_bytes() for p in sorted(papers.rglob("*")) if p.is_file()
        }

    def draft(self, at: datetime = AT) -> DraftCounts:
        """Draft the letters that can be written now."""
        return draft(self.records, self.vault, self.profile, self.plan, milestones(self.profile, TYPE), at)

    def messages(self) -> dict[str, EmailMessage]:
        """Every message by its id, drafted or to send, as a mail program reads it."""
        found = {n: data for n, data in self.files().items() if n.endswith(".eml")}
        return {Path(n).stem: message_from_bytes(data, policy=policy.default) for n, data in found.items()}

    def told(self) -> list[tuple[str, Any]]:
        """Every event as (kind, body)."""
        return [(event.kind, event.body) for event in self.records.log.events()]


def alder(folder: Path, people: Iterable[Mapping[str, Any]] = PEOPLE, **changes: Any) -> Alder:
    """Open the review in `folder`, new or as it stands there."""
    folder.mkdir(parents=True, exist_ok=True)
    new = not (folder / "vault.db").exists()
    log = Log(
        connect(sqlite_url(folder / "review.db"), log_table().metadata, "log"),
        "alder",
        "alder-2027",
        lambda: AT,
        "kim",
    )
    vault = Vault(
        connect(sqlite_url(folder / "vault.db"), vault_table().metadata, "vault"), "alder", "alder-2027", KEY
    )
    made = evolve(Alder(Records(folder, log, KEY, vault.scanner()), vault), **changes)
    if new:
        made.people(people)
        cases = {
            case: {"case_id": case, "worker_id": worker, "fields": {}, "pseudonym": pseudonym("case", case)}
            for case, worker in CASES.items()
        }
        vault.put_all("case", cases)
    return made
