"""The proof of the measures of a publication: what cannot be proved of one is withheld.

A reader of two publications of one review knows that the later one counts the cases of the earlier one and others
besides, so both are proved together. Which cases another review has in common with this one no reader is told; that
is looked at when tables are protected, and no part of the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from attrs import evolve

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema
from reviewcore.disclosure.earlier import Held
from reviewcore.disclosure.families import asked_is_told
from reviewcore.disclosure.lines import SILENT, Printed
from reviewcore.disclosure.linked import Unproved
from reviewcore.disclosure.model import Measured
from reviewcore.disclosure.proof import Proving, prove
from reviewcore.disclosure.protect import Family, beside, measured, silent, weighs
from reviewcore.disclosure.rules import Rules
from reviewcore.disclosure.shape import ALL, WEIGHT, declared_shape
from reviewcore.disclosure.sizes import Sizes, declared, population
from reviewcore.disclosure.sizes import name as size_name
from reviewcore.disclosure.sizes import rows as rows_of

RowSizes: TypeAlias = Mapping[tuple[str, str], int | None]
MANY = 400
"""Up to how many groups of a measure are proved together with those of earlier publications."""


def sizes_told(measure: Measure, schema: Schema, sizes: Sizes) -> tuple[str, RowSizes]:
    """Return whose sizes are told of the rows of a measure ("" for all cases), and each by split and row."""
    whose = population(measure, schema) if asked_is_told(measure, schema, sizes.told) else ""
    return whose, _sizes(measure, schema, sizes, whose)


def _sizes(measure: Measure, schema: Schema, sizes: Sizes, whose: str) -> RowSizes:
    keys = [
        ("", ALL),
        *((split, row) for split in measure.splits for row in rows_of(declared(schema, split))),
    ]
    return {key: sizes.told.get(size_name(whose, *key)) for key in keys}


def prove_measures(
    plan: AggregationPlan,
    schema: Schema,
    families: Mapping[str, Family],
    made: dict[str, dict[str, Printed]],
    sizes: Sizes,
    tallies: Mapping[str, Any],
    rules: Rules,
    review: str,
    held: Mapping[str, Sequence[Held]],
) -> Mapping[str, Any]:
    """Return the certificate; what cannot be proved of a measure is withheld: its splits, or all of it.

    Where it is a size that is not proved to be hidden, that is done to every measure. `held` are the earlier
    publications that this audience has; those of the same `review` are proved together with this one. Where all
    is withheld of a measure, and they alone leave too little open, they stay out: nothing was added to them.
    """
    chains = {
        measure.key: _chain(families[measure.key], measure, schema, sizes, review, held[measure.key])
        for measure in plan.measures
    }
    while True:
        proving = [
            _proving(measure, schema, families[measure.key], made[measure.key], sizes, chains[measure.key])
            for measure in plan.measures
        ]
        try:
            proof = prove(sizes, proving, tallies, rules)
            return proof | _beside(proof, chains)
        except Unproved as error:
            key, _, split = error.number.partition("|")[0].partition("/")
            if _unweighed(made, key):
                continue
            parts = ["splits", ""] if split or key not in made else [""]
            if any(_silenced(families, made, key, part) for part in parts):
                continue
            if len(chains.get(key, [])) < 2 and len(chains.get(key, [[]])[0]) == 0:
                raise
            chains[key] = [[]]


def _beside(proof: Mapping[str, Any], chains: Mapping[str, Sequence[Sequence[Held]]]) -> dict[str, Any]:
    # Which earlier publications each measure is proved together with, from this one back.
    found = {
        key: [[[one.publication.audience, one.publication.number] for one in told] for told in chain[1:]]
        for key, chain in chains.items()
        if "publications" in proof["parts"].get(key, {})
    }
    return {"beside": found} if found else {}


def _proving(
    measure: Measure,
    schema: Schema,
    family: Family,
    made: Mapping[str, Printed],
    sizes: Sizes,
    chain: Sequence[Sequence[Held]],
) -> Proving:
    whose, known = sizes_told(measure, schema, sizes)
    asked = _sizes(measure, schema, sizes, population(measure, schema)) if family.may is not None else None
    rows = {split: rows_of(declared(schema, split)) for split in measure.splits}
    if weighs(made) or any(one.weighs() for found in chain for one in found):
        rows[WEIGHT] = tuple(map(str, family.weights))

    def one(chain: Sequence[Sequence[Held]]) -> Measured:
        told = [known, *(found[0].sizes for found in chain[1:])]
        shape = declared_shape(rows, told, family.always and family.may is None, asked)
        return measured(family, shape, made, chain, measure.key)

    return Proving(one(chain), whose, one([[]]) if chain != [[]] else None)


def _chain(
    family: Family, measure: Measure, schema: Schema, sizes: Sizes, review: str, held: Sequence[Held]
) -> list[list[Held]]:
    # Earlier publications of the same review, the last first: each counts all cases of those before it.
    whose, known = sizes_told(measure, schema, sizes)
    same = [one for one in held if one.publication.review == review and one.whose == whose]
    if None in known.values() or family.may is not None:
        same = []
    now, *before = beside(family.people.population, same)
    before.sort(key=lambda found: -len(found[0].population.where))
    chain, inside = [now], frozenset(family.people.units)
    places = sum(len(rows_of(declared(schema, split))) for split in measure.splits) + 1
    for found in before:
        members = found[0].members()
        if members <= inside and places * (len(chain) + 1) <= MANY:
            chain.append(found)
            inside = members
    return chain


def _unweighed(made: dict[str, dict[str, Printed]], key: str) -> bool:
    """Withhold the weighted share of a measure, or of every one; return whether any was told there."""
    told = False
    for printed in [made[key]] if key in made else list(made.values()):
        for row, line in printed[""].lines.items():
            if line.weighted:
                printed[""], told = evolve(printed[""], lines={row: evolve(line, weighted=None)}), True
    return told


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
