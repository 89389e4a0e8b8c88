"""Tables of a tally in a report: one column drawn against the hundred, and the same figures in every format."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from made_up_reports import FACTS, document
from python_calamine import CalamineWorkbook
from test_report_formats import Need, write

from reviewcore.disclosure.publication import Cell, Column, Publication, Table, TableRow
from reviewcore.report.check import problems
from reviewcore.report.plan import Heading, ReportPlan, ShowChart
from reviewcore.report.resolve import page
from reviewcore.report.values import Bar, Chart

HIDDEN, NOBODY = Cell("withheld"), Cell("none")
CLINICS = Table(
    "clinics",
    "Caseload by clinic",
    "tally",
    (
        Column("assigned", "Assigned"),
        Column("participating", "Participating"),
        Column("share", "Of assigned"),
    ),
    (
        TableRow("all", "All", (Cell("number", 1507), Cell("count", 1449), Cell("percent", 96))),
        TableRow("north", "North", (Cell("number", 402), Cell("count", 419), Cell("percent", 104))),
        TableRow("south", "South", (Cell("number", 1105), HIDDEN, HIDDEN)),
        TableRow("new", "New", (NOBODY, Cell("count", 0), NOBODY)),
    ),
    "clinic",
    "Clinic",
)
PUBLICATION = Publication("agency", 1, (CLINICS,))
CHART = ShowChart("clinics", "How much of the assigned caseload participates", "share")
REPORT = document(Heading(1, ("Our clinics",)), CHART, audience="agency")


def drawn() -> Chart:
    """Return the chart as every writer is given it."""
    (chart,) = (one for one in page(REPORT, PUBLICATION, FACTS).blocks if isinstance(one, Chart))
    return chart


def test_one_column_is_drawn_to_one_scale() -> None:
    """If this fails, two bars beside each other cannot be compared, or a withheld one has a length."""
    rows = [row for row in drawn().rows if isinstance(row, Bar)]
    assert [(row.label, row.parts, row.whole) for row in rows] == [
        ("All", (96,), 104), ("North", (104,), 104), ("South", None, 104), ("New", (0,), 104),
    ]  # fmt: skip
    assert drawn().scale == ("Of assigned",)
    assert drawn().drawn == (2,)
    assert drawn().table.columns[0] == "Clinic"


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (ShowChart("clinics", "Clinics"), "make up no whole; name the one column that the chart draws"),
        (ShowChart("clinics", "Clinics", "shre"), "has no column 'shre'"),
        (ShowChart("clinics", "Clinics", "assigned"), "holds no counts and no percents"),
    ],
)
def test_a_column_that_cannot_be_drawn_is_told(chart: ShowChart, said: str) -> None:
    """If this fails, a report breaks while it is drawn, or draws parts of no whole."""
    (found,) = problems(
        ReportPlan((document(Heading(1, ("Our clinics",)), chart, audience="agency"),)), PUBLICATION
    )
    assert said in found


ROWS = [["All", "1,507", "1,449", "96%"], ["North", "402", "419", "104%"],
        ["South", "1,105", "withheld", "withheld"], ["New", "–", "0", "–"]]  # fmt: skip


def said_in_excel(value: object) -> str:
    """Return a cell of a workbook as people read it; whole percents are parts of one there."""
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and value != 1.0 else f"{round(100 * value)}%"
    return str(value)


@pytest.mark.parametrize("name", ["html", "docx", "xlsx", "pdf", "json"])
def test_every_format_has_the_same_figures(name: str, need: Need) -> None:
    """If this fails, a number that counts nobody, or a gap where there is nobody, is lost in one format."""
    data = write(name, REPORT, PUBLICATION)
    if name == "json":
        (table,) = json.loads(data)["tables"]
        kinds = [[cell["value"] for cell in row["cells"]] for row in table["rows"]]
        assert kinds == [[1507, 1449, 96], [402, 419, 104], [1105, None, None], [None, 0, None]]
    elif name == "xlsx":
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = [row for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python()]
        found = [[said_in_excel(cell) for cell in row if cell != ""] for row in rows]
        assert [row for row in found if row and row[0] in ("All", "North", "South", "New")] == ROWS
    else:
        text = text_of(name, data, need)
        for row in ROWS:
            assert re.sub(r"\s", "", "".join(row)) in re.sub(r"\s", "", text), row


def text_of(name: str, data: bytes, need: Need) -> str:
    """Return a document's words in the order in which they stand."""
    if name == "pdf":
        from report_readers import paper

        return paper(data, need("pdftotext"))
    if name == "docx":
        import docx

        tables = docx.Document(BytesIO(data)).tables
        return " ".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    return re.sub(r"<[^>]+>", " ", data.decode())
