"""The made-up county of the demo: always the same, uneven as counties are, and nobody real."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from reviewcore.demo.chance import Chance, dice
from reviewcore.demo.county import PEERS, County, make

COUNTIES = {"Alder": make("Alder", 480, 6), "Birch": make("Birch", 120, 2)}


@pytest.fixture(params=sorted(COUNTIES))
def county(request: pytest.FixtureRequest) -> County:
    """Return each made-up county in turn."""
    return COUNTIES[request.param]


def test_the_same_name_makes_the_same_county(tmp_path: Path) -> None:
    """If this fails, a demo cannot be compared with yesterday's, nor a benchmark with another's."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    assert make("Alder") == make("Alder")
    assert make("Alder") != make("Birch")
    for a, b in zip(make("Alder").write(one), make("Alder").write(two), strict=True):
        assert a.read_bytes() == b.read_bytes()
    assert dice("alder") == dice("alder") != dice("birch")


def test_chance_is_the_same_on_every_python() -> None:
    """If this fails, another version of Python makes up another county, and the demo's figures change with it."""
    chance = Chance("reviewcore")
    assert [chance.below(1000) for _ in range(5)] == [147, 151, 573, 227, 97]
    assert dice("alder", 30) == "442647457556048992509343337493"


def test_dice_look_like_dice() -> None:
    """If this fails, the demo's seed is not at least twenty-four ten-sided dice, or is no dice at all."""
    rolled = "".join(dice(f"county {n}") for n in range(200))
    assert len(dice("any")) == 24
    assert set(Counter(rolled)) == set("0123456789")
    assert max(Counter(rolled).values()) < 2 * min(Counter(rolled).values())


def test_ids_are_unique(county: County) -> None:
    """If this fails, two people or two cases are one to the engine."""
    for ids in ([p.person_id for p in county.people], [p.name for p in county.people],
                [p.email for p in county.people], [c.case_id for c in county.cases]):  # fmt: skip
        assert len(ids) == len(set(ids))


def test_everyone_is_where_they_belong(county: County) -> None:
    """If this fails, a worker has no supervisor on the list, or a case no worker of its own program."""
    people = {person.person_id: person for person in county.people}
    for case in county.cases:
        worker = people[case.worker_id]
        supervisor = people[worker.supervisor_id]
        assert worker.program == case.program == supervisor.program
        assert worker.roles == ("social worker" if case.program == "child-welfare" else "probation officer")
        assert "supervisor" in supervisor.roles.split(";")
        assert supervisor.unit == worker.unit


def test_caseloads_are_uneven(county: County) -> None:
    """If this fails, the demo's draw is easier than a real one: every worker has about as many cases."""
    loads = sorted(Counter(case.worker_id for case in county.cases).values())
    assert loads[-1] >= 2 * median(loads)
    assert loads[0] <= median(loads) / 2


def test_families_have_several_cases(county: County) -> None:
    """If this fails, the demo never shows what happens with two cases of one family."""
    families = Counter(case.family_id for case in county.cases)
    assert max(families.values()) > 1
    across = {case.family_id: set[str]() for case in county.cases}
    for case in county.cases:
        across[case.family_id].add(case.worker_id)
    assert any(len(workers) > 1 for workers in across.values())


def test_the_quotas_can_be_filled(county: County) -> None:
    """PQCR-4: if this fails, a made-up county is too small for its own profile, at one case a worker and family."""
    quotas = {"Alder": (40, 20), "Birch": (8, 4)}[county.name]
    for program, quota in zip(("child-welfare", "probation"), quotas, strict=True):
        listed = [case for case in county.cases if case.focus == "yes" and case.program == program]
        first = {case.family_id: case for case in reversed(listed)}.values()
        assert len({case.worker_id for case in first}) >= quota


def test_the_profiles_count_what_is_there(county: County, tmp_path: Path) -> None:
    """If this fails, an example profile's control total or settings do not fit its made-up county."""
    import tomllib

    file = Path(__file__).parents[2] / "profiles" / f"pqcr-{county.name.lower()}.toml"
    profile = tomllib.loads(file.read_text("utf-8"))
    paths = county.write(tmp_path)
    for name, path in zip(("people", "cases"), paths, strict=True):
        with path.open(encoding="utf-8", newline="") as lines:
            assert len(list(csv.DictReader(lines))) == profile["lists"][name]["control_total"]
        assert path.name == profile["lists"][name]["file"]
    roles = Counter(role for person in county.people for role in person.roles.split(";"))
    hours = profile["review"]["hours"]
    assert (roles["supervisor"], roles["coordinator"]) == (hours["supervisors"], hours["coordinators"])
    teams = profile["review"]["teams"]
    assert teams["number"] * teams["smallest"] <= roles["reviewer"] <= teams["number"] * teams["largest"]


def test_every_team_can_have_a_peer(county: County) -> None:
    """PQCR-6: if this fails, the demo has too few reviewers from other counties, or none of its own."""
    reviewers = [person for person in county.people if "reviewer" in person.roles.split(";")]
    teams = len(reviewers) // 3
    assert sum(person.county in PEERS for person in reviewers) == 2 * teams
    assert sum(person.county == county.name for person in reviewers) == teams
    assert any(person.roles == "supervisor;reviewer" for person in reviewers)


def test_the_union_is_on_the_list(county: County) -> None:
    """PQCR-9: if this fails, the demo has nobody to whom the union's letter could go."""
    assert sum(person.roles == "union representative" for person in county.people) >= 1


def test_nobody_is_real(county: County, tmp_path: Path) -> None:
    """If this fails, a made-up list has mail that could arrive, or numbers that could be somebody's."""
    for path in county.write(tmp_path):
        text = path.read_text("utf-8")
        assert not re.search(r"\d{3}-\d{2}-\d{4}|\(\d{3}\)|\d{3}-\d{4}\b", text)
        for mail in re.findall(r"[^,\s]+@([^,\s]+)", text):
            assert mail.endswith(".example")


def test_any_size(tmp_path: Path) -> None:
    """If this fails, the benchmark's county of 5,000 cases cannot be made, or runs out of names."""
    large = make("Large", 5_000, 12)
    assert len(large.cases) == 5_000
    assert len({person.name for person in large.people}) == len(large.people) > 900
    assert len({person.email for person in large.people}) == len(large.people)
    huge = make("Huge", 20_000, 12)
    assert len({person.email for person in huge.people}) == len(huge.people)
