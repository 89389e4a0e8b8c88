"""The texts of finished Word and Excel files, for the scan: they are packages of many parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree
from zipfile import ZipFile

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACE = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_MEASURES = tuple(f"{_PLACE}{name}" for name in ("col", "colOff", "row", "rowOff"))
_STRINGS = "xl/sharedStrings.xml"
_MEASURE = re.compile(r"-?[0-9.]+")
_FOOTER_CODE = re.compile(r"&[A-Z&]")  # as in &L, which goes before what stands to the left
_COLOUR = re.compile(r"(?:lt|dk|bg|tx|accent|[0-9A-F])[0-9A-F]{1,5}|\{[-0-9A-F]{36}\}|rId\d+")
"""A colour of slides and its place in their theme, a style's number, a tie within the package: PowerPoint's own."""
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])\$?[A-Z]{1,3}\$?[0-9]+(?![A-Za-z0-9])")
"""A cell's place, as in $B$12: it is Excel's own, and could be somebody's id to the scan."""


def word(data: bytes) -> Iterator[str]:
    """Yield the texts of a Word file."""
    for name, root in _members(data):
        yield name
        yield " ".join(root.itertext())
        yield "\n".join(map(_paragraph, root.iter(f"{_WORD}p")))
        yield "\n".join(_told(root))


def excel(data: bytes) -> Iterator[str]:
    """Yield the texts of an Excel workbook: every sheet as one reads it, and all that stands anywhere else."""
    members = dict(_members(data))
    yield "\n".join(members)
    shared = (
        ["".join(one.itertext()) for one in members[_STRINGS].iter(f"{_SHEET}si")]
        if _STRINGS in members
        else []
    )
    for root in members.values():
        yield " ".join(filter(None, (_cell(one, shared) for one in root.iter(f"{_SHEET}c"))))
        yield " ".join(
            _REFERENCE.sub(" ", one.text)
            for one in root.iter()
            if one.text and one.tag not in (*_MEASURES, f"{_SHEET}v")
        )
        yield "\n".join("".join(one.itertext()) for one in root.iter(f"{_DRAWING}p"))
        yield "\n".join(_FOOTER_CODE.sub(" ", one.text or "") for one in root.iter(f"{_SHEET}oddFooter"))
        yield "\n".join(_REFERENCE.sub(" ", text) for text in _told(root))


def slides(data: bytes) -> Iterator[str]:
    """Yield the texts of slides, and of the workbooks that their charts carry."""
    for name, root in _members(data):
        yield name
        yield " ".join(_REFERENCE.sub(" ", text) for text in root.itertext())
        yield "\n".join(
            "".join(t.text or "" for t in one.iter(f"{_DRAWING}t")) for one in root.iter(f"{_DRAWING}p")
        )
        for row in root.iter(f"{_DRAWING}tr"):
            yield " ".join(t.text or "" for t in row.iter(f"{_DRAWING}t"))
        yield "\n".join(_REFERENCE.sub(" ", text) for text in _told(root) if not _COLOUR.fullmatch(text))
    with ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            if PurePosixPath(name).suffix == ".xlsx":
                yield from excel(package.read(name))


def archive(data: bytes) -> Iterator[str]:
    """Yield the texts of an archive of text files, and their names."""
    with ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            text = package.read(name).decode("utf-8-sig")
            yield name
            yield text
            yield text.replace(",", " ").replace('"', " ")


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    value = cell.findtext(f"{_SHEET}v", "")
    return shared[int(value)] if cell.get("t") == "s" else value or "".join(cell.itertext())


def _members(data: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the name and the content of every part of a package that holds words."""
    with ZipFile(BytesIO(data)) as package:
        for member in package.namelist():
            if PurePosixPath(member).suffix in (".xml", ".rels"):
                keep = ElementTree.TreeBuilder(insert_comments=True)
                ours = ElementTree.XMLParser(target=keep)  # noqa: S314 - a file that we just wrote
                yield member, ElementTree.fromstring(package.read(member), ours)  # noqa: S314


def _paragraph(paragraph: ElementTree.Element) -> str:
    """Return a paragraph's text over all its runs, which may part a word anywhere."""
    return "".join(" " if one.tag in _BREAKS else one.text or "" for one in paragraph.iter())


def _told(root: ElementTree.Element) -> Iterator[str]:
    """Yield comments, and the attributes that can hold words; a bare number is a measure of the program's own."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield element.text or ""
        for key, value in element.attrib.items():
            if key in ("descr", "title", "name") or not _MEASURE.fullmatch(value):
                yield value
