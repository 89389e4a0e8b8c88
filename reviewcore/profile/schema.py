"""A review type's profile as JSON Schema (draft 2020-12), so that an editor tells a slip while it is typed.

It is generated from the very classes that the profile is read into, and says of each setting what the
shipped profile's comments say. What it accepts may still break a rule that joins several settings; those
are the reader's, and `rules_of` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import attrs

from reviewcore.profile.rules import Rule
from reviewcore.profile.settings import FORMAT, Profile
from reviewcore.profile.strict import BLANK, Renamed, is_condition, is_union, member

if TYPE_CHECKING:
    from reviewcore.profile.words import Where
    from reviewcore.reviewtype import ReviewType

    Keywords = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALARS: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string", "not": {"pattern": BLANK}},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "partial-time"},  # RFC 3339's name for a time of no zone
    datetime: {"anyOf": [{"type": "string", "format": one} for one in ("date-time", "date-time-local")]},
}
_OF_LISTS: Mapping[Where, Mapping[str, Any]] = {
    ("languages",): {"minItems": 1, "uniqueItems": True},
    ("plugins",): {"uniqueItems": True},
    ("trusted",): {"uniqueItems": True},
    ("calendar", "holidays"): {"uniqueItems": True},
}
"""What `read` asks of these lists as a whole."""

RULES = (
    "The event has a working day: a weekday that is no holiday.",
    "No meeting is on a holiday.",
)
"""What `read` holds against each other across the profile's tables."""


def schema(kind: ReviewType, words: Mapping[Where, str]) -> Keywords:
    """Return the schema of profiles of a review type; `words` are those of its shipped profile's comments."""
    meetings = {one.key: one.words for one in kind.milestones}
    lists = {"people": "everyone with a part in the review"}
    lists |= {one.name: one.words or one.name for one in kind.sources}
    maker = _Maker({**{("lists", name): said for name, said in lists.items()}, **words})
    renamed: Renamed = {"settings": ("review", kind.settings)}
    maker.listen(Profile, (), renamed)
    made = maker.table(Profile, (), renamed)
    settings = made["properties"]
    settings["profile"] |= {"minimum": 1, "maximum": FORMAT}
    settings["type"] = {"const": kind.name, "description": settings["type"].get("description", kind.title)}
    needed = [one.key for one in kind.milestones if one.required]
    settings["meetings"] = _named(settings["meetings"], meetings, needed)
    settings["lists"] = _named(
        settings["lists"], {name: maker.words["lists", name] for name in lists}, list(lists)
    )
    if not settings["review"].get("required"):
        made["required"].remove("review")
    head: Keywords = {"$schema": DIALECT, "title": f"{kind.title}: profile"}
    return head | made | ({"$defs": maker.definitions} if maker.definitions else {})


def _named(table: Keywords, names: Mapping[str, str], needed: list[str]) -> Keywords:
    """Return the schema of a table of tables in which only these names can stand, each with what it is."""
    one = table["additionalProperties"]
    entries = {name: {**one, "description": said} for name, said in names.items()}
    return {**table, "properties": entries, "required": needed, "additionalProperties": False}


def rules_of(kind: ReviewType) -> tuple[str, ...]:
    """Return the rules that only the reader can check, as each says itself; RuntimeError for one that is silent."""
    found = dict.fromkeys(said for cl in _classes(Profile, kind.settings) for said in _rules(cl))
    return (*found, *RULES)


def _rules(cl: type) -> Iterator[str]:
    checks = [check for a in attrs.fields(cl) for check in _checks(a.validator)]
    for check in (*checks, getattr(cl, "__attrs_post_init__", None)):
        if check is not None and not isinstance(check, Rule):
            if not check.__doc__:
                where = f"{cl.__module__}.{check.__qualname__}"
                raise RuntimeError(f"{where}: say the rule in the first line of its docstring")
            yield check.__doc__.strip().split("\n")[0]


def _classes(*kinds: Any) -> Iterator[type]:
    """Yield the settings classes among these types and within them."""
    for kind in kinds:
        for cl, _ in _within(kind, ()):
            attrs.resolve_types(cl)
            yield cl
            yield from _classes(*(a.type for a in attrs.fields(cl)))


def _checks(validator: Any) -> Iterator[Any]:
    if validator is not None:
        several = getattr(validator, "_validators", None)  # attrs' own way of joining them
        for one in several or (validator,):
            yield from (one,) if not several else _checks(one)


def first_sentence(cl: type) -> str:
    """Return the first sentence of a class's docstring, without the requirements that it names."""
    said = re.split(r"(?<=\.)\s", (cl.__doc__ or "").strip(), maxsplit=1)[0]
    return re.sub(r"\s*\([A-Z]+-\d[^)]*\)", "", " ".join(said.split())).rstrip(".")


class _Maker:
    """Makes schemas of classes, with the words for each setting; classes in common share theirs."""

    def __init__(self, words: Mapping[Where, str]) -> None:
        self.words = words
        self.of_class: dict[tuple[type, str], str] = {}
        self.definitions: Keywords = {}

    def listen(self, cl: Any, at: Where, renamed: Renamed | None = None) -> None:
        """Note what is said of each class's settings anywhere, for where nothing is said of them."""
        attrs.resolve_types(cl)
        for a in attrs.fields(cl):
            key, kind = (renamed or {}).get(a.name, (a.name, a.type))
            here = (*at, key)
            if here in self.words:
                self.of_class.setdefault((cl, key), self.words[here])
            for inner, there in _within(kind, here):
                for place in sorted(p for p in _places(self.words, there)) or [there]:
                    self.listen(inner, place)

    def table(self, cl: Any, at: Where, renamed: Renamed | None = None, usual: object = None) -> Keywords:
        """Return the schema of a settings class whose table stands at `at`; `usual` is what holds without it."""
        properties: Keywords = {}
        required = []
        for a in attrs.fields(cl):
            key, kind = (renamed or {}).get(a.name, (a.name, a.type))
            here = (*at, key)
            without = a.default if usual is None else getattr(usual, a.name)
            made = self.value(kind, here, without)
            for check in _checks(a.validator):
                if isinstance(check, Rule):
                    made = _joined(made, check.keywords)
            made = _joined(made, _OF_LISTS.get(here, {}))
            said = self.words.get(here) or self.of_class.get((cl, key)) or a.metadata.get("words")
            if said := said or _part(made).get("description"):
                made["description"] = said
            if a.default is attrs.NOTHING:
                required.append(key)
            elif (default := _plain(without)) is not None:
                made["default"] = default
            properties[key] = made
        made = {"type": "object", "description": self.words.get(at) or first_sentence(cl)}
        return made | {"properties": properties, "required": required, "additionalProperties": False}

    def value(self, kind: Any, at: Where, usual: object = None) -> Keywords:
        """Return the schema of a value of a type that a setting can have; `usual` is its default."""
        if kind in _SCALARS:
            return dict(_SCALARS[kind])
        if get_origin(kind) is Literal:
            return {"enum": list(get_args(kind))}
        if get_origin(kind) is tuple:
            return {"type": "array", "items": self.value(get_args(kind)[0], (*at, "*"))}
        if get_origin(kind) is Mapping:
            return {"type": "object", "additionalProperties": self.value(get_args(kind)[1], (*at, "*"))}
        if is_union(kind):
            if is_condition(member(kind)):
                from reviewcore.language.schema import CONDITION

                self.definitions["condition"] = CONDITION
                return {"$ref": "#/$defs/condition"}
            return self.value(member(kind), at)
        made = getattr(usual, "factory", lambda: usual)()  # an attrs.Factory, or a value
        return self.table(kind, at, usual=made if isinstance(made, kind) else None)


def _within(kind: Any, at: Where) -> Iterator[tuple[Any, Where]]:
    """Yield the settings class that a type holds, and where its table stands."""
    if attrs.has(kind):
        yield kind, at
    elif is_union(kind):
        if not is_condition(member(kind)):
            yield from _within(member(kind), at)
    elif get_args(kind) and get_origin(kind) is not Literal:
        yield from _within(get_args(kind)[-1 if get_origin(kind) is not tuple else 0], (*at, "*"))


def _places(words: Mapping[Where, str], pattern: Where) -> Iterator[Where]:
    """Yield the tables that the words tell of and that a place with `*` in it means."""
    size = len(pattern)
    for path in words:
        fits = all(step in ("*", given) for step, given in zip(pattern, path, strict=False))
        if len(path) > size and fits:
            yield path[:size]


def _part(made: Keywords) -> Keywords:
    """Return the schema of a list's entries or of a table's named ones, where it has such."""
    inner = made.get("items") or made.get("additionalProperties")
    return inner if isinstance(inner, dict) else {}


def _joined(made: Keywords, more: Mapping[str, Any]) -> Keywords:
    """Return a schema that says both, table within table; neither is changed."""
    joined = dict(made)
    for key, value in more.items():
        both = isinstance(value, Mapping) and isinstance(joined.get(key), dict)
        joined[key] = _joined(joined[key], value) if both else value
    return joined


def _plain(default: Any) -> Any:
    """Return a default as JSON writes it, or None where it is made only then, or is nothing."""
    if isinstance(default, (date, time)):
        return default.isoformat()
    if isinstance(default, tuple):
        return [_plain(one) for one in default]
    if default is None or isinstance(default, (str, int, float)):
        return default
    return None
