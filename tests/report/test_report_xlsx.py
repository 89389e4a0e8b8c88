"""The workbook is one that a coordinator can read, filter and print, and holds nothing of the machine."""

import re
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_reports import FACTS, HIDDEN, PLAN, PUBLICATION, TEAMING, count, document
from openpyxl import load_workbook
from report_readers import excel, excel_charts, parts

from reviewcore.disclosure.publication import Cell
from reviewcore.errors import Refused
from reviewcore.report import xlsx
from reviewcore.report.plan import Given, Heading, Paragraph, ShowChart, ShowTable
from reviewcore.report.resolve import page

FIRST = xlsx.write(page(PLAN.documents[0], PUBLICATION, FACTS))
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def test_the_first_sheet_says_what_it_is_and_how_to_read_it() -> None:
    """If this fails, whoever opens the workbook has to guess what "withheld" means and for whom it is."""
    sheets = excel(FIRST)
    assert list(sheets) == ["Contents", "Text", "What was found", "What was found (b)", "Visits"]
    first = [row[0] for row in sheets["Contents"] if row[0]]
    assert first[:4] == [FACTS.agency, "What the review found", "Findings of 2027",
                         "Peer review · For the state · April 30, 2027"]  # fmt: skip
    assert first[4].startswith("Where it says “withheld”")
    links = [
        cell.hyperlink.location
        for row in load_workbook(BytesIO(FIRST))["Contents"]
        for cell in row
        if cell.hyperlink
    ]
    assert links == ["'Text'!A1", "'What was found'!A1", "'What was found (b)'!A1", "'Visits'!A1"]


def test_every_sheet_can_be_scrolled_filtered_and_printed() -> None:
    """If this fails, headings scroll away, or a printed table runs over the paper's edge without them."""
    book = load_workbook(BytesIO(FIRST))
    for sheet in book:
        assert sheet.page_setup.paperSize == 1
        assert sheet.oddFooter.right.text == "Page &P / &N"
        assert FACTS.agency in sheet.oddFooter.left.text
    for sheet in book.worksheets[2:]:
        assert sheet.freeze_panes == "A3"
        assert sheet.print_title_rows == "$2:$2"
        assert sheet.page_setup.orientation == "landscape"
        fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
        wide = sum(size.width * (size.max - size.min + 1) for size in sheet.column_dimensions.values()) * 5.25
        assert fits or wide * (sheet.page_setup.scale or 100) / 100 < 9.8 * 72
        assert sheet.auto_filter.ref.startswith("A2:")


def test_every_chart_is_described_and_has_a_title() -> None:
    """If this fails, a reader who does not see a chart is not told what it shows, or where its figures stand."""
    (chart,) = excel_charts(FIRST)
    assert (
        "".join(t.text or "" for t in chart.find(f"{C}chart/{C}title").iter(f"{A}t"))
        == "Use of teams, by program"
    )  # type: ignore[union-attr]
    drawing = parts(FIRST)["xl/drawings/drawing1.xml"].decode()
    assert (
        'descr="Use of teams, by program. How teams were used. The table above holds the same figures."'
        in drawing
    )


def test_what_is_withheld_is_no_zero_to_a_chart() -> None:
    """If this fails, a chart draws, or tells a program, nought where a figure is withheld."""
    (chart,) = excel_charts(FIRST)
    for series in chart.iter(f"{C}ser"):
        assert [p.get("idx") for p in series.find(f"{C}val").iter(f"{C}pt")] == ["0"]  # type: ignore[union-attr]
        (point,) = series.findall(f"{C}dPt")
        assert point.find(f"{C}idx").get("val") == "1"  # type: ignore[union-attr]
        assert point.find(f"{C}spPr/{A}noFill") is not None
    assert [t.text for t in chart.iter(f"{A}t")].count("withheld") == 1


def test_a_chart_of_nothing_is_not_drawn() -> None:
    """If this fails, an empty frame stands where everything is withheld."""
    hidden = evolve(TEAMING, rows=(evolve(TEAMING.rows[1], cells=(HIDDEN, HIDDEN, HIDDEN)),))
    partly = evolve(TEAMING, rows=(evolve(TEAMING.rows[1], cells=(count(18), HIDDEN, count(4))),))
    for table in (hidden, partly):
        made = page(document(ShowChart(TEAMING.key, "Teams")), evolve(PUBLICATION, tables=(table,)), FACTS)
        assert excel_charts(xlsx.write(made)) == []


def test_bands_are_drawn_in_cells_that_hold_no_figure() -> None:
    """If this fails, a band's place is drawn at another band, or a withheld one is given a place."""
    sheets = excel(FIRST)
    assert sheets["What was found (b)"][1] == ["Cases", "Rated", "Acceptable"]  # on two scales: not drawn
    voice = PUBLICATION.tables[1]
    alike = evolve(
        voice,
        rows=(voice.rows[0], evolve(voice.rows[1], cells=(count(12), Cell("band", "few"))), voice.rows[2]),
    )
    made = page(document(ShowChart("voice", "Voices")), evolve(PUBLICATION, tables=(alike,)), FACTS)
    *_, rows = excel(xlsx.write(made)).values()
    assert rows[1:] == [
        ["Cases", "Rated", "Acceptable", "few", "some", "most"],
        ["North", "20", "most", "", "", "●"],
        ["South", "12", "few", "●", "", ""],
        ["West", "withheld", "withheld", "", "", ""],
    ]


def test_tables_of_one_chapter_with_the_same_columns_make_one() -> None:
    """If this fails, a coordinator cannot compare statements, since each has a sheet of its own."""
    one, other = (
        evolve(TEAMING, key=key, title=key.title(), rows=(TEAMING.rows[0],)) for key in ("teams", "visits")
    )
    blocks = (Heading(1, ("Found",)), Heading(2, ("Together",)), ShowChart("teams", "A"), Heading(2, ("Apart",)),
              ShowChart("visits", "B"), Heading(1, ("More",)), ShowTable("teams"))  # fmt: skip
    data = xlsx.write(page(document(*blocks), evolve(PUBLICATION, tables=(one, other)), FACTS))
    sheets = excel(data)
    assert list(sheets) == ["Contents", "Text", "Found", "More"]
    assert [row[:3] for row in sheets["Found"][1:]] == [
        ["Section", "Subject", "Cases"], ["Together", "Teams", "Child welfare"], ["Apart", "Visits", "Child welfare"],
    ]  # fmt: skip
    assert len(excel_charts(data)) == 2
    links = [c.hyperlink.location for row in load_workbook(BytesIO(data))["Text"] for c in row if c.hyperlink]
    assert links == ["'Found'!A3", "'Found'!A4", "'More'!A3"]


def test_its_properties_hold_the_record_and_nothing_else() -> None:
    """If this fails, the file says which machine or person made it, and when."""
    core = ElementTree.fromstring(parts(FIRST)["docProps/core.xml"])
    assert sorted(core.itertext()) == sorted(
        ["What the review found", FACTS.agency, FACTS.agency, "2027-04-30T00:00:00Z", "2027-04-30T00:00:00Z"]
    )
    assert not {"Manager", "HyperlinkBase"} & {one.tag.rpartition("}")[2] for one in
                                                ElementTree.fromstring(parts(FIRST)["docProps/app.xml"])}  # fmt: skip


@settings(max_examples=25)
@given(
    st.lists(st.text("ab'[]:*?/\\ A…(é", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=8)
)
def test_every_heading_makes_a_sheet_that_excel_opens(heads: list[str]) -> None:
    """If this fails, a heading that Excel cannot have for a sheet's name stops the whole report."""
    blocks = [block for head in heads for block in (Heading(1, (head,)), ShowChart(TEAMING.key, "Teams"))]
    names = list(excel(xlsx.write(page(document(*blocks), PUBLICATION, FACTS))))
    chapters = sum(1 for one, other in pairwise(["", *heads]) if other != one)
    assert len(names) <= 2 + chapters
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_a_text_that_no_cell_can_hold_is_told() -> None:
    """If this fails, a long paragraph is left out of the workbook in silence."""
    made = page(document(Paragraph((Given("words " * 6000),))), PUBLICATION, FACTS)
    with pytest.raises(Refused, match="longer than an Excel cell"):
        xlsx.write(made)
