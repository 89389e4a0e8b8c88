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


def supplied(walk: Walk, quotas: Mapping[str, int], cap: int, fixed: Sequence[int], first: int) -> bool:
    """Whether some full selection has all of `fixed` and otherwise only places from `first` on: by maximum flow."""
    need = Counter(quotas) - Counter(walk[place][1] for place in fixed)
    if sum(need.values()) != sum(quotas.values()) - len(fixed):
        return False
    load = Counter(walk[place][0] for place in fixed)
    room: dict[tuple[object, object], int] = Counter()
    for worker, stratum in walk[first:]:
        room["source", ("stratum", stratum)] = need[stratum]
        room[("stratum", stratum), ("worker", worker)] += 1
        room[("worker", worker), "sink"] = cap - load[worker]
    ends: dict[object, set[object]] = {}
    for one, other in room:
        ends.setdefault(one, set()).add(other)
        ends.setdefault(other, set()).add(one)

    def push(at: object, seen: set[object]) -> bool:
        seen.add(at)
        for to in ends.get(at, ()):
            if room.get((at, to), 0) > 0 and to not in seen and (to == "sink" or push(to, seen)):
                room[at, to] -= 1
                room[to, at] = room.get((to, at), 0) + 1
                return True
        return False

    pushed = 0
    while push("source", set()):
        pushed += 1
    return max(load.values(), default=0) <= cap and pushed == sum(need.values())


def follows_rule_t(walk: Walk, quotas: Mapping[str, int], cap: int, drawn: Sequence[int]) -> bool:
    """Whether the drawn places are those of rule T, for lists too long for all subsets.

    They are if they are a full selection, so that no case was wrongly taken, and if each case that was
    passed over although there was room was in no full selection any more: by a flow from scratch.
    """
    if not full((walk[place] for place in drawn), quotas, cap):
        return False
    taken: list[int] = []
    for place, (worker, stratum) in enumerate(walk):
        room = Counter(walk[one][1] for one in taken)[stratum] < quotas[stratum]
        free = Counter(walk[one][0] for one in taken)[worker] < cap
        if place in drawn:
            taken.append(place)
        elif room and free and supplied(walk, quotas, cap, [*taken, place], place + 1):
            return False
    return True


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
