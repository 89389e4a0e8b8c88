"""Whether a condition is true of a case, and what an expression gives for it."""

from __future__ import annotations

from typing import cast

from reviewcore.language.nodes import (
    All,
    Any,
    Compare,
    Condition,
    Constant,
    Expression,
    First,
    Not,
    Of,
    Op,
    Row,
    Share,
    Sum,
    Value,
)


def holds(condition: Condition, row: Row) -> bool:
    """Return whether `condition` is true of `row`. A value that is not known makes no comparison true.

    >>> holds(Compare("rating", "at_least", 3), {"rating": "4"})
    True
    """
    match condition:
        case Compare(name, op, value):
            return _compare(row.get(name), op, value)
        case All(parts):
            return all(holds(part, row) for part in parts)
        case Any(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)


def _compare(have: Value, op: Op, value: Value | tuple[Value, ...]) -> bool:
    if op == "known":
        return (have is not None) == value
    if have is None:
        return False
    if op in ("in", "not_in"):
        among = any(_same(have, one) for one in cast(tuple[Value, ...], value))
        return among == (op == "in")
    one = cast(Value, value)
    if op in ("is", "is_not"):
        return _same(have, one) == (op == "is")
    left, right = _number(have), _number(one)
    return left >= right if op == "at_least" else left <= right  # type: ignore[operator]


def _same(have: Value, one: Value) -> bool:
    if isinstance(have, str) or isinstance(one, str):
        return str(have) == str(one)
    return have == one


def _number(value: Value) -> Value:
    return int(value) if isinstance(value, str) else value


def evaluate(expression: Expression, row: Row) -> Value:
    """Return the value of `expression` for `row`, or None where it is not known.

    >>> evaluate(Share(("a", "b", "c"), "at_least", 3), {"a": "4", "b": "2", "c": None})
    Fraction(1, 2)
    """
    match expression:
        case Of(name):
            return row.get(name)
        case Constant(value):
            return value
        case Sum(parts):
            known = [_number(v) for part in parts if (v := evaluate(part, row)) is not None]
            return sum(cast(list[int], known)) if known else None
        case Share(of, op, value):
            have = [row[name] for name in of if row.get(name) is not None]
            from fractions import Fraction

            return Fraction(sum(_compare(v, op, value) for v in have), len(have)) if have else None
        case First(arms):
            for arm in arms:
                if arm.when is None or holds(arm.when, row):
                    return evaluate(arm.then, row)
            return None
