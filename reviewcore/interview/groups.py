"""Sessions that are not about a case: focus groups, and the meeting of everyone; each at its own milestone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from reviewcore.errors import Refused
from reviewcore.interview.plan import InterviewPlan, SessionKind
from reviewcore.interview.schedule import Slot
from reviewcore.interview.sessions import declined
from reviewcore.interview.tokens import tokens
from reviewcore.selection.values import now_asked

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records

Gathering = dict[str, Any]
EVERYONE = "everyone"
"""The group of a review that invites everyone."""


def gatherings(
    records: Records, profile: Profile, plan: InterviewPlan, sessions: Iterable[Mapping[str, Any]]
) -> list[Gathering]:
    """Return every focus group and the meeting of everyone as they are scheduled, with a token each.

    `sessions` are those of the cases, whose tokens are taken. Raises Refused where the profile does not set
    the meeting of one.
    """
    wanted = [
        (kind, group)
        for kind in plan.sessions
        if kind.of != "case"
        for group in (_groups(records.log) if kind.of == "group" else _everyone(records.log, kind))
    ]
    unset = sorted({group["meeting"] for _, group in wanted} - set(profile.meetings))
    if unset:
        tables = ", ".join(f"[meetings.{key}]" for key in unset)
        raise Refused(f"review.toml: the profile sets no {tables}, at which a group is to meet; add it")
    asked = asked_by_now(records.log)
    taken = {(one["kind"], one["case"]): one["token"] for one in sessions}
    named = tokens(records.key, [(kind.key, f"group/{group['key']}") for kind, group in wanted], taken)
    return [
        {
            "token": named[kind.key, f"group/{group['key']}"], "kind": kind.key, "group": group["key"],
            "title": group["title"], "meeting": group["meeting"],
            "day": f"{meeting.date:%Y-%m-%d}", "start": f"{meeting.start:%H:%M}",
            "end": f"{meeting.end:%H:%M}", "place": meeting.place,
            **({"asked": asked[group["key"]]} if group["key"] in asked else {}),
        }
        for kind, group in wanted
        for meeting in (profile.meetings[group["meeting"]],)
    ]  # fmt: skip


def asked_by_now(log: Log) -> dict[str, list[str]]:
    """Return by group who is asked to it and has not declined."""
    drawn = log.last("selection.drawn")
    found = {}
    for one in drawn.body.get("groups", ()) if drawn and drawn.body else ():
        no = declined(log, f"drawn for {one['key']}")
        found[one["key"]] = [person for person in now_asked(one, no) if person not in no]
    return found


def engaged(log: Log, profile: Profile) -> dict[str, list[Slot]]:
    """Return when each of them is at their group, and so can be seen by no review team."""
    asked, times = asked_by_now(log), dict[str, list[Slot]]()
    for group in _groups(log):
        if meeting := profile.meetings.get(group["meeting"]):
            for person in asked.get(group["key"], ()):
                times.setdefault(person, []).append(Slot(meeting.date, meeting.start, meeting.end))
    return times


def _groups(log: Log) -> Iterable[Mapping[str, Any]]:
    event = log.last("selection.committed")
    return event.body.get("groups", []) if event and event.body and log.last("selection.drawn") else []


def _everyone(log: Log, kind: SessionKind) -> Iterable[Mapping[str, Any]]:
    event = log.last("selection.everyone")
    if event and event.body:
        yield {"key": EVERYONE, "title": kind.title, "meeting": event.body["meeting"]}
