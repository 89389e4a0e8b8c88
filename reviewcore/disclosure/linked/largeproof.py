"""The certificate of a large two-way table, in the form of any other's and from what is printed alone."""

from __future__ import annotations

from typing import Any

from reviewcore.disclosure.linked.solver import Budget
from reviewcore.disclosure.linked.twoway import Flow, TwoWay
from reviewcore.disclosure.linked.values import LinkedTables, Protected
from reviewcore.disclosure.linked.witnesses import Place, Sure, Witnesses


def prove(
    two: TwoWay, tables: LinkedTables, made: Protected, k: int, t: int, budget: Budget
) -> dict[str, Any] | None:
    """Return what is peculiar to the certificate, or None where anything is left unproved.

    That is its `base`, `differences`, `hidden` and `apart`.
    """
    import numpy as np

    printed = two.values([-1 if value is None else value for value in made.values.values()], 0)
    withheld = printed < 0
    flow = Flow.of(np.where(withheld, 0, printed), withheld)
    if not flow.even_out():
        return None
    found = Witnesses.of(flow.table, withheld, k, budget)
    sure, narrow = found.settle()
    if narrow:
        return None
    apart = _apart(two, tables, made, t, found, sure)
    if apart is None:
        return None
    exists = two.cell >= 0
    base = np.zeros(len(tables.counts), dtype=np.int64)
    base[two.cell[exists]] = found.base[exists]
    cells = two.cell.ravel()
    differences = []
    for at, by in found.changes:
        inner = cells[at] >= 0
        pairs = sorted(zip(cells[at][inner].tolist(), by[inner].tolist(), strict=True))
        differences.append([list(pair) for pair in pairs])
    hidden = {}
    for i, j in np.argwhere(withheld).tolist():
        place = (i, j)
        hidden[str(two.number[place])] = (
            {"how": sure[place], **_because(two, found, place, sure[place])}
            if place in sure
            else {"how": "between", "low": int(found.low[place]), "high": int(found.high[place])}
        )
    return {"base": base.tolist(), "differences": differences, "hidden": hidden, "apart": apart}


def _because(two: TwoWay, found: Witnesses, place: Place, how: Sure) -> dict[str, Any]:
    # All that comes into what can be reached, less all that leaves it: what is withheld of it is nobody.
    import numpy as np

    flow = found.flow
    flow.move(*place, found.k - 1 if how == "none" else 0)
    rows, columns = flow.cut(*place, how == "none")
    for i, j in np.argwhere(flow.table != found.base).tolist():
        flow.set(i, j, int(found.base[i, j]))
    out = rows[:, None] & ~columns
    into = ~rows[:, None] & columns
    leaving, entering = np.where(flow.plain, out, into), np.where(flow.plain, into, out)
    printed = ~flow.withheld & (two.number >= 0)
    sign = -1 if how == "none" else 1
    factors = sign * (entering.astype(int) - leaving.astype(int))
    at = np.argwhere(printed & (factors != 0)).tolist()
    pairs = sorted((int(two.number[i, j]), int(factors[i, j])) for i, j in at)
    return {"over": 1, "printed": [list(pair) for pair in pairs], "told": []}


def _apart(
    two: TwoWay, tables: LinkedTables, made: Protected, t: int, found: Witnesses, sure: dict[Place, Sure]
) -> list[list[Any]] | None:
    # For each part of each split, a table in which the whole has more than t beside it.
    import numpy as np

    if not tables.splits:
        return []
    names = {one.name: q for q, one in enumerate(tables.quantities)}
    place = {int(q): (i, j) for (i, j), q in np.ndenumerate(two.number) if q >= 0}
    apart: list[list[Any]] = []
    for number, split in enumerate(tables.splits):
        whole = place[names[split.whole]]
        nobody = made.values[split.whole] == 0 or sure.get(whole) == "none"
        for name in split.parts:
            part = place[names[name]]
            if part == whole:
                continue
            if nobody:
                apart.append([number, names[name], "nobody"])
                continue
            having = _having(found, whole, part, t)
            if having is None:
                return None
            apart.append([number, names[name], having])
    return apart


def _having(found: Witnesses, whole: Place, part: Place, t: int) -> int | None:
    if found.base[whole] - found.base[part] > t:
        return 0
    for number in {int(found.low[part]), int(found.high[whole])} - {-1}:
        if _value(found, number, whole) - _value(found, number, part) > t:
            return number
    # Another part of the line that is k-1 or more in some table.
    line: list[Place]
    if whole[0] == part[0]:
        line = [(part[0], j) for j in range(found.base.shape[1] - 1)]
    else:
        line = [(i, part[1]) for i in range(found.base.shape[0] - 1)]
    for one in line:
        number = int(found.high[one])
        if one != part and number >= 0 and _value(found, number, whole) - _value(found, number, part) > t:
            return number
    if not found.flow.withheld[part]:
        return None
    # The part alone smaller: the whole stays where it is, or grows by what the others take.
    goal = max(0, int(found.base[whole]) - t - 1)
    before = len(found.changes)
    found.single(part, goal)
    number = len(found.changes)
    enough = number > before and _value(found, number, whole) - _value(found, number, part) > t
    return number if enough else None


def _value(found: Witnesses, number: int, place: Place) -> int:
    base = int(found.base[place])
    if number == 0:
        return base
    at, by = found.changes[number - 1]
    hit = by[at == place[0] * found.base.shape[1] + place[1]]
    return base + int(hit.sum())
