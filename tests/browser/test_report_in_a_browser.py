"""The demo's report as people open it: in a browser, and in a word processor."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
Need = Callable[..., str]


@pytest.fixture(scope="module")
def alder(demo: Callable[[str], Path]) -> Path:
    """Return the folder of the demo's finished review."""
    return demo("pqcr") / "review"


@pytest.fixture
def browser(need: Need) -> Iterator[Any]:
    """Return a browser that is told nothing of the network."""
    path = need("chromium", "chromium-browser", "google-chrome")
    if find_spec("playwright") is None:
        absent("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def absent(what: str) -> None:
    """Skip for want of `what`, or fail where everything is required."""
    import os

    if os.environ.get("REVIEWCORE_REQUIRE") == "all":
        pytest.fail(f"{what} is required here, and is not there")
    pytest.skip(f"{what} is not on this machine")


def title(path: Path) -> str:
    """Return the title of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", path.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", found[1])).split())


@pytest.mark.slow
@pytest.mark.parametrize("page_of", ["agency/1/report.html", "agency/1/summary.html", "state/1/report.html"])
def test_the_page_opens_alone_and_for_everybody(alder: Path, browser: Any, page_of: str) -> None:
    """If this fails, a reader's browser calls out to somebody, or a blind reader cannot use the report."""
    path = alder / "publications" / page_of
    asked, said = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    assert said == []
    assert [url for url in asked if url != path.as_uri() and not url.startswith("data:")] == []
    assert page.title().strip()
    assert page.locator("h1").count() == 1
    for width in (320, 1280):  # a telephone held upright, a desk
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
    if not AXE.is_file():
        absent("axe-core (npm install --no-save axe-core@4)")
    assert violations(browser, path.read_text(encoding="utf-8")) == []


def violations(browser: Any, content: str) -> list[str]:
    """Return what axe-core finds wrong with a page, by WCAG 2 at levels A and AA."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.set_content(content)
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
    context.close()
    assert found["passes"]
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.slow
def test_a_page_that_shuts_out_would_be_found(browser: Any) -> None:
    """If this fails, the test above would pass for any page."""
    if not AXE.is_file():
        absent("axe-core (npm install --no-save axe-core@4)")
    found = violations(
        browser,
        "<html><body><img src='data:,'><p style='color:#ccc;background:#fff'>Pale words</p></body></html>",
    )
    assert {one.partition(":")[0] for one in found} >= {"image-alt", "html-has-lang", "color-contrast"}


@pytest.mark.slow
def test_the_documents_open_in_a_word_processor(alder: Path, need: Need, tmp_path: Path) -> None:
    """If this fails, the state, the union or a review team cannot open or print what they are handed."""
    office, reader = need("soffice", "libreoffice"), need("pdftotext")
    token = next((alder / "papers/sessions").glob("*.xlsx"))
    letter = next((alder / "papers/letters/to-send").glob("*-union.docx"))
    report = alder / "publications/agency/1/report.docx"
    wanted = {
        report: title(report.with_suffix(".html")),
        token: f"Session {token.stem}",
        letter: "Peer Quality Case Review",
    }
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), *map(str, wanted)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for path, words in wanted.items():
        made = (tmp_path / path.name).with_suffix(".pdf")
        text = subprocess.run([reader, str(made), "-"], check=True, capture_output=True, timeout=60).stdout
        assert words.casefold() in " ".join(text.decode().split()).casefold(), path.name
