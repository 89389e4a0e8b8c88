"""Eliminating a drawn case as a stage: one person asks with a reason, another one countersigns, the next case comes in.

Where the plan asks for new dice for each batch, what is countersigned waits for them. Each step is an event,
and can be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from reviewcore.errors import Blocked, Refused, nearest
from reviewcore.selection import handouts, replacing, sealed
from reviewcore.selection.values import standing
from reviewcore.store.log import Body, Log
from reviewcore.store.records import Records

ASKED = "selection.eliminated"
COUNTERSIGNED = "selection.countersigned"
REPLACED = "selection.replaced"


@frozen
class Eliminations:
    """Where eliminations stand: those asked for, those countersigned and waiting for dice, those replaced.

    `asked` has (reason, actor) and `waiting` the reason by the case's pseudonym.
    """

    asked: Mapping[str, tuple[str, str]]
    waiting: Mapping[str, str]
    replaced: tuple[Body, ...]


def eliminations(log: Log) -> Eliminations:
    """Return where eliminations stand, from the log alone."""
    replaced = tuple(event.body for event in log.events(REPLACED) if event.body)
    done = {case for body in replaced for case in body["out"]}
    asked = {
        event.body["case"]: (event.body["reason"], event.actor)
        for event in log.events(ASKED)
        if event.body and event.body["case"] not in done
    }
    signed = [event.body["case"] for event in log.events(COUNTERSIGNED) if event.body]
    waiting = {case: asked.pop(case)[0] for case in signed if case in asked}
    return Eliminations(asked, waiting, replaced)


def ask(records: Records, case: str, reason: str) -> None:
    """Ask that a drawn case be eliminated, by its pseudonym, for one of `replacing.REASONS`.

    Raises Refused before the draw, for a case that does not stand, for another reason than those, and
    for a case whose answers are in.
    """
    if reason not in replacing.REASONS:
        known = ", ".join(f"'{one}' ({said})" for one, said in replacing.REASONS.items())
        raise Refused(
            f"this is no reason to eliminate a case{nearest(reason, replacing.REASONS)}; reasons are {known}"
        )
    now = eliminations(records.log)
    if now.asked.get(case, ("",))[0] == reason or now.waiting.get(case) == reason:
        return
    if case in now.asked or case in now.waiting:
        raise Refused("this case is to be eliminated already, for another reason; that one stays on record")
    _stands(records.log, case)
    records.log.append(ASKED, {"case": case, "reason": reason})


def countersign(records: Records, case: str) -> None:
    """Countersign an elimination, as somebody else than who asked; the next case comes in at once or with new dice.

    Raises Refused where nobody has asked for it, Blocked where the same person has.
    """
    now = eliminations(records.log)
    if case in now.waiting or any(case in body["out"] for body in now.replaced):
        return
    if case not in now.asked:
        raise Refused(
            "nobody has asked that this case be eliminated; that comes first, with its reason (--eliminate)"
        )
    reason, actor = now.asked[case]
    if actor == records.log.actor:
        raise Blocked(
            "an elimination takes two persons, and you are the one who asked for it: have somebody else countersign "
            "(nothing was changed)"
        )
    committed, _ = _stands(records.log, case)
    if replacing.fresh(committed):
        records.log.append(COUNTERSIGNED, {"case": case})
        return
    body = _replaced(records, {case: reason}, ())
    records.log.append_all([("selection.countersigned", {"case": case}), ("selection.replaced", body)])


def alternates(records: Records, lines: Sequence[str]) -> bool:
    """Bring in the next cases for all that wait for new dice; return whether these lines are known or were used."""
    log, now = records.log, eliminations(records.log)
    event = log.last("selection.committed")
    if event is None or not event.body or not replacing.fresh(event.body):
        return False
    given = sealed.lines_of(lines, event.body)
    if now.replaced and now.replaced[-1]["entry"]["seed_lines"] == given:
        return True
    drawn = log.last("selection.drawn")
    if not now.waiting or not drawn or not drawn.body or given == drawn.body["seed_lines"]:
        return False
    if any(given == body["entry"]["seed_lines"] for body in now.replaced):
        raise Refused("these lines were used for an earlier batch: roll new dice")
    log.append(REPLACED, _replaced(records, now.waiting, given))
    return True


def _replaced(records: Records, out: Mapping[str, str], lines: Sequence[str]) -> Body:
    committed, drawn = _drawn(records.log)
    log = eliminations(records.log).replaced
    leaves = {row["case"]: leaf for leaf, row in sealed.rows_of(committed).items()}
    eliminated = sorted((leaves[case], reason) for case, reason in out.items())
    body = replacing.replace(committed, drawn, log, eliminated, lines)
    number = f"-{committed['attempt']}" if committed["attempt"] > 1 else ""
    name = f"selection/witness{number}/replacement-{body['entry']['number']:03}.json"
    return {**body, "papers": [records.write_paper(name, handouts.replacement(committed, body["entry"]))]}


def _drawn(log: Log) -> tuple[Body, Body]:
    committed, drawn = log.last("selection.committed"), log.last("selection.drawn")
    if not committed or not committed.body or not drawn or not drawn.body:
        raise Refused("no case is drawn yet: only a drawn case can be eliminated")
    return committed.body, drawn.body


def _stands(log: Log, case: str) -> tuple[Body, Body]:
    """Return sealed list and draw; Refused where the case does not stand, or has been answered."""
    committed, drawn = _drawn(log)
    if case not in {row["case"] for row in standing(drawn, eliminations(log).replaced)}:
        raise Refused(
            "this is none of the cases that were drawn and stand; give its id as it is written on the case list"
        )
    tokens = {
        one["token"]
        for event in log.events("interview.scheduled")
        if event.body
        for one in event.body["sessions"]
        if one["case"] == case
    }
    if any(event.body and event.body["token"] in tokens for event in log.events("interview.answered")):
        raise Refused("this case has been reviewed, and its answers are in: it can no longer be eliminated")
    return committed, drawn
