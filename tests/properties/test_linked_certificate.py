"""The proof that goes with linked tables: sound, made from the output alone, and not to be bent (attack 15)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from copy import deepcopy
from itertools import product
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from linked_made_up import cross, linked
from linked_oracle import Oracle

from reviewcore.disclosure.linked import Protected, Told, certify, checktables, protect
from reviewcore.errors import Refused


@settings(max_examples=100)
@given(linked(rates=True), st.integers(3, 5))
def test_protected_tables_are_proved(tables, k):
    """If this fails, a publication that is safe is refused, or one goes out without a proof."""
    made = protect(tables, k)
    assert checktables.problems(json.loads(certify(tables, made, k))) == []


@settings(max_examples=120)
@given(linked(), st.data())
def test_what_is_proved_gives_nothing_away(tables, data):
    """If this fails, the verifier accepts an engine's tables from which a small count can be worked out."""
    values = {q.name: None if data.draw(st.booleans()) else tables.value(q) for q in tables.quantities}
    try:
        certify(tables, Protected(values, frozenset()), 3)
    except Refused:
        return
    # What the certificate is about: withheld numbers alike, and groups that are all alike.
    alone = evolve(tables, inner=False)
    oracle = Oracle(alone, values, frozenset(), 3, 1)
    found = [one for one in oracle.leaks() if not one.startswith("[")]
    assert found == []


def test_two_truths_with_one_output_have_one_certificate():
    """If this fails, the proof itself tells which of the withheld numbers are small."""
    alike = defaultdict(set)
    truths = defaultdict(list)
    for counts in product((0, 1, 3, 6), repeat=4):
        tables = cross((2, 2), counts)
        made = protect(tables, 3)
        alike[tuple(made.values.items())].add(counts)
        truths[tuple(made.values.items())].append((tables, made))
    several = [same for same in truths.values() if len(same) > 1]
    assert len(several) > 20
    for same in several:
        assert len({certify(tables, made, 3) for tables, made in same[:4]}) == 1


def proof():
    """A certificate with every kind of proof in it."""
    tables = cross((2, 3), [9, 2, 0, 8, 12, 1], rates=True)
    tables = evolve(tables, told=(Told({0: 1, 1: 1}, 11),))
    return json.loads(certify(tables, protect(tables, 4), 4))


def _printed(held):
    return next(one for one in held["numbers"] if one["value"])


def _between(held):
    return next(q for q, one in held["hidden"].items() if one["how"] == "between")


def _say(held, **proof):
    held["hidden"][_between(held)] = {"over": 1, "printed": [], "told": [], **proof}


BENT = {
    "a printed number": lambda c: _printed(c).update(value=_printed(c)["value"] + 1),
    "a withheld number printed": lambda c: c["numbers"][int(_between(c))].update(value=2),
    "a proof left out": lambda c: c["hidden"].pop(_between(c)),
    "one person more": lambda c: c["base"].__setitem__(0, c["base"][0] + 1),
    "less than nobody": lambda c: c["base"].__setitem__(0, -1),
    "the most for the least": lambda c: c["hidden"][_between(c)].update(low=c["hidden"][_between(c)]["high"]),
    "a table that is not there": lambda c: c["hidden"][_between(c)].update(low=99),
    "a larger k": lambda c: c.update(k=30),
    "a fraction": lambda c: c["base"].__setitem__(0, float(c["base"][0])),
    "true for one": lambda c: c.update(t=True),
    "another kind": lambda c: c.update(spec="linked-tables/0"),
    "no proofs of groups": lambda c: c.update(apart=[]),
    "rates of withheld counts": lambda c: [rate.__setitem__(3, True) for rate in c["rates"]],
    "what is told": lambda c: c["told"][0].__setitem__(1, 12),
    "large by another number": lambda c: _say(c, how="large", printed=[[c["numbers"].index(_printed(c)), 1]]),
    "nobody by nothing": lambda c: _say(c, how="none"),
    "large, over nothing": lambda c: _say(c, how="large", over=0),
    "large by a withheld number": lambda c: _say(c, how="large", printed=[[int(_between(c)), 1]]),
}


@pytest.mark.parametrize("how", BENT)
def test_a_bent_certificate_is_refused(how):
    """If this fails, a certificate can be made to say what is not so."""
    wrong = proof_held()
    assert checktables.problems(wrong) == []
    BENT[how](wrong)
    assert checktables.problems(wrong)


@settings(max_examples=200)
@given(st.data())
def test_no_number_of_a_certificate_is_idle(data):
    """If this fails, the verifier accepts tables that do not agree with what is printed."""
    wrong = proof_held()
    which = data.draw(st.sampled_from(["base", "differences", "value"]))
    by = data.draw(st.sampled_from([-1, 1]))
    if which == "base":
        at = data.draw(st.integers(0, len(wrong["base"]) - 1))
        wrong["base"][at] += by
    elif which == "differences":
        table = data.draw(st.sampled_from([one for one in wrong["differences"] if one]))
        data.draw(st.sampled_from(table))[1] += by
    else:
        data.draw(st.sampled_from([one for one in wrong["numbers"] if one["value"]]))["value"] += by
    assert checktables.problems(wrong)


def proof_held(made=[]):  # noqa: B006
    """A copy of the certificate, made once."""
    if not made:
        made.append(proof())
    return deepcopy(made[0])


@pytest.mark.parametrize(
    "what", [None, [], {}, "x", 3, {"spec": "linked-tables/2"}, {"spec": "linked-tables/1", "k": 5}]
)
def test_anything_else_is_refused_without_a_traceback(what):
    """If this fails, a damaged file breaks the verifier, or passes."""
    assert checktables.problems(what)


def test_the_verifier_runs_alone(tmp_path):
    """If this fails, a third party needs more than one file and Python to check a proof."""
    program = tmp_path / "checktables.py"
    program.write_bytes(Path(checktables.__file__).read_bytes())
    tables = cross((2, 3), [9, 2, 0, 8, 12, 1])
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    right.write_bytes(certify(tables, protect(tables, 4), 4))
    wrong.write_bytes(right.read_bytes().replace(b'"base":[', b'"base":[7', 1))

    def run(*paths):
        return subprocess.run(
            [sys.executable, "-I", "-S", str(program), *map(str, paths)], cwd=tmp_path, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    assert run(right).returncode == 0
    assert run(right).stdout.startswith("proved: 12 numbers")
    assert run(wrong).returncode == 1
    assert run(tmp_path / "none.json").returncode == 1
    assert run().returncode == 2
    assert not run(wrong).stderr


def test_an_engine_that_prints_too_much_gets_no_certificate():
    """If this fails, leaving something unproved still lets a publication out."""
    tables = cross((2, 3), [9, 2, 0, 8, 12, 1])
    values = {q.name: tables.value(q) for q in tables.quantities}
    primary = {name: None if 0 < value < 4 else value for name, value in values.items()}
    with pytest.raises(Refused, match="could not be proved"):
        certify(tables, Protected(primary, frozenset()), 4)
    with pytest.raises(Refused):
        certify(tables, Protected(values, frozenset()), 4)
