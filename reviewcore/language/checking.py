"""What can be known to be wrong with an expression before it meets a case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from numbers import Rational

from reviewcore.errors import nearest
from reviewcore.language.fields import Field, Kind
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
    Share,
    Sum,
    Value,
)
from reviewcore.language.saying import words


def problems(node: Condition | Expression, fields: Mapping[str, Field]) -> list[str]:
    """Return what is wrong with `node` over `fields`, in words; an empty list when nothing is.

    Where nothing is, evaluating it never fails on rows whose values are of the declared kinds.
    """
    match node:
        case Compare(name, op, value):
            return _mismatch(fields[name], op, value) if name in fields else [_unknown(name, fields)]
        case Share(of, op, value):
            unknown = [_unknown(name, fields) for name in of if name not in fields]
            return (
                unknown or _empty(of) or [text for name in of for text in _mismatch(fields[name], op, value)]
            )
        case All(parts) | Any(parts):
            return _empty(parts) + [text for part in parts for text in problems(part, fields)]
        case Not(part):
            return problems(part, fields)
        case Of(name):
            return [] if name in fields else [_unknown(name, fields)]
        case Constant(value):
            known = type(value) in (str, bool, date) or isinstance(value, Rational)
            return [] if known else [f"{value!r} is no value"]
        case Sum(parts):
            found = _empty(parts) + [text for part in parts for text in problems(part, fields)]
            return found or [
                f"'{words(part, fields)}' is not a number and cannot be summed"
                for part in parts
                if "number" not in _kinds(part, fields)
            ]
        case First(arms):
            found = _empty(arms) + [text for arm in arms for text in problems(arm.then, fields)]
            found += [text for arm in arms if arm.when for text in problems(arm.when, fields)]
            if any(arm.when is None for arm in arms[:-1]):
                found.append(
                    "an arm of first without a condition always holds; what follows it is never reached"
                )
            if not found and not _kinds(node, fields):
                found.append("the arms of first give values of different kinds")
            return found


def _empty(parts: tuple[object, ...]) -> list[str]:
    return [] if parts else ["takes at least one entry"]


def _kinds(node: Expression, fields: Mapping[str, Field]) -> frozenset[str]:
    """Return what the value of an expression can serve as; a rating serves as text and as a number."""
    match node:
        case Of(name):
            declared = fields[name]
            serves = {"text"} if declared.kind in ("text", "choice") else {declared.kind}
            return frozenset(serves | ({"number"} if _numeric(declared) else set()))
        case Constant(value):
            kinds = {str: "text", bool: "flag", date: "date"}
            return frozenset({kinds.get(type(value), "number")})
        case Sum() | Share():
            return frozenset({"number"})
        case First(arms):
            return frozenset.intersection(*(_kinds(arm.then, fields) for arm in arms))


def _unknown(name: str, fields: Mapping[str, Field]) -> str:
    return f"unknown field '{name}'{nearest(name, fields)}"


def _numeric(declared: Field) -> bool:
    whole = all(re.fullmatch(r"-?[0-9]{1,18}", choice) for choice in declared.choices)
    return declared.kind == "number" or (declared.kind == "choice" and bool(declared.choices) and whole)


def _mismatch(declared: Field, op: Op, value: Value | tuple[Value, ...]) -> list[str]:
    if op == "known":
        return [] if isinstance(value, bool) else ["known is true or false"]
    if isinstance(value, tuple) != (op in ("in", "not_in")) or value == ():
        return [f"{op} takes {'a list with at least one entry' if op in ('in', 'not_in') else 'one value'}"]
    if op in ("at_least", "at_most") and not (_numeric(declared) or declared.kind == "date"):
        return [f"'{declared.name}' has no order; {op} needs a number or a date"]
    values = value if isinstance(value, tuple) else (value,)
    found = []
    for one in values:
        if not _is(one, declared.kind):
            found.append(f"'{declared.name}' is a {declared.kind}; {one!r} is not")
        elif declared.kind == "choice" and str(one) not in declared.choices:
            found.append(f"{one!r} is not a choice of '{declared.name}': {', '.join(declared.choices)}")
    return found


def _is(value: Value, kind: Kind) -> bool:
    if kind == "number":
        return isinstance(value, Rational) and not isinstance(value, bool)
    wanted = {"text": (str,), "date": (date,), "flag": (bool,), "choice": (str, int)}
    return type(value) in wanted[kind]


def names(node: Condition | Expression) -> frozenset[str]:
    """Return the names of all fields that `node` looks at."""
    match node:
        case Compare(name):
            return frozenset({name})
        case Share(share):
            return frozenset(share)
        case All(parts) | Any(parts) | Sum(parts):
            return frozenset().union(*(names(part) for part in parts))
        case Not(part):
            return names(part)
        case Of(name):
            return frozenset({name})
        case First(arms):
            whens = (names(arm.when) for arm in arms if arm.when)
            return frozenset().union(*(names(arm.then) for arm in arms), *whens)
        case Constant():
            return frozenset()
