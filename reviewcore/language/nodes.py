"""What expressions are made of, once they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from numbers import Rational
from typing import Literal, TypeAlias

from attrs import frozen

Value: TypeAlias = str | int | bool | date | Rational | None
"""What a field or an expression has: a whole number as an int, any other as a Fraction, None where it is not known."""

Row: TypeAlias = Mapping[str, Value]
Op: TypeAlias = Literal["is", "is_not", "in", "not_in", "at_least", "at_most", "known"]


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
