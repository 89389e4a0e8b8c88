"""A made-up county with a quality service review: its people, its cases, and the key people of those drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import astuple, fields, frozen

from reviewcore.demo.chance import Chance
from reviewcore.demo.people import Names, Person, Staff, mail, write_list

AREAS = ("North Valley", "River", "South Hills")
_WORKERS_A_UNIT = 6
_CASELOAD = 5.0
_GROUPS = {"service provider": 16, "foster parent": 16, "community partner": 12, "legal advocate": 8}
_SPANISH = 0.2  # the share of families, and of foster parents, who read Spanish
_POOL = {"child's attorney": 4, "parent's attorney": 5, "agency attorney": 2, "court advocate": 4}
"""Professionals who are key people of several cases, and how many of each the county has."""


@frozen
class Case:
    """A row of the case list, under its headings."""

    case_id: str
    worker_id: str
    family_id: str
    setting: str
    service_area: str
    age: int
    formal_school: str


@frozen
class KeyPerson:
    """A row of the list of key people, under its headings."""

    case_id: str
    name: str
    email: str
    role: str
    consent: str
    interpreter: str
    place: str


@frozen
class Cedar:
    """The county's lists."""

    name: str
    people: tuple[Person, ...]
    cases: tuple[Case, ...]

    def write(self, folder: Path) -> None:
        """Write `people.csv` and `cases.csv` into a folder."""
        write_list(folder / "people.csv", Person, self.people)
        write_list(folder / "cases.csv", Case, self.cases)

    def key_people(self, drawn: Sequence[str]) -> tuple[KeyPerson, ...]:
        """Make up eight to twelve key people for each drawn case; some professionals have several cases."""
        chance, names = Chance(self.name, "key people"), Names(self.name, tuple(p.name for p in self.people))
        pool = {role: [names.next() for _ in range(number)] for role, number in _POOL.items()}
        cases = {one.case_id: one for one in self.cases}
        return tuple(
            row for case_id in sorted(drawn) for row in _key_people(cases[case_id], pool, names, chance)
        )

    def write_key_people(self, path: Path, drawn: Sequence[str]) -> None:
        """Write the list of key people as a workbook, as the review office fills it in."""
        from xlsxwriter import Workbook

        book = Workbook(str(path))
        book.set_properties({"created": datetime(2027, 1, 4, tzinfo=UTC)})  # the same bytes every time
        page = book.add_worksheet("Key people")
        rows = [tuple(one.name for one in fields(KeyPerson)), *map(astuple, self.key_people(drawn))]
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                page.write_string(row, column, text)
        book.close()


def make(name: str = "Cedar", cases: int = 400, teams: int = 10, areas: tuple[str, ...] = AREAS) -> Cedar:
    """Make up a county with so many open cases, and two reviewers for each team; the name alone seeds it."""
    chance, staff = Chance(name, "county"), Staff(name)
    manager = staff.add("manager", "Administration")
    workers: list[Person] = []
    for unit in range(-(-round(cases / _CASELOAD) // _WORKERS_A_UNIT)):
        unit_name = f"Unit {unit + 1}"
        supervisor = staff.add("supervisor", unit_name, manager)
        workers += [staff.add("caseworker", unit_name, supervisor) for _ in range(_WORKERS_A_UNIT)]
    staff.add("coordinator", "Review office", manager)
    for _ in range(2):
        staff.add("facilitator", "Review office", manager)
    for place in range(2 * teams):
        staff.add("reviewer", "Quality office", manager, county="" if place % 2 else "Sycamore")
    for role, number in _GROUPS.items():
        for _ in range(number):
            spanish = role == "foster parent" and chance.happens(_SPANISH)
            staff.add(role, language="es" if spanish else "en")
    return Cedar(name, tuple(staff.people), tuple(_cases(chance, workers, cases, areas)))


def _cases(chance: Chance, workers: Sequence[Person], number: int, areas: tuple[str, ...]) -> list[Case]:
    weights = [chance.uneven() for _ in workers]
    family = 0
    cases: list[Case] = []
    for place in range(number):
        if not place or not chance.happens(0.15):  # else one more case of the family before
            family += 1
        worker = workers[place] if place < len(workers) else chance.weighed(workers, weights)
        age = chance.below(18)
        unit = int(worker.unit.split()[-1])
        cases.append(
            Case(
                f"CF-{place * 7 + 1300:06}", worker.person_id, f"F-{family + 500:05}",
                "out-of-home" if chance.happens(0.55) else "in-home", areas[unit % len(areas)], age,
                "yes" if age >= 6 or (age == 5 and chance.happens(0.6)) else "no",
            )
        )  # fmt: skip
    return chance.shuffled(cases)


def _key_people(case: Case, pool: dict[str, list[str]], names: Names, chance: Chance) -> list[KeyPerson]:
    language = "es" if chance.happens(_SPANISH) else ""
    away = case.setting == "out-of-home"
    family = [role for role, share in (("child or youth", 1.0 if case.age > 3 else 0), ("mother", 0.9),
              ("father", 0.6), ("substitute caregiver", 1.0 if away else 0), ("other family", 0.8))
              if chance.happens(share)]  # fmt: skip
    partners = ["child's attorney", *(["court advocate"] if away else []), "parent's attorney", "therapist",
                "service provider", "doctor or nurse"]  # fmt: skip
    partners += ["school staff"] if case.formal_school == "yes" else ["service provider"]
    partners += ["agency attorney"] if chance.happens(0.4) else []
    rows = []
    for role in [*family, *partners][: 8 + chance.below(4)]:
        home = role in family
        name = chance.one_of(pool[role]) if role in pool else names.next()
        written = not home or (role != "child or youth" and chance.happens(0.7))
        consent = chance.weighed(("yes", "asked", "no"), (0.78, 0.12, 0.10)) if home else ""
        place = chance.weighed(("", "at the family's home", "at school", "by video"), (0.6, 0.25, 0.1, 0.05))
        rows.append(
            KeyPerson(
                case.case_id, name, mail(name, "mail" if home else "partners") if written else "", role, consent,
                language if home else "", place if home else "",
            )
        )  # fmt: skip
    return rows
