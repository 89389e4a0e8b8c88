"""Where aggregation stands: a fold over the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from attrs import Factory, frozen

from reviewcore.aggregation.plan import Rung

if TYPE_CHECKING:
    from reviewcore.store.log import Log

Rungs = Mapping[str, Rung | None]


@frozen
class State:
    """What is fixed and what is published so far.

    `rungs[audience][table]` is None until planned. `frozen_at` is the number of the event up to which
    answers count. `published[audience]` are the publications as JSON, in order; `current` names the
    audiences that have one made of the answers now frozen.
    """

    planned: int = 0
    by_stratum: Mapping[str, int] = Factory(dict)
    rungs: Mapping[str, Rungs] | None = None
    tokens: tuple[str, ...] = ()
    frozen_at: int = 0
    published: Mapping[str, tuple[Mapping[str, Any], ...]] = Factory(dict)
    current: frozenset[str] = frozenset()


def state(log: Log) -> State:
    """Return where aggregation stands in a review's log."""
    planned, frozen_ = log.last("aggregation.planned"), log.last("aggregation.frozen")
    published: dict[str, tuple[Mapping[str, Any], ...]] = {}
    current: set[str] = set()
    for event in log.events("aggregation.tabulated"):
        if event.body is not None:
            audience = event.body["audience"]
            published[audience] = (*published.get(audience, ()), event.body["publication"])
            if frozen_ and event.seq > frozen_.seq:
                current.add(audience)
    plan = (planned.body if planned else None) or {}
    return State(
        plan.get("planned", 0),
        plan.get("by_stratum", {}),
        cast("Mapping[str, Rungs] | None", plan.get("rungs")),
        tuple(frozen_.body["tokens"]) if frozen_ and frozen_.body else (),
        frozen_.seq if frozen_ else 0,
        published,
        frozenset(current),
    )
