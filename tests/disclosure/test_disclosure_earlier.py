"""A publication beside earlier ones: all that somebody holds is one system, and so is its proof."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from attrs import evolve

from reviewcore.aggregation.plan import AggregationPlan, Measure, Schema
from reviewcore.aggregation.values import Member, Tabulated
from reviewcore.disclosure.bound import unbound
from reviewcore.disclosure.door import Past, Told, publish
from reviewcore.disclosure.earlier import Earlier
from reviewcore.disclosure.linked import checktables
from reviewcore.disclosure.linked.certificate import written
from reviewcore.disclosure.rules import Rules
from reviewcore.interview.plan import Code, Instrument, Item, Scale, Section

SCALE = Scale("s", (Code("1", "No"), Code("2", "Yes")), ("2",), ())
ITEM = Item("q", "Q", scale="s", not_applicable=("no",))
SCHEMA = Schema((), (Instrument("t", "T", "1", "team", (Section("S", (ITEM,)),), (SCALE,)),))
PLAN = AggregationPlan((Measure("q", "Q", "t", "q"),))
BEFORE = "1" * 9 + "2" * 12


def told(
    answers: str, *earlier: Earlier, rung: str = "acceptable", audience: str = "agency", k: int = 5
) -> Told:
    """What one audience is told of cases with these answers, "-" for not rated; the first case is always the same."""
    members = [Member(f"m{i:03}", f"w{i:03}", "a", {}) for i in range(len(answers))]
    ratings = {m.key: code for m, code in zip(members, answers, strict=True) if code != "-"}
    past = Past("r", earlier, {"agency": Rules(5), "state": Rules(11)})
    inner = Tabulated(tuple(members), {"q": ratings})
    return publish(
        audience, len(earlier) + 1, PLAN, SCHEMA, inner, Rules(k), {"q": rung}, {"a": "A"}, past=past
    )  # type: ignore[arg-type]


def earlier(one: Told, review: str = "r") -> Earlier:
    """A publication as the ledger gives it back."""
    return Earlier(review, one.publication.audience, one.publication.number, json.loads(json.dumps(one.kept)))


def printed(one: Told) -> list[str]:
    """The row over all cases."""
    return [str(cell) for cell in one.publication.table("q").rows[0].cells]


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ("", True),
        ("2" * 6, False),  # six new cases, all alike
        ("2" * 6 + "1", False),  # all but one
        ("1" * 6 + "2" * 6, True),
        ("2" * 5 + "1" * 2, False),  # two of the new ones
        ("2" * 5 + "1" * 5 + "-" * 2, False),  # how many of the new ones were not rated
    ],
)
def test_new_cases_are_not_told_of_by_subtraction(more, counted):
    """If this fails, this publication less the last one tells how a few new cases, or all of them, were answered."""
    first = told(BEFORE)
    assert printed(first) == ["21", "12", "9"]
    good, bad = (BEFORE + more).count("2"), (BEFORE + more).count("1")
    now = told(BEFORE + more, earlier(first))
    assert (printed(now) == [str(good + bad), str(good), str(bad)]) == counted
    assert checktables.problems(json.loads(written(now.certificate))) == []


def test_halves_are_told_where_quarters_tell_of_a_few():
    """If this fails, a measure is withheld whole beside an earlier publication, for want of a coarser band."""
    first = told("1" * 25 + "2" * 35)
    again = told("1" * 25 + "2" * 35 + "1" * 15 + "2" * 25, earlier(first), rung="band")
    assert printed(told("1" * 40 + "2" * 60, rung="band")) == ["100", "some"]
    assert printed(again) == ["100", "half or more"]


def test_three_publications_together():
    """If this fails, two by two nothing is told, and all three together tell of a few."""
    first = earlier(told("1" * 6 + "2" * 14))
    second = earlier(told("1" * 6 + "2" * 14 + "1" * 7 + "2" * 13, first))
    third = told("1" * 6 + "2" * 14 + "1" * 7 + "2" * 13 + "1" * 2 + "2" * 18, first, second)
    assert printed(third)[1:] != ["45", "15"]  # less the second's 27 and 13: two of the last twenty
    alone = told("1" * 6 + "2" * 14 + "1" * 7 + "2" * 13 + "1" * 2 + "2" * 18)
    assert printed(alone)[1:] == ["45", "15"]


def test_answers_given_anew_are_other_answers():
    """If this fails, a case that was rated otherwise later would be taken for unchanged, and what is true refused."""
    now = told("2" * 9 + "1" * 12, earlier(told(BEFORE), "another"))
    assert printed(now) == ["21", "9", "12"]


def test_the_certificate_joins_what_the_same_review_told_before():
    """If this fails, the proof beside a later publication says nothing of who holds both."""
    first = told(BEFORE)
    part = told(BEFORE + "1" * 5 + "2" * 5, earlier(first)).certificate["parts"]["q"]
    before = {one["name"]: one["value"] for one in part["numbers"] if one.get("publication")}
    assert before["q|all, publication -1|acceptable"] == 12
    assert len(part["publications"]) == 2
    now = told(BEFORE + "1" * 6 + "2" * 6, earlier(first))
    assert now.certificate["beside"] == {"q": [[["agency", 1]]]}
    assert unbound(now.publication, now.certificate, {("agency", 1): first.publication}) == []
    assert unbound(now.publication, now.certificate, {})
    other = told("1" * 10 + "2" * 11).publication
    assert unbound(now.publication, now.certificate, {("agency", 1): other})
    whole = {"spec": checktables.SPEC, "parts": {"q": part}}
    assert checktables.problems(json.loads(written(whole))) == []
    for bend in ("value", "publications"):
        bent = deepcopy(whole)
        if bend == "value":
            one = next(
                n for n in bent["parts"]["q"]["numbers"] if n["name"] == "q|all, publication -1|acceptable"
            )
            one["value"] += 5
        else:
            bent["parts"]["q"]["publications"] = []
        assert checktables.problems(json.loads(written(bent)))


def test_the_certificate_is_made_from_what_was_printed_alone():
    """If this fails, the proof beside two publications tells what neither prints."""
    same = []
    for few in (2, 3):
        first = told("1" * few + "2" * (16 - few), rung="band")
        now = told(
            "1" * few + "2" * (16 - few) + "1" * (4 - few) + "2" * (12 + few), earlier(first), rung="band"
        )
        same.append((printed(first), printed(now), written(now.certificate)))
    assert same[0] == same[1]
    assert "withheld" not in (same[0][0][1], same[0][1][1])


def test_what_a_narrower_audience_was_told_stays_sealed():
    """If this fails, the state's certificate holds what the agency alone was told."""
    agency = earlier(told(BEFORE))
    more = "1" * 12 + "2" * 12
    with_it, without = (told(BEFORE + more, *before, audience="state", k=11) for before in ((agency,), ()))
    assert printed(with_it) == printed(without) == ["45", "24", "21"]
    assert written(with_it.certificate) == written(without.certificate)
    with_state = told(BEFORE + more, earlier(evolve(told("1" * 20 + "2" * 20, audience="state", k=11))))
    assert len(with_state.certificate["parts"]["q"]["publications"]) == 2


def test_a_wider_audience_is_looked_after():
    """If this fails, the state is told what, less what the agency has, leaves the agency a few."""
    agency = earlier(told(BEFORE))
    more = "1" * 3 + "2" * 21
    assert printed(told(BEFORE + more, agency, audience="state", k=11))[1:] != ["33", "12"]
    assert printed(told(BEFORE + more, audience="state", k=11)) == ["45", "33", "12"]
