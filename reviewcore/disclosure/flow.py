"""Exact integer bounds of one number among many that are tied together by sums.

The cells of a two-way table with grouped rows and columns are flows along the arcs of a network: what
goes into a node comes out of it. Every extreme point of such a system is whole-numbered, so the bounds
found here are the very least and greatest values that an integer table can have. Starting from the true
table, which is one solution, an arc's flow is pushed up and down along detours until no detour is left.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, field

Node: TypeAlias = tuple[str, ...]


@define
class Network:
    """Arcs (from, to) with their true flow and the least and greatest that an outsider must allow for.

    Nodes are named by tuples of text. The flow into a row is known and needs no arc.
    """

    arcs: list[tuple[Node, Node]] = field(factory=list)
    flow: list[int] = field(factory=list)
    least: list[int] = field(factory=list)
    most: list[int] = field(factory=list)

    def arc(self, start: Node, end: Node, flow: int, least: int, most: int) -> int:
        """Add an arc and return its number."""
        self.arcs.append((start, end))
        self.flow.append(flow)
        self.least.append(least)
        self.most.append(most)
        return len(self.arcs) - 1

    def bounds(self, arc: int) -> tuple[int, int]:
        """Return the least and the greatest flow that the arc can have, all others adjusting to it."""
        return self.smallest(arc), self.greatest(arc)

    def smallest(self, arc: int) -> int:
        """Return the least flow that the arc can have."""
        start, end = self.arcs[arc]
        return self._push(arc, start, end, -1)

    def greatest(self, arc: int) -> int:
        """Return the greatest flow that the arc can have."""
        start, end = self.arcs[arc]
        return self._push(arc, end, start, +1)

    def _push(self, arc: int, source: Node, target: Node, sign: int) -> int:
        # One more unit from start to end must come back from end to start by another way; one unit
        # less must go from start to end by another way.
        flow = list(self.flow)
        while True:
            room = self.most[arc] - flow[arc] if sign > 0 else flow[arc] - self.least[arc]
            way = self._detour(flow, source, target, arc) if room > 0 else None
            if way is None:
                return flow[arc]
            step = min(
                room, *(self.most[a] - flow[a] if up > 0 else flow[a] - self.least[a] for a, up in way)
            )
            for other, up in way:
                flow[other] += up * step
            flow[arc] += sign * step

    def _detour(
        self, flow: list[int], source: Node, target: Node, without: int
    ) -> list[tuple[int, int]] | None:
        came: dict[Node, tuple[Node, int, int]] = {}
        ways: dict[Node, list[tuple[int, int]]] = {}
        for number, (start, end) in enumerate(self.arcs):
            if number == without:
                continue
            if flow[number] < self.most[number]:
                ways.setdefault(start, []).append((number, +1))
            if flow[number] > self.least[number]:
                ways.setdefault(end, []).append((number, -1))
        waiting = [source]
        for node in waiting:
            for number, up in ways.get(node, ()):
                following = self.arcs[number][1 if up > 0 else 0]
                if following == source or following in came:
                    continue
                came[following] = (node, number, up)
                if following == target:
                    return _back(came, source, target)
                waiting.append(following)
        return None


def _back(came: dict[Node, tuple[Node, int, int]], source: Node, target: Node) -> list[tuple[int, int]]:
    way: list[tuple[int, int]] = []
    node = target
    while node != source:
        node, number, up = came[node]
        way.append((number, up))
    return way
