"""The stage itself: check both lists, seal what they hold, and give the draw its blinded rows."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.language import Value
from reviewcore.register.cases import CaseRow, cases_and_problems
from reviewcore.register.extracts import ExtractRow, extract_and_problems
from reviewcore.register.people import Person, people_and_problems
from reviewcore.reviewtype import ReviewType
from reviewcore.selection.values import FrameRow

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.records import Records
    from reviewcore.store.vault import Vault

Record = Mapping[str, Any]


class Blind(Protocol):
    """Turns ids into the commitments C, P and U of selection.md section 4: 64 hex digits each."""

    def case(self, case_id: str) -> str:
        """Return the pseudonym of a case."""
        ...

    def worker(self, person_id: str) -> str:
        """Return the pseudonym of a person."""
        ...

    def unit(self, name: str) -> str:
        """Return the pseudonym of a unit."""
        ...


@frozen
class Lists:
    """What the lists hold: people, cases, the rows of each extract; each file's digest and its columns."""

    people: tuple[Person, ...]
    cases: tuple[CaseRow, ...]
    extracts: Mapping[str, tuple[ExtractRow, ...]]
    digests: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    def counts(self) -> dict[str, list[list[Any]]]:
        """Return the rows of each extract as the log keeps them."""
        return {
            name: sorted(([*one.key, *one.counts] for one in rows), key=str)
            for name, rows in self.extracts.items()
        }


def check(folder: Path, profile: Profile, review_type: ReviewType) -> Lists:
    """Read all lists and write nothing; raise BadInput with every problem of all."""
    return _read(folder, profile, review_type)


def register(
    records: Records,
    vault: Vault,
    blind: Blind,
    folder: Path,
    profile: Profile,
    review_type: ReviewType,
) -> None:
    """Read both lists, seal people and cases in the vault, and log that they were read.

    Done again with the same lists it changes nothing, and after a crash it ends what was begun. Once the
    draw is committed, the sealed list stands: then a list that would change it is refused, and so is one
    from which somebody is missing. People may still be added and corrected (a mended e-mail address, a
    reviewer who stands in); that is logged as a further reading. A database goes on living: what was sealed
    from its table stands, and the table is not read again.
    """
    last = records.log.last("register.read")
    committed = records.log.last("selection.committed") is not None
    live = committed and "cases" in profile.lists and profile.lists["cases"].in_database
    lists = _read(folder, profile, review_type, with_cases=not live)
    people = {person.person_id: _person(person, blind) for person in lists.people}
    cases: Mapping[str, Record] = {case.case_id: _case(case, blind) for case in lists.cases}
    body = _body(profile, lists)
    before = {kind: vault.all(kind) for kind in ("person", "case")}
    if live and last and last.body:
        cases = {case["case_id"]: case for case in before["case"]}
        body["cases"] = last.body["cases"]
        for name in ("digests", "sheets", "columns"):
            body[name] = {**body[name], "cases": last.body[name]["cases"]}
    if committed:
        _stands(before, people, cases)
        cases = {one["case_id"]: one for one in before["case"]}  # in the order that was sealed
    tabulated = records.log.last("aggregation.frozen") and last and last.body
    if tabulated and tabulated.get("extracts") != body.get("extracts"):
        raise Refused(
            "tables have been made of the extracts, and an extract has changed since; put it back as it was, or "
            "begin a new review for the new figures"
        )
    for kind, sealed in (("person", people), ("case", cases)):
        if before[kind] != tuple(sealed.values()):
            vault.put_all(kind, sealed, replace=True)
    if last is None or last.body != body:
        records.log.append("register.read", body)


def in_clear(vault: Vault) -> tuple[tuple[str, str, str], ...]:
    """Return every listed case in clear, for those to whom sealed lines are opened: its id, worker's id, unit."""
    units = {person["person_id"]: person["unit"] for person in vault.all("person")}
    return tuple(
        (case["case_id"], case["worker_id"], units[case["worker_id"]] or "") for case in vault.all("case")
    )


def frame(
    vault: Vault, member: Callable[[str], str], blind: Blind, review_type: ReviewType
) -> tuple[FrameRow, ...]:
    """Return the listed cases, blinded, in the order of the list.

    Cases of one family have the same `family`, and its name in the agency's ledger as `member`; a case
    without a family is a family of its own. `unit` is that of the worker.
    """
    dates = [field.name for field in review_type.cases().fields if field.kind == "date"]
    units = {person["person_id"]: person["unit"] for person in vault.all("person")}
    unit = {name: blind.unit(name) if name else "" for name in set(units.values())}
    worker = {one: blind.worker(one) for one in units}
    named: dict[str, tuple[str, str]] = {}
    family = vault.key.derive("family")
    rows = []
    for case in vault.all("case"):
        fields: dict[str, Value] = dict(case["fields"])
        for name in dates:
            if isinstance(text := fields.get(name), str):
                fields[name] = date.fromisoformat(text)
        # "family" and "case" keep a family's id apart from a case's that reads the same
        whose = f"family\n{case['family_id']}" if case["family_id"] else f"case\n{case['case_id']}"
        if whose not in named:
            named[whose] = hmac.digest(family, whose.encode(), "sha256").hex(), member(whose)
        by = case["worker_id"]
        rows.append(FrameRow(case["pseudonym"], worker[by], unit[units[by]], *named[whose], fields))
    return tuple(rows)


def _read(folder: Path, profile: Profile, review_type: ReviewType, *, with_cases: bool = True) -> Lists:
    problems: list[Problem] = []
    people: tuple[Person, ...] = ()
    cases: tuple[CaseRow, ...] = ()
    digests: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    workers: set[str] | None = None
    lists = profile.lists
    try:
        reading, people, found = people_and_problems(
            folder / lists["people"].file, lists["people"], review_type.roles
        )
        digests["people"], columns["people"] = reading.table.sha256, reading.mapping()
        workers = {person.person_id for person in people}
        problems += found
    except BadInput as error:
        problems += error.problems
    for source in review_type.of_kind("cases") if with_cases else ():
        listing = lists[source.name]
        try:
            reading, cases, found = cases_and_problems(folder / listing.file, listing, source, workers)
            digests[source.name], columns[source.name] = reading.table.sha256, reading.mapping()
            problems += found
        except BadInput as error:
            problems += error.problems
    extracts: dict[str, tuple[ExtractRow, ...]] = {}
    for source in review_type.of_kind("extract"):
        listing = lists[source.name]
        try:
            reading, rows, found = extract_and_problems(folder / listing.file, listing, source)
            digests[source.name], columns[source.name] = reading.table.sha256, reading.mapping()
            extracts[source.name] = rows
            problems += found
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    return Lists(people, cases, extracts, digests, columns)


def _person(person: Person, blind: Blind) -> Record:
    return {
        "person_id": person.person_id, "name": person.name, "email": person.email,
        "roles": list(person.roles), "unit": person.unit, "supervisor_id": person.supervisor_id,
        "language": person.language, "county": person.county, "program": person.program,
        "pseudonym": blind.worker(person.person_id),
    }  # fmt: skip


def _case(case: CaseRow, blind: Blind) -> Record:
    fields = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in case.fields.items()
    }
    return {
        "case_id": case.case_id, "worker_id": case.worker_id, "family_id": case.family_id,
        "fields": fields, "pseudonym": blind.case(case.case_id),
    }  # fmt: skip


def _body(profile: Profile, lists: Lists) -> dict[str, Any]:
    """Return the event: counts, and from which columns of which files the lists were read."""
    roles = Counter(role for person in lists.people for role in person.roles)
    extracts = lists.counts()
    cases = profile.lists.get("cases")
    return {
        "people": len(lists.people),
        "cases": len(lists.cases),
        "roles": dict(sorted(roles.items())),
        "languages": {
            role: sorted({person.language for person in lists.people if role in person.roles})
            for role in sorted(roles)
        },
        "control_total": cases.control_total if cases else None,
        "control_source": cases.control_source if cases else "",
        **({"extracts": extracts} if extracts else {}),
        "digests": lists.digests,
        "sheets": {name: profile.lists[name].sheet for name in lists.digests},
        "columns": lists.columns,
    }


def _stands(
    before: Mapping[str, tuple[Record, ...]], people: Mapping[str, Record], cases: Mapping[str, Record]
) -> None:
    """Refuse lists that would change the sealed list, or leave out somebody who may already be asked for."""
    units = {person["person_id"]: person["unit"] for person in before["person"]}
    workers = {case["worker_id"] for case in before["case"]}
    if {case["case_id"]: case for case in before["case"]} != cases:  # in whatever order they are listed
        changed = "the case list has changed since"
    elif any(one not in people for one in units):
        changed = "somebody is no longer on the people list"
    elif any(people[worker]["unit"] != units[worker] for worker in workers):
        changed = "a worker's unit has changed on the people list since"
    else:
        return
    raise Refused(
        f"the case selection is already committed, and {changed}; put back the lists as they were (people may "
        "be added and their names, addresses, languages and supervisors corrected), or begin a new review"
    )
