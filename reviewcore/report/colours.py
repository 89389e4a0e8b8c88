"""The calm colours and the patterns of charts, shared by every writer: no part is told by colour alone."""

from __future__ import annotations

from collections.abc import Callable

Rgb = tuple[int, int, int]
Pattern = Callable[[int, int], bool]

INK: Rgb = (0x1C, 0x2B, 0x33)
PAPER: Rgb = (0xFF, 0xFF, 0xFF)
TRACK: Rgb = (0xEE, 0xF1, 0xF2)
OUTLINE: Rgb = (0x0F, 0x3D, 0x4A)
WITHHELD_GROUND: Rgb = (0xF7, 0xF4, 0xEC)
WITHHELD_LINES: Rgb = (0x8A, 0x7F, 0x6A)
_LIGHT: Rgb = (0xD8, 0xE9, 0xE7)
_DARK: Rgb = (0x17, 0x5A, 0x6B)

TILE = 12
"""The side of every pattern's tile, in pixels; each pattern repeats after it in both directions."""


def _plain(x: int, y: int) -> bool:  # noqa: ARG001 - every pattern is asked alike
    return False


def _diagonal(x: int, y: int) -> bool:
    return (x + y) % 6 < 1


def _dots(x: int, y: int) -> bool:
    return x % 6 in (2, 3) and y % 6 in (2, 3)


def _horizontal(x: int, y: int) -> bool:  # noqa: ARG001
    return y % 6 == 0


def _cross(x: int, y: int) -> bool:
    return x % 6 == 0 or y % 6 == 0


def _vertical(x: int, y: int) -> bool:  # noqa: ARG001
    return x % 4 == 0


PATTERNS: tuple[Pattern, ...] = (_plain, _diagonal, _dots, _horizontal, _cross, _vertical)
"""Where a part's second colour goes, in the order in which the parts of a scale take them."""


def hatch(x: int, y: int) -> bool:
    """Say where the lines of a withheld band go: the other way and wider than any part's pattern."""
    return (x - y) % TILE < 2


def part(number: int, parts: int) -> tuple[Rgb, Rgb, Pattern]:
    """Return ground, second colour and pattern of one part of a scale, light to dark in the table's order."""
    share = number / max(parts - 1, 1)
    red, green, blue = (
        round(low + (high - low) * share) for low, high in zip(_LIGHT, _DARK, strict=True)
    )  # fmt: skip
    ground = (red, green, blue)
    return ground, (OUTLINE if share < 0.5 else _LIGHT), PATTERNS[number % len(PATTERNS)]


def web(colour: Rgb) -> str:
    """Return a colour as the web writes it.

    >>> web((28, 43, 51))
    '#1c2b33'
    """
    return "#{:02x}{:02x}{:02x}".format(*colour)
