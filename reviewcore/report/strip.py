"""One bar of a chart as a small picture for Word: rectangles and patterns only, no text, so no font is needed."""

from __future__ import annotations

import struct
import zlib
from functools import cache

from attrs import frozen

from reviewcore.report import colours
from reviewcore.report.colours import Pattern, Rgb
from reviewcore.report.values import Bar, Place

WIDTH, HEIGHT = 690, 36
SWATCH = 36
_SCALE = 2
_PERIOD = colours.TILE * _SCALE


@frozen
class Box:
    """One part of a picture, over its whole height, from one pixel to before another."""

    start: int
    end: int
    ground: Rgb
    second: Rgb
    where: Pattern
    line: Rgb


def bar(row: Bar | Place, parts: int) -> bytes:
    """Return the picture of a bar of so many kinds of `parts`, or of a place on its scale, as PNG."""
    if isinstance(row, Place) and row.scale:
        steps = len(row.scale)
        edges = [round(WIDTH * number / steps) for number in range(steps + 1)]
        boxes = [_empty(edges[n], edges[n + 1]) for n in range(steps) if n != row.at]
        return png(WIDTH, [*boxes, _part(edges[row.at], edges[row.at + 1], row.at, steps)])
    if isinstance(row, Place) or row.parts is None:
        ground, line = colours.WITHHELD_GROUND, colours.WITHHELD_LINES
        return png(WIDTH, [Box(0, WIDTH, ground, line, colours.hatch, line)])
    boxes, done = [_empty(0, WIDTH)], 0
    for number, size in enumerate(row.parts):
        if size:
            start, end = (round(WIDTH * upto / row.whole) for upto in (done, done + size))
            boxes.append(_part(min(start, WIDTH - 2), max(end, start + 2), number, parts))
            done += size
    return png(WIDTH, boxes)


def swatch(number: int, parts: int) -> bytes:
    """Return the picture of one part's colour and pattern, for the key, as PNG."""
    return png(SWATCH, [_part(0, SWATCH, number, parts)])


def png(wide: int, boxes: list[Box]) -> bytes:
    """Return boxes, each over those before it, as PNG, with nothing in the file but the picture."""
    raw = b"".join(b"\0" + _row(wide, boxes, y) for y in range(HEIGHT))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", wide, HEIGHT, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(raw, 9)),
            (b"IEND", b""),
        )
    )


def _part(start: int, end: int, number: int, parts: int) -> Box:
    return Box(start, end, *colours.part(number, parts), colours.OUTLINE)


def _empty(start: int, end: int) -> Box:
    return Box(start, end, colours.TRACK, colours.TRACK, colours.PATTERNS[0], colours.WITHHELD_LINES)


def _row(wide: int, boxes: list[Box], y: int) -> bytes:
    pixels = bytearray(3 * wide)
    for box in boxes:
        size = min(box.end, wide) - box.start
        line = bytes(box.line)
        if y in (0, HEIGHT - 1):
            drawn = line * size
        else:
            tile = _tile(box.ground, box.second, box.where, y % _PERIOD)
            inner = (tile * (size // _PERIOD + 2))[3 * (box.start % _PERIOD) :]
            drawn = line + inner[3 : 3 * (size - 1)] + line
        pixels[3 * box.start : 3 * (box.start + size)] = drawn
    return bytes(pixels)


@cache
def _tile(ground: Rgb, second: Rgb, where: Pattern, y: int) -> bytes:
    """Return one row of a pattern, over one period."""
    chosen = (second if where(x // _SCALE, y // _SCALE) else ground for x in range(_PERIOD))
    return bytes(value for pixel in chosen for value in pixel)
