"""Who is interviewed about each drawn case: its worker, and its key people who have not refused (QSR-3, ALL-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from reviewcore.interview import talks
from reviewcore.interview.sessions import declined
from reviewcore.interview.sheets import clock
from reviewcore.interview.talks import Talk
from reviewcore.profile import languages

if TYPE_CHECKING:
    from reviewcore.store.log import Log
    from reviewcore.store.vault import Record, Vault

WORKER = "the case's own worker"
LETTER_ROLE, SELECTED = "key person", "selected worker"
READ = "register.key_people"


@frozen
class Who:
    """One person who is to be interviewed about one case. `record` is their row of the list; None for the worker."""

    person: str
    case: str
    record: Record | None = None

    def role(self) -> str:
        """Return their part in the case."""
        return str(self.record["role"]) if self.record else WORKER


def on_file(log: Log) -> str:
    """Return the digest of the list of key people as it was last read; "" where there is none."""
    event = log.last(READ)
    return str(event.body["digest"]) if event and event.body else ""


def of_cases(log: Log, vault: Vault, drawn: Iterable[Mapping[str, Any]]) -> dict[str, list[Who]]:
    """Return by case who is interviewed: its worker first, then its key people in the order of the list.

    Left out is whoever refused: on the list, or by a reply to their letter. A case whose worker would rather
    not be interviewed is reviewed all the same.
    """
    refusing, workers = declined(log, LETTER_ROLE), declined(log, SELECTED)
    found = {
        one["case"]: [] if one["worker"] in workers else [Who(one["worker"], one["case"])] for one in drawn
    }
    for record in vault.all("key person"):
        refused = record["consent"] == "no" or record["pseudonym"] in refusing
        if record["case"] in found and not refused:
            found[record["case"]].append(Who(record["pseudonym"], record["case"], record))
    return found


def talk(who: Who, appointment: Mapping[str, Any], room: str) -> Talk:
    """Return an interview as the team's workbook shows it: no name, and no place that could hold one."""
    record = who.record or {}
    where = "see the schedule" if record.get("place") else room
    consent = {"yes": talks.RECORDED, "asked": ""}.get(str(record.get("consent", "")), talks.NOT_NEEDED)
    spoken = str(record.get("interpreter") or "")
    return Talk(
        appointment["key"], who.role(), when(appointment), where,
        languages.said(spoken) if spoken else "", consent,
    )  # fmt: skip


def when(appointment: Mapping[str, Any]) -> str:
    """Say when an interview is, or that its time is still to be agreed."""
    if not appointment["day"]:
        return "time to be agreed"
    day = date.fromisoformat(appointment["day"])
    return f"{day:%A}, {day:%B} {day.day}, {clock(appointment['start'])} to {clock(appointment['end'])}"
