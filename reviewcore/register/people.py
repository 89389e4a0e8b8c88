"""The people of a review: who they are, what they do, to whom they report, in which language they read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.profile.lists import List
from reviewcore.register.cells import Cell, as_text, folded
from reviewcore.register.listing import Listing, open_list, read_ids, uncounted
from reviewcore.register.mapping import PEOPLE

ROLES = (
    "social worker", "probation officer", "supervisor", "manager", "union representative", "reviewer",
    "clerical", "coordinator",
)  # fmt: skip
"""The roles that every review knows; a review type may add its own."""

REQUIRED = ("person_id", "name", "email", "roles")
_NO_LETTERS = frozenset({"clerical"})
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@frozen
class Person:
    """Somebody on the people list. `roles` is never empty; what the list does not say is ""."""

    person_id: str
    name: str
    email: str
    roles: tuple[str, ...]
    unit: str = ""
    supervisor_id: str = ""
    language: str = "en"
    county: str = ""
    program: str = ""


def read_people(path: Path, listing: List, roles: tuple[str, ...]) -> tuple[Person, ...]:
    """Read the people list, `roles` being those that the review type adds; raise BadInput with every problem."""
    people, problems = people_and_problems(path, listing, roles)[1:]
    if problems:
        raise BadInput(problems)
    return people


def people_and_problems(
    path: Path, listing: List, roles: Sequence[str]
) -> tuple[Listing, tuple[Person, ...], tuple[Problem, ...]]:
    """Read the people list as far as it can be read; raise BadInput where its columns cannot be told."""
    reading = open_list(path, listing, PEOPLE, REQUIRED, "lists.people")
    known = tuple(dict.fromkeys((*ROLES, *roles)))
    rows: dict[str, int] = {}
    people: list[Person] = []
    for (number, _), person in zip(reading.table.rows, _people(reading, known), strict=True):
        if person.person_id in rows:
            first = rows[person.person_id]
            what = f"the same id as in row {first}; every person stands on the list once, with all roles"
            reading.wrong(number, "person_id", what, "twice")
        elif person.person_id:
            rows[person.person_id] = number
            people.append(person)
    _supervisors(reading, people, rows)
    if listing.control_total is not None and len(reading.table.rows) != listing.control_total:
        reading.wrong_list(uncounted("people", len(reading.table.rows), listing))
    return reading, tuple(people), reading.problems()


def _people(reading: Listing, known: Sequence[str]) -> Iterator[Person]:
    def texts(name: str, *, required: bool = False) -> list[str]:
        return [one or "" for one in reading.read(name, as_text, required=required)]

    ids = read_ids(reading, "person_id", required=True)
    names = texts("name", required=True)
    roles = [one or () for one in reading.read("roles", lambda cell: _roles(cell, known), required=True)]
    with_letters = [not held or not _NO_LETTERS.issuperset(held) for held in roles]
    emails = [one or "" for one in reading.read("email", as_email, required=with_letters)]
    languages = [one or "en" for one in reading.read("language", as_language)]
    supervisors = read_ids(reading, "supervisor_id")
    rest = (texts("unit"), supervisors, languages, texts("county"), texts("program"))
    return map(Person, ids, names, emails, roles, *rest)


def _roles(cell: Cell, known: Sequence[str]) -> tuple[str, ...]:
    by_words = {folded(role): role for role in known}
    said = [folded(part) for part in as_text(cell).split(";") if part.strip()]
    if not said:
        raise ValueError("blank, but every row needs it")
    for words in said:
        if words not in by_words:
            from difflib import get_close_matches

            near = get_close_matches(words, by_words, n=1, cutoff=0.8)
            meant = f"did you mean '{by_words[near[0]]}'?" if near else f"the roles are {', '.join(known)}"
            raise ValueError(f"unknown role; {meant} (several are parted by ';')")
    return tuple(dict.fromkeys(by_words[words] for words in said))


def as_email(cell: Cell) -> str:
    """Read a cell as one e-mail address."""
    text = as_text(cell)
    if not _EMAIL.fullmatch(text):
        raise ValueError("expected one e-mail address, as in worker@county.example")
    return text


def as_language(cell: Cell) -> str:
    """Read a cell as the code of a language."""
    text = as_text(cell)
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("expected the code of a language, such as en for English or es for Spanish")
    return text


def _supervisors(reading: Listing, people: Sequence[Person], rows: Mapping[str, int]) -> None:
    """Keep what is wrong with supervisors: not on the list, oneself, or a circle."""
    for person in people:
        if person.supervisor_id == person.person_id:
            what = "this person is their own supervisor; give the supervisor's id, or leave it blank"
            reading.wrong(rows[person.person_id], "supervisor_id", what)
        elif person.supervisor_id and person.supervisor_id not in rows:
            what = "this supervisor is not on the people list; add them as a row, or correct the id"
            reading.wrong(rows[person.person_id], "supervisor_id", what)
    for circle in _circles({person.person_id: person.supervisor_id for person in people}):
        *others, last = sorted(rows[one] for one in circle)
        what = (
            f"the people of rows {', '.join(map(str, others))} and {last} supervise each other in a circle; "
            "correct one of them"
        )
        reading.wrong(others[0], "supervisor_id", what, "circle")


def _circles(above: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield every circle of two or more, following each person to the one above."""
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        one = start
        while one in above and one not in done and one not in path:
            path[one] = None
            one = above[one]
        if one in path:
            circle = list(path)[list(path).index(one) :]
            if len(circle) > 1:
                yield circle
        done.update(path)
