"""The interview stage: teams and times for the cases that were drawn, workbooks out, answers in.

`schedule` appends one `interview.scheduled` (a later one replaces it), `collect` one `interview.answered`
for every workbook that is new or was corrected. Both can be stopped at any write and called again: files
come first, the same bytes each time, and the event that records them last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from reviewcore.errors import BadInput, Refused
from reviewcore.interview import groups, guides, keypeople
from reviewcore.interview.blanks import blanks
from reviewcore.interview.casereviews import case_reviews
from reviewcore.interview.collecting import RETURNED, Collected, collect
from reviewcore.interview.groups import gatherings
from reviewcore.interview.guide import Notice
from reviewcore.interview.guides import too_long
from reviewcore.interview.plan import InterviewPlan, SessionKind
from reviewcore.interview.questions import Answer
from reviewcore.interview.schedule import Interview, Place, Slot, slots, timetable
from reviewcore.interview.sessions import InterviewState, case_rows, expected_of, state, tools_of
from reviewcore.interview.sheets import (
    Appointment,
    Member,
    SeenAppointment,
    SignIn,
    clock,
    schedule_book,
    sign_in_book,
)
from reviewcore.interview.talks import Held, Talk
from reviewcore.interview.teams import Reviewer, Team, counted, form, is_peer
from reviewcore.interview.tokens import tokens
from reviewcore.interview.workbook import write
from reviewcore.language import Field
from reviewcore.selection.values import standing

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
    "talks",
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
    if not plan.sessions:
        raise Refused("this review type holds no interviews; go on with the next stage")
    drawn = _drawn(records.log)
    people = {record["pseudonym"]: record for record in vault.all("person")}
    before = records.log.last("interview.scheduled")
    old: Mapping[str, Any] = (before and before.body) or {"teams": [], "sessions": []}
    begun = before is not None and _today(records, profile) >= profile.calendar.event_start
    who = keypeople.of_cases(records.log, vault, drawn)
    teams, sessions = _arranged(
        records, profile, plan, people, drawn, old["sessions"], host_county, who=who, begun=begun
    )
    body: dict[str, Any] = {
        "teams": [{"team": team.name, "members": list(team.members)} for team in teams],
        "sessions": sessions,
    }
    if gathered := gatherings(records, profile, plan, sessions):
        body["gatherings"] = gathered
    if digest := keypeople.on_file(records.log):
        body["key_people"] = digest
    if before and body == {name: old.get(name) for name in body}:
        return
    if begun and _fixed(body) != _fixed(old):
        raise Refused(
            "the event has begun: the schedule stands as it was sent out; agree any change with those concerned, "
            "the workbook of a session can be filled in at any time"
        )
    created = moment(records.log)
    cases = {record["pseudonym"]: record for record in vault.all("case")}
    if wrong := too_long(plan, profile.meetings, [(one["kind"], one["meeting"]) for one in gathered]):
        raise BadInput(wrong)
    papers: dict[str, bytes] = {}
    if sessions:
        members, seen = _members(teams, people, host_county), _seen(sessions, people, cases, who)
        appointments = _appointments(sessions, teams, people, cases)
        papers["schedule/schedule.xlsx"] = schedule_book(profile.title, appointments, members, created, seen)
    if signing := _signing_in(gathered, people):
        papers["schedule/sign-in.xlsx"] = sign_in_book(
            profile.title, profile.agency.contact, signing, created
        )
    tools, rows = tools_of(plan), case_rows(records.log, fields)
    asked = [(tools[one["kind"]], one["token"], rows[one["case"]], _talks(one, who)) for one in sessions]
    asked += [(tools[one["kind"]], one["token"], {}, ()) for one in gathered]
    for (_, token, _, _), blank in zip(asked, blanks(asked, notice(profile), created), strict=True):
        papers[f"sessions/{token}.xlsx"] = blank
    for one in gathered:
        for guide in (guide for guide in plan.guides if guide.session == one["kind"]):
            made = guides.write(guide, one, notice(profile), created)
            papers[f"guides/{one['group']}-{guide.key}.docx"] = made
    records.log.append("interview.scheduled", {**body, "papers": records.write_papers(papers)})


def _arranged(
    records: Records,
    profile: Profile,
    plan: InterviewPlan,
    people: Mapping[str, Record],
    drawn: Iterable[Mapping[str, Any]],
    old: Sequence[Mapping[str, Any]],
    host_county: str,
    *,
    who: Mapping[str, Sequence[keypeople.Who]],
    begun: bool,
) -> tuple[tuple[Team, ...], list[dict[str, Any]]]:
    """Return the teams and the sessions as they are recorded, in order of time."""
    strangers = sum(case["worker"] not in people for case in drawn)
    if strangers:
        raise Refused(
            f"the people list lacks the workers of {counted(strangers, 'selected case')}; add them and read the "
            "lists again"
        )
    kinds = [kind for kind in plan.sessions if kind.of == "case"]
    if not kinds or plan.teams is None:
        return (), []
    wanted = [(kind, case) for kind in kinds for case in drawn]
    named = tokens(
        records.key,
        [(kind.key, case["case"]) for kind, case in wanted],
        {(one["kind"], one["case"]): one["token"] for one in old},
    )
    sits_in = _sitting_in(records.log, people, drawn)
    reviewers = [_reviewer(record) for record in people.values() if REVIEWER in record["roles"]]
    interviews = {
        (kind.key, case["case"]): Interview(
            named[kind.key, case["case"]],
            case["worker"],
            sits_in.get(case["worker"], "") if kind.supervisor else "",
            _barred(people, reviewers, case["worker"], host_county)
            | ({one.person for one in who[case["case"]]} if kind.days else frozenset()),
        )
        for kind, case in wanted
    }
    teams = form(reviewers, plan.teams, host_county)
    if kinds[0].days:
        engaged = groups.engaged(records.log, profile)
        reviews = {case["case"]: interviews[kinds[0].key, case["case"]] for case in drawn}
        return teams, case_reviews(records.key, profile, kinds[0], reviews, who, teams, old, begun, engaged)
    calendar, minutes = profile.calendar, max(kind.minutes for kind in kinds)
    times = slots(calendar.days(), calendar.day_start, calendar.day_end, minutes)
    kept = {one["token"]: _place(one, minutes) for one in old}
    places = timetable(list(interviews.values()), teams, times, profile.rooms, kept)
    sessions = [
        _session(one, kind, case, places[one.token])
        for kind, case in wanted
        for one in (interviews[kind.key, case["case"]],)
    ]
    return teams, sorted(sessions, key=lambda one: (one["day"], one["start"], one["room"]))


def filled(
    records: Records,
    profile: Profile,
    plan: InterviewPlan,
    token: str,
    *,
    answers: Mapping[str, Answer],
    not_applicable: Mapping[str, str],
    notes: Mapping[str, str],
    talks: Sequence[Talk] = (),
    held: Mapping[str, Held] | None = None,
    fields: Iterable[Field] = (),
) -> bytes:
    """Return the workbook of a scheduled session as a team would fill it in: for made-up reviews.

    `talks` are its interviews with key people, `held` what became of them.
    """
    instrument, row = expected_of(records.log, plan, fields)[token]
    return write(
        instrument, token, row, notice(profile), moment(records.log),
        answers=answers, not_applicable=not_applicable, notes=notes, talks=talks, held=held,
    )  # fmt: skip


def talks(records: Records, vault: Vault) -> dict[str, tuple[Talk, ...]]:
    """Return by token the interviews with key people that each session was planned with."""
    if not any("appointments" in one for one in state(records.log).sessions):
        return {}
    who = keypeople.of_cases(records.log, vault, _drawn(records.log))
    return {one["token"]: _talks(one, who) for one in state(records.log).sessions}


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
    if log.last("selection.everyone"):
        return []
    if event is None or event.body is None:
        raise Refused("there is nothing to schedule yet: draw the cases first (reviewcore select)")
    return standing(event.body, [one.body for one in log.events("selection.replaced") if one.body])


def moment(log: Log) -> datetime:
    """Return the time that the workbooks bear: that of the draw, so that they are the same on every run."""
    event = log.last("selection.drawn") or log.last("selection.everyone")
    assert event is not None
    return datetime.fromisoformat(event.at)


def _today(records: Records, profile: Profile) -> date:
    from zoneinfo import ZoneInfo

    return records.log.clock().astimezone(ZoneInfo(profile.calendar.time_zone)).date()


def _supervisor(people: Mapping[str, Record], worker: str) -> str:
    """Return the pseudonym of a worker's supervisor; "" where the people list names none."""
    wanted = people.get(worker, {}).get("supervisor_id")
    return next((p for p, record in people.items() if wanted and record["person_id"] == wanted), "")


def _sitting_in(log: Log, people: Mapping[str, Record], drawn: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return by worker the supervisor who sits in: only where the worker's own latest reply to a letter asks it."""
    to = {
        letter["id"]: letter["to"]
        for event in log.events("letters.drafted")
        if event.body is not None
        for letter in event.body["letters"]
    }
    wishes: dict[str, bool] = {}
    for event in log.events("letters.replied"):
        if event.body is not None and event.body["id"] in to:
            wish = bool(event.body.get("supervisor"))
            if wish or event.body["answer"] != "receipt":  # to confirm receipt takes nothing back
                wishes[event.body["id"]] = wish
    asking = {to[letter] for letter, wish in wishes.items() if wish}
    found = {w: _supervisor(people, w) for w in sorted({case["worker"] for case in drawn} & asking)}
    nobody = sum(not supervisor for supervisor in found.values())
    if nobody:
        raise Refused(
            f"{counted(nobody, 'worker')} asked for their supervisor to sit in, and the people list names none for "
            "them; fill in supervisor_id, read the lists again and schedule again"
        )
    return found


def _barred(
    people: Mapping[str, Record], reviewers: Iterable[Reviewer], worker: str, host_county: str
) -> frozenset[str]:
    """Return who may not review a worker's case: the worker, their supervisor, and reviewers of their unit.

    A unit of another county may have the same name; its people are not of the worker's unit.
    """
    unit = people[worker].get("unit") or ""
    same = {one.person for one in reviewers if unit and one.unit == unit and not is_peer(one, host_county)}
    return frozenset({worker, _supervisor(people, worker), *same} - {""})


def _reviewer(record: Record) -> Reviewer:
    county, program, unit = (str(record.get(name) or "") for name in ("county", "program", "unit"))
    return Reviewer(record["pseudonym"], county, program, unit)


def _fixed(body: Mapping[str, Any]) -> list[Any]:
    """Return what of a schedule stands once the event has begun: all but who is seen by a case's team."""
    sessions = [{k: v for k, v in one.items() if k != "appointments"} for one in body["sessions"]]
    gathered = [{k: v for k, v in one.items() if k != "asked"} for one in body.get("gatherings") or ()]
    return [body["teams"], sessions, gathered]


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
            s["day"], clock(s["start"]), clock(s["end"]), s["room"], s["team"], members[s["team"]], s["token"],
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


def _talks(session: Mapping[str, Any], who: Mapping[str, Sequence[keypeople.Who]]) -> tuple[Talk, ...]:
    of = {one.person: one for one in who.get(session["case"], ())}
    return tuple(
        keypeople.talk(of[one["who"]], one, f"Room {session['room']}")
        for one in session.get("appointments", ())
    )


def _seen(
    sessions: Iterable[Mapping[str, Any]],
    people: Mapping[str, Record],
    cases: Mapping[str, Record],
    who: Mapping[str, Sequence[keypeople.Who]],
) -> list[SeenAppointment]:
    """Return every interview with key people, by day and team."""
    found: list[tuple[tuple[str, ...], SeenAppointment]] = []
    for session in sessions:
        of = {one.person: one for one in who.get(session["case"], ())}
        for talk, one in zip(_talks(session, who), session.get("appointments", ()), strict=True):
            record = of[one["who"]].record or {}
            seen = SeenAppointment(
                one["day"] or "", session["team"],
                clock(one["start"]) if one["day"] else "", clock(one["end"]) if one["day"] else "",
                str(record.get("name") or _name(people, one["who"])), talk.who,
                str(record.get("place") or f"Room {session['room']}"), talk.interpreter,
                talk.consent or "to be asked", str(cases[session["case"]]["case_id"]), session["token"],
                _name(people, one["supervisor"]) if one["supervisor"] else "",
            )  # fmt: skip
            team = session["team"].removeprefix("T").zfill(4)
            found.append(((one["day"] or "9", team, one["start"] or "", one["key"]), seen))
    return [seen for _, seen in sorted(found, key=lambda one: one[0])]


def _signing_in(gathered: Iterable[Mapping[str, Any]], people: Mapping[str, Record]) -> list[SignIn]:
    return [
        SignIn(
            one["group"], one["title"], one["day"], one["start"], one["end"], one["place"],
            tuple(sorted(_name(people, person) for person in one["asked"])),
        )
        for one in gathered
        if one.get("asked")
    ]  # fmt: skip
