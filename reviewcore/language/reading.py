"""From TOML tables to expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from reviewcore.language.nodes import (
    All,
    Any,
    Arm,
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

_OPS: tuple[Op, ...] = ("is", "is_not", "in", "not_in", "at_least", "at_most", "known")

_DEEPEST = 40
"""Levels of lists and tables that an expression may have."""


def read_condition(raw: object) -> Condition:
    """Turn a TOML table into a condition; raise ValueError that says what is wrong and what would be right.

    >>> read_condition({"field": "program", "is": "probation"})
    Compare(field='program', op='is', value='probation')
    """
    _check_depth(raw)
    table = _table(raw, "a condition")
    if len(table) == 1 and (key := next(iter(table))) in ("all", "any"):
        parts = tuple(read_condition(part) for part in _list(table[key], key))
        return All(parts) if key == "all" else Any(parts)
    if set(table) == {"not"}:
        return Not(read_condition(table["not"]))
    if "field" in table and len(table) == 2:
        return Compare(_text(table["field"], "field"), *_comparison(table))
    raise ValueError(
        "a condition is one of {all = [...]}, {any = [...]}, {not = {...}} or "
        f"{{field = ..., OP = ...}} with OP one of {', '.join(_OPS)}; got the keys {', '.join(sorted(table))}"
    )


def read_expression(raw: object) -> Expression:
    """Turn a TOML table into arithmetic; raise ValueError that says what is wrong and what would be right.

    >>> read_expression({"sum": [{"field": "a"}, {"constant": 1}]})
    Sum(of=(Of(field='a'), Constant(value=1)))
    """
    _check_depth(raw)
    table = _table(raw, "a value")
    keys = set(table)
    if keys == {"field"}:
        return Of(_text(table["field"], "field"))
    if keys == {"constant"}:
        return Constant(_value(table["constant"], "constant"))
    if keys == {"sum"}:
        return Sum(tuple(read_expression(part) for part in _list(table["sum"], "sum")))
    if keys == {"share", "that"}:
        names = tuple(_text(name, "share") for name in _list(table["share"], "share"))
        return Share(names, *_comparison(_table(table["that"], "that")))
    if keys == {"first"}:
        return First(tuple(_arm(arm) for arm in _list(table["first"], "first")))
    raise ValueError(
        "a value is one of {field = ...}, {constant = ...}, {sum = [...]}, {share = [...], that = {...}} or "
        f"{{first = [...]}}; got the keys {', '.join(sorted(keys))}"
    )


def _arm(raw: object) -> Arm:
    table = _table(raw, "an arm of first")
    if "then" not in table or not set(table) <= {"when", "then"}:
        raise ValueError("an arm of first is {when = {...}, then = {...}} or {then = {...}}")
    return Arm(read_expression(table["then"]), read_condition(table["when"]) if "when" in table else None)


def _comparison(table: Mapping[str, object]) -> tuple[Op, Value | tuple[Value, ...]]:
    ops = [key for key in table if key != "field"]
    if len(ops) != 1 or ops[0] not in _OPS:
        raise ValueError(
            f"unknown comparison {', '.join(sorted(ops)) or 'none'}; use one of {', '.join(_OPS)}"
        )
    op, value = ops[0], table[ops[0]]
    if op in ("in", "not_in"):
        return op, tuple(_value(one, op) for one in _list(value, op))
    if op == "known" and not isinstance(value, bool):
        raise ValueError("known is true or false")
    return op, _value(value, op)


def _value(raw: object, what: str) -> Value:
    if type(raw) not in (str, int, bool, date):  # a float, a time or a date with a time compares with nothing
        raise ValueError(f"{what} takes text, whole numbers, dates or true/false; got {raw!r}")
    return cast(Value, raw)


def _check_depth(raw: object) -> None:
    """Refuse what is nested so deeply that nobody could read it, nor Python walk through it."""
    level = [raw]
    for _ in range(_DEEPEST):
        level = [part for one in level if isinstance(one, (dict, list)) for part in _parts(one)]
        if not level:
            return
    raise ValueError(f"nested more than {_DEEPEST} levels deep; take it apart")


def _parts(one: dict[str, object] | list[object]) -> Iterable[object]:
    return one.values() if isinstance(one, dict) else one


def _table(raw: object, what: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise ValueError(f'{what} is a table such as {{field = "program", is = "probation"}}; got {raw!r}')
    return raw


def _list(raw: object, what: str) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"{what} takes a list with at least one entry")
    return raw


def _text(raw: object, what: str) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{what} takes a name in quotes; got {raw!r}")
    return raw
