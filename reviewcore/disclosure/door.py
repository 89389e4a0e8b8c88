"""The one door: the only place where inner cells become a publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from attrs import frozen

from reviewcore.aggregation.plan import AggregationPlan, Rung, Schema
from reviewcore.aggregation.values import Tabulated, Tallied, find
from reviewcore.disclosure import tallied, tallytables
from reviewcore.disclosure.families import asked_is_told, counts, family_of, groups
from reviewcore.disclosure.lines import SILENT, Printed
from reviewcore.disclosure.linked import Unproved
from reviewcore.disclosure.model import RATED
from reviewcore.disclosure.proof import prove
from reviewcore.disclosure.protect import Family, held_by_each, measured, protect, silent
from reviewcore.disclosure.publication import Audience, Publication
from reviewcore.disclosure.rules import Rules
from reviewcore.disclosure.sample import sample
from reviewcore.disclosure.sealing import seal
from reviewcore.disclosure.shape import ALL, declared_shape
from reviewcore.disclosure.sizes import Sizes, declared, population, sizes
from reviewcore.disclosure.sizes import name as size_name
from reviewcore.disclosure.sizes import rows as rows_of
from reviewcore.disclosure.splittables import split_table
from reviewcore.disclosure.themes import themes
from reviewcore.pace import FREE, Pace

Restated: TypeAlias = Callable[[Mapping[str, int]], frozenset[str]]
"""Given counts by name, says which of them were told before with another number that is too near."""


@frozen
class Told:
    """What goes through the door: the publication, and what the engine itself must remember of it.

    `certificate` is its proof, and goes out with it. `cells` are the members of its groups and printed counts,
    for the agency's ledger alone. `printed`, `counted` and `sizes` are what each table of each measure prints,
    of each tally, and of the sample, for the audiences that know less and come next. `about_insiders` makes the
    proofs about workers who know their own cases, for the vault alone.
    """

    publication: Publication
    cells: Mapping[str, frozenset[str]]
    rules: Rules
    printed: Mapping[str, Mapping[str, Printed]]
    counted: Mapping[str, tuple[tallied.Printed, ...]]
    sizes: Sizes
    certificate: Mapping[str, Any]
    about_insiders: Callable[[], Mapping[str, Any]]

    def counts(self) -> dict[str, int]:
        """Return every count of an extract that is told, by its name in the agency's ledger."""
        return {name: n for key, months in self.counted.items() for name, n in tallied.told(key, months)}


def publish(
    audience: Audience,
    number: int,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    rules: Rules,
    rungs: Mapping[str, Rung | None],
    strata: Mapping[str, str],
    closed: frozenset[str] = frozenset(),
    wider: tuple[Told, ...] = (),
    tallies: tuple[Tallied, ...] = (),
    restated: Restated = lambda _: frozenset(),
    pace: Pace = FREE,
) -> Told:
    """Make the publication for one audience.

    `rungs` is the coding of each table by its key, fixed before any answer was seen; `strata` names the
    strata with their titles. `closed` are keys of `candidates` that must not be printed beside what this
    audience was told before. `wider` is what audiences that know more are told of the same answers: they
    will hold this publication too, so it is tried on them as well. `tallies` are counts of extracts, and
    `restated` names those that were told before with a number too near to this one. `pace` is told how far it is, and
    raises Refused when the time is up. The order of rows and
    columns is that of the declarations, never of the data. Raises Blocked where the month that a tally's
    tables are of is restated by too few.
    """
    withheld = frozenset(key for one in wider for key, size in one.sizes.told.items() if size is None)
    told_sizes = sizes(plan, schema, inner, strata, rules, withheld)
    tables = [sample(told_sizes.told, strata)] if strata else []
    counted: dict[str, tuple[tallied.Printed, ...]] = {}
    proved: dict[str, Any] = {}
    for one in tallies:
        key = one.tally.key
        months = tallied.protect(one, rules, [told.counted[key] for told in wider], pace)
        counted[key] = tallied.without(one, months, restated(dict(tallied.told(key, months))), audience)
        proved |= {tallied.part(one.tally, m.month): m.certificate for m in counted[key] if m.certificate}
    families = {
        m.key: family_of(m, plan, schema, inner, rungs, closed, told_sizes.told) for m in plan.measures
    }
    made: dict[str, dict[str, Printed]] = {}
    for key, family in families.items():
        pace.at(f"tables for the {audience}: measures", len(families) - len(made))
        made[key] = protect(family, rules, tuple((one.rules, one.printed[key]) for one in wider), pace)
    proof = _proved(plan, schema, families, made, told_sizes, proved, rules)
    cells = dict(groups(plan, schema, inner, rules.k))
    for measure in plan.measures:
        family = families[measure.key]
        for split, printed in made[measure.key].items():
            rows = family.rows(split)
            tables.append(split_table(measure, split, rows, family.coded, printed, schema))
            cells |= {
                key: members
                for key, line, members in counts(measure, split, rows, family.coded, printed.rung)
                if printed.lines[line].counts or (printed.lines[line].rated and key.endswith(f"|{RATED}"))
            }
    stands: dict[str, tuple[str, str]] = {}
    for one in tallies:
        tables += tallytables.tables(one, counted[one.tally.key])
        stands |= tallytables.numbers(one, counted[one.tally.key])
    told = tuple(
        themes(
            one.key,
            one.title,
            find(schema.instruments, one.instrument, one.item)[1].choices,
            inner.voiced.get(one.key, {}),
            inner.attendees,
            rules,
        )
        for one in plan.themes
    )
    publication = Publication(audience, number, tuple(tables), told)
    insiders = partial(_about_insiders, families, made, rules, wider)
    return Told(publication, cells, rules, made, counted, told_sizes, {**proof, "cells": stands}, insiders)


def _about_insiders(
    families: Mapping[str, Family],
    made: Mapping[str, Mapping[str, Printed]],
    rules: Rules,
    wider: tuple[Told, ...],
) -> Mapping[str, Any]:
    return seal(
        {
            key: held_by_each(
                key, family, rules, tuple((one.rules, one.printed[key]) for one in wider), made[key]
            )
            for key, family in families.items()
        }
    )


def _proved(
    plan: AggregationPlan,
    schema: Schema,
    families: Mapping[str, Family],
    made: dict[str, dict[str, Printed]],
    told: Sizes,
    proved: Mapping[str, Any],
    rules: Rules,
) -> Mapping[str, Any]:
    """Return the certificate; what cannot be proved of a measure is withheld: its splits, or all of it.

    Where it is a size that is not proved to be hidden, that is done to every measure.
    """
    while True:
        shown = []
        for measure in plan.measures:
            family = families[measure.key]
            whose = population(measure, schema) if asked_is_told(measure, schema, told.told) else ""
            rows = {split: rows_of(declared(schema, split)) for split in measure.splits}
            known = {
                (split, row): told.told.get(size_name(whose, split, row))
                for split, keys in {"": (ALL,), **rows}.items()
                for row in keys
            }
            shape = declared_shape(rows, known, family.always)
            shown.append((measured(family, shape, [made[measure.key]], measure.key), whose))
        try:
            return prove(told, shown, proved, rules)
        except Unproved as error:
            key, _, split = error.number.partition("|")[0].partition("/")
            if not any(
                _silenced(families, made, key, part)
                for part in (["splits", ""] if split or key not in made else [""])
            ):
                raise


def _silenced(
    families: Mapping[str, Family], made: dict[str, dict[str, Printed]], key: str, part: str
) -> bool:
    """Withhold the splits of a measure, or of every one, or all of it; return whether anything was told there."""
    told = False
    for name in [key] if key in made else list(made):
        for split, printed in made[name].items():
            if (split or not part) and any(line != SILENT for line in printed.lines.values()):
                made[name][split], told = silent(families[name], split), True
    return told
