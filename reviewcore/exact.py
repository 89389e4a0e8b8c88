"""Taking a value over from somebody else's code: exact types all the way down, in a copy of our own.

A subclass could say one thing when it is checked and another when it is used, and a dictionary could be
changed afterwards by whoever kept hold of it. What comes through here is of the declared types and of
no others, and nobody else holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

_WORDS: Mapping[Any, str] = {
    str: "a str",
    bool: "a bool",
    int: "an int",
    float: "a float",
    date: "a date",
    time: "a time",
    datetime: "a datetime",
    NoneType: "None",
    type: "a class",
}


_FRACTION = "fractions.Fraction"


class Unfit(Exception):
    """A value is not of its declared type: where it stands, and what was expected; never the value itself."""


def taken(value: object, kind: Any, where: str) -> Any:
    """Return a copy of `value` that is exactly a `kind`; raise Unfit where it is not.

    >>> taken((1, 2), tuple[int, ...], "plan.sizes")
    (1, 2)
    >>> taken((1, True), tuple[int, ...], "plan.sizes")
    Traceback (most recent call last):
    reviewcore.exact.Unfit: plan.sizes[1]: expected an int, got bool
    """
    if (kind is type and isinstance(value, type)) or (_plain(kind) and type(value) is kind):
        return value
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return taken(value, _member(value, arguments, kind, where), where)
    if origin is Literal:
        if not any(type(value) is type(one) and value == one for one in arguments):
            raise _unfit(value, kind, where)
        return value
    if origin is tuple and type(value) is tuple:
        return tuple(taken(one, arguments[0], f"{where}[{place}]") for place, one in enumerate(value))
    if origin is Mapping and type(value) is dict:
        return {
            taken(key, arguments[0], f"a key of {where}"): taken(one, arguments[1], f"{where}[{place}]")
            for place, (key, one) in enumerate(value.items())
        }
    if attrs.has(kind) and type(value) is kind:
        return _copied(value, kind, where)
    raise _unfit(value, kind, where)


def _plain(kind: Any) -> bool:
    """Return whether values of this type are taken as they are. Fractions are known by name: few load them."""
    return kind in _WORDS or (getattr(kind, "__module__", ""), getattr(kind, "__name__", "")) == (
        "fractions",
        "Fraction",
    )


def _copied(value: Any, kind: Any, where: str) -> Any:
    given = {}
    for name, alias, declared in _fields(kind):
        try:
            one = getattr(value, name)
        except AttributeError:
            raise Unfit(f"{where}.{name}: was never set") from None
        given[alias] = taken(one, declared, f"{where}.{name}")
    try:
        return kind(**given)
    except (TypeError, ValueError):
        raise Unfit(f"{where}: is no valid {kind.__name__}") from None


@cache
def _fields(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    attrs.resolve_types(kind)
    return tuple((a.name, a.alias, a.type) for a in attrs.fields(kind))


def _member(value: object, members: tuple[Any, ...], kind: Any, where: str) -> Any:
    """Return the member of a union that `value` is one of, by its type alone."""
    for member in members:
        plain = get_origin(member) or member
        wanted = map(type, get_args(member)) if plain is Literal else (dict if plain is Mapping else plain,)
        if type(value) in wanted:
            return member
    raise _unfit(value, kind, where)


def _unfit(value: object, kind: Any, where: str) -> Unfit:
    return Unfit(f"{where}: expected {_said(kind)}, got {type(value).__name__}")


def _said(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return " or ".join(map(_said, arguments))
    if origin is Literal:
        return "one of " + ", ".join(map(repr, arguments))
    if origin is tuple:
        return "a tuple"
    if origin is Mapping:
        return "a dict"
    return _WORDS.get(kind) or str(kind.__name__)
