"""Proofs about insiders: that workers who put their own cases aside learn nothing of all others.

They say where each worker has cases, so they are sealed in the vault and go nowhere else. They are made when a
publication is, from what it prints, by the audit that decided it; `checkinsiders` checks them, and solves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reviewcore.disclosure import checkinsiders
from reviewcore.disclosure.learned import Kept, Learned
from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.attacker import Impossible
from reviewcore.disclosure.linked.certificate import Proof, Unproved, certificate, written
from reviewcore.disclosure.model import Measured, Mine, Problem
from reviewcore.disclosure.rules import Rules
from reviewcore.disclosure.shape import Own

Held = Iterable[tuple[Rules, Measured, Mapping[Own, list[tuple[str, ...]]]]]
"""Who would hold a measure, under which rules, with all that they then hold of it, and whose cases are where."""


def seal(measures: Mapping[str, Held]) -> dict[str, Any]:
    """Return the proofs about insiders of one publication, by measure; raise Unproved where one cannot be made."""
    return {
        "spec": checkinsiders.SPEC,
        "measures": {
            key: [_sealed(rules, said, workers) for rules, said, workers in held if said.said]
            for key, held in measures.items()
        },
    }


def _sealed(rules: Rules, said: Measured, workers: Mapping[Own, list[tuple[str, ...]]]) -> dict[str, Any]:
    problem = Problem(said)
    proof = Proof.of(problem.tables, problem.made, rules.k, rules.t)
    outside = proof.make()
    many = len(proof.found)
    learned = Learned(problem, rules.k, rules.t, Kept(), proof.found)
    if learned.by_outsiders(True) is None:
        learned.by_insiders([mine for own in workers for mine in problem.ways(own)], True)
    outside["differences"] += [
        [[int(cell), int(by)] for cell, by in enumerate(table - proof.found[0]) if by]
        for table in learned.bank[many:]
    ]
    record: dict[str, Any] = {
        "outside": outside,
        "sizes": [size for _, size in sorted((min(places), size) for places, size in problem.shape.told)],
        "beyond": len(problem.tables.counts) - len(problem.atoms) * problem.shape.places,
        "atoms": len(problem.atoms),
        "workers": [[list(map(list, who)), list(map(list, own))] for own, who in sorted(workers.items())],
        "apart": {},
    }
    for mine in list(checkinsiders.unshown(record)):
        record["apart"][checkinsiders.key(mine)] = _apart(problem, mine, rules.k)
    if checktables.problems(json.loads(written(outside))) or any(checkinsiders.unshown(record)):
        raise Unproved(said.key)
    return record


def _apart(problem: Problem, mine: Mine, k: int) -> Any:
    # What one witness for many does not show, a certificate of its own does.
    others = problem.without(mine)
    try:
        return certificate(*others, k, 0) if others else None
    except Impossible:
        return None
