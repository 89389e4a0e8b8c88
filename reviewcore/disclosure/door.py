"""The one door: the only place where inner cells become a publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from attrs import Factory, frozen

from reviewcore.aggregation.plan import AggregationPlan, Rung, Schema
from reviewcore.aggregation.values import Tabulated, Tallied, find
from reviewcore.disclosure import tallied, tallytables
from reviewcore.disclosure.earlier import Earlier, Kept, Mark, kept
from reviewcore.disclosure.families import family_of, groups
from reviewcore.disclosure.lines import Printed
from reviewcore.disclosure.protect import Family, Holder, held_by_each, protect
from reviewcore.disclosure.provemeasures import prove_measures, sizes_told
from reviewcore.disclosure.publication import AUDIENCES, Audience, Publication
from reviewcore.disclosure.rules import Rules
from reviewcore.disclosure.sample import sample
from reviewcore.disclosure.sealing import seal
from reviewcore.disclosure.shares import shares
from reviewcore.disclosure.sizes import Sizes, sizes
from reviewcore.disclosure.splittables import split_table
from reviewcore.disclosure.themes import themes
from reviewcore.pace import FREE, Pace

Restated: TypeAlias = Callable[[Mapping[str, int]], frozenset[str]]
"""Given counts by name, says which of them were told before with another number that is too near."""


@frozen
class Told:
    """What goes through the door: the publication, and what the engine itself must remember of it.

    `certificate` is its proof, and goes out with it. `groups` are the members of its groups and `kept` what it tells
    of measures, for the agency's ledger alone. `counted` and `sizes` are what is printed of each tally, and of the
    sample, for the audiences that know less and come next. `about_insiders` makes the proofs about workers who know
    their own cases, for the vault alone.
    """

    publication: Publication
    groups: Mapping[str, frozenset[str]]
    kept: Kept
    rules: Rules
    counted: Mapping[str, tuple[tallied.Printed, ...]]
    sizes: Sizes
    certificate: Mapping[str, Any]
    about_insiders: Callable[[], Mapping[str, Any]]

    def counts(self) -> dict[str, int]:
        """Return every count of an extract that is told, by its name in the agency's ledger."""
        return {name: n for key, months in self.counted.items() for name, n in tallied.told(key, months)}


@frozen
class Past:
    """What the agency published before: of which `review` this one is, the `rules` of every audience.

    `mark` makes the marks by which the ledger knows answers and workers.
    """

    review: str = ""
    earlier: tuple[Earlier, ...] = ()
    rules: Mapping[Audience, Rules] = Factory(dict)
    mark: Mark = str


def publish(
    audience: Audience,
    number: int,
    plan: AggregationPlan,
    schema: Schema,
    inner: Tabulated,
    rules: Rules,
    rungs: Mapping[str, Rung | None],
    strata: Mapping[str, str],
    wider: tuple[Told, ...] = (),
    tallies: tuple[Tallied, ...] = (),
    restated: Restated = lambda _: frozenset(),
    past: Past = Past(),
    pace: Pace = FREE,
) -> Told:
    """Make the publication for one audience.

    `rungs` is the coding of each table by its key, fixed before any answer was seen; `strata` names the
    strata with their titles. `wider` is what audiences that know more are told of the same answers: they
    will hold this publication too, so it is tried on them as well; and on all, with what `past` says that they were
    told before. `tallies` are counts of extracts, and
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
        m.key: family_of(m, plan, schema, inner, rungs, told_sizes.told, past.mark) for m in plan.measures
    }
    holders = _holders(audience, rules, past, wider)
    made: dict[str, dict[str, Printed]] = {}
    known = {
        key: [(theirs, [found for one in earlier if (found := one.of(key))]) for theirs, earlier in holders]
        for key in families
    }
    for key, family in families.items():
        pace.at(f"tables for the {audience}: measures", len(families) - len(made))
        made[key] = protect(family, rules, known[key], pace)
    held = {key: mine for key, [(_, mine), *_] in known.items()}
    proof = prove_measures(plan, schema, families, made, told_sizes, proved, rules, past.review, held)
    for measure in plan.measures:
        family = families[measure.key]
        for split, printed in made[measure.key].items():
            tables.append(split_table(measure, split, family.rows(split), family.coded, printed, schema))
    tables += shares(plan.measures, families, made)
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
    members = inner.population
    kept_ = kept(
        [one.key for one in members],
        [past.mark(f"worker\n{one.worker}") for one in members],
        families,
        made,
        {m.key: sizes_told(m, schema, told_sizes) for m in plan.measures},
    )
    mine = groups(plan, schema, inner, rules.k)
    insiders = partial(_about_insiders, families, known, made)
    proof = {**proof, "cells": stands}
    return Told(publication, mine, kept_, rules, counted, told_sizes, proof, insiders)


def _about_insiders(
    families: Mapping[str, Family],
    known: Mapping[str, Sequence[Holder]],
    made: Mapping[str, Mapping[str, Printed]],
) -> Mapping[str, Any]:
    return seal({key: held_by_each(key, family, known[key], made[key]) for key, family in families.items()})


def _holders(
    audience: Audience, rules: Rules, past: Past, wider: tuple[Told, ...]
) -> list[tuple[Rules, list[Earlier]]]:
    # Everybody who will hold the publication, this audience first: the rules for each, what each was told already.
    known = {(one.review, one.audience, one.number): one for one in past.earlier}
    of = dict(past.rules)
    for told in wider:
        one = Earlier(past.review, told.publication.audience, told.publication.number, told.kept)
        known.setdefault((one.review, one.audience, one.number), one)
        of[one.audience] = told.rules
    order = sorted(known.values(), key=lambda one: (one.review, AUDIENCES.index(one.audience), one.number))
    others = [a for a in AUDIENCES[: AUDIENCES.index(audience)] if any(one.audience == a for one in order)]
    return [(rules, [one for one in order if one.seen_by(audience)])] + [
        (of[other], [one for one in order if one.seen_by(other)]) for other in reversed(others)
    ]
