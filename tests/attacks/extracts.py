"""Attacks on the tables of an extract: cells, margins, totals, rates and parts of parts, all printed tables jointly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import product

from attrs import Factory, frozen

from tests.attacks.known import Loss
from tests.attacks.program import Contradiction, Program, Sum
from tests.attacks.seen import WITHHELD, Seen, count, percent

Where = Mapping[str, str]


@frozen
class Sheet:
    """How a table is laid out: its title, the field of its rows, and of its columns or, without, what each shows."""

    title: str
    rows: str
    shows: tuple[str, ...]
    columns: str = ""


@frozen
class Layout:
    """What anybody can read off the headings: fields with their values, counts, sheets, what rates are worked out of.

    `nested` counts are each a part of the one before; others make up the `whole`. A rate is (of, over, rest).
    """

    fields: Mapping[str, tuple[str, ...]]
    counts: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    nested: bool = False
    whole: str = ""
    rates: Mapping[str, tuple[str, str, bool]] = Factory(dict)


Truth = Callable[[Where, int], int]
"""How many persons of a group are in which part: of nested counts in this one and none further in."""


def attack(
    layout: Layout, seen: Seen, k: int, t: int, truth: Truth, *, knows_zeros: bool = False
) -> tuple[list[Loss], dict[str, int]]:
    """Return what can be found out from all tables together, and how many numbers each attack tried.

    With `knows_zeros` the attacker takes it that a zero would have been printed, so that what is withheld is not 0.
    """
    made, number, groups = _unknown(layout, seen)
    lost: list[Loss] = []
    true = {n: truth(groups[place], part) for (place, part), n in number.items()}
    of = partial(_of, layout, number, groups)
    asked: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for name, where, cell in _cells(layout, seen):
        if name not in layout.rates:
            asked[name, tuple(sorted(where.items()))] = cell
            if knows_zeros and cell == WITHHELD:
                made.tie(of(name, where), 1, 10**6)
    tried: dict[str, int] = {}
    attack_name = "5 knows the rule" if knows_zeros else "2 joint"
    try:
        for name, what, sums in _numbers(layout, asked, of, groups):
            size = sum(true[n] for n in sums)
            if 0 < size < k:
                named = attack_name if knows_zeros else name
                tried[named] = tried.get(named, 0) + 1
                least = 1 if knows_zeros else 0
                low, high = made.least(sums, least), made.most(sums, k - 1)
                if low > least or high < k - 1:
                    lost.append(Loss(named, what, low, high, size))
        for what, whole, others in _splits(layout, asked, of):
            if sum(true[n] for n in whole) and sum(true[n] for n in others) <= t:
                tried["6 alike"] = tried.get("6 alike", 0) + 1
                if made.least(whole, 0) > 0 and (most := made.most(others, t + 1)) <= t:
                    lost.append(Loss("6 alike", what, 0, most, sum(true[n] for n in others)))
    except Contradiction:
        if (
            not knows_zeros
        ):  # otherwise the attacker was wrong to take zeros for printed, and has found nothing
            lost.append(Loss("2 joint", "the printed tables contradict each other", 0, 0, 0))
    return lost, tried


def _unknown(layout: Layout, seen: Seen) -> tuple[Program, dict[tuple[int, int], int], list[dict[str, str]]]:
    """Return everything that is printed as ties between the inner cells, by group and part."""
    made, number = Program(), {}
    groups = [dict(zip(layout.fields, values, strict=True)) for values in product(*layout.fields.values())]
    for place in range(len(groups)):
        for part in range(len(layout.counts)):
            number[place, part] = made.unknown()
    of = partial(_of, layout, number, groups)
    for name, where, cell in _cells(layout, seen):
        if name in layout.rates:
            if (share := percent(cell)) is not None:
                _tie_percent(made, of, layout.rates[name], where, share)
        elif (value := count(cell)) is not None:
            made.tie(of(name, where), value, value)
    return made, number, groups


def _of(layout: Layout, number, groups, name: str, where: Where) -> dict[int, int]:
    return {
        number[place, part]: 1
        for place, group in enumerate(groups)
        if all(group[field] == value for field, value in where.items())
        for part in _parts(layout, name)
    }


def _parts(layout: Layout, name: str) -> range:
    if name == layout.whole:
        return range(len(layout.counts))
    place = layout.counts.index(name)
    return range(place, len(layout.counts)) if layout.nested else range(place, place + 1)


def _cells(layout: Layout, seen: Seen) -> Iterator[tuple[str, dict[str, str], str]]:
    for sheet in layout.sheets:
        table = next((one for one in seen.tables if one.title.partition(", ")[0] == sheet.title), None)
        for label, cells in table.rows if table else ():
            where = {} if label == "All" else {sheet.rows: label}
            for heading, cell in zip(table.columns if table else (), cells, strict=True):
                if sheet.columns:
                    inner = {} if heading == "All" else {sheet.columns: heading}
                    yield sheet.shows[0], where | inner, cell
                else:
                    yield heading, where, cell


def _tie_percent(made: Program, of, rate: tuple[str, str, bool], where: Where, share: int) -> None:
    # Halves are rounded up: p - 1/2 <= 100 part / whole < p + 1/2, in whole numbers; of the rest, part is what is left.
    part, whole, rest = rate
    told = dict(of(part, where))
    if rest:
        told = {n: 1 - told.get(n, 0) for n in of(whole, where)}
    for edge, low, high in ((2 * share - 1, 0, 10**9), (2 * share + 1, -(10**9), -0.5)):
        both = {n: 200 * told.get(n, 0) - edge for n in of(whole, where)}
        made.tie(both, low, high)


def _numbers(layout: Layout, asked, of, groups) -> Iterator[tuple[str, str, Sum]]:
    every = {(name, where) for name, where in asked}
    for name, where in sorted(every):
        yield "2 joint", f"{name} {dict(where)}", of(name, dict(where))
        if layout.nested and (place := layout.counts.index(name)) + 1 < len(layout.counts):
            further = layout.counts[place + 1]
            if (further, where) in every:
                inner = of(further, dict(where))
                yield "9 complements", f"{name} less {further} {dict(where)}", {
                    n: 1 for n in of(name, dict(where)) if n not in inner
                }  # fmt: skip
    told = {name for name, _ in every}
    for group in groups:
        for name in sorted(told):
            yield "3 inner cells", f"{name} {group}", of(name, group)


def _splits(layout: Layout, asked, of) -> Iterator[tuple[str, Sum, Sum]]:
    for name, where in asked:
        whole = of(name, dict(where))
        place = layout.counts.index(name) if name in layout.counts else -1
        inside = (
            layout.counts
            if name == layout.whole
            else layout.counts[place + 1 : place + 2]
            if layout.nested
            else ()
        )
        for part in inside:
            if (part, where) in asked:
                mine = of(part, dict(where))
                rest = {n: 1 for n in whole if n not in mine}
                yield f"{part} {dict(where)} of {name}", whole, rest
                if layout.nested:
                    yield f"not {part} {dict(where)} of {name}", whole, mine
    for sheet in layout.sheets:
        for field in filter(None, (sheet.rows, sheet.columns)):
            values = layout.fields[field]
            for name, where in asked:
                if (
                    field in dict(where)
                    or {f for f, _ in where} - {sheet.rows, sheet.columns}
                    or len(values) < 2
                ):
                    continue
                rows = [tuple(sorted((*where, (field, value)))) for value in values]
                if all((name, row) in asked for row in rows):
                    whole = of(name, dict(where))
                    for row in rows:
                        mine = of(name, dict(row))
                        yield f"{name} {dict(row)} of all", whole, {n: 1 for n in whole if n not in mine}


def moved(earlier: Seen, later: Seen, layout: Layout, k: int) -> tuple[list[Loss], int]:
    """Return the counts that two publications of a month tell with 1 to k-1 of difference, and how many both tell."""
    before = {
        (name, tuple(sorted(where.items()))): count(cell) for name, where, cell in _cells(layout, earlier)
    }
    lost, both = [], 0
    for name, where, cell in _cells(layout, later):
        now, old = count(cell), before.get((name, tuple(sorted(where.items()))))
        if now is not None and old is not None:
            both += 1
            if 0 < abs(now - old) < k:
                lost.append(Loss("4 side by side", f"{name} {where}", now - old, now - old, now - old))
    return lost, both


def zero_twins(
    layout: Layout, seen: Seen, k: int, truth: Truth, most: int
) -> Iterator[dict[tuple[str, ...], tuple[int, ...]]]:
    """Yield extracts that agree with all that is printed, each with a 0 where a withheld number was taken not to be.

    If the engine prints the same of such an extract, whoever took it so was wrong.
    """
    _, number, groups = _unknown(layout, seen)
    asked = [
        (name, where)
        for name, where, cell in _cells(layout, seen)
        if cell == WITHHELD and name not in layout.rates
    ]
    for name, where in asked:
        sums = _of(layout, number, groups, name, where)
        true = sum(truth(groups[place], part) for (place, part), n in number.items() if n in sums)
        if not 0 < true < k or most == 0:
            continue
        near, _, _ = _unknown(layout, seen)
        near.tie(sums, 0, 0)
        far = {}
        for (
            place,
            part,
        ), n in number.items():  # as near to the truth as can be: its other numbers stay as they are
            more, less, have = near.unknown(), near.unknown(), truth(groups[place], part)
            near.tie({n: 1, more: -1, less: 1}, have, have)
            far |= {more: 1, less: 1}
        try:
            near.least(far, -1)
        except Contradiction:
            continue
        if near.found:
            table = near.found[-1]
            most -= 1
            yield {
                tuple(group.values()): tuple(
                    int(sum(table[number[place, inner]] for inner in _parts(layout, count)))
                    for count in layout.counts
                )
                for place, group in enumerate(groups)
            }  # fmt: skip
