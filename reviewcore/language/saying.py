"""Expressions in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviewcore.language.fields import Field
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

_WORDS: dict[Op, str] = {
    "is": "is",
    "is_not": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "at_least": "is at least",
    "at_most": "is at most",
    "known": "is",
}


def words(node: Condition | Expression, fields: Mapping[str, Field]) -> str:
    """Say `node` in plain words.

    >>> words(Not(Compare("program", "is", "probation")), {"program": Field("program", "choice", "program")})
    'not (program is probation)'
    """
    match node:
        case Compare(name, "known", value):
            return f"{_said(name, fields)} is {'known' if value else 'not known'}"
        case Compare(name, op, value):
            return f"{_said(name, fields)} {_WORDS[op]} {_listed(value)}"
        case All(parts):
            return " and ".join(_bracketed(part, fields) for part in parts)
        case Any(parts):
            return " or ".join(_bracketed(part, fields) for part in parts)
        case Not(part):
            return f"not ({words(part, fields)})"
        case Of(name):
            return _said(name, fields)
        case Constant(value):
            return _listed(value)
        case Sum(parts):
            return "the sum of " + _and(_bracketed(part, fields) for part in parts)
        case Share(of, op, value):
            held = (
                f"is {'known' if value else 'not known'}"
                if op == "known"
                else f"{_WORDS[op]} {_listed(value)}"
            )
            return f"the share of {_and(_said(name, fields) for name in of)} that {held}"
        case First(arms):
            return ", else ".join(
                _bracketed(arm.then, fields) + (f" if {words(arm.when, fields)}" if arm.when else "")
                for arm in arms
            )


def _said(name: str, fields: Mapping[str, Field]) -> str:
    return fields[name].said() if name in fields else name


def _bracketed(part: Condition | Expression, fields: Mapping[str, Field]) -> str:
    text = words(part, fields)
    return f"({text})" if isinstance(part, (All, Any, Sum, First)) else text


def _listed(value: Value | tuple[Value, ...]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(_listed, value)) if isinstance(value, tuple) else str(value)


def _and(parts: Iterable[str]) -> str:
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last
