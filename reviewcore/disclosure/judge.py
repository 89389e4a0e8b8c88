"""The attacker inside the engine: what all that is printed of a measure tells of what is not.

The attacker knows how many cases of every group were reviewed (the draw's papers and the letters tell sizes). The
question is whether there is a proof that nothing is told, made from what is printed alone: of every number that is
not printed as it stands, that it can be anything from 0 to k-1 (as far as the sizes allow), or is k or more, or 0.

The same is asked for insiders. Workers know their own cases, so whoever puts them aside is an outsider to all
others: what is printed, less their own, must tell no more of those (disclosure.md section 1, Insiders).
"""

from __future__ import annotations

from typing import Literal

from reviewcore.disclosure.learned import Kept, Learned
from reviewcore.disclosure.model import RATED, UNRATED, Measured, Problem
from reviewcore.disclosure.shape import Own

Leak = Literal["", "rated", "counts"]


def leak(
    measured: Measured,
    insiders: frozenset[Own],
    k: int,
    t: int,
    kept: Kept | None = None,
    brief: bool = False,
) -> Leak:
    """Return what gives something away, or "".

    "rated" means that a number of cases not rated can be worked out; "counts" that an answer can; where it is to be
    `brief`, either is said of both. Where nothing is printed nothing can be told. `kept` is what was found when
    something else was tried of the same cases, held by the same somebody.
    """
    if not measured.said:
        return ""
    problem = Problem(measured)
    learned = Learned(problem, k, t, Kept() if kept is None else kept)
    name = learned.small()
    if name is None:
        name = learned.by_outsiders(brief)
    if name is None and insiders:
        name = learned.by_insiders([mine for own in sorted(insiders) for mine in problem.ways(own)], brief)
    if name is None:
        return ""
    return "rated" if name.rpartition("|")[2] in (RATED, UNRATED) else "counts"
