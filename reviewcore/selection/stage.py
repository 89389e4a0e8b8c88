"""Case selection as a stage: the list is sealed, then drawn from; each is one event, and the state a fold.

First `commit`, which closes list, plan and seed rule; then, with the dice, `draw`. Both can be called
again and then do nothing, so a stage that was cut off can simply be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import Factory, frozen

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.language import Field
from reviewcore.profile.settings import FLOORS
from reviewcore.selection import casedraw, encode, groups, papers, seedrule
from reviewcore.selection import draw as rule_t
from reviewcore.selection.draw import Entry
from reviewcore.selection.frame import frame
from reviewcore.selection.frame import problems as plan_problems
from reviewcore.selection.plan import Everyone, SelectionPlan
from reviewcore.selection.values import FrameRow, Selected
from reviewcore.store.log import Body, Log
from reviewcore.store.records import Records

__all__ = ["SelectionState", "commit", "draw", "invite", "plan_problems", "state"]

COMMITTED = "selection.committed"
DRAWN = "selection.drawn"
EVERYONE = "selection.everyone"
_OF_THIS_ATTEMPT = ("time", "earlier", "commitment", "papers")


@frozen
class SelectionState:
    """Where case selection stands: the bodies of the two events, the cases drawn, their number by stratum."""

    committed: Body | None
    drawn: Body | None
    selected: tuple[Selected, ...] = ()
    by_stratum: Mapping[str, int] = Factory(dict)


def state(log: Log) -> SelectionState:
    """Return where case selection stands, from the log alone."""
    committed, drawn = (
        None if (event := log.last(kind)) is None else event.body or {} for kind in (COMMITTED, DRAWN)
    )
    if not committed or not drawn:
        return SelectionState(committed, drawn)
    rows = {one["case"]: one for one in committed["rows"]}
    selected = tuple(
        Selected(encode.row(rows[one["case"]], committed["kinds"]), one["stratum"], one["place"])
        for one in drawn["selected"]
    )
    count = Counter(one.stratum for one in selected)
    return SelectionState(committed, drawn, selected, {name: count[name] for name in committed["quotas"]})


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
    if wrong := plan_problems(plan, fields):
        raise BadInput(Problem("selection plan", said) for said in wrong)
    rule = seedrule.read_rule(seed_rule)
    framed = frame(rows, plan, fields)
    quotas = {stratum.name: stratum.quota for stratum in plan.strata}
    if short := rule_t.infeasible(framed.entries(), quotas, plan.per_worker):
        raise Refused(f"{short}. Nothing was sealed, and no dice are needed yet")
    blinding = casedraw.Blinding(key)
    root = casedraw.root(one.leaf for one in framed.placed)
    sizes: dict[str, casedraw.Json] = {
        "listed": framed.listed,
        "eligible": len(framed.placed),
        "excluded": framed.excluded,
        "by_stratum": framed.cases(),
        "workers_by_stratum": framed.workers(),
        **_control(records.log),
    }
    salt, said = blinding.salt("sizes", root), encode.plan_json(plan)
    earlier = [event.body or {} for event in records.log.events(COMMITTED)]
    hashed: dict[str, casedraw.Json] = {
        "spec": casedraw.SPEC,
        "root": root,
        "sizes": casedraw.sizes(salt, sizes),
        "plan_hash": casedraw.plan_hash(said),
        "key_commitment": blinding.commitment(),
        "seed_rule": str(rule),
        "time": casedraw.utc(at),
        "earlier": [one.get("commitment", "erased") for one in earlier],
    }
    made = records.log.last(DRAWN) is not None  # people may still be added to the list, but to no group
    sealed = earlier[-1].get("groups", []) if made and earlier else groups.seal(plan.groups, people)
    if sealed:
        hashed["groups"] = {one["key"]: one["root"] for one in sealed}
    body: dict[str, Any] = {
        **hashed,
        **sizes,
        "commitment": casedraw.commitment(hashed),
        "sizes_salt": salt,
        "quotas": quotas,
        "per_worker": plan.per_worker,
        "plan": said,
        "kinds": encode.kinds(fields),
        "rows": [encode.row_json(one) for one in framed.placed],
    }
    if sealed:
        body["groups"] = sealed
    if earlier and all(earlier[-1].get(name) == body[name] for name in body if name not in _OF_THIS_ATTEMPT):
        return
    if made:
        raise Refused(
            "the draw has been made; the list, the plan and the seed rule that it was made from stay as they are"
        )
    number = f"-{len(earlier) + 1}" if earlier else ""
    paper = papers.sealed_list(body, hashed, plan, fields, rule, k).encode()
    body["papers"] = [records.write_paper(f"selection/commitment{number}.txt", paper)]
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
    """Draw from the sealed list with the seed's lines: write the paper and the event `selection.drawn`.

    Raises Refused where nothing is sealed, where the lines are not exactly what the sealed rule asks for,
    where another seed has been drawn with, and where the sealed list was changed.
    """
    now = state(records.log)
    committed = now.committed
    if not committed:
        raise Refused("no list is sealed yet: seal it and hand out its paper first, then roll the dice")
    if now.drawn is not None and not now.drawn:
        raise Refused("the draw has been made, and its record erased; it cannot be made again")
    given = seedrule.read_lines(seedrule.read_rule(committed["seed_rule"]), lines)
    if now.drawn:
        if list(given) == now.drawn["seed_lines"]:
            return
        raise Refused("the draw has been made with another seed; a second draw is refused")
    rows = {
        casedraw.leaf(one["case"], one["worker"], one["unit"], one["stratum"]): one
        for one in committed["rows"]
    }
    if casedraw.root(rows) != committed["root"]:
        raise Refused("the list is not the one that was sealed: put back the review's log from a copy")
    seed = casedraw.seed(committed["commitment"], given)
    key = casedraw.purpose_key(seed, "ticket")
    entries = (Entry(leaf, one["worker"], one["stratum"]) for leaf, one in rows.items())
    drawn = rule_t.draw(entries, committed["quotas"], committed["per_worker"], key)
    taken = drawn.taken()
    body: dict[str, Any] = {
        "commitment": committed["commitment"],
        "seed_lines": list(given),
        "seed": seed,
        "selected": [
            {name: rows[leaf][name] for name in ("case", "worker", "unit", "stratum")} | {"place": place}
            for place, leaf in enumerate(taken, start=1)
        ],
        "dispositions": [[one.leaf, one.ticket, one.why] for one in drawn.dispositions],
        "result": casedraw.result(committed["commitment"], seed, taken),
    }
    if "groups" in committed:
        body["groups"] = groups.draw(committed["groups"], seed)
    titles = {one["name"]: one.get("title", one["name"]) for one in committed["plan"]["strata"]}
    paper = papers.the_draw(committed, body, key, titles).encode()
    body["papers"] = [records.write_paper("selection/result.txt", paper)]
    records.log.append(DRAWN, body)


def _control(log: Log) -> dict[str, casedraw.Json]:
    """Return the agency's own count of what should be listed and its source, where it gave one."""
    event = log.last("register.read")
    body = event.body or {} if event else {}
    if body.get("control_total") is None:
        return {}
    return {"control_total": body["control_total"], "control_source": body.get("control_source", "")}
