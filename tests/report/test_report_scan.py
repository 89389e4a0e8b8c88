"""A name that got into a finished file is found however it hides; nothing is said about whose it is."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_reports import FACTS, PLAN, PUBLICATION, document
from pypdf import PdfWriter
from pypdf.generic import ByteStringObject, NameObject, TextStringObject

from reviewcore.disclosure.publication import Cell, TableRow
from reviewcore.report.plan import ReportPlan, ShowTable
from reviewcore.report.scan import places
from reviewcore.report.stage import render
from reviewcore.store.scan import Roster

PEOPLE = (
    {"person_id": "W-4711", "name": "Mary Smith", "email": "msmith@alder.example"},
    {"person_id": "88123", "name": "José Núñez Ortega", "email": "jose@alder.example"},
)
CASES = ({"case_id": "C-2044", "family_id": "F-77", "family_name": "Van der Berg"},)
FIND = Roster.of(PEOPLE, CASES, ("Alder County Human Services",)).find
FILES = render(FACTS, PLAN, PUBLICATION)


def _web(text: str) -> bytes:
    return FILES["report.html"].decode().replace("</main>", f"{text}</main>").encode()


def _word(part: str, old: str, new: str) -> bytes:
    return _package("report.docx", part, old, new)


def _package(file: str, part: str, old: str, new: str) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(FILES[file])) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text, old
                text = text.replace(old.encode(), new.encode(), 1)
            after.writestr(name, text)
    return made.getvalue()


def test_finished_files_that_name_nobody_pass() -> None:
    """If this fails, a clean publication is blocked, and soon nobody believes the scan."""
    assert {name: places(FIND, name, data) for name, data in FILES.items()} == dict.fromkeys(FILES, 0)


@pytest.mark.parametrize(
    "leak",
    [
        "<p>Mary Smith</p>",
        "<p>MARY SMITH</p>",
        "<p>Smith, Mary</p>",
        "<p>Jose Nunez Ortega</p>",
        "<p>Ma<b>ry</b> Smith</p>",
        "<p>words</p><p>Ma<b>ry</b> Smith</p>",
        "<p>Mary <i>Smith</i></p>",
        "<td>Mary</td><td>Smith</td>",
        "<text>Mary</text><text>Smith</text>",
        "<p>M&#97;ry&nbsp;Smith</p>",
        "<p>M&#x61;ry Sm&shy;ith</p>",
        "<p>Ma\u200bry Smith</p>",
        "<img alt='Mary Smith'>",
        "<svg><title>Mary Smith</title></svg>",
        "<svg><desc>msmith@alder.example</desc></svg>",
        "<a href='mailto:msmith@alder.example'>write</a>",
        "<!-- Mary Smith -->",
        "<style>.Mary-Smith {}</style>",
        "<p>case <i>C</i>-2044</p>",
        "<p>W-4711</p>",
        "<p>88123</p>",
        "<p data-x='C-2044'>case</p>",
        "<p>F-77</p>",
        "<p>Berg, Van der</p>",
    ],
)  # fmt: skip
def test_a_name_in_a_page_is_found(leak: str) -> None:
    """If this fails, somebody is named in a web page: in its words, between its tags, or where few look."""
    assert places(FIND, "report.html", _web(leak)) >= 1


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", "Child welfare", "Mary Smith"),
        ("word/document.xml", "Child welfare", "Mary</w:t></w:r><w:r><w:t xml:space='preserve'> Smith"),
        ("word/document.xml", "Child welfare", "Ma</w:t></w:r><w:r><w:t>ry Smith"),
        ("word/document.xml", "Child welfare", "M&#97;ry Smi&#x74;h"),
        ("word/document.xml", "Child welfare", "<!--Mary Smith-->"),
        ("word/document.xml", 'descr="', 'descr="Mary Smith: '),
        ("word/document.xml", 'descr="', 'title="88123" descr="'),
        ("word/document.xml", "<w:body>", '<w:body w:x="W-4711">'),
        ("word/footer1.xml", "Alder", "Mary Smith"),
        ("docProps/core.xml", "Alder County Human Services", "Mary Smith"),
        ("docProps/core.xml", "What the review found", "msmith@alder.example"),
        ("word/styles.xml", "Withheld", "Smith Mary"),
        ("word/_rels/document.xml.rels", "media/", "mailto:msmith@alder.example/"),
    ],
)  # fmt: skip
def test_a_name_in_a_word_file_is_found(part: str, old: str, new: str) -> None:
    """If this fails, somebody is named in a Word file: in its words, its pictures or its properties."""
    assert places(FIND, "report.docx", _word(part, old, new)) >= 1


@pytest.mark.parametrize("leak", ["Mary Smith", "JOSÉ NÚÑEZ ORTEGA", "see 88123"])
def test_a_name_in_the_data_file_is_found(leak: str) -> None:
    """If this fails, somebody is named where machines read, escaped or not."""
    for ascii_only in (True, False):
        for content in ({"label": leak}, {leak: None}, {"a": [["x", {"b": leak}]]}):
            data = json.dumps(content, ensure_ascii=ascii_only).encode()
            assert places(FIND, "report.json", data) >= 1


def test_a_name_in_a_file_name_is_found() -> None:
    """If this fails, a file tells by its own name whom it is about."""
    assert places(FIND, "mary-smith.json", b"{}") == 1


def test_a_name_that_may_be_told_passes() -> None:
    """If this fails, the director cannot sign a report."""
    find = Roster.of(PEOPLE, CASES, ("Mary Smith",)).find
    assert places(find, "report.html", _web("<p>Mary Smith, director</p>")) == 0


def test_figures_side_by_side_are_no_id() -> None:
    """If this fails, two cells of a table, read together, pass for a case number and block a publication."""
    table = evolve(
        PUBLICATION.tables[2], rows=(TableRow("all", "All", (Cell("count", 88), Cell("count", 123))),)
    )
    files = render(FACTS, PLAN, evolve(PUBLICATION, tables=(*PUBLICATION.tables[:2], table)))
    assert {name: places(FIND, name, data) for name, data in files.items()} == dict.fromkeys(files, 0)


def test_every_place_is_counted() -> None:
    """If this fails, the county mends one place and believes that there was no other."""
    assert places(FIND, "report.html", _web("<p>Mary Smith</p><p>José Núñez Ortega</p><p>C-2044</p>")) == 3


def test_a_reading_of_the_raw_text_alone_would_miss_them() -> None:
    """If this fails, the leaks above are no test: a plain search through the file would find them all."""
    hidden = ("<p>Ma<b>ry</b> Smith</p>", "<p>M&#97;ry Smith</p>", "<p>Ma\u200bry Smith</p>")
    for leak in hidden:
        assert FIND(_web(leak).decode()) == ()
    assert FIND(_word("docProps/core.xml", "What the", "Mary Smith").decode("latin-1")) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["b", "i", "em", "span"]), min_size=1, max_size=3), st.integers(1, 9))
def test_a_name_is_found_wherever_tags_split_it(tags: list[str], at: int) -> None:
    """If this fails, a tag somewhere within a name hides it."""
    name = "Mary Smith"
    opened, closed = "".join(f"<{t}>" for t in tags), "".join(f"</{t}>" for t in reversed(tags))
    assert places(FIND, "report.html", _web(f"<p>{name[:at]}{opened}{name[at:]}{closed}</p>")) >= 1


def test_a_name_in_a_label_reaches_every_file_and_is_found_in_each() -> None:
    """If this fails, one of the writers has a way out that the scan does not look through."""
    named = evolve(PUBLICATION.tables[0], title="Cases of Mary Smith")
    files = render(FACTS, PLAN, evolve(PUBLICATION, tables=(named, *PUBLICATION.tables[1:])))
    assert all(places(FIND, name, data) >= 1 for name, data in files.items())


# -- workbooks and PDFs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/sharedStrings.xml", "Child welfare", "Mary Smith"),
        ("xl/sharedStrings.xml", "Child welfare", "M&#97;ry Smith"),
        ("xl/sharedStrings.xml", "<t>Child welfare</t>", "<r><t>Ma</t></r><r><t>ry Smith</t></r>"),
        ("xl/worksheets/sheet3.xml", "<v>1230</v>", "<v>88123</v>"),
        ("xl/worksheets/sheet3.xml", '<c r="A3" s="15" t="s"><v>5</v></c>',
         '<c r="A3" s="15" t="inlineStr"><is><t>C-2044</t></is></c>'),
        ("xl/worksheets/sheet3.xml", "Alder County", "Mary Smith"),  # the footer
        ("xl/worksheets/sheet3.xml", "<sheetData>", "<!-- Mary Smith --><sheetData>"),
        ("xl/worksheets/sheet1.xml", "display=", "tooltip='Mary Smith' display="),
        ("xl/worksheets/sheet1.xml", "'Visits'!A1", "'Mary Smith'!A1"),
        ("xl/worksheets/_rels/sheet3.xml.rels", "../drawings", "mailto:msmith@alder.example/drawings"),
        ("xl/charts/chart1.xml", "<c:v>211</c:v>", "<c:v>88123</c:v>"),
        ("xl/charts/chart1.xml", "<a:t>Use of teams", "<a:t>Mary</a:t></a:r><a:r><a:t> Smith"),
        ("xl/charts/chart1.xml", "<a:t>Use of teams", "<a:t>Ma</a:t></a:r><a:r><a:t>ry Smith"),
        ("xl/charts/chart1.xml", "'What was found'!$C$2", "'Mary Smith'!$C$2"),
        ("xl/drawings/drawing1.xml", 'descr="', 'descr="Mary Smith: '),
        ("xl/drawings/drawing1.xml", 'name="', 'name="88123 '),
        ("xl/workbook.xml", 'name="Visits"', 'name="Mary Smith"'),
        ("xl/workbook.xml", ">Visits!$2:$2<", ">'Mary Smith'!$2:$2<"),
        ("docProps/core.xml", "Alder County Human Services", "Mary Smith"),
        ("docProps/app.xml", "<Company>", "<Company>Mary Smith"),
    ],
)  # fmt: skip
def test_a_name_in_a_workbook_is_found(part: str, old: str, new: str) -> None:
    """If this fails, somebody is named in a workbook: in a cell, a chart, a link or its properties."""
    assert places(FIND, "report.xlsx", _package("report.xlsx", part, old, new)) >= 1


def test_a_name_over_two_cells_of_a_row_is_found() -> None:
    """If this fails, a workbook names somebody by a first name in one cell and a surname in the next."""
    table = evolve(PUBLICATION.tables[1], title="Mary")
    rows = (evolve(table.rows[0], label="Smith"), *table.rows[1:])
    other = evolve(table, key="other", title="Other", rows=table.rows)
    publication = evolve(PUBLICATION, tables=(evolve(table, rows=rows), other))
    plan = ReportPlan((document(ShowTable(table.key), ShowTable("other")),))
    assert places(FIND, "report.xlsx", render(FACTS, plan, publication, ("xlsx",))["report.xlsx"]) >= 1


def _info(writer: Any) -> None:
    writer.add_metadata({"/Subject": "Mary Smith"})


def _xmp(writer: Any) -> None:
    stream = writer.root_object["/Metadata"].get_object()
    stream.set_data(stream.get_data().replace(b"What the review found", b"M&#97;ry Smith"))


def _alt(writer: Any) -> None:
    for one in writer._objects:
        if isinstance(one, dict) and "/Alt" in one:
            one[NameObject("/Alt")] = TextStringObject("Bars of M\u00e1ry Sm\u00adith")


def _bookmark(writer: Any) -> None:
    writer.add_outline_item(title="W-4711", page_number=0)


def _link(writer: Any) -> None:
    writer.add_uri(0, "mailto:msmith@alder.example", (0, 0, 10, 10))


def _comment(writer: Any) -> None:
    note = {"/Type": "/Annot", "/Subtype": "/Text", "/Rect": [0, 0, 9, 9], "/Contents": "Ask Mary Smith"}
    writer.add_annotation(0, note)


def _bytes(writer: Any) -> None:
    writer.root_object[NameObject("/Lang")] = ByteStringObject(b"88123")


@pytest.mark.parametrize("plant", [_info, _xmp, _alt, _bookmark, _link, _comment, _bytes])
def test_a_name_beside_the_pages_of_a_pdf_is_found(plant: Callable[[Any], None]) -> None:
    """If this fails, somebody is named in a PDF's properties, bookmarks, links or the texts read out for pictures."""
    writer = PdfWriter(clone_from=BytesIO(FILES["report.pdf"]))
    made = BytesIO()
    writer.write(made)
    assert places(FIND, "report.pdf", made.getvalue()) == 0
    plant(writer)
    made = BytesIO()
    writer.write(made)
    assert places(FIND, "report.pdf", made.getvalue()) >= 1


@pytest.mark.parametrize(
    "leak", ["Mary Smith", "SMITH, mary", "Máry Smith", "C-2044", "88123", "msmith@alder.example"]
)
def test_a_name_on_a_page_of_a_pdf_is_found(leak: str) -> None:
    """If this fails, somebody is named on a PDF's page: in its words, its tables, its drawings."""
    plan = ReportPlan((document(ShowTable("seen")),))
    seen = PUBLICATION.table("seen")
    row = evolve(seen, rows=(evolve(seen.rows[0], label=f"Team of {leak}"),))
    head = evolve(seen, columns=(evolve(seen.columns[0], label=leak), seen.columns[1]))
    for table, found in ((seen, 0), (row, 1), (head, 1)):
        files = render(FACTS, plan, evolve(PUBLICATION, tables=(table,)), ("pdf",))
        assert FIND(files["report.pdf"].decode("latin-1")) == ()  # a search of the bytes would miss it
        assert places(FIND, "report.pdf", files["report.pdf"]) == found


def test_a_pdf_that_carries_another_file_is_refused() -> None:
    """If this fails, a list of names goes out within a PDF that was found clean."""
    writer = PdfWriter(clone_from=BytesIO(FILES["report.pdf"]))
    writer.add_attachment("people.csv", b"Mary Smith")
    made = BytesIO()
    writer.write(made)
    with pytest.raises(ValueError, match="another file"):
        places(FIND, "report.pdf", made.getvalue())
