"""A made-up county with a peer review: its people and its case list, always the same for the same text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from attrs import frozen

from reviewcore.demo.chance import Chance
from reviewcore.demo.people import Person, Staff, write_list

Program = Literal["child-welfare", "probation"]

PEERS = ("Cottonwood", "Hawthorn", "Juniper")
"""The made-up counties that send reviewers."""

_PLACEMENTS = ("with-parent", "relative", "foster-home", "group-home", "own-place")
_PLACED: dict[Program, tuple[float, ...]] = {
    "child-welfare": (0.24, 0.32, 0.34, 0.08, 0.02),
    "probation": (0.48, 0.12, 0.06, 0.24, 0.10),
}
_WORKERS: dict[Program, tuple[str, float]] = {
    "child-welfare": ("social worker", 0.7),
    "probation": ("probation officer", 0.3),
}
_WORKERS_A_UNIT = 6


@frozen
class Case:
    """A row of the case list, under its headings."""

    case_id: str
    worker_id: str
    family_id: str
    program: Program
    placement: str
    months_open: int
    focus: str


@frozen
class County:
    """A made-up county's two lists."""

    name: str
    people: tuple[Person, ...]
    cases: tuple[Case, ...]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write `people.csv` and `cases.csv` into a folder and return where they are."""
        people, cases = folder / "people.csv", folder / "cases.csv"
        write_list(people, Person, self.people)
        write_list(cases, Case, self.cases)
        return people, cases


def make(name: str = "Alder", cases: int = 480, teams: int = 6, caseload: float = 5.2) -> County:
    """Make up a county with so many open cases, and reviewers for so many teams: three for each of them.

    `caseload` is how many listed cases a worker has on average.

    The name alone seeds it. Caseloads are unequal, some families have several cases, and every worker
    has a supervisor.
    """
    chance = Chance(name, "county")
    staff = Staff(name)
    manager = staff.add("manager", "Administration")
    workers: dict[Program, list[Person]] = {}
    for program, (role, share) in _WORKERS.items():
        number = max(2, round(cases / caseload * share))
        workers[program] = _units(staff, program, role, number, manager)
    for _ in range(3):
        staff.add("union representative", county=name)
        staff.add("coordinator", "Review office", manager)
    for _ in range(max(2, teams // 2)):
        staff.add("clerical", "Clerical pool", manager)
    for place in range(teams):
        program = _program(place)
        if place >= len(_WORKERS):  # one supervisor of each program reviews too
            staff.add("reviewer", "Quality office", manager, program=program)
        for peer in (PEERS[place % len(PEERS)], PEERS[(place + 1) % len(PEERS)]):
            staff.add("reviewer", county=peer, program=program)
    return County(name, tuple(staff.people), tuple(_cases(chance, workers, cases)))


def _program(place: int) -> Program:
    return "probation" if place % 3 == 2 else "child-welfare"


def _units(staff: Staff, program: Program, role: str, number: int, manager: Person) -> list[Person]:
    workers: list[Person] = []
    title = "Family" if program == "child-welfare" else "Youth"
    for unit in range(-(-number // _WORKERS_A_UNIT)):
        name = f"{title} unit {unit + 1}"
        # A supervisor on a review team puts the rule to the test that nobody reviews their own unit.
        roles = "supervisor" if unit else "supervisor;reviewer"
        supervisor = staff.add(roles, name, manager, program=program)
        size = min(_WORKERS_A_UNIT, number - len(workers))
        workers += [staff.add(role, name, supervisor, program=program) for _ in range(size)]
    return workers


def _cases(chance: Chance, workers: dict[Program, list[Person]], number: int) -> list[Case]:
    weights = {program: [chance.uneven() for _ in ones] for program, ones in workers.items()}
    counts = dict.fromkeys(workers, 0)
    family = 0
    cases: list[Case] = []
    for place in range(number):
        program: Program = "child-welfare" if chance.happens(0.7) else "probation"
        counts[program] += 1
        if not place or not chance.happens(0.18):  # else one more case of the family before
            family += 1
        worker = (
            workers[program][counts[program] - 1]
            if counts[program] <= len(workers[program])  # nobody is without a case
            else chance.weighed(workers[program], weights[program])
        )
        cases.append(
            Case(
                f"{'CW' if program == 'child-welfare' else 'JP'}-{counts[program] * 7 + 300:06}",
                worker.person_id,
                f"F-{family + 200:05}",
                program,
                chance.weighed(_PLACEMENTS, _PLACED[program]),
                1 + chance.below(12) + chance.below(12) * chance.below(5),
                "yes" if chance.happens(0.62) else "no",
            )
        )
    return chance.shuffled(cases)
