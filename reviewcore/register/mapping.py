"""Which column of a county's list is which: the headings that are usual, and a proposal for a new list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from reviewcore.register.cells import clean
from reviewcore.reviewtype import ReviewType, Source

PEOPLE: Mapping[str, Sequence[str]] = {
    "person_id": ("person id", "staff id", "employee id", "employee number", "worker id", "user id", "id"),
    "name": ("name", "full name", "staff name", "employee name", "worker name", "person"),
    "email": ("email", "e-mail", "email address", "work email", "mail"),
    "roles": ("roles", "role", "position", "job title", "classification", "function"),
    "unit": ("unit", "unit name", "office", "team", "section", "work unit", "unit code"),
    "supervisor_id": ("supervisor id", "supervisor", "supervisor number", "reports to", "manager id"),
    "language": ("language", "preferred language", "language code", "correspondence language"),
    "county": ("county", "home county", "agency", "employer", "county name"),
    "program": ("program", "programme", "service area", "division", "department"),
}
"""The fields of the people list, and how their columns are usually headed."""

CASES: Mapping[str, Sequence[str]] = {
    "case_id": ("case id", "case number", "case", "case identifier", "client case number", "referral id"),
    "worker_id": (
        "worker id", "caseworker id", "worker", "caseworker", "assigned worker", "primary worker",
        "social worker", "social worker id", "probation officer", "staff id", "assigned to", "employee id",
    ),
    "family_id": ("family id", "family", "household id", "family number", "household"),
}  # fmt: skip
"""The fields of every case list that the core itself reads, and how their columns are usually headed."""

KEY_PEOPLE: Mapping[str, Sequence[str]] = {
    "case_id": CASES["case_id"],
    "name": ("name", "full name", "key person", "person", "who"),
    "email": PEOPLE["email"],
    "role": ("role", "relationship", "role in the case", "relation to the child", "relation"),
    "consent": ("consent", "consent given", "agreed", "agrees", "consented"),
    "interpreter": ("interpreter", "interpreter language", "interpreter needed", "language"),
    "place": ("place", "where", "interview place", "location", "meeting place"),
}
"""The fields of the list of key people that the core itself reads, and how their columns are usually headed."""

_SAME = {"no": "number", "num": "number", "nbr": "number", "nr": "number", "identifier": "id", "ids": "id"}
_NEAR = 0.84  # a slip of the pen in a heading of some length; "worker name" is not "worker id"


def case_fields(source: Source) -> Mapping[str, Sequence[str]]:
    """Return the fields of a type's case list with their usual headings: its own by name and words."""
    return {**CASES, **{field.name: (field.name, field.said()) for field in source.fields}}


def key_people_fields(source: Source) -> Mapping[str, Sequence[str]]:
    """Return the fields of a type's list of key people with their usual headings."""
    return {**KEY_PEOPLE, **{field.name: (field.name, field.said()) for field in source.fields}}


LEVEL: Final = "level"
"""The optional column of an extract that says whether a row is of a part or of the whole, such as "Geo type"."""


def extract_fields(source: Source) -> Mapping[str, Sequence[str]]:
    """Return the fields of an extract with their usual headings: its own by name and words."""
    return {LEVEL: (LEVEL, "geo type"), **{one.name: (one.name, one.said()) for one in source.fields}}


def wanted_lists(kind: ReviewType) -> dict[str, Mapping[str, Sequence[str]]]:
    """Return the lists that a review of this type needs before it begins, with their fields' usual headings."""
    cases = {one.name: case_fields(one) for one in kind.of_kind("cases")}
    return {"people": PEOPLE, **cases, **{one.name: extract_fields(one) for one in kind.of_kind("extract")}}


def likeliest(
    proposed: Mapping[str, Mapping[str, str]], wanted: Mapping[str, Mapping[str, Sequence[str]]]
) -> str:
    """Return which list a file is by the columns `proposed` of each; "" where it is none.

    A list of cases is known by their ids. Else it is the list most of whose fields were found: of an
    extract that has all fields of another, the other has the smaller share of its own.
    """
    if "case_id" in proposed.get("cases", ()):
        return "cases"
    found = {name: (len(columns) / len(wanted[name]), len(columns)) for name, columns in proposed.items()}
    best = max(found, key=lambda name: found[name])
    return best if found[best][1] else ""


def propose(headings: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return for each wanted field the heading that most likely means it, where one does.

    Case, spaces, punctuation and small slips do not matter. No heading is given to two fields, and one
    that stands twice is given to none. Fields keep the order in which they are wanted.

    >>> propose(["Case No.", "Assigned Worker", "Notes"], CASES)
    {'case_id': 'Case No.', 'worker_id': 'Assigned Worker'}
    """
    cleaned = [clean(heading) for heading in headings]
    single = [heading for heading in cleaned if heading and cleaned.count(heading) == 1]
    pairs = sorted(
        (-score, rank, column, field, heading)
        for field, usual in wanted.items()
        for column, heading in enumerate(single)
        for score, rank in [_likeness(heading, (field, *usual))]
        if score >= _NEAR
    )
    found: dict[str, str] = {}
    for _, _, _, field, heading in pairs:
        if field not in found and heading not in found.values():
            found[field] = heading
    return {field: found[field] for field in wanted if field in found}


def _likeness(heading: str, usual: Sequence[str]) -> tuple[float, int]:
    """Return how like a heading is to the nearest of the usual ones, and the rank of that one."""
    from difflib import SequenceMatcher

    words = _words(heading)
    best = (0.0, 0)
    for rank, one in enumerate(usual):
        other = _words(one)
        if words == other:
            return 1.0, rank
        if sorted(words) == sorted(other):
            score = 0.95
        elif words and other and words[-1] != other[-1] and {words[-1], other[-1]} & {"id", "name", "number"}:
            continue  # an id is not a name, however alike the words before it
        else:
            score = SequenceMatcher(None, " ".join(words), " ".join(other), autojunk=False).ratio() * 0.94
        best = max(best, (score, rank), key=lambda pair: (pair[0], -pair[1]))
    return best


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a heading in small letters: "CaseID", "case_id" and "Case ID" alike."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", clean(text)).replace("#", " number ").casefold()
    parted = re.sub(r"\be-mail\b", "email", parted)
    return tuple(_SAME.get(word, word) for word in re.findall(r"[^\W_]+", parted))
