"""A mean and a deviation worked back to the answers: every way to share n answers that rounds to what is printed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.seen import Seen


def decimals(seen: Seen) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every row with a figure that has decimals: the table's title, the row's label, those figures."""
    found = []
    for table in seen.tables:
        for label, cells in table.rows:
            if broken := tuple(cell for cell in cells if _is_decimal(cell)):
                found.append((table.title, label, broken))
    return found


def answers(mean: str, deviation: str, n: int, codes: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield every number of answers by code that n answers with this mean and deviation can have."""
    places = len(mean.partition(".")[2])
    for counts in _shared(n, len(codes)):
        middle = sum(c * v for c, v in zip(counts, codes, strict=True)) / n
        spread = (sum(c * (v - middle) ** 2 for c, v in zip(counts, codes, strict=True)) / n) ** 0.5
        if abs(middle - float(mean)) <= 0.5 / 10**places + 1e-9 and (
            not deviation or abs(spread - float(deviation)) <= 0.5 / 10**places + 1e-9
        ):
            yield counts


def _is_decimal(cell: str) -> bool:
    return "." in cell and cell.replace(".", "", 1).isdigit()


def _shared(n: int, kinds: int) -> Iterator[tuple[int, ...]]:
    if kinds == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in _shared(n - first, kinds - 1):
            yield (first, *rest)
