"""The key people of the drawn cases: who is interviewed besides the case's own worker (QSR-3).

The list is there once the draw is made; it may be corrected and grow as long as the review goes on.
Somebody who is listed for two cases is one person, so that nobody is asked to be in two places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import define, evolve, field, frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.language import Value
from reviewcore.profile.lists import List
from reviewcore.register.cells import Cell, as_choice, as_text, as_value, blank, folded
from reviewcore.register.listing import Listing, open_list, read_ids
from reviewcore.register.mapping import key_people_fields
from reviewcore.register.people import as_email, as_language
from reviewcore.reviewtype import ReviewType, Source
from reviewcore.selection.values import standing

if TYPE_CHECKING:
    from reviewcore.profile.settings import Profile
    from reviewcore.store.records import Records
    from reviewcore.store.vault import Vault

READ = "register.key_people"
CONSENT = ("yes", "no", "asked")
REQUIRED = ("case_id", "name", "role", "consent")

Record = Mapping[str, Any]


@frozen
class KeyPerson:
    """A row of the list. `consent` is yes, no or asked, "" where none is needed; `row` is its place on the list."""

    row: int
    case_id: str
    name: str
    email: str
    role: str
    consent: str
    interpreter: str
    place: str
    fields: Mapping[str, Value]


class Blind(Protocol):
    """Turns an id into a person's pseudonym."""

    def worker(self, person_id: str) -> str:
        """Return the pseudonym of a person."""
        ...


def read_key_people(
    path: Path, listing: List, source: Source, workers: Mapping[str, str]
) -> tuple[Listing, tuple[KeyPerson, ...]]:
    """Read the list; raise BadInput with every problem. `workers` has the cases that may be on it.

    Its values are the e-mail addresses of their workers. A row with nothing but a case's id is passed over.
    """
    required = (*REQUIRED, *(one.name for one in source.fields if one.required))
    whole = open_list(path, listing, key_people_fields(source), required, f"lists.{source.name}")
    at = whole.columns["case_id"]
    filled = [row for row in whole.table.rows if not all(blank(c) for n, c in enumerate(row[1]) if n != at)]
    reading = Listing(evolve(whole.table, rows=tuple(filled)), whole.columns)
    people = _people(reading, source)
    _hold(reading, people, workers)
    if wrong := reading.problems():
        raise BadInput(wrong)
    return reading, people


def _people(reading: Listing, source: Source) -> tuple[KeyPerson, ...]:

    def texts(name: str, *, required: bool = False) -> list[str]:
        return [one or "" for one in reading.read(name, as_text, required=required)]

    case_ids = read_ids(reading, "case_id", required=True)
    names = texts("name", required=True)
    emails = [one or "" for one in reading.read("email", as_email)]
    roles = [
        one or "" for one in reading.read("role", lambda cell: as_choice(cell, source.roles), required=True)
    ]
    consents = [one or "" for one in reading.read("consent", _consent)]
    spoken = [one or "" for one in reading.read("interpreter", as_language)]
    numbers = [number for number, _ in reading.table.rows]
    for number, role, cell in zip(numbers, roles, reading.cells("consent"), strict=True):
        if role in source.consent and blank(cell):
            what = f"blank, but whether a {role} agrees must be on record: yes, no, or asked until there is an answer"
            reading.wrong(number, "consent", what)
    declared = {
        one.name: reading.read(one.name, partial(as_value, field=one), required=one.required)
        for one in source.fields
    }
    fields = [{name: column[place] for name, column in declared.items()} for place in range(len(numbers))]
    return tuple(
        map(KeyPerson, numbers, case_ids, names, emails, roles, consents, spoken, texts("place"), fields)
    )


def _consent(cell: Cell) -> str:
    text = folded(as_text(cell))
    if text not in CONSENT:
        raise ValueError("expected yes, no, or asked where there is no answer yet")
    return text


def _hold(reading: Listing, people: Sequence[KeyPerson], workers: Mapping[str, str]) -> None:
    """Keep what is wrong with rows together: cases that were not drawn, somebody twice, a case's own worker."""
    rows: dict[tuple[str, str, str], int] = {}
    for one in people:
        if one.case_id and one.case_id not in workers:
            what = "this case is not in the review; list the key people of the drawn cases alone"
            reading.wrong(one.row, "case_id", what)
        if one.email and workers.get(one.case_id, "").casefold() == one.email.casefold():
            what = "this is the case's own worker, who is interviewed anyway; take the row out"
            reading.wrong(one.row, "email", what)
        known = (one.case_id, folded(one.name), one.role)
        if all(known) and known in rows:
            what = f"the same name and role for the same case as in row {rows[known]}; keep one of them"
            reading.wrong(one.row, "name", what, "twice")
        rows.setdefault(known, one.row)


# -- who is who ---------------------------------------------------------------------------------------


@define
class _Known:
    """Somebody under one pseudonym: the addresses and the names with roles by which they are known."""

    pseudonym: str
    emails: set[str] = field(factory=set)
    names: set[tuple[str, str]] = field(factory=set)

    def fits(self, person: KeyPerson) -> int:
        """Return how surely this is that person: by address and name 2, by one of them 1, else 0."""
        mail, name = person.email.casefold(), (folded(person.name), person.role)
        by_mail = bool(mail) and mail in self.emails
        by_name = name in self.names and (not mail or not self.emails or by_mail)
        return by_mail + by_name

    def learn(self, person: KeyPerson) -> None:
        """Remember one more way in which the person is listed."""
        self.emails |= {person.email.casefold()} - {""}
        self.names.add((folded(person.name), person.role))


def pseudonyms(
    people: Iterable[KeyPerson], staff: Iterable[Record], before: Iterable[Record], blind: Blind
) -> dict[int, str]:
    """Return by row who each person is: an e-mail address, or name and role, make one person of two rows.

    Two rows of one case are two people, such as parents who share an address. Whoever was known `before`
    keeps their pseudonym when their name or address is corrected; `staff` are known by their address.
    """
    known: dict[str, _Known] = {}
    for record in staff:
        if record["email"]:
            one = known.setdefault(record["pseudonym"], _Known(record["pseudonym"]))
            one.emails.add(record["email"].casefold())
    for record in before:
        one = known.setdefault(record["pseudonym"], _Known(record["pseudonym"]))
        one.emails |= {record["email"].casefold()} - {""}
        one.names.add((folded(record["name"]), record["role"]))
    found: dict[int, str] = {}
    taken: dict[str, set[str]] = {}
    for person in people:
        here = taken.setdefault(person.case_id, set())
        likely = [one for one in known.values() if one.pseudonym not in here and one.fits(person)]
        if likely:
            same = max(likely, key=lambda one: one.fits(person))
        else:
            same = _Known(_new(person, known, blind))
            known[same.pseudonym] = same
        same.learn(person)
        here.add(same.pseudonym)
        found[person.row] = same.pseudonym
    return found


def _new(person: KeyPerson, known: Mapping[str, object], blind: Blind) -> str:
    identity, again = f"key person / {person.case_id} / {folded(person.name)} / {person.role}", 0
    while (made := blind.worker(f"{identity} / {again}")) in known:
        again += 1
    return made


# -- the stage ----------------------------------------------------------------------------------------


def check_key_people(
    folder: Path, profile: Profile, kind: ReviewType, cases: Mapping[str, str], people: Mapping[str, str]
) -> list[Problem]:
    """Return what is wrong with the list, where there is one yet; `cases` has each case's worker.

    `people` has the e-mail address of everybody on the people list, by id.
    """
    source = kind.key_people()
    if source is None or not (path := folder / profile.lists[source.name].file).exists():
        return []
    try:
        read_key_people(
            path, profile.lists[source.name], source, {c: people.get(w, "") for c, w in cases.items()}
        )
    except BadInput as error:
        return list(error.problems)
    return []


def register_key_people(
    records: Records, vault: Vault, blind: Blind, folder: Path, profile: Profile, kind: ReviewType
) -> None:
    """Read the list of key people, where the review has one and the draw is made, and seal it in the vault.

    A list that is not there yet is waited for. Done again with the same list it changes nothing.
    """
    source, drawn = kind.key_people(), records.log.last("selection.drawn")
    if source is None or drawn is None or drawn.body is None:
        return
    listing = profile.lists[source.name]
    if not (folder / listing.file).exists() and records.log.last(READ) is None:
        return
    replaced = [event.body for event in records.log.events("selection.replaced") if event.body]
    selected = {one["case"] for one in standing(drawn.body, replaced)}
    staff = vault.all("person")
    emails = {one["person_id"]: one["email"] for one in staff}
    cases = {one["case_id"]: one for one in vault.all("case") if one["pseudonym"] in selected}
    workers = {name: emails.get(one["worker_id"], "") for name, one in cases.items()}
    reading, people = read_key_people(folder / listing.file, listing, source, workers)
    before = vault.all("key person")
    who = pseudonyms(people, staff, before, blind)
    sealed = {
        f"{cases[one.case_id]['pseudonym']}/{who[one.row]}": _record(one, who[one.row], cases[one.case_id])
        for one in people
    }
    if before != tuple(sealed.values()):
        vault.put_all("key person", sealed, replace=True)
    body = {
        "listed": len(people),
        "people": len(set(who.values())),
        "cases": len({one.case_id for one in people}),
        "digest": reading.table.sha256,
        "sheet": listing.sheet,
        "columns": reading.mapping(),
    }
    last = records.log.last(READ)
    if last is None or last.body != body:
        records.log.append(READ, body)


def _record(person: KeyPerson, pseudonym: str, case: Record) -> Record:
    return {
        "pseudonym": pseudonym, "case": case["pseudonym"], "case_id": person.case_id, "row": person.row,
        "name": person.name, "email": person.email, "role": person.role, "consent": person.consent,
        "interpreter": person.interpreter, "place": person.place,
        "fields": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in person.fields.items()
        },
    }  # fmt: skip
