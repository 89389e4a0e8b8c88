"""Reading a finished PDF: its pages as a whole, since their words flow, and every string beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.etree import ElementTree

from reviewcore.rereading.known import DIGIT, NUMBER, Document, Known, plain
from reviewcore.rereading.units import Read

_LEADERS = re.compile(r"(?:\. ?){3,}[\s\u2060]*\d+")
_STAMP = re.compile(r"D:\d{8,14}(Z|[+-]\d\d'?\d\d'?)?")
_PLACED = re.compile(r"U\d+x\d+y\d+")  # how typst calls a cell of a table
_LEADS = re.compile(
    r"[^\W\d]+, [^\W\d]+ (\d+)"
)  # where a line of the contents leads, as in "Section, page 2"
_CALLED = {"/Alt": "what is read out for a picture", "/Title": "a title or a bookmark"}
_OWN = frozenset((
    "/Type", "/Subtype", "/ID", "/FontName", "/BaseFont", "/Registry", "/Ordering", "/FontFamily", "/Lang",
    "/CreationDate", "/ModDate", "/Creator", "/Producer", "/OutputConditionIdentifier", "/Info", "/RegistryName",
    "/DestOutputProfile",
    "/Headers", "/CharSet", "/CIDSet",
))  # fmt: skip
_MADE_BY = {
    "CreatorTool": r"Typst [\d.]+", "softwareAgent": r"Typst [\d.]+", "PDFVersion": r"\d\.\d", "part": r"\d",
    "instanceID": r"[\w+/=]+", "InstanceID": r"[\w+/=]+", "DocumentID": r"[\w+/=]+", "VersionID": r"\d",
    "rev": r"\d{4}",
    "RenditionClass": r"\w+",
}  # fmt: skip
"""What the program that sets the pages says of itself and of the format."""


def read(data: bytes) -> tuple[Read, str]:
    """Return the strings of a PDF, and the text of its pages."""
    import pikepdf
    import pypdfium2

    made = Read()
    shown = pypdfium2.PdfDocument(data)
    try:
        pages = [page.get_textpage().get_text_range() for page in shown]
    finally:
        shown.close()
    with pikepdf.open(BytesIO(data)) as document:
        for one in document.objects:
            if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
                continue
            told = {} if isinstance(one, pikepdf.Array) else dict(one.items())
            kind = told.get("/Type")
            if kind in ("/EmbeddedFile", "/Filespec"):
                made.wrong.append("another file within it")
            elif isinstance(one, pikepdf.Stream) and kind == "/Metadata":
                _properties(made, one.read_bytes().decode(), len(pages))
            if "/JS" in told or "/JavaScript" in told:
                made.wrong.append("a program within it")
            for where, text in _strings(one, ""):
                page = (
                    _LEADS.fullmatch(text)
                    if where == "/Contents" and told.get("/Subtype") == "/Link"
                    else None
                )
                if page and 1 <= int(page[1]) <= len(pages):
                    continue
                if where not in _OWN and not _STAMP.fullmatch(text) and not _PLACED.fullmatch(text):
                    made.say(_CALLED.get(where, "a string beside its pages"), text)
        made.wrong += ["it is not whole, and was mended to be read"] if document.get_warnings() else []
    made.looked += [
        "its pages", "what is read out for pictures, its bookmarks, links and comments", "its properties",
        "that it carries no other file and no program",
    ]  # fmt: skip
    return made, "\n".join(pages)


def _properties(made: Read, xml: str, pages: int) -> None:
    root = ElementTree.fromstring(re.sub(r"<\?xpacket[^>]*>", "", xml).strip())  # noqa: S314
    for parent in root.iter():
        if parent.tag.endswith("}schemas"):
            parent.clear()  # what the format itself is
    for one in root.iter():
        name, text = one.tag.rpartition("}")[2], (one.text or "").strip()
        own = _MADE_BY.get(name)
        if text and not (own and re.fullmatch(own, text)) and not (name == "NPages" and text == str(pages)):
            made.say("its properties", re.sub(r"T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$", "", text))
        for value in one.attrib.values():
            made.say("its properties", value)


def _strings(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Yield the strings within an object; what it refers to is an object of its own, and read in its turn."""
    import pikepdf

    if isinstance(value, pikepdf.String):
        yield key, str(value)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        if value.get("/Type") not in ("/OutputIntent", "/Font", "/FontDescriptor"):
            for name, inner in value.items():
                yield from _own(inner, str(name))
    elif isinstance(value, pikepdf.Array):
        for inner in value:
            yield from _own(inner, key)


def _own(value: object, key: str) -> Iterator[tuple[str, str]]:
    import pikepdf

    if isinstance(value, pikepdf.Object) and not value.is_indirect:
        yield from _strings(value, key)


def strange(text: str, one: Document, held: Known, more: Iterable[str]) -> list[str]:
    """Return the numbers that the pages print more often than the document says them."""
    page = re.escape(one.said.page)
    rest = _numbers([_LEADERS.sub(" ", re.sub(rf"{page}\s+\d+\s+/\s+\d+", " ", plain(text)))])
    rows = [cell for table in one.shown for row in one.rows(table) for cell in row]
    names = [table["title"] for table in one.shown] + [c["label"] for t in one.shown for c in t["columns"]]
    drawn = [cell for table in one.drawn for row in one.rows(table) for cell in row]
    drawn += [c["label"] for t in one.drawn for c in t["columns"]]
    heads = [text for text in one.texts if DIGIT.search(text)]  # a chapter stands in the contents, too
    may = _numbers([*one.texts, *heads, *rows, *names, *drawn, *held.days[:1], *held.days, *more])
    return [f"{number} ({count} times too often)" for number, count in (rest - may).items()]


def _numbers(texts: Iterable[str]) -> Counter[str]:
    return Counter(found for text in texts for found in NUMBER.findall(text))
