"""Templates: what one may say, and how a wording becomes the text of one letter.

A template fills blanks and leaves parts out; it cannot reach anything else. What fills a blank is put
in after the text has been taken apart into paragraphs and lists, so that no name can forge either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from reviewcore.notification.dates import base
from reviewcore.notification.plan import Wording

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

_RIGHT_TO_LEFT = ("ar", "fa", "he", "ps", "ur", "yi")
_JOINERS = "\u200c\u200d"  # zero-width, but part of how Persian and Indic names are spelled
_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: `clean` leaves none in a value
_MARK = re.compile(f"{_OPEN}[0-9]+{_CLOSE}")
ISOLATES = "\u2068\u2069"
"""Around a value that is written from right to left, so that it does not turn the words beside it."""

_SHORT = 60
"""The longest line, in characters, of an address or a signature, whose line breaks are kept."""


Value: TypeAlias = str | tuple[str, ...]
"""What fills a blank: one line, or the lines of a list, for which a list's item that is the blank alone is repeated."""


@frozen
class Block:
    """A paragraph or a list: its lines, or its items."""

    lines: tuple[str, ...]
    bullets: bool = False


@frozen
class Filled:
    """A letter's words with every blank filled."""

    subject: str
    blocks: tuple[Block, ...]
    language: str


@cache
def environment() -> SandboxedEnvironment:
    """Return the sandbox: undefined names are errors, and there is nothing in it to call.

    It does not escape: the text becomes HTML only afterwards, and is escaped there as a whole.
    """
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    for names in (made.globals, made.filters, made.tests):
        names.clear()
    return made


@cache
def read_template(source: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the blanks that a template uses, and what is wrong with it, in words.

    >>> read_template("Dear {{ recipient }}, {{ agency.key }}")[1]
    ('line 1: a template takes only {{ blank }} and {% if blank %}...{% endif %}; an attribute is not allowed',)
    """
    from jinja2 import TemplateSyntaxError
    from jinja2.meta import find_undeclared_variables

    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        return frozenset(), (f"line {error.lineno}: not a template: {error.message}",)
    wrong = tuple(dict.fromkeys(_forbidden(tree)))
    return (frozenset() if wrong else frozenset(find_undeclared_variables(tree))), wrong


def _forbidden(node: nodes.Node) -> Iterator[str]:
    from jinja2 import nodes

    match node:
        case nodes.Template() | nodes.Output():
            parts = node.iter_child_nodes()
        case nodes.TemplateData() | nodes.Name(ctx="load"):
            return
        case nodes.If(test=nodes.Name(), elif_=[], else_=[]):
            parts = iter(node.body)
        case _:
            yield (
                f"line {node.lineno}: a template takes only {{{{ blank }}}} and "
                f"{{% if blank %}}...{{% endif %}}; {_said(node)} is not allowed"
            )
            return
    for part in parts:
        yield from _forbidden(part)


def _said(node: nodes.Node) -> str:
    known = {
        "Getattr": "an attribute", "Getitem": "an index", "Filter": "a filter", "Call": "a call", "For": "a loop",
        "Include": "an include", "Import": "an import", "FromImport": "an import", "Extends": "an extends",
        "Assign": "a set", "AssignBlock": "a set", "Macro": "a macro", "Const": "a literal",
        "If": "a condition other than one blank, an elif or an else",
    }  # fmt: skip
    return known.get(type(node).__name__, f"'{type(node).__name__.lower()}'")


def fill(wording: Wording, values: Mapping[str, Value]) -> Filled:
    """Fill a wording's blanks with clean lines. Raise jinja2.UndefinedError for one that lacks."""
    clean_values = {
        name: tuple(filter(None, map(clean, (value,) if isinstance(value, str) else value)))
        for name, value in values.items()
    }
    told = tuple(name for name, value in clean_values.items() if value)
    subject, blocks = _marked(wording.subject, wording.body, tuple(clean_values), told)
    by_mark = {_mark(place): clean_values[name] for place, name in enumerate(told)}

    def put_in(text: str, isolated: bool) -> str:
        if _OPEN not in text:
            return text
        return _MARK.sub(
            lambda m: "; ".join(map(_isolate, by_mark[m[0]]) if isolated else by_mark[m[0]]), text
        )

    def lines(block: Block) -> Iterator[str]:
        for line in block.lines:
            if block.bullets and line in by_mark:
                yield from map(_isolate, by_mark[line])
            else:
                yield put_in(line, isolated=True)

    return Filled(
        put_in(subject, isolated=False),
        tuple(Block(tuple(lines(block)), block.bullets) for block in blocks),
        wording.language,
    )


@lru_cache(maxsize=256)  # letters that fill the same blanks differ in nothing but what stands in them
def _marked(
    subject: str, body: str, blanks: tuple[str, ...], told: tuple[str, ...]
) -> tuple[str, tuple[Block, ...]]:
    """Return a subject and the blocks of a letter, with a mark at each blank that has something to tell."""
    marks = {**dict.fromkeys(blanks, ""), **{name: _mark(place) for place, name in enumerate(told)}}

    def rendered(source: str) -> str:
        return (
            environment().from_string(source.translate({ord(_OPEN): None, ord(_CLOSE): None})).render(marks)
        )

    return " ".join(rendered(subject).split()), tuple(_blocks(rendered(body)))


def _mark(place: int) -> str:
    return f"{_OPEN}{place}{_CLOSE}"


@lru_cache(maxsize=4096)  # the same agency, dates and places stand in every letter
def clean(value: str) -> str:
    """Return a value as one line without control characters, marks of direction or broken characters."""
    kept = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in unicodedata.normalize("NFC", value)
        if char in _JOINERS or not (unicodedata.category(char) in ("Cf", "Co", "Cs") or _noncharacter(char))
    )
    return " ".join(kept.split())


def _noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def _isolate(value: str) -> str:
    if not value.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in value):
        return value.join(ISOLATES)
    return value


def _blocks(body: str) -> Iterator[Block]:
    for part in re.split(r"\n\s*\n", body.strip("\n")):
        lines: list[str] = []
        bullets = False
        for line in (line.strip() for line in part.splitlines()):
            if line.startswith("- ") and not bullets and lines:
                yield Block(_kept(lines))
                lines = []
            if line.startswith("- "):
                bullets = True
                lines.append(line[2:].strip())
            elif bullets and line:
                lines[-1] = f"{lines[-1]} {line}"
            elif line:
                lines.append(line)
        if lines:
            yield Block(tuple(lines) if bullets else _kept(lines), bullets)


def _kept(lines: list[str]) -> tuple[str, ...]:
    """Keep the line breaks of an address or a signature; let any other paragraph flow."""
    return tuple(lines) if all(len(line) <= _SHORT for line in lines) else (" ".join(lines),)


def as_text(filled: Filled) -> str:
    """Return the letter as plain text, one line to a paragraph."""
    return (
        "\n\n".join(
            "\n".join(f"- {line}" if block.bullets else line for line in block.lines)
            for block in filled.blocks
        )
        + "\n"
    )


def as_html(filled: Filled) -> str:
    """Return the letter as a small accessible HTML page of paragraphs and lists; everything is escaped."""
    direction = "rtl" if base(filled.language) in _RIGHT_TO_LEFT else "ltr"
    parts = [
        "<ul>\n" + "\n".join(f"<li>{escape(line)}</li>" for line in block.lines) + "\n</ul>"
        if block.bullets
        else "<p>" + "<br>\n".join(map(escape, block.lines)) + "</p>"
        for block in filled.blocks
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(filled.language)}" dir="{direction}">\n'
        f'<head><meta charset="utf-8"><title>{escape(filled.subject)}</title></head>\n<body>\n'
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )
