"""Opening sealed lines as a stage: all of them to the auditor, one to its worker or family.

What is opened bears ids. Its papers lie under `papers/`, are listed in an event, and go when the review is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviewcore.errors import Refused
from reviewcore.selection import handouts
from reviewcore.selection.casedraw import Blinding
from reviewcore.selection.eliminating import eliminations
from reviewcore.selection.sealed import Body
from reviewcore.store.records import Records

OPENED = "selection.opened"

InClear = tuple[str, str, str]
"""A listed case as the agency knows it: its id, its worker's id, the worker's unit or ""."""


def open_all(records: Records, key: bytes, listed: Iterable[InClear]) -> tuple[str, ...]:
    """Write the auditor's papers, which say who stands behind every sealed line; return where they are."""
    committed, drawn = _sealed(records)
    files = {
        "commitment.json": handouts.commitment(committed),
        "ledger.json": handouts.ledger(committed),
        "chances.json": handouts.chances(committed),
        "openings.json": handouts.openings(committed, Blinding(key), listed),
    }
    if committed.get("groups"):
        files["groups.json"] = handouts.groups(committed)
    if drawn:
        files |= {
            "draw.json": handouts.draw(committed, drawn),
            "account.json": handouts.account(committed, drawn),
        }
        for body in eliminations(records.log).replaced:
            name = f"replacement-{body['entry']['number']:03}.json"
            files[name] = handouts.replacement(committed, body["entry"])
    return _write(records, committed, "auditor", files)


def open_one(records: Records, key: bytes, listed: Iterable[InClear], case_id: str) -> tuple[str, ...]:
    """Write the papers for the worker or the family of one case; return where they are.

    Raises Refused for an id that is not on the list, and for a case that was left out before sealing.
    """
    committed, drawn = _sealed(records)
    blinding = Blinding(key)
    try:
        case = blinding.case(case_id)
    except ValueError as error:
        raise Refused(f"the case's id: {error}") from None
    mine = next((one for one in listed if blinding.case(one[0]) == case), None)
    if mine is None:
        raise Refused("no case with this id was listed; give it as it is written on the case list")
    opened = handouts.opening(committed, blinding, *mine)
    if opened is None:
        raise Refused(
            "this case was listed, and left out before the list was sealed: the reasons, and how many cases they "
            "concern, are in the sampling plan"
        )
    files = {"commitment.json": handouts.commitment(committed), "opening.json": opened}
    if drawn:
        files["draw.json"] = handouts.draw(committed, drawn)
    return _write(records, committed, f"case-{case[:12]}", files)


def _sealed(records: Records) -> tuple[Body, Body | None]:
    committed, drawn = records.log.last("selection.committed"), records.log.last("selection.drawn")
    if not committed or not committed.body:
        raise Refused("no list is sealed yet, so there is nothing to open")
    return committed.body, drawn.body if drawn else None


def _write(records: Records, committed: Body, who: str, files: Mapping[str, bytes]) -> tuple[str, ...]:
    number = f"-{committed['attempt']}" if committed["attempt"] > 1 else ""
    papers = [
        records.write_paper(f"selection/{who}{number}/{name}", data)
        for name, data in {"verify.py": handouts.verifier(), **files}.items()
    ]
    body = {"for": who, "papers": papers}
    if not any(event.body == body for event in records.log.events(OPENED)):
        records.log.append(OPENED, body)
    return tuple(one["path"] for one in papers)
