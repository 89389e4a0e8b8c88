"""Checks of one setting: a value that breaks one raises ValueError with what would be right."""

import re
from collections.abc import Callable, Mapping
from typing import Any


class Rule:
    """A check of one value that an editor can make as well: `keywords` say the same in JSON Schema.

    A check without keywords is the reader's alone. The first line of its docstring says its rule to people.
    """

    def __init__(self, check: Callable[[Any], None], keywords: Mapping[str, Any]) -> None:
        self.check, self.keywords = check, keywords

    def __call__(self, _: object, __: object, value: Any) -> None:
        """Raise ValueError where the value breaks the rule."""
        self.check(value)


def _filled(value: str) -> None:
    if not value.strip() or value.strip() == "____":
        raise ValueError("not filled in yet")


filled = Rule(_filled, {"pattern": r"\S"})
"""Refuses a blank that the county has not filled in."""


def at_least(least: int) -> Rule:
    """Return a check for a whole number that must not be smaller than `least`."""

    def check(value: int | None) -> None:
        if value is not None and value < least:
            raise ValueError(f"must be at least {least} (got {value})")

    return Rule(check, {"minimum": least})


def between(least: int, most: int) -> Rule:
    """Return a check for a whole number from `least` to `most`."""

    def check(value: int) -> None:
        if not least <= value <= most:
            raise ValueError(f"must be from {least} to {most} (got {value})")

    return Rule(check, {"minimum": least, "maximum": most})


def matches(pattern: str, wrong: str) -> Rule:
    """Return a check for text that matches a pattern as a whole; `wrong` says what would be right."""

    def check(value: str) -> None:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"{wrong} (got '{value}')")

    return Rule(check, {"pattern": f"^{pattern}$"})
