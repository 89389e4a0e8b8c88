"""The documents that the demos leave: which there are, what they say, and what is wrong with how they are made."""

from __future__ import annotations

import email
import re
import subprocess
from collections.abc import Iterator
from email import policy
from io import BytesIO
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook

from reviewcore.demo.run import TYPES
from reviewcore.plugins import available

SHOWN = (".html", ".pdf", ".docx", ".xlsx", ".pptx", ".eml", ".txt")
LEFTOVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\bNone\b|\bnan\b|\bNaN\b|\bundefined\b|<[\w.]+ object at |____|\(\("
)
LINE = 12.0
"""Points that a line of ten points needs at least."""


def types() -> list[str]:
    """Return the installed review types that have a demo."""
    return [one.name for one in available() if one.name in TYPES]


def documents(review: Path) -> list[Path]:
    """Return every document of a review that a person is handed."""
    found = [path for part in ("papers", "publications") for path in (review / part).rglob("*")]
    return sorted(path for path in found if path.suffix in SHOWN)


def kind(path: Path, review: Path) -> str:
    """Return what a document is one of: letters of one wording, tools, reports are each a kind.

    >>> kind(Path("r/papers/letters/to-send/0012-union.eml"), Path("r"))
    'papers/letters/to-send/union.eml'
    >>> kind(Path("r/papers/sessions/AB7K-QRST.xlsx"), Path("r"))
    'papers/sessions/*.xlsx'
    """
    place = path.relative_to(review)
    if place.parts[0] == "publications":
        return place.as_posix()
    name = re.sub(r"^\d+-", "", place.name)
    name = re.sub(r"^[A-Z0-9]{4}-[A-Z0-9]{4}\b", "*", name)
    return (place.parent / re.sub(r"\d{4}-\d{2}-\d{2}|\d+", "#", name)).as_posix()


def one_of_each(review: Path) -> dict[str, Path]:
    """Return the longest document of each kind, since it is the one in which most can go wrong."""
    found: dict[str, Path] = {}
    for path in documents(review):
        name = kind(path, review)
        if name not in found or path.stat().st_size > found[name].stat().st_size:
            found[name] = path
    return found


def text(path: Path) -> str:
    """Return all the words of a document."""
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True).stdout.decode()
    if path.suffix == ".eml":
        return "\n".join(body for _, body in parts(path))
    if path.suffix in (".docx", ".xlsx", ".pptx"):
        with ZipFile(path) as package:
            members = [package.read(name) for name in package.namelist() if name.endswith(".xml")]
        return "\n".join(" ".join(ElementTree.fromstring(member).itertext()) for member in members)
    written = path.read_text(encoding="utf-8")
    return re.sub(r"<style>.*?</style>", "", written, flags=re.DOTALL) if path.suffix == ".html" else written


def parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind and the content of every text of a message."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content_subtype(), part.get_content()


def leftovers(path: Path) -> list[str]:
    """Return what stands in a document that no person should see: blanks, and words of the program's own."""
    return sorted({found.group() for found in LEFTOVER.finditer(text(path))})


def empty_charts(path: Path) -> list[str]:
    """Return the charts of a document in which nothing is drawn."""
    if path.suffix == ".html":
        drawings = re.findall(r"<svg.*?</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
        return [one[:80] for one in drawings if not re.search(r'<rect class="(part|withheld)" x=', one)]
    if path.suffix in (".xlsx", ".pptx"):
        return [name for name, chart in _charts(path) if not _drawn(chart)]
    return []


def _charts(path: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    with ZipFile(path) as package:
        for name in package.namelist():
            if re.fullmatch(r"(xl|ppt)/charts/chart\d+\.xml", name):
                yield name, ElementTree.fromstring(package.read(name))


def _drawn(chart: ElementTree.Element) -> bool:
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    points = [
        point.findtext(f"{space}v", "")
        for values in chart.iter(f"{space}val")
        for point in values.iter(f"{space}pt")
    ]
    return any(float(point) for point in points)


def cut_cells(path: Path) -> list[str]:
    """Return the cells of a workbook whose text runs into the next cell, or below the end of its row."""
    found = []
    for sheet in load_workbook(BytesIO(path.read_bytes())):
        merged = {cell: span for span in sheet.merged_cells.ranges for cell in span.cells}
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, str) or sheet.column_dimensions[cell.column_letter].hidden:
                    continue
                span = merged.get((cell.row, cell.column))
                last = span.max_col if span else cell.column
                wide = sum(_wide(sheet, column) for column in range(cell.column, last + 1))
                room = wide * 10 / (cell.font.sz or 10) * 1.3  # the widths count digits, which are wide
                lines = sum(-(-len(line) // room) or 1 for line in cell.value.split("\n"))
                high = sheet.row_dimensions[cell.row].height
                if not cell.alignment.wrap_text and lines > 1:
                    beside = sheet.cell(cell.row, last + 1)
                    if beside.value is not None or cell.alignment.horizontal == "right":
                        found.append(f"{sheet.title}!{cell.coordinate}: runs into the next cell")
                elif high and not span and lines * LINE * (cell.font.sz or 10) / 10 > high + 1:
                    found.append(
                        f"{sheet.title}!{cell.coordinate}: {lines:.0f} lines in a row of {high} points"
                    )
    return found


def _wide(sheet: object, column: int) -> float:
    from openpyxl.utils import get_column_letter

    for name, size in sheet.column_dimensions.items():  # type: ignore[attr-defined]
        if name == get_column_letter(column) or (size.min or 0) <= column <= (size.max or 0):
            return size.width or 8.43
    return 8.43


def off_the_page(path: Path) -> list[str]:
    """Return the words of a PDF that stand over the edge of their page."""
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True).stdout.decode()
    found = []
    for number, (width, height, words) in enumerate(
        re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', done, re.DOTALL), start=1
    ):
        pattern = (
            r'<word xMin="(-?[\d.]+)" yMin="(-?[\d.]+)" xMax="(-?[\d.]+)" yMax="(-?[\d.]+)">(.*?)</word>'
        )
        for left, top, right, bottom, word in re.findall(pattern, words):
            if (
                min(float(left), float(top)) < 0
                or float(right) > float(width)
                or float(bottom) > float(height)
            ):
                found.append(f"page {number}: {word}")
    return found


def overlaps(path: Path) -> list[str]:
    """Return the words of a PDF that stand upon other words of their page: what did not fit where it was put."""
    found = []
    for number, page in enumerate(words(path), start=1):
        for (left, top, right, bottom, word), (west, north, east, south, other) in combinations(page, 2):
            wide, high = min(right, east) - max(left, west), min(bottom, south) - max(top, north)
            if wide > 1 and high > 0.4 * min(bottom - top, south - north):
                found.append(f"page {number}: {word} upon {other}")
    return found


def words(path: Path) -> Iterator[list[tuple[float, float, float, float, str]]]:
    """Yield the words of each page of a PDF with the place of each: left, top, right, bottom in points."""
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True).stdout.decode()
    at = r'<word xMin="(-?[\d.]+)" yMin="(-?[\d.]+)" xMax="(-?[\d.]+)" yMax="(-?[\d.]+)">(.*?)</word>'
    for page in re.findall(r"<page .*?</page>", done, re.DOTALL):
        yield [(*map(float, place), word) for *place, word in re.findall(at, page)]  # type: ignore[misc]


def shown_slides(path: Path) -> int:
    """Return how many slides a deck has."""
    with ZipFile(path) as package:
        return sum(bool(re.fullmatch(r"ppt/slides/slide\d+\.xml", name)) for name in package.namelist())


def pages(path: Path) -> int:
    """Return how many pages a PDF has."""
    said = subprocess.run(["pdfinfo", path], check=True, capture_output=True).stdout.decode()
    return int(re.search(r"Pages:\s+(\d+)", said)[1])  # type: ignore[index]


def as_pdf(paths: list[Path], into: Path) -> dict[Path, Path]:
    """Return the PDF that an office program makes of each document, all in one run of it."""
    named = {}
    for number, path in enumerate(paths):
        named[path] = into / f"{number:03d}{path.suffix}"
        into.mkdir(parents=True, exist_ok=True)
        named[path].write_bytes(path.read_bytes())
    home = f"-env:UserInstallation={(into / 'office').resolve().as_uri()}"
    if paths:
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", into, *named.values()],
            check=True, capture_output=True, timeout=400,
        )  # fmt: skip
    return {path: copy.with_suffix(".pdf") for path, copy in named.items()}
