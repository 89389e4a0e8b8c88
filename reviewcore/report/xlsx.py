"""An Excel workbook per document: what it is, its text, and its tables with charts that Excel itself draws.

Every number of a chart is a cell of the table above it; there is no other cell, and none is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from itertools import groupby
from typing import Any, TypeAlias

from reviewcore.errors import Refused
from reviewcore.report import colours, svg
from reviewcore.report.sheets import Sheet, Shown, sheets
from reviewcore.report.values import (
    Bar,
    Chart,
    Figure,
    Grid,
    Head,
    Items,
    Page,
    Para,
    Place,
    ThemesShown,
    plain,
)

Formats: TypeAlias = dict[str, Any]

_PLAIN = {"font_name": "Arial", "font_size": 10}
"""A font of the same widths in every office program, since rows are made as high as their text needs."""
_SERIF = {"font_name": "Cambria", "bold": True}
_ACCENT, _SOFT, _INK, _LINE, _WASH = "#175A6B", "#4D5B63", "#1C2B33", "#D5DCDF", "#F1F6F6"
_HEADINGS = (18, 14, 12, 11, 11)  # points, by level
_SECTION, _SUBJECT, _LABEL, _FIGURE, _BAND, _PROSE = 24, 46, 22, 13, 10, 100  # characters wide
_LINE_HIGH = 13.5  # points, of a line of plain text
_ROOM = 92  # what svg.wrap takes for the width of a character of ten points in such a column
_HEADER_ROW = 1
_ROW = 15.0  # points, of a row without text
_PAGE_OF_PROSE = 8.8 * 72 / 0.9  # points, of a letter page upright, printed a little smaller
_PAPER_WIDE, _PAPER_HIGH = 9.8 * 72, 6.4 * 72  # points, of a letter page on its side less its margins
_PATTERNS = (None, "wide_upward_diagonal", "percent_20", "light_horizontal", "small_grid", "light_vertical")
"""Excel's own patterns, in the order of `colours.PATTERNS`."""


def write(page: Page) -> bytes:
    """Return the document as one .xlsx file, the same bytes for the same page."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_format_properties": dict(_PLAIN)})
    made = datetime.combine(page.facts.date, time())
    book.set_properties({"title": page.title, "author": page.facts.agency, "created": made})
    formats = _formats(book)
    found = sheets(page)
    contents, text = (_page_of_prose(book, page, name) for name in (page.words.contents, page.words.text))
    places: dict[int, str] = {}
    for sheet in found:
        places |= _table_sheet(book, page, sheet, formats)
    _contents(contents, page, found, formats)
    _text(text, page, places, formats)
    book.close()
    return file.getvalue()


def _formats(book: Any) -> Formats:
    top: dict[str, Any] = {"valign": "top"}
    cell = {**top, "text_wrap": True, "bottom": 1, "bottom_color": _LINE}
    number = {**cell, "align": "right"}
    looks: dict[str, dict[str, Any]] = {
        "agency": {"bold": True, "font_color": _ACCENT},
        "title": {**_SERIF, "font_size": 22, "font_color": _INK, "text_wrap": True},
        "subtitle": {"font_size": 13, "font_color": _SOFT, "text_wrap": True},
        "facts": {"font_color": _SOFT, "text_wrap": True, "bottom": 5, "bottom_color": _ACCENT},
        "note": {"text_wrap": True, "bg_color": "#F7F4EC", "left": 5, "left_color": "#8A7F6A", "indent": 1},
        "prose": {**top, "text_wrap": True},
        "item": {**top, "text_wrap": True, "indent": 1},
        "caption": {"bold": True, "text_wrap": True},
        "link": {**top, "font_color": _ACCENT, "underline": 1, "text_wrap": True},
        "sheet title": {**_SERIF, "font_size": 18, "font_color": _ACCENT},
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
    return {name: book.add_format({**_PLAIN, **look}) for name, look in looks.items()}


# -- what it is, and its text --------------------------------------------------------------------------


def _page_of_prose(book: Any, page: Page, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, _PROSE)
    sheet.hide_gridlines(2)
    _print_set_up(sheet, page)
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
    links += [(one.name, f"{one.heading}: {', '.join((*one.columns[1:], *one.bands))}") for one in found]
    _prose(
        sheet,
        [(look, text, "") for look, text in lines]
        + [("link", text, f"{_quoted(name)}!A1") for name, text in links],
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
        high = _high([(text, _PROSE)], size * (1.3 if formats[look].bold else 1)) + size / 2 * (
            look != "item"
        )
        sheet.set_row(row, high)
        if place:
            sheet.write_url(row, 0, f"internal:{place}", formats[look], text)
        else:
            _put(sheet, row, 0, text, formats[look])
        held += high
        if text and not look.startswith(("heading", "caption")):
            if used + held > _PAGE_OF_PROSE:
                breaks.append(start)
                used = 0.0
            start, used, held = row + 1, used + held, 0.0
    sheet.set_h_pagebreaks([row for row in breaks if row])


# -- the tables ----------------------------------------------------------------------------------------


def _table_sheet(book: Any, page: Page, sheet: Sheet, formats: Formats) -> dict[int, str]:
    """Write one sheet of tables, and return where each of them begins, by the number of its block."""
    written = book.add_worksheet(sheet.name)
    written.hide_gridlines(2)
    labels = _labels(sheet, page)
    heads = [*labels, *sheet.columns[1:], *sheet.bands]
    wide = _wide(sheet)
    for column, (name, width) in enumerate(zip(heads, wide, strict=True)):
        written.set_column(column, column, width)
        _put(written, _HEADER_ROW, column, name, formats["head figure" if column >= len(labels) else "head"])
    written.write_string(0, 0, sheet.heading, formats["sheet title"])
    high = [
        30.0,
        _high(list(zip(heads, wide, strict=True))) + _LINE_HIGH,
    ]  # room below for the filter's arrows
    starts: list[tuple[int, Shown]] = []
    for shown in sheet.tables:
        starts.append((len(high), shown))
        for number, line in enumerate(shown.grid.rows):
            named = [shown.section] * sheet.sections + [shown.grid.title] * sheet.subjects + [line.label]
            for column, text in enumerate(named):
                _put(written, len(high), column, text, formats["label"])
            for column, figure in enumerate(line.figures, start=len(named)):
                _figure(written, len(high), column, figure, formats)
            if sheet.bands and shown.chart and isinstance(place := shown.chart.rows[number], Place):
                _strip(written, len(high), len(named) + len(line.figures), sheet.bands, place, formats)
            high.append(_high(list(zip(named, wide[: len(named)], strict=True))) + 4)
    for row, height in enumerate(high):
        written.set_row(row, height)
    written.autofilter(_HEADER_ROW, 0, len(high) - 1, len(labels) + len(sheet.columns) - 2)
    written.freeze_panes(_HEADER_ROW + 1, 0)
    written.repeat_rows(_HEADER_ROW)
    _print_set_up(written, page)
    if sheet.bars:
        _charts(book, written, page, sheet, starts, high)
    else:
        written.fit_to_pages(1, 0)
    return {shown.block: f"{_quoted(sheet.name)}!A{row + 1}" for row, shown in starts}


def _labels(sheet: Sheet, page: Page) -> list[str]:
    return [page.words.section] * sheet.sections + [page.words.subject] * sheet.subjects + [sheet.columns[0]]


def _wide(sheet: Sheet) -> list[int]:
    """Return the columns' widths: figures as wide as the longest word that stands over them."""
    figures = [
        max(_FIGURE, *(len(word) + 3 for word in name.split()), *(len(text) + 3 for text in texts))
        for name, texts in (
            (name, {line.figures[n].text for shown in sheet.tables for line in shown.grid.rows})
            for n, name in enumerate(sheet.columns[1:])
        )
    ]
    bands = [max(_BAND, *(len(word) + 3 for word in name.split())) for name in sheet.bands]
    return [*[_SECTION] * sheet.sections, *[_SUBJECT] * sheet.subjects, _LABEL, *figures, *bands]


def _figure(sheet: Any, row: int, column: int, figure: Figure, formats: Formats) -> None:
    if figure.value is None:
        _put(sheet, row, column, figure.text, formats["withheld" if figure.withheld else "band"])
    elif figure.percent:
        sheet.write_number(row, column, figure.value / 100, formats["percent"])
    else:
        sheet.write_number(row, column, figure.value, formats["count"])


def _strip(sheet: Any, row: int, first: int, scale: tuple[str, ...], place: Place, formats: Formats) -> None:
    """Draw a place on its scale, or all of it hatched where it is withheld, in cells that hold no figure."""
    for number in range(len(scale)):
        here = place.scale and number == place.at
        look = "track" if place.scale else "hatch"
        if here:
            sheet.write_string(row, first + number, "●", formats["here"])
        else:
            sheet.write_blank(row, first + number, None, formats[look])


def _charts(
    book: Any, written: Any, page: Page, sheet: Sheet, starts: list[tuple[int, Shown]], high: list[float]
) -> None:
    """Put a chart below the tables for each heading, or for each table where these have several rows.

    `high` are the heights of the rows in use, in points. The paper's scale is set by hand, since programs keep
    to page breaks only then: a chart goes to the next page rather than over its end.
    """
    labels = len(_labels(sheet, page))
    width = sum(7 * one + 5 for one in _wide(sheet))  # pixels
    scale = min(100, int(88 * _PAPER_WIDE / (width * 0.75)))
    paper = _PAPER_HIGH * 100 / scale
    row, used, breaks = len(high) + 1, sum(high) + _ROW, []
    if used > paper * 0.6:  # programs do not agree to the point on where a page ends
        used = paper
    for title, part in _drawn_together(starts):
        bars = [
            bar for _, one in part for bar in (one.chart.rows if one.chart else ()) if isinstance(bar, Bar)
        ]
        if all(bar.parts is None for bar in bars):
            continue
        pixels = 110 + 40 * len(bars)
        rows = int(pixels * 0.75 // _ROW) + 2
        if used + rows * _ROW > paper:
            breaks.append(row)
            used = high[_HEADER_ROW]
        names = labels - 2 if sheet.subjects and len(part) == len(bars) else labels - 1
        says = dict.fromkeys(one.chart.says for _, one in part if one.chart)
        figures = [line.figures for _, one in part for line in one.grid.rows]
        chart = _chart(book, sheet, title, part[0][0], bars, figures, names, labels)
        chart.set_size({"width": min(width, 1000), "height": pixels})
        about = {"y_offset": 2, "description": f"{title}. {'; '.join(says)}. {page.words.same_above}"}
        written.insert_chart(row, 0, chart, about)
        row, used = row + rows, used + rows * _ROW
    written.set_print_scale(scale)
    written.set_h_pagebreaks(breaks)


def _drawn_together(starts: list[tuple[int, Shown]]) -> Iterator[tuple[str, list[tuple[int, Shown]]]]:
    """Yield the tables of each chart, with its title: those under one heading, where each has one row."""
    for section, found in groupby(starts, key=lambda start: start[1].section):
        run = list(found)
        if all(len(shown.grid.rows) == 1 for _, shown in run):
            yield section, run
        else:
            yield from ((shown.grid.title, [(row, shown)]) for row, shown in run)


def _chart(
    book: Any,
    sheet: Sheet,
    title: str,
    first: int,
    bars: list[Bar],
    figures: list[tuple[Figure, ...]],
    names: int,
    labels: int,
) -> Any:
    """Return a stacked bar chart of rows that follow each other, with a mark where a row is withheld."""
    chart = book.add_chart({"type": "bar", "subtype": "stacked", "name": title})
    last = first + len(bars) - 1
    hidden = [bar.parts is None for bar in bars]
    mark = next((one.text for bar in bars for one in bar.figures if one.withheld), "")
    assert sheet.drawn is not None
    for number, column in enumerate(sheet.drawn[1]):
        ground, second, _ = colours.part(number, len(sheet.drawn[1]))
        shown = {"value": mark} if number == 0 else {"delete": True}
        pattern = _PATTERNS[number % len(_PATTERNS)]
        chart.add_series(
            {
                "name": [sheet.name, _HEADER_ROW, labels + column],
                "categories": [sheet.name, first, names, last, names],
                "values": [sheet.name, first, labels + column, last, labels + column],
                # Without its own copy of the cells the chart would be given 0 for what is withheld.
                "values_data": [_number(line[column]) for line in figures],
                "gap": 60,
                "border": {"color": colours.web(colours.OUTLINE)},
                **(
                    {"pattern": {"pattern": pattern, "fg_color": colours.web(second), "bg_color": colours.web(ground)}}
                    if pattern
                    else {"fill": {"color": colours.web(ground)}}
                ),
                "points": [{"fill": {"none": True}, "border": {"none": True}} if one else None for one in hidden],
                "data_labels": {
                    "value": True,
                    "font": _font(10),
                    "fill": {"color": colours.web(colours.PAPER)},
                    "custom": [shown if one else None for one in hidden],
                },
            }
        )  # fmt: skip
    chart.set_title({"name": title, "overlay": False, "name_font": _font(12, bold=True)})
    chart.set_y_axis(
        {"reverse": True, "num_font": _font(10), "line": {"color": _LINE}, "major_tick_mark": "none"}
    )
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "top", "font": _font(10)})
    chart.set_chartarea({"border": {"color": _LINE}})
    return chart


# -- small things --------------------------------------------------------------------------------------


def _number(figure: Figure) -> float | None:
    return figure.value / 100 if figure.value is not None and figure.percent else figure.value


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": "Arial", "size": size, "bold": bold, "color": _INK}


def _high(texts: list[tuple[str, int]], size: float = 10) -> float:
    """Return how high a row must be (points) for texts in columns of so many characters, rather too high."""
    lines = max(len(svg.wrap(text, _ROOM * wide / size)) for text, wide in texts)
    return lines * _LINE_HIGH * size / 10


def _print_set_up(sheet: Any, page: Page) -> None:
    sheet.set_landscape()
    sheet.set_paper(1)  # letter
    sheet.set_margins(0.6, 0.6, 0.6, 0.8)
    agency = page.facts.agency[:80].replace("&", "&&")
    sheet.set_footer(f"&L{agency} · {page.audience}&R{page.words.page} &P / &N")


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _put(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Write a text as text, even where it begins like a formula."""
    if sheet.write_string(row, column, text, look):
        raise Refused(
            "a paragraph is longer than an Excel cell can be (32,767 characters); make it shorter, or leave "
            "'xlsx' out of the profile's formats"
        )
