"""How wide a table's columns are on paper, the same in Word and in PDF."""

from __future__ import annotations

from reviewcore.report import svg
from reviewcore.report.values import Grid

TEXT = 6.5  # inches, as all widths here: a letter page less its margins
LABELS = 1.7
_WIDEST = 2.6  # so wide labels get where they stand on one line then
_NARROWEST = 1.0
_SIZE = 9  # points, bold


def columns(grid: Grid) -> list[float]:
    """Return the columns' widths in inches: none so narrow that a word breaks, the labels take what is left."""
    needs = [
        max(svg.text_width(word, _SIZE) for text in column for word in text.split() or [""]) / 72 + 0.15
        for column in (
            [name, *(row.figures[number].text for row in grid.rows)]
            for number, name in enumerate(grid.columns[1:])
        )
    ]
    if not needs:
        return [TEXT]
    labels = max((svg.text_width(row.label, _SIZE) / 72 + 0.15 for row in grid.rows), default=0)
    even = min(1.2, (TEXT - max(LABELS, labels if labels <= _WIDEST else 0)) / len(needs))
    widths = [max(need, even) for need in needs]
    fit = min(1.0, (TEXT - _NARROWEST) / sum(widths))
    widths = [width * fit for width in widths]
    return [TEXT - sum(widths), *widths]
