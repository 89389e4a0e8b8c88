"""Weighted shares: what is told is right, proved, and nothing that the proof does not hold."""

from __future__ import annotations

import json
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema
from reviewcore.aggregation.values import Member, Tabulated, Weights
from reviewcore.disclosure import checkinsiders, checkshares
from reviewcore.disclosure.bound import unbound
from reviewcore.disclosure.door import Past, Told, publish
from reviewcore.disclosure.earlier import Earlier
from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.certificate import written
from reviewcore.disclosure.publication import Cell
from reviewcore.disclosure.rules import Rules
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section
from reviewcore.selection.estimates import hajek, weigh

SCALE = Scale("s", (Code("1", "No"), Code("2", "Yes")), ("2",), ())
ITEM = Item("q", "Q", scale="s", not_applicable=("no",))
SCHEMA = Schema((), (Instrument("t", "T", "1", "team", (Section("S", (ITEM,)),), (SCALE,)),))
PLAN = AggregationPlan((Measure("q", "Q", "t", "q"),))
ANSWERS = "212211222121221222112122122122211212"
WEIGHTS = (70, 85, 85, 100, 100, 100, 110, 110, 120, 140)


def told(answers: str, weights: tuple[int, ...], *earlier: Earlier) -> Told:
    """What the agency is told of cases with these answers, "-" for not rated, which have these weights in turn."""
    members = [Member(f"m{i:03}", f"w{i:03}", "a", {}) for i in range(len(answers))]
    ratings = {m.key: code for m, code in zip(members, answers, strict=True) if code != "-"}
    of = {m.key: weights[i % len(weights)] for i, m in enumerate(members)}
    inner = Tabulated(tuple(members), {"q": ratings}, weights=Weights(of, tuple(sorted(set(weights)))))
    past = Past("r", earlier, {"agency": Rules(5)})
    number = len(earlier) + 1
    return publish(
        "agency", number, PLAN, SCHEMA, inner, Rules(5), {"q": "acceptable"}, {"a": "A"}, past=past
    )


def row(one: Told) -> tuple[Cell, ...]:
    """The row of the measure in the table of shares."""
    return one.publication.table("shares").rows[0].cells


def read(one: Any) -> Any:
    """What is read again of what was written."""
    return json.loads(written(one))


@pytest.fixture(scope="module")
def made() -> Told:
    """A publication with a weighted share."""
    return told(ANSWERS, WEIGHTS)


def test_the_share_is_the_combined_ratio_and_rounded_as_it_says(made: Told) -> None:
    """If this fails, what is estimated for all cases is not what the chances say, or finer than is proved."""
    drawn = [(code == "2", 100 / WEIGHTS[i % 10]) for i, code in enumerate(ANSWERS) if code != "-"]
    rated, plain, weighted, step, behind = (cell.value for cell in row(made))
    share = hajek(drawn)
    assert share.weighted is not None
    assert share.plain is not None
    assert (rated, behind) == (len(drawn), "thirty or more")
    assert abs(100 * share.plain - plain) <= 0.5  # type: ignore[operator]
    assert abs(100 * share.weighted - weighted) <= step / 2  # type: ignore[operator]
    assert step == 10
    assert weighted % step == 0


@given(st.dictionaries(st.text(), st.floats(0.001, 1), min_size=1, max_size=30))
def test_weights_follow_the_chances(chances: dict[str, float]) -> None:
    """If this fails, a case stands for more of the list than one that was as likely to be drawn."""
    weights, mean = weigh(chances), sum(1 / Fraction(one) for one in chances.values()) / len(chances)
    assert weights.keys() == chances.keys()
    for case, weight in weights.items():
        exact = 100 / Fraction(chances[case]) / mean
        assert abs(weight - exact) <= Fraction(501, 1000) or (weight == 1 and exact < 1)
    assert weigh({**{f"case {one}": chance for one, chance in chances.items()}, "none": 0.0}) == {
        f"case {one}": weight for one, weight in weights.items()
    }


def test_a_heavy_case_is_not_told_of() -> None:
    """If this fails, a share shows how the one case was answered that stands for most of the list."""
    assert row(told(ANSWERS, (60, 70, 80) * 11 + (3000, 65)))[1:] == (Cell("withheld"),) * 4


def test_no_share_is_told_where_the_counts_are_not() -> None:
    """If this fails, the share gives back a count that is withheld."""
    assert row(told("2" * 30 + "1" * 4, WEIGHTS)) == (Cell("count", 34), *(Cell("withheld"),) * 4)


def test_the_certificate_is_about_the_share_that_is_printed(made: Told) -> None:
    """If this fails, a share can be printed that nothing proves."""
    certificate = read(made.certificate)
    assert checktables.problems(certificate) == [] == unbound(made.publication, certificate)
    assert checkshares.shares(certificate["parts"]["q"])["q|all|share, weighted"][0] == row(made)[2].value
    table = made.publication.table("shares")
    for place in range(5):
        cell = row(made)[place]
        other = Cell("band", "unreliable") if place == 4 else Cell(cell.kind, int(cell.value or 0) + 10)
        cells = (*row(made)[:place], other, *row(made)[place + 1 :])
        bent = evolve(table, rows=(evolve(table.rows[0], cells=cells),))
        tables = tuple(bent if one is table else one for one in made.publication.tables)
        assert unbound(evolve(made.publication, tables=tables), certificate), table.columns[place]


def test_a_bent_row_of_a_share_is_found(made: Told) -> None:
    """If this fails, a certificate proves another share than it says, or one of other cases or weights."""
    part = read(made.certificate)["parts"]["q"]
    rows = [n for n, (cells, _) in enumerate(part["told"]) if max(abs(factor) for _, factor in cells) > 1]
    assert len(rows) == 2
    for which in rows:
        for place in range(len(part["told"][which][0])):
            bent = deepcopy(part)
            bent["told"][which][0][place][1] += 1
            with pytest.raises(checkshares.Wrong):
                checkshares.shares(bent)


def test_the_sealed_proofs_hold_the_share_too(made: Told) -> None:
    """If this fails, nobody proved that whoever knows a case of their own learns nothing from the share."""
    record, certificate = read(made.about_insiders()), read(made.certificate)
    assert checkinsiders.problems(record, certificate) == []
    other = deepcopy(certificate)
    first, second = (cells for cells, _ in other["parts"]["q"]["told"] if max(abs(f) for _, f in cells) > 1)
    for low, high in zip(first, second, strict=True):
        if abs(low[1]) > 1:  # the same cases and weights, and ten percents more
            weight = (low[1] + high[1]) // 2
            low[1], high[1] = low[1] - 2 * weight, high[1] + 2 * weight
    assert checkshares.shares(other["parts"]["q"])["q|all|share, weighted"] == (70, 10, 22)
    assert checkinsiders.problems(record, other) == [
        "q: the proof is not about the weighted share that is printed"
    ]
    for number in record["measures"]["q"][0]["outside"]["numbers"]:
        if number["name"] == "q|all|share, weighted":
            number["value"] = None
    assert checkinsiders.problems(record, certificate)


def test_the_ledger_remembers_the_share(made: Told) -> None:
    """If this fails, a later publication is not held beside a share that was told before."""
    earlier = Earlier("r", "agency", 1, json.loads(json.dumps(made.kept)))
    held = earlier.of("q")
    assert held
    assert held.weighs()
    assert held.said[0].weighted == (frozenset("2"), 22, row(made)[2].value, 10)
    assert sorted(set(held.population.weights.values())) == sorted(set(WEIGHTS))
    again = told(ANSWERS, WEIGHTS, earlier)
    assert read(again.certificate)["parts"]["q"]["numbers"]
    assert unbound(again.publication, read(again.certificate), {("agency", 1): made.publication}) == []
