"""Case reviews of several days as they are recorded: the team's days, and each interview's time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

from reviewcore.interview.keypeople import Who
from reviewcore.interview.plan import SessionKind
from reviewcore.interview.schedule import Interview, Place, Slot
from reviewcore.interview.stays import Asked, give_days, give_times, runs
from reviewcore.interview.teams import Team
from reviewcore.interview.tokens import tokens

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.keys import Key

Session = dict[str, Any]


def case_reviews(
    key: Key,
    profile: Profile,
    kind: SessionKind,
    reviews: Mapping[str, Interview],
    who: Mapping[str, Sequence[Who]],
    teams: Sequence[Team],
    old: Iterable[Mapping[str, Any]],
    begun: bool,
    engaged: Mapping[str, Collection[Slot]],
) -> list[Session]:
    """Return the session of every case, in order of time, each with its appointments.

    `reviews` has each case's interview with its worker, `who` everybody to be seen. What was planned before
    (`old`) stays where it is as far as it can; once the event has begun (`begun`) it stays in any case, and
    whoever is new gets no time: the team agrees one with them.
    """
    before = {one["token"]: one for one in old}
    calendar = profile.calendar
    blocks, hours = runs(calendar.days(), kind.days), (calendar.day_start, calendar.day_end)
    names = tokens(
        key,
        [(kind.key, f"{case}/{one.person}") for case, people in who.items() for one in people],
        {(kind.key, f"{s['case']}/{a['who']}"): a["key"] for s in before.values() for a in s["appointments"]},
    )
    asked = {
        review.token: [
            Asked(
                names[kind.key, f"{case}/{one.person}"],
                one.person,
                "" if one.record else review.supervisor,
            )
            for one in who[case]
        ]
        for case, review in reviews.items()
    }
    kept_days = {
        token: Place(one["team"], Slot(date.fromisoformat(one["day"]), *hours), one["room"])
        for token, one in before.items()
    }
    kept_times = {
        one["key"]: _slot(one) for session in before.values() for one in session["appointments"] if one["day"]
    }
    alone = [Interview(one.token, one.worker, "", one.barred) for one in reviews.values()]
    places = give_days(alone, teams, blocks, hours, profile.rooms, kept_days)
    # Once the teams are on site, whoever is new agrees a time with them.
    times = (
        kept_times
        if begun
        else give_times(asked, places, teams, blocks, hours, kind.minutes, kept_times, engaged)
    )
    sessions = [
        _session(kind, case, review, places[review.token], blocks, asked[review.token], times)
        for case, review in reviews.items()
    ]
    return sorted(sessions, key=lambda one: (one["day"], one["room"]))


def _session(
    kind: SessionKind,
    case: str,
    review: Interview,
    place: Place,
    blocks: Sequence[Sequence[date]],
    asked: Sequence[Asked],
    times: Mapping[str, Slot],
) -> Session:
    run = next(run for run in blocks if run[0] == place.slot.day)
    made = [_appointment(one, times.get(one.key)) for one in asked]
    return {
        "token": review.token, "kind": kind.key, "case": case, "worker": review.worker, "team": place.team,
        "day": run[0].isoformat(), "until": run[-1].isoformat(),
        "start": f"{place.slot.start:%H:%M}", "end": f"{place.slot.end:%H:%M}",
        "room": place.room, "supervisor": review.supervisor or None,
        "appointments": sorted(made, key=lambda one: (one["day"] or "9", one["start"] or "", one["key"])),
    }  # fmt: skip


def _appointment(one: Asked, slot: Slot | None) -> dict[str, Any]:
    return {
        "key": one.key, "who": one.person, "supervisor": one.supervisor or None,
        "day": slot.day.isoformat() if slot else None,
        "start": f"{slot.start:%H:%M}" if slot else None,
        "end": f"{slot.end:%H:%M}" if slot else None,
    }  # fmt: skip


def _slot(appointment: Mapping[str, Any]) -> Slot:
    start, end = (time.fromisoformat(appointment[name]) for name in ("start", "end"))
    return Slot(date.fromisoformat(appointment["day"]), start, end)
