"""The PDF can be used by everybody, holds nothing of the machine, and is the same wherever it is made."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from made_up_reports import FACTS, PLAN, PUBLICATION, count, document
from pypdf import PdfReader

from reviewcore.disclosure.publication import Column, Table, TableRow
from reviewcore.errors import Refused
from reviewcore.report import pdf
from reviewcore.report.plan import Given, Heading, Paragraph, ShowChart, ShowTable
from reviewcore.report.resolve import page

FIRST = page(PLAN.documents[0], PUBLICATION, FACTS)
Need = Callable[..., str]


def _said(program: str, data: bytes, *options: str) -> str:
    done = subprocess.run([program, *options, "-", *(["-"] if "pdftotext" in program else [])], input=data,
                          capture_output=True, check=True, timeout=60)  # fmt: skip
    return done.stdout.decode()


def _tree(program: str, data: bytes) -> list[str]:
    """Return the names of the structure's elements, in order."""
    lines = _said(program, data, "-struct").splitlines()
    return [line.split()[0] for line in lines if re.match(r"\s*[A-Z]\w*\b", line)]


def test_it_says_by_which_standards_it_is_made() -> None:
    """If this fails, an archive or a screen reader does not know that it can rely on the file (PDF/UA-1, PDF/A-2a)."""
    reader = PdfReader(BytesIO(pdf.write(FIRST)))
    root = reader.trailer["/Root"]
    about = root["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert root["/Lang"] == "en-US"  # type: ignore[index]
    assert (
        PdfReader(
            BytesIO(pdf.write(page(evolve(PLAN.documents[0], language="es"), PUBLICATION, FACTS)))
        ).trailer["/Root"]["/Lang"]
        == "es-US"
    )  # type: ignore[index]
    assert not {"/AcroForm", "/OpenAction", "/AA", "/Names"} & set(root) or "/JavaScript" not in str(root)
    assert [one.title for one in reader.outline if not isinstance(one, list)] == [
        "What was found", "Visits", "What was heard",
    ]  # fmt: skip


def test_its_structure_can_be_read_out(need: Need) -> None:
    """If this fails, a screen reader meets headings out of order, tables without headers, or mute pictures."""
    program = need("pdfinfo")
    data = pdf.write(FIRST)
    names = _tree(program, data)
    heads = [name for name in names if re.fullmatch(r"H\d", name)]
    assert heads == ["H1", "H1", "H2", "H2", "H1", "H1"]  # the contents' own first
    assert names.count("Table") == names.count("THead") == 3
    assert names.count("TH") == 4 + 3 + 3
    assert names.count("L") >= 2
    reader = PdfReader(BytesIO(data))
    every = [reader.get_object(number) for found in reader.xref.values() for number in found]
    figures = [one for one in every if isinstance(one, dict) and one.get("/S") == "/Figure"]
    assert [one["/Alt"].partition(".")[0] for one in figures] == [
        "How teams were used",
        "Where voices were heard",
    ]
    assert figures[1]["/Alt"].endswith(
        ". North: most; South: fewer than half; West: withheld. The table that follows holds the same figures."
    )
    assert (
        _said(need("pdffonts"), data).count(" yes yes yes ")
        == len(_said(need("pdffonts"), data).splitlines()) - 2
    )


def test_its_properties_hold_the_record_and_nothing_else() -> None:
    """If this fails, the file says which machine or person made it, and when."""
    found = dict(PdfReader(BytesIO(pdf.write(FIRST))).metadata or {})
    assert re.fullmatch(r"Typst [\d.]+", found.pop("/Creator"))
    assert found == {
        "/Title": "What the review found",
        "/Author": FACTS.agency,
        "/CreationDate": "D:20270430000000Z",
        "/ModDate": "D:20270430000000Z",
    }


def test_it_is_the_same_in_a_fork_and_in_another_time_zone(tmp_path: Path) -> None:
    """If this fails, a server that forks hangs, or a publication made again elsewhere differs."""
    data = pdf.write(FIRST)
    if hasattr(os, "fork"):
        child = os.fork()
        if child == 0:
            (tmp_path / "fork").write_bytes(pdf.write(FIRST))
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert (tmp_path / "fork").read_bytes() == data
    code = "import sys; from test_report_pdf import FIRST, pdf; sys.stdout.buffer.write(pdf.write(FIRST))"
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONPATH": path, "PYTHONHASHSEED": "7"},
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout == data


def test_what_the_font_cannot_show_is_told_and_not_left_out() -> None:
    """If this fails, a name in another script is printed as empty boxes, or ends in a traceback."""
    made = page(document(Heading(1, ("Words",)), Paragraph((Given("漢字"),))), PUBLICATION, FACTS)
    with pytest.raises(Refused, match=r"a PDF could not be set.*could not be displayed.*leave 'pdf' out"):
        pdf.write(made)


def test_nothing_runs_off_its_pages(need: Need) -> None:
    """If this fails, long words, wide tables or tall charts lose their ends at the edge of the paper."""
    long = "Wholly Wondrous " + "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
    table = Table(
        "codes", f"Safety {long}", "codes",
        (Column("rated", "Rated"), *(Column(f"c-{n}", f"{name} {long[: n * 12]}") for n, name in enumerate("ABCDEF"))),
        tuple(TableRow(f"r-{n}", long[: 30 + n * 9], (count(1200), *map(count, [200] * 6))) for n in range(30)),
    )  # fmt: skip
    blocks = (Heading(1, (long,)), Paragraph((long,)), ShowChart("codes", long), ShowTable("codes"))
    made = page(
        document(*blocks, title=long), evolve(PUBLICATION, tables=(table,)), evolve(FACTS, agency=long)
    )
    boxes = _words(need("pdftotext"), pdf.write(made))
    assert len(boxes) > 500
    assert [
        box for box in boxes if box[0] < 50 or box[2] > 612 - 50 or box[1] < 10 or box[3] > 792 - 10
    ] == []


def _words(program: str, data: bytes) -> list[tuple[float, ...]]:
    found = re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)"', _said(program, data, "-bbox"))
    return [tuple(map(float, box)) for box in found]


@pytest.mark.parametrize("heads", [1, 3])
def test_a_long_document_begins_with_its_contents(need: Need, heads: int) -> None:
    """If this fails, a reader of many chapters has to search for the one that they need."""
    blocks: list[Any] = []
    for number in range(heads):
        blocks += [Heading(1, (f"Chapter {'ABC'[number]}",)), Paragraph(("Words.",))]
    text = _said(need("pdftotext"), pdf.write(page(document(*blocks), PUBLICATION, FACTS)))
    assert ("Contents" in text) == (heads > 2)
    assert text.count("Chapter A") == (2 if heads > 2 else 1)
