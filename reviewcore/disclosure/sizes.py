"""How many cases of every group were reviewed, as far as that may be told: by stratum, by every split of a table.

All these numbers are one problem: a group's size can be what is left of a total, or of two groups that overlap.
Where a measure is asked of some cases only, by what is known of them before (an item's `when`), those are a
population of their own, with the sizes of its groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product
from math import prod

from attrs import frozen

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema
from reviewcore.aggregation.values import Member, Tabulated, find
from reviewcore.disclosure.linked import LinkedTables, Quantity, Told, protect
from reviewcore.disclosure.rules import Rules
from reviewcore.disclosure.shape import ALL
from reviewcore.errors import Refused
from reviewcore.interview.plan import Item
from reviewcore.language import Field, Value, holds, names

MANY = 2000
"""Up to how many combinations of declared values are kept apart."""
STRATUM = "stratum "
UNKNOWN = ""
"""The row of the cases for which a field that may be empty is empty."""


@frozen
class Sizes:
    """`tables` has every size as a quantity, named by `name`; `told` the number of each, None where it is withheld."""

    tables: LinkedTables
    told: Mapping[str, int | None]

    def cells(self, name: str) -> frozenset[int]:
        """Return the inner cells of a size."""
        return next(one.cells for one in self.tables.quantities if one.name == name)


def name(population: str, split: str, row: str) -> str:
    """Return what the size of a row of a split ("" for all) is called, among all cases or those asked something."""
    return f"{population}{split}|{row}"


def rows(field: Field) -> tuple[str, ...]:
    """Return the rows of a split by a field: its declared values, and one for those not known."""
    values = ("true", "false") if field.kind == "flag" else field.choices
    return values if field.required else (*values, UNKNOWN)


def declared(schema: Schema, wanted: str) -> Field:
    """Return a declared field by its name."""
    return next(field for field in schema.fields if field.name == wanted)


def population(measure: Measure, schema: Schema) -> str:
    """Return what the cases are called that a measure is asked of, "" where that is all, or open beforehand."""
    item = find(schema.instruments, measure.instrument, measure.item)[1]
    return f"asked {measure.instrument}.{measure.item} " if _closed(item, schema) else ""


def asked(measure: Measure, schema: Schema, member: Member) -> bool:
    """Return whether a measure is asked of a case, as far as its declared fields tell."""
    item = find(schema.instruments, measure.instrument, measure.item)[1]
    return not _closed(item, schema) or _holds(item, member.fields)


def may_be_asked(measure: Measure, schema: Schema) -> dict[tuple[str, ...], frozenset[bool]]:
    """Return, for every value of all splits of a measure together, whether such cases can be asked, and can be not.

    Where there are too many to try them all, both are taken to be possible.
    """
    item = find(schema.instruments, measure.instrument, measure.item)[1]
    fields = {one.name: rows(one) for one in schema.fields if one.name in measure.splits}
    wanted = names(item.when) if item.when else frozenset()
    others = {one.name: rows(one) for one in schema.fields if one.name in wanted - fields.keys()}
    splits = [(split, fields[split]) for split in measure.splits]
    found: dict[tuple[str, ...], frozenset[bool]] = {}
    many = prod(map(len, [*fields.values(), *others.values()])) > MANY
    for values in product(*(of for _, of in splits)):
        known = dict(zip(measure.splits, values, strict=True))
        found[values] = frozenset(
            (True, False)
            if many
            else (
                _holds(item, known | dict(zip(others, one, strict=True))) for one in product(*others.values())
            )
        )
    return found


def always(measure: Measure, plan: AggregationPlan, schema: Schema) -> bool:
    """Return whether every case that is asked must be rated: the item is required, always applies, in the one tool."""
    item = find(schema.instruments, measure.instrument, measure.item)[1]
    one_tool = len({one.instrument for one in plan.measures}) == 1
    return (
        one_tool
        and item.required
        and not item.not_applicable
        and (item.when is None or _closed(item, schema))
    )


def sizes(
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    strata: Mapping[str, str],
    rules: Rules,
    withheld: frozenset[str] = frozenset(),
) -> Sizes:
    """Return all sizes, those withheld that are small or would give a small one away, and those in `withheld`."""
    fields = [declared(schema, one) for one in sorted({split for m in plan.measures for split in m.splits})]
    conditions = {population(m, schema): m for m in plan.measures if population(m, schema)}
    used = {one.name for one in fields}
    for measure in conditions.values():
        when = find(schema.instruments, measure.instrument, measure.item)[1].when
        used |= names(when) if when else frozenset()
    attributes = {field.name: rows(field) for field in schema.fields if field.name in used}
    attributes[STRATUM] = tuple(dict.fromkeys([*strata, *(m.stratum for m in inner.population)])) or (
        UNKNOWN,
    )
    blocks, counts, ties = _blocks(attributes, [one.name for one in fields], inner)
    quantities = []

    def add(whose: str, split: str, row: str, weight: float) -> None:
        measure = conditions.get(whose)
        item = find(schema.instruments, measure.instrument, measure.item)[1] if measure else None
        needed = {split} - {""} | (names(item.when) if item and item.when else frozenset())
        block = next((one for one in blocks if needed <= next(iter(one.values())).keys()), None)
        if block is not None:  # where all are too many together, some are not told
            cells = [
                cell
                for cell, one in block.items()
                if (not split or one[split] == row) and (item is None or _holds(item, one))
            ]
            quantities.append(Quantity(name(whose, split, row), frozenset(cells), weight))

    # Rather many sizes of those who are asked something are withheld than one that the sample's table shows.
    add("", "", ALL, 1000.0)
    for stratum in strata if len(strata) > 1 else ():
        add("", STRATUM, stratum, 100.0)
    for whose in ("", *conditions):
        mine = [m for m in plan.measures if not whose or population(m, schema) == whose]
        if whose:
            add(whose, "", ALL, 1.0)
        for split in sorted({split for m in mine for split in m.splits}):
            for row in rows(declared(schema, split)):
                add(whose, split, row, 1.0 if whose else 30.0)
    tables = LinkedTables(counts, quantities, told=ties, inner=False)
    told = protect(tables, rules.k, rules.t, withheld=withheld).values
    while more := _few_left(tables, told, rules.k):
        withheld |= {name for name, size in told.items() if size is None} | {more}
        told = protect(tables, rules.k, rules.t, withheld=withheld).values
    return Sizes(tables, told)


def _few_left(tables: LinkedTables, told: Mapping[str, int | None], k: int) -> str:
    # The rows of a split that are withheld must not be few together either: else the smallest other goes too.
    splits: dict[str, list[Quantity]] = {}
    for one in tables.quantities:
        split, _, row = one.name.rpartition("|")
        if row != ALL or split:
            splits.setdefault(split, []).append(one)
    for within in splits.values():
        hidden = sum(tables.value(one) for one in within if told[one.name] is None)
        shown = [one for one in within if told[one.name]]
        if 0 < hidden < k and shown:
            return min(shown, key=lambda one: (tables.value(one), one.name)).name
    return ""


def _blocks(
    attributes: Mapping[str, tuple[str, ...]], splits: list[str], inner: Tabulated
) -> tuple[list[dict[int, dict[str, str]]], list[int], list[Told]]:
    # The inner cells, each as its values, with their counts: all attributes crossed, or where that is too many,
    # one attribute after another, each with the same cases in all.
    crossed = prod(map(len, attributes.values())) <= MANY
    blocks: list[dict[int, dict[str, str]]] = []
    counts: list[int] = []
    for wanted in [list(attributes)] if crossed else [[STRATUM], *([split] for split in splits)]:
        found = Counter(tuple(_value(member, a) for a in wanted) for member in inner.population)
        places = list(product(*(attributes[a] for a in wanted)))
        if found.keys() - set(places):
            raise Refused(
                f"the field '{', '.join(one for one in wanted if one != STRATUM)}' has a value that was not declared; "
                "declare all of its values, and mark it as not required where it may be empty"
            )
        start = len(counts)
        blocks.append({start + i: dict(zip(wanted, place, strict=True)) for i, place in enumerate(places)})
        counts += [found[place] for place in places]
    ties = [Told(dict.fromkeys(blocks[0], 1) | dict.fromkeys(one, -1), 0) for one in blocks[1:]]
    return blocks, counts, ties


def _value(member: Member, attribute: str) -> str:
    return member.stratum if attribute == STRATUM else member.fields.get(attribute, UNKNOWN)


def _closed(item: Item, schema: Schema) -> bool:
    # Whether fields with declared values decide alone whether the item is asked.
    closed = {one.name for one in schema.fields if one.kind in ("choice", "flag")}
    return item.when is not None and names(item.when) <= closed


def _holds(item: Item, fields: Mapping[str, str]) -> bool:
    said: dict[str, Value] = {"true": True, "false": False, UNKNOWN: None}
    return item.when is None or holds(item.when, {key: said.get(one, one) for key, one in fields.items()})
