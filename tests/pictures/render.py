"""`make pictures`: every page of the demos' documents as a picture, with an index, for an exacting eye.

Of papers that are many alike, such as letters, the longest of each kind is shown; with --all, every one.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from reviewcore.demo.run import run_demo
from tests.pictures.documents import as_pdf, documents, one_of_each, parts, types

DPI = "80"


def main() -> None:
    """Render the demos' documents into a folder."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("into", type=Path)
    asked.add_argument("--all", action="store_true")
    given = asked.parse_args()
    into: Path = given.into.resolve()
    shutil.rmtree(into, ignore_errors=True)
    shown = []
    for name in types():
        run_demo(name, into / name / "demo")
        review = into / name / "demo" / "review"
        paths = documents(review) if given.all else list(one_of_each(review).values())
        for title, pictures in render(paths, review, into / name):
            shown.append((f"{name}: {title}", [one.relative_to(into).as_posix() for one in pictures]))
    (into / "index.html").write_text(index(shown), encoding="utf-8")
    print(f"{sum(len(one) for _, one in shown)} pages of {len(shown)} documents: {into / 'index.html'}")  # noqa: T201


def render(paths: list[Path], review: Path, into: Path) -> Iterator[tuple[str, list[Path]]]:
    """Yield the name of each document, and the pictures of its pages."""
    office = as_pdf([path for path in paths if path.suffix in (".docx", ".xlsx", ".pptx")], into / "office")
    web = dict(_pages_of_the_web(paths, review, into))
    for path in paths:
        title = path.relative_to(review).as_posix()
        if path in web:
            yield title, web[path]
        else:
            start = into / "pages" / title.replace("/", "--")
            start.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["pdftoppm", "-r", DPI, "-png", office.get(path, path), start], check=True)
            yield title, sorted(start.parent.glob(f"{start.name}-*.png"))


def _pages_of_the_web(paths: list[Path], review: Path, into: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield what a browser shows: pages, the texts of messages both ways, and plain text."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 900, "height": 700})
        for path in paths:
            pictures = []
            for number, (way, content) in enumerate(_contents(path)):
                name = path.relative_to(review).as_posix().replace("/", "--")
                picture = into / "pages" / f"{name}-{number}-{way}.png"
                picture.parent.mkdir(parents=True, exist_ok=True)
                page.set_content(
                    content
                    if way == "html"
                    else f'<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{escape(content)}</pre>'
                )
                page.screenshot(path=picture, full_page=True)
                pictures.append(picture)
            if pictures:
                yield path, pictures
        browser.close()


def _contents(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".eml":
        yield from ((way, content) for way, content in parts(path) if way in ("plain", "html"))
    elif path.suffix in (".html", ".txt"):
        yield path.suffix[1:], path.read_text(encoding="utf-8")


def index(shown: list[tuple[str, list[str]]]) -> str:
    """Return a page that shows all pictures."""
    body = "".join(
        f"<h2>{escape(title)}</h2>"
        + "".join(
            f'<a href="{escape(one)}"><img src="{escape(one)}" alt="" loading="lazy"></a>' for one in pictures
        )
        for title, pictures in shown
    )
    style = "body{font:1rem sans-serif}img{width:22rem;margin:.3rem;vertical-align:top;border:1px solid}"
    head = f'<!DOCTYPE html><meta charset="utf-8"><title>Pictures</title><style>{style}</style>'
    return f"{head}<h1>Pictures</h1>{body}\n"


if __name__ == "__main__":
    main()
