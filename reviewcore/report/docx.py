"""A Word file per document: real headings, marked header rows, alternative texts, nothing in its properties.

A chart is a simple table, one row per bar: its label, and a picture of the bar with the figures below
it in words, so that it can be read without seeing it and survives every word processor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from importlib import resources
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reviewcore.report import strip, widths
from reviewcore.report.values import (
    Bar,
    Chart,
    Figure,
    Grid,
    Head,
    Items,
    Page,
    Para,
    Said,
    ThemesShown,
    kept,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_BARS = 4.6  # inches, as all widths here
_SWATCH = 0.16
_BESIDE = 3  # as many rows of a chart, which are taller, are kept on one page
_TOGETHER = 12  # as many rows, or half as many items, are kept on one page


def write(page: Page) -> bytes:
    """Return the document as one .docx file, the same bytes for the same page."""
    import docx

    document, ids = docx.Document(), count(1)
    _own_look(document, page.words.locale)
    _properties(document, page)
    _footer(document, page)
    _add(document, "Agency", page.facts.agency)
    _add(document, "Title", page.title)
    if page.subtitle:
        _said(_add(document, "Subtitle"), page.subtitle)
    facts = (page.facts.title, page.audience, page.words.day(page.facts.date))
    _add(document, "Facts", " · ".join(facts))
    if page.note:
        _add(document, "Note", page.note)
    for number, block in enumerate(page.blocks):
        match block:
            case Head(level, text):
                _said(_add(document, f"Heading{level}"), text)
            case Para(text):
                paragraph = document.add_paragraph()
                _said(paragraph, text)
                paragraph.paragraph_format.keep_with_next = kept(page.blocks, number) or None
            case Items(items):
                _together([_list_item(document, item) for item in items], _TOGETHER // 2)
            case Grid():
                _table(document, block)
            case Chart():
                _chart(document, block, page, ids)
            case ThemesShown():
                _add(document, "Caption", block.title)
                _together([_list_item(document, (label,)) for label in block.labels], _TOGETHER)
                if not block.labels:
                    document.add_paragraph(page.words.no_themes)
    file = BytesIO()
    document.save(file)
    return _packed(file.getvalue())


def _list_item(document: Document, text: Said) -> Paragraph:
    paragraph = _add(document, "ListBullet")
    _said(paragraph, text)
    return paragraph


def _together(paragraphs: list[Paragraph], most: int) -> None:
    """Keep up to so many paragraphs on one page."""
    for paragraph in paragraphs[:-1] if len(paragraphs) <= most else []:
        paragraph.paragraph_format.keep_with_next = True


def _said(paragraph: Paragraph, text: Said) -> None:
    for part in text:
        if isinstance(part, Figure):
            _figure(paragraph, part)
        else:
            paragraph.add_run(part)


def _figure(paragraph: Paragraph, figure: Figure) -> None:
    run = paragraph.add_run(figure.text)
    if figure.withheld:
        run._r.style = "Withheld"


def _table(document: Document, grid: Grid) -> None:
    _add(document, "Caption", grid.title)
    table = document.add_table(rows=1, cols=len(grid.columns))
    table._tbl.tblStyle_val = "Figures"
    _describe(table, grid.title)
    for number, (cell, name) in enumerate(zip(table.rows[0].cells, grid.columns, strict=True)):
        _first(cell, "TableFigureHead" if number else "TableHead").add_run(name)
    for row in grid.rows:
        label, *others = table.add_row().cells
        _first(label, "TableLabel").add_run(row.label)
        for cell, figure in zip(others, row.figures, strict=True):
            _figure(_first(cell, "TableFigure"), figure)
    _finish(table, widths.columns(grid))
    _add(document, "AfterTable")


def _add(document: Document, style: str, text: str = "") -> Paragraph:
    """Add a paragraph and give it a style by its id: looking one up by name is slow, each time anew."""
    return _styled(document.add_paragraph(text), style)


def _first(cell: Any, style: str) -> Paragraph:
    """Return a cell's paragraph, given a style by its id."""
    return _styled(cell.paragraphs[0], style)


def _styled(paragraph: Paragraph, style: str) -> Paragraph:
    paragraph._p.style = style
    return paragraph


def _chart(document: Document, chart: Chart, page: Page, ids: Iterator[int]) -> None:
    _add(document, "Caption", chart.says)
    table = document.add_table(rows=1, cols=2)
    table._tbl.tblStyle_val = "Bars"
    _describe(table, f"{chart.says} {page.words.same_figures}")
    corner, key = table.rows[0].cells
    _first(corner, "TableHead").add_run(chart.table.columns[0])
    if all(isinstance(row, Bar) for row in chart.rows):
        line = _first(key, "Key")
        for number, name in enumerate(chart.scale):
            swatch = strip.swatch(number, len(chart.scale))
            _picture(line, swatch, _SWATCH, f"{page.words.key}: {name}", next(ids))
            line.add_run(f"\N{NO-BREAK SPACE}{name}   ")
    elif chart.scale:
        _first(key, f"Scale{len(chart.scale)}").add_run("".join(f"\t{name}" for name in chart.scale))
    else:
        _first(key, "TableHead").add_run(chart.table.columns[-1])
    for row in chart.rows:
        label, drawn = table.add_row().cells
        _first(label, "TableLabel").add_run(row.label)
        bar = strip.bar(row, len(chart.scale))
        _picture(_first(drawn, "Bar"), bar, _BARS, f"{row.label}: {row.says}", next(ids))
        drawn.add_paragraph(row.says)._p.style = "BarWords"
    _finish(table, [widths.LABELS, widths.TEXT - widths.LABELS], _BESIDE)
    _table(document, chart.table)


def _finish(table: Any, wide: list[float], together: int = _TOGETHER) -> None:
    """Fix the columns' widths (inches), keep rows whole, and mark the header row so that it is repeated.

    A table of up to so many rows (`together`) stays on one page.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Inches

    table.autofit = False
    for column, width in zip(table.columns, wide, strict=True):
        column.width = Inches(width)
    for number, row in enumerate(table.rows):
        for cell, width in zip(row.cells, wide, strict=True):
            cell.width = Inches(width)
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        if number < len(table.rows) - 1 <= together:
            for paragraph in (one for cell in row.cells for one in cell.paragraphs):
                paragraph.paragraph_format.keep_with_next = True
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for name in list(look.attrib):
        del look.attrib[name]
    look.set(qn("w:firstRow"), "1")
    look.set(qn("w:firstColumn"), "1")
    look.set(qn("w:noVBand"), "1")


def _describe(table: Any, text: str) -> None:
    """Give a table its alternative text."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), text)
    table._tbl.tblPr.append(description)


def _picture(paragraph: Paragraph, data: bytes, width: float, says: str, number: int) -> None:
    """Put a picture into a paragraph, with its alternative text and a name that says nothing of its own.

    `number` is its id: python-docx would search the whole document for a free one, picture after picture.
    """
    from docx.oxml.shape import CT_Inline
    from docx.shared import Inches

    relation, image = paragraph.part.get_or_add_image(BytesIO(data))
    inline = CT_Inline.new_pic_inline(number, relation, "", *image.scaled_dimensions(Inches(width), None))
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    inline.docPr.set("name", "")
    inline.docPr.set("descr", says)
    paragraph.add_run()._r.add_drawing(inline)


def _own_look(document: Document, locale: str) -> None:
    """Put our styles in place of python-docx's template, and take out all else that it brings along."""
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from docx.oxml.ns import qn
    from docx.oxml.parser import parse_xml
    from docx.shared import Inches

    for owner, wanted in (
        (document.part.package, (KIND.CORE_PROPERTIES, KIND.OFFICE_DOCUMENT)),
        (document.part, (KIND.STYLES, KIND.SETTINGS, KIND.NUMBERING)),
    ):
        for name, one in list(owner.rels.items()):
            if one.reltype not in wanted:
                del owner.rels[name]
            elif owner is document.part:
                own = resources.files("reviewcore.report") / "word" / one.target_part.partname.filename
                one.target_part._element = parse_xml(own.read_bytes())
    for language in document.part._styles_part.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    for element in (document.element, section.footer._element):
        # The newer parts of Word's format, of which we use none; "w14" could be somebody's id to the scan.
        element.attrib.pop("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable", None)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)


def _packed(data: bytes) -> bytes:
    """Return the package with no time stamps and nothing else in it that depends on when or where it was made."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 3
            new.writestr(entry, old.read(name))
    return made.getvalue()


def _properties(document: Document, page: Page) -> None:
    core = document.core_properties
    moment = datetime.combine(page.facts.date, time(), UTC)
    core.author = core.last_modified_by = page.facts.agency
    core.title, core.language = page.title, page.words.locale
    core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = moment
    core.revision = 1


def _footer(document: Document, page: Page) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{page.facts.agency}\t{page.words.page} ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
