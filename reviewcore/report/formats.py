"""The formats that a publication can be given out in, what each of them needs, and which of it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec

from attrs import frozen

from reviewcore.errors import Problem


@frozen
class Needs:
    """What a format needs besides the core: the modules, and the part of reviewcore that brings them."""

    modules: tuple[str, ...] = ()
    extra: str = ""


FORMATS: Mapping[str, Needs] = {
    "html": Needs(),
    "docx": Needs(("docx",), "office"),
    "xlsx": Needs(("xlsxwriter",), "office"),
    "pdf": Needs(("typst", "pikepdf", "pypdfium2"), "pdf"),
    "json": Needs(),
    "pptx": Needs(("pptx", "xlsxwriter"), "office"),
    "csv": Needs(),
}
"""By the ending of the files, in the order in which a profile names them."""


def missing(formats: Iterable[str]) -> list[Problem]:
    """Return, for each format that cannot be written as things are installed, what would make it possible."""
    return [
        Problem(
            "review.toml",
            f"to write '{name}' files, install reviewcore with its {FORMATS[name].extra} part "
            f"(pip install 'reviewcore[{FORMATS[name].extra}]'), or name the formats that you want without it, as "
            'in formats = ["html", "json"]',
            "formats",
        )
        for name in formats
        if not all(map(find_spec, FORMATS[name].modules))
    ]
