"""Publishing as a stage: tabulated cells in, one protected publication per audience out, all remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from reviewcore.aggregation.plan import AggregationPlan, Rung, Schema
from reviewcore.aggregation.values import Tabulated
from reviewcore.disclosure.codec import from_json, to_json
from reviewcore.disclosure.door import candidates, groups, publish
from reviewcore.disclosure.history import check_groups, conflicts
from reviewcore.disclosure.publication import Audience, Publication
from reviewcore.disclosure.rules import Rules
from reviewcore.errors import Refused

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.ledger import Entry, Ledger
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records


def protect_and_publish(
    records: Records,
    ledger: Ledger,
    profile: Profile,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    strata: Mapping[str, str],
) -> None:
    """Make the publication of every audience from the frozen answers, and remember it in the ledger.

    `strata` names the strata with their titles, in order. An audience that already has the publication
    of these answers is left alone, so the call can be repeated. All audiences are checked against the
    ledger before any table is computed: raises Blocked where one would tell of a few cases beside an
    earlier publication, and Refused where the tables were not fixed.
    """
    due = [
        cast(Audience, name) for name in profile.audiences.published() if name not in _current(records.log)
    ]
    if not due:
        return
    k = {name: profile.audiences.k(name) for name in ("team", "agency", "state", "public")}
    rungs = _rungs(records.log, plan)
    entries = [one for one in ledger.entries() if not _mine(one, records, due)]
    for audience in due:
        check_groups(entries, audience, profile.type, groups(plan, schema, inner, k[audience]), k)
    for audience in due:
        fixed = rungs[audience]
        closed = conflicts(entries, audience, profile.type, candidates(plan, schema, inner, fixed), k)
        number = len(publications(records.log, audience)) + 1
        told = publish(audience, number, plan, schema, inner, Rules(k[audience]), fixed, strata, closed)
        ledger.record(records.log.review, audience, number, profile.type, told.cells)
        records.log.append(
            "aggregation.tabulated",
            {"audience": audience, "number": number, "publication": to_json(told.publication)},
        )


def publications(log: Log, audience: str) -> tuple[Publication, ...]:
    """Return an audience's publications, in order."""
    return tuple(
        from_json(event.body["publication"])
        for event in log.events("aggregation.tabulated")
        if event.body is not None and event.body["audience"] == audience
    )


def _current(log: Log) -> frozenset[str]:
    frozen = log.last("aggregation.frozen")
    if frozen is None:
        raise Refused("the answers are not frozen yet; freeze them before the tables are made")
    return frozenset(
        event.body["audience"]
        for event in log.events("aggregation.tabulated")
        if event.body is not None and event.seq > frozen.seq
    )


def _mine(entry: Entry, records: Records, due: list[Audience]) -> bool:
    # A run that was cut short between ledger and log has left the very entry that is about to be made.
    return any(
        (entry.review, entry.audience, entry.number)
        == (records.log.review, audience, len(publications(records.log, audience)) + 1)
        for audience in due
    )


def _rungs(log: Log, plan: AggregationPlan) -> Mapping[str, Mapping[str, Rung | None]]:
    event = log.last("aggregation.planned")
    if event is None or event.body is None:
        raise Refused("the tables were not fixed before the answers were read; nothing can be published")
    rungs: Mapping[str, Mapping[str, Rung | None]] = event.body["rungs"]
    wanted = {m.key for m in plan.measures} | {f"{m.key}/{s}" for m in plan.measures for s in m.splits}
    if any(wanted - set(fixed) for fixed in rungs.values()):
        raise Refused(
            "the plan has measures or splits that were not fixed before the answers were read; take them out "
            "again"
        )
    return rungs
