"""The measures of a plan as what is to be protected: who they are about, in which groups, under which names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from attrs import evolve

from reviewcore.aggregation.plan import AggregationPlan, Measure, Rung, Schema
from reviewcore.aggregation.values import Coding, Tabulated, codings, find
from reviewcore.disclosure.history import GROUP
from reviewcore.disclosure.model import RATED
from reviewcore.disclosure.protect import Family, Groups
from reviewcore.disclosure.rules import Group
from reviewcore.disclosure.shape import ALL
from reviewcore.disclosure.sizes import UNKNOWN, always, asked, declared, population
from reviewcore.disclosure.sizes import name as size_name
from reviewcore.disclosure.sizes import rows as rows_of
from reviewcore.errors import Refused
from reviewcore.language import Field


def groups(plan: AggregationPlan, schema: Schema, inner: Tabulated, k: int) -> dict[str, frozenset[str]]:
    """Return the members of every group that a table may be about, by the group's key in the ledger.

    Groups of fewer than k cases are left out: nothing is ever printed about them.
    """
    found = {f"{GROUP}|{ALL}": frozenset(member.key for member in inner.population)}
    for split in sorted({split for measure in plan.measures for split in measure.splits}):
        for value, members in _by_value(declared(schema, split), inner).items():
            found[f"{GROUP}|{split}|{value}"] = frozenset(members)
    return {key: members for key, members in found.items() if len(members) >= k}


def candidates(
    plan: AggregationPlan, schema: Schema, inner: Tabulated, rungs: Mapping[str, Rung | None]
) -> dict[str, frozenset[str]]:
    """Return the members of every count that could be printed, by the count's key in the ledger."""
    found: dict[str, frozenset[str]] = {}
    for measure in plan.measures:
        family = _about(measure, plan, schema, inner, rungs, frozenset(), [m.key for m in inner.population])
        for split, rows in {"": {ALL: family.everybody}, **family.splits}.items():
            rung = rungs[table_key(measure, split)]
            if rung is not None:
                found |= {
                    key: members for key, _, members in counts(measure, split, rows, family.coded, rung)
                }
    return found


def table_key(measure: Measure, split: str) -> str:
    """Return the key of a measure's table by a split, or with "" of the one over all cases."""
    return f"{measure.key}/{split}" if split else measure.key


def counts(
    measure: Measure, split: str, rows: Groups, coded: Mapping[Rung, Coding], rung: Rung
) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield what a table can print of its rows: each number's key in the ledger, its row, its members."""
    for row, group in rows.items():
        start = f"{table_key(measure, split)}|{row}"
        yield f"{start}|{RATED}", row, frozenset(group.ratings)
        for one in coded[rung] if rung != "band" else ():
            yield (
                f"{start}|{rung}|{one.key}",
                row,
                frozenset(member for member, code in group.ratings.items() if code in one.codes),
            )


def family_of(
    measure: Measure,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    rungs: Mapping[str, Rung | None],
    closed: frozenset[str],
    told: Mapping[str, int | None],
) -> Family:
    """Return a measure as what is to be protected; raise Refused where an answer has a code that is not known.

    `told` are the sizes that are told, and `closed` the keys of counts whose rows must say nothing.
    """
    coded = codings(*find(schema.instruments, measure.instrument, measure.item))
    ratings = inner.ratings[measure.key]
    known = frozenset().union(*(one.codes for one in coded["codes"]))
    if not known.issuperset(ratings.values()):
        raise Refused(
            f"measure '{measure.key}': an answer has a code that the item '{measure.item}' does not know; "
            "read the returned tools again with the version of the instrument that was sent out"
        )
    everybody = [member.key for member in inner.population]
    # Of cases that are not asked, by what is known of them beforehand, it is no answer that they are not rated,
    # and together with them those who were asked and are not rated would seem many.
    some = [m.key for m in inner.population if m.key in ratings or asked(measure, schema, m)]
    about = partial(_about, measure, plan, schema, inner, rungs, closed)
    whose = population(measure, schema)
    if whose and asked_is_told(measure, schema, told):
        return about(some)
    untold = frozenset(
        (split, row)
        for split in measure.splits
        for row in rows_of(declared(schema, split))
        if told.get(size_name("", split, row)) is None
    )
    return evolve(about(everybody), asked=about(some) if whose else None, untold=untold)


def asked_is_told(measure: Measure, schema: Schema, told: Mapping[str, int | None]) -> bool:
    """Return whether it may be told of how many cases a measure is asked, in all and in each row of its splits."""
    whose = population(measure, schema)
    rows = [
        ("", ALL),
        *((split, row) for split in measure.splits for row in rows_of(declared(schema, split))),
    ]
    return all(told.get(size_name(whose, split, row)) is not None for split, row in rows)


def _about(
    measure: Measure,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    rungs: Mapping[str, Rung | None],
    closed: frozenset[str],
    members: Collection[str],
) -> Family:
    coded = codings(*find(schema.instruments, measure.instrument, measure.item))
    ratings, chosen = inner.ratings[measure.key], frozenset(members)
    workers = {member.key: member.worker for member in inner.population}
    return Family(
        Group.of(chosen, workers, ratings),
        {
            split: {
                value: Group.of(chosen & frozenset(found), workers, ratings)
                for value, found in _by_value(declared(schema, split), inner).items()
            }
            for split in measure.splits
        },
        coded,
        {split: rungs[table_key(measure, split)] for split in ("", *measure.splits)},
        "band" in measure.rungs and "acceptable" in coded,
        frozenset(
            (split, key.removeprefix(f"{table_key(measure, split)}|").partition("|")[0])
            for split in ("", *measure.splits)
            for key in closed
            if key.startswith(f"{table_key(measure, split)}|")
        ),
        always(measure, plan, schema) and chosen <= ratings.keys(),
    )


def _by_value(field: Field, inner: Tabulated) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {value: [] for value in rows_of(field)}
    for member in inner.population:
        value = member.fields.get(field.name, UNKNOWN)
        if value not in found:
            raise Refused(
                f"the field '{field.name}' has a value that was not declared; declare all of its values, "
                "and mark it as not required where it may be empty"
            )
        found[value].append(member.key)
    return found
