"""Slides of a document: what a coordinator shows at a meeting, with charts that PowerPoint itself draws.

A chart carries a workbook of its own. It holds the table's published figures, and nothing else; a row that is
withheld is empty there, and its name on the axis says so. Every chart has its table on the slide after it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reviewcore.report import colours
from reviewcore.report.deck import CAPTION, ROW, Slide, Words, high, slides
from reviewcore.report.values import Bar, Chart, Grid, Page, Place, plain
from reviewcore.store.files import stamped

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_WIDE, _HIGH, _EDGE = 13.333, 7.5, 0.6  # inches, as all sizes here
_TOP = 1.4  # where what a slide shows begins
_ROOM = _WIDE - 2 * _EDGE
_SHEET = "Figures"
_PATTERNS = (None, "WIDE_UPWARD_DIAGONAL", "PERCENT_20", "LIGHT_HORIZONTAL", "SMALL_GRID", "LIGHT_VERTICAL")
"""PowerPoint's own patterns, in the order of `colours.PATTERNS`."""


def write(page: Page) -> bytes:
    """Return the document as one .pptx file, the same bytes for the same page."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    _bare(deck)
    _properties(deck, page)
    _title(deck, page)
    for slide in slides(page):
        _slide(deck, page, slide)
    file = BytesIO()
    deck.save(file)
    return stamped(file.getvalue())


def _bare(deck: Presentation) -> None:
    """Take out what python-pptx's template brings along: a picture of itself, settings of printers, other layouts."""
    from pptx.enum.shapes import PP_PLACEHOLDER
    from pptx.opc.constants import RELATIONSHIP_TYPE as KIND

    package, part = deck.part.package, deck.part
    for owner, kept in ((package, (KIND.CORE_PROPERTIES, KIND.OFFICE_DOCUMENT)), (part, None)):
        for name, one in list(owner._rels.items()):
            if (kept and one.reltype not in kept) or one.reltype == KIND.PRINTER_SETTINGS:
                owner._rels.pop(name)
    dated = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    for layout in [one for place, one in enumerate(deck.slide_layouts) if place not in (0, 5)]:
        deck.slide_layouts.remove(layout)
    for one in (deck.slide_master, *deck.slide_layouts):
        for shape in [found for found in one.placeholders if found.placeholder_format.type in dated]:
            shape._element.getparent().remove(shape._element)
        for theme in one.part._rels.values():
            if theme.reltype == KIND.THEME:
                theme.target_part._blob = _own_theme(theme.target_part.blob)


def _own_theme(theme: bytes) -> bytes:
    """Return a theme with our font, and our colour where the template has its own blue."""
    return theme.replace(b"Calibri", b"Arial").replace(b"4F81BD", b"175A6B")


def _properties(deck: Presentation, page: Page) -> None:
    core, moment = deck.core_properties, datetime.combine(page.facts.date, time(), UTC)
    core.author = core.last_modified_by = page.facts.agency
    core.title, core.language, core.revision = page.title, page.words.locale, 1
    core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = moment.replace(tzinfo=None)


def _title(deck: Presentation, page: Page) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    head, under = slide.placeholders[0], slide.placeholders[1]
    _at(head, _EDGE, 1.7, _ROOM, 1.9)
    _at(under, _EDGE, 3.7, _ROOM, 1.6)
    _say(head, [page.title], 40, bold=True, colour=colours.OUTLINE)
    facts = (page.facts.title, page.audience, page.words.day(page.facts.date))
    lines = [page.facts.agency, " · ".join(facts), *([plain(page.subtitle)] if page.subtitle else [])]
    _say(under, lines, 20)
    if page.note:
        _note(slide, page.note)


def _slide(deck: Presentation, page: Page, shown: Slide) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    head = slide.shapes.title
    _at(head, _EDGE, 0.35, _ROOM, 1.0)
    _say(head, [shown.title], 28, bold=True, colour=colours.OUTLINE)
    if shown.part:
        _say(slide.shapes.add_textbox(*_inches(_EDGE, 0.08, _ROOM, 0.35)), [shown.part], 14)
    top = _TOP
    for words, pieces in groupby(shown.pieces, lambda piece: isinstance(piece, Words)):
        together = list(pieces)
        if words:
            _paragraphs(slide, [piece for piece in together if isinstance(piece, Words)], top)
            top += sum(map(high, together))
            continue
        for piece in together:
            if isinstance(piece, Grid):
                _table(slide, piece, top)
            elif isinstance(piece, Chart):
                _chart(slide, page, piece, top)
            top += high(piece)
    if shown.withheld:
        _note(slide, page.note)


def _paragraphs(slide: Any, words: list[Words], top: float) -> None:
    """Write paragraphs that stand under each other as one text, so that their lines keep one distance."""
    from pptx.util import Pt

    box = slide.shapes.add_textbox(*_inches(_EDGE, top, _ROOM, sum(map(high, words))))
    frame = box.text_frame
    frame.word_wrap = True
    for number, one in enumerate(words):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        line.space_before, line.space_after = Pt(7 if one.head and number else 0), Pt(3 if one.item else 7)
        _run(line, ("• " if one.item else "") + one.text, 18, bold=one.head, colour=colours.INK)


def _note(slide: Any, text: str) -> None:
    _say(slide.shapes.add_textbox(*_inches(_EDGE, 6.6, _ROOM, 0.7)), [text], 11)


def _table(slide: Any, grid: Grid, top: float) -> None:
    from pptx.util import Inches

    rows = len(grid.rows) + 1
    _caption(slide, grid.title, top)
    frame = slide.shapes.add_table(rows, len(grid.columns), *_inches(_EDGE, top + CAPTION, _ROOM, ROW * rows))
    _describe(frame, grid.title)
    table = frame.table
    first = min(_ROOM * 0.4, _ROOM - 1.1 * (len(grid.columns) - 1))
    for number, column in enumerate(table.columns):
        rest = (_ROOM - first) / max(len(grid.columns) - 1, 1)
        column.width = Inches(first if number == 0 else rest)
    size = 13 if len(grid.columns) < 7 else 11
    for number, name in enumerate(grid.columns):
        _cell(table.cell(0, number), name, size, bold=True, left=number == 0)
    for place, line in enumerate(grid.rows, start=1):
        _cell(table.cell(place, 0), line.label, size, left=True)
        for number, figure in enumerate(line.figures, start=1):
            _cell(table.cell(place, number), figure.text, size, italic=figure.withheld)
    for row in table.rows:
        row.height = Inches(ROW)


def _cell(
    cell: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, left: bool = False
) -> None:
    from pptx.enum.text import PP_ALIGN

    cell.margin_top = cell.margin_bottom = 30_000
    line = cell.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT if left else PP_ALIGN.RIGHT
    _run(line, text, size, bold=bold, italic=italic, colour=colours.PAPER if bold else colours.INK)


def _caption(slide: Any, text: str, top: float) -> None:
    _say(slide.shapes.add_textbox(*_inches(_EDGE, top, _ROOM, CAPTION)), [text], 13, bold=True)


def _chart(slide: Any, page: Page, chart: Chart, top: float) -> None:
    """Draw bars as a chart of PowerPoint's own; places on a scale as a row of fields for each."""
    says = "; ".join(f"{row.label}: {row.says}" for row in chart.rows)
    told = f"{chart.says}. {says}. {page.words.same_figures}"
    _caption(slide, chart.says, top)
    bars = [row for row in chart.rows if isinstance(row, Bar)]
    frame = _bars(slide, page, chart, bars, top) if bars else _places(slide, chart, top)
    _describe(frame, told)


def _bars(slide: Any, page: Page, chart: Chart, bars: list[Bar], top: float) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Pt

    percent = any(figure.percent for bar in bars for figure in bar.figures)
    form = "0%" if percent else "#,##0"
    maker: Any = CategoryChartData
    made = maker(number_format=form)
    made.categories = [
        f"{bar.label}: {page.words.withheld}" if bar.parts is None else bar.label for bar in bars
    ]
    columns: list[list[float | None]] = [
        [None if bar.parts is None else bar.parts[number] / (100 if percent else 1) for bar in bars]
        for number in range(len(chart.scale))
    ]
    for name, values in zip(chart.scale, columns, strict=True):
        made.add_series(name, values)
    size = _inches(_EDGE, top + CAPTION, _ROOM, high(chart) - CAPTION)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *size, made)
    drawn = frame.chart
    drawn.has_title, drawn.has_legend = False, len(chart.scale) > 1  # a lone part the caption names
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    drawn.font.size, drawn.font.name = Pt(12), "Arial"
    axis = drawn.value_axis
    axis.visible, axis.has_major_gridlines, axis.minimum_scale = False, False, 0
    most = max((bar.whole for bar in bars if bar.parts is not None), default=0)
    axis.maximum_scale = (most / 100 if percent else most) or 1
    drawn.category_axis.reverse_order = True
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 60, 100, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
    plot.data_labels.font.size = Pt(11)
    for number, series in enumerate(plot.series):
        _paint(series, number, len(chart.scale))
    for value in frame.chart.part._element.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}dLbls"
    ):
        _on_paper(value)
    _own_workbook(drawn, page, made, columns, form)
    return frame


def _paint(series: Any, number: int, parts: int) -> None:
    """Give a part its colour, its pattern and its outline: no part is told by colour alone."""
    from pptx.enum.dml import MSO_PATTERN

    ground, second, _ = colours.part(number, parts)
    fill, pattern = series.format.fill, _PATTERNS[number % len(_PATTERNS)]
    if pattern is None:
        fill.solid()
        fill.fore_color.rgb = _rgb(ground)
    else:
        fill.patterned()
        fill.pattern = getattr(MSO_PATTERN, pattern)
        fill.fore_color.rgb, fill.back_color.rgb = _rgb(second), _rgb(ground)
    series.format.line.color.rgb = _rgb(colours.OUTLINE)


def _on_paper(labels: Any) -> None:
    """Let the figures of a chart stand on plain ground."""
    from pptx.oxml import parse_xml

    namespaces = (
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    ground = parse_xml(f'<c:spPr {namespaces}><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>')
    after = labels.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}numFmt")
    if after is not None:
        after.addnext(ground)


def _own_workbook(drawn: Any, page: Page, made: Any, columns: list[list[float | None]], form: str) -> None:
    """Put a workbook of our own into a chart: the figures that it draws, no time of making, no other words."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": datetime.combine(page.facts.date, time())})
    sheet, style = book.add_worksheet(_SHEET), book.add_format({"num_format": form})
    for row, category in enumerate(made.categories, start=1):
        sheet.write_string(row, 0, category.label)
    for column, (series, values) in enumerate(zip(made, columns, strict=True), start=1):
        sheet.write_string(0, column, series.name)
        for row, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, style)
    book.close()
    for place in drawn.part._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}f"):
        place.text = place.text.replace("Sheet1!", f"{_SHEET}!")
    drawn.part.chart_workbook.xlsx_part._blob = stamped(file.getvalue())


def _places(slide: Any, chart: Chart, top: float) -> Any:
    """Draw places on their scale as fields: the one where a row is, or all of them empty and the mark for withheld."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    found = [row for row in chart.rows if isinstance(row, Place)]
    heads = chart.scale or chart.table.columns[-1:]  # rows on several scales are said in words
    rows, wide = len(found), len(heads)
    size = _inches(_EDGE, top + CAPTION, _ROOM, ROW * (rows + 1))
    frame = slide.shapes.add_table(rows + 1, wide + 1, *size)
    table = frame.table
    for number, name in enumerate((chart.table.columns[0], *heads)):
        _cell(table.cell(0, number), name, 13, bold=True, left=number == 0)
    for place, row in enumerate(found, start=1):
        _cell(table.cell(place, 0), row.label, 13, left=True)
        for number in range(wide):
            field = table.cell(place, number + 1)
            here = bool(chart.scale and row.scale) and number == row.at
            field.fill.solid()
            ground = colours.OUTLINE if here else colours.TRACK if row.scale else colours.WITHHELD_GROUND
            field.fill.fore_color.rgb = _rgb(ground)
            said = row.says if number == 0 and not (chart.scale and row.scale) else ""
            _cell(field, "●" if here else said, 13, bold=here, italic=not row.scale)
    for line in table.rows:
        for cell in list(line.cells)[1:]:
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    for line in table.rows:
        line.height = Inches(ROW)
    return frame


def _say(
    shape: Any,
    lines: list[str],
    size: int,
    *,
    bold: bool = False,
    colour: colours.Rgb = colours.INK,
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for number, text in enumerate(lines):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        line.alignment, line.space_after = PP_ALIGN.LEFT, Pt(6)
        _run(line, text, size, bold=bold, colour=colour)


def _run(
    line: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, colour: colours.Rgb
) -> None:
    from pptx.util import Pt

    run = line.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    run.font.color.rgb = _rgb(colour)


def _describe(frame: Any, text: str) -> None:
    """Give a shape its alternative text, and a name that says nothing of its own."""
    named = frame._element.nvGraphicFramePr.cNvPr
    named.set("descr", text)
    named.set("name", "")


def _rgb(colour: colours.Rgb) -> Any:
    from pptx.dml import color

    made: Any = color.RGBColor
    return made(*colour)


def _at(shape: Any, left: float, top: float, wide: float, high: float) -> None:
    shape.left, shape.top, shape.width, shape.height = _inches(left, top, wide, high)


def _inches(*sizes: float) -> tuple[Any, ...]:
    from pptx.util import Inches

    return tuple(map(Inches, sizes))
