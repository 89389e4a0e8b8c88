"""The measures of a plan as what is to be protected: who they are about, in which groups, under which names."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.aggregation.plan import AggregationPlan, Measure, Rung, Schema
from reviewcore.aggregation.values import Tabulated, codings, find
from reviewcore.disclosure.earlier import Mark, unit
from reviewcore.disclosure.history import GROUP
from reviewcore.disclosure.protect import Family
from reviewcore.disclosure.rules import Group
from reviewcore.disclosure.shape import ALL, People, Population
from reviewcore.disclosure.sizes import UNKNOWN, always, asked, declared, may_be_asked, population
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


def table_key(measure: Measure, split: str) -> str:
    """Return the key of a measure's table by a split, or with "" of the one over all cases."""
    return f"{measure.key}/{split}" if split else measure.key


def family_of(
    measure: Measure,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    rungs: Mapping[str, Rung | None],
    told: Mapping[str, int | None],
    mark: Mark,
) -> Family:
    """Return a measure as what is to be protected; raise Refused where an answer has a code that is not known.

    `told` are the sizes that are told; `mark` makes the marks by which the ledger knows answers and workers.
    """
    coded = codings(*find(schema.instruments, measure.instrument, measure.item))
    ratings = inner.ratings[measure.key]
    known = frozenset().union(*(one.codes for one in coded["codes"]))
    if not known.issuperset(ratings.values()):
        raise Refused(
            f"measure '{measure.key}': an answer has a code that the item '{measure.item}' does not know; "
            "read the returned tools again with the version of the instrument that was sent out"
        )
    whose = population(measure, schema)
    may = may_be_asked(measure, schema) if whose else None
    only = bool(whose) and asked_is_told(measure, schema, told)
    # Of cases that are not asked, by what is known of them beforehand, it is no answer that they are not rated,
    # and together with them those who were asked and are not rated would seem many.
    some = frozenset(m.key for m in inner.population if m.key in ratings or asked(measure, schema, m))
    chosen = some if only else frozenset(m.key for m in inner.population)
    workers = {member.key: member.worker for member in inner.population}
    splits = {split: _by_value(declared(schema, split), inner) for split in measure.splits}
    untold = frozenset(
        (split, row)
        for split in measure.splits
        for row in rows_of(declared(schema, split))
        if told.get(size_name("", split, row)) is None
    )
    return Family(
        Group.of(chosen, workers, ratings),
        {
            split: {
                value: Group.of(chosen & frozenset(found), workers, ratings)
                for value, found in values.items()
            }
            for split, values in splits.items()
        },
        _people(measure, inner, splits, some, mark, {} if whose or not inner.weights else inner.weights.of),
        coded,
        {split: rungs[table_key(measure, split)] for split in ("", *measure.splits)},
        "band" in measure.rungs and "acceptable" in coded,
        always(measure, plan, schema) and some <= ratings.keys(),
        None if only else may,
        frozenset() if only else untold,
        may,
        inner.weights.all if inner.weights and not whose else (),
    )


def _people(
    measure: Measure,
    inner: Tabulated,
    splits: Mapping[str, Mapping[str, list[str]]],
    some: frozenset[str],
    mark: Mark,
    weights: Mapping[str, int],
) -> People:
    row_of = [{m: value for value, found in rows.items() for m in found} for rows in splits.values()]
    ratings = inner.ratings[measure.key]
    units = {
        m.key: unit(m.key, mark("\n".join(("answer", measure.key, m.key, ratings.get(m.key, "")))))
        for m in inner.population
    }
    population = Population(
        tuple((split, tuple(rows)) for split, rows in splits.items()),
        {units[m.key]: tuple(rows[m.key] for rows in row_of) for m in inner.population},
        {units[m.key]: mark(f"worker\n{m.worker}") for m in inner.population},
        frozenset(units[one] for one in some),
        {units[m.key]: weights[m.key] for m in inner.population} if weights else {},
    )
    return People(population, units)


def asked_is_told(measure: Measure, schema: Schema, told: Mapping[str, int | None]) -> bool:
    """Return whether it may be told of how many cases a measure is asked, in all and in each row of its splits."""
    whose = population(measure, schema)
    rows = [
        ("", ALL),
        *((split, row) for split in measure.splits for row in rows_of(declared(schema, split))),
    ]
    return all(told.get(size_name(whose, split, row)) is not None for split, row in rows)


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
