"""The one door: the only place where inner cells become a publication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from attrs import frozen

from reviewcore.aggregation.plan import AggregationPlan, Measure, Rung, Schema
from reviewcore.aggregation.values import Category, Coding, Tabulated, Tallied, codings, find
from reviewcore.disclosure import tallied, tallytables
from reviewcore.disclosure.history import GROUP
from reviewcore.disclosure.lines import Line, Printed
from reviewcore.disclosure.protect import ALL, Family, Groups, protect
from reviewcore.disclosure.publication import Audience, Cell, Column, Publication, Table, TableRow
from reviewcore.disclosure.rules import Group, Rules
from reviewcore.disclosure.sample import HIDDEN, sample
from reviewcore.disclosure.themes import themes
from reviewcore.errors import Refused
from reviewcore.language import Field

Restated: TypeAlias = Callable[[Mapping[str, int]], frozenset[str]]
"""Given counts by name, says which of them were told before with another number that is too near."""

RATED = "rated"
UNKNOWN = ""
"""The row of the cases for which a field that may be empty is empty."""


@frozen
class Told:
    """What goes through the door: the publication, and what the engine itself must remember of it.

    `cells` are the members of its groups and printed counts, for the agency's ledger alone. `printed` is
    what each table of each measure prints, for the audiences that know less and come next.
    """

    publication: Publication
    cells: Mapping[str, frozenset[str]]
    rules: Rules
    printed: Mapping[str, Mapping[str, Printed]]
    counted: Mapping[str, tuple[tallied.Printed, ...]]

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
) -> Told:
    """Make the publication for one audience.

    `rungs` is the coding of each table by its key, fixed before any answer was seen; `strata` names the
    strata with their titles. `closed` are keys of `candidates` that must not be printed beside what this
    audience was told before. `wider` is what audiences that know more are told of the same answers: they
    will hold this publication too, so it is tried on them as well. `tallies` are counts of extracts, and
    `restated` names those that were told before with a number too near to this one. The order of rows and
    columns is that of the declarations, never of the data. Raises Blocked where the month that a tally's
    tables are of is restated by too few.
    """
    tables = [sample(inner.population, strata, rules)] if strata else []
    cells = dict(groups(plan, schema, inner, rules.k))
    made: dict[str, Mapping[str, Printed]] = {}
    for measure in plan.measures:
        family = _family(measure, schema, inner, rungs, closed)
        made[measure.key] = protect(
            family, rules, tuple((one.rules, one.printed[measure.key]) for one in wider)
        )
        for split, printed in made[measure.key].items():
            rows = family.splits[split] if split else {ALL: family.everybody}
            tables.append(_table(measure, split, rows, family.coded, printed, schema))
            cells |= {
                key: members
                for key, line, members in _cells(measure, split, rows, family.coded, printed.rung)
                if printed.lines[line].counts or (printed.lines[line].rated and key.endswith(f"|{RATED}"))
            }
    counted: dict[str, tuple[tallied.Printed, ...]] = {}
    for one in tallies:
        key = one.tally.key
        months = tallied.protect(one, rules, [told.counted[key] for told in wider])
        counted[key] = tallied.without(one, months, restated(dict(tallied.told(key, months))), audience)
        tables += tallytables.tables(one, counted[key])
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
    return Told(Publication(audience, number, tuple(tables), told), cells, rules, made, counted)


def groups(plan: AggregationPlan, schema: Schema, inner: Tabulated, k: int) -> dict[str, frozenset[str]]:
    """Return the members of every group that a table may be about, by the group's key in the ledger.

    Groups of fewer than k cases are left out: nothing is ever printed about them.
    """
    found = {f"{GROUP}|{ALL}": frozenset(member.key for member in inner.population)}
    for split in sorted({split for measure in plan.measures for split in measure.splits}):
        for value, members in _by_value(_declared(schema, split), inner).items():
            found[f"{GROUP}|{split}|{value}"] = frozenset(members)
    return {key: members for key, members in found.items() if len(members) >= k}


def candidates(
    plan: AggregationPlan, schema: Schema, inner: Tabulated, rungs: Mapping[str, Rung | None]
) -> dict[str, frozenset[str]]:
    """Return the members of every count that could be printed, by the count's key in the ledger."""
    found: dict[str, frozenset[str]] = {}
    for measure in plan.measures:
        family = _family(measure, schema, inner, rungs, frozenset())
        for split, rows in {"": {ALL: family.everybody}, **family.splits}.items():
            rung = rungs[_key(measure, split)]
            if rung is not None:
                found |= {
                    key: members for key, _, members in _cells(measure, split, rows, family.coded, rung)
                }
    return found


def _key(measure: Measure, split: str) -> str:
    return f"{measure.key}/{split}" if split else measure.key


def _cells(
    measure: Measure, split: str, rows: Groups, coded: Mapping[Rung, Coding], rung: Rung
) -> Iterator[tuple[str, str, frozenset[str]]]:
    for row, group in rows.items():
        start = f"{_key(measure, split)}|{row}"
        yield f"{start}|{RATED}", row, frozenset(group.ratings)
        for one in coded[rung] if rung != "band" else ():
            yield (
                f"{start}|{rung}|{one.key}",
                row,
                frozenset(member for member, code in group.ratings.items() if code in one.codes),
            )


def _family(
    measure: Measure,
    schema: Schema,
    inner: Tabulated,
    rungs: Mapping[str, Rung | None],
    closed: frozenset[str],
) -> Family:
    instrument, item = find(schema.instruments, measure.instrument, measure.item)
    coded = codings(instrument, item)
    ratings = inner.ratings[measure.key]
    known = frozenset().union(*(one.codes for one in coded["codes"]))
    if not known.issuperset(ratings.values()):
        raise Refused(
            f"measure '{measure.key}': an answer has a code that the item '{measure.item}' does not know; "
            "read the returned tools again with the version of the instrument that was sent out"
        )
    workers = {member.key: member.worker for member in inner.population}
    return Family(
        Group.of(workers, workers, ratings),
        {
            split: {
                value: Group.of(members, workers, ratings)
                for value, members in _by_value(_declared(schema, split), inner).items()
            }
            for split in measure.splits
        },
        coded,
        {split: rungs[_key(measure, split)] for split in ("", *measure.splits)},
        "band" in measure.rungs and "acceptable" in coded,
        frozenset(
            (split, key.removeprefix(f"{_key(measure, split)}|").partition("|")[0])
            for split in ("", *measure.splits)
            for key in closed
            if key.startswith(f"{_key(measure, split)}|")
        ),
    )


def _declared(schema: Schema, name: str) -> Field:
    return next(field for field in schema.fields if field.name == name)


def _by_value(field: Field, inner: Tabulated) -> dict[str, list[str]]:
    values = ("true", "false") if field.kind == "flag" else field.choices
    found: dict[str, list[str]] = {value: [] for value in values}
    if not field.required:
        found[UNKNOWN] = []
    for member in inner.population:
        value = member.fields.get(field.name, UNKNOWN)
        if value not in found:
            raise Refused(
                f"the field '{field.name}' has a value that was not declared; declare all of its values, "
                "and mark it as not required where it may be empty"
            )
        found[value].append(member.key)
    return found


def _table(
    measure: Measure,
    split: str,
    rows: Groups,
    coded: Mapping[Rung, Coding],
    printed: Printed,
    schema: Schema,
) -> Table:
    shown: tuple[Category, ...] = coded[printed.rung] if printed.rung != "band" else ()
    columns = [Column(RATED, "Cases rated"), *(Column(one.key, one.label) for one in shown)]
    if printed.rung == "band":
        columns.append(Column("band", "Share acceptable"))
    title = measure.title
    if split:
        title = f"{title}, by {_declared(schema, split).said()}"
    return Table(
        _key(measure, split),
        title,
        printed.rung,
        tuple(columns),
        tuple(
            TableRow(key, _label(key, split, schema), _row(group, printed.lines[key], shown, printed.rung))
            for key, group in rows.items()
        ),
        split,
    )


def _label(key: str, split: str, schema: Schema) -> str:
    if not split:
        return "All cases"
    said = {UNKNOWN: "Not known", "true": "Yes", "false": "No"}
    return said.get(key) or _declared(schema, split).title(key)


def _row(group: Group, line: Line, shown: Coding, rung: Rung) -> tuple[Cell, ...]:
    cells = [Cell("count", group.rated) if line.rated else HIDDEN]
    cells += [Cell("count", group.count(one.codes)) if line.counts else HIDDEN for one in shown]
    if rung == "band":
        cells.append(Cell("band", line.band) if line.band else HIDDEN)
    return tuple(cells)
