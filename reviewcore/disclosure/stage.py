"""Publishing as a stage: tabulated cells in, one protected publication per audience out, all remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve

from reviewcore.aggregation.plan import AggregationPlan, Rung, Schema
from reviewcore.aggregation.values import Tabulated, Tallied
from reviewcore.disclosure.codec import from_json, to_json
from reviewcore.disclosure.door import Past, Told, publish
from reviewcore.disclosure.earlier import Earlier
from reviewcore.disclosure.families import groups
from reviewcore.disclosure.history import check_groups, restated
from reviewcore.disclosure.publication import AUDIENCES, Audience, Publication, QuoteList
from reviewcore.disclosure.rules import Rules
from reviewcore.errors import Refused
from reviewcore.pace import FREE, Pace

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.ledger import Entry, Ledger
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records

INSIDERS = "insiders"
"""As what the proofs about insiders are kept in the vault."""


def protect_and_publish(
    records: Records,
    ledger: Ledger,
    profile: Profile,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    strata: Mapping[str, str],
    tallies: tuple[Tallied, ...] = (),
    quotes: Callable[[int], tuple[QuoteList, ...]] = lambda _: (),
    keep: Callable[[str, Mapping[str, Any]], None] | None = None,
    pace: Pace = FREE,
) -> None:
    """Make the publication of every audience from the frozen answers, and remember it in the ledger.

    `strata` names the strata with their titles, in order; `quotes` gives what may be quoted under a k; `keep` is
    handed the proofs about insiders of each publication, by its name, which are for the vault alone; `pace` is told
    how far it is.
    An audience that already has the publication
    of these answers is left alone, so the call can be repeated. All audiences are checked against the
    ledger before anything is published: raises Blocked where one would tell of a few cases beside an
    earlier publication, and Refused where the tables were not fixed.
    """
    names = [cast(Audience, name) for name in profile.audiences.published()]
    have = _current(records.log)
    due = [name for name in names if name not in have]
    if not due:
        return
    k: dict[str, int] = {name: profile.audiences.k(name) for name in AUDIENCES}
    rungs = _rungs(records.log, plan, names)
    numbers = {name: len(publications(records.log, name)) + (name in due) for name in names}
    # One that is due may have been remembered already, by a run that was cut short between ledger and log.
    made_now = {(records.log.review, name, numbers[name]) for name in due}
    entries = [one for one in ledger.entries() if (one.review, one.audience, one.number) not in made_now]
    others = [one for one in entries if not _mine(one, records)]
    for audience in due:
        check_groups(others, audience, profile.type, groups(plan, schema, inner, k[audience]), k)
    past = Past(
        records.log.review,
        tuple(
            Earlier(one.review, cast(Audience, one.audience), one.number, one.measures)
            for one in entries
            if one.population == profile.type and one.measures
        ),
        {name: Rules(k[name]) for name in AUDIENCES},
        ledger.mark,
    )
    wider: list[Told] = []
    for audience in names:  # the widest-knowing first: it will hold what the next are told, too
        moved = partial(restated, others, audience, profile.type, k=k)
        told = publish(
            audience, numbers[audience], plan, schema, inner, past.rules[audience], rungs[audience], strata,
            tuple(wider), tallies, moved, past, pace,
        )  # fmt: skip
        wider.append(told)
    for told in wider:
        audience, number = told.publication.audience, told.publication.number
        if audience in due:
            if keep:
                pace.tell(f"proofs about insiders for the {audience}")
                keep(insiders_name(audience, number), told.about_insiders())
            ledger.record(
                records.log.review, audience, number, profile.type, told.groups, told.counts(), told.kept
            )
            records.log.append(
                "aggregation.tabulated",
                {
                    "audience": audience,
                    "number": number,
                    "publication": to_json(evolve(told.publication, quotes=quotes(k[audience]))),
                    "certificate": told.certificate,
                },
            )


def insiders_name(audience: str, number: int) -> str:
    """Return under which name the proofs about insiders of a publication are kept."""
    return f"{audience} {number}"


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


def _mine(entry: Entry, records: Records) -> bool:
    # Of the answers now frozen: made just now for another audience, which `wider` looks after, or left
    # by a run that was cut short between ledger and log.
    frozen = records.log.last("aggregation.frozen")
    earlier = sum(
        event.body is not None and event.body["audience"] == entry.audience and event.seq < frozen.seq
        for event in records.log.events("aggregation.tabulated")
        if frozen is not None
    )
    return entry.review == records.log.review and entry.number > earlier


def _rungs(
    log: Log, plan: AggregationPlan, audiences: list[Audience]
) -> Mapping[str, Mapping[str, Rung | None]]:
    event = log.last("aggregation.planned")
    if event is None or event.body is None:
        raise Refused("the tables were not fixed before the answers were read; nothing can be published")
    rungs: Mapping[str, Mapping[str, Rung | None]] = event.body["rungs"]
    wanted = {m.key for m in plan.measures} | {f"{m.key}/{s}" for m in plan.measures for s in m.splits}
    if any(wanted - set(rungs.get(audience, {})) for audience in audiences):
        raise Refused(
            "the plan has measures, splits or audiences for which no table was fixed before the answers were "
            "read; take them out again"
        )
    return rungs
