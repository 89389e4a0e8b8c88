"""What goes from stage to stage about cases: pseudonyms and declared fields, never an id or a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from attrs import frozen

from reviewcore.language import Value


class FrameRow(NamedTuple):
    """One listed case, blinded as `casedraw/1` says (section 4): 64 hex digits for each pseudonym.

    `case`, `worker` and `unit` are the commitments C, P and U; `unit` is "" where the list has none.
    `family` is equal for cases of one family. `member` is the case's name in the agency's ledger.
    """

    case: str
    worker: str
    unit: str
    family: str
    member: str
    fields: Mapping[str, Value]


@frozen
class Selected:
    """A case that was drawn: its row, its stratum, and the how-manieth of the draw it was (from 1)."""

    row: FrameRow
    stratum: str
    place: int


def standing(drawn: Mapping[str, Any], replaced: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the cases that stand, as rows: those drawn, less those eliminated, with those that came in for them.

    `drawn` is what the event of the draw says, `replaced` what each event of a replacement does, in order.
    """
    rows = list(drawn["selected"])
    for body in replaced:
        rows = [row for row in rows if row["case"] not in body["out"]] + list(body["in"])
    return rows


def now_asked(drawn: Mapping[str, Any], declined: Collection[str]) -> tuple[str, ...]:
    """Return who is asked to a focus group by now: its members, and an alternate for each who has declined.

    An alternate who declines is followed by the next, for as long as there are any.

    >>> now_asked({"members": ["a", "b"], "alternates": ["c", "d"]}, {"a"})
    ('a', 'b', 'c')
    """
    order = (*drawn["members"], *drawn["alternates"])
    available = 0
    for place, person in enumerate(order, start=1):
        available += person not in declined
        if available == len(drawn["members"]):
            return order[:place]
    return order
