"""Verifying a whole review by whoever holds its folder: log, draw, documents, promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewcore.promises import promises
from reviewcore.store.files import digest
from reviewcore.store.log import Body, Log
from reviewcore.store.records import Records

if TYPE_CHECKING:
    from reviewcore.disclosure.publication import Publication


def verify(
    records: Records,
    report_due: date,
    audiences: tuple[str, ...],
    today: date,
    zone: tzinfo,
    sealed: Callable[[str], Mapping[str, Any] | None] | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was checked and holds, and what is wrong, one line each.

    `sealed` opens the proofs about insiders of a publication by their name, where the vault is at hand.
    """
    from reviewcore.report.stage import changed, state

    log, checked, wrong = records.log, [], list(records.log.verify())
    if wrong:
        return (), tuple(wrong)
    checked.append(f"the log: {len(log.events())} events, each chained to the one before, none changed")
    if found := _draw(log):
        wrong += found
    elif drawn := log.last("selection.drawn"):
        count = len(drawn.body["selected"]) if drawn.body else 0
        checked.append(
            f"the draw: worked out again from the sealed list and the seed, the same {count} cases; the witnesses' "
            "program finds every reason true"
        )
    if found := changed(records.folder, log):
        wrong += found
    elif published := state(log):
        files = sum(len(one.files) for one in published)
        checked.append(f"the publications: {files} files, each as it was published")
    proved = 0
    told: dict[tuple[str, int], Publication] = {}
    for event in log.events("aggregation.tabulated"):
        if event.body and "certificate" in event.body:
            found = _unproved(event.body, told)
            wrong += found
            proved += not found
    if proved:
        checked.append(
            f"the certificates of {proved} publication{'s' if proved > 1 else ''}: every number that is withheld is "
            "proved to be hidden, by whole numbers alone"
        )
    if proved and sealed:
        looked = 0
        for event in log.events("aggregation.tabulated"):
            if event.body:
                found, ways = _insiders(event.body, sealed)
                wrong += found
                looked += ways
        if looked:
            checked.append(
                "the proofs about insiders, from the vault: whoever knows cases of their own learns of no other, in "
                f"each of the {looked:,} ways in which theirs can have been answered"
            )
    if not log.last("review.closed"):
        wrong += _papers(records.folder, log)
    for promise in promises(log, report_due, audiences, today, zone):
        if promise.standing == "broken":
            wrong.append(f"a promise is broken: {promise.words} {promise.evidence}")
        elif promise.standing == "kept":
            checked.append(f"{promise.words} {promise.evidence}")
    return tuple(checked), tuple(wrong)


def _unproved(body: Body, earlier: dict[tuple[str, int], Publication]) -> list[str]:
    """Return what a publication's certificate does not prove, or what it is not about; add it to `earlier` ones."""
    from reviewcore.disclosure.bound import unbound
    from reviewcore.disclosure.codec import from_json
    from reviewcore.disclosure.linked.checktables import problems

    name = f"publication {body['number']} to the {body['audience']}"
    publication = from_json(body["publication"])
    found = problems(body["certificate"]) or unbound(publication, body["certificate"], earlier)
    earlier[publication.audience, publication.number] = publication
    return [f"the certificate of {name}: {one}" for one in found]


def _insiders(body: Body, sealed: Callable[[str], Mapping[str, Any] | None]) -> tuple[list[str], int]:
    """Return what a publication's sealed proofs about insiders do not show, and how many ways they look at."""
    from reviewcore.disclosure.checkinsiders import looked_at, problems
    from reviewcore.disclosure.stage import insiders_name

    name = f"publication {body['number']} to the {body['audience']}"
    record = sealed(insiders_name(body["audience"], body["number"]))
    if record is None:
        return [f"the proofs about insiders of {name} are not in the vault"], 0
    found = problems(record, body["certificate"])
    return [f"the proofs about insiders of {name}: {one}" for one in found], 0 if found else looked_at(record)


def _draw(log: Log) -> list[str]:
    """Return what is wrong with the recorded draw, worked out again, and checked by the program of the witnesses."""
    from reviewcore.selection import sealed, verify
    from reviewcore.selection.eliminating import eliminations

    attempts, drawn_event = log.events("selection.committed"), log.last("selection.drawn")
    if any(not event.body for event in attempts) or (drawn_event and not drawn_event.body):
        return ["the draw's record was erased and cannot be worked out again"]
    bodies = [event.body for event in attempts if event.body]
    for number, body in enumerate(bodies):
        if list(body["earlier"]) != [one["commitment"] for one in bodies[:number]]:
            return [f"the commitment of attempt {number + 1} does not name the lists sealed before it"]
        if body["quotas"] != sealed.quotas_of(body) or body["per_worker"] != body["plan"]["per_worker"]:
            return ["the sampling plan is not the one that was committed to"]
    if not bodies or not drawn_event or not drawn_event.body:
        return []
    committed, drawn, replaced = bodies[-1], drawn_event.body, eliminations(log).replaced
    _, wrong = verify.check(_witness(committed, drawn, replaced))
    if wrong:
        return [f"the draw: {line}" for line in wrong]
    again = sealed.drawn_from(committed, drawn["seed_lines"])
    if any(again[name] != drawn.get(name) for name in again):
        return ["the draw, worked out again from the sealed list and the seed, gives other cases or reasons"]
    return _replaced(committed, drawn, replaced)


def _replaced(committed: Body, drawn: Body, replaced: Sequence[Body]) -> list[str]:
    """Return what is wrong with the log of replacements when it is replayed."""
    from reviewcore.selection.replacing import replace

    for number, body in enumerate(replaced):
        entry = body["entry"]
        eliminated = [(leaf, reason) for leaf, reason in entry["eliminated"]]
        again = replace(committed, drawn, replaced[:number], eliminated, entry["seed_lines"])
        if any(again[name] != body.get(name) for name in again):
            return [f"the draw: replacement {number + 1}, worked out again, is another"]
    return []


def _witness(committed: Body, drawn: Body, replaced: Sequence[Body]) -> dict[str, bytes]:
    """Return the papers of a witness as they follow from the log."""
    from reviewcore.selection import handouts

    files = {
        "commitment.json": handouts.commitment(committed),
        "ledger.json": handouts.ledger(committed),
        "chances.json": handouts.chances(committed),
        "draw.json": handouts.draw(committed, drawn),
        "account.json": handouts.account(committed, drawn),
    }
    if committed.get("groups"):
        files["groups.json"] = handouts.groups(committed)
    return files | {
        f"replacement-{body['entry']['number']:03}.json": handouts.replacement(committed, body["entry"])
        for body in replaced
    }


def _papers(folder: Path, log: Log) -> list[str]:
    """Return which papers are missing or changed: all of every draw, the latest schedule, every letter.

    A letter that was handed over may have been taken away by whoever sends it; changed it may not be.
    """
    from reviewcore.notification.state import DRAFTS, SENT, TO_SEND
    from reviewcore.notification.state import state as letters

    latest: dict[str, str] = {}
    schedule = log.last("interview.scheduled")
    for event in log.events():
        if event.body and (event.kind != "interview.scheduled" or event is schedule):
            latest |= {one["path"]: one["sha256"] for one in event.body.get("papers", ())}
    now = letters(log)
    for one in now.pending():
        latest |= {file["path"]: file["sha256"] for file in one.files}
    wrong = [line for path, sha256 in latest.items() if (line := _changed(folder / path, path, sha256))]
    for one in now.handed_over():
        for file in one.files:
            for place in (TO_SEND, SENT):
                path = file["path"].replace(DRAFTS, place)
                if (folder / path).exists() and (line := _changed(folder / path, path, file["sha256"])):
                    wrong.append(line)
    return wrong


def _changed(file: Path, name: str, sha256: str) -> str:
    if not file.is_file():
        return f"{name}: missing"
    return f"{name}: changed since it was written" if digest(file.read_bytes()) != sha256 else ""
