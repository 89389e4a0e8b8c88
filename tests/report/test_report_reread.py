"""`reviewcore verify PUBLICATION`: finished files are read again, and a number or a name too many is found in each."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from made_up_reports import FACTS, PLAN, PUBLICATION, reports
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from reviewcore.disclosure.publication import Publication
from reviewcore.errors import Refused
from reviewcore.report.plan import Document, ReportPlan
from reviewcore.report.stage import render
from reviewcore.rereading import reread

FILES = render(FACTS, PLAN, PUBLICATION)
NOBODY: Callable[[str], tuple[tuple[int, int], ...]] = lambda _: ()  # noqa: E731


def wrong(files: dict[str, bytes], **more: Any) -> tuple[str, ...]:
    return reread(files, more.get("truth"), more.get("find", NOBODY))[1]


def text(name: str, old: str, new: str) -> Callable[[], dict[str, bytes]]:
    def spoil() -> dict[str, bytes]:
        assert old.encode() in FILES[name], old
        return {**FILES, name: FILES[name].replace(old.encode(), new.encode(), 1)}

    return spoil


def part(name: str, part: str, old: str, new: str) -> Callable[[], dict[str, bytes]]:
    """Change one part of a package; "" adds it."""

    def spoil() -> dict[str, bytes]:
        return {**FILES, name: packed(FILES[name], part, old, new)}

    return spoil


def packed(data: bytes, part: str, old: str, new: str) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        names = before.namelist()
        for one in names:
            body = before.read(one)
            if one == part:
                assert old.encode() in body, old
                body = body.replace(old.encode(), new.encode(), 1)
            after.writestr(one, body)
        if part not in names:
            after.writestr(part, new)
    return made.getvalue()


def embedded(old: str, new: str) -> Callable[[], dict[str, bytes]]:
    """Change the workbook that a chart on a slide carries."""

    def spoil() -> dict[str, bytes]:
        made = BytesIO()
        with ZipFile(BytesIO(FILES["report.pptx"])) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
            for one in before.namelist():
                body = before.read(one)
                if one.endswith(".xlsx"):
                    body = packed(body, "xl/worksheets/sheet1.xml", old, new)
                after.writestr(one, body)
        return {**FILES, "report.pptx": made.getvalue()}

    return spoil


def paper(plant: Callable[[Any], object]) -> Callable[[], dict[str, bytes]]:
    def spoil() -> dict[str, bytes]:
        writer = PdfWriter(clone_from=BytesIO(FILES["report.pdf"]))
        plant(writer)
        made = BytesIO()
        writer.write(made)
        return {**FILES, "report.pdf": made.getvalue()}

    return spoil


def _alt(writer: Any) -> None:
    for one in writer._objects:
        if isinstance(one, dict) and "/Alt" in one:
            one[NameObject("/Alt")] = TextStringObject(f"{one['/Alt']} 4 of them.")
            return
    raise AssertionError("there is nothing that is read out")


def _comment(writer: Any) -> None:
    note = {"/Type": "/Annot", "/Subtype": "/Text", "/Rect": [0, 0, 9, 9], "/Contents": "There were 4"}
    writer.add_annotation(0, note)


def _page(writer: Any) -> None:
    other = render(FACTS, PLAN, PUBLICATION, ("pdf",))["report.pdf"]
    writer.append(BytesIO(other), pages=(0, 1))


def _xmp(writer: Any) -> None:
    stream = writer.root_object["/Metadata"].get_object()
    stream.set_data(stream.get_data().replace(b"What the review found", b"What 4 found"))


SHEET = "xl/worksheets/sheet3.xml"
OFFENDERS: dict[str, Callable[[], dict[str, bytes]]] = {
    "html text": text("report.html", "<p>Teams:", "<p>Of 4 teams:"),
    "html a published number in other words": text("report.html", "<p>Teams:", "<p>Of 18 teams:"),
    "html another number": text("report.html", "<td>211</td>", "<td>212</td>"),
    "html a row of others' figures": text("report.html", "<td>211</td>", "<td>1,019</td>"),
    "html no mark": text("report.html", '<td><em class="withheld">withheld</em></td>', "<td>3</td>"),
    "html chart label": text("report.html", "</text></svg>", "</text><text>7</text></svg>"),
    "html alternative text": text("report.html", "How teams were used</title>", "How 4 teams were used</title>"),
    "html attribute": text("report.html", "<p>Teams:", '<p data-n="4">Teams:'),
    "html comment": text("report.html", "<p>Teams:", "<!-- 4 --><p>Teams:"),
    "html property": text("report.html", 'name="author"', 'name="keywords" content="4"><meta name="author"'),
    "html style": text("report.html", "<style>", "<style>p::after{content:'4'}"),
    "html script": text("report.html", "</main>", "<script>1</script></main>"),
    "docx text": part("report.docx", "word/document.xml", "Teams: ", "Of 4 teams: "),
    "docx another number": part("report.docx", "word/document.xml", ">1,230<", ">1,231<"),
    "docx alternative text": part("report.docx", "word/document.xml", 'descr="', 'descr="4: '),
    "docx property": part("report.docx", "docProps/core.xml", "What the review found", "What 4 found"),
    "docx date": part("report.docx", "docProps/core.xml", "2027-04-30", "2027-05-04"),
    "docx hidden text": part("report.docx", "word/document.xml", "<w:body>",
                             "<w:body><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>four</w:t></w:r></w:p>"),
    "docx comments": part("report.docx", "word/comments.xml", "", "<c>4</c>"),
    "docx a comment in its code": part("report.docx", "word/document.xml", "<w:body>", "<w:body><!-- 4 -->"),
    "docx footer": part("report.docx", "word/footer1.xml", "Page ", "4 Page "),
    "xlsx text": part("report.xlsx", "xl/sharedStrings.xml", "Teams: ", "Of 4 teams: "),
    "xlsx another number": part("report.xlsx", SHEET, "<v>1230</v>", "<v>1231</v>"),
    "xlsx a cell more": part("report.xlsx", SHEET, "</row></sheetData>", '<c r="J4"><v>7</v></c></row></sheetData>'),
    "xlsx a hidden sheet": part("report.xlsx", "xl/workbook.xml", 'sheetId="3"', 'sheetId="3" state="hidden"'),
    "xlsx a hidden row": part("report.xlsx", SHEET, '<row r="3"', '<row r="3" hidden="1"'),
    "xlsx a hidden column": part("report.xlsx", SHEET, "<col ", '<col hidden="1" '),
    "xlsx a formula": part("report.xlsx", SHEET, "<v>1230</v>", "<f>1000+230</f><v>1230</v>"),
    "xlsx a number that a chart keeps": part("report.xlsx", "xl/charts/chart1.xml", "<c:v>211</c:v>", "<c:v>212</c:v>"),
    "xlsx a label of a chart": part("report.xlsx", "xl/charts/chart1.xml", "<a:t>Use of teams", "<a:t>4 teams"),
    "xlsx alternative text": part("report.xlsx", "xl/drawings/drawing1.xml", 'descr="', 'descr="4: '),
    "xlsx comments": part("report.xlsx", "xl/comments1.xml", "", "<c>4</c>"),
    "xlsx property": part("report.xlsx", "docProps/app.xml", "<Company>", "<Company>4"),
    "xlsx properties of its own": part("report.xlsx", "docProps/custom.xml", "", "<p>4</p>"),
    "pptx text": part("report.pptx", "ppt/slides/slide2.xml", "Teams: ", "Of 4 teams: "),
    "pptx another number": part("report.pptx", "ppt/slides/slide3.xml", ">1,230<", ">1,231<"),
    "pptx no mark": part("report.pptx", "ppt/slides/slide3.xml", ">withheld<", ">3<"),
    "pptx a number that a chart keeps": part("report.pptx", "ppt/charts/chart1.xml", "<c:v>211", "<c:v>212"),
    "pptx a name that a chart keeps": part("report.pptx", "ppt/charts/chart1.xml", "Juvenile probation", "Juvenile 4"),
    "pptx the workbook within": embedded("<v>211</v>", "<v>212</v>"),
    "pptx a hidden row within": embedded('<row r="2"', '<row r="2" hidden="1"'),
    "pptx alternative text": part("report.pptx", "ppt/slides/slide3.xml", 'descr="', 'descr="4: '),
    "pptx a hidden slide": part("report.pptx", "ppt/slides/slide2.xml", "<p:sld ", '<p:sld show="0" '),
    "pptx notes": part("report.pptx", "ppt/notesSlides/notesSlide1.xml", "", "<n>4</n>"),
    "pptx comments": part("report.pptx", "ppt/comments/comment1.xml", "", "<n>4</n>"),
    "pptx property": part("report.pptx", "docProps/core.xml", "What the review found", "What 4 found"),
    "csv another number": part("report.csv.zip", "teaming--program.csv", "count,211", "count,212"),
    "csv a value where it is withheld": part("report.csv.zip", "teaming--program.csv", "withheld,,withheld",
                                             "count,3,"),
    "csv a line less": part("report.csv.zip", "seen.csv", "percent,65,\r\n", "percent,65,\r\nx,y,z\r\n"),
    "csv a file more": part("report.csv.zip", "more-4.txt", "", "four"),
    "csv its words": part("report.csv.zip", "read-me.txt", "One file", "One of 12 files"),
    "pdf page": paper(_page),
    "pdf alternative text": paper(_alt),
    "pdf comment": paper(_comment),
    "pdf bookmark": paper(lambda w: w.add_outline_item(title="4 cases", page_number=0)),
    "pdf property": paper(lambda w: w.add_metadata({"/Subject": "4 cases"})),
    "pdf metadata": paper(_xmp),
    "pdf attachment": paper(lambda w: w.add_attachment("more.csv", b"4")),
    "a file more": lambda: {**FILES, "notes.txt": b"4"},
    "a document more": lambda: {**FILES, "other.html": FILES["report.html"]},
}  # fmt: skip


def test_finished_files_hold_what_was_published_and_say_so() -> None:
    """If this fails, a sound publication is doubted, or nobody learns what was looked at."""
    looked, found = reread(FILES, None, NOBODY)
    assert found == ()
    assert [line.partition(":")[0] for line in looked] == [*sorted(FILES), "names"]
    assert "what is read out for pictures" in " ".join(looked)


@pytest.mark.parametrize("offender", OFFENDERS)
def test_a_number_too_many_is_found_wherever_it_stands(offender: str) -> None:
    """If this fails, a number that was not published goes out where few look (PQCR-7)."""
    spoilt = OFFENDERS[offender]()
    changed = {name for name, data in spoilt.items() if FILES.get(name) != data}
    assert changed
    told = wrong({name: spoilt[name] for name in (*changed, "report.json")})
    assert told
    assert all(line.partition(":")[0] in changed for line in told)


def test_pdfs_that_were_only_saved_again_pass() -> None:
    """If this fails, the offenders among PDFs are found by how they were saved, and not by what they say."""
    assert wrong(paper(lambda _: None)()) == ()


@settings(max_examples=8)
@given(reports())
def test_no_sound_publication_is_doubted(drawn: tuple[Document, Publication]) -> None:
    """If this fails, verifying cries wolf, and is left off."""
    files = render(FACTS, ReportPlan((drawn[0],)), drawn[1])
    assert wrong(files) == ()


def test_the_reviews_own_record_comes_before_the_file_of_data() -> None:
    """If this fails, whoever changes all files alike, the file of data too, is believed."""
    truth = json.loads(FILES["report.json"])
    other = FILES["report.json"].replace(b"211", b"212")
    assert wrong({"report.json": FILES["report.json"]}, truth=truth) == ()
    assert "own record" in wrong({"report.json": other}, truth=truth)[0]
    spoilt = text("report.html", "<td>211</td>", "<td>212</td>")()
    assert wrong({**spoilt, "report.json": other}, truth=truth)


def test_names_are_looked_for_where_the_vault_is_at_hand() -> None:
    """If this fails, a publication is called clean of names that nobody looked for."""
    looked, _ = reread(FILES, None, None)
    assert "not looked for" in looked[-1]

    def find(said: str) -> tuple[tuple[int, int], ...]:
        return ((0, 1),) if "Child welfare" in said else ()

    told = wrong(FILES, find=find)
    assert {line.partition(":")[0] for line in told} == set(FILES)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"{", b'{"tables": 3}', b"\xff"])
def test_a_file_of_data_that_is_none_is_refused(data: bytes) -> None:
    """If this fails, a damaged file of data stops with a traceback, or everything passes against it."""
    with pytest.raises(Refused):
        reread({**FILES, "report.json": data}, None, None)
    with pytest.raises(Refused):
        reread({"report.html": FILES["report.html"]}, None, None)


@pytest.mark.parametrize("name", sorted(set(FILES) - {"report.json"}))
def test_a_file_that_was_cut_short_is_told(name: str) -> None:
    """If this fails, a damaged file passes, or verifying stops with a traceback."""
    cut = {name: FILES[name][: len(FILES[name]) // 2], "report.json": FILES["report.json"]}
    assert "cut short" in wrong(cut)[0] or name == "report.html"
