"""The sheets of tables in a workbook, with the charts that Excel draws of them.

Every number of a chart is a cell of the table above it; there is no other cell, and none is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reviewcore.report import colours
from reviewcore.report.sheets import Sheet, Shown
from reviewcore.report.values import Bar, Figure, Page, Place
from reviewcore.report.xlsx_look import INK, LINE, LINE_HIGH, Formats, high_for, print_set_up, put, quoted

_SECTION, _SUBJECT, _LABEL, _FIGURE, _BAND = 24, 46, 26, 13, 10  # characters wide
_SHORT = 55  # characters of a title in large letters that a page on its side has room for
_HEADER_ROW = 1
_ROW = 15.0  # points, of a row without text
_PAPER_WIDE, _PAPER_HIGH = 9.8 * 72, 6.4 * 72  # points, of a letter page on its side less its margins
_PATTERNS = (None, "wide_upward_diagonal", "percent_20", "light_horizontal", "small_grid", "light_vertical")
"""Excel's own patterns, in the order of `colours.PATTERNS`."""


def table_sheet(book: Any, page: Page, sheet: Sheet, formats: Formats) -> dict[int, str]:
    """Write one sheet of tables, and return where each of them begins, by the number of its block."""
    written = book.add_worksheet(sheet.name)
    written.hide_gridlines(2)
    labels = _labels(sheet, page)
    heads = [*labels, *sheet.columns[1:], *sheet.bands]
    wide = _wide(sheet)
    for column, (name, width) in enumerate(zip(heads, wide, strict=True)):
        written.set_column(column, column, width)
        put(written, _HEADER_ROW, column, name, formats["head figure" if column >= len(labels) else "head"])
    title = sheet.title or sheet.heading
    put(written, 0, 0, title, formats["sheet title" if len(title) <= _SHORT else "sheet long title"])
    high = [
        30.0,
        high_for(list(zip(heads, wide, strict=True))) + LINE_HIGH,
    ]  # room below for the filter's arrows
    starts: list[tuple[int, Shown]] = []
    for shown in sheet.tables:
        starts.append((len(high), shown))
        for number, line in enumerate(shown.grid.rows):
            named = [shown.section] * sheet.sections + [shown.grid.title] * sheet.subjects + [line.label]
            for column, text in enumerate(named):
                put(written, len(high), column, text, formats["label"])
            for column, figure in enumerate(line.figures, start=len(named)):
                _figure(written, len(high), column, figure, formats)
            if sheet.bands and shown.chart and isinstance(place := shown.chart.rows[number], Place):
                _strip(written, len(high), len(named) + len(line.figures), sheet.bands, place, formats)
            high.append(high_for(list(zip(named, wide[: len(named)], strict=True))) + 4)
    for row, height in enumerate(high):
        written.set_row(row, height)
    written.autofilter(_HEADER_ROW, 0, len(high) - 1, len(labels) + len(sheet.columns) - 2)
    written.freeze_panes(_HEADER_ROW + 1, 0)
    written.repeat_rows(_HEADER_ROW)
    print_set_up(written, page)
    if sheet.bars:
        _charts(book, written, page, sheet, starts, high)
    else:
        written.fit_to_pages(1, 0)
    return {shown.block: f"{quoted(sheet.name)}!A{row + 1}" for row, shown in starts}


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
        put(sheet, row, column, figure.text, formats["withheld" if figure.withheld else "band"])
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
        pixels = 90 + 34 * len(bars)
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
        {"reverse": True, "num_font": _font(10), "line": {"color": LINE}, "major_tick_mark": "none"}
    )
    axis: dict[str, Any] = {"visible": False, "min": 0, "major_gridlines": {"visible": False}}
    if any(one.percent for bar in bars for one in bar.figures):
        axis["max"] = max(bar.whole for bar in bars) / 100  # a percent is drawn against the hundred
    chart.set_x_axis(axis)
    chart.set_legend({"position": "top", "font": _font(10)})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _number(figure: Figure) -> float | None:
    return figure.value / 100 if figure.value is not None and figure.percent else figure.value


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": "Arial", "size": size, "bold": bold, "color": INK}
