"""The documentation as people open it: at a desk, on a telephone, without a mouse, and on paper."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_report_in_a_browser import AXE, absent, browser

ROOT = Path(__file__).parents[2]
__all__ = ["browser"]  # the fixture

LOOK = "levels => axe.run({preload: false, runOnly: {type: 'tag', values: levels}})"
LOOKED_AT = (
    "index.html", "who-sees-what-you-say.html", "promises.html", "tutorial-county.html", "reference/commands.html",
)  # fmt: skip
"""A page of each kind; all are built by the same templates."""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documentation; a link that leads nowhere fails it."""
    if find_spec("sphinx") is None:
        absent("sphinx")
    into = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        "-d",
        str(into / "trees"),
    ]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(into / "html")], capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return into / "html"


@pytest.mark.slow
def test_every_page_can_be_read_by_everybody(site: Path, browser: Any) -> None:
    """If this fails, a page cannot be used with a keyboard or a screen reader, or not on a telephone."""
    if not AXE.is_file():
        absent("axe-core (npm install --no-save axe-core@4)")
    found: list[str] = []
    page = browser.new_context(viewport={"width": 375, "height": 900}, bypass_csp=True).new_page()
    page.on("request", lambda asked: asked.url.startswith("file:") or found.append(asked.url))
    page.on("pageerror", lambda error: found.append(str(error)))
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    for path in pages:
        name = str(path.relative_to(site))
        page.goto(path.as_uri())
        for width in (1280, 375):  # a desk, a telephone held upright
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{name}: wider than {width}")
        if name in LOOKED_AT:
            page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
            told = page.evaluate(LOOK, LEVELS)
            found += [f"{name}: {one['id']}: {one['nodes'][0]['html'][:80]}" for one in told["violations"]]
    page.context.close()
    assert found == []


@pytest.mark.slow
def test_the_page_for_those_who_are_asked_prints_on_one_sheet(site: Path, browser: Any) -> None:
    """If this fails, what is handed to people who take part comes on two sheets, and the second is lost (ALL-1)."""
    page = browser.new_page()
    for size in ("Letter", "A4"):
        for name, sheets in (("who-sees-what-you-say", 1), ("promises", 2)):
            page.goto((site / f"{name}.html").as_uri())
            printed = page.pdf(format=size, margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))
            count = printed.count(b"/Type /Page") - printed.count(b"/Type /Pages")
            assert count == 1 if sheets == 1 else count >= sheets
    page.close()
