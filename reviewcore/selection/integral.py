"""The chances of a stratum whose workers have cases nowhere else, exactly, by numerical integration.

A worker with m cases has their smallest number below u with the chance 1 - (1 - u)^m. One of the cases is drawn
where fewer than `quota` other workers have a smaller number; docs/casedraw.md, section 9, has the integral over
u. Integrated by parts, it asks how likely the worker is to be done (p) at the very moment t = -log(1 - u) at which
the others fill the quota: a smooth bump in log t, on which the trapezoid rule gains digits with every point.

How many others are done at t is a sum of independent yes and no, whose chances are the coefficients of a
product of (a + p z) over the workers; one coefficient is the mean of that product on a circle. With the radius at
which the coefficient weighs most, some ten points give it to all digits, whatever the quota.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence
from operator import mul

_STEP, _FINEST = 0.75, 0.05  # in standard deviations of the moment at which the quota is filled
_RIGHT = 1e-12  # so close must the chances of a case come on average, told by their sum


def chances(workers: Mapping[int, int], quota: int) -> dict[int, float]:
    """Return, by the number of cases that a worker has, the chance of one of them to be drawn.

    `workers` has how many workers have so many cases; they are as many as `quota` at least. The points lie
    closer until the chances add up to the quota.
    """
    sizes, counts = list(workers), list(workers.values())
    if not quota:
        return dict.fromkeys(sizes, 0.0)
    if quota == sum(counts):
        return {size: 1 / size for size in sizes}
    cases, step = sum(map(mul, sizes, counts)), _STEP
    while True:
        found = _integral(sizes, counts, quota, step)
        drawn = sum(size * count * chance for size, count, chance in zip(sizes, counts, found, strict=True))
        if abs(drawn - quota) < _RIGHT * cases or step < _FINEST:
            return dict(zip(sizes, found, strict=True))
        step /= 1.5


def _integral(sizes: Sequence[int], counts: Sequence[int], quota: int, step: float) -> list[float]:
    middle = _middle(sizes, counts, quota - 0.5)
    done = [-math.expm1(-size * math.exp(middle)) for size in sizes]
    spread = math.sqrt(sum(count * p * (1 - p) for count, p in zip(counts, done, strict=True)))
    speed = sum(
        count * size * math.exp(middle) * (1 - p) for size, count, p in zip(sizes, counts, done, strict=True)
    )
    step *= spread / speed
    # With one worker more or less the quota is filled between these; outside, what is nothing stays so.
    edges = {-1: _middle(sizes, counts, max(quota - 1.5, 0.01)), 1: _middle(sizes, counts, quota + 0.99)}
    total = [0.0] * len(sizes)
    for place, way in ((0, 1), (-1, -1)):
        tilt = 0.0
        while True:
            at = middle + place * step
            found, tilt = _at(sizes, counts, quota, math.exp(at), tilt)
            total = [one + more for one, more in zip(total, found, strict=True)]
            negligible = all(abs(more) <= 1e-14 * one for one, more in zip(total, found, strict=True))
            if negligible and way * at > way * edges[way]:
                break
            place += way
    return [one * step / size for one, size in zip(total, sizes, strict=True)]


def _middle(sizes: Sequence[int], counts: Sequence[int], wanted: float) -> float:
    """Return the logarithm of the moment at which so many workers are done on average."""
    low, high = -60.0, 60.0
    for _ in range(32):
        middle = (low + high) / 2
        t = math.exp(middle)
        if sum(-count * math.expm1(-size * t) for size, count in zip(sizes, counts, strict=True)) < wanted:
            low = middle
        else:
            high = middle
    return low


def _at(
    sizes: Sequence[int], counts: Sequence[int], quota: int, t: float, tilt: float
) -> tuple[list[float], float]:
    """Return by size how likely a worker is done at t, where the others fill the quota; and the circle's log radius."""
    yet = [math.exp(-size * t) for size in sizes]  # a: not done
    done = [-math.expm1(-size * t) for size in sizes]  # p
    rate = [size * t * a for size, a in zip(sizes, yet, strict=True)]  # of becoming done, by log t
    tilt, spread = _tilted(yet, done, counts, quota - 0.5, tilt)
    radius = math.exp(tilt)
    points = int(8 * spread) + 12 | 1  # an odd number, so that no factor comes to nothing
    whole = [a + p * radius for a, p in zip(yet, done, strict=True)]
    share = [p * radius / one for p, one in zip(done, whole, strict=True)]
    rate = [one / all_of_it for one, all_of_it in zip(rate, whole, strict=True)]
    height = sum(count * math.log(one) for count, one in zip(counts, whole, strict=True)) - (quota - 1) * tilt
    if height < -700:
        return [0.0] * len(sizes), tilt
    total = [0.0] * len(sizes)
    for point in range(points // 2 + 1):  # the other half of the circle mirrors it
        turn = cmath.exp(2j * math.pi * point / points)
        way = turn - 1
        factors = [1 + one * way for one in share]
        product = turn ** (1 - quota)
        for factor, count in zip(factors, counts, strict=True):
            product *= factor**count
        if abs(product) < 1e-17:  # smaller from here on
            break
        if point:
            product *= 2
        rates = [r / factor for r, factor in zip(rate, factors, strict=True)]
        last = sum(map(mul, counts, rates))  # which of the others is the last
        total = [
            one + (product / factor * (last - mine)).real
            for one, factor, mine in zip(total, factors, rates, strict=True)
        ]
    scale = math.exp(height) / points
    return [one * p / w * scale for one, p, w in zip(total, done, whole, strict=True)], tilt


def _tilted(
    yet: Sequence[float], done: Sequence[float], counts: Sequence[int], wanted: float, tilt: float
) -> tuple[float, float]:
    """Return the log radius at which so many are done on average, begun from a guess; and their deviation."""
    low, high = -30.0, 30.0  # beyond, what is sought is no more than e^-30
    while True:
        radius, mean, variance = math.exp(tilt), 0.0, 0.0
        for a, p, count in zip(yet, done, counts, strict=True):
            share = p * radius / (a + p * radius)
            mean += count * share
            variance += count * share * (1 - share)
        if abs(mean - wanted) < 0.01 or high - low < 1e-9:
            return tilt, math.sqrt(variance)
        low, high = (tilt, high) if mean < wanted else (low, tilt)
        better = tilt + (wanted - mean) / variance if variance else high
        tilt = better if low < better < high else (low + high) / 2
