"""Beside earlier publications: quick answers are exact, and every way to answer a worker's cases is tried."""

from __future__ import annotations

import pytest
from disclosure_made_up import plan, schema
from hypothesis import given, settings
from hypothesis import strategies as st
from test_disclosure_attack import TWO, answered_alike

from reviewcore.aggregation.values import Member, Tabulated
from reviewcore.disclosure import checkinsiders, model
from reviewcore.disclosure.door import Past, Told, publish
from reviewcore.disclosure.earlier import Earlier
from reviewcore.disclosure.rules import Rules


def told(answers: str, per_worker: int, *earlier: Earlier) -> Told:
    """What an agency is told of cases with these answers, "-" for not rated; the first case is always the same."""
    members = tuple(
        Member(f"m{i:02}", f"w{i // per_worker}", "all", {"split0": f"g{i % 2}"}) for i in range(len(answers))
    )
    inner = Tabulated(
        members, {"q": {m.key: code for m, code in zip(members, answers, strict=True) if code != "-"}}
    )
    past = Past("r", earlier, {"agency": Rules(5)})
    rungs = {"q": "acceptable", "q/split0": "acceptable"}
    return publish("agency", len(earlier) + 1, plan(1), schema(2, TWO), inner, Rules(5), rungs, {}, past=past)


answers = st.lists(st.sampled_from("1222-"), min_size=22, max_size=30).map("".join)


@settings(max_examples=3, deadline=None)
@given(answers, answers, st.integers(1, 2))
def test_the_quick_answer_beside_another_publication_is_the_exact_one(first, second, per_worker):
    """If this fails, tables kept from other trials let through what two publications tell, or withhold more."""
    before = told(first, per_worker)
    earlier = Earlier("r", "agency", 1, before.kept)
    assert answered_alike(lambda: told(first[:12] + second, per_worker, earlier))


@pytest.mark.parametrize(("own", "many"), [(((0, 2), (1, 1)), 18), (((0, 3), (1, 3), (2, 3)), 1000)])
def test_every_way_of_answering_is_tried(own, many):
    """If this fails, what a worker's cases add is tried for some of their answers only."""
    atoms = 3
    assert len(set(checkinsiders.ways(list(own), atoms))) == many
    assert model.MANY == checkinsiders.MANY >= many
