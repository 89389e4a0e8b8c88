"""From TOML values to frozen attrs classes by cattrs, with nothing guessed and nothing coerced.

cattrs would make True of "false" and a list of letters of "abc". Here a value has exactly the declared
type or is refused, unknown keys are refused with the nearest known one, and everything that is wrong
is found in one pass.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache, partial
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import BaseConverter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    IterableValidationError,
    IterableValidationNote,
)

from reviewcore.errors import Refused, nearest

if TYPE_CHECKING:
    from reviewcore.profile.lines import Path

Hook = Callable[[Any, Any], Any]
Renamed = Mapping[str, tuple[str, Any]]
"""Attributes that stand in the file under another key, and what they are structured as."""

BLANK = "____"
"""What a shipped profile has wherever the county must fill something in."""

_EXPECTED: Mapping[Any, str] = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a date such as 2027-03-01",
    time: "a time such as 09:00:00",
    datetime: "a date and time such as 2027-03-01 09:00:00",
}


class Wrong(ValueError):
    """A value that is not what its setting takes; the message says what would be right."""


def converter() -> BaseConverter:
    """Return a converter that coerces nothing; it remembers the classes that it has seen."""
    made = BaseConverter()
    for kind in _EXPECTED:
        made.register_structure_hook(kind, _scalar(kind))
    for fits, factory in (
        (partial(_has_origin, tuple), _tuple),
        (partial(_has_origin, Mapping), _mapping),
        (partial(_has_origin, Literal), _literal),
        (is_union, _optional),
        (attrs.has, _class),
    ):
        made.register_structure_hook_factory(fits, factory)
    return made


def structure(raw: object, cl: Any, made: BaseConverter, keys: Renamed | None = None) -> Any:
    """Return `raw` as a `cl`; raise what `faults` turns into plain words."""
    return _class(cl, made, keys)(raw, cl) if keys else made.structure(raw, cl)


def faults(error: BaseException, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Flatten a tree of errors: where each stands, and what is wrong there."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from faults(inner, (*path, *_step(inner)))
    elif isinstance(error, (ValueError, TypeError)):
        yield path, str(error.args[0]) if error.args else "is not right"
    else:
        yield path, f"its check failed ({type(error).__name__}); tell the maker of the review type"


def said(value: object) -> str:
    """Say a TOML value as it is written, shortened, without going into lists and tables.

    >>> said(True), said("false"), said([1])
    ('true', "'false'", 'a list')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a table"
    text = str(value)
    text = text if len(text) <= 40 else f"{text[:37]}..."
    return repr(text) if isinstance(value, str) else text


def _has_origin(origin: Any, kind: Any) -> bool:
    return get_origin(kind) is origin


def _expected(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(said, get_args(kind)))
    if is_union(kind):
        return _expected(member(kind))
    if get_origin(kind) is tuple:
        return "a list"
    return _EXPECTED.get(kind, "a table")


def _refuse(value: object, kind: Any) -> Wrong:
    if isinstance(value, str) and BLANK in value:
        return Wrong(f"not filled in yet; it takes {_expected(kind)}")
    quoted = isinstance(value, str) and kind in (int, float, date, time, datetime) and _reads_as(value, kind)
    return Wrong(
        f"expected {_expected(kind)}, got {said(value)}{'; take the quotation marks away' if quoted else ''}"
    )


def _reads_as(text: str, kind: type) -> bool:
    try:
        return type(tomllib.loads(f"x = {text}")["x"]) is kind
    except tomllib.TOMLDecodeError:
        return False


def _noted(error: Exception, step: str | int) -> Exception:
    """Mark an error with where it belongs, as cattrs does."""
    note = AttributeValidationNote("", step, None) if isinstance(step, str) else None
    error.__notes__ = [note or IterableValidationNote("", step, None)]
    return error


def _step(error: BaseException) -> Path:
    notes = getattr(error, "__notes__", [])
    steps = (getattr(note, "name", getattr(note, "index", None)) for note in notes)
    return tuple(step for step in steps if step is not None)[:1]


# -- one hook for each kind of setting ---------------------------------------------------------------


def _scalar(kind: type) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if kind is float and type(value) is int:
            return float(value)  # TOML writes 1 for 1.0, and no digit is lost
        odd = (
            BLANK in value
            if isinstance(value, str)
            else isinstance(value, float) and not math.isfinite(value)
        )
        if type(value) is not kind or odd:
            raise _refuse(value, kind)
        return value

    return hook


def _each(
    pairs: list[tuple[Any, Any]], kind: Any, made: BaseConverter, wrap: Callable[[list[Any]], Any], cl: Any
) -> Any:
    """Structure every value, gathering what is wrong with each of them."""
    values, errors = [], []
    for step, value in pairs:
        try:
            values.append((step, made.structure(value, kind)))
        except Exception as error:  # sorted out by `faults`, every one of them
            errors.append(_noted(error, step))
    if errors:
        raise IterableValidationError("", errors, cl)
    return wrap(values)


def _tuple(cl: Any, made: BaseConverter) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not list:
            raise _refuse(value, cl)
        pairs = list(enumerate(value))
        return _each(pairs, get_args(cl)[0], made, lambda found: tuple(one for _, one in found), cl)

    return hook


def _mapping(cl: Any, made: BaseConverter) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not dict:
            raise _refuse(value, cl)
        return _each(list(value.items()), get_args(cl)[1], made, dict, cl)

    return hook


def _literal(cl: Any, _: BaseConverter) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if any(type(value) is type(one) and value == one for one in get_args(cl)):
            return value
        if isinstance(value, str) and BLANK not in value:
            raise Wrong(f"{_refuse(value, cl)}{nearest(value, tuple(map(str, get_args(cl))))}")
        raise _refuse(value, cl)

    return hook


def is_union(kind: Any) -> bool:
    """Return whether this is `X | Y`, however it is written."""
    return get_origin(kind) in (Union, UnionType)


def member(kind: Any) -> Any:
    """Return what may stand in the file for `X | None`: X. A condition is itself a union of classes."""
    members = tuple(one for one in get_args(kind) if one is not NoneType)
    return members[0] if len(members) == 1 else Union[members]  # noqa: UP007  (made at run time)


def is_condition(kind: Any) -> bool:
    """Return whether this is the language's Condition, which only few settings are: it is loaded for them alone."""
    if not is_union(kind):
        return False
    from reviewcore.language import Condition

    return bool(kind == Condition)


def _optional(cl: Any, made: BaseConverter) -> Hook:
    inner = member(cl)
    if is_condition(inner):
        from reviewcore.language import read_condition

        return lambda value, _: read_condition(value)
    return lambda value, _: made.structure(value, inner)


# -- classes -----------------------------------------------------------------------------------------


def _class(cl: Any, made: BaseConverter, keys: Renamed | None = None) -> Hook:
    keys = keys or {}
    check_types(cl, keys)
    known = {a.name: keys.get(a.name, (a.name, a.type)) for a in attrs.fields(cl)}

    def hook(raw: Any, _: Any) -> Any:
        if type(raw) is not dict:
            raise _refuse(raw, cl)
        values: dict[str, Any] = {}
        errors: list[Exception] = []
        for a in attrs.fields(cl):
            key, kind = known[a.name]
            if key not in raw and a.default is attrs.NOTHING:
                errors.append(_noted(Wrong(f"missing; it takes {_expected(kind)}"), key))
            elif key in raw:
                try:
                    values[a.alias] = made.structure(raw[key], kind)
                except Exception as error:  # sorted out by `faults`, every one of them
                    errors.append(_noted(error, key))
        names = tuple(key for key, _ in known.values())
        unknown = sorted(set(raw) - set(names))
        errors += [_noted(Wrong(f"unknown setting{nearest(key, names)}"), key) for key in unknown]
        if not errors:
            try:
                return cl(**values)
            except Exception as error:  # sorted out by `faults`
                errors = list(_refusals(cl, made, raw, keys)) or [_pointed(error, cl)]
        else:
            errors += _refusals(cl, made, raw, keys)
        raise ClassValidationError("", errors, cl)

    return hook


def _pointed(error: Exception, cl: Any) -> Exception:
    """Place what a whole class refuses at the setting that its message begins with, as in "tool: use ..."."""
    said = re.match(r"(\w+): (.+)", str(error), re.DOTALL) if isinstance(error, ValueError) else None
    if said and said[1] in {a.name for a in attrs.fields(cl)}:
        return _noted(Wrong(said[2]), said[1])
    return error


def _refusals(cl: Any, made: BaseConverter, raw: dict[str, Any], keys: Renamed) -> Iterator[Exception]:
    """Ask every validator that can be asked: attrs itself stops at the first that refuses."""
    trial = object.__new__(cl)
    for a in attrs.fields(cl):
        key, kind = keys.get(a.name, (a.name, a.type))
        try:
            if key in raw:
                object.__setattr__(trial, a.name, made.structure(raw[key], kind))
            elif isinstance(a.default, attrs.Factory):  # type: ignore[arg-type]
                made_of = (trial,) if a.default.takes_self else ()
                object.__setattr__(trial, a.name, a.default.factory(*made_of))
            elif a.default is not attrs.NOTHING:
                object.__setattr__(trial, a.name, a.default)
        except Exception:  # noqa: S112  (already told, by the pass that came before)
            continue
    for a in attrs.fields(cl):
        if a.validator is None or not hasattr(trial, a.name):
            continue
        try:
            a.validator(trial, a, getattr(trial, a.name))
        except AttributeError:
            continue  # it looks at another setting, which must be put right first
        except Exception as error:  # sorted out by `faults`
            yield _noted(error, keys[a.name][0] if a.name in keys else a.name)


def check_types(cl: Any, renamed: Renamed | None = None) -> None:
    """Refuse a settings class, or one within it, with a type that TOML cannot give exactly or that can change."""
    if not attrs.has(cl) or not _frozen(cl):
        raise Refused(f"{cl.__name__}: settings are a frozen attrs class; mark it with @frozen")
    try:
        attrs.resolve_types(cl)
    except NameError as error:
        raise Refused(f"{cl.__name__}: {error}; import at run time what its types name") from None
    for a in attrs.fields(cl):
        if a.name not in (renamed or {}) and not _supported(a.type):
            raise Refused(
                f"{cl.__name__}.{a.name}: a setting cannot be {a.type}; use str, bool, int, float, date, time, "
                "datetime, Literal, X | None, tuple[X, ...], Mapping[str, X], Condition or a frozen attrs class"
            )


@cache
def _frozen(cl: Any) -> bool:
    try:
        object.__new__(cl).__setattr__("probe", None)
    except attrs.exceptions.FrozenInstanceError:
        return True
    except AttributeError:
        return False
    return False


@cache
def _supported(kind: Any) -> bool:
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return len(arguments) == 2 and arguments[1] is ... and _supported(arguments[0])
    if get_origin(kind) is Mapping:
        return arguments[0] is str and _supported(arguments[1])
    if get_origin(kind) is Literal:
        return all(type(one) in (str, int, bool) for one in arguments)
    if is_union(kind):
        return is_condition(member(kind)) or (not is_union(member(kind)) and _supported(member(kind)))
    if attrs.has(kind):
        check_types(kind)
        return True
    return kind in _EXPECTED
