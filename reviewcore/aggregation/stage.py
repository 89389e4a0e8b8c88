"""Aggregation as a stage: fix the rungs, freeze the answers, give the inner cells to the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from reviewcore.aggregation import check
from reviewcore.aggregation.plan import AggregationPlan, Rung, Schema
from reviewcore.aggregation.rungs import Planned, expected, fix_tables
from reviewcore.aggregation.state import state
from reviewcore.aggregation.tabulate import tabulate
from reviewcore.aggregation.tallies import Rows, tallied
from reviewcore.aggregation.tallies import problems as tally_problems
from reviewcore.aggregation.values import Answer, Answered, Tabulated, Tallied, codings, find
from reviewcore.coding.values import Coded, coded
from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.interview.plan import InterviewPlan

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.log import Log
    from reviewcore.store.records import Records


def plan(records: Records, profile: Profile, planned: AggregationPlan, schema: Schema) -> None:
    """Fix the rung of every table for every published audience, once and before any answer is read.

    A list that is sealed again before the draw has a new planned sample, and the rungs are fixed anew.

    Raises BadInput where the plan does not fit the instruments and fields, and Refused where answers are
    there already or the plan was fixed otherwise before.
    """
    if found := check.problems(planned, schema):
        raise BadInput(Problem("aggregation plan", what) for what in found)
    log = records.log
    sizes = planned_sample(log, planned)
    body = {
        "planned": sizes.total,
        "by_stratum": {} if log.last("selection.everyone") else dict(_committed(log)["quotas"]),
        "rungs": {
            audience: fix_all(planned, schema, sizes, profile.audiences.k(audience))
            for audience in profile.audiences.published()
        },
    }
    sealed = log.last("selection.committed")
    if (before := log.last("aggregation.planned")) is not None:
        if before.body == body:
            return
        if sealed is None or sealed.seq < before.seq:
            raise Refused(
                "the tables of this review were fixed before, and otherwise; put the settings, the audiences "
                "and the measures back as they were (what is fixed cannot follow the answers)"
            )
    if log.last("interview.answered") is not None:
        raise Refused(
            "answers have been read before the tables were fixed; their fineness must not follow the answers, "
            "so begin this review anew and fix the tables before the first tool is read"
        )
    log.append("aggregation.planned", body)


def planned_sample(log: Log, planned: AggregationPlan) -> Planned:
    """Return the sample that the draw was planned to give; raise Refused where it was not yet planned."""
    if log.last("selection.everyone"):
        return Planned(0, {})
    committed = _committed(log)
    quotas: Mapping[str, int] = committed["quotas"]
    rows = [(row["stratum"], row["fields"]) for row in committed["rows"] if row["stratum"] in quotas]
    splits = sorted({split for measure in planned.measures for split in measure.splits})
    return Planned(sum(quotas.values()), {split: expected(rows, quotas, split) for split in splits})


def fix_all(planned: AggregationPlan, schema: Schema, sizes: Planned, k: int) -> dict[str, Rung | None]:
    """Return the rung of every table of the plan under k, by the table's key."""
    fixed: dict[str, Rung | None] = {}
    for measure in planned.measures:
        coded = codings(*find(schema.instruments, measure.instrument, measure.item))
        fixed |= fix_tables(measure, coded, sizes, k)
    return fixed


def freeze(records: Records, profile: Profile, planned: AggregationPlan, interviews: InterviewPlan) -> None:
    """Freeze the reporting population: the sessions whose answers count from now on.

    Later answers stay out until they are those of at least k further cases, or people who came to a group,
    k being the largest of the published audiences'. Counts from extracts need no answers. Raises Refused
    where there are no answers, or too few new ones.
    """
    log = records.log
    answered = {event.body["token"] for event in log.events("interview.answered") if event.body is not None}
    if not answered and not planned.tallies:
        raise Refused("no answers have been read yet; read the returned tools first")
    have = state(log)
    if have.rungs is None:
        raise Refused("the tables are not fixed yet; fix them before the answers are frozen")
    before = frozenset(have.tokens)
    new = answered - before
    if have.frozen_at and not new:
        return
    heard = _behind(log, interviews)
    most = max((profile.audiences.k(one) for one in profile.audiences.published()), default=0)
    further = frozenset[str]().union(*(heard[token] for token in new)) - frozenset[str]().union(
        *(heard[token] for token in before)
    )
    if before and len(further) < most:
        raise Refused(
            f"fewer than {most} further cases or people have been heard since the answers were frozen; they stay out "
            "of the tables, since two publications that differ by so few would tell about those few: wait "
            "for more, or leave the frozen answers as they are"
        )
    log.append("aggregation.frozen", {"tokens": sorted(answered)})


def tallies(records: Records, planned: AggregationPlan, schema: Schema) -> tuple[Tallied, ...]:
    """Return the counts of every tally, from the extracts as they were last read; raise as `counted`."""
    event = records.log.last("register.read")
    return counted(planned, schema, ((event.body if event else None) or {}).get("extracts", {}))


def counted(planned: AggregationPlan, schema: Schema, extracts: Mapping[str, Rows]) -> tuple[Tallied, ...]:
    """Return the counts of every tally; raise BadInput with everything in the extracts that cannot be."""
    if wrong := [found for one in planned.tallies for found in tally_problems(one, schema, extracts)]:
        raise BadInput(Problem(name, what) for name, what in dict.fromkeys(wrong))
    return tuple(tallied(one, schema, extracts) for one in planned.tallies)


def _behind(log: Log, interviews: InterviewPlan) -> dict[str, frozenset[str]]:
    """Return by token whom the answers of a session are about: its case, or those who came to the group."""
    sessions, gatherings = _scheduled(log)
    said = {event.body["token"]: event.body for event in log.events("interview.answered") if event.body}
    attended = _attended(interviews)
    return {token: frozenset({f"case {one['case']}"}) for token, one in sessions.items()} | {
        token: _came(one, said.get(token, {"answers": {}}), attended) for token, one in gatherings.items()
    }


def _attended(interviews: InterviewPlan) -> dict[str, str]:
    return {kind.key: kind.attended for kind in interviews.sessions}


def _came(
    gathering: Mapping[str, Any], body: Mapping[str, Any], attended: Mapping[str, str]
) -> frozenset[str]:
    """Return one mark for each who came, as many as the completed tool says; nobody is in two groups."""
    number = int(body["answers"].get(attended[gathering["kind"]], 0))
    return frozenset(f"{gathering['group']} {n}" for n in range(1, number + 1))


def inner_cells(records: Records, planned: AggregationPlan, interviews: InterviewPlan) -> Tabulated:
    """Return the inner cells of the frozen answers; raise Refused where nothing is frozen yet.

    Answers that were read or corrected after the freeze are not seen.
    """
    log = records.log
    have = state(log)
    if not have.frozen_at:
        raise Refused("the answers are not frozen yet; freeze them before the tables are made")
    rows = {row["case"]: row for row in (log.last("selection.committed") and _committed(log)["rows"]) or ()}
    sessions, gatherings = _scheduled(log)
    attended = _attended(interviews)
    last: dict[str, Mapping[str, Any]] = {}
    for event in log.events("interview.answered"):
        if event.body is not None and event.seq < have.frozen_at:
            last[event.body["token"]] = event.body
    counted = [token for token in have.tokens if token in last]
    answered = [_answered(sessions[token], rows, last[token]) for token in counted if token in sessions]
    answered += [
        Answered(
            token, last[token]["instrument"], "", "", "", {}, _answers(last[token]),
            _came(gatherings[token], last[token], attended),
        )
        for token in counted
        if token in gatherings
    ]  # fmt: skip
    return _with_themes(tabulate(planned, answered), coded(log, have.frozen_at), frozenset(counted))


def _with_themes(made: Tabulated, now: Coded, counted: frozenset[str]) -> Tabulated:
    """Add the themes that coders found in the notes, and put those of merged codes where they belong."""
    voiced: dict[str, dict[str, frozenset[str]]] = {}
    for found in (made.voiced, now.voiced()):
        for themes, told in found.items():
            for code, sessions in told.items():
                into = voiced.setdefault(themes, {})
                _, standing = now.standing((themes, code))
                into[standing] = into.get(standing, frozenset()) | (sessions & counted)
    return evolve(made, voiced={key: voiced.get(key, {}) for key in (*made.voiced, *voiced)})


def _answered(
    session: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]], body: Mapping[str, Any]
) -> Answered:
    row = rows[session["case"]]
    heard = {session["worker"], session.get("supervisor")} - {None}
    if "appointments" in session:
        heard = _seen(session, body.get("interviews", {}))
    return Answered(
        body["token"],
        body["instrument"],
        session["worker"],
        row["member"],
        row["stratum"],
        row["fields"],
        _answers(body),
        frozenset(map(str, heard)),
    )


def _seen(session: Mapping[str, Any], interviews: Mapping[str, Mapping[str, Any]]) -> set[Any]:
    """Return who was heard where a team sees key people: those whose interview was held (QSR-3)."""
    held = {key for key, one in interviews.items() if one["held"]}
    made = [one for one in session["appointments"] if one["key"] in held]
    return {who for one in made for who in (one["who"], one["supervisor"]) if who}


def _answers(body: Mapping[str, Any]) -> dict[str, Answer]:
    return {
        item: tuple(answer) if isinstance(answer, list) else answer
        for item, answer in body["answers"].items()
        if item not in body.get("not_applicable", {})
    }


def _committed(log: Log) -> Mapping[str, Any]:
    event = log.last("selection.committed")
    if event is None or event.body is None:
        raise Refused("the case selection is not committed yet; commit it before the tables are fixed")
    return event.body


def _scheduled(log: Log) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    """Return by token the sessions of cases, and those of groups and of everyone."""
    event = log.last("interview.scheduled")
    body = (event.body if event else None) or {}
    sessions, gatherings = (
        {one["token"]: one for one in body.get(name, ())} for name in ("sessions", "gatherings")
    )
    return sessions, gatherings
