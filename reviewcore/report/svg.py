"""Charts as SVG: bars of a whole and places on a scale, every size worked out so that no text is cut.

Rows stand in the table's order, never by value. A withheld row is one hatched band, always of the same
size. Every part has a pattern besides its colour, and every text stands on plain ground.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from html import escape

from reviewcore.report import colours
from reviewcore.report.values import Bar, Chart, Place
from reviewcore.report.words import Words

WIDTH = 640
_TEXT = 15
_LINE = 20
_BAR = 28
_GAP = 18
_APART = 12  # between bars that have their labels beside them
_LABELS = 250  # at most this wide are labels that stand beside their bars
_SWATCH = 22


def draw(chart: Chart, said: Words, ident: str) -> str:
    """Return the chart as one `<svg>` for a web page; `ident` makes its ids unique there."""
    body: list[str] = []
    top = 4
    bands = any(isinstance(row, Place) for row in chart.rows)
    names = (
        () if bands or len(chart.scale) == 1 else chart.scale
    )  # a lone part needs no key: the title names it
    left = _beside(chart)
    if bands and chart.scale:
        body += _axis(chart.scale, left, top)
        top += _LINE + 8
    for number, name, x, down in _legend(names):
        if number is not None:
            body.append(_box(x, top + down, _SWATCH, 16, _fill(ident, number), "part"))
        body.append(_words(x + _SWATCH + 8, top + down + 13, name))
    top += _legend_height(names)
    for row in chart.rows:
        lines = wrap(row.label, left - 12 if left else WIDTH - 8)
        high = len(lines) * _LINE
        down = max(0, _BAR - high) // 2 if left else 0
        body += [_words(2, top + down + number * _LINE + _TEXT, line) for number, line in enumerate(lines)]
        top += max(0, high - _BAR) // 2 if left else high + 4
        draw_row = _bar if isinstance(row, Bar) else _place
        body += draw_row(row, left, top, said, ident)  # type: ignore[arg-type]
        top += _BAR + (max(0, high - _BAR + 1) // 2 + _APART if left else _GAP)
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" '
        f'height="{top}" font-family="system-ui, sans-serif" font-size="{_TEXT}" '
        f'aria-labelledby="{ident}-title {ident}-desc">'
        f'<title id="{ident}-title">{escape(chart.says)}</title>'
        f'<desc id="{ident}-desc">{escape(said.same_figures)}</desc>'
        f"<defs>{''.join(_patterns(_parts(chart), ident))}</defs>{''.join(body)}</svg>"
    )


def _beside(chart: Chart) -> int:
    """Return how wide the labels are where they stand beside the bars; 0 where they stand above, as long ones do."""
    if any(len(wrap(row.label, _LABELS - 12)) > 2 for row in chart.rows):
        return 0
    lines = [line for row in chart.rows for line in wrap(row.label, _LABELS - 12)]
    left = round(max(map(text_width, lines))) + 14
    names = [
        (text_width(name) + 16) * len(row.scale)
        for row in chart.rows
        if isinstance(row, Place)
        for name in row.scale
    ]
    return left if max(names, default=0) <= WIDTH - left else 0


def text_width(text: str, size: float = _TEXT) -> float:
    """Return about how wide a text of that size is drawn, in the same unit; rather too wide than too narrow."""
    return size * sum(map(_advance, text))


def wrap(text: str, width: float) -> list[str]:
    """Break a text into lines that fit, between words where that is possible."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if text_width(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


@cache  # a report has few characters, each many times over
def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if character in " .,:;'|!()[]ijlItfr-":
        return 0.42
    if character in "mwMW@%&—" or not character.isalnum():
        return 1
    return 0.76 if character.isupper() else 0.66


def _legend(names: tuple[str, ...]) -> Iterator[tuple[int | None, str, int, int]]:
    """Yield number, text, left and top of every name; a long one goes on below, without a number."""
    x, y = 2, 0
    for number, name in enumerate(names):
        pieces = wrap(name, WIDTH - _SWATCH - 16)
        wide = round(_SWATCH + 8 + max(map(text_width, pieces)) + 20)
        if x > 2 and x + wide > WIDTH:
            x, y = 2, y + _LINE + 4
        yield number, pieces[0], x, y
        for piece in pieces[1:]:
            y += _LINE
            yield None, piece, x, y
        x += wide


def _legend_height(names: tuple[str, ...]) -> int:
    return max(y for *_, y in _legend(names)) + _LINE + _GAP if names else 0


def _bar(bar: Bar, x: int, top: int, said: Words, ident: str) -> list[str]:
    if bar.parts is None:
        return _withheld(x, top, said, ident)
    drawn = [_box(x + 1, top, WIDTH - x - 2, _BAR, "", "track")]
    if not sum(bar.parts):
        return [*drawn, _chip((x + WIDTH) / 2, top, said.nothing)]
    left = x + 1.0
    for number, (size, figure) in enumerate(zip(bar.parts, bar.figures, strict=True)):
        if size:
            wide = (WIDTH - x - 2) * size / bar.whole
            drawn.append(_box(left, top, wide, _BAR, _fill(ident, number), "part"))
            if text_width(figure.text) + 16 <= wide:
                drawn.append(_chip(left + wide / 2, top, figure.text))
            left += wide
    return drawn


def _place(place: Place, x: int, top: int, said: Words, ident: str) -> list[str]:
    if not place.scale:
        return _withheld(x, top, said, ident)
    wide = (WIDTH - x - 2) / len(place.scale)
    boxes = [
        _box(x + 1 + number * wide, top, wide, _BAR, "", "track")
        for number in range(len(place.scale))
        if number != place.at
    ]
    here = _box(x + 1 + place.at * wide, top, wide, _BAR, _fill(ident, place.at), "part")
    return [*boxes, here, _chip(x + 1 + (place.at + 0.5) * wide, top, place.says)]


def _axis(scale: tuple[str, ...], x: int, top: int) -> Iterator[str]:
    """Yield the names of the bands, each over the middle of its place."""
    for number, name in enumerate(scale):
        yield _words(x + (number + 0.5) * (WIDTH - x) / len(scale), top + _TEXT, name, "middle")


def _withheld(x: int, top: int, said: Words, ident: str) -> list[str]:
    band = _box(x + 1, top, WIDTH - x - 2, _BAR, f"url(#{ident}-withheld)", "withheld")
    return [band, _chip((x + WIDTH) / 2, top, said.withheld)]


def _chip(middle: float, top: float, text: str) -> str:
    """Return a text on a plain plate, so that no pattern lies behind it."""
    wide = text_width(text) + 12
    plate = (
        f'<rect x="{_number(middle - wide / 2)}" y="{_number(top + 4)}" width="{_number(wide)}" '
        f'height="{_BAR - 8}" rx="4" fill="{colours.web(colours.PAPER)}"/>'
    )
    return (
        f'{plate}<text x="{_number(middle)}" y="{_number(top + _BAR / 2 + 5)}" text-anchor="middle" '
        f'fill="{colours.web(colours.INK)}">{escape(text)}</text>'
    )


def _words(x: float, y: float, text: str, anchor: str = "start") -> str:
    return (
        f'<text class="words" x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}" '
        f'fill="{colours.web(colours.INK)}">{escape(text)}</text>'
    )


def _box(x: float, y: float, wide: float, high: float, fill: str, kind: str) -> str:
    dashes = ' stroke-dasharray="5 3"' if kind == "withheld" else ""
    line = colours.WITHHELD_LINES if kind in ("withheld", "track") else colours.OUTLINE
    return (
        f'<rect class="{kind}" x="{_number(x)}" y="{_number(y)}" width="{_number(wide)}" '
        f'height="{_number(high)}" fill="{fill or colours.web(colours.TRACK)}" '
        f'stroke="{colours.web(line)}"{dashes}/>'
    )


def _fill(ident: str, number: int) -> str:
    return f"url(#{ident}-part-{number})"


def _parts(chart: Chart) -> int:
    return max([len(chart.scale), *(len(row.scale) for row in chart.rows if isinstance(row, Place))])


def _patterns(parts: int, ident: str) -> Iterator[str]:
    for number in range(parts):
        yield _pattern(f"{ident}-part-{number}", *colours.part(number, parts))
    yield _pattern(
        f"{ident}-withheld", colours.WITHHELD_GROUND, colours.WITHHELD_LINES, colours.hatch
    )  # fmt: skip


def _pattern(ident: str, ground: colours.Rgb, second: colours.Rgb, where: colours.Pattern) -> str:
    side = colours.TILE
    runs = "".join(_runs(where)).strip()
    return (
        f'<pattern id="{ident}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">'
        f'<rect width="{side}" height="{side}" fill="{colours.web(ground)}"/>'
        + (f'<path d="{runs}" fill="{colours.web(second)}"/>' if runs else "")
        + "</pattern>"
    )


def _runs(where: colours.Pattern) -> Iterator[str]:
    """Yield the pattern's pixels, a run of them at a time, as pieces of a path.

    Letters and numbers stand apart, so that the scan of the finished file takes none of it for an id.
    """
    for y in range(colours.TILE):
        x = 0
        while x < colours.TILE:
            start = x
            while x < colours.TILE and where(x, y):
                x += 1
            if x > start:
                yield f"M {start} {y} h {x - start} v 1 h -{x - start} z "
            x += 1


def _number(value: float) -> str:
    """Write a length with at most one decimal, never in a way that depends on the machine."""
    return f"{value:.1f}".removesuffix(".0")
