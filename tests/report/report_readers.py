"""Readers of finished documents that share no code with the writers."""

import re
import subprocess
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
VOID = {"meta", "br", "img", "hr", "link", "input"}
NUMBER = re.compile(r"\d+(?:,\d{3})*%?")


class Node:
    """An element of a page: tag, attributes, children (nodes and texts)."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Node | str] = []

    def all(self, *tags: str) -> list["Node"]:
        found = [self] if self.tag in tags else []
        return found + [n for c in self.children if isinstance(c, Node) for n in c.all(*tags)]

    def every(self) -> list["Node"]:
        return [self, *(n for c in self.children if isinstance(c, Node) for n in c.every())]

    def words(self, *but: str) -> str:
        """Return the texts with a space between them, without those of some tags."""
        inner = (c if isinstance(c, str) else c.words(*but) for c in self.children)
        return "" if self.tag in but else " ".join(inner)

    def text(self, *but: str) -> str:
        inner = (c if isinstance(c, str) else c.text(*but) for c in self.children)
        return "" if self.tag in but else "".join(inner)


class _Strict(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def web(data: bytes) -> Node:
    """Read a page; fail where a tag is not closed in order."""
    reader = _Strict()
    text = data.decode()
    assert text.startswith("<!DOCTYPE html>")
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]


def web_tables(page: Node) -> list[list[list[str]]]:
    """Return the cells of every table of a page, header row first."""
    return [[[c.text() for c in row.all("th", "td")] for row in t.all("tr")] for t in page.all("table")]


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file."""
    with ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def word(data: bytes) -> ElementTree.Element:
    """Return the body of a Word file."""
    body = ElementTree.fromstring(parts(data)["word/document.xml"]).find(f"{W}body")
    assert body is not None
    return body


def word_text(element: ElementTree.Element) -> str:
    """Return the text of an element, a line for each paragraph."""
    return "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in element.iter(f"{W}p"))


def word_tables(body: ElementTree.Element, style: str) -> list[list[list[str]]]:
    """Return the cells of every table of one style, header row first."""
    return [
        [[word_text(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        for table in body.iter(f"{W}tbl")
        if table.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == style  # type: ignore[union-attr]
    ]


def excel(data: bytes) -> dict[str, list[list[str]]]:
    """Return the cells of every sheet as Excel shows them, by the sheet's name."""
    book = load_workbook(BytesIO(data))
    assert all(sheet.sheet_state == "visible" for sheet in book)
    return {sheet.title: [[_shown(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}


def _shown(cell: Any) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        assert cell.data_type == "s", f"{cell.coordinate} holds a {cell.data_type}"
        return cell.value
    if cell.number_format == "0%":
        assert float(cell.value * 100).is_integer() or abs(cell.value * 100 - round(cell.value * 100)) < 1e-9
        return f"{round(cell.value * 100)}%"
    assert cell.number_format == "#,##0"
    return f"{cell.value:,}"


def excel_charts(data: bytes) -> list[ElementTree.Element]:
    """Return the charts of a workbook, in order."""
    found = {
        name: body for name, body in parts(data).items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)
    }
    return [ElementTree.fromstring(found[name]) for name in sorted(found, key=lambda n: (len(n), n))]


def paper(data: bytes, program: str) -> str:
    """Return the text of a PDF, in reading order, without the numbers of its pages."""
    done = subprocess.run(
        [program, "-raw", "-", "-"], input=data, capture_output=True, check=True, timeout=60
    )
    return re.sub(
        r"Page\s+\d+\s+/\s+\d+|(\. ?){3,}[\s\u2060]*\d+", "", done.stdout.decode().replace("\u200b", "")
    )


def slides(data: bytes) -> list[ElementTree.Element]:
    """Return the slides of a deck, in the order in which they are shown."""
    found = parts(data)
    rels = ElementTree.fromstring(found["ppt/_rels/presentation.xml.rels"])
    places = {one.get("Id"): one.get("Target", "") for one in rels}
    deck = ElementTree.fromstring(found["ppt/presentation.xml"])
    ids = [one.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
           for one in deck.iter() if one.tag.endswith("}sldId")]  # fmt: skip
    return [ElementTree.fromstring(found[f"ppt/{places[one]}"]) for one in ids]


def archive(data: bytes) -> dict[str, list[list[str]]]:
    """Return the lines of every file of an archive of tables; each must begin as Excel wants it."""
    import csv
    from io import StringIO

    found = parts(data)
    assert all(body.startswith(b"\xef\xbb\xbf") for body in found.values())
    return {
        name: list(csv.reader(StringIO(body.decode("utf-8-sig"), newline=""))) for name, body in found.items()
    }
