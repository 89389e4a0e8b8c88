"""The sampling plan under the headings that 7 CFR 275.11(a)(1) lists for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviewcore import language
from reviewcore.language import Field
from reviewcore.selection.papers import all_can_be_drawn, heading, paper, sizes
from reviewcore.selection.plan import SelectionPlan
from reviewcore.selection.seedrule import SeedRule


def plan(
    body: Mapping[str, Any], plan: SelectionPlan, fields: Mapping[str, Field], rule: SeedRule, k: int
) -> str:
    """Return the page that describes frame, selection and estimates; sizes below k stand as bands."""
    said = _frame(body, plan, fields, k) + _selection(body, plan, rule)
    parts = [
        heading(part[2:]) if part.startswith("# ") else _joined(part) for part in said.strip().split("\n\n")
    ]
    return paper("CASE SELECTION: THE SAMPLING PLAN", *parts)


def _joined(part: str) -> str:
    """Join the lines of a paragraph; those of a list, and those that begin with a space, stay apart."""
    return part if part.startswith(" ") or "\n- " in f"\n{part}" else " ".join(part.split("\n"))


def _frame(body: Mapping[str, Any], plan: SelectionPlan, fields: Mapping[str, Field], k: int) -> str:
    counted = "The agency's own count is another number; ask the agency for the reason."
    if body.get("control_total") is None:
        counted = "The agency gave no count of its own to hold the list against."
    elif body["control_total"] == body["listed"]:
        counted = f"The list was counted, and the agency's own count ({body['control_source']}) is the same."
    eligible = language.words(plan.eligible, fields) if plan.eligible is not None else "every listed case"
    reasons = "\n".join(f"- {why}" for why in body["excluded"]) or "- none was left out"
    columns = ", ".join(fields[name].said() for name in fields) or "nothing more"
    return f"""
Sealed {body["time"]}, commitment:

  {body["commitment"]}

The headings are those that 7 CFR 275.11(a)(1) asks of a sampling plan. It binds quality control in food assistance; to
other reviews the same questions can be put.

# Frame: source

The agency's list '{plan.source}', given for this review.

# Frame: availability

It was there in full when it was sealed.

# Frame: accuracy

Every row was read and checked before sealing: ids, workers, dates, words. With one fault in it, nothing is sealed.

# Frame: completeness

{counted}

# Frame: components

Case, worker, unit, family where the list has one; and: {columns}.

# Frame: location

With the agency, sealed; the witnesses hold it in pseudonyms.

# Frame: form

One line for each case; docs/casedraw.md defines it.

# Frame: frequency of updates

It is not updated between sealing and draw. A list that is sealed anew is another attempt, and on record. This is
attempt {body["attempt"]}.

# Frame: deletion of cases not subject to review

Only these cases are on the sealed list: {eligible}. Of a family that the list names, one case stays. Reasons for
which cases were left out:

{reasons}

# Frame: structure

Each case belongs to one worker and to one group; the groups do not overlap.

# Selection: estimating caseload size

{sizes(body, plan, k)}
"""


def _selection(body: Mapping[str, Any], plan: SelectionPlan, rule: SeedRule) -> str:
    groups = "\n".join(f"- {stratum.title or stratum.name}: {stratum.quota}" for stratum in plan.strata)
    cap = "one case" if plan.per_worker == 1 else f"{plan.per_worker} cases"
    again = "by new dice for each batch" if plan.fresh_alternates else "by the same numbers"
    trials = body["chances"]["replicates"]
    how = f"by {trials} trial draws" if trials else "exactly, by numerical integration"
    return f"""
# Selection: overpull

There is none: every case on the list has its number, so there is a next one as long as there are cases.

# Selection: computation of sampling intervals and random starts

There are none: no interval is counted off. Each case's number follows from the list and from the seed ({rule}), and
nobody can know it before.

# Selection: stratification or clustering

{groups}

The sizes are set by the review's plan, which the commitment binds.

# Selection: identifying sample cases

The cases are gone through in the order of their numbers. Each is taken, unless its group is full, its worker
already has {cap}, or taking it would leave some group short. {all_can_be_drawn(body)}

# Selection: correcting over- or undersampling

Every quota is filled exactly; that it can be was checked before sealing. A case that drops out after the draw is
eliminated with a reason, by two persons, and the next case of its group whose worker has none comes in, {again}.
Where no case is left, the shortfall is written down; no other group makes up for it.

# Selection: monitoring sample selection and assignment

Everything is in a log in which nothing can be changed unseen: the sealing, the draw, every elimination. The
witnesses' papers have the reason for every case, and verify.py checks them.

# Time schedule for each step

The list was sealed {body["time"]}. The seed is made after that, when this plan has been handed over; the draw follows
at once. Replacements come in until the interviews begin.

# Estimating characteristics of the population, and their sampling errors

A case's chance depends on how many cases its worker has: small caseloads are drawn more often. The chances were
found {how}, before the seed. A share is worked out as the sum of the cases that have it, each divided by its chance,
over the sum of all, each divided by its chance (combined ratio, after Hajek), beside the plain share. With one case
of a worker, the spread within a caseload cannot be estimated.
"""
