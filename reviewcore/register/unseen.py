"""What calamine does not tell of an .xlsx sheet: errors, formulas never calculated, padded numbers, hidden rows.

It gives an error and an uncalculated formula as an empty cell, 00456 as 456, and a hidden row like any
other. An empty cell where a family's id should be would quietly count one family twice; so the sheet's
own XML is searched, and only where it holds such things at all.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import unescape

from attrs import Factory, frozen

from reviewcore.register.cells import Flaw

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")  # a formula that was calculated and gave no text
_FORMATS = re.compile(r"<(?:\w+:)?numFmt\b([^>]*)>")
_STYLES = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_STYLE = re.compile(r"<(?:\w+:)?xf\b([^>]*)>")


Place = tuple[int, int]


@frozen
class Unseen:
    """Flaws and padded numbers by (row from 1, column from 0), and the numbers of the hidden rows."""

    flaws: Mapping[Place, Flaw] = Factory(dict)
    padded: frozenset[Place] = frozenset()
    rows: tuple[int, ...] = ()


def look(data: bytes, sheet: str) -> Unseen:
    """Search the XML of one sheet of an .xlsx file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        part = _part(archive, sheet)
        if part not in names:
            return Unseen()
        xml = archive.read(part)
        styles = archive.read("xl/styles.xml") if "xl/styles.xml" in names else b""
    padding = _padding(styles.decode("utf-8", "replace"))
    hidden: tuple[int, ...] = ()
    if b"hidden" in xml:
        rows = (match.group(1) for match in _ROW.finditer(xml) if _HIDDEN.search(match.group(1)))
        hidden = tuple(int(at) for row in rows if (at := _attributes(row).get("r", "")).isdigit())
    suspect = (b'"e"', b"'e'", b"<f", b":f")  # far quicker to look for than the patterns
    if not padding and not any(mark in xml for mark in suspect):
        return Unseen(rows=hidden)
    flaws, padded = {}, set()
    for match in _CELL.finditer(xml):
        attributes, inside = match.group(1), match.group(2) or b""
        if _ERROR.search(attributes):
            flaws[_place(attributes)] = Flaw.ERROR
        elif _FORMULA.search(inside) and not (_VALUE.search(inside) or _TEXT.search(attributes)):
            flaws[_place(attributes)] = Flaw.UNCALCULATED
        elif padding and _attributes(attributes).get("s") in padding:
            padded.add(_place(attributes))
    return Unseen(flaws, frozenset(padded), hidden)


def _attributes(raw: bytes) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(raw.decode("utf-8", "replace"))}


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the file that holds a sheet."""
    book = archive.read("xl/workbook.xml")
    links = archive.read("xl/_rels/workbook.xml.rels")
    for match in re.finditer(rb"<(?:\w+:)?sheet\b([^>]*)>", book):
        said = _attributes(match.group(1))
        if said.get("name") == sheet:
            wanted = next((value for name, value in said.items() if name.endswith(":id")), "")
            for link in re.finditer(rb"<(?:\w+:)?Relationship\b([^>]*)>", links):
                target = _attributes(link.group(1))
                if target.get("Id") == wanted:
                    path = target.get("Target", "")
                    return path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return ""


def _padding(styles: str) -> tuple[str, ...]:
    """Return the numbers of the cell styles that show a number with zeros in front, such as 00000."""
    formats = {
        said["numFmtId"]
        for raw in _FORMATS.findall(styles)
        if re.fullmatch(r"0{2,}(?:[-\\ ]*0+)*", (said := _attributes(raw.encode())).get("formatCode", ""))
    }
    block = _STYLES.search(styles)
    if not formats or not block:
        return ()
    return tuple(
        str(number)
        for number, raw in enumerate(_STYLE.findall(block.group()))
        if _attributes(raw.encode()).get("numFmtId") in formats
    )


def _place(attributes: bytes) -> Place:
    """Return where a cell stands; (0, 0), which is nowhere, for one that does not say."""
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", _attributes(attributes).get("r", ""))
    if not match:
        return 0, 0
    column = 0
    for letter in match.group(1):
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match.group(2)), column - 1
