"""What all sheets of a workbook share: fonts and colours, heights of rows, how they print, texts that stay texts."""

from __future__ import annotations

from typing import Any, TypeAlias

from reviewcore.errors import Refused
from reviewcore.report import colours, svg
from reviewcore.report.values import Page

Formats: TypeAlias = dict[str, Any]

PLAIN = {"font_name": "Arial", "font_size": 10}
"""A font of the same widths in every office program, since rows are made as high as their text needs."""
INK, LINE = "#1C2B33", "#D5DCDF"
_SERIF = {"font_name": "Cambria", "bold": True}
_ACCENT, _SOFT, _WASH = "#175A6B", "#4D5B63", "#F1F6F6"
_HEADINGS = (18, 14, 12, 11, 11)  # points, by level
LINE_HIGH = 13.5  # points, of a line of plain text
_ROOM = 92  # what svg.wrap takes for the width of a character of ten points in such a column


def formats_of(book: Any) -> Formats:
    """Add every look to a workbook and return them by name."""
    top: dict[str, Any] = {"valign": "top"}
    cell = {**top, "text_wrap": True, "bottom": 1, "bottom_color": LINE}
    number = {**cell, "align": "right"}
    looks: dict[str, dict[str, Any]] = {
        "agency": {"bold": True, "font_color": _ACCENT},
        "title": {**_SERIF, "font_size": 22, "font_color": INK, "text_wrap": True},
        "subtitle": {"font_size": 13, "font_color": _SOFT, "text_wrap": True},
        "facts": {"font_color": _SOFT, "text_wrap": True, "bottom": 5, "bottom_color": _ACCENT},
        "note": {"text_wrap": True, "bg_color": "#F7F4EC", "left": 5, "left_color": "#8A7F6A", "indent": 1,
                 "valign": "vcenter"},
        "prose": {**top, "text_wrap": True},
        "item": {**top, "text_wrap": True, "indent": 1},
        "caption": {"bold": True, "text_wrap": True},
        "link": {**top, "font_color": _ACCENT, "underline": 1, "text_wrap": True},
        "sheet title": {**_SERIF, "font_size": 18, "font_color": _ACCENT},
        "sheet long title": {**_SERIF, "font_size": 11, "font_color": _ACCENT},
        "head": {"bold": True, "bg_color": _WASH, "bottom": 2, "bottom_color": _ACCENT, "text_wrap": True, **top},
        "head figure": {"bold": True, "bg_color": _WASH, "bottom": 2, "bottom_color": _ACCENT, "text_wrap": True,
                        "align": "right", **top},
        "label": cell,
        "count": {**number, "num_format": "#,##0"},
        "percent": {**number, "num_format": "0%"},
        "band": number,
        "withheld": {**number, "italic": True, "font_color": _SOFT},
        "track": {"bg_color": colours.web(colours.TRACK), "border": 1, "border_color": "#8A7F6A"},
        "here": {"bg_color": colours.web(colours.OUTLINE), "font_color": "#FFFFFF", "align": "center", **top},
        "hatch": {"pattern": 14, "fg_color": "#8A7F6A", "bg_color": "#F7F4EC", "border": 1, "border_color": "#8A7F6A"},
    }  # fmt: skip
    for level, size in enumerate(_HEADINGS, start=1):
        looks[f"heading {level}"] = {**_SERIF, "font_size": size, "font_color": _ACCENT, "text_wrap": True}
    return {name: book.add_format({**PLAIN, **look}) for name, look in looks.items()}


def high_for(texts: list[tuple[str, int]], size: float = 10) -> float:
    """Return how high a row must be (points) for texts in columns of so many characters, rather too high."""
    lines = max(len(svg.wrap(text, _ROOM * wide / size)) for text, wide in texts)
    return lines * LINE_HIGH * size / 10


def print_set_up(sheet: Any, page: Page) -> None:
    """Let a sheet be printed on letter paper on its side, with whose it is and its number at the foot."""
    sheet.set_landscape()
    sheet.set_paper(1)  # letter
    sheet.set_margins(0.6, 0.6, 0.6, 0.8)
    agency = page.facts.agency[:80].replace("&", "&&")
    sheet.set_footer(f"&L{agency} · {page.audience}&R{page.words.page} &P / &N")


def quoted(name: str) -> str:
    """Return a sheet's name as references write it."""
    return "'" + name.replace("'", "''") + "'"


def put(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Write a text as text, even where it begins like a formula."""
    if sheet.write_string(row, column, text, look):
        raise Refused(
            "a paragraph is longer than an Excel cell can be (32,767 characters); make it shorter, or leave "
            "'xlsx' out of the profile's formats"
        )
