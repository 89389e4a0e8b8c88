"""Replacements: a case that drops out after the draw, with a reason, and the one that comes in for it.

The log of replacements is a chain: each entry names the one before, and the cases that stand follow from
draw and log alone. A case that stands never moves. What comes in is the next case of the same stratum
whose worker holds none, by the numbers of the draw or, where the plan says so, by new dice; several at
once are found together, so that none is left without although there was a way. What cannot be replaced is
written down as a shortfall, and no other stratum makes up for it (selection.md section 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from reviewcore.selection import casedraw, sealed
from reviewcore.selection.draw import draw
from reviewcore.selection.feasible import infeasible
from reviewcore.selection.sealed import Body
from reviewcore.selection.values import standing

REASONS: Mapping[str, str] = {
    "declined": "the family, or somebody who must agree, does not agree to take part",
    "unreachable": "key people cannot be reached, or cannot come on any day of the review",
    "ineligible": "it turned out that the case does not belong on the list",
    "conflict": "no team is free of a conflict of interest",
    "safety": "a review now would put somebody at risk",
    "worker": "the worker is away or has left: none of the worker's cases can come in",
}
"""Why a case may be eliminated. There is no other reason, and none in free words, which could name somebody."""

OF_THE_WORKER = "worker"
NOT_COUNTED = ("ineligible",)
"""Reasons that say nothing of whether people respond."""


@frozen
class Rate:
    """How a stratum responded: cases drawn or brought in, those not counted, those that stand, the shortfall."""

    approached: int
    not_counted: int
    standing: int
    shortfall: int

    @property
    def rate(self) -> Fraction | None:
        """Return the share that stands of those that could have responded; None where none could."""
        could = self.approached - self.not_counted
        return Fraction(self.standing, could) if could else None


def replace(
    committed: Body,
    drawn: Body,
    log: Sequence[Body],
    eliminated: Sequence[tuple[str, str]],
    lines: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the next entry of the log: `out` and `in` as rows, `entry` as it is chained and handed out.

    `log` has the entries so far, `eliminated` (leaf, reason) of cases that stand; `lines` are the seed's
    lines in their fixed form, where the plan asks for new dice.
    """
    rows = sealed.rows_of(committed)
    number, before = len(log) + 1, log[-1]["entry"]["link"] if log else drawn["result"]
    gone = [*eliminated, *(one for body in log for one in body["entry"]["eliminated"])]
    seed, key, used = drawn["seed"], drawn["key"], list(drawn["seed_lines"])
    if fresh(committed):
        seed, used = casedraw.seed(casedraw.batch(before, eliminated), lines), list(lines)
        key = casedraw.purpose_key(seed, f"alternates/{number}")
    out = [rows[leaf]["case"] for leaf, _ in eliminated]
    live = [row for row in standing(drawn, log) if row["case"] not in out]
    held = Counter(row["worker"] for row in live)
    away = {rows[leaf]["worker"] for leaf, reason in gone if reason == OF_THE_WORKER}
    never = {leaf for leaf, _ in gone} | {sealed.leaf(row) for row in live}
    vacant = Counter(rows[leaf]["stratum"] for leaf, _ in eliminated)
    rest = {
        leaf: row
        for leaf, row in rows.items()
        if leaf not in never and row["worker"] not in away and row["stratum"] in vacant
    }
    entries, cap = sealed.entries_of(rest), committed["plan"]["per_worker"]
    wanted = {name: vacant[name] for name in sealed.quotas_of(committed) if name in vacant}
    short = infeasible(entries, wanted, cap, held)
    shortfall = {name: wanted[name] - quota for name, quota in short.together.items()} if short else {}
    made = draw(entries, {name: wanted[name] - shortfall.get(name, 0) for name in wanted}, cap, key, held)
    first = 1 + len(drawn["selected"]) + sum(len(body["in"]) for body in log)
    numbers = {one.leaf: one.ticket for one in made.dispositions}
    account = sealed.account(made)
    last = max((place for place, one in enumerate(made.dispositions, 1) if one.why == "taken"), default=0)
    entry: dict[str, Any] = {
        "number": number,
        "before": before,
        "eliminated": [list(one) for one in eliminated],
        "seed_lines": used,
        "seed": seed,
        "key": key,
        "selected": [[leaf, numbers[leaf], rows[leaf]["stratum"]] for leaf in made.taken()],
        "dispositions": account["dispositions"][:last],
        "tight": account["tight"],
        "shortfall": shortfall,
        "short_of": sorted(short.strata) if short else [],
    }
    said = {"paper": f"{casedraw.SPEC} replacement", "commitment": committed["commitment"], **entry}
    return {
        "out": out,
        "in": sealed.selected(rows, made, first),
        "entry": {**entry, "link": casedraw.link(said)},
    }


def fresh(committed: Body) -> bool:
    """Return whether the plan asks for new dice for each batch of replacements."""
    return bool(committed["plan"].get("alternates") == "fresh")


def rates(committed: Body, drawn: Body, log: Sequence[Body]) -> dict[str, Rate]:
    """Return how each stratum responded, in the plan's order."""
    strata = {leaf: row["stratum"] for leaf, row in sealed.rows_of(committed).items()}
    approached = Counter(
        row["stratum"] for row in (*drawn["selected"], *(r for body in log for r in body["in"]))
    )
    stand = Counter(row["stratum"] for row in standing(drawn, log))
    short: Counter[str] = Counter()
    uncounted: Counter[str] = Counter()
    for body in log:
        short.update(body["entry"]["shortfall"])
        uncounted.update(
            strata[leaf] for leaf, reason in body["entry"]["eliminated"] if reason in NOT_COUNTED
        )
    return {n: Rate(approached[n], uncounted[n], stand[n], short[n]) for n in sealed.quotas_of(committed)}
