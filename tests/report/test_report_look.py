"""The documents as a browser and a word processor show them: nothing cut off, nothing fetched, nothing lost."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from made_up_reports import FACTS, PLAN, PUBLICATION, count, document
from report_readers import NUMBER

from reviewcore.disclosure.publication import Column, Table, TableRow
from reviewcore.report import docx, html
from reviewcore.report.plan import Heading, Paragraph, ShowChart
from reviewcore.report.resolve import page

_WIDE = "Wholly Wondrous MMMMMMMM WWWWWWWW mmmmmmmm " * 3
CODES = Table(
    "codes",
    "Safety",
    "codes",
    (Column("rated", "Rated"), *(Column(f"c-{n}", f"{name} {_WIDE[: n * 12]}") for n, name in enumerate("ABCDEF"))),
    tuple(TableRow(f"r-{n}", _WIDE[: 30 + n * 40], (count(1200), *(count(200) for _ in "ABCDEF"))) for n in range(3)),
)  # fmt: skip
WIDE = document(ShowChart("codes", "How safety was rated"), ShowChart("voice", "Voices"))


@pytest.fixture
def browser_page(need: Callable[[str], str]) -> Iterator[Any]:
    """Open Debian's chromium on an empty page."""
    chromium = need("chromium")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium, args=quiet)
        yield browser.new_page()
        browser.close()


_CUT = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const [, , w, h] = svg.getAttribute('viewBox').split(' ').map(Number), wrong = [];
  const out = b => b.x < 0 || b.y < 0 || b.x + b.width > w || b.y + b.height > h;
  const texts = [...svg.querySelectorAll('text')];
  texts.forEach((t, n) => {
    const b = t.getBBox();
    if (out(b)) wrong.push('cut: ' + t.textContent);
    const p = t.previousElementSibling;
    if (p && p.getAttribute('rx')) {
      const q = p.getBBox();
      if (b.x < q.x || b.x + b.width > q.x + q.width) wrong.push('wider than its plate: ' + t.textContent);
    }
    texts.slice(n + 1).forEach(o => {
      const c = o.getBBox();
      if (b.x < c.x + c.width && c.x < b.x + b.width && b.y + 4 < c.y + c.height && c.y + 4 < b.y + b.height)
        wrong.push('over another: ' + t.textContent + ' | ' + o.textContent);
    });
  });
  return wrong;
})"""


def test_no_text_of_a_chart_is_cut(browser_page: Any, tmp_path: Path) -> None:
    """If this fails, a label or a figure of a chart cannot be read whole."""
    made = html.write(page(WIDE, evolve(PUBLICATION, tables=(*PUBLICATION.tables, CODES)), FACTS))
    (tmp_path / "page.html").write_bytes(made)
    browser_page.goto(f"file://{tmp_path}/page.html")
    assert browser_page.evaluate("document.querySelectorAll('svg text').length") > 20
    assert browser_page.evaluate(_CUT) == []
    shrunk = made.replace(b'font-size="15"', b'font-size="24"')  # the measure itself notices
    (tmp_path / "page.html").write_bytes(shrunk)
    browser_page.reload()
    assert browser_page.evaluate(_CUT)


def test_the_page_stands_alone_on_every_screen(browser_page: Any, tmp_path: Path) -> None:
    """If this fails, the page fetches something, breaks its own policy, or runs off a phone's screen."""
    asked: list[str] = []
    said: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.on("console", lambda message: said.append(message.text))
    (tmp_path / "page.html").write_bytes(html.write(page(PLAN.documents[0], PUBLICATION, FACTS)))
    browser_page.goto(f"file://{tmp_path}/page.html")
    assert asked == [f"file://{tmp_path}/page.html"]
    assert said == []
    assert browser_page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "40px"
    for width in (320, 700, 1400):
        browser_page.set_viewport_size({"width": width, "height": 800})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_printed_pages_lose_nothing(browser_page: Any, tmp_path: Path) -> None:
    """If this fails, a table or chart runs off the paper when the page is printed."""
    publication = evolve(PUBLICATION, tables=(*PUBLICATION.tables, CODES))
    (tmp_path / "page.html").write_bytes(html.write(page(WIDE, publication, FACTS)))
    browser_page.goto(f"file://{tmp_path}/page.html")
    browser_page.emulate_media(media="print")
    browser_page.set_viewport_size({"width": 643, "height": 900})  # letter less margins
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 643


def test_a_word_processor_shows_everything(need: Callable[[str], str], tmp_path: Path) -> None:
    """If this fails, a word processor cannot open the file, or shows other figures than were published."""
    office, read = need("soffice"), need("pdftotext")
    plain = document(Heading(1, ("Words",)), Paragraph(("One.",)), *PLAN.documents[0].blocks)
    (tmp_path / "report.docx").write_bytes(docx.write(page(plain, PUBLICATION, FACTS)))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    subprocess.run([office, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "report.docx"],
                   check=True, capture_output=True, timeout=120)  # fmt: skip
    shown = subprocess.run([read, "-layout", tmp_path / "report.pdf", "-"], check=True, capture_output=True)
    text = shown.stdout.decode()
    assert "What the review found" in text
    assert "1,230" in text
    assert "Page 1" in text
    assert text.count("withheld") >= 6
    cells = {"1,230", "1,019", "211", "18", "20", "12", "40", "65%"}
    rest = set(NUMBER.findall(text.replace("April 30, 2027", ""))) - cells
    assert rest <= {"2027", "1", "2", "3"}  # a Given, and the pages' numbers
