"""The declared fields that expressions speak of."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

Kind: TypeAlias = Literal["text", "number", "date", "flag", "choice"]


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
