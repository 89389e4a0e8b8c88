"""The declared fields that expressions speak of."""

from typing import Literal, TypeAlias

from attrs import frozen

Kind: TypeAlias = Literal["text", "number", "date", "flag", "choice", "month"]


@frozen
class Field:
    """A declared field of a source or an instrument: the only thing that an expression can name.

    A "month" is a text such as "2027-03".
    `choices` closes a field of kind "choice"; a closed scale is a choice of whole numbers written as
    text. `titles` says each of them to people, in the same order; without them they are said as they
    stand. Where every county has its own choices, as it has its own clinics, `setting` names the review's
    setting that lists them, and `choices` is empty. `words` is how the field is said to people.
    """

    name: str
    kind: Kind = "text"
    words: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True
    titles: tuple[str, ...] = ()
    setting: str = ""

    def said(self) -> str:
        """Return how people call the field."""
        return self.words or self.name.replace("_", " ")

    def title(self, choice: str) -> str:
        """Return how one of the choices is said to people; the choice itself where that is not declared."""
        return dict(zip(self.choices, self.titles, strict=False)).get(choice, choice)
