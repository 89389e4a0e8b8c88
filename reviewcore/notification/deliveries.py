"""How the sending of letters stands, read from the log: what was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from reviewcore.notification.transport import Delivery, Slot, Standing
from reviewcore.store.log import Event

TRYING, SETTLED = "letters.trying", "letters.settled"

Deliveries: TypeAlias = Mapping[str, Mapping[Slot, Delivery]]
"""How each letter stands, by its id, for each of its recipients; who is not in it waits."""

_WAITING = Delivery()
_STANDINGS: Mapping[str, Standing] = {
    "accepted": "sent", "refused": "refused", "later": "waiting", "sent": "sent", "unsent": "waiting",
}  # fmt: skip


def fold(events: Iterable[Event]) -> dict[str, dict[Slot, Delivery]]:
    """Fold the events of sending, in order, into how each letter stands.

    What was tried and never settled is uncertain: the process ended, or the server fell silent, between
    the last word and the answer to it.
    """
    found: dict[str, dict[Slot, Delivery]] = {}
    for event in events:
        letters = (event.body or {}).get("letters", {})
        if event.kind == TRYING:
            for letter, slots in letters.items():
                found.setdefault(letter, {}).update(dict.fromkeys(slots, Delivery("uncertain")))
        elif event.kind == SETTLED:
            for letter, outcomes in letters.items():
                for slot, (outcome, code) in outcomes.items():
                    found.setdefault(letter, {})[slot] = Delivery(_STANDINGS[outcome], code)
    return found


def standing(slots: Iterable[Slot], stand: Mapping[Slot, Delivery]) -> Standing:
    """Return how a letter stands as a whole: what somebody must act on comes before what is done.

    >>> standing(("to", "copy"), {"to": Delivery("sent"), "copy": Delivery("refused", "550")})
    'refused'
    """
    every = [stand.get(slot, _WAITING).standing for slot in slots]
    order: tuple[Standing, ...] = ("uncertain", "refused", "waiting")
    return next((one for one in order if one in every), "sent")
