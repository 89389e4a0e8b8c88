"""The promises that a review makes, each with how it stands and the evidence for it.

They are read from the event log alone, so that whoever holds the log can check them.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, tzinfo
from typing import Literal

from attrs import frozen

from reviewcore.selection.values import standing
from reviewcore.store.log import Body, Log

Standing = Literal["kept", "broken", "not yet"]


@frozen
class Promise:
    """One promise: in plain words, the requirement that it comes from, how it stands, and why we say so."""

    key: str
    words: str
    standing: Standing
    evidence: str


_TOLD = "Everyone who was to be told was told: workers, supervisors, reviewers, the union (PQCR-8, PQCR-9)."


def promises(
    log: Log, report_due: date, audiences: tuple[str, ...], today: date, zone: tzinfo
) -> tuple[Promise, ...]:
    """Return every promise as it stands now; days are those of the county's time `zone`."""
    if log.last("selection.everyone"):  # nobody is drawn, so nothing is promised of a draw
        return (
            _everyone(log),
            _letters(
                log,
                "Everyone who has a part was told: staff, supervisors, the facilitator, the union (CAS-1).",
            ),
            _aggregate_only(log),
            _report_on_time(log, report_due, audiences, today, zone),
        )
    return (
        _sealed_before_seed(log),
        _one_case_per_worker(log),
        _letters(log),
        _supervisors(log),
        _aggregate_only(log),
        _report_on_time(log, report_due, audiences, today, zone),
        *_sent_once(log),
    )


def _sealed_before_seed(log: Log) -> Promise:
    words = "The list was sealed before the seed was known."
    committed, drawn = log.last("selection.committed"), log.last("selection.drawn")
    if not drawn or not drawn.body:
        return Promise("sealed", words, "not yet", "the draw has not been made")
    if not committed or not committed.body or committed.seq > drawn.seq:
        return Promise("sealed", words, "broken", "the draw has no earlier commitment")
    attempts = len(log.events("selection.committed"))
    told = f"commitment {committed.body['commitment'][:16]}… is event {committed.seq}, the draw event {drawn.seq}"
    again = len(log.events("selection.refused"))
    told += f"; lists sealed so far: {attempts}; draws tried again with another seed, and refused: {again}"
    return Promise("sealed", words, "kept", told)


def _one_case_per_worker(log: Log) -> Promise:
    drawn, committed = log.last("selection.drawn"), log.last("selection.committed")
    if not drawn or not drawn.body or not committed or not committed.body:
        return Promise("cap", "No worker has more cases reviewed than promised.", "not yet", "no draw yet")
    cap = int(committed.body["per_worker"])
    words = f"No worker has more than {'one case' if cap == 1 else f'{cap} cases'} reviewed (PQCR-4)."
    replaced = [event.body for event in log.events("selection.replaced") if event.body]
    stand = standing(drawn.body, replaced)
    most = max(Counter(case["worker"] for case in stand).values(), default=0)
    told = f"{len(stand)} cases stand after draw and replacements; the most of any worker: {most}"
    return Promise("cap", words, "kept" if most <= cap else "broken", told)


def _everyone(log: Log) -> Promise:
    invited = log.last("selection.everyone")
    roles = dict(invited.body["roles"]) if invited and invited.body else {}
    words = f"Everyone was invited: all who are {' or '.join(roles)} (CAS-1)."
    letters, approved = _handed_over(log)
    asked = {
        (one["role"], one["to"]) for one in _first(letters) if one["role"] in roles and one["id"] in approved
    }
    told = f"{sum(roles.values())} people, {len(asked)} invitations handed over"
    return Promise("invited", words, "kept" if len(asked) >= sum(roles.values()) else "not yet", told)


def _first(letters: list[Body]) -> list[Body]:
    """Return the letters without reminders and without those that take an earlier one's place."""
    return [one for one in letters if not one.get("moves") and not one.get("reminds")]


def _letters(log: Log, words: str = _TOLD) -> Promise:
    letters, approved = _handed_over(log)
    late = sum(approved[one["id"]] > one["leave"] for one in letters if one["id"] in approved)
    open_ = sum(one["id"] not in approved for one in letters)
    told = f"{len(letters)} letters written, {len(letters) - open_} handed over, {late} of them later than planned"
    done = letters and not open_ and log.last("interview.scheduled") is not None
    return Promise("told", words, "kept" if done else "not yet", told)


def _supervisors(log: Log) -> Promise:
    words = "A supervisor knows of their worker's selection from a copy or a letter of their own (QSR-8)."
    letters, approved = _handed_over(log)
    told = [one for one in _first(letters) if one["copy"] or one["role"] == "supervisor of a selected worker"]
    copies = sum(one["copy"] is not None for one in told if one["id"] in approved)
    own = sum(one["copy"] is None for one in told if one["id"] in approved)
    done = told and all(one["id"] in approved for one in told)
    return Promise(
        "supervisor", words, "kept" if done else "not yet", f"{copies} copies and {own} letters handed over"
    )


def _sent_once(log: Log) -> tuple[Promise, ...]:
    """Return how the sending kept its word; nothing where a person sent all letters."""
    words = "No letter was sent before somebody had looked at it, and none was sent again."
    by: set[str] = set()
    approved: set[str] = set()
    done: set[tuple[str, str]] = set()
    wrong = sent = 0
    for event in log.events():
        body = event.body or {}
        if event.kind == "letters.approved":
            approved |= set(body.get("ids", ()))
        elif event.kind == "letters.trying" and body:
            by.add(f"{body['by']} of {body['from']}")
            tried = {(letter, slot) for letter, slots in body["letters"].items() for slot in slots}
            wrong += len(tried & done) + sum(letter not in approved for letter, _ in tried)
            done |= tried
        elif event.kind == "letters.settled" and body:
            for letter, slots in body["letters"].items():
                sent += any(outcome == "accepted" for outcome, _ in slots.values())
                done.update((letter, slot) for slot in slots)
                done -= {(letter, slot) for slot, said in slots.items() if said[0] in ("later", "unsent")}
    if not by:
        return ()
    told = f"{sent} letters sent; addresses were given to {', '.join(sorted(by))}; out of turn: {wrong}"
    return (Promise("sent once", words, "broken" if wrong else "kept", told),)


def _handed_over(log: Log) -> tuple[list[Body], dict[str, str]]:
    """Return the letters as they were last written, and the day on which each was handed over."""
    letters: dict[str, Body] = {}
    for event in log.events("letters.drafted"):
        body = event.body or {}
        letters |= {one["id"]: one for one in body.get("letters", ())}
        letters = {name: one for name, one in letters.items() if name not in body.get("withdrawn", ())}
    approved = {
        one: event.at[:10]
        for event in log.events("letters.approved")
        if event.body
        for one in event.body["ids"]
    }
    return list(letters.values()), approved


def _aggregate_only(log: Log) -> Promise:
    words = "Results go out in aggregate only, protected, and with nobody named (PQCR-7, QSR-6)."
    published = log.events("report.published")
    if not published:
        return Promise("aggregate", words, "not yet", "nothing has been published")
    protected = {
        (e.body["audience"], e.body["number"]) for e in log.events("aggregation.tabulated") if e.body
    }
    out = {(e.body["audience"], e.body["number"]) for e in published if e.body}
    told = f"{len(out)} publications, each protected as a whole and scanned for every name on the lists"
    return Promise("aggregate", words, "kept" if out <= protected else "broken", told)


def _report_on_time(log: Log, due: date, audiences: tuple[str, ...], today: date, zone: tzinfo) -> Promise:
    words = f"The final report is out by {due:%Y-%m-%d} (PQCR-11)."
    heard = next((event.seq for event in log.events("interview.answered")), None)
    out = {
        e.body["audience"]: datetime.fromisoformat(e.at).astimezone(zone).date().isoformat()
        for e in reversed(log.events("report.published"))
        if e.body and heard is not None and e.seq > heard  # reports for a session are not yet the final one
    }
    missing = [audience for audience in audiences if audience not in out]
    if not missing and out:
        last = max(out[audience] for audience in audiences)
        return Promise("on time", words, "kept" if last <= due.isoformat() else "broken", f"published {last}")
    left = (due - today).days
    told = f"{left} days left" if left >= 0 else f"{-left} days late"
    return Promise("on time", words, "not yet" if left >= 0 else "broken", told)
