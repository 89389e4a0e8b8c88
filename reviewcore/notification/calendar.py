"""Invitations as calendars read them (iTIP, RFC 5546): one file per meeting and recipient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from attrs import evolve, frozen

if TYPE_CHECKING:
    from icalendar import vCalAddress


@frozen
class Mailbox:
    """Somebody as mail and calendars address them. The name is one clean line."""

    name: str
    address: str


@frozen
class Invitation:
    """A meeting that one person is invited to. Times carry the profile's time zone.

    `uid` stays the same for the same person and meeting, and `sequence` grows with each further letter
    about it, so that a calendar changes its entry and makes no second one. `days` are the days on which
    a meeting of several days is held. `summary` says no more than what the meeting is called: others may
    see the calendar.
    """

    key: str
    uid: str
    summary: str
    starts: datetime
    ends: datetime
    place: str = ""
    sequence: int = 0
    days: tuple[date, ...] = ()


def ics(
    invitation: Invitation, organizer: Mailbox, attendee: Mailbox, stamp: datetime, *, off: bool = False
) -> bytes:
    """Return the invitation of one attendee, and of nobody else, as an iCalendar REQUEST stamped `stamp`.

    With `off` it is a CANCEL, which takes the meeting out of the attendee's calendar.
    """
    from icalendar import vText
    from icalendar.parser import Contentline, Parameters

    asks = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    who = _address(attendee, CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", **({} if off else asks))
    own = {
        _ATTENDEE: Contentline.from_parts("ATTENDEE", who.params, who).to_ical(),
        _UID: Contentline.from_parts("UID", Parameters(), vText(invitation.uid)).to_ical(),
    }
    data = _shared(evolve(invitation, uid=""), organizer, stamp, off)
    for line, said in own.items():
        data = data.replace(b"\r\n%b\r\n" % line, b"\r\n%b\r\n" % said, 1)
    return data


_ATTENDEE, _UID = b"ATTENDEE:-", b"UID:-"


@lru_cache(maxsize=256)  # all who are invited to a meeting are sent the same, but for these two lines
def _shared(invitation: Invitation, organizer: Mailbox, stamp: datetime, off: bool) -> bytes:
    from icalendar import Calendar, Event, vUri

    event = Event()
    event.add("uid", "-")
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", invitation.summary)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    if invitation.place:
        event.add("location", invitation.place)
    event.add("organizer", _address(organizer), encode=False)
    event.add("attendee", vUri("-"), encode=False)
    _when(event, invitation)

    made = Calendar()
    made.add("prodid", "-//reviewcore//letters//EN")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if off else "REQUEST")
    made.add_component(event)
    data: bytes = made.to_ical()
    zones = _zones(made.get_used_tzids(), invitation.starts.year, invitation.ends.year)
    return data.replace(b"BEGIN:VEVENT\r\n", zones + b"BEGIN:VEVENT\r\n", 1)


def _address(who: Mailbox, **parameters: str) -> vCalAddress:
    from icalendar import vCalAddress

    made = vCalAddress(f"mailto:{who.address}")
    made.params.update({"CN": who.name, **parameters} if who.name else parameters)
    return made


def _zones(names: Iterable[str], first: int, last: int) -> bytes:
    """Return the time zones that an invitation uses."""
    return b"".join(_zone(name, first, last) for name in sorted(names) if name != "UTC")


@cache  # every invitation of a review has the same, and they are slow to work out
def _zone(name: str, first: int, last: int) -> bytes:
    from icalendar import Timezone

    # From the year before to the year after, so that every change of the clocks nearby is in it.
    zone = Timezone.from_tzid(name, first_date=date(first - 1, 1, 1), last_date=date(last + 1, 12, 31))
    data: bytes = zone.to_ical()
    return data


def _when(event: object, invitation: Invitation) -> None:
    """Add when it is: hours, the hours of each of several days, or the whole day of a date due."""
    add = event.add  # type: ignore[attr-defined]
    starts, ends = invitation.starts, invitation.ends
    if starts == ends:
        add("dtstart", starts.date())
        add("dtend", starts.date() + timedelta(days=1))
        add("transp", "TRANSPARENT")
        return
    days = invitation.days or (starts.date(),)
    if starts.date() == ends.date() or len(days) == 1:
        add("dtstart", starts)
        add("dtend", ends)
        return
    first, last = days[0], days[-1]
    add("dtstart", datetime.combine(first, starts.timetz()))
    add("dtend", datetime.combine(first, ends.timetz()))
    add("rrule", {"freq": "daily", "until": datetime.combine(last, starts.timetz()).astimezone(UTC)})
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    for off in (day for day in span if day not in days):
        add("exdate", datetime.combine(off, starts.timetz()))
