"""Joint suppression: withhold what is small, then what would give it away, then print again what need not be."""

from __future__ import annotations

from reviewcore.disclosure.linked import batches, large, optimum
from reviewcore.disclosure.linked.audit import Audit
from reviewcore.disclosure.linked.margins import attacker, grid_of
from reviewcore.disclosure.linked.moves import Moves
from reviewcore.disclosure.linked.numbers import guards
from reviewcore.disclosure.linked.solver import BUDGET, Budget, Progress
from reviewcore.disclosure.linked.values import LinkedTables, Protected, check
from reviewcore.disclosure.linked.wide import Wide
from reviewcore.disclosure.linked.work import Work

SEVERAL = 2000
"""Up to how many quantities it is sought what less would do."""


def protect(
    tables: LinkedTables,
    k: int,
    t: int = 1,
    budget: int = BUDGET,
    withheld: frozenset[str] = frozenset(),
    *,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Protected:
    """Return what may be printed of the tables so that nobody can work out a count from 1 to k-1.

    Nor can anybody learn that all of a split's group, or all but t, are in one part. Of every number that
    is withheld, large or small, the printed numbers leave open all from 0 to k-1, or show it to be k or
    more, or 0 where that may be told; so also of every inner cell, and of what is left of one number less
    another inside it, where that is from 1 to k-1.

    `withheld` names quantities that are withheld in any case, as from somebody who will hold these tables too.
    `progress` is called with what is being done and for how many numbers still. Raises BadInput where the
    tables contradict themselves, and Refused where the budget (steps, mostly linear programs solved) or the
    time (`seconds`) runs out: nothing is then published.
    """
    import numpy as np

    if k < t + 2 or k < 3:
        raise ValueError(f"k must be at least {max(3, t + 2)} (got {k})")
    check(tables)
    truth = np.array(tables.counts, dtype=np.int64)
    allowed = Budget.of(budget, seconds, progress)
    if two := large.two_way(tables):
        try:
            return large.suppress(two, tables, k, t, allowed, withheld)
        except large.Lopsided:
            if len(tables.quantities) > large.MOST:
                raise
    guarded = guards(tables, k, t)
    values = guarded.values(truth)[: guarded.quantities]
    grid = grid_of(tables, guarded)
    audit = Audit.of(
        guarded, attacker(tables, guarded, 2 * sum(tables.counts) + 2 * k, allowed, grid), tables.told, k
    )
    audit.know(truth)
    small = {q for q in range(guarded.quantities) if 0 < values[q] < k}
    hidden = small | {q for q, one in enumerate(tables.quantities) if one.name in withheld}
    if isinstance(audit.attacker, Wide):
        for quantity in range(guarded.quantities):
            if quantity not in hidden:
                audit.print(quantity, int(values[quantity]))
        batches.mend(tables, audit, audit.attacker, hidden)
    else:
        work = Work(tables, audit, Moves.of(tables, guarded, truth, allowed, grid), values)
        if grid is None and len(tables.quantities) <= SEVERAL:
            optimum.least(work, hidden)
        else:
            work.begin(hidden)
            work.print_again(hidden)
    shown = {
        one.name: None if audit.shown[q] < 0 else int(audit.shown[q])
        for q, one in enumerate(tables.quantities)
    }
    rates = (one for one in tables.rates if shown[one.part] is not None and shown[one.whole] is not None)
    further = sum(value is None for value in shown.values()) - len(small)
    return Protected(shown, frozenset(one.name for one in rates), len(small), further, allowed.spent)
