"""Sizes that may be told: none of them says, alone or by subtraction, that a group has 1 to k - 1 members."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.selection.plan import Count


def told(counts: Mapping[str, int], k: int) -> tuple[Count, dict[str, Count]]:
    """Return the total and the parts that it falls into as they may be told together.

    A part of 1 to k - 1 is told as just that. What the total and the other parts leave would still give
    it away, so the largest part is told only as far as total and bands already fix it. Where that would
    show that it was the largest, or leave it in doubt, nothing but the total is told. A total below k is
    told as a band, and nothing of its parts.
    """
    total = sum(counts.values())
    if total < k:
        within = Count(0, k - 1) if total else Count(0, 0)
        return (Count(1, k - 1) if total else within), dict.fromkeys(counts, within)
    small = [name for name, count in counts.items() if 0 < count < k]
    if not small:
        return Count(total, total), {name: Count(count, count) for name, count in counts.items()}
    largest = max(counts, key=lambda name: counts[name])
    exact = {name: n for name, n in counts.items() if name not in small and name != largest}
    left = total - sum(exact.values())
    lowest = left - len(small) * (k - 1)
    if largest in small or lowest < k or any(lowest <= count for count in exact.values()):
        return Count(total, total), dict.fromkeys(counts, Count(0, total))
    parts = {name: Count(count, count) for name, count in exact.items()}
    parts |= dict.fromkeys(small, Count(1, k - 1))
    parts[largest] = Count(lowest, left - len(small))
    return Count(total, total), {name: parts[name] for name in counts}


def alone(count: int, k: int) -> Count:
    """Return one size as it may be told where nothing else adds up with it."""
    return Count(1, k - 1) if 0 < count < k else Count(count, count)
