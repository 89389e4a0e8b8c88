"""The sessions of a review as the log tells of them: which there are, and which have been answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from reviewcore.interview.plan import Instrument, InterviewPlan
from reviewcore.language import Field, Row, Value

if TYPE_CHECKING:
    from reviewcore.store.log import Log


@frozen
class InterviewState:
    """Where the interviews stand: the sessions as last scheduled, and the latest answers by token.

    `gatherings` are the sessions that are not about a case: focus groups, and the meeting of everyone.
    """

    teams: tuple[Mapping[str, Any], ...]
    sessions: tuple[Mapping[str, Any], ...]
    gatherings: tuple[Mapping[str, Any], ...]
    answered: Mapping[str, Mapping[str, Any]]
    missing: tuple[str, ...]


def state(log: Log) -> InterviewState:
    """Return the interviews' state, a fold over the log."""
    last = log.last("interview.scheduled")
    body: Mapping[str, Any] = (last and last.body) or {"teams": [], "sessions": []}
    answered = {
        event.body["token"]: event.body
        for event in log.events("interview.answered")
        if event.body is not None
    }
    sessions, gathered = tuple(body["sessions"]), tuple(body.get("gatherings", ()))
    here = [session["token"] for session in (*sessions, *gathered)]
    return InterviewState(
        tuple(body["teams"]),
        sessions,
        gathered,
        {token: answered[token] for token in here if token in answered},
        tuple(token for token in here if token not in answered),
    )


def declined(log: Log, role: str) -> frozenset[str]:
    """Return who has last answered a letter that went to a role with no."""
    to = {
        one["id"]: one["to"]
        for event in log.events("letters.drafted")
        for one in (event.body or {}).get("letters", ())
        if one.get("role") == role
    }
    said = {
        event.body["id"]: event.body["answer"]
        for event in log.events("letters.replied")
        if event.body and event.body["id"] in to and event.body["answer"] != "receipt"
    }
    return frozenset(to[letter] for letter, answer in said.items() if answer == "no")


def talks_of(log: Log) -> dict[str, frozenset[str]]:
    """Return by token the keys of all interviews with key people that a session was ever planned with."""
    found: dict[str, frozenset[str]] = {}
    for event in log.events("interview.scheduled"):
        for one in event.body["sessions"] if event.body else ():
            keys = {made["key"] for made in one.get("appointments", ())}
            found[one["token"]] = found.get(one["token"], frozenset()) | keys
    return found


def expected_of(
    log: Log, plan: InterviewPlan, fields: Iterable[Field] = ()
) -> dict[str, tuple[Instrument, Row]]:
    """Return, for every scheduled session's token, its instrument and the declared fields of its case."""
    rows = case_rows(log, fields)
    tools, now = tools_of(plan), state(log)
    of_cases = {one["token"]: (tools[one["kind"]], rows[one["case"]]) for one in now.sessions}
    return of_cases | {one["token"]: (tools[one["kind"]], {}) for one in now.gatherings}


def tools_of(plan: InterviewPlan) -> dict[str, Instrument]:
    """Return the instrument of every kind of session."""
    tools = {instrument.key: instrument for instrument in plan.instruments}
    return {kind.key: tools[kind.instrument] for kind in plan.sessions}


def case_rows(log: Log, fields: Iterable[Field]) -> dict[str, Row]:
    """Return the declared fields of every listed case; dates are dates again."""
    event = log.last("selection.committed")
    dates = {field.name for field in fields if field.kind == "date"}
    rows: dict[str, Row] = {}
    for row in event.body["rows"] if event and event.body else ():
        given: Mapping[str, Value] = row["fields"]
        rows[row["case"]] = {
            name: date.fromisoformat(value) if name in dates and isinstance(value, str) else value
            for name, value in given.items()
        }
    return rows
