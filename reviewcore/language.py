"""The closed language of conditions and arithmetic over declared fields.

One small language serves eligibility, strata, applicability, skip logic and derived ratings. It is
written as TOML tables, so it needs no parser; it is checked before anything runs; and every
expression can be said in words. There is no way to call code from it.

Conditions::

    { field = "program", is = "probation" }        also: is_not, in, not_in
    { field = "days_open", at_least = 60 }         also: at_most (numbers and dates)
    { field = "closed", known = false }            whether there is a value at all
    { all = [ ... ] }   { any = [ ... ] }   { not = { ... } }

Arithmetic::

    { field = "visits" }   { constant = 2 }
    { sum = [ ... ] }                                   of the values that are known
    { share = ["q1", "q2"], that = { at_least = 3 } }   of the known fields, how many are such
    { first = [ { when = <condition>, then = <value> }, { then = <value> } ] }

A value that is not known makes no comparison true: neither `is` nor `is_not`. `not` is true wherever its
part is not true, also where a value is not known; so of a condition and its `not`, every case meets one,
and none falls between two strata. To ask for a known value that differs, write `is_not`. A sum or share
of nothing known is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from attrs import frozen

from reviewcore.errors import nearest

Value: TypeAlias = str | int | bool | date | Fraction | None
Row: TypeAlias = Mapping[str, Value]
Kind: TypeAlias = Literal["text", "number", "date", "flag", "choice"]
Op: TypeAlias = Literal["is", "is_not", "in", "not_in", "at_least", "at_most", "known"]

_OPS: tuple[Op, ...] = ("is", "is_not", "in", "not_in", "at_least", "at_most", "known")
_WORDS: dict[Op, str] = {
    "is": "is",
    "is_not": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "at_least": "is at least",
    "at_most": "is at most",
    "known": "is",
}


_DEEPEST = 40
"""Levels of lists and tables that an expression may have."""


@frozen
class Field:
    """A declared field of a source or an instrument: the only thing that an expression can name.

    `choices` closes a field of kind "choice"; a closed scale is a choice of whole numbers written as
    text. `words` is how the field is said to people.
    """

    name: str
    kind: Kind = "text"
    words: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True

    def said(self) -> str:
        """Return how people call the field."""
        return self.words or self.name.replace("_", " ")


@frozen
class Compare:
    """One field held against one value, or against a tuple of them for `in` and `not_in`."""

    field: str
    op: Op
    value: Value | tuple[Value, ...]


@frozen
class All:
    """True where every part is."""

    of: tuple[Condition, ...]


@frozen
class Any:
    """True where at least one part is."""

    of: tuple[Condition, ...]


@frozen
class Not:
    """True where the part is not true, be it false or not known."""

    of: Condition


Condition: TypeAlias = Compare | All | Any | Not


@frozen
class Of:
    """The value of a field."""

    field: str


@frozen
class Constant:
    """A value as written."""

    value: Value


@frozen
class Sum:
    """The sum of the parts that are known."""

    of: tuple[Expression, ...]


@frozen
class Share:
    """Of the named fields that are known, the share for which the comparison holds, as a Fraction."""

    of: tuple[str, ...]
    op: Op
    value: Value | tuple[Value, ...]


@frozen
class Arm:
    """One arm of `First`; without a condition it always holds."""

    then: Expression
    when: Condition | None = None


@frozen
class First:
    """The value of the first arm whose condition holds."""

    of: tuple[Arm, ...]


Expression: TypeAlias = Of | Constant | Sum | Share | First


# -- reading ------------------------------------------------------------------------------------------


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


# -- checking -----------------------------------------------------------------------------------------


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
            return [] if type(value) in (str, int, bool, date, Fraction) else [f"{value!r} is no value"]
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
    wanted: dict[Kind, tuple[type, ...]] = {
        "text": (str,), "number": (int, Fraction), "date": (date,), "flag": (bool,), "choice": (str, int)
    }  # fmt: skip
    found = []
    for one in values:
        if type(one) not in wanted[declared.kind]:
            found.append(f"'{declared.name}' is a {declared.kind}; {one!r} is not")
        elif declared.kind == "choice" and str(one) not in declared.choices:
            found.append(f"{one!r} is not a choice of '{declared.name}': {', '.join(declared.choices)}")
    return found


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


# -- evaluating ---------------------------------------------------------------------------------------


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
            return Fraction(sum(_compare(v, op, value) for v in have), len(have)) if have else None
        case First(arms):
            for arm in arms:
                if arm.when is None or holds(arm.when, row):
                    return evaluate(arm.then, row)
            return None


# -- saying -------------------------------------------------------------------------------------------


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
