"""One letter for one recipient: its entry in the log, and the bytes of its message, invitations and print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from reviewcore.errors import Problem
from reviewcore.notification import blanks, dates
from reviewcore.notification.calendar import Invitation, Mailbox, ics
from reviewcore.notification.message import eml
from reviewcore.notification.moved import CALLED_OFF, Moving, said_again
from reviewcore.notification.plan import DaysFrom, Letter, Milestone, NotificationPlan, Wording
from reviewcore.notification.printed import docx
from reviewcore.notification.recipients import Person, Recipient, Session, tells_of_session
from reviewcore.notification.render import Filled, Value, as_html, as_text, clean, fill
from reviewcore.notification.state import DRAFTS, Drafted
from reviewcore.notification.wording import read_wording
from reviewcore.profile import languages
from reviewcore.profile.settings import Profile
from reviewcore.store.files import digest
from reviewcore.store.keys import Key

OFF = "called-off"
"""The key of the core's own wording, which calls off what a letter told."""

_MINUTE = "%Y-%m-%dT%H:%M"
_ADDRESS = re.compile(r"[A-Za-z0-9!$'*+/=^_{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ROOM = {"en": "Room", "es": "Sala"}
_CASE = {"en": "case", "es": "caso"}
_OWN_SUMMARY = {"en": "Interview", "es": "Entrevista"}


@frozen
class Made:
    """A letter that has been written: its entry, and its files under `papers/` by name."""

    entry: Drafted
    files: Mapping[str, bytes]


@frozen
class Composer:
    """All that letters are written from, apart from who gets them. `cases` gives the id of a drawn case."""

    profile: Profile
    plan: NotificationPlan
    milestones: tuple[Milestone, ...]
    cases: Mapping[str, str]
    key: Key
    _common: dict[str, dict[str, str]] = field(factory=dict, init=False)
    """By language, what fills the blanks that are the same for everybody."""
    _dates: dict[str, tuple[tuple[str, ...], bool]] = field(factory=dict, init=False)
    """By kind of letter, what dates it tells everybody, and whether it tells of their own session."""

    def make(
        self,
        letter: Letter,
        recipient: Recipient,
        name: str,
        at: datetime,
        reminds: Drafted | None = None,
        moving: Moving | None = None,
    ) -> Made:
        """Write one letter under the id `name`. The same arguments give the same bytes.

        A reminder asks for an answer by the day that the letter which it `reminds` of said; one that is `moving`
        says first that it takes the place of the letter before, or calls off all that this told.
        """
        key = moving.key if moving else letter.key
        if moving and moving.off:
            letter = evolve(letter, wording=OFF, invites=(), leave=None, reply_by=None)
        person, copy = recipient.person, recipient.copy
        wording, _ = self.wording(letter, person)
        leave, reply_by = self._leave(letter, at)
        if reminds and reminds.reply_by:
            reply_by = date.fromisoformat(reminds.reply_by)
        if moving and moving.off:
            filled = fill(wording, self._off_values(recipient, moving.moves, wording.language))
        else:
            filled = fill(wording, self._values(letter, recipient, wording.language, reply_by))
            filled = said_again(filled) if moving else filled
        files: dict[str, bytes] = {}
        invited: tuple[Invitation, ...] = ()
        sender = Mailbox(clean(self.profile.agency.contact), self.profile.agency.contact_email)
        if person.email:
            to = _mailbox(person)
            invited = tuple(
                self._invitations(letter, recipient, wording.language, moving.times if moving else 0)
            )
            sent = tuple((f"{name}-{one.key}.ics", ics(one, sender, to, at)) for one in invited)
            if moving:
                off = self._off(moving, {one.uid for one in invited})
                sent += tuple((f"{name}-{one.key}.ics", ics(one, sender, to, at, off=True)) for one in off)
            files[f"{name}.eml"] = eml(
                sender=sender,
                to=to,
                copy=_mailbox(copy) if copy and copy.email else None,
                subject=filled.subject,
                text=as_text(filled),
                html=as_html(filled),
                invitations=sent,
                at=at,
                name=f"{name}.{self._mac('message', key, person.pseudonym, recipient.case)[:16]}",
            )
            files |= dict(sent)
        # Whoever has no e-mail address is written to on paper.
        if letter.printed or not person.email or (copy and not copy.email):
            files[f"{name}.docx"] = self._print(filled, leave, at)
        entry = Drafted(
            id=name,
            key=key,
            language=wording.language,
            to=person.pseudonym,
            role=letter.to,
            copy=copy.pseudonym if copy else None,
            case=recipient.case or None,
            files=tuple(
                {"path": f"papers/{DRAFTS}/{file}", "sha256": digest(data)} for file, data in files.items()
            ),
            leave=leave.isoformat(),
            reply_by=reply_by.isoformat() if reply_by else None,
            confirm=letter.reply_by is not None,
            at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            copied=bool(person.email and copy and copy.email),
            invited=tuple(dict.fromkeys(one.uid for one in invited)),
            times=tuple(
                {one.uid: f"{one.starts:{_MINUTE}}/{one.ends:{_MINUTE}}" for one in invited}.values()
            ),
            reminds=reminds.id if reminds else None,
            told=self._told(letter, recipient, reminds, moving),
            moves=moving.moves.id if moving else None,
        )
        return Made(entry, {f"{DRAFTS}/{file}": data for file, data in files.items()})

    def over(self, letter: Letter, recipient: Recipient, at: datetime, moving: Moving | None) -> bool:
        """Say whether all that a letter invites to is over by then; what invites to nothing never is."""
        ends = [one.ends for one in self.milestones if one.key in (*letter.invites, letter.meeting)]
        if blanks.OWN in letter.invites:
            zone = ZoneInfo(self.profile.calendar.time_zone)
            ends += [one.ends.replace(tzinfo=zone) for one in recipient.sessions]
            if moving and moving.off:
                ends += [ends for _, ends in self._spans(moving.moves)]
        return bool(ends) and max(ends) <= at

    def _told(
        self, letter: Letter, recipient: Recipient, reminds: Drafted | None, moving: Moving | None
    ) -> str:
        if moving and moving.off:
            return CALLED_OFF
        return "" if reminds else self.tells(letter, recipient)

    def tells(self, letter: Letter, recipient: Recipient) -> str:
        """Return a mark of the times and places that a letter tells its recipient; "" where it tells none."""
        if letter.key not in self._dates:
            self._dates[letter.key] = tuple(self._named(letter)), tells_of_session(letter, self.plan)
        told, of_session = self._dates[letter.key]
        if of_session:
            where = self._places(recipient, self.profile.languages[0])
            told += tuple(
                f"{one.token} {one.starts} {one.ends} {place}"
                for one, place in zip(recipient.sessions, where, strict=True)
            )
        return self._mac("told", *told)[:32] if told else ""

    def _named(self, letter: Letter) -> Iterator[str]:
        """Yield the dates and places that a letter tells everybody: by an invitation, or in its words."""
        said = {name for one in self.plan.wordings if one.key == letter.said_in() for name in one.blanks}
        for one in self.milestones:
            stem = blanks.stem(one.key)
            if one.key in (*letter.invites, letter.meeting) or {f"{stem}_when", f"{stem}_where"} & said:
                yield f"{one.key} {one.starts} {one.ends} {one.place}"
        if {"event_start", "event_end"} & said:
            yield f"{self.profile.calendar.event_start} {self.profile.calendar.event_end}"

    def wording(self, letter: Letter, person: Person) -> tuple[Wording, bool]:
        """Return the wording in the person's language, or the first language's and True where there is none."""
        key = letter.said_in()
        there = read_wording("reviewcore.notification") if key == OFF else self.plan.wordings
        written = {one.language: one for one in there if one.key == key}
        first = self.profile.languages[0]
        for language in (person.language or first, dates.base(person.language)):
            if language in written:
                return written[language], False
        return written[first if first in written else "en"], True

    def _leave(self, letter: Letter, at: datetime) -> tuple[date, date | None]:
        """Return when the letter leaves and by when it is answered: working days, and never in the past."""
        today = at.astimezone(ZoneInfo(self.profile.calendar.time_zone)).date()
        leave = max(today, self._day(letter.leave)) if letter.leave else today
        return leave, max(leave, self._day(letter.reply_by)) if letter.reply_by else None

    def _day(self, when: DaysFrom) -> date:
        """Count days before a milestone from its first day, days after it from its last."""
        milestone = next(one for one in self.milestones if one.key == when.milestone)
        start = milestone.ends if when.days > 0 else milestone.starts
        return dates.working_day(start.date() + timedelta(days=when.days), self.profile.calendar.holidays)

    def _values(
        self, letter: Letter, recipient: Recipient, language: str, reply_by: date | None
    ) -> dict[str, Value]:
        sessions = recipient.sessions
        minutes = sorted({int((one.ends - one.starts).total_seconds()) // 60 for one in sessions})
        meets = [one for one in self.milestones if one.key == letter.meeting]
        own: dict[str, Value] = {
            "meeting_when": "".join(dates.say_span(one.starts, one.ends, language) for one in meets),
            "meeting_where": "".join(one.place for one in meets),
            "recipient": recipient.person.name,
            "supervisor": recipient.supervisor.name if recipient.supervisor else "",
            "case_id": self.cases[recipient.case] if recipient.case else self._cases(recipient),
            "role": " / ".join(dict.fromkeys(one.role for one in recipient.talks)),
            "interpreter": _interpreter(recipient, language),
            "reply_by": dates.say_day(reply_by, language) if reply_by else "",
            "interviews": tuple(self._said(recipient, language)),
            "interview_when": "; ".join(dates.say_span(one.starts, one.ends, language) for one in sessions),
            "interview_where": "; ".join(dict.fromkeys(self._places(recipient, language))),
            "interview_minutes": ", ".join(map(str, minutes)),
        }
        there = blanks.core_blanks(letter, self.milestones)
        core = {**self._same(language), **own}
        given = {**self.plan.values, **letter.values}
        lists = {name: tuple(value.splitlines()) for name, value in given.items() if "\n" in value}
        return {**given, **lists, **{name: core[name] for name in core if name in there}}

    def _same(self, language: str) -> dict[str, str]:
        if language not in self._common:
            self._common[language] = blanks.common_values(self.profile, self.milestones, language)
        return self._common[language]

    def _said(self, recipient: Recipient, language: str) -> Iterator[str]:
        """Yield when, where and about which case each of the recipient's own sessions is."""
        word = _CASE.get(dates.base(language), _CASE["en"])
        for one, place in zip(recipient.sessions, self._places(recipient, language), strict=True):
            about = f", {word} {self.cases[one.case]}" if one.case else ""
            yield f"{dates.say_span(one.starts, one.ends, language)}, {place}{about}"

    def _cases(self, recipient: Recipient) -> str:
        return ", ".join(dict.fromkeys(self.cases[one.case] for one in recipient.sessions if one.case))

    def _places(self, recipient: Recipient, language: str) -> Iterator[str]:
        """Yield where each session is: a key person is seen at the place that the list has for them."""
        own = [one.place for one in recipient.talks] or [""] * len(recipient.sessions)
        for session, place in zip(recipient.sessions, own, strict=True):
            yield place or self._place(session, language)

    def _place(self, session: Session, language: str) -> str:
        room = _ROOM.get(dates.base(language), _ROOM["en"])
        return f"{room} {session.room}, {self.profile.agency.address}"

    def _invitations(
        self, letter: Letter, recipient: Recipient, language: str, times: int
    ) -> Iterator[Invitation]:
        """Yield the recipient's own sessions and the milestones that the letter invites to, in its order.

        Written again for the how-manieth time (`times`), each changes what every letter before put into the calendar.
        """
        zone = ZoneInfo(self.profile.calendar.time_zone)
        who = recipient.person.pseudonym
        for key in letter.invites:
            earlier = self.plan.letters[: self.plan.letters.index(letter)]
            sequence = sum(key in one.invites for one in earlier) + times * len(self.plan.letters)
            if key == blanks.OWN:
                where = self._places(recipient, language)
                for place, (one, there) in enumerate(zip(recipient.sessions, where, strict=True), start=1):
                    many = one.starts.date() != one.ends.date()
                    yield Invitation(
                        key if len(recipient.sessions) == 1 else f"{key}-{place}",
                        self._uid(who, f"session {one.token}"),
                        _OWN_SUMMARY.get(dates.base(language), _OWN_SUMMARY["en"]),
                        one.starts.replace(tzinfo=zone),
                        one.ends.replace(tzinfo=zone),
                        clean(there),
                        sequence,
                        tuple(
                            d
                            for d in self.profile.calendar.days()
                            if one.starts.date() <= d <= one.ends.date()
                        )
                        if many
                        else (),
                    )
                continue
            found = next(one for one in self.milestones if one.key == key)
            days = self.profile.calendar.days() if found.starts.date() != found.ends.date() else ()
            yield Invitation(
                blanks.stem(key),
                self._uid(who, f"milestone {key}"),
                clean(found.words[:1].upper() + found.words[1:]),
                found.starts,
                found.ends,
                clean(found.place),
                sequence,
                days,
            )

    def _off(self, moving: Moving, still: set[str]) -> Iterator[Invitation]:
        """Yield what the letter before invited to, and the one that takes its place does not."""
        sequence = moving.times * len(self.plan.letters)
        before = zip(moving.moves.invited, self._spans(moving.moves), strict=False)
        gone = ((uid, span) for uid, span in before if uid not in still)
        for place, (uid, (starts, ends)) in enumerate(gone, start=1):
            yield Invitation(f"off-{place}", uid, self.profile.agency.name, starts, ends, sequence=sequence)

    def _off_values(self, recipient: Recipient, moves: Drafted, language: str) -> dict[str, Value]:
        return {
            **self._same(language),
            "recipient": recipient.person.name,
            "written": dates.say_day(date.fromisoformat(moves.leave), language),
            "called_off": tuple(dates.say_span(*span, language) for span in self._spans(moves)),
            "supervisor": recipient.copy.name if recipient.copy else "",
        }

    def _spans(self, letter: Drafted) -> list[tuple[datetime, datetime]]:
        """Return when each meeting was held that a letter invited to, in the order of its invitations."""
        zone = ZoneInfo(self.profile.calendar.time_zone)
        both = (times.split("/") for times in letter.times)
        return [
            (
                datetime.fromisoformat(starts).replace(tzinfo=zone),
                datetime.fromisoformat(ends).replace(tzinfo=zone),
            )
            for starts, ends in both
        ]

    def _print(self, filled: Filled, leave: date, at: datetime) -> bytes:
        agency = self.profile.agency
        letterhead = (
            agency.name,
            agency.address,
            f"{agency.contact}, {agency.contact_phone}, {agency.contact_email}",
        )
        signature = (agency.signed_by, agency.signed_title, agency.name)
        return docx(filled, tuple(map(clean, letterhead)), tuple(map(clean, signature)), leave, at)

    def _uid(self, who: str, what: str) -> str:
        domain = self.profile.agency.contact_email.rpartition("@")[2]
        return f"{self._mac('invitation', who, what)[:32]}@{domain}"

    def _mac(self, purpose: str, *parts: str) -> str:
        return self.key.mac(f"letters {purpose}", "\n".join((self.profile.id, *parts)))


def _interpreter(recipient: Recipient, language: str) -> str:
    """Say for which language an interpreter comes, or that none was asked for."""
    none = {"en": "none asked for so far", "es": "hasta ahora no se ha pedido"}
    spoken = [languages.said(one.interpreter, language) for one in recipient.talks if one.interpreter]
    return ", ".join(dict.fromkeys(spoken)) or none.get(dates.base(language), none["en"])


def _mailbox(person: Person) -> Mailbox:
    return Mailbox(clean(person.name), person.email.strip())


def wrong_address(recipient: Recipient) -> list[Problem]:
    """Return a problem for each e-mail address of a recipient that no mail program could use."""
    people = [person for person in (recipient.person, recipient.copy) if person and person.email]
    return [
        Problem(
            f"{person.listed}, {'person' if person.supervisor_id or person.person_id else 'row'} {person.place}",
            "this cannot be used as an e-mail address; write it as in 'name@county.example', or leave it empty "
            "to write to them on paper",
            "email",
        )
        for person in people
        if not _ADDRESS.fullmatch(person.email.strip())
    ]


def moment(text: str) -> datetime:
    """Return a recorded time as a value.

    >>> moment("2027-01-05T17:00:00Z").hour
    17
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
