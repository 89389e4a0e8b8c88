"""Independent oracles for the draw: brute force over all subsets and all orders, sharing no code with it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, permutations

Walk = Sequence[tuple[str, str]]
"""(worker, stratum) of each case, in ticket order."""


def full(picked: Iterable[tuple[str, str]], quotas: Mapping[str, int], cap: int) -> bool:
    """Whether the picked cases fill every quota exactly and take at most `cap` of any worker."""
    rows = list(picked)
    by_stratum, by_worker = Counter(s for _, s in rows), Counter(w for w, _ in rows)
    return all(by_stratum[s] == q for s, q in quotas.items()) and all(n <= cap for n in by_worker.values())


def lexicographic_first(walk: Walk, quotas: Mapping[str, int], cap: int) -> tuple[int, ...] | None:
    """The first full selection when all subsets are tried in lexicographic order of their places."""
    for places in combinations(range(len(walk)), sum(quotas.values())):
        if full((walk[place] for place in places), quotas, cap):
            return places
    return None


def feasible(walk: Walk, quotas: Mapping[str, int], cap: int) -> bool:
    """Whether any subset is a full selection."""
    return lexicographic_first(walk, quotas, cap) is not None


def greedy(walk: Walk, quotas: Mapping[str, int], cap: int) -> tuple[int, ...]:
    """Skip a case only if its stratum is full or its worker taken: what simple tools do."""
    room, load, places = Counter(quotas), Counter(), []
    for place, (worker, stratum) in enumerate(walk):
        if room[stratum] and load[worker] < cap:
            room[stratum] -= 1
            load[worker] += 1
            places.append(place)
    return tuple(places)


def chances(cases: Walk, quotas: Mapping[str, int], cap: int) -> list[Fraction]:
    """The exact chance of each case when every order of the tickets is equally likely."""
    drawn, orders = Counter(), 0
    for order in permutations(range(len(cases))):
        orders += 1
        places = lexicographic_first([cases[case] for case in order], quotas, cap)
        assert places is not None
        drawn.update(order[place] for place in places)
    return [Fraction(drawn[case], orders) for case in range(len(cases))]


def leaf(number: int) -> str:
    """A leaf for the case of this number."""
    return hashlib.sha256(f"case {number}".encode()).hexdigest()


def tickets(key: str, leaves: Iterable[str]) -> list[str]:
    """The leaves in ticket order, worked out from the definition alone."""
    return sorted(leaves, key=lambda one: (hashlib.sha256(f"{key}{one}".encode()).hexdigest(), one))
