"""An Excel workbook per document: what it is and how to read it, its text, and its tables with their charts."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import Any

from reviewcore.report.sheets import Sheet, sheets
from reviewcore.report.values import Chart, Grid, Head, Items, Page, Para, ThemesShown, plain
from reviewcore.report.xlsx_look import PLAIN, Formats, formats_of, high_for, print_set_up, put, quoted
from reviewcore.report.xlsx_tables import table_sheet

_PROSE = 100  # characters wide
_PAGE_OF_PROSE = 8.8 * 72 / 0.9  # points, of a letter page upright, printed a little smaller


def write(page: Page) -> bytes:
    """Return the document as one .xlsx file, the same bytes for the same page."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_format_properties": dict(PLAIN)})
    made = datetime.combine(page.facts.date, time())
    book.set_properties({"title": page.title, "author": page.facts.agency, "created": made})
    formats = formats_of(book)
    found = sheets(page)
    contents, text = (_page_of_prose(book, page, name) for name in (page.words.contents, page.words.text))
    places: dict[int, str] = {}
    for sheet in found:
        places |= table_sheet(book, page, sheet, formats)
    _contents(contents, page, found, formats)
    _text(text, page, places, formats)
    book.close()
    return file.getvalue()


def _page_of_prose(book: Any, page: Page, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, _PROSE)
    sheet.hide_gridlines(2)
    print_set_up(sheet, page)
    sheet.set_portrait()
    sheet.set_print_scale(90)
    return sheet


def _contents(sheet: Any, page: Page, found: list[Sheet], formats: Formats) -> None:
    facts = (page.facts.title, page.audience, page.words.day(page.facts.date))
    lines = [("agency", page.facts.agency), ("title", page.title)]
    lines += [("subtitle", plain(page.subtitle))] if page.subtitle else []
    lines += [("facts", " · ".join(facts)), ("prose", "")]
    lines += [("note", page.note), ("prose", "")] if page.note else []
    lines += [("heading 2", page.words.contents)]
    links = [(page.words.text, page.words.text)]
    links += [
        (one.name, f"{one.heading}: {one.title or ', '.join((*one.columns[1:], *one.bands))}")
        for one in found
    ]
    _prose(
        sheet,
        [(look, text, "") for look, text in lines]
        + [("link", text, f"{quoted(name)}!A1") for name, text in links],
        formats,
    )


def _text(sheet: Any, page: Page, places: dict[int, str], formats: Formats) -> None:
    lines: list[tuple[str, str, str]] = [("title", page.title, "")]
    for number, block in enumerate(page.blocks):
        match block:
            case Head(level, text):
                lines += [("prose", "", ""), (f"heading {level}", plain(text), "")]
            case Para(text):
                lines.append(("prose", plain(text), ""))
            case Items(items):
                lines += [("item", f"• {plain(item)}", "") for item in items]
            case Grid() | Chart():
                grid = block if isinstance(block, Grid) else block.table
                lines.append(("link", grid.title, places[number]))
            case ThemesShown():
                lines.append(("caption", block.title, ""))
                lines += [("item", f"• {label}", "") for label in block.labels]
                lines += [] if block.labels else [("prose", page.words.no_themes, "")]
    _prose(sheet, lines, formats)


def _prose(sheet: Any, lines: list[tuple[str, str, str]], formats: Formats) -> None:
    """Write texts below each other, each with its look, and the place that it leads to or nothing.

    A page never ends with a heading.
    """
    used, breaks = 0.0, []
    start, held = 0, 0.0  # where what belongs together began, and how high it is so far
    for row, (look, text, place) in enumerate(lines):
        size = formats[look].font_size
        high = high_for([(text, _PROSE)], size * (1.3 if formats[look].bold else 1)) + size / 2 * (
            look != "item"
        )
        sheet.set_row(row, high)
        if place:
            sheet.write_url(row, 0, f"internal:{place}", formats[look], text)
        else:
            put(sheet, row, 0, text, formats[look])
        held += high
        if text and not look.startswith(("heading", "caption")):
            if used + held > _PAGE_OF_PROSE:
                breaks.append(start)
                used = 0.0
            start, used, held = row + 1, used + held, 0.0
    sheet.set_h_pagebreaks([row for row in breaks if row])
