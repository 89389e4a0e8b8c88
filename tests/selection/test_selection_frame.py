"""Who is on the list, why others are not, and what a plugin may know of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selection_lists import FIELDS, KEY, PLAN, county, row

from reviewcore.errors import Refused
from reviewcore.language import All, Any, Compare, Field, Not
from reviewcore.reviewtype import Source
from reviewcore.selection.bands import alone, told
from reviewcore.selection.casedraw import Blinding, leaf
from reviewcore.selection.frame import denied, frame, frame_for_plugins, problems
from reviewcore.selection.plan import Count, SelectionPlan, Stratum

FEW, CLOSED = Compare("days_open", "at_most", 9), Compare("closed", "is", True)
EVERY = SelectionPlan((Stratum("all", 1),))


def test_left_out_cases_are_counted_by_a_reason_in_words():
    """Else nobody can tell whether cases were left out for a reason or to spare somebody."""
    framed = frame(county(), PLAN, FIELDS)
    assert framed.listed == 67
    assert framed.excluded == {
        "in no stratum": 1,
        "not eligible: closed: yes": 1,
        "not eligible: days open is below 60": 3,
        "not eligible: days open is not known": 2,
    }
    assert framed.cases() == {"child-welfare": 40, "probation": 20}
    assert framed.workers() == {"child-welfare": 12, "probation": 5}
    assert len(framed.entries) + sum(framed.excluded.values()) == framed.listed


def test_a_case_is_in_the_first_stratum_that_holds_and_its_line_says_so():
    """Else the plan's order does not mean what the plan says."""
    plan = SelectionPlan((Stratum("old", 1, Compare("days_open", "at_least", 90)), Stratum("all", 1)))
    framed = frame([row(1, 1, days_open=90), row(2, 1, days_open=89)], plan, FIELDS)
    assert framed.cases() == {"old": 1, "all": 1}
    for kept, entry in zip(framed.rows, framed.entries, strict=True):
        assert entry == (leaf(kept.case, kept.worker, kept.unit, entry.stratum), kept.worker, entry.stratum)


@given(st.permutations(range(12)))
@settings(max_examples=50, deadline=None)
def test_of_a_family_exactly_one_case_stays_whoever_sorts_the_list(order):
    """Else one family is reviewed twice, or whoever writes the list chooses which of its cases can be drawn."""
    listed = [row(number, number % 3, family=["", "Lee", "Ruiz"][number % 3]) for number in range(12)]
    framed = frame([listed[number] for number in order], EVERY, FIELDS)
    kept = [one.family for one in framed.rows]
    assert sorted(kept) == ["", "", "", "", "Lee", "Ruiz"]
    assert framed.excluded == {"another case of the same family is listed": 6}
    for one in framed.rows:
        if one.family:
            assert one.case == min(r.case for r in listed if r.family == one.family)


def test_a_family_case_that_cannot_be_drawn_does_not_push_out_one_that_can():
    """Else a family with a closed case could never be drawn."""
    pair = [row(1, 1, family="Lee", closed=True), row(2, 1, family="Lee")]
    assert [one.member for one in frame(pair, PLAN, FIELDS).rows] == ["member 2"]


def test_a_case_that_is_listed_twice_is_refused_and_not_named():
    """Else it has two chances; ids that are equal in NFC are the same id (14)."""
    blind = Blinding(KEY)
    assert blind.case("Can\u0303on") == blind.case("Ca\u00f1on ")
    with pytest.raises(
        Refused, match=r"two listed cases have the same case id .* give each listed case an id of its own"
    ):
        frame([row(1, 1), row(1, 2)], EVERY, FIELDS)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Compare("program", "is", "probation"), "program is not probation"),
        (Compare("program", "not_in", ("a", "b")), "program is one of a, b"),
        (Compare("opened", "at_least", date(2027, 1, 1)), "opened is before 2027-01-01"),
        (Compare("days_open", "at_most", 9), "days open is above 9"),
        (Compare("opened", "known", True), "opened is not known"),
        (Compare("closed", "is_not", True), "closed: yes"),
        (Not(Compare("program", "is", "probation")), "program is probation"),
        (Any((FEW, CLOSED)), "days open is above 9 and closed: no"),
        (
            Any((All((FEW, CLOSED)), Compare("closed", "known", False))),
            "(days open is above 9 or closed: no) and closed is known",
        ),
    ],
)  # fmt: skip
def test_a_condition_that_does_not_hold_is_said_in_plain_words(condition, said):
    """Else the papers give "not (x)" or the condition itself as the reason for leaving a case out."""
    assert denied(condition, FIELDS) == said


def test_everything_wrong_with_a_plan_is_said_at_once():
    """Else a plan that cannot be meant is found out with the witnesses in the room."""
    plan = SelectionPlan(
        (
            Stratum("x ", -1),
            Stratum("y", 0, Compare("programme", "is", "probation")),
            Stratum("y", 0, Compare("days_open", "is", "sixty")),
        ),
        Compare("program", "is", "adoption"),
        0,
    )
    assert problems(plan, FIELDS) == [
        "eligible: 'adoption' is not a choice of 'program': child-welfare, probation",
        "per_worker: must be at least 1 (got 0)",
        "strata[1]: name: leave out spaces at its ends, and write accents in one piece (NFC)",
        "strata[1]: quota: must be at least 0 (got -1)",
        "strata[1]: where: without a condition it takes every case; put it last",
        "strata[2]: name: 'y' names several strata; each needs a name of its own",
        "strata[2]: where: unknown field 'programme'; did you mean 'program'?",
        "strata[3]: name: 'y' names several strata; each needs a name of its own",
        "strata[3]: where: 'days_open' is a number; 'sixty' is not",
    ]
    assert problems(SelectionPlan(()), FIELDS) == [
        "strata: give at least one, such as one stratum for all cases"
    ]
    assert "nothing would be drawn" in problems(SelectionPlan((Stratum("a", 0),)), FIELDS)[0]
    assert problems(SelectionPlan((Stratum("\t", 1),)), FIELDS)[0].startswith("strata[1]: name: character 1")
    assert problems(PLAN, FIELDS) == []


# -- what may be told of sizes --------------------------------------------------------------------------


def gives_away(tell, k: int, parts: int, most: int) -> list[tuple[int, ...]]:
    """Lists whose told sizes, to somebody who knows the rule and tries every list, narrow a size below k.

    A size from 1 to k - 1 must remain possible anywhere from 1 to k - 1: both ends are tried.
    """
    alike, names = defaultdict(list), "abcd"[:parts]
    for counts in product(range(most + 1), repeat=parts):
        if sum(counts) <= most:
            total, shown = tell(dict(zip(names, counts, strict=True)), k)
            assert all(shown[n].low <= c <= shown[n].high for n, c in zip(names, counts, strict=True))
            alike[str(total), tuple((shown[n].low, shown[n].high) for n in names)].append(counts)
    return [
        same[0]
        for same in alike.values()
        for column in zip(*same, strict=True)
        if any(0 < size < k for size in column) and (min(column) > 1 or max(column) < k - 1)
    ]


def only_small_ones_banded(counts, k):
    """Planted offender: bands small sizes, and lets total and neighbours be told exactly."""
    total = sum(counts.values())
    return alone(total, k), {name: alone(count, k) for name, count in counts.items()}


@pytest.mark.parametrize(
    ("k", "parts", "most"), [(3, 2, 20), (3, 3, 16), (4, 3, 18), (4, 4, 12), (5, 2, 30), (5, 3, 18)]
)
def test_told_sizes_withstand_subtraction_by_somebody_who_knows_the_rule(k, parts, most):
    """Else a plugin's author, or a reader of the sealed list's paper, learns the size of a small group."""
    assert gives_away(told, k, parts, most) == []
    assert gives_away(only_small_ones_banded, k, parts, most) != []


def test_sizes_that_need_no_hiding_are_told_exactly():
    """Else a plan cannot be made from the frame: protection that tells nothing helps nobody."""
    assert told({"a": 40, "b": 0, "c": 11}, 11)[1] == {
        "a": Count(40, 40),
        "b": Count(0, 0),
        "c": Count(11, 11),
    }
    total, parts = told({"a": 3, "b": 300, "c": 120}, 11)
    assert total == Count(423, 423)
    assert parts == {"a": Count(1, 10), "b": Count(293, 302), "c": Count(120, 120)}


SOURCE = Source("cases", tuple(FIELDS.values()))


def test_a_plugin_sees_counts_by_closed_fields_and_no_small_ones():
    """Else a plugin learns of small groups, or sees a field that is not closed (design.md, principle 1)."""
    shown = frame_for_plugins(county(), SOURCE, 11)
    assert shown.total == Count(67, 67)
    assert set(shown.counts) == {"program", "closed"}
    assert shown.counts["program"] == {
        "child-welfare": Count(37, 46), "probation": Count(20, 20), "": Count(1, 10)
    }  # fmt: skip
    assert shown.counts["closed"] == {"true": Count(1, 10), "false": Count(57, 66), "": Count(0, 0)}


def test_a_plugin_sees_of_a_tiny_list_only_that_it_is_tiny():
    """Else the whole list is one small group, told in parts."""
    shown = frame_for_plugins(county()[:3], SOURCE, 11)
    assert str(shown.total) == "1 to 10"
    assert set(shown.counts["program"].values()) == {Count(0, 10)}
    assert frame_for_plugins([], SOURCE, 11).total == Count(0, 0)


def test_choices_written_as_numbers_are_counted_under_their_text():
    """Else a choice that a spreadsheet gives as a number is counted nowhere."""
    source = Source("cases", (Field("risk", "choice", choices=("1", "2")),))
    shown = frame_for_plugins([row(number, 1, risk=1) for number in range(12)], source, 5)
    assert shown.counts["risk"]["1"] == Count(12, 12)
