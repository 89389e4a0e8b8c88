"""Replacements against a fresh draw and against the verifier: selection.md section 6, invariant 12."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import selection_papers as made
from hypothesis import given, settings
from hypothesis import strategies as st
from selection_oracles import lexicographic_first
from selection_papers import Bodies, Walk

from reviewcore.selection import casedraw, handouts, replacing, sealed, verify
from reviewcore.selection.values import standing

Log = list[dict[str, Any]]


def checked(bodies: Bodies, log: Log) -> list[str]:
    """What the verifier finds wrong with a draw and its replacements."""
    entries = {
        f"replacement-{n}.json": handouts.replacement(bodies[0], one["entry"]) for n, one in enumerate(log)
    }
    return verify.check(made.witness(bodies) | entries)[1]


def out(bodies: Bodies, log: Log, *places: int) -> list[str]:
    """The leaves of the cases that stand at these places."""
    stand = standing(bodies[1], log)
    return sorted({sealed.leaf(stand[place % len(stand)]) for place in places})


@st.composite
def histories(draw_from: st.DrawFn) -> tuple[Walk, dict[str, int], int, list[tuple[list[int], str]], bool]:
    """A list that can be drawn from, and batches of eliminations, each with a reason."""
    case = st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("xyz"))
    cases = draw_from(st.lists(case, min_size=4, max_size=16))
    cap = draw_from(st.sampled_from([1, 1, 2]))
    workers = {name: len({w for w, s in cases if s == name}) for name in "xyz"}
    quotas = {name: draw_from(st.integers(0, min(2, workers[name]))) for name in "xyz"}
    batch = st.tuples(
        st.lists(st.integers(0, 9), min_size=1, max_size=2), st.sampled_from(["declined", "worker"])
    )
    return cases, quotas, cap, draw_from(st.lists(batch, min_size=1, max_size=4)), draw_from(st.booleans())


def played(history: Any) -> tuple[Bodies, Log] | None:
    """Draw and eliminate; None where nothing can be drawn."""
    cases, quotas, cap, batches, fresh = history
    plan = {"alternates": "fresh"} if fresh else {}
    if not sum(quotas.values()) or lexicographic_first(cases, quotas, cap) is None:
        return None
    bodies, log = made.drawn(cases, quotas, cap, 7, **plan), []
    for number, (places, reason) in enumerate(batches):
        if standing(bodies[1], log):
            eliminated = [(leaf, reason) for leaf in out(bodies, log, *places)]
            log.append(replacing.replace(*bodies, log, eliminated, made.lines(100 + number) if fresh else ()))
    return bodies, log


@given(histories())
@settings(max_examples=120, deadline=None)
def test_invariant_12_what_stands_never_moves_and_the_verifier_replays_it(history: Any) -> None:
    """Else somebody who agreed to be interviewed is exchanged, or a case is taken out of its turn (12)."""
    if (done := played(history)) is None:
        return
    bodies, log = done
    assert checked(bodies, log) == []
    quotas, cap = history[1], history[2]
    for number, body in enumerate(log):
        before, after = standing(bodies[1], log[:number]), standing(bodies[1], log[: number + 1])
        kept = [row for row in before if row["case"] not in body["out"]]
        assert after[: len(kept)] == kept
        assert max(Counter(row["worker"] for row in after).values(), default=0) <= cap
        short = Counter(body["entry"]["shortfall"])
        strata = {row["case"]: row["stratum"] for row in bodies[0]["rows"]}
        assert Counter(row["stratum"] for row in after) + short == Counter(row["stratum"] for row in before)
        assert all(strata[row["case"]] == row["stratum"] for row in body["in"])
    places = [row["place"] for row in (*bodies[1]["selected"], *(row for body in log for row in body["in"]))]
    assert places == list(range(1, len(places) + 1))
    rates = replacing.rates(*bodies, log)
    assert sum(one.standing for one in rates.values()) == len(standing(bodies[1], log))
    assert sum(one.standing + one.shortfall for one in rates.values()) == sum(quotas.values())


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.just("x")), min_size=3, max_size=14), st.data())
@settings(max_examples=80, deadline=None)
def test_invariant_12_where_workers_do_not_span_strata_it_is_a_fresh_draw_among_those_left(
    cases: Walk, data: st.DataObject
) -> None:
    """Else a replacement by hand, "the next on the list", differs from what the draw would have given (12)."""
    workers = len({worker for worker, _ in cases})
    quota = data.draw(st.integers(1, workers))
    bodies, log = made.drawn(cases, {"x": quota}, 1, 11), []
    for _ in range(data.draw(st.integers(1, 3))):
        if standing(bodies[1], log):
            gone = out(bodies, log, data.draw(st.integers(0, 5)))
            log.append(replacing.replace(*bodies, log, [(gone[0], "declined")]))
    rows = sealed.rows_of(bodies[0])
    never = {leaf for body in log for leaf, _ in body["entry"]["eliminated"]}
    order = sorted((casedraw.ticket(bodies[1]["key"], leaf), leaf) for leaf in rows if leaf not in never)
    taken: dict[str, str] = {}
    for _, leaf in order:
        if len(taken) < quota:
            taken.setdefault(rows[leaf]["worker"], leaf)
    assert {sealed.leaf(row) for row in standing(bodies[1], log)} == set(taken.values())


def test_two_at_once_are_replaced_together_where_one_after_the_other_would_get_stuck() -> None:
    """Else a vacancy stays open although both could have been filled: the worker who spans strata is kept for it."""
    cases = [("A", "x"), ("B", "y"), ("S", "x"), ("S", "y"), ("T", "x")]
    for seed in range(40):
        bodies = made.drawn(cases, {"x": 1, "y": 1}, 1, seed)
        workers = {made.BLIND.worker(name): name for name in "ABST"}
        drawn = {workers[row["worker"]] for row in bodies[1]["selected"]}
        if drawn == {"A", "B"}:
            body = replacing.replace(*bodies, [], [(leaf, "declined") for leaf in out(bodies, [], 0, 1)])
            assert {workers[row["worker"]] for row in body["in"]} == {"S", "T"}
            assert body["entry"]["shortfall"] == {}
            return
    raise AssertionError("no seed drew A and B")


def test_what_cannot_be_replaced_is_a_shortfall_and_no_other_stratum_makes_up_for_it() -> None:
    """Else a stratum is switched silently, and the quotas of the plan are no longer those of the draw."""
    bodies = made.drawn([("A", "x"), ("B", "y"), ("C", "y")], {"x": 1, "y": 1}, 1, 3)
    (gone,) = [sealed.leaf(row) for row in bodies[1]["selected"] if row["stratum"] == "x"]
    body = replacing.replace(*bodies, [], [(gone, "declined")])
    assert (body["in"], body["entry"]["shortfall"], body["entry"]["short_of"]) == ([], {"x": 1}, ["x"])
    assert checked(bodies, [body]) == []
    rate = replacing.rates(*bodies, [body])["x"]
    assert (rate.approached, rate.standing, rate.shortfall, rate.rate) == (1, 0, 1, 0)
    gone_for_good = replacing.replace(*bodies, [], [(gone, "ineligible")])
    assert replacing.rates(*bodies, [gone_for_good])["x"].rate is None


def test_new_dice_bring_in_other_cases_and_are_bound_to_what_was_eliminated() -> None:
    """Else alternates are known in advance, and somebody can shop for the case that comes next."""
    cases = [(f"w{n}", "x") for n in range(30)]
    bodies = made.drawn(cases, {"x": 5}, 1, 3, alternates="fresh")
    first, second = (out(bodies, [], place) for place in (0, 1))
    came = [
        replacing.replace(*bodies, [], [(leaf, "declined")], made.lines(seed))["entry"]
        for leaf, seed in ((first[0], 50), *((first[0], seed) for seed in range(51, 56)), (second[0], 50))
    ]
    assert len({one["key"] for one in came}) == len(came)
    assert len({one["selected"][0][0] for one in came}) > 2


FORGERIES: dict[str, Any] = {
    "another case comes in": lambda log: log[0]["entry"].update(
        selected=log[1]["entry"]["selected"], dispositions=log[1]["entry"]["dispositions"]
    ),
    "another reason": lambda log: log[0]["entry"]["eliminated"][0].__setitem__(1, "safety"),
    "a reason that is none": lambda log: log[0]["entry"]["eliminated"][0].__setitem__(1, "inconvenient"),
    "an entry is left out": lambda log: log.pop(0),
    "two entries are exchanged": lambda log: (
        [log[n]["entry"].update(number=2 - n) for n in (0, 1)] and log.reverse()
    ),
    "a shortfall is made up": lambda log: log[0]["entry"].update(
        shortfall={"x": 1}, short_of=["x"], selected=[], dispositions=[]
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("mend", [False, True], ids=["as it is", "links mended"])
def test_a_forged_log_of_replacements_is_refused(forgery: str, mend: bool) -> None:
    """Else a case that somebody wants out is eliminated for a reason that nobody gave, or another one comes in (12)."""
    bodies = made.drawn([(f"w{n % 9}", "x") for n in range(30)], {"x": 4}, 1, 3)
    log: Log = []
    for _ in range(2):
        log.append(replacing.replace(*bodies, log, [(out(bodies, log, 0)[0], "declined")]))
    assert checked(bodies, log) == []
    forged = json.loads(json.dumps(log))
    FORGERIES[forgery](forged)
    if mend:
        before = bodies[1]["result"]
        for number, body in enumerate(forged, 1):
            entry = {name: value for name, value in body["entry"].items() if name != "link"}
            entry |= {"number": number, "before": before}
            said = {"paper": "casedraw/1 replacement", "commitment": bodies[0]["commitment"], **entry}
            body["entry"] = {**entry, "link": (before := casedraw.link(said))}
    wrong = checked(bodies, forged)
    if mend and forgery == "another reason":
        assert (
            wrong == []
        )  # a reason is what two persons signed: the chain of the log keeps it, not the numbers
    else:
        assert wrong
