"""The texts of a finished PDF, for the scan: what its pages show, and every string and stream besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

_OWN = re.compile(
    r"<(\w+:(?:InstanceID|DocumentID|instanceID|documentID))>[^<]*</\1>"  # a digest, in which anything can stand
    r'|<pdfaExtension:schemas>.*?</pdfaExtension:schemas>|xmlns:\w+="[^"]*"',  # what the format itself is
    re.DOTALL,
)
"""What in a file's metadata is typst's own, and could pass for somebody's id."""


def texts(data: bytes) -> Iterator[str]:
    """Yield each page's text, and all strings: properties, alternative texts, bookmarks, names, addresses."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            yield page.get_textpage().get_text_range()
    finally:
        document.close()
    yield from _beside_the_pages(data)


def _beside_the_pages(data: bytes) -> Iterator[str]:
    import pikepdf

    def strings(value: object) -> Iterator[str]:
        """Yield the strings within an object; what it refers to is an object of its own, and read in its turn."""
        if isinstance(value, pikepdf.String):
            yield str(value)
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            if value.get("/Type") != "/OutputIntent":  # it names a space of colours
                for inner in value.values():
                    yield from own(inner)
        elif isinstance(value, pikepdf.Array):
            for inner in value:
                yield from own(inner)

    def own(value: object) -> Iterator[str]:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from strings(value)

    found: list[str] = []
    with pikepdf.open(BytesIO(data)) as document:
        for one in document.objects:
            found += strings(one)
            if isinstance(one, pikepdf.Stream) and one.get("/Type") == "/Metadata":
                xml = _OWN.sub("", one.read_bytes().decode())
                yield xml
                yield unescape(re.sub(r"<[^>]*>", " ", xml))
            elif isinstance(one, pikepdf.Stream) and one.get("/Type") == "/EmbeddedFile":
                raise ValueError("a PDF that holds another file cannot be scanned")
        if mended := document.get_warnings():
            raise ValueError(f"a PDF that is not whole cannot be scanned: {mended[0]}")
    yield "\n".join(found)
