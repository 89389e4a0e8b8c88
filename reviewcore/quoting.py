"""Quotes: a sentence of a group's note, word for word, once a named person has approved it, and only then.

A sentence can be quoted that names nobody, tells nobody's number, date or address, and holds no figure at all,
since figures come from published cells alone; of a group in which so many people were heard that none of them can
be made out. Everything else of a note stays in the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from reviewcore.aggregation.plan import AggregationPlan, QuoteMeasure
from reviewcore.disclosure.publication import QuoteList
from reviewcore.errors import Blocked, Refused
from reviewcore.freetext import look
from reviewcore.freetext.reading import Find, sentences
from reviewcore.store.files import digest

if TYPE_CHECKING:
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records
    from reviewcore.store.vault import Vault

APPROVED, WITHDRAWN = "quotes.approved", "quotes.withdrawn"
_FIGURE = "a figure"
_NOBODY = ("", "unknown")


@frozen
class Quotable:
    """A sentence of a note: its name, as in "K7QF-2M9X/notes/2", its words, why it is kept back, who approved it."""

    name: str
    text: str
    why_not: tuple[str, ...]
    approved_by: str = ""


def quotables(log: Log, vault: Vault, plan: AggregationPlan, find: Find) -> tuple[Quotable, ...]:
    """Return every sentence of the notes from which the plan asks for quotes, in order."""
    return tuple(one for measure in plan.quotes for one in _of(measure, log, vault, find))


def approve(records: Records, vault: Vault, plan: AggregationPlan, find: Find, name: str) -> None:
    """Approve a sentence; whoever acts is on record as the one who did. Raises Blocked where it must not be quoted."""
    one = next((one for one in quotables(records.log, vault, plan, find) if one.name == name), None)
    if one is None:
        raise Refused(f"there is no sentence '{name}' to quote; `reviewcore quote` lists them")
    if one.why_not:
        raise Blocked(
            f"'{name}' must not be quoted: it holds {' and '.join(one.why_not)} (nothing was approved)"
        )
    if records.log.actor in _NOBODY:
        raise Refused(
            "a named person approves a quote: say who you are with --as NAME (nothing was approved)"
        )
    if not one.approved_by:
        records.log.append(APPROVED, {"quote": name, "sha256": digest(one.text.encode())})


def withdraw(records: Records, name: str) -> None:
    """Take an approval back; what was published with it is out."""
    if name not in _approved(records.log):
        raise Refused(f"'{name}' is not approved, so there is nothing to take back")
    records.log.append(WITHDRAWN, {"quote": name})


def approved(
    log: Log, vault: Vault, plan: AggregationPlan, find: Find, heard: Mapping[str, frozenset[str]]
) -> Callable[[int], tuple[QuoteList, ...]]:
    """Return what may be quoted to an audience, given its k: approved, still clean, of groups of at least k.

    `heard` says by session who was heard there. A note that was changed after the approval is quoted no more.
    """
    by_measure = {measure.key: tuple(_of(measure, log, vault, find)) for measure in plan.quotes}

    def to(k: int) -> tuple[QuoteList, ...]:
        return tuple(
            QuoteList(
                measure.key,
                measure.title,
                # In the order of their letters: that of the notes would tell which were said in one group.
                tuple(
                    sorted(
                        {
                            one.text
                            for one in by_measure[measure.key]
                            if one.approved_by
                            and not one.why_not
                            and len(heard.get(_session(one.name), ())) >= k
                        }
                    )
                ),
            )
            for measure in plan.quotes
        )

    return to


def _of(measure: QuoteMeasure, log: Log, vault: Vault, find: Find) -> Sequence[Quotable]:
    agreed = _approved(log)
    last: dict[str, Mapping[str, Any]] = {
        event.body["token"]: event.body for event in log.events("interview.answered") if event.body
    }
    notes = [
        f"{token}/{measure.item}"
        for token, body in sorted(last.items())
        if body["instrument"] == measure.instrument
    ]
    sealed = vault.get_all("note", notes)
    found = []
    for note in notes:
        text = str(sealed[note]["text"]) if note in sealed else ""
        wrong = {one.sentence: one.holds for one in look(text, find)}
        for number, (start, end) in enumerate(sentences(text), start=1):
            said = " ".join(text[start:end].split())
            holds = wrong.get(number, ())
            if not holds and any(map(str.isnumeric, said)):
                holds = (_FIGURE,)
            name = f"{note}/{number}"
            sha256, by = agreed.get(name, ("", ""))
            found.append(Quotable(name, said, holds, by if sha256 == digest(said.encode()) else ""))
    return found


def _session(name: str) -> str:
    return name.partition("/")[0]


def _approved(log: Log) -> dict[str, tuple[str, str]]:
    """Return by sentence what was approved, as a digest, and by whom."""
    found: dict[str, tuple[str, str]] = {}
    for event in log.events():
        if event.kind == APPROVED and event.body:
            found[event.body["quote"]] = (event.body["sha256"], event.actor)
        elif event.kind == WITHDRAWN and event.body:
            found.pop(event.body["quote"], None)
    return found
