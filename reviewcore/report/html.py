"""One self-contained web page per document: no scripts, nothing fetched, readable by everybody."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from reviewcore.report import svg
from reviewcore.report.values import (
    Chart,
    Figure,
    Grid,
    Head,
    Items,
    Page,
    Para,
    ThemesShown,
    plain,
)

if TYPE_CHECKING:
    from jinja2 import Template


def write(page: Page) -> bytes:
    """Return the document as one HTML file."""
    from markupsafe import Markup

    style = _file("page.css")
    charts = {
        number: Markup(svg.draw(block, page.words, f"chart-{number}"))  # noqa: S704 - svg.draw escapes
        for number, block in enumerate(page.blocks, start=1)
        if isinstance(block, Chart)
    }
    text = _template().render(
        page=page,
        words=page.words,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{_hash(style)}'; base-uri 'none'; form-action 'none'",
        day=page.words.day(page.facts.date),
        charts=charts,
        contents=[
            (number, plain(block.text))
            for number, block in enumerate(page.blocks, start=1)
            if isinstance(block, Head) and block.level == 1
        ],
    )
    return text.encode()


@cache
def _template() -> Template:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    surroundings = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    kinds = {"head": Head, "para": Para, "items": Items, "grid": Grid, "chart": Chart, "themes": ThemesShown}
    for name, kind in {**kinds, "figure": Figure}.items():
        surroundings.tests[name] = lambda value, kind=kind: isinstance(value, kind)
    return surroundings.from_string(_file("page.html"))


def _file(name: str) -> str:
    return resources.files("reviewcore.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
