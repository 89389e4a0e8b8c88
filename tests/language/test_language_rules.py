"""The closed language against an evaluator of its own, written over the raw tables and sharing no code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from reviewcore.language import (
    All,
    Arm,
    Compare,
    Constant,
    Field,
    First,
    Not,
    Of,
    Share,
    Sum,
    evaluate,
    holds,
    names,
    problems,
    read_condition,
    read_expression,
    words,
)

FIELDS = {
    one.name: one
    for one in (
        Field("note"),
        Field("days", "number", "days open"),
        Field("opened", "date"),
        Field("closed", "flag"),
        Field("program", "choice", choices=("probation", "child-welfare")),
        Field("q1", "choice", choices=("1", "2", "9", "10")),
        Field("q2", "choice", choices=("1", "2", "9", "10")),
    )
}
RATED = ("q1", "q2")
CODES = st.sampled_from(["1", "2", "9", "10"])
HAVE: dict[str, st.SearchStrategy[Any]] = {
    "note": st.sampled_from(["", "a", "b", "1"]),
    "days": st.integers(-3, 12) | st.just(Fraction(1, 2)),
    "opened": st.dates(date(2027, 1, 1), date(2027, 1, 4)),
    "closed": st.booleans(),
    "program": st.sampled_from(["probation", "child-welfare"]),
    "q1": CODES,
    "q2": CODES,
}
ROWS = st.fixed_dictionaries({}, optional={name: have | st.none() for name, have in HAVE.items()})
WRITTEN = HAVE | {"days": st.integers(-3, 12)} | {name: CODES | CODES.map(int) for name in RATED}


@st.composite
def comparisons(draw: st.DrawFn, among: tuple[str, ...] = tuple(FIELDS)) -> dict[str, Any]:
    """A comparison that suits its field's kind."""
    name = draw(st.sampled_from(among))
    ordered = name in ("days", "opened", *RATED)
    op = draw(st.sampled_from(["is", "is_not", "in", "not_in", "known"] + ["at_least", "at_most"] * ordered))
    one = st.booleans() if op == "known" else WRITTEN[name]
    return {"field": name, op: draw(st.lists(one, min_size=1, max_size=3) if op in ("in", "not_in") else one)}


CONDITIONS = st.recursive(
    comparisons(),
    lambda part: (
        st.fixed_dictionaries({"not": part})
        | st.lists(part, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(part, min_size=1, max_size=3).map(lambda parts: {"any": parts})
    ),
    max_leaves=6,
)
NUMBERS = st.recursive(
    st.sampled_from([{"field": name} for name in ("days", *RATED)])
    | st.integers(-3, 3).map(lambda n: {"constant": n})
    | st.builds(
        lambda of, least: {"share": of, "that": {"at_least": least}},
        st.lists(st.sampled_from(RATED), min_size=1, max_size=3),
        CODES,
    ),
    lambda part: (
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"sum": parts})
        | st.builds(
            lambda arms, last: {"first": [*arms, *last]},
            st.lists(st.fixed_dictionaries({"when": CONDITIONS, "then": part}), min_size=1, max_size=2),
            st.lists(st.fixed_dictionaries({"then": part}), max_size=1),
        )
    ),
    max_leaves=5,
)


# -- the oracle: over tables as they are written ---------------------------------------------------------


def same(name: str, have: Any, wanted: Any) -> bool:
    """Say whether two values of a field are one."""
    return int(have) == int(wanted) if name in RATED else have == wanted


def says(raw: dict[str, Any], row: dict[str, Any]) -> bool:
    """Say whether a condition, as written, is true of a row."""
    (operator,) = set(raw) - {"field"}
    if operator == "not":
        return not says(raw["not"], row)
    if operator in ("all", "any"):
        truths = {says(part, row) for part in raw[operator]}
        return truths == {True} if operator == "all" else True in truths
    name, wanted = raw["field"], raw[operator]
    have = row.get(name)
    if operator == "known":
        return wanted if have is not None else not wanted
    if have is None:
        return False
    if operator in ("at_least", "at_most"):
        left, right = (int(have), int(wanted)) if name in RATED else (have, wanted)
        return bool(left == right or (left > right) == (operator == "at_least"))
    equal = [same(name, have, one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return any(equal) if operator in ("is", "in") else not any(equal)


def works_out(raw: dict[str, Any], row: dict[str, Any]) -> Any:
    """Work out an expression, as written, for a row."""
    if "constant" in raw:
        return raw["constant"]
    if "field" in raw:
        return row.get(raw["field"])
    if "sum" in raw:
        known = [value for part in raw["sum"] if (value := works_out(part, row)) is not None]
        total = Fraction(0)
        for value in known:
            total += Fraction(value)
        return total if known else None
    if "share" in raw:
        (operator,) = raw["that"]
        known = [name for name in raw["share"] if row.get(name) is not None]
        such = [name for name in known if says({"field": name, operator: raw["that"][operator]}, row)]
        return Fraction(len(such), len(known)) if known else None
    for arm in raw["first"]:
        if "when" not in arm or says(arm["when"], row):
            return works_out(arm["then"], row)
    return None


@given(CONDITIONS, ROWS)
def test_conditions_mean_what_is_written(raw: dict[str, Any], row: dict[str, Any]) -> None:
    """If this fails, a case is eligible, or in a stratum, against the letter of the profile."""
    condition = read_condition(raw)
    assert problems(condition, FIELDS) == []
    assert holds(condition, row) == says(raw, row)


@given(NUMBERS, ROWS)
def test_arithmetic_means_what_is_written(raw: dict[str, Any], row: dict[str, Any]) -> None:
    """If this fails, a derived rating is worked out wrongly, or exactness is lost."""
    expression = read_expression(raw)
    assert problems(expression, FIELDS) == []
    value = evaluate(expression, row)
    assert value == works_out(raw, row)
    assert not isinstance(value, float)


@given(CONDITIONS, ROWS)
def test_of_a_condition_and_its_not_every_case_meets_one(raw: dict[str, Any], row: dict[str, Any]) -> None:
    """If this fails, a case with a blank in it falls between two strata and can never be drawn (QSR-2)."""
    condition = read_condition(raw)
    assert holds(condition, row) != holds(Not(condition), row)


# -- planted offenders ---------------------------------------------------------------------------------------


def three_valued(raw: dict[str, Any], row: dict[str, Any]) -> bool | None:
    """Judge wrongly: what is not known stays unknown under `not`, so the case is nowhere."""
    if "not" in raw:
        inner = three_valued(raw["not"], row)
        return None if inner is None else not inner
    if "field" in raw and "known" not in raw and row.get(raw["field"]) is None:
        return None
    return says(raw, row)


def unknown_differs(raw: dict[str, Any], row: dict[str, Any]) -> bool:
    """Judge wrongly: a value that is not known counts as different from every other."""
    if "is_not" in raw or "not_in" in raw:
        return row.get(raw["field"]) is None or says(raw, row)
    return says(raw, row)


def compares_letters(raw: dict[str, Any], row: dict[str, Any]) -> bool:
    """Judge wrongly: ratings compared letter by letter, so that 10 comes before 9."""
    if "at_least" in raw and raw["field"] in RATED and row.get(raw["field"]) is not None:
        return bool(row[raw["field"]] >= str(raw["at_least"]))
    return says(raw, row)


def minds_the_writing(raw: dict[str, Any], row: dict[str, Any]) -> bool:
    """Judge wrongly: a rating written 1 is another than one written "1"."""
    if "is" in raw and raw["field"] in RATED:
        return bool(row.get(raw["field"]) == raw["is"])
    return says(raw, row)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (three_valued, comparisons().map(lambda part: {"not": part})),
        (unknown_differs, comparisons()),
        (compares_letters, comparisons(RATED)),
        (minds_the_writing, comparisons(RATED)),
    ],
)
def test_a_wrong_evaluator_of_conditions_is_caught(
    wrong: Callable[..., Any], where: st.SearchStrategy[Any]
) -> None:
    """If this fails, the oracle above would not see this mistake either."""
    caught = find(
        st.tuples(where, ROWS),
        lambda case: bool(wrong(*case)) != holds(read_condition(case[0]), case[1]),
        settings=settings(max_examples=2000, database=None, derandomize=True),
    )
    assert caught


def share_of_all(raw: dict[str, Any], row: dict[str, Any]) -> Any:
    """Work out wrongly: the share among all fields, known or not."""
    value = works_out(raw, row)
    if "share" in raw and value is not None:
        return value * sum(row.get(name) is not None for name in raw["share"]) / len(raw["share"])
    return value


def nothing_is_zero(raw: dict[str, Any], row: dict[str, Any]) -> Any:
    """Work out wrongly: a sum of nothing known is zero."""
    value = works_out(raw, row)
    return 0 if value is None and "sum" in raw else value


def last_arm(raw: dict[str, Any], row: dict[str, Any]) -> Any:
    """Work out wrongly: the last arm that holds, not the first."""
    return works_out({"first": raw["first"][::-1]} if "first" in raw else raw, row)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (share_of_all, st.just({"share": [*RATED], "that": {"is": 1}})),
        (nothing_is_zero, st.just({"sum": [{"field": "days"}]})),
        (
            last_arm,
            comparisons().map(
                lambda when: {"first": [{"when": when, "then": {"constant": 1}}, {"then": {"constant": 2}}]}
            ),
        ),
    ],
)
def test_a_wrong_evaluator_of_arithmetic_is_caught(
    wrong: Callable[..., Any], where: st.SearchStrategy[Any]
) -> None:
    """If this fails, the oracle above would not see this mistake either."""
    assert find(
        st.tuples(where, ROWS),
        lambda case: wrong(*case) != evaluate(read_expression(case[0]), case[1]),
        settings=settings(max_examples=2000, database=None, derandomize=True),
    )


def test_the_hunt_for_offenders_spares_the_honest() -> None:
    """If this fails, the offenders above are caught by a hunt that catches everybody."""
    with pytest.raises(NoSuchExample):
        find(
            st.tuples(CONDITIONS, ROWS),
            lambda case: says(*case) != holds(read_condition(case[0]), case[1]),
            settings=settings(max_examples=300, database=None, derandomize=True),
        )


# -- whatever is written -------------------------------------------------------------------------------------

WORDS = "field all any not sum share that first when then constant x"
KEYS = st.sampled_from([*WORDS.split(), "is", "is_not", "in", "not_in", "at_least", "at_most", "known"])
LEAVES = (
    st.sampled_from([*FIELDS, "notes", "3", "x", True, 3, -1, 2.5, "²", float("nan")])
    | st.just(date(2027, 1, 1))
    | st.just(datetime(2027, 1, 1))  # noqa: DTZ001
    | st.just(time(9))
)
WILD = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.fixed_dictionaries({"field": st.sampled_from(sorted(FIELDS)), "is": inner})
        | st.fixed_dictionaries({"sum": st.lists(inner, max_size=2)})
        | st.fixed_dictionaries({"share": st.lists(inner, max_size=2), "that": inner})
        | st.fixed_dictionaries({"first": st.lists(st.fixed_dictionaries({"then": inner}), max_size=2)})
    ),
    max_leaves=8,
)


@settings(max_examples=400)
@given(WILD | CONDITIONS | NUMBERS, ROWS)
def test_anything_is_read_or_refused_and_what_passes_the_check_never_fails(
    raw: Any, row: dict[str, Any]
) -> None:
    """If this fails, some profile or instrument ends in a traceback, at reading or in the middle of a review."""
    for read, run in ((read_condition, holds), (read_expression, evaluate)):
        try:
            node: Any = read(raw)
        except ValueError as error:
            assert str(error)  # noqa: PT017  (both ways are right)
            continue
        said = problems(node, FIELDS)
        assert words(node, FIELDS)
        assert said or names(node) <= set(FIELDS)
        if not said:
            run(node, row)


MADE = st.deferred(
    lambda: (
        st.builds(
            Compare,
            st.sampled_from([*FIELDS, "x"]),
            st.sampled_from(["is", "in", "known", "at_least"]),
            VALUES,
        )
        | st.builds(
            Share, st.lists(st.sampled_from(RATED)).map(tuple), st.sampled_from(["is", "at_most"]), VALUES
        )
        | st.builds(
            All, st.lists(st.builds(Compare, st.just("q1"), st.just("is"), VALUES), max_size=2).map(tuple)
        )
        | st.builds(Sum, st.lists(PARTS, max_size=2).map(tuple))
        | st.builds(First, st.lists(st.builds(Arm, PARTS), max_size=2).map(tuple))
    )
)
ONE: st.SearchStrategy[Any] = st.sampled_from(
    ["a", "3", "10", 3, True, None, date(2027, 1, 1), Fraction(1, 2)]
)
VALUES = ONE | st.lists(ONE, max_size=2).map(tuple)
PARTS = st.builds(Of, st.sampled_from([*FIELDS, "x"])) | st.builds(Constant, ONE) | st.deferred(lambda: MADE)


@settings(max_examples=400)
@given(MADE, ROWS)
def test_what_a_plugin_builds_is_checked_as_well_as_what_is_written(node: Any, row: dict[str, Any]) -> None:
    """If this fails, a condition built in Python passes the check and stops the draw half way."""
    try:
        said = problems(node, FIELDS)
    except TypeError:  # an arm that is a condition: refused before this, by its type
        return
    if not said:
        (holds if isinstance(node, (All, Compare)) else evaluate)(node, row)
        assert words(node, FIELDS)


# -- what is said of it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"field": "programm", "is": "x"}, "unknown field 'programm'; did you mean 'program'?"),
        ({"field": "program", "is": "wic"}, "'wic' is not a choice of 'program': probation, child-welfare"),
        (
            {"field": "program", "at_least": "probation"},
            "'program' has no order; at_least needs a number or a date",
        ),
        ({"field": "days", "is": "3"}, "'days' is a number; '3' is not"),
        ({"field": "days", "is": True}, "'days' is a number; True is not"),
        ({"field": "closed", "is": "true"}, "'closed' is a flag; 'true' is not"),
        ({"field": "opened", "at_least": 2027}, "'opened' is a date; 2027 is not"),
        ({"field": "q1", "in": ["1", "3"]}, "'3' is not a choice of 'q1': 1, 2, 9, 10"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused_in_words(raw: dict[str, Any], said: str) -> None:
    """If this fails, a slip in a condition is found by nobody, or told in words that nobody understands."""
    assert problems(Not(read_condition(raw)), FIELDS) == [said]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"sum": [{"field": "note"}]}, "'note' is not a number and cannot be summed"),
        ({"sum": [{"constant": "x"}]}, "'x' is not a number and cannot be summed"),
        ({"sum": [{"first": [{"then": {"constant": True}}]}]}, "'true' is not a number and cannot be summed"),
        (
            {"first": [{"then": {"constant": 1}}, {"then": {"constant": 2}}]},
            "an arm of first without a condition always holds; what follows it is never reached",
        ),
        (
            {
                "first": [
                    {"when": {"field": "closed", "is": True}, "then": {"constant": 1}},
                    {"then": {"field": "note"}},
                ]
            },
            "the arms of first give values of different kinds",
        ),
        ({"share": ["q1", "note2"], "that": {"is": 1}}, "unknown field 'note2'; did you mean 'note'?"),
    ],
)
def test_arithmetic_that_cannot_work_is_refused_in_words(raw: dict[str, Any], said: str) -> None:
    """If this fails, a derived rating fails on the first real case instead of in the check."""
    assert said in problems(read_expression(raw), FIELDS)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            {"field": "opened", "is": datetime(2027, 1, 1)},  # noqa: DTZ001
            "is takes text, whole numbers, dates or true/false",
        ),
        ({"field": "days", "in": [1, [2]]}, "in takes text, whole numbers, dates or true/false; got [2]"),
        ({"field": "days", "in": []}, "in takes a list with at least one entry"),
        ({"field": "days", "like": 3}, "unknown comparison like; use one of is, is_not, in"),
        ({"field": "days"}, "a condition is one of {all = [...]}"),
        ({"field": "days", "known": "yes"}, "known is true or false"),
        (3, 'a condition is a table such as {field = "program", is = "probation"}; got 3'),
    ],
)
def test_what_is_no_condition_is_refused_with_what_would_be_one(raw: Any, said: str) -> None:
    """If this fails, the author of a profile is told that it is wrong but not what would be right."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (its words are compared below)
        read_condition(raw)
    assert said in str(caught.value)


def test_what_is_nested_beyond_reading_is_refused() -> None:
    """If this fails, a hostile file ends the program by its depth."""
    condition: Any = {"field": "days", "is": 1}
    total: Any = {"constant": 1}
    for _ in range(5000):
        condition, total = {"not": condition}, {"sum": [total]}
    with pytest.raises(ValueError, match="nested more than 40 levels deep; take it apart"):
        read_condition(condition)
    with pytest.raises(ValueError, match="nested more than 40 levels deep"):
        read_expression(total)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"field": "closed", "is": True}, "closed is true"),
        ({"field": "days", "known": False}, "days open is not known"),
        (
            {
                "all": [
                    {"field": "days", "at_least": 60},
                    {"any": [{"field": "q1", "in": [1, 2]}, {"field": "q2", "is": 9}]},
                ]
            },
            "days open is at least 60 and (q1 is one of 1, 2 or q2 is 9)",
        ),
        ({"not": {"field": "program", "is": "probation"}}, "not (program is probation)"),
    ],
)
def test_conditions_are_said_in_plain_words(raw: dict[str, Any], said: str) -> None:
    """If this fails, the certificate of the draw cannot be read by those who check it."""
    assert words(read_condition(raw), FIELDS) == said


def test_arithmetic_is_said_in_plain_words() -> None:
    """If this fails, nobody but an engineer can tell how an overall rating comes about."""
    raw = {
        "first": [
            {
                "when": {"field": "q1", "is": 1},
                "then": {"sum": [{"field": "days"}, {"sum": [{"constant": 1}]}]},
            },
            {"then": {"share": ["q1", "q2"], "that": {"known": True}}},
        ]
    }
    assert words(read_expression(raw), FIELDS) == (
        "(the sum of days open and (the sum of 1)) if q1 is 1, else the share of q1 and q2 that is known"
    )


@given(CONDITIONS)
def test_the_words_name_every_field_that_is_looked_at(raw: dict[str, Any]) -> None:
    """If this fails, a condition looks at more than its words admit."""
    condition = read_condition(raw)
    said = words(condition, FIELDS)
    assert all(FIELDS[name].said() in said for name in names(condition))
    assert "True" not in said
    assert "False" not in said
