"""The case list: every case with its worker, its family where the list has one, and the declared fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewcore.errors import BadInput, Problem
from reviewcore.language import Value
from reviewcore.profile.lists import List
from reviewcore.register.cells import as_value
from reviewcore.register.listing import Listing, open_list, read_ids, rows_of, uncounted
from reviewcore.register.mapping import case_fields
from reviewcore.reviewtype import Source
from reviewcore.uncollected import each

if TYPE_CHECKING:
    from reviewcore.register.people import Person


class CaseRow(NamedTuple):
    """A listed case. `family_id` is "" where the list has none; `fields` has every declared field.

    Cases that are alike in all fields share them.
    """

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
    path: Path, listing: List, source: Source, workers: Set[str] | None
) -> tuple[Listing, tuple[CaseRow, ...], tuple[Problem, ...]]:
    """Read the case list as far as it can be read; raise BadInput where its columns cannot be told.

    `workers` is None where the people list could not be read: then nobody is looked up on it.
    """
    reading = open_list(path, listing, case_fields(source), required(source), "lists.cases")
    cases = cases_of(reading, source, workers)
    if listing.control_total is not None and len(reading.table.rows) != listing.control_total:
        reading.wrong_list(uncounted("cases", len(reading.table.rows), listing))
    return reading, cases, reading.problems()


def required(source: Source) -> tuple[str, ...]:
    """Return the fields that every row of a case list needs."""
    return ("case_id", "worker_id", *(field.name for field in source.fields if field.required))


def cases_of(reading: Listing, source: Source, workers: Set[str] | None) -> tuple[CaseRow, ...]:
    """Return the cases of a list, or of a part of one; what is wrong with them is kept in `reading`."""
    case_ids = read_ids(reading, "case_id", required=True)
    worker_ids = read_ids(reading, "worker_id", required=True)
    family_ids = read_ids(reading, "family_id")
    names = [field.name for field in source.fields]
    values = rows_of(
        (
            reading.read(field.name, partial(as_value, field=field), required=field.required)
            for field in source.fields
        ),
        reading,
    )
    if workers is not None and not workers >= set(worker_ids) - {""}:
        without_zeros = {worker.lstrip("0") for worker in workers}
        for (number, _), worker in zip(reading.table.rows, worker_ids, strict=True):
            if worker and worker not in workers:
                what = "this worker is not on the people list; add them there, or correct the id"
                if worker.lstrip("0") in without_zeros:
                    what += " (it is there with other zeros in front: keep ids as text in both lists)"
                reading.wrong(number, "worker_id", what)
    fields = {said: dict(zip(names, said, strict=True)) for said in set(values)}
    if "" not in case_ids and len(set(case_ids)) == len(case_ids):
        return tuple(each(CaseRow, case_ids, worker_ids, family_ids, map(fields.__getitem__, values)))
    rows: dict[str, int] = {}
    cases: list[CaseRow] = []
    for (number, _), case, worker, family, said in zip(
        reading.table.rows, case_ids, worker_ids, family_ids, values, strict=True
    ):
        if case in rows:
            what = f"the same id as in row {rows[case]}; every case stands on the list once"
            reading.wrong(number, "case_id", what, "twice")
        elif case:
            rows[case] = number
            cases.append(CaseRow(case, worker, family, fields[said]))
    return tuple(cases)
