"""Made-up people: names put together from parts, mail to `.example` (RFC 2606), and no telephone number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import AttrsInstance, asdict, fields, frozen

from reviewcore.demo.chance import Chance
from reviewcore.demo.names import first_names, surnames


@frozen
class Person:
    """A row of the people list, under its headings."""

    person_id: str
    name: str
    email: str
    roles: str
    unit: str
    supervisor_id: str
    language: str
    county: str
    program: str


class Names:
    """Names that nobody else has, in an order that the seed gives."""

    def __init__(self, seed: str, taken: Sequence[str] = ()) -> None:
        chance = Chance(seed, "names")
        self._taken = frozenset(taken)
        self._first = chance.shuffled(first_names())
        self._last = chance.shuffled(surnames())
        self._given = 0

    def next(self) -> str:
        """Return the next name."""
        place, self._given = self._given, self._given + 1
        first, last = self._first[place % len(self._first)], self._last[place % len(self._last)]
        round_ = place // len(self._last)
        name = f"{first} {last}" + (f"-{self._last[(place + round_) % len(self._last)]}" if round_ else "")
        return self.next() if name in self._taken else name


class Staff:
    """The people so far."""

    def __init__(self, county: str) -> None:
        self.county = county
        self.people: list[Person] = []
        self.names = Names(county)

    def add(
        self,
        role: str,
        unit: str = "",
        supervisor: Person | None = None,
        county: str = "",
        program: str = "",
        language: str = "en",
    ) -> Person:
        """Add somebody to the list and return them; without a county they are of this one."""
        name, home = self.names.next(), county or self.county
        person = Person(
            f"E{len(self.people) + 1001:05}", name, mail(name, home), role, unit,
            supervisor.person_id if supervisor else "", language, home, program,
        )  # fmt: skip
        self.people.append(person)
        return person


def mail(name: str, home: str) -> str:
    """Return an address at which nobody can be reached.

    >>> mail("Wren Ashfell", "Alder")
    'wren.ashfell@alder.example'
    """
    return f"{name.replace(' ', '.').lower()}@{home.lower()}.example"


def write_list(path: Path, kind: type[AttrsInstance], rows: Sequence[AttrsInstance]) -> None:
    """Write a list as a county's system exports it."""
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(one.name for one in fields(kind))
        writer.writerows(asdict(row).values() for row in rows)
