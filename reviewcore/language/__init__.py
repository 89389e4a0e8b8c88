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

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewcore.language.checking import names, problems
    from reviewcore.language.evaluating import evaluate, holds
    from reviewcore.language.fields import Field, Kind
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
        Row,
        Share,
        Sum,
        Value,
    )
    from reviewcore.language.reading import read_condition, read_expression
    from reviewcore.language.saying import words

_HOMES = {
    "checking": "names problems",
    "evaluating": "evaluate holds",
    "fields": "Field Kind",
    "nodes": "All Any Arm Compare Condition Constant Expression First Not Of Op Row Share Sum Value",
    "reading": "read_condition read_expression",
    "saying": "words",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "All",
    "Any",
    "Arm",
    "Compare",
    "Condition",
    "Constant",
    "Expression",
    "Field",
    "First",
    "Kind",
    "Not",
    "Of",
    "Op",
    "Row",
    "Share",
    "Sum",
    "Value",
    "evaluate",
    "holds",
    "names",
    "problems",
    "read_condition",
    "read_expression",
    "words",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'reviewcore.language' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"reviewcore.language.{_HOME[name]}"), name)
    return value
