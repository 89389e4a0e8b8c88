"""A PDF per document, by typst: tagged for readers of every kind (PDF/UA-1) and made to last (PDF/A-2a).

Words reach typst as data only, so that none of them can be read as markup. Its own font is used, and
none of the machine's, so that the same document gives the same bytes everywhere.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from attrs import evolve

from reviewcore.errors import Refused
from reviewcore.report import svg, widths
from reviewcore.report.values import (
    Chart,
    Figure,
    Grid,
    Head,
    Items,
    Page,
    Para,
    Said,
    Shown,
    ThemesShown,
    kept,
)

if TYPE_CHECKING:
    from typst import Compiler

_INCH = 72  # points
_SMALL, _PLAIN, _LARGE, _LARGEST = 9.5, 11, 18, 25  # points, of tables, text, chapters and the title
_INSET = 5  # points, between a cell's edge and its text
_TALLEST = 640  # of a drawing, in its own pixels: some two thirds of a page
_BESIDE = 3  # as many rows may a table have that is kept on one page with its chart
_TOGETHER = 12  # as many rows, or half as many items, are kept on one page


def write(page: Page) -> bytes:
    """Return the document as one PDF, the same bytes for the same page; raise Refused where it cannot be set."""
    inputs = json.dumps(_page(page), ensure_ascii=False)
    moment = int(datetime.combine(page.facts.date, time(), UTC).timestamp())
    if _compiler()[0] == os.getpid():
        return typeset(inputs, moment)
    # typst's threads do not come along where a process forks: there, it works in an interpreter of its own.
    done = subprocess.run(  # noqa: S603 - this very module, and no shell
        [sys.executable, "-m", __name__, str(moment)], input=inputs.encode(), capture_output=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Refused(done.stderr.decode().strip())
    return done.stdout


def typeset(inputs: str, moment: int) -> bytes:
    """Return what typst makes of a page's data, dated at `moment` in seconds; it may warn of nothing."""
    import typst

    source = resources.files("reviewcore.report").joinpath("page.typ").read_bytes()
    try:
        made, warnings = _compiler()[1].compile_with_warnings(
            source,
            format="pdf",
            sys_inputs={"page": inputs},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=moment,
        )
    except typst.TypstError as error:
        raise Refused(_cannot(error.message)) from None
    if warnings:
        raise Refused(_cannot(warnings[0].message))
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> tuple[int, Compiler]:
    """Return typst, and the process in which it was started."""
    import typst

    return os.getpid(), typst.Compiler(ignore_system_fonts=True)


def _cannot(why: str) -> str:
    return (
        f"a PDF could not be set ({why}): use letters of the Latin, Greek or Cyrillic alphabets in the labels and "
        "names of the report, or leave 'pdf' out of the profile's formats"
    )


# -- the data of a page ------------------------------------------------------------------------------


def _page(page: Page) -> dict[str, Any]:
    language, _, region = page.words.locale.partition("-")
    date = page.facts.date
    facts = (page.facts.title, page.audience, page.words.day(date))
    chapters = sum(isinstance(block, Head) and block.level == 1 for block in page.blocks)
    return {
        "title": page.title,
        "shown": _fit(page.title, _LARGEST),
        "author": page.facts.agency,
        "agency": _fit(page.facts.agency),
        "audience": page.audience,
        "date": [date.year, date.month, date.day],
        "lang": language,
        "region": region,
        "page": page.words.page,
        "subtitle": _said(page.subtitle, _LARGE),
        "facts": _fit(" · ".join(facts)),
        "contents": page.words.contents if chapters > 2 else "",
        "note": page.note,
        "blocks": [
            {**_block(block, page), "keep": kept(page.blocks, number)}
            for number, block in enumerate(page.blocks)
        ],
    }


def _block(block: Shown, page: Page) -> dict[str, Any]:
    match block:
        case Head(level, text):
            return {"kind": "head", "level": level, "text": _said(text, _LARGE)}
        case Para(text):
            return {"kind": "para", "text": _said(text)}
        case Items(items):
            return {"kind": "items", "items": list(map(_said, items)), "whole": len(items) <= _TOGETHER // 2}
        case Grid():
            return {"kind": "table", **_grid(block)}
        case Chart():
            rows = "; ".join(f"{row.label}: {row.says}" for row in block.rows)
            return {
                "kind": "chart",
                "says": _fit(block.says),
                "alt": f"{block.says}. {rows}. {page.words.same_figures}",
                "drawings": list(_drawings(block, page)),
                "table": _grid(block.table),
                "whole": len(block.rows) <= _BESIDE,
            }
        case ThemesShown():
            labels = list(map(_fit, block.labels))
            return {
                "kind": "themes",
                "title": _fit(block.title),
                "labels": labels,
                "none": page.words.no_themes,
                "whole": len(labels) <= _TOGETHER,
            }


def _drawings(chart: Chart, page: Page) -> Iterator[str]:
    """Yield the chart as drawings that each fit on a page."""
    drawn = svg.draw(chart, page.words, "chart")
    high = re.search(r' height="(\d+)"', drawn)
    if len(chart.rows) > 1 and high and int(high[1]) > _TALLEST:
        middle = len(chart.rows) // 2
        yield from _drawings(evolve(chart, rows=chart.rows[:middle]), page)
        yield from _drawings(evolve(chart, rows=chart.rows[middle:]), page)
    else:
        yield drawn


def _said(text: Said, size: float = _PLAIN) -> list[str | dict[str, str]]:
    return [_figure(part) if isinstance(part, Figure) else _fit(part, size) for part in text]


def _figure(figure: Figure) -> str | dict[str, str]:
    return {"withheld": figure.text} if figure.withheld else figure.text


def _grid(grid: Grid) -> dict[str, Any]:
    wide = [width * _INCH for width in widths.columns(grid)]
    rooms = [width - 2 * _INSET for width in wide]
    return {
        "title": _fit(grid.title),
        "together": len(grid.rows) <= _TOGETHER,
        "columns": [_fit(name, _SMALL, room) for name, room in zip(grid.columns, rooms, strict=True)],
        "widths": wide,
        "rows": [[_fit(row.label, _SMALL, rooms[0]), *map(_figure, row.figures)] for row in grid.rows],
    }


def _fit(text: str, size: float = _PLAIN, room: float = widths.TEXT * _INCH - 20) -> str:
    """Return a text that can be broken within a word where one is longer than a line."""
    return " ".join(
        "\u200b".join(word) if svg.text_width(word, size) > room else word for word in text.split(" ")
    )


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
    except Refused as error:
        sys.exit(str(error))
