"""Verifying a whole review by whoever holds its folder: log, draw, documents, promises."""

from __future__ import annotations

from datetime import date, tzinfo
from pathlib import Path
from typing import Any

from reviewcore.promises import promises
from reviewcore.store.files import digest
from reviewcore.store.log import Log
from reviewcore.store.records import Records

_COMMITTED = ("spec", "root", "sizes", "plan_hash", "key_commitment", "seed_rule", "time", "earlier")
"""What the commitment is the digest of (docs/casedraw.md)."""


def verify(
    records: Records, report_due: date, audiences: tuple[str, ...], today: date, zone: tzinfo
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was checked and holds, and what is wrong, one line each."""
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
            f"the draw: worked out again from the sealed list and the seed, the same {count} cases"
        )
    if found := changed(records.folder, log):
        wrong += found
    elif published := state(log):
        files = sum(len(one.files) for one in published)
        checked.append(f"the publications: {files} files, each as it was published")
    if not log.last("review.closed"):
        wrong += _papers(records.folder, log)
    for promise in promises(log, report_due, audiences, today, zone):
        if promise.standing == "broken":
            wrong.append(f"a promise is broken: {promise.words} {promise.evidence}")
        elif promise.standing == "kept":
            checked.append(f"{promise.words} {promise.evidence}")
    return tuple(checked), tuple(wrong)


def _draw(log: Log) -> list[str]:
    """Return what is wrong with the recorded draw when it is made again from the sealed list and the seed."""
    from reviewcore.selection import casedraw, groups
    from reviewcore.selection.draw import Entry, draw

    committed_event, drawn_event = log.last("selection.committed"), log.last("selection.drawn")
    if not committed_event or not drawn_event:
        return []
    committed, drawn = committed_event.body, drawn_event.body
    if not committed or not drawn:
        return ["the draw's record was erased and cannot be worked out again"]
    rows: dict[str, Any] = {
        casedraw.leaf(one["case"], one["worker"], one["unit"], one["stratum"]): one
        for one in committed["rows"]
    }
    if casedraw.root(rows) != committed["root"]:
        return ["the sealed list is not the one that was committed to"]
    if casedraw.plan_hash(committed["plan"]) != committed["plan_hash"]:
        return ["the sampling plan is not the one that was committed to"]
    hashed = {name: committed[name] for name in _COMMITTED}
    if sealed := committed.get("groups", []):
        if any(casedraw.root(one["listed"]) != one["root"] for one in sealed):
            return ["the list of a focus group is not the one that was committed to"]
        hashed["groups"] = {one["key"]: one["root"] for one in sealed}
    if casedraw.commitment(hashed) != committed["commitment"]:
        return ["the commitment does not follow from what it is said to commit to"]
    seed = casedraw.seed(committed["commitment"], drawn["seed_lines"])
    key = casedraw.purpose_key(seed, "ticket")
    entries = (Entry(leaf, one["worker"], one["stratum"]) for leaf, one in rows.items())
    made = draw(entries, committed["quotas"], committed["per_worker"], key)
    again = made.taken()
    if [rows[leaf]["case"] for leaf in again] != [one["case"] for one in drawn["selected"]]:
        return ["the draw, worked out again from the sealed list and the seed, gives other cases"]
    if [[one.leaf, one.ticket, one.why] for one in made.dispositions] != drawn["dispositions"]:
        return ["what is recorded of the cases that were not drawn is not what the draw gives"]
    if groups.draw(sealed, seed) != drawn.get("groups", []):
        return ["the focus groups, worked out again from their lists and the seed, have other people"]
    return []


def _papers(folder: Path, log: Log) -> list[str]:
    """Return which of the latest papers of the draw and the schedule are missing or changed."""
    wrong = []
    for kind in ("selection.committed", "selection.drawn", "interview.scheduled"):
        event = log.last(kind)
        for paper in event.body["papers"] if event and event.body else ():
            file = folder / paper["path"]
            if not file.is_file():
                wrong.append(f"{paper['path']}: missing")
            elif digest(file.read_bytes()) != paper["sha256"]:
                wrong.append(f"{paper['path']}: changed since it was written")
    return wrong
