"""One bar of a chart as a small picture for Word: rectangles and patterns only, no text, so no font is needed."""

from __future__ import annotations

import struct
import zlib

from reviewcore.report import colours
from reviewcore.report.resolve import Bar, Place

WIDTH, HEIGHT = 690, 36
SWATCH = 36

Pixels = list[list[colours.Rgb]]


def bar(row: Bar | Place, parts: int) -> bytes:
    """Return the picture of a bar of so many kinds of `parts`, or of a place on its scale, as PNG."""
    if isinstance(row, Place):
        return _place(row)
    if row.parts is None:
        return _withheld()
    pixels, done = _plain(), 0
    for number, size in enumerate(row.parts):
        if size:
            start, end = (round(WIDTH * n / row.whole) for n in (done, done + size))
            _box(pixels, start, max(end, start + 2), number, parts)
            done += size
    return png(pixels)


def swatch(number: int, parts: int) -> bytes:
    """Return the picture of one part's colour and pattern, for the key, as PNG."""
    pixels = [[colours.TRACK] * SWATCH for _ in range(SWATCH)]
    _box(pixels, 0, SWATCH, number, parts)
    return png(pixels)


def png(pixels: Pixels) -> bytes:
    """Return a picture as PNG, with nothing in the file but the picture."""
    high, wide = len(pixels), len(pixels[0])
    raw = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in pixels)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(raw, 9)),
            (b"IEND", b""),
        )
    )


def _place(row: Place) -> bytes:
    if not row.scale:
        return _withheld()
    parts, pixels = len(row.scale), _plain()
    edges = [round(WIDTH * number / parts) for number in range(parts + 1)]
    for number in range(parts):
        _box(pixels, edges[number], edges[number + 1], number if number == row.at else None, parts)
    return png(pixels)


def _plain() -> Pixels:
    pixels = [[colours.TRACK] * WIDTH for _ in range(HEIGHT)]
    _frame(pixels, 0, WIDTH, colours.WITHHELD_LINES)
    return pixels


def _withheld() -> bytes:
    pixels = [
        [colours.WITHHELD_LINES if colours.hatch(x, y) else colours.WITHHELD_GROUND for x in range(WIDTH)]
        for y in range(HEIGHT)
    ]
    _frame(pixels, 0, WIDTH, colours.WITHHELD_LINES)
    return png(pixels)


def _box(pixels: Pixels, start: int, end: int, number: int | None, parts: int) -> None:
    """Draw one part from `start` to `end`, or only its frame where it is not filled."""
    if number is None:
        _frame(pixels, start, end, colours.WITHHELD_LINES)
        return
    ground, second, where = colours.part(number, parts)
    for y, row in enumerate(pixels):
        row[start:end] = [second if where(x // 2, y // 2) else ground for x in range(start, end)]
    _frame(pixels, start, end, colours.OUTLINE)


def _frame(pixels: Pixels, start: int, end: int, colour: colours.Rgb) -> None:
    pixels[0][start:end] = pixels[-1][start:end] = [colour] * (end - start)
    for row in pixels:
        row[start] = row[end - 1] = colour
