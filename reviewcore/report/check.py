"""Whether a planned report says only what was published: every figure cited, no number written by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from reviewcore.disclosure.publication import Publication
from reviewcore.report.plan import (
    Block,
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Paragraph,
    ReportPlan,
    ShowChart,
    ShowQuotes,
    ShowTable,
    ShowThemes,
    Text,
)
from reviewcore.report.resolve import charted
from reviewcore.report.words import SCALES, WORDS, scale

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_KIND = re.compile(r"[a-z]+(-[a-z]+)*")
_DEEPEST = 5


def problems(plan: ReportPlan, publication: Publication) -> list[str]:
    """Return what is wrong with the plan, in words; an empty list when nothing is."""
    wrong: list[str] = []
    seen: set[tuple[str, str]] = set()
    if not plan.documents:
        wrong.append("the plan has no document; return at least one")
    for document in plan.documents:
        where = f"document '{document.kind}' ({document.language})"
        if (document.kind, document.language.lower()) in seen:
            wrong.append(f"{where}: there are two of this kind and language; give each its own kind")
        seen.add((document.kind, document.language.lower()))
        wrong += [f"{where}{text}" for text in _document(document, publication)]
    return wrong


def _document(document: Document, publication: Publication) -> Iterator[str]:
    if not _KIND.fullmatch(document.kind):
        yield ": its kind names the file: use small letters and hyphens, as in 'summary'"
    if document.audience != publication.audience:
        yield (
            f": it is for '{document.audience}', but the publication is for '{publication.audience}'; "
            "return documents for publication.audience only"
        )
    if not _LANGUAGE.fullmatch(document.language):
        yield ": the language is not a language tag; write it as in 'en' or 'es-MX'"
    elif document.language.partition("-")[0] not in WORDS:
        yield f": documents can be written in {', '.join(sorted(WORDS))} only"
    if not document.title.strip():
        yield ": the title is empty; say what the document is"
    yield from (f", title: {text}" for text in _words((document.title,), publication))
    yield from (f", subtitle: {text}" for text in _words(document.subtitle, publication))
    if not document.blocks:
        yield ": it has no block; give it at least one"
    level = 0
    for number, block in enumerate(document.blocks, start=1):
        if isinstance(block, Heading):
            if not 1 <= block.level <= min(level + 1, _DEEPEST):
                yield (
                    f", block {number}: a heading of level {block.level} cannot follow level {level}; "
                    f"use 1 to {min(level + 1, _DEEPEST)}"
                )
            level = block.level
        yield from (f", block {number}: {text}" for text in _block(block, publication))


def _block(block: Block, publication: Publication) -> Iterator[str]:
    match block:
        case Heading(_, text) | Paragraph(text):
            if _empty(text):
                yield f"the {type(block).__name__.lower()} is empty; write it or leave it out"
            yield from _words(text, publication)
        case Bullets(items):
            if not items or any(map(_empty, items)):
                yield "the list has no item or an empty one; write it or leave it out"
            for item in items:
                yield from _words(item, publication)
        case ShowTable(key):
            yield from _known(key, publication)
        case ShowChart(key, says, column):
            if not says.strip():
                yield "the chart's sentence is empty; say in `says` what the chart is about"
            yield from _words((says,), publication)
            unknown = list(_known(key, publication))
            yield from unknown or _drawable(key, column, publication)
        case ShowThemes(key):
            keys = [one.key for one in publication.themes]
            if key not in keys:
                yield f"themes '{key}' were not published{_instead(keys)}"
        case ShowQuotes(key):
            told = [one.key for one in publication.quotes if one.quotes]
            if key not in told:
                yield f"quotes '{key}' were not published{_instead(told)}"


def _words(text: Text, publication: Publication) -> Iterator[str]:
    for part in text:
        match part:
            case Cite(table, row, column):
                unknown = list(_known(table, publication))
                yield from unknown or _cell(table, row, column, publication)
            case Given():
                pass
            case str() if any(unicodedata.category(c).startswith("N") for c in part):
                yield (
                    "the words hold a digit; cite a published cell with Cite(table, row, column), or use "
                    "Given for a figure of the profile or the review's rules"
                )


def _known(key: str, publication: Publication) -> Iterator[str]:
    keys = [table.key for table in publication.tables]
    if key not in keys:
        yield f"table '{key}' was not published{_instead(keys)}"


def _cell(key: str, row: str, column: str, publication: Publication) -> Iterator[str]:
    table = publication.table(key)
    rows, columns = [one.key for one in table.rows], [one.key for one in table.columns]
    if row not in rows:
        yield f"table '{key}' has no row '{row}'{_instead(rows)}"
    if column not in columns:
        yield f"table '{key}' has no column '{column}'{_instead(columns)}"


def _drawable(key: str, only: str, publication: Publication) -> Iterator[str]:
    table = publication.table(key)
    keys = [column.key for column in table.columns]
    if only and only not in keys:
        yield f"table '{key}' has no column '{only}'{_instead(keys)}"
        return
    if table.rung in ("tally", "shares") and not only:
        yield f"the columns of table '{key}' make up no whole; name the one column that the chart draws"
        return
    cells = [table.cell(row.key, column.key) for row in table.rows for column in charted(table, only)]
    if only and any(cell.kind not in ("count", "percent", "none", "withheld") for cell in cells):
        yield f"the column '{only}' of table '{key}' holds no counts and no percents; show it as a table"
    elif not cells:
        yield f"table '{key}' has nothing that a chart could draw; show it as a table"
    elif table.rung == "band" and any(c.kind != "withheld" and not scale(c.value) for c in cells):
        known = " or ".join(" / ".join(names) for names in SCALES)
        yield f"table '{key}' has bands that are not on a known scale ({known}); show it as a table"


def _instead(keys: list[str]) -> str:
    return f"; there is {', '.join(keys)}" if keys else "; none were"


def _empty(text: Text) -> bool:
    return not any(
        isinstance(part, Cite) or (part.text if isinstance(part, Given) else part).strip() for part in text
    )
