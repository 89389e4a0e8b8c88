"""What the packages of Word, Excel and PowerPoint share: every text of every part, and every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

_SAYS = {
    "descr",
    "title",
    "alt",
    "tooltip",
    "name",
    "comment",
    "author",
    "display",
    "prompt",
    "error",
    "algn_text",
}
"""Attributes in which people's words can stand; the others are sizes, places and references."""

_LAYOUT = (
    "styles.xml",
    "theme",
    "numbering.xml",
    "settings.xml",
    "[Content_Types].xml",
    ".rels",
    "fontTable.xml",
)
_PLACES = (
    "f",
    "formatCode",
    "tableStyleId",
    "i4",
    "DocSecurity",
    "idx",
    "order",
    "col",
    "row",
    "colOff",
    "rowOff",
    "posOffset",
    "w",
    "h",
)
"""Elements whose text is a place, a size, a formula, a style or how many sheets there are."""


def texts(package: ZipFile) -> Iterator[str]:
    """Yield each paragraph's, cell's and attribute's text of every part, and the parts' own names."""
    for name in package.namelist():
        data = package.read(name)
        if name.endswith((".xlsx", ".docx", ".pptx")):
            with ZipFile(BytesIO(data)) as inner:
                yield from texts(inner)
        elif name.endswith((".xml", ".vml")) and not any(part in name for part in _LAYOUT):
            yield from _part(ElementTree.fromstring(data), name)
        elif name.endswith((".txt", ".csv", ".json", ".bin")):
            yield data.decode("utf-8", "replace")


def stamps(package: ZipFile) -> Iterator[str]:
    """Yield the times of the parts and of the properties."""
    for info in package.infolist():
        yield "-".join(map(str, info.date_time))
    for name in package.namelist():
        if name.startswith("docProps/"):
            yield from re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z?", package.read(name).decode("utf-8", "replace"))


def _part(element: ElementTree.Element, name: str) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].lower() in _SAYS and value:
            yield value
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name.startswith("docProps/") and tag in ("created", "modified"):
        return
    if tag in ("p", "si"):
        said = "".join(one.text or "" for one in element.iter() if str(one.tag).endswith("}t"))
        if said:
            yield said
        inner = [one for one in element if not str(one.tag).endswith(("}r", "}t"))]
        runs = [one for one in element if str(one.tag).endswith("}r")]
        for one in (*inner, *(part for run in runs for part in run if not str(part.tag).endswith("}t"))):
            yield from _part(one, name)
        return
    if tag == "c" and element.get("t") == "s":  # the place of a text among the shared ones
        return
    if element.text and element.text.strip() and tag not in _PLACES:
        yield element.text
    for one in element:
        yield from _part(one, name)
