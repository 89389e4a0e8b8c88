"""Whole tables with given one-way and two-way margins, found by exchanges between two persons.

Two persons of different values in two attributes, who exchange the one of them, change the table of these two
attributes in four places. If they are alike in all others, no other table changes; else what changes there is put
right by further exchanges, for which there are mostly persons who are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, TypeAlias

from attrs import define

from reviewcore.disclosure.linked.numbers import Ints

Pair: TypeAlias = tuple[int, int]
STEPS = 12
"""How many exchanges are made at most for each that would do if all persons needed were alike."""
LOOKS = 8
"""How many pairs of places are looked at for two persons who are alike."""
WANDER = 3
"""By how much an exchange may look worse than another and still be chosen, so that none goes round in a circle."""


@define(eq=False)
class Exchange:
    """A table of persons by all attributes, and by how much its margins are still short of those wanted."""

    table: Any
    singles: list[Ints]
    pairs: dict[Pair, Ints]
    wanted: dict[Pair, Ints]
    source: Random

    @classmethod
    def of(cls, table: Any, singles: list[Ints], pairs: dict[Pair, Ints], seed: int = 0) -> Exchange:
        """Return the way from a table to wanted margins."""
        table = table.copy()
        axes = range(table.ndim)
        return cls(
            table,
            [wanted - table.sum(axis=tuple(x for x in axes if x != a)) for a, wanted in enumerate(singles)],
            {
                (a, b): wanted - table.sum(axis=tuple(x for x in axes if x not in (a, b)))
                for (a, b), wanted in pairs.items()
            },
            pairs,
            Random(seed),  # noqa: S311  # choices among equals, no secret
        )

    def run(self) -> bool:
        """Exchange until all margins are as wanted; return whether they are."""
        import numpy as np

        if any(short.sum() for short in self.singles):
            return False
        for attribute, short in enumerate(self.singles):
            while short.any():
                self._shift(attribute, int(short.argmin()), int(short.argmax()))
        left = STEPS * (10 + sum(int(np.abs(short).sum()) for short in self.pairs.values()) // 4)
        waiting = list(self.pairs)
        while waiting:
            pair = waiting[-1]
            while self.pairs[pair].any():
                left -= 1
                touched = self._exchange(pair) if left > 0 else None
                if touched is None:
                    return False
                if touched:
                    waiting += touched
                    break
            else:
                waiting.pop()
        return True

    def _shift(self, attribute: int, old: int, new: int) -> None:
        # One person gets another value: the one whose other values are the most wanted there.
        import numpy as np

        slot = [slice(None)] * self.table.ndim
        slot[attribute] = old  # type: ignore[call-overload]
        here = self.table[tuple(slot)]
        score = np.zeros(here.shape)
        rest = [a for a in range(self.table.ndim) if a != attribute]
        for (a, b), short in self.pairs.items():
            if attribute in (a, b):
                lines = short if a == attribute else short.T
                gain = (lines[old] < 0).astype(float) + (lines[new] > 0)
                shape = [1] * len(rest)
                shape[rest.index(b if a == attribute else a)] = len(gain)
                score += gain.reshape(shape)
        at = list(np.unravel_index(int(np.where(here > 0, score, -1.0).argmax()), here.shape))
        person = [int(one) for one in at]
        self._move(
            [*person[:attribute], old, *person[attribute:]], [*person[:attribute], new, *person[attribute:]]
        )

    def _exchange(self, pair: Pair) -> list[Pair] | None:
        # One exchange that brings a table nearer; returns which others it changed, or None where there is none.
        found = self._corners(pair)
        if found is None:
            return None
        one, two = found
        # To exchange the second value changes tables of it with the others in which the two differ, or else the first.
        apart = [c for c in range(self.table.ndim) if c not in pair and one[c] != two[c]]
        changed = {x: [key for c in apart if (key := (min(x, c), max(x, c))) in self.pairs] for x in pair}
        x = min(pair, key=lambda x: self._worse(x, changed[x], one, two) + self.source.random() * WANDER)
        for person, value in ((one, two[x]), (two, one[x])):
            self._move(person, [*person[:x], value, *person[x + 1 :]])
        return changed[x]

    def _corners(self, pair: Pair) -> tuple[list[int], list[int]] | None:
        # A person in a place with too many, and one in another row and column, so that where they then are are too few;
        # alike in all else if there are such two in any place looked at.
        short = self.pairs[pair]
        too_many = short < 0
        filled = self.wanted[pair] > short
        first = None
        for again in range(LOOKS):
            i, j = self._any(too_many)
            rows, columns = short[:, j] > 0, short[i] > 0
            if again >= LOOKS // 2:
                # By way of a place that is as it should be.
                line = rows if again % 2 else columns
                line[:] = True
                rows[i] = columns[j] = False
            there = rows[:, None] & columns & filled
            if not there.any():
                continue
            if again < LOOKS // 2 and (better := there & too_many).any():
                there = better
            places = (i, j), self._any(there)
            one, two = (self.table[self._slot(pair, at)] for at in places)
            both = one.astype(bool) & two.astype(bool)
            if both.any():
                alike = self._any(both)
                return self._person(pair, places[0], alike), self._person(pair, places[1], alike)
            first = first or (places, one, two)
        if first is None:
            return None
        places, one, two = first
        mine, theirs = self._nearly(one, two)
        return self._person(pair, places[0], mine), self._person(pair, places[1], theirs)

    def _slot(self, pair: Pair, at: Sequence[int]) -> tuple[Any, ...]:
        slot: list[Any] = [slice(None)] * self.table.ndim
        slot[pair[0]], slot[pair[1]] = at
        return tuple(slot)

    def _person(self, pair: Pair, at: Sequence[int], rest: Sequence[int]) -> list[int]:
        person = list(map(int, rest))
        person.insert(pair[0], at[0])
        person.insert(pair[1], at[1])
        return person

    def _nearly(self, one: Any, two: Any) -> tuple[Any, Any]:
        import numpy as np

        for x in self.source.sample(range(one.ndim), one.ndim):
            both = np.minimum(one.max(axis=x), two.max(axis=x))
            if both.any():
                at = self._any(both > 0)
                line = (*at[:x], slice(None), *at[x:])
                mine, theirs = self._any(one[line] > 0), self._any(two[line] > 0)
                return (*at[:x], *mine, *at[x:]), (*at[:x], *theirs, *at[x:])
        all_one, all_two = np.argwhere(one > 0), np.argwhere(two > 0)
        alike = (all_one[:, None, :] == all_two[None, :, :]).sum(axis=2)
        first, second = np.unravel_index(int(alike.argmax()), alike.shape)
        return all_one[first], all_two[second]

    def _any(self, which: Any) -> tuple[int, ...]:
        # One of the places that are marked.
        places = which.ravel().nonzero()[0]
        one = int(places[int(self.source.random() * len(places))])
        found = []
        for size in reversed(which.shape):
            one, at = divmod(one, size)
            found.append(at)
        return tuple(found[::-1])

    def _worse(self, x: int, changed: list[Pair], one: list[int], two: list[int]) -> int:
        # By how much more the other tables are off after an exchange.
        worse = 0
        for a, b in changed:
            c = b if a == x else a
            for value, other, by in (
                (one[x], one[c], 1), (two[x], one[c], -1), (two[x], two[c], 1), (one[x], two[c], -1)
            ):  # fmt: skip
                short = int(self.pairs[a, b][(value, other) if a == x else (other, value)])
                worse += abs(short + by) - abs(short)
        return worse

    def _move(self, old: list[int], new: list[int]) -> None:
        self.table[tuple(old)] -= 1
        self.table[tuple(new)] += 1
        for a, short in enumerate(self.singles):
            if old[a] != new[a]:
                short[old[a]] += 1
                short[new[a]] -= 1
        for (a, b), two in self.pairs.items():
            if old[a] != new[a] or old[b] != new[b]:
                two[old[a], old[b]] += 1
                two[new[a], new[b]] -= 1
