"""The attacker inside the engine: what all that is printed of a measure tells of what is not.

The attacker knows how many cases of every group were reviewed (the draw's papers and the letters tell sizes). The
question is whether there is a proof that nothing is told, made from what is printed alone: of every number that is
not printed as it stands, that it can be anything from 0 to k-1 (as far as the sizes allow), or is k or more, or 0.

The same is asked for insiders. Workers know their own cases, so whoever puts them aside is an outsider to all
others: what is printed, less their own, must tell no more of those (disclosure.md section 1, Insiders).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from reviewcore.disclosure.insiders import Insiders
from reviewcore.disclosure.linked import LinkedTables, Protected, Unproved
from reviewcore.disclosure.linked.attacker import Impossible
from reviewcore.disclosure.linked.certificate import Proof
from reviewcore.disclosure.model import RATED, UNRATED, Measured, Mine, Problem
from reviewcore.disclosure.shape import Own

Leak = Literal["", "rated", "counts"]


@lru_cache(maxsize=4096)
def leak(measured: Measured, insiders: frozenset[Own], k: int, t: int) -> Leak:
    """Return what gives something away, or "".

    "rated" means that a number of cases not rated can be worked out; "counts" that an answer can. Where
    nothing is printed nothing can be told.
    """
    if not measured.said:
        return ""
    problem = Problem(measured)
    proof = _proof(problem.tables, problem.made, k, t)
    if not isinstance(proof, Proof) or not insiders:
        return "" if isinstance(proof, Proof) else proof
    inside = Insiders(problem, proof, k)
    # To look closer takes long, and a share that is in doubt can be left out.
    quickly = any(one.weighted and not one.of for one in measured.said)
    for own in sorted(insiders):
        for mine in problem.ways(own):
            if inside.learn_nothing(mine):
                continue
            if found := "counts" if quickly else _insider(problem, mine, k):
                return found
    return ""


def _insider(problem: Problem, mine: Mine, k: int) -> Leak:
    others = problem.without(mine)
    try:
        found = _proof(*others, k, 0) if others else ""
    except Impossible:
        return ""  # nobody's cases were answered so
    return "" if isinstance(found, Proof) else found


def _proof(tables: LinkedTables, made: Protected, k: int, t: int) -> Proof | Leak:
    new = (one.name for one in tables.quantities if not one.publication)
    small = next((name for name in new if 0 < (made.values[name] or 0) < k), "")
    try:
        if not small:
            proof = Proof.of(tables, made, k, t, before=True)
            proof.make()
            return proof
    except Unproved as error:
        small = error.number
    return "rated" if small.rpartition("|")[2] in (RATED, UNRATED) else "counts"
