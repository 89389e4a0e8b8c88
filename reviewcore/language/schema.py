"""The language's conditions as JSON Schema, for editors. `reading` is what counts."""

from __future__ import annotations

from typing import Any

_VALUE: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {"type": "integer"},
        {"type": "boolean"},
        {"type": "string", "format": "date"},
    ]
}
_PARTS: dict[str, Any] = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}}


def _table(words: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": words,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _compare(op: str, value: dict[str, Any], words: str) -> dict[str, Any]:
    return _table(words, field={"type": "string"}, **{op: value})


CONDITION: dict[str, Any] = {
    "description": "a condition over the declared fields",
    "anyOf": [
        _table("true where every part is", all=_PARTS),
        _table("true where at least one part is", any=_PARTS),
        _table("true where the part is not", **{"not": {"$ref": "#/$defs/condition"}}),
        _compare("is", _VALUE, "the field is this"),
        _compare("is_not", _VALUE, "the field is not this"),
        _compare("at_least", _VALUE, "the field is this or more"),
        _compare("at_most", _VALUE, "the field is this or less"),
        _compare("in", {"type": "array", "minItems": 1, "items": _VALUE}, "the field is one of these"),
        _compare("not_in", {"type": "array", "minItems": 1, "items": _VALUE}, "the field is none of these"),
        _compare("known", {"type": "boolean"}, "the field is known, or is not"),
    ],
}
"""Stands under `$defs` as `condition`."""
