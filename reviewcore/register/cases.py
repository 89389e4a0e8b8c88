"""The case list: every case with its worker, its family where the list has one, and the declared fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.language import Field, Value
from reviewcore.profile.settings import List
from reviewcore.register.cells import Cell, Row, as_value
from reviewcore.register.listing import Listing, open_list, read_ids
from reviewcore.register.mapping import case_fields
from reviewcore.register.people import Person, uncounted
from reviewcore.reviewtype import Source


@frozen
class CaseRow:
    """A listed case. `family_id` is "" where the list has none; `fields` has every declared field."""

    case_id: str
    worker_id: str
    family_id: str
    fields: Mapping[str, Value]


def read_cases(path: Path, listing: List, source: Source, people: Sequence[Person]) -> tuple[CaseRow, ...]:
    """Read the case list; raise BadInput with every problem. Each case's worker must be one of `people`."""
    cases, problems = cases_and_problems(path, listing, source, {person.person_id for person in people})[1:]
    if problems:
        raise BadInput(problems)
    return cases


def cases_and_problems(
    path: Path, listing: List, source: Source, workers: Collection[str] | None
) -> tuple[Listing, tuple[CaseRow, ...], tuple[Problem, ...]]:
    """Read the case list as far as it can be read; raise BadInput where its columns cannot be told.

    `workers` is None where the people list could not be read: then nobody is looked up on it.
    """
    required = ("case_id", "worker_id", *(field.name for field in source.fields if field.required))
    reading = open_list(path, listing, case_fields(source), required, "lists.cases")
    reading.ids("case_id", "worker_id", "family_id")
    without_zeros = {worker.lstrip("0") for worker in workers or ()}
    rows: dict[str, int] = {}
    cases: list[CaseRow] = []
    for row in reading.table.rows:
        case = _case(reading, row, source.fields)
        if case.worker_id and workers is not None and case.worker_id not in workers:
            what = "this worker is not on the people list; add them there, or correct the id"
            if case.worker_id.lstrip("0") in without_zeros:
                what += " (it is there with other zeros in front: keep ids as text in both lists)"
            reading.wrong(row[0], "worker_id", what)
        if case.case_id in rows:
            what = f"the same id as in row {rows[case.case_id]}; every case stands on the list once"
            reading.wrong(row[0], "case_id", what, "twice")
        elif case.case_id:
            rows[case.case_id] = row[0]
            cases.append(case)
    if listing.control_total is not None and len(reading.table.rows) != listing.control_total:
        reading.wrong_list(uncounted("cases", len(reading.table.rows), listing))
    return reading, tuple(cases), reading.problems()


def _case(reading: Listing, row: Row, fields: Sequence[Field]) -> CaseRow:
    values: dict[str, Value] = {}
    for field in fields:

        def typed(cell: Cell, field: Field = field) -> Value:
            return as_value(cell, field)

        values[field.name] = reading.read(row, field.name, typed, required=field.required)
    return CaseRow(
        read_ids(reading, row, "case_id", required=True),
        read_ids(reading, row, "worker_id", required=True),
        read_ids(reading, row, "family_id"),
        values,
    )
