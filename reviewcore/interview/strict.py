"""What a package keeps as TOML, read strictly into the values of `reviewcore.interview.plan`.

Nothing is coerced, nothing unknown is passed over, and every problem is told in one pass with its key.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from reviewcore.errors import BadInput, Problem
from reviewcore.interview.plan import ItemKind
from reviewcore.language import Condition, read_condition

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")


def package_text(package: str, folder: str, name: str, what: str) -> str:
    """Return the text of `FOLDER/NAME.toml` in a package; raise BadInput where there is none.

    `what` is how people call the thing that it holds, as in "an instrument".
    """
    from importlib.resources import files

    try:
        return (files(package) / folder / f"{name}.toml").read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        wrong = "there is no such file" if isinstance(error, FileNotFoundError) else "this is not UTF-8 text"
        where = f"{package}/{folder}/{name}.toml"
        raise BadInput([Problem(where, f"{wrong}; {what} is a TOML file in UTF-8")]) from None


def structured(text: str, where: str, kind: type[T]) -> T:
    """Return the value of a class that a TOML text holds; raise BadInput with every problem."""
    import tomllib

    from cattrs.errors import BaseValidationError

    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput([Problem(where, f"this is not TOML: {error}")]) from None
    try:
        return _converter().structure(raw, kind)
    except BaseValidationError as error:
        found = [Problem(where, what, _said(path, raw)) for path, what in _flat(error, ())]
    raise BadInput(found)


def _converter() -> Converter:
    from types import GenericAlias

    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn

    converter = Converter(forbid_extra_keys=True, detailed_validation=True)

    def exactly(kind: type, words: str) -> Any:
        def structure(value: object, _: object) -> object:
            if type(value) is not kind:
                raise ValueError(f"expected {words}, got {type(value).__name__}")
            return value

        return structure

    def many(kind: Any) -> Any:
        as_list = GenericAlias(list, (get_args(kind)[0],))
        inner = converter.get_structure_hook(as_list)

        def structure(value: object, _: object) -> object:
            if type(value) is not list:
                raise ValueError(f"expected a list, got {type(value).__name__}")
            return tuple(inner(value, as_list))

        return structure

    def table(kind: type) -> Any:
        inner: Any = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)

        def structure(value: object, _: object) -> object:
            if type(value) is not dict:
                raise ValueError(f"expected a table, got {type(value).__name__}")
            return inner(value, kind)

        return structure

    def kind_of_item(value: object, _: object) -> object:
        if value not in get_args(ItemKind):
            raise ValueError(f"expected one of {', '.join(get_args(ItemKind))}")
        return value

    converter.register_structure_hook_factory(lambda kind: hasattr(kind, "__attrs_attrs__"), table)
    converter.register_structure_hook(str, exactly(str, "text in quotes"))
    converter.register_structure_hook(bool, exactly(bool, "true or false"))
    converter.register_structure_hook(int, exactly(int, "a whole number"))
    converter.register_structure_hook_func(lambda kind: kind == ItemKind, kind_of_item)
    converter.register_structure_hook_func(
        lambda k: k == Condition | None, lambda raw, _: read_condition(raw)
    )
    converter.register_structure_hook_factory(lambda kind: getattr(kind, "__origin__", None) is tuple, many)
    return converter


Path = tuple[str | int, ...]


def _flat(error: BaseException, path: Path) -> list[tuple[Path, str]]:
    """Return every leaf of cattrs' tree of errors with the path to its key."""
    from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError

    if isinstance(error, ClassValidationError):
        noted, others = error.group_exceptions()
        found = [leaf for inner, note in noted for leaf in _flat(inner, (*path, note.name))]
        return found + [leaf for inner in others for leaf in _flat(inner, path)]
    if isinstance(error, IterableValidationError):
        steps, others = error.group_exceptions()
        found = [leaf for inner, note in steps for leaf in _flat(inner, (*path, int(note.index)))]
        return found + [leaf for inner in others for leaf in _flat(inner, path)]
    if isinstance(error, ForbiddenExtraKeysError):
        known = [one.name for one in error.cl.__attrs_attrs__]  # type: ignore[attr-defined]
        return [((*path, key), _unknown(key, known)) for key in sorted(error.extra_fields)]
    if isinstance(error, KeyError):
        return [(path, "missing")]
    return [(path, str(error))]


def _unknown(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key, known, n=1)
    return "unknown key; " + (f"did you mean '{near[0]}'?" if near else f"the keys are {', '.join(known)}")


def _said(path: Path, raw: Any) -> str:
    """Return a path as people write it, with the `key` of the innermost table that has one."""
    text, key = "", ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = None
        if isinstance(raw, dict) and isinstance(raw.get("key"), str):
            key = raw["key"]
    return f"{text} ('{key}')" if key else text
