"""Case selection as a stage: the list is sealed, then drawn from; each is one event, and the state a fold.

First `commit`, which closes list, plan and seed rule; then, with the dice, `draw`. Both can be called
again and then do nothing, so a stage that was cut off can simply be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import Factory, frozen

from reviewcore.errors import Refused
from reviewcore.language import Field
from reviewcore.profile.settings import FLOORS
from reviewcore.selection import casedraw, encode, groups, sealed, seedrule
from reviewcore.selection.chances import chances
from reviewcore.selection.eliminating import Eliminations, alternates, eliminations
from reviewcore.selection.frame import problems as plan_problems
from reviewcore.selection.plan import Everyone, SelectionPlan
from reviewcore.selection.values import FrameRow, Selected, standing
from reviewcore.store.log import Body, Log
from reviewcore.store.records import Records

__all__ = ["SelectionState", "commit", "draw", "invite", "plan_problems", "state"]

COMMITTED = "selection.committed"
DRAWN = "selection.drawn"
EVERYONE = "selection.everyone"
REFUSED = "selection.refused"
_OF_THIS_ATTEMPT = ("time", "earlier", "commitment")


@frozen
class SelectionState:
    """Where case selection stands: the bodies of the two events, the cases that stand, their number by stratum.

    `refused` counts the draws that were tried with other seeds after the draw.
    """

    committed: Body | None
    drawn: Body | None
    selected: tuple[Selected, ...] = ()
    by_stratum: Mapping[str, int] = Factory(dict)
    eliminations: Eliminations = Factory(lambda: Eliminations({}, {}, ()))
    refused: int = 0


def state(log: Log) -> SelectionState:
    """Return where case selection stands, from the log alone."""
    committed, drawn = (
        None if (event := log.last(kind)) is None else event.body or {} for kind in (COMMITTED, DRAWN)
    )
    if not committed or not drawn:
        return SelectionState(committed, drawn)
    rows, now = {one["case"]: one for one in committed["rows"]}, eliminations(log)
    selected = tuple(
        Selected(encode.row(rows[one["case"]], committed["kinds"]), one["stratum"], one["place"])
        for one in standing(drawn, now.replaced)
    )
    count = Counter(one.stratum for one in selected)
    by_stratum = {name: count[name] for name in committed["quotas"]}
    return SelectionState(committed, drawn, selected, by_stratum, now, len(log.events(REFUSED)))


def commit(
    records: Records,
    key: bytes,
    rows: Iterable[FrameRow],
    plan: SelectionPlan,
    fields: Mapping[str, Field],
    seed_rule: str,
    at: datetime,
    *,
    k: int = FLOORS["public"],
    people: Iterable[tuple[str, Collection[str]]] = (),
) -> None:
    """Seal the list, and those of the focus groups: write its paper and the event `selection.committed`.

    `key` is the 32-byte key that the rows were blinded with; `fields` are the declared fields of the
    plan's source; `seed_rule` is read by `seedrule.read_rule`; sizes from 1 to k - 1 stand as a band in
    the paper; `people` are the pseudonym and roles of everybody on the people list. Another list, plan or
    rule before the draw is a further attempt, and says so for good. Raises BadInput for a plan that cannot
    be meant, and Refused for quotas that cannot be filled, for a case that is listed twice, for a focus
    group that nobody could be in, and for anything new after the draw.
    """
    framed = sealed.drawable(rows, plan, fields)
    rule = seedrule.read_rule(seed_rule, again=plan.fresh_alternates)
    blinding, said = casedraw.Blinding(key), encode.plan_json(plan)
    sizes = {**framed.sizes(), **_control(records.log)}
    earlier = [event.body or {} for event in records.log.events(COMMITTED)]
    listed = encode.rows_json(framed.rows, framed.entries)
    attempts = [str(one.get("commitment", "erased")) for one in earlier]
    made = records.log.last(DRAWN) is not None  # people may still be added to the list, but to no group
    gathered = earlier[-1].get("groups", []) if made and earlier else groups.seal(plan.groups, people)
    leaves = [one.leaf for one in framed.entries]
    body = sealed.seal(listed, said, sizes, blinding, rule, at, attempts, gathered, leaves)
    body |= {"quotas": plan.quotas(), "per_worker": plan.per_worker, "kinds": encode.kinds(fields)}
    if earlier and all(earlier[-1].get(name) == body[name] for name in body if name not in _OF_THIS_ATTEMPT):
        return
    if made:
        raise Refused(
            "the draw has been made; the list, the plan and the seed rule that it was made from stay as they are"
        )
    from reviewcore.selection import written

    tickets = casedraw.preview_key(body["plan_hash"], body["root"])
    body["chances"] = chances(framed.entries, plan.quotas(), plan.per_worker, tickets).said()
    body["attempt"] = len(earlier) + 1
    body["papers"] = records.write_papers(written.of_the_list(body, plan, fields, rule, k))
    records.log.append(COMMITTED, body)


def invite(records: Records, plan: Everyone, people: Iterable[tuple[str, Collection[str]]]) -> None:
    """Record that everyone in the plan's roles is invited, and how many they are: `selection.everyone`.

    Raises Refused where nobody has one of them.
    """
    held = Counter(role for _, roles in people for role in roles)
    if none := [role for role in plan.roles if not held[role]]:
        raise Refused(
            f"nobody on the people list has the role {', '.join(none)}; add them, or correct their roles"
        )
    body = {"roles": {role: held[role] for role in plan.roles}, "meeting": plan.meeting}
    before = records.log.last(EVERYONE)
    if before is None or before.body != body:
        records.log.append(EVERYONE, body)


def draw(records: Records, lines: Sequence[str]) -> None:
    """Draw from the sealed list with the seed's lines: write the papers and the event `selection.drawn`.

    Raises Refused where nothing is sealed, where the lines are not exactly what the sealed rule asks for,
    where another seed has been drawn with, which is logged for good, and where the sealed list was changed.
    """
    now = state(records.log)
    committed = now.committed
    if not committed:
        raise Refused("no list is sealed yet: seal it and hand out its paper first, then roll the dice")
    if now.drawn is not None and not now.drawn:
        raise Refused("the draw has been made, and its record erased; it cannot be made again")
    given = sealed.lines_of(lines, committed)
    if now.drawn and alternates(records, lines):
        return
    if now.drawn:
        if given == now.drawn["seed_lines"]:
            return
        if not any((event.body or {}).get("seed_lines") == given for event in records.log.events(REFUSED)):
            records.log.append(REFUSED, {"seed_lines": given})
        raise Refused(
            "the draw has been made with another seed; a second draw is refused, and this one is on record"
        )
    from reviewcore.selection import written

    body = sealed.drawn_from(committed, given)
    body["papers"] = records.write_papers(written.of_the_draw(committed, body))
    records.log.append(DRAWN, body)


def _control(log: Log) -> dict[str, casedraw.Json]:
    """Return the agency's own count of what should be listed and its source, where it gave one."""
    event = log.last("register.read")
    body = event.body or {} if event else {}
    if body.get("control_total") is None:
        return {}
    return {"control_total": body["control_total"], "control_source": body.get("control_source", "")}
