"""Who gets which letter: the people of the review, and what the log tells of draw and schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import Factory, evolve, frozen

from reviewcore.errors import Problem
from reviewcore.notification import blanks
from reviewcore.notification.plan import Letter, NotificationPlan, Stage
from reviewcore.notification.state import state
from reviewcore.selection.values import now_asked, standing
from reviewcore.store.log import Log
from reviewcore.store.vault import Vault

_PEOPLE, _KEY = "people list", "list of key people"


@frozen
class Person:
    """Somebody on the people list; `place` is the how-manieth on it, from 1.

    Or on the list of key people: `listed` says which, and `place` is the row.
    """

    place: int
    person_id: str
    pseudonym: str
    name: str
    email: str
    roles: tuple[str, ...]
    supervisor_id: str
    language: str
    listed: str = _PEOPLE


@frozen
class Talk:
    """What the list of key people says of one person's part in one case."""

    role: str
    interpreter: str
    place: str


@frozen
class People:
    """Everybody on the people list, in its order, and the key people with their part in each case."""

    everyone: tuple[Person, ...]
    by_id: Mapping[str, Person]
    by_pseudonym: Mapping[str, Person]
    key_people: Mapping[str, Person] = Factory(dict)
    talks: Mapping[tuple[str, str], Talk] = Factory(dict)

    @classmethod
    def read(cls, vault: Vault) -> People:
        """Read the people from the vault."""
        everyone = tuple(
            Person(
                place, record["person_id"], record["pseudonym"], record["name"], record.get("email") or "",
                tuple(record.get("roles") or ()), record.get("supervisor_id") or "", record.get("language") or "",
            )
            for place, record in enumerate(vault.all("person"), start=1)
        )  # fmt: skip
        key: dict[str, Person] = {}
        talks: dict[tuple[str, str], Talk] = {}
        for record in vault.all("key person"):
            who, spoken = record["pseudonym"], record["interpreter"]
            person = Person(
                record["row"], "", who, record["name"], record["email"], (blanks.KEY_PERSON,), "", spoken, _KEY,
            )  # fmt: skip
            if (known := key.setdefault(who, person)) is not person:  # listed for another case, too
                mail, language = known.email or person.email, known.language or person.language
                key[who] = evolve(known, email=mail, language=language)
            talks[record["case"], who] = Talk(record["role"], spoken, record["place"])
        staff = {p.pseudonym: p for p in everyone}
        return cls(everyone, {p.person_id: p for p in everyone}, {**key, **staff}, key, talks)

    def supervisor(self, person: Person) -> Person | None:
        """Return a person's own supervisor, where the list has one."""
        return self.by_id.get(person.supervisor_id)


@frozen
class Session:
    """One interview: its token, when it is held and where, in the profile's time zone; who is to be there."""

    token: str
    case: str
    worker: str
    supervisor: str
    members: tuple[str, ...]
    starts: datetime
    ends: datetime
    room: str
    seen: tuple[Seen, ...] = ()


@frozen
class Seen:
    """One key person's own time, of a case review that takes days; `supervisor` sits in at their request."""

    key: str
    person: str
    supervisor: str
    starts: datetime
    ends: datetime


@frozen
class Known:
    """What the log tells so far: which stages are done, the drawn cases in order, the sessions.

    `groups` has who is asked to each focus group by now: its members, and alternates for those who declined.
    """

    done: frozenset[Stage]
    drawn: tuple[Mapping[str, Any], ...]
    sessions: tuple[Session, ...]
    groups: Mapping[str, tuple[str, ...]] = Factory(dict)

    @classmethod
    def read(cls, log: Log) -> Known:
        """Read the draw, with the replacements since, and the latest schedule."""
        drawn, scheduled = _last(log, "selection.drawn"), _last(log, "interview.scheduled")
        replaced = [event.body for event in log.events("selection.replaced") if event.body]
        done: set[Stage] = {"planning"}
        done |= {"draw"} if drawn or log.events("selection.everyone") else set()
        done |= {"schedule"} if scheduled else set()
        teams = {team["team"]: tuple(team["members"]) for team in scheduled.get("teams", ())}
        sessions = tuple(
            Session(
                raw["token"], raw["case"], raw["worker"], raw.get("supervisor") or "",
                teams.get(raw["team"], ()),
                datetime.fromisoformat(f"{raw['day']}T{raw['start']}"),
                datetime.fromisoformat(f"{raw.get('until', raw['day'])}T{raw['end']}"),
                str(raw["room"]),
                tuple(map(_seen, (one for one in raw.get("appointments", ()) if one["day"]))),
            )
            for raw in scheduled.get("sessions", ())
        )  # fmt: skip
        ordered = sorted(sessions, key=lambda one: (one.starts, one.token))
        groups = {one["key"]: now_asked(one, _declined(log, one["key"])) for one in drawn.get("groups", ())}
        return cls(
            frozenset(done),
            tuple(standing(drawn, replaced)) if drawn.get("selected") else (),
            tuple(ordered),
            groups,
        )


def _seen(raw: Mapping[str, Any]) -> Seen:
    starts, ends = (datetime.fromisoformat(f"{raw['day']}T{raw[name]}") for name in ("start", "end"))
    return Seen(raw["key"], raw["who"], raw.get("supervisor") or "", starts, ends)


def _last(log: Log, kind: str) -> Mapping[str, Any]:
    events = log.events(kind)
    return (events[-1].body or {}) if events else {}


def _declined(log: Log, group: str) -> frozenset[str]:
    now = state(log)
    return frozenset(
        letter.to
        for letter in now.letters.values()
        if letter.role == f"{blanks.DRAWN_FOR}{group}" and now.standing(letter.id).available is False
    )


def tells_of_session(letter: Letter, plan: NotificationPlan) -> bool:
    """Say whether a letter tells of its recipient's own session: by an invitation, or in its words."""
    return blanks.OWN in letter.invites or any(
        name in one.blanks
        for one in plan.wordings
        if one.key == letter.said_in()
        for name in blanks.INTERVIEW
    )


@frozen
class Recipient:
    """Somebody who gets one letter, their own supervisor, who gets a copy, what of draw and schedule is theirs.

    `case` is the pseudonym of the case that the letter is about, "" for a letter about none. `talks` is a key
    person's part in each case, in the order of `sessions`.
    """

    person: Person
    supervisor: Person | None = None
    copy: Person | None = None
    case: str = ""
    sessions: tuple[Session, ...] = ()
    talks: tuple[Talk, ...] = ()


def recipients(
    letter: Letter, about_session: bool, people: People, known: Known
) -> tuple[list[Recipient], list[Problem]]:
    """Return who gets this letter, in the order of the people list, and what on the list stands against it.

    A letter that tells of the recipient's own session (`about_session`) goes to those who have one.
    """
    found: list[Recipient] = []
    wrong: list[Problem] = []
    for person, case in _addressed(letter.to, people, known, wrong):
        sessions = _own_sessions(letter.to, person, case, known)
        if about_session and not sessions:
            continue
        if letter.to == blanks.KEY_PERSON:
            parts = tuple(people.talks[one.case, person.pseudonym] for one in sessions)
            found.append(Recipient(person, sessions=sessions, talks=parts))
            continue
        supervisor = people.supervisor(person)
        if letter.copy_supervisor and supervisor is None:
            what = (
                f"letter '{letter.key}' promises the supervisor a copy, and this person has no supervisor on "
                "the list; enter one and read the lists again"
            )
            wrong.append(Problem(f"{_PEOPLE}, person {person.place}", what, "supervisor"))
        if letter.copy_supervisor and blanks.STAFF_ROLES.isdisjoint((letter.to, *person.roles)):
            what = (
                f"letter '{letter.key}' would go to this person's supervisor too, and the person has no staff "
                "role; only staff are copied to a supervisor (QSR-8)"
            )
            wrong.append(Problem(f"{_PEOPLE}, person {person.place}", what, "roles"))
        copy = supervisor if letter.copy_supervisor else None
        found.append(Recipient(person, supervisor, copy, case, sessions))
    return found, wrong


def _addressed(to: str, people: People, known: Known, wrong: list[Problem]) -> Iterator[tuple[Person, str]]:
    if to.startswith(blanks.DRAWN_FOR):
        asked = known.groups.get(to.removeprefix(blanks.DRAWN_FOR), ())
        yield from ((person, "") for person in people.everyone if person.pseudonym in asked)
        return
    if to == blanks.KEY_PERSON:
        yield from ((person, "") for person in people.key_people.values())
        return
    if to not in blanks.GIVEN_ROLES:
        yield from ((person, "") for person in people.everyone if to in person.roles)
        return
    if to == blanks.REVIEWER:
        on_a_team = {member for session in known.sessions for member in session.members}
        for person in people.everyone:
            if to in person.roles or person.pseudonym in on_a_team:
                yield person, ""
        return
    workers: list[tuple[Person, str]] = []
    for drawn in known.drawn:
        worker = people.by_pseudonym.get(drawn["worker"])
        if worker is None:
            wrong.append(
                Problem(
                    _PEOPLE,
                    "the worker of this case is not on it, so the letter cannot be written; add them and read "
                    "the lists again",
                    f"drawn case {drawn['place']}",
                )
            )
        else:
            workers.append((worker, drawn["case"]))
    if to == blanks.SELECTED:
        yield from sorted(workers, key=lambda pair: pair[0].place)
    else:
        supervisors = {s.place: s for worker, _ in workers if (s := people.supervisor(worker))}
        yield from ((supervisors[place], "") for place in sorted(supervisors))


def _own_sessions(to: str, person: Person, case: str, known: Known) -> tuple[Session, ...]:
    """A worker's are those about their own case, a reviewer's their team's, a supervisor's those they sit in on.

    Where a case review takes days, a reviewer has all of it, and anybody else their own time in it.
    """
    who = person.pseudonym
    found: list[Session] = []
    for session in known.sessions:
        if to == blanks.REVIEWER:
            found += [session] if who in session.members else []
        elif session.seen:
            own = [
                one
                for one in session.seen
                if who == (one.supervisor if to == blanks.SUPERVISOR else one.person)
            ]
            if to != blanks.SELECTED or session.case == case:
                found += [
                    evolve(session, token=one.key, starts=one.starts, ends=one.ends, seen=()) for one in own
                ]
        elif to == blanks.SELECTED:
            found += [session] if session.worker == who and session.case == case else []
        elif to == blanks.SUPERVISOR and session.supervisor == who:
            found.append(session)
    return tuple(sorted(found, key=lambda one: (one.starts, one.token)))
