"""The interview stage: teams and times for the cases that were drawn, workbooks out, answers in.

`schedule` appends one `interview.scheduled` (a later one replaces it), `collect` one `interview.answered`
for every workbook that is new or was corrected. Both can be stopped at any write and called again: files
come first, the same bytes each time, and the event that records them last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from reviewcore.errors import Refused
from reviewcore.interview.collecting import RETURNED, Collected, collect
from reviewcore.interview.guide import Notice
from reviewcore.interview.plan import InterviewPlan, SessionKind
from reviewcore.interview.questions import Answer
from reviewcore.interview.schedule import Interview, Place, Slot, slots, timetable
from reviewcore.interview.sessions import InterviewState, case_rows, expected_of, state
from reviewcore.interview.sheets import Appointment, Member, schedule_book
from reviewcore.interview.teams import Reviewer, Team, form, is_peer
from reviewcore.interview.tokens import tokens
from reviewcore.interview.workbook import write
from reviewcore.language import Field

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records
    from reviewcore.store.vault import Record, Vault

__all__ = [
    "RETURNED",
    "REVIEWER",
    "Collected",
    "InterviewState",
    "collect",
    "filled",
    "notice",
    "schedule",
    "state",
]

REVIEWER = "reviewer"
"""The role of the people list whose holders form the teams."""


def schedule(
    records: Records,
    vault: Vault,
    profile: Profile,
    plan: InterviewPlan,
    *,
    host_county: str,
    fields: Iterable[Field] = (),
) -> None:
    """Schedule the interviews and write the coordinator's schedule and a blank workbook for each session.

    `host_county` is the agency's own county, as the people list writes it: whoever has another one is a
    peer. `fields` are the declared fields of the cases. Called again it does nothing, unless replies, the
    draw or the reviewers have changed meanwhile: then it schedules anew, leaves unchanged interviews where
    they are, and refuses once the event has begun. Raise Refused with every reason where it cannot be done.
    """
    drawn = _drawn(records.log)
    people = {record["pseudonym"]: record for record in vault.all("person")}
    strangers = sum(case["worker"] not in people for case in drawn)
    if strangers:
        raise Refused(
            f"the workers of {strangers} selected cases are not on the people list; add them and read the lists again"
        )
    wanted = [(kind, case) for kind in plan.sessions for case in drawn]
    before = records.log.last("interview.scheduled")
    old = {s["token"]: s for s in before.body["sessions"]} if before and before.body else {}
    named = tokens(
        records.key,
        [(kind.key, case["case"]) for kind, case in wanted],
        {(s["kind"], s["case"]): s["token"] for s in old.values()},
    )
    sits_in = _sitting_in(records.log, people, drawn)
    interviews = [
        Interview(
            named[kind.key, case["case"]],
            case["worker"],
            sits_in.get(case["worker"], "") if kind.supervisor else "",
            _barred(people, case, host_county),
        )
        for kind, case in wanted
    ]
    reviewers = [_reviewer(record) for record in people.values() if REVIEWER in record["roles"]]
    teams = form(reviewers, plan.teams, host_county)
    calendar = profile.calendar
    minutes = max(kind.minutes for kind in plan.sessions)
    times = slots(calendar.days(), calendar.day_start, calendar.day_end, minutes)
    kept = {token: _place(session, minutes) for token, session in old.items()}
    places = timetable(interviews, teams, times, profile.rooms, kept)

    by_token = {one.token: one for one in interviews}
    sessions = [
        _session(by_token[named[kind.key, case["case"]]], kind, case, places[named[kind.key, case["case"]]])
        for kind, case in wanted
    ]
    sessions.sort(key=lambda one: (one["day"], one["start"], one["room"]))
    body: dict[str, Any] = {
        "teams": [{"team": team.name, "members": list(team.members)} for team in teams],
        "sessions": sessions,
    }
    if before and before.body and {k: before.body[k] for k in ("teams", "sessions")} == body:
        return
    if before and _today(records, profile) >= calendar.event_start:
        raise Refused(
            "the event has begun: the schedule stands as it was sent out; agree any change with those concerned, "
            "the workbook of a session can be filled in at any time"
        )
    created = _moment(records.log)
    book = schedule_book(
        profile.title,
        _appointments(sessions, teams, people, {r["pseudonym"]: r for r in vault.all("case")}),
        _members(teams, people, host_county),
        created,
    )
    papers = [records.write_paper("schedule/schedule.xlsx", book)]
    rows = case_rows(records.log, fields)
    tools = {instrument.key: instrument for instrument in plan.instruments}
    kinds = {kind.key: kind for kind in plan.sessions}
    for session in sessions:
        tool = tools[kinds[session["kind"]].instrument]
        blank = write(tool, session["token"], rows[session["case"]], notice(profile), created)
        papers.append(records.write_paper(f"sessions/{session['token']}.xlsx", blank))
    records.log.append("interview.scheduled", {**body, "papers": papers})


def filled(
    records: Records,
    profile: Profile,
    plan: InterviewPlan,
    token: str,
    *,
    answers: Mapping[str, Answer],
    not_applicable: Mapping[str, str],
    notes: Mapping[str, str],
    fields: Iterable[Field] = (),
) -> bytes:
    """Return the workbook of a scheduled session as a team would fill it in: for made-up reviews."""
    instrument, row = expected_of(records.log, plan, fields)[token]
    return write(
        instrument, token, row, notice(profile), _moment(records.log),
        answers=answers, not_applicable=not_applicable, notes=notes,
    )  # fmt: skip


def notice(profile: Profile) -> Notice:
    """Return what every workbook names: the review, the contact and the safety contact."""
    agency, safety = profile.agency, profile.safety
    return Notice(
        profile.title, agency.name, agency.contact, agency.contact_phone, agency.contact_email,
        safety.name, safety.phone, safety.email,
    )  # fmt: skip


# -- what the log and the people list say -------------------------------------------------------------


def _drawn(log: Log) -> list[Mapping[str, Any]]:
    event = log.last("selection.drawn")
    if event is None or event.body is None:
        raise Refused("there is nothing to schedule yet: draw the cases first (reviewcore select)")
    return list(event.body["selected"])


def _moment(log: Log) -> datetime:
    """Return the time that the workbooks bear: that of the draw, so that they are the same on every run."""
    event = log.last("selection.drawn")
    return datetime.fromisoformat(event.at).replace(tzinfo=None) if event else datetime(2000, 1, 1)  # noqa: DTZ001


def _today(records: Records, profile: Profile) -> date:
    from zoneinfo import ZoneInfo

    return records.log.clock().astimezone(ZoneInfo(profile.calendar.time_zone)).date()


def _supervisor(people: Mapping[str, Record], worker: str) -> str:
    """Return the pseudonym of a worker's supervisor; "" where the people list names none."""
    wanted = people.get(worker, {}).get("supervisor_id")
    return next((p for p, record in people.items() if wanted and record["person_id"] == wanted), "")


def _sitting_in(log: Log, people: Mapping[str, Record], drawn: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return by worker the supervisor who sits in: only where the worker's own latest reply asks for it."""
    to = {
        letter["id"]: letter["to"]
        for event in log.events("letters.drafted")
        if event.body is not None
        for letter in event.body["letters"]
    }
    asked: dict[str, bool] = {}
    for event in log.events("letters.replied"):
        if event.body is not None and event.body["id"] in to:
            asked[to[event.body["id"]]] = bool(event.body.get("supervisor"))
    workers = {case["worker"] for case in drawn}
    found = {worker: _supervisor(people, worker) for worker in workers if asked.get(worker)}
    nobody = sum(not supervisor for supervisor in found.values())
    if nobody:
        raise Refused(
            f"{nobody} of the workers who asked for their supervisor to sit in have none on the people list; "
            "fill in their supervisor_id (reviewcore status lists the replies) and schedule again"
        )
    return found


def _barred(people: Mapping[str, Record], case: Mapping[str, Any], host_county: str) -> frozenset[str]:
    """Return who may not review a case: its worker, the worker's supervisor, and their own unit.

    A unit of another county may have the same name; its people are not of the worker's unit.
    """
    worker = case["worker"]
    unit = people[worker].get("unit") or ""
    hosts = (r for r in people.values() if not is_peer(_reviewer(r), host_county))
    same = {record["pseudonym"] for record in hosts if unit and record.get("unit") == unit}
    return frozenset({worker, _supervisor(people, worker), *same} - {""})


def _reviewer(record: Record) -> Reviewer:
    county, program, unit = (str(record.get(name) or "") for name in ("county", "program", "unit"))
    return Reviewer(record["pseudonym"], county, program, unit)


# -- what is recorded and written ---------------------------------------------------------------------


def _place(session: Mapping[str, Any], minutes: int) -> Place:
    day, start = date.fromisoformat(session["day"]), time.fromisoformat(session["start"])
    end = (datetime.combine(day, start) + timedelta(minutes=minutes)).time()
    return Place(session["team"], Slot(day, start, end), session["room"])


def _session(one: Interview, kind: SessionKind, case: Mapping[str, Any], place: Place) -> dict[str, Any]:
    begin = datetime.combine(place.slot.day, place.slot.start)
    end = begin + timedelta(minutes=kind.minutes)
    return {
        "token": one.token, "kind": kind.key, "case": case["case"], "worker": one.worker,
        "team": place.team, "day": f"{begin:%Y-%m-%d}", "start": f"{begin:%H:%M}", "end": f"{end:%H:%M}",
        "room": place.room, "supervisor": one.supervisor or None,
    }  # fmt: skip


def _appointments(
    sessions: Iterable[Mapping[str, Any]],
    teams: Iterable[Team],
    people: Mapping[str, Record],
    cases: Mapping[str, Record],
) -> list[Appointment]:
    members = {team.name: ", ".join(_name(people, p) for p in team.members) for team in teams}
    return [
        Appointment(
            s["day"], s["start"], s["end"], s["room"], s["team"], members[s["team"]], s["token"],
            str(cases.get(s["case"], {}).get("case_id", "")), _name(people, s["worker"]),
            _name(people, s["supervisor"]) if s["supervisor"] else "",
        )
        for s in sessions
    ]  # fmt: skip


def _members(teams: Iterable[Team], people: Mapping[str, Record], host_county: str) -> list[Member]:
    found = []
    for team in teams:
        for person in team.members:
            one = _reviewer(people[person])
            county, peer = one.county or host_county, is_peer(one, host_county)
            found.append(Member(team.name, _name(people, person), county, peer, one.program))
    return found


def _name(people: Mapping[str, Record], person: str) -> str:
    return str(people.get(person, {}).get("name", ""))
