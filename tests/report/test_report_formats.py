"""All formats of a document say the same, and nothing else: read back by readers that share no code with us."""

import json
import re
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_reports import FACTS, PLAN, PUBLICATION, document, reports
from openpyxl import load_workbook
from report_readers import (
    NUMBER,
    W,
    archive,
    excel,
    excel_charts,
    paper,
    parts,
    slides,
    web,
    web_tables,
    word,
    word_tables,
    word_text,
)

from reviewcore.disclosure.publication import Cell, Publication, Table, Theme, ThemeList
from reviewcore.report import csvfile, docx, html, jsonfile, pdf, pptx, xlsx
from reviewcore.report.plan import (
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Paragraph,
    ShowChart,
    ShowTable,
    ShowThemes,
)
from reviewcore.report.resolve import page

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Need = Callable[..., str]


# -- what must be there, worked out from the plan and the publication alone -----------------------------


def printed(cell: Cell) -> str:
    if cell.kind == "withheld":
        return "withheld"
    return (f"{cell.value:,}" if cell.kind == "count" else str(cell.value)) + "%" * (cell.kind == "percent")


def shown(document: Document, publication: Publication) -> list[Table]:
    return [publication.table(b.table) for b in document.blocks if isinstance(b, ShowTable | ShowChart)]


def rows(tables: list[Table]) -> Counter[tuple[str, ...]]:
    """Return every row of the tables: label and figures."""
    return Counter((row.label, *map(printed, row.cells)) for table in tables for row in table.rows)


def told(document: Document, publication: Publication) -> list[str]:
    """Return every figure, mark and given text that the document's own sentences print."""
    texts = [document.subtitle]
    for block in document.blocks:
        texts += getattr(block, "items", ()) or [getattr(block, "text", ())]
    return [
        part.text if isinstance(part, Given) else printed(publication.table(part.table).cell(part.row, part.column))
        for text in texts
        for part in text
        if isinstance(part, Given | Cite)
    ]  # fmt: skip


def numbers(texts: list[str]) -> Counter[str]:
    return Counter(found for text in texts for found in NUMBER.findall(text))


DATE = ["30", "2027"]


@frozen
class Read:
    """What a reader found: the rows of the tables; the numbers of all words around them; the marks in both."""

    rows: Counter[tuple[str, ...]]
    around: Counter[str]
    marks: int


def marks(text: str) -> int:
    """Count the mark, less the note that explains it."""
    return len(re.findall(r"\bwithheld\b", text.replace("“withheld”", "")))


def expected(document: Document, publication: Publication) -> Read:
    tables, said = shown(document, publication), told(document, publication)
    cells = [printed(cell) for table in tables for row in table.rows for cell in row.cells]
    return Read(rows(tables), numbers(said), (cells + said).count("withheld"))


# -- the readers ----------------------------------------------------------------------------------------


def from_web(data: bytes) -> Read:
    root = web(data)
    body, main = root.all("body")[0], root.all("main")[0]
    around = numbers([main.words("svg", "table"), body.words("main", "nav")])
    around.subtract(DATE * 2)  # above, and in the footer
    found = Counter(tuple(row) for table in web_tables(main) for row in table[1:])
    return Read(found, +around, marks(main.words("svg") + " " + body.words("main", "nav")))


def from_word(data: bytes) -> Read:
    body = word(data)
    text = "\n".join(word_text(p) for p in body if p.tag == f"{W}p")
    tables = [row for table in word_tables(body, "Figures") for row in table[1:]]
    around = numbers([text])
    around.subtract(DATE)
    return Read(
        Counter(map(tuple, tables)),
        +around,
        marks("\n".join([text, *(one for row in tables for one in row[1:])])),
    )


def from_excel(data: bytes) -> Read:
    sheets = excel(data)
    contents, text, *tables = sheets.values()
    found: Counter[tuple[str, ...]] = Counter()
    for sheet in tables:
        assert not any(sheet[0][1:])
        labels = sheet[1].index("Cases")
        wide = sum(
            name not in ("few", "some", "most", "fewer than half", "half or more") for name in sheet[1]
        )
        for row in sheet[2:]:
            assert set(row[wide:]) <= {"", "●"}
            found[tuple(row[labels:wide])] += 1
    # A chapter's words stand over its sheet too, and in the contents.
    headings = {row[0] for row in contents} | {sheet[0][0] for sheet in tables}
    around = numbers([row[0] for row in text])
    around.update(numbers([row[0] for row in contents[: 1 + [row[0] for row in contents].index("Contents")]]))
    around.subtract(DATE)
    assert numbers(list(headings)).keys() <= around.keys() | set(DATE)
    _charts_hold_cells(data, sheets)
    said = [row[0] for row in text] + [c for row in contents[:5] for c in row]
    return Read(found, +around, marks("\n".join([*said, *(f for row in found.elements() for f in row[1:])])))


def _charts_hold_cells(data: bytes, sheets: dict[str, list[list[str]]]) -> None:
    """A chart's numbers are those of the cells that it names, and its words are the sheet's own."""
    for chart in excel_charts(data):
        for reference in [*chart.iter(f"{C}numRef"), *chart.iter(f"{C}strRef")]:
            formula = reference.findtext(f"{C}f", "")
            place = re.fullmatch(r"(.+)!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?", formula)
            assert place, formula
            name, column, first, _, last = place.groups()
            sheet = sheets[name.strip("'").replace("''", "'")]
            cells = [sheet[n - 1][_column(column)] for n in range(int(first), int(last or first) + 1)]
            cached = [point.findtext(f"{C}v", "") for point in reference.iter(f"{C}pt")]
            for value in cached:
                assert value in cells or any(_same(value, cell) for cell in cells), (value, cells)
        words = {"".join(p.itertext()) for p in chart.iter(f"{A}p")} - {""}
        every = {cell for sheet in sheets.values() for row in sheet for cell in row}
        assert words <= every, words - every


def _column(letters: str) -> int:
    return sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(letters))) - 1


def _same(cached: str, cell: str) -> bool:
    try:
        shares = cell.endswith("%")
        return float(cached) == pytest.approx(
            float(cell.rstrip("%").replace(",", "")) / (100 if shares else 1)
        )
    except ValueError:
        return False


def from_data(data: bytes) -> Read:
    read = json.loads(data)
    (made,) = read["documents"]
    tables = {table["key"]: table for table in read["tables"]}
    found: Counter[tuple[str, ...]] = Counter()
    for block in made["blocks"]:
        if key := block.get("table") or block.get("chart"):
            for row in tables[key]["rows"]:
                found[(row["label"], *map(_of_data, row["cells"]))] += 1
    texts = [made["title"], made["subtitle"], made["note"]]
    for block in made["blocks"]:
        texts += [
            block.get("heading", ""),
            block.get("paragraph", ""),
            block.get("says", ""),
            *block.get("list", ()),
        ]
    figures = [figure for row in found.elements() for figure in row[1:]]
    return Read(found, numbers(texts), marks("\n".join([*texts, *figures])))


def _of_data(cell: dict[str, object]) -> str:
    if cell.get("code") == "withheld":
        assert cell["value"] is None
        return "withheld"
    return (
        f"{cell['value']:,}"
        if cell["kind"] == "count"
        else str(cell["value"]) + "%" * (cell["kind"] == "percent")
    )


def check_paper(data: bytes, document: Document, publication: Publication, program: str) -> None:
    """A PDF's text flows, so it is compared as a whole: what it prints, less what it must print, is its charts."""
    text = paper(data, program)
    tables = shown(document, publication)
    cells = [printed(cell) for table in tables for row in table.rows for cell in row.cells]
    charts = [publication.table(b.table) for b in document.blocks if isinstance(b, ShowChart)]
    drawn = numbers([printed(cell) for table in charts for row in table.rows for cell in row.cells[1:]])
    rest = numbers([text])
    must = numbers([*cells, *told(document, publication), *DATE])
    assert must <= rest, must - rest
    assert rest - must <= drawn, rest - must - drawn
    hidden = sum(
        1
        for table in charts
        for row in table.rows
        if any(c.kind == "withheld" for c in (row.cells[1:] if table.rung == "band" else row.cells))
    )
    assert marks(text) == [*cells, *told(document, publication)].count("withheld") + hidden
    flat = re.sub(r"\s+", " ", text)
    for label, *figures in rows(tables):
        assert re.sub(r"\s+", "", label + "".join(figures)) in re.sub(r"\s", "", flat), label


def from_slides(data: bytes) -> Read:
    """Read slides: of a table that is drawn, the drawing's own words are left to `_drawn_of_published`."""
    found: Counter[tuple[str, ...]] = Counter()
    texts: list[str] = []
    for slide in slides(data):
        assert slide.get("show") != "0"
        shapes = slide.find(f"{P}cSld/{P}spTree")
        assert shapes is not None
        texts += [
            "".join(t.text or "" for t in p.iter(f"{A}t"))
            for s in shapes.iter(f"{P}sp")
            for p in s.iter(f"{A}p")
        ]
        for frame in shapes.iter(f"{P}graphicFrame"):
            named = frame.find(f"{P}nvGraphicFramePr/{P}cNvPr")
            assert named is not None
            assert named.get("descr")
            rows = [
                tuple("".join(t.text or "" for t in cell.iter(f"{A}t")) for cell in row.iter(f"{A}tc"))
                for row in frame.iter(f"{A}tr")
            ]
            if named.get("descr", "").endswith("The table that follows holds the same figures."):
                assert not numbers([cell for row in rows for cell in row[1:]])
            else:
                found.update(rows[1:])
    for name, body in parts(data).items():
        if name.endswith(".xlsx"):
            _carries_what_it_draws(body, data)
    note = "Where it says “withheld”"
    texts = [text for text in texts if not text.startswith(note) and not text.endswith("(continued)")]
    around = numbers(texts)
    around.subtract(DATE)
    return Read(found, +around, marks("\n".join([*texts, *(f for row in found.elements() for f in row[1:])])))


def _carries_what_it_draws(book: bytes, deck: bytes) -> None:
    """A chart's own workbook has one sheet, in which every cell is drawn by a chart of the deck."""
    (name,) = load_workbook(BytesIO(book)).sheetnames
    drawn: set[str] = set()
    for part, body in parts(deck).items():
        if re.fullmatch(r"ppt/charts/chart\d+\.xml", part):
            drawn |= {point.findtext(f"{C}v", "") for point in ElementTree.fromstring(body).iter(f"{C}pt")}
            drawn |= {v.text or "" for v in ElementTree.fromstring(body).iter(f"{C}v")}
    assert name == "Figures"
    for row in load_workbook(BytesIO(book))[name].iter_rows(values_only=True):
        for cell in row:
            assert cell is None or str(cell) in drawn or any(_same(one, str(cell)) for one in drawn), cell


def from_archive(data: bytes) -> Read:
    found: dict[tuple[str, str], list[str]] = {}
    files = archive(data)
    for name, (head, *lines) in files.items():
        if name.endswith(".csv") and not name.startswith("themes-"):
            assert head == [
                "table",
                "title",
                "row",
                "row label",
                "column",
                "column label",
                "kind",
                "value",
                "code",
            ]
            for line in lines:
                label, kind, value, code = re.sub(r"^'(?=[=+@-])", "", line[3]), *line[6:]
                assert bool(value) != bool(code)
                shown = f"{int(value):,}" if kind == "count" else value + "%" * (kind == "percent")
                found.setdefault((line[0], line[2]), [label]).append(code or shown)
    said = " ".join(" ".join(line) for line in files["read-me.txt"]).replace("code “withheld”", "")
    assert numbers([said]) == Counter(DATE)
    return Read(
        Counter(map(tuple, found.values())), Counter(), sum(row.count("withheld") for row in found.values())
    )


READERS = {
    "html": from_web, "docx": from_word, "xlsx": from_excel, "json": from_data, "pptx": from_slides,
    "csv": from_archive,
}  # fmt: skip


def write(name: str, document: Document, publication: Publication) -> bytes:
    final = page(document, publication, FACTS)
    if name == "json":
        return jsonfile.write((final,), publication, FACTS)
    if name == "csv":
        return csvfile.write(publication, FACTS)
    writers = {
        "html": html.write, "docx": docx.write, "xlsx": xlsx.write, "pdf": pdf.write, "pptx": pptx.write,
    }  # fmt: skip
    return writers[name](final)


def check(name: str, data: bytes, document: Document, publication: Publication, need: Need) -> None:
    if name == "pdf":
        check_paper(data, document, publication, need("pdftotext"))
    elif name == "csv":  # it is made of the tables alone, all of them, whichever a document shows
        every = list(publication.tables)
        cells = [printed(cell) for table in every for row in table.rows for cell in row.cells]
        assert READERS[name](data) == Read(rows(every), Counter(), cells.count("withheld"))
    else:
        assert READERS[name](data) == expected(document, publication)


# -- the same everywhere --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["html", "docx", "xlsx", "pdf", "json", "pptx", "csv"])
def test_every_format_says_what_was_published(name: str, need: Need) -> None:
    """If this fails, one format shows another figure than the publication's, one more, or no mark (PQCR-7)."""
    check(name, write(name, PLAN.documents[0], PUBLICATION), PLAN.documents[0], PUBLICATION, need)

    @settings(max_examples=20)
    @given(reports())
    def holds(drawn: tuple[Document, Publication]) -> None:
        check(name, write(name, *drawn), *drawn, need)

    holds()


def _spoil_package(part: str, old: str, new: str) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        made = BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as package:
            for name, body in parts(data).items():
                if name == part:
                    assert old.encode() in body, old
                    body = body.replace(old.encode(), new.encode(), 1)
                package.writestr(name, body)
        return made.getvalue()

    return spoil


def _spoil_text(old: str, new: str) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return spoil


_SHEET = "xl/worksheets/sheet3.xml"
OFFENDERS = {
    "html a number more": ("html", _spoil_text("<p>Teams:", "<p>Of 4 teams:")),
    "html another number": ("html", _spoil_text("<td>211</td>", "<td>212</td>")),
    "html no mark": ("html", _spoil_text('<em class="withheld">withheld</em>', "–")),
    "docx a number more": ("docx", _spoil_package("word/document.xml", "Teams: ", "Of 4 teams: ")),
    "docx another number": ("docx", _spoil_package("word/document.xml", ">1,230<", ">1,231<")),
    "docx no mark": ("docx", _spoil_package("word/document.xml", '"Withheld"/></w:rPr><w:t>withheld<',
                                            '"Withheld"/></w:rPr><w:t>0<')),
    "xlsx a number more": ("xlsx", _spoil_package("xl/sharedStrings.xml", "Teams: ", "Of 4 teams: ")),
    "xlsx another number": ("xlsx", _spoil_package(_SHEET, "<v>1230</v>", "<v>1231</v>")),
    "xlsx a cell more": ("xlsx", _spoil_package(_SHEET, "</row></sheetData>",
                                                '<c r="J4" s="1"><v>7</v></c></row></sheetData>')),
    "xlsx a hidden sheet": ("xlsx", _spoil_package("xl/workbook.xml", 'sheetId="3"',
                                                   'sheetId="3" state="hidden"')),
    "xlsx another number in a chart": ("xlsx", _spoil_package("xl/charts/chart1.xml", "<c:v>211</c:v>",
                                                              "<c:v>212</c:v>")),
    "xlsx no mark": ("xlsx", _spoil_package("xl/sharedStrings.xml", "<t>withheld</t>", "<t>-</t>")),
    "pptx a number more": ("pptx", _spoil_package("ppt/slides/slide2.xml", "Teams: ", "Of 4 teams: ")),
    "pptx another number": ("pptx", _spoil_package("ppt/slides/slide3.xml", ">1,230<", ">1,231<")),
    "pptx no mark": ("pptx", _spoil_package("ppt/slides/slide3.xml", ">withheld<", ">0<")),
    "csv another number": ("csv", _spoil_package("teaming--program.csv", "count,211", "count,212")),
    "csv a value where it is withheld": ("csv", _spoil_package("teaming--program.csv", "withheld,,withheld",
                                                               "count,3,")),
    "csv a number more": ("csv", _spoil_package("read-me.txt", "One file", "One file of 12")),
    "json a number more": ("json", _spoil_text('"Teams: ', '"Of 4 teams: ')),
    "json another number": ("json", _spoil_text('"value": 211', '"value": 212')),
    "json no mark": ("json", _spoil_text('"code": "withheld"', '"code": "other"')),
}  # fmt: skip


@pytest.mark.parametrize("offender", OFFENDERS)
def test_a_file_that_says_something_else_is_caught(offender: str, need: Need) -> None:
    """If this fails, the comparison above would pass a file with a wrong, added or unmasked figure."""
    name, spoil = OFFENDERS[offender]
    spoilt = spoil(write(name, PLAN.documents[0], PUBLICATION))
    with pytest.raises((AssertionError, KeyError, ValueError)):
        check(name, spoilt, PLAN.documents[0], PUBLICATION, need)


@pytest.mark.parametrize(
    "spoilt",
    [
        evolve(PLAN.documents[0], blocks=(*PLAN.documents[0].blocks, Paragraph((Given("Of 4 teams"),)))),
        evolve(PLAN.documents[0], blocks=PLAN.documents[0].blocks[:-4]),
        evolve(PLAN.documents[0], blocks=(*PLAN.documents[0].blocks, Paragraph(("One is withheld",)))),
    ],
)
def test_a_pdf_that_says_something_else_is_caught(spoilt: Document, need: Need) -> None:
    """If this fails, the comparison above would pass a PDF with a number more, a table less or another mark."""
    with pytest.raises(AssertionError):
        check("pdf", write("pdf", spoilt, PUBLICATION), PLAN.documents[0], PUBLICATION, need)


# -- no words are markup --------------------------------------------------------------------------------

_MARKUP = st.text("#[]$*_`\\/@<>=~{}()\"'.:;+- abcxyz&|^%", min_size=1, max_size=40).filter(str.strip)


def _flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_no_word_is_markup_to_the_typesetter(need: Need) -> None:
    """If this fails, a county's label runs as code where the PDF is made, or is lost from it."""
    program = need("pdftotext")
    fixed = ['#read("/etc/passwd")', "#sys.inputs.page", "$ x^2 $", "= A heading", "*bold* _it_ `raw`", "[a](b)",
             "// gone", "/* gone */", "<label> @label", "\\u{41}", "https://a.example", "#pagebreak()",
             "--- ... ~"]  # fmt: skip

    def holds(words: str) -> None:
        table = evolve(PUBLICATION.tables[0], title=words)
        publication = Publication("state", 1, (table,), (ThemeList("t", words, (Theme("a", words),)),))
        blocks = (Heading(1, (words,)), Paragraph((Given(words),)), Bullets(((words,),)),
                  ShowChart(table.key, words), ShowThemes("t"))  # fmt: skip
        final = page(document(*blocks, title=words), publication, evolve(FACTS, agency=words))
        assert _flat(paper(pdf.write(final), program)).count(_flat(words)) >= 9

    for words in fixed:
        holds(words)
    settings(max_examples=25)(given(_MARKUP)(holds))()


def test_no_word_is_a_formula_to_the_spreadsheet() -> None:
    """If this fails, a county's label is worked out as a formula where the workbook is opened."""
    for words in ("=1+1", "+1", "@SUM(A1)", "{=1}", "https://a.example", "mailto:a@b.example", "-"):
        table = evolve(PUBLICATION.tables[0], title=words)
        other = evolve(PUBLICATION.tables[2], title=words, columns=PUBLICATION.tables[0].columns[:2])
        publication = Publication("state", 1, (table, other))
        blocks = (
            Heading(1, (words,)),
            Paragraph((Given(words),)),
            ShowTable(table.key),
            ShowTable(other.key),
        )
        data = xlsx.write(page(document(*blocks, title=words), publication, evolve(FACTS, agency=words)))
        excel(data)  # fails where a cell holds anything but a text or a number
        assert b"<f>" not in b"".join(parts(data)[name] for name in parts(data) if "worksheets/sheet" in name)
        assert not [name for name, body in parts(data).items() if b'TargetMode="External"' in body]
