"""The texts of a finished PDF, for the scan: what its pages show, and every string and stream besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any

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
    from pypdf import PdfReader, generic

    def strings(value: Any) -> Iterator[str]:
        """Yield the strings within an object; what it refers to is an object of its own, and read in its turn."""
        if isinstance(value, generic.TextStringObject):
            yield str(value)
        elif isinstance(value, generic.ByteStringObject):
            yield value.decode("latin-1")
        elif isinstance(value, generic.DictionaryObject):
            if value.get("/Type") != "/OutputIntent":  # it names a space of colours
                for inner in value.values():
                    yield from strings(inner)
        elif isinstance(value, generic.ArrayObject):
            for inner in value:
                yield from strings(inner)

    reader = PdfReader(BytesIO(data), strict=True)
    numbers = {*reader.xref_objStm, *(number for found in reader.xref.values() for number in found)}
    found: list[str] = []
    for number in sorted(numbers):
        one = reader.get_object(number)
        found += strings(one)
        if isinstance(one, generic.StreamObject) and one.get("/Type") == "/Metadata":
            xml = _OWN.sub("", one.get_data().decode())
            yield xml
            yield unescape(re.sub(r"<[^>]*>", " ", xml))
        elif isinstance(one, generic.StreamObject) and one.get("/Type") == "/EmbeddedFile":
            raise ValueError("a PDF that holds another file cannot be scanned")
    yield "\n".join(found)
