"""What the demos' documents look like: nothing left over, nothing cut off, nothing empty, as many pages as meant."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from tests.pictures import documents as look

Need = Callable[..., str]
MOST = {".docx": 3, ".xlsx": 40, ".pdf": 60}
GUIDE = 6
"""So many pages a letter, a workbook, a report and a session guide have at most; a publication's Word file as
many as its PDF."""


@pytest.fixture(scope="module", params=look.types())
def review(request: pytest.FixtureRequest, demo: Callable[[str], Path]) -> Path:
    """Return the folder of a demo's finished review."""
    return demo(request.param) / "review"


@pytest.mark.slow
def test_the_documents_are_finished(review: Path, need: Need) -> None:
    """If this fails, somebody is handed a letter with a blank in it, or a report with an empty chart or cut cells."""
    need("pdftotext")
    paths = look.documents(review)
    assert {path.suffix for path in paths} >= {".html", ".pdf", ".docx", ".xlsx", ".eml"}
    wrong = {}
    for path in paths:
        found = [*look.leftovers(path), *look.empty_charts(path)]
        found += look.cut_cells(path) if path.suffix == ".xlsx" else []
        found += look.off_the_page(path) if path.suffix == ".pdf" else []
        if found:
            wrong[look.kind(path, review)] = found
    assert wrong == {}


@pytest.mark.slow
def test_the_documents_fit_their_pages(review: Path, need: Need, tmp_path: Path) -> None:
    """If this fails, a printed letter, tool or report loses words at the edge, or ends on pages that nobody meant."""
    need("soffice")
    need("pdfinfo")
    papers = look.one_of_each(review)
    office = look.as_pdf([path for path in papers.values() if path.suffix in (".docx", ".xlsx")], tmp_path)
    for name, path in papers.items():
        if made := office.get(path, path if path.suffix == ".pdf" else None):
            most = MOST[".pdf"] if name.startswith("publications") else MOST[path.suffix]
            most = GUIDE if name.startswith("papers/guides") else most
            assert 1 <= look.pages(made) <= most, name
            assert look.off_the_page(made) == [], name
            assert look.leftovers(made) == [], name


SLIDES = {"qsr": {"report": (8, 75), "summary": (6, 12)}, "caseload": {"report": (11, 19)}}
"""How few and how many slides the decks of the demos have: where nearly nothing can be told, and where all is."""


@pytest.mark.slow
def test_the_slides_can_be_shown(review: Path, need: Need, tmp_path: Path) -> None:
    """If this fails, a meeting is shown slides with words upon words, off the edge, or nothing but a title."""
    need("loimpress")
    need("pdftotext")
    decks = [path for path in look.documents(review) if path.suffix == ".pptx"]
    meant = SLIDES.get(review.parent.name.removeprefix("demo-"), {})
    assert {path.stem for path in decks} == set(meant)
    for path, made in look.as_pdf(decks, tmp_path).items():
        least, most = meant[path.stem]
        assert least <= look.pages(made) == look.shown_slides(path) <= most, path
        assert look.off_the_page(made) == look.overlaps(made) == look.leftovers(made) == [], path
        words = [" ".join(word for *_, word in page) for page in look.words(made)]
        assert all(len(one.split()) > 5 for one in words), path


_CUT = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const [, , w, h] = svg.getAttribute('viewBox').split(' ').map(Number);
  return [...svg.querySelectorAll('text')].filter(text => {
    const b = text.getBBox();
    return b.x < 0 || b.y < 0 || b.x + b.width > w || b.y + b.height > h;
  }).map(text => text.textContent);
})"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        from tests.conftest import absent

        absent("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.slow
def test_no_text_of_a_published_chart_is_cut(review: Path, chromium: Any) -> None:
    """If this fails, a label or a figure of a published chart cannot be read whole."""
    page = chromium.new_page()
    for path in look.documents(review):
        if path.suffix == ".html" and "publications" in path.parts:
            page.goto(path.as_uri())
            assert page.evaluate(_CUT) == [], path.name
    page.set_content("<svg viewBox='0 0 20 20'><text x='9' y='15'>far too long</text></svg>")
    assert page.evaluate(_CUT) == ["far too long"]


# -- the looks themselves --------------------------------------------------------------------------------


def test_what_is_left_over_would_be_found(tmp_path: Path) -> None:
    """If this fails, the tests above would pass a letter that greets {{ name }}, or None."""
    path = tmp_path / "letter.eml"
    for words in (
        "Dear {{ name }}",
        "Dear None,",
        "on nan of May",
        "{% if x %}",
        "room ____",
        "ask Kim ((555) 555-0100)",
    ):
        path.write_text(f"Subject: Hello\nContent-Type: text/plain\n\n{words}\n")
        assert look.leftovers(path), words
    path.write_text(
        "Subject: Hello\nContent-Type: text/plain\n\nDear Nan, None other than you.\n".replace("None", "No")
    )
    assert look.leftovers(path) == []


def _workbook(path: Path, high: float, *, wrap: bool, values: tuple[object, ...]) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet("Sheet")
        sheet.set_column(0, 0, 10)
        sheet.set_row(0, high)
        sheet.write_string(
            0, 0, "Words that are far too long for this cell of ours", book.add_format({"text_wrap": wrap})
        )
        sheet.write_string(0, 1, "beside")
        sheet.write_row(2, 0, values)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": ["Sheet", 2, 0, 2, 2]})
        sheet.insert_chart(5, 0, chart)
    return path


def test_cut_cells_and_empty_charts_would_be_found(tmp_path: Path) -> None:
    """If this fails, the tests above would pass a workbook that cannot be read, or a chart of nothing."""
    assert look.cut_cells(_workbook(tmp_path / "a.xlsx", 15, wrap=False, values=(1, 2, 3)))
    assert look.cut_cells(_workbook(tmp_path / "b.xlsx", 20, wrap=True, values=(1, 2, 3)))
    whole = _workbook(tmp_path / "c.xlsx", 90, wrap=True, values=(1, 2, 3))
    assert look.cut_cells(whole) == look.empty_charts(whole) == []
    assert look.empty_charts(_workbook(tmp_path / "d.xlsx", 90, wrap=True, values=("-", "-", "-")))
    page = tmp_path / "page.html"
    page.write_text('<svg><rect class="track" x="1"/></svg>')
    assert look.empty_charts(page)


def test_words_over_the_edge_would_be_found(tmp_path: Path, need: Need) -> None:
    """If this fails, the tests above would pass a PDF that loses the ends of its lines."""
    import typst

    need("pdftotext")
    (tmp_path / "a.pdf").write_bytes(
        typst.compile(b"#place(dx: 480pt)[Wholly_out_of_the_page]", ignore_system_fonts=True)
    )
    assert look.off_the_page(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(typst.compile(b"Within the page", ignore_system_fonts=True))
    assert look.off_the_page(tmp_path / "b.pdf") == look.overlaps(tmp_path / "b.pdf") == []
    (tmp_path / "c.pdf").write_bytes(
        typst.compile(b"#place(dy: 3pt)[Upon others] Within the page", ignore_system_fonts=True)
    )
    assert look.overlaps(tmp_path / "c.pdf")


def test_a_chart_of_nothing_on_a_slide_would_be_found(tmp_path: Path) -> None:
    """If this fails, the tests above would pass a slide with an empty chart."""
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    for number, values in enumerate(((None, None), (3, 4))):
        deck = Presentation()
        data = CategoryChartData()
        data.categories = ["one", "two"]
        data.add_series("cases", values)
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, 0, 0, 5_000_000, 3_000_000, data)
        deck.save(tmp_path / f"{number}.pptx")
        assert bool(look.empty_charts(tmp_path / f"{number}.pptx")) == (number == 0)
        assert look.shown_slides(tmp_path / f"{number}.pptx") == 1
