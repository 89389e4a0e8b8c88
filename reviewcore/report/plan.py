"""What a review type answers about its report: documents made of words, settings and citations.

A figure can come into a document in two ways only: `Cite` takes it from a published cell, `Given` from
the profile or the rules of the review. Plain words that hold a digit are refused, so that no number
can enter by hand.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from reviewcore.disclosure.publication import Audience


@frozen
class Cite:
    """One published cell, by table, row and column."""

    table: str
    row: str
    column: str


@frozen
class Given:
    """A figure, date or name that comes from the profile or the review's rules, never from answers."""

    text: str


Inline: TypeAlias = str | Cite | Given
Text: TypeAlias = tuple[Inline, ...]


@frozen
class Heading:
    """A heading; level 1 stands under the title. Levels are never skipped."""

    level: int
    text: Text


@frozen
class Paragraph:
    """A paragraph."""

    text: Text


@frozen
class Bullets:
    """A list."""

    items: tuple[Text, ...]


@frozen
class ShowTable:
    """A published table, whole, by its key."""

    table: str


@frozen
class ShowChart:
    """A bar chart of a published table, always with that table as its data beside it.

    `says` is the alternative text's first sentence: what the chart is about. Of a table whose columns are
    not the parts of one whole, as those of a tally are not, `column` names the one that is drawn: whole
    percents against a hundred, or counts against the largest.
    """

    table: str
    says: str
    column: str = ""


@frozen
class ShowThemes:
    """The published themes of one theme measure, by its key."""

    themes: str


@frozen
class ShowQuotes:
    """The published quotes of one quote measure, by its key: a list, each in quotation marks, with no speaker."""

    quotes: str


Block: TypeAlias = Heading | Paragraph | Bullets | ShowTable | ShowChart | ShowThemes | ShowQuotes


@frozen
class Document:
    """One document for one audience in one language. `kind` names the file: "report", "summary"."""

    kind: str
    audience: Audience
    title: str
    blocks: tuple[Block, ...]
    language: str = "en"
    subtitle: Text = ()


@frozen
class ReportPlan:
    """All documents made of one publication."""

    documents: tuple[Document, ...]
