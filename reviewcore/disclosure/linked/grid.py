"""Tables that are the margins of one grid: which attributes they have, and what each number is of.

Nothing says so but the cells of the numbers themselves. Where they are all the values of some attributes, crossed
one or two at a time, what holds between them are sums of few terms, and other tables are found by exchanges.
"""

from __future__ import annotations

from math import prod
from typing import TypeAlias

from attrs import frozen

from reviewcore.disclosure.linked.exchange import Exchange
from reviewcore.disclosure.linked.numbers import Ints, mask_of
from reviewcore.disclosure.linked.values import LinkedTables

Box: TypeAlias = tuple[tuple[int, int], ...]
"""Which attributes a number restricts, in order, each with the one value that it keeps."""
AGAIN = 3
"""How many ways to a table are tried, where nothing else is said."""


@frozen(eq=False)
class Grid:
    """`sizes` are how many values each attribute has, `place` where in the crossed attributes an inner cell is.

    `singles[a]` are the numbers of the values of attribute a, and `pairs[a, b]` those of two attributes crossed.
    """

    sizes: tuple[int, ...]
    place: Ints
    boxes: tuple[Box, ...]
    singles: tuple[Ints, ...]
    pairs: dict[tuple[int, int], Ints]

    @classmethod
    def of(cls, tables: LinkedTables) -> Grid | None:
        """Return the grid of which tables are the one-way and two-way margins, or None where they are not."""
        import numpy as np

        apart = len(tables.publications) > 1 or any(one.table for one in tables.quantities)
        if tables.told or apart or not tables.counts:
            return None
        masks = [mask_of(sorted(one.cells)) for one in tables.quantities]
        whole = (1 << len(tables.counts)) - 1
        attributes = _attributes(masks, whole) if whole in masks else []
        if not attributes:
            return None
        at = np.full((len(attributes), len(tables.counts)), -1)
        for attribute, values in enumerate(attributes):
            for value, mask in enumerate(values):
                at[attribute, sorted(tables.quantities[masks.index(mask)].cells)] = value
        sizes = tuple(map(len, attributes))
        if prod(sizes) != len(tables.counts):
            return None
        place = np.ravel_multi_index(tuple(at), sizes)
        numbers = {mask: number for number, mask in reversed(list(enumerate(masks)))}
        boxes = [_box(mask, attributes, whole) for mask in masks]
        if len(np.unique(place)) < len(place) or any(one is None or len(one) > 2 for one in boxes):
            return None
        known = {box for box in boxes if box is not None}
        used = {(box[0][0], box[1][0]) for box in known if len(box) == 2}
        pairs = {}
        for a, b in sorted(used):
            cells = [[((a, i), (b, j)) for j in range(sizes[b])] for i in range(sizes[a])]
            if not known.issuperset(box for row in cells for box in row):
                return None
            pairs[a, b] = np.array(
                [
                    [numbers[attributes[a][i] & attributes[b][j]] for j in range(sizes[b])]
                    for i in range(sizes[a])
                ]
            )
        singles = tuple(np.array([numbers[mask] for mask in values]) for values in attributes)
        return cls(sizes, place, tuple(one for one in boxes if one is not None), singles, pairs)

    def relations(self) -> list[tuple[list[int], int]]:
        """Return the numbers that add up, each time with the one that they add up to."""
        total = next(number for number, box in enumerate(self.boxes) if not box)
        found: list[tuple[list[int], int]] = [(one.tolist(), total) for one in self.singles]
        for (a, b), table in self.pairs.items():
            found += [(row, int(self.singles[a][i])) for i, row in enumerate(table.tolist())]
            found += [(row, int(self.singles[b][j])) for j, row in enumerate(table.T.tolist())]
        first: dict[Box, int] = {}
        for number, box in enumerate(self.boxes):
            if first.setdefault(box, number) != number:
                found.append(([number], first[box]))
        return found

    def table(self, numbers: Ints, near: Ints | None = None, ways: int = AGAIN) -> Ints | None:
        """Return inner cells of which these are the numbers, found from others; None where none are found."""
        import numpy as np

        singles = [numbers[one] for one in self.singles]
        table = np.zeros(self.sizes, dtype=np.int64)
        if any(one.min() < 0 or one.sum() != singles[0].sum() for one in singles):
            return None
        if near is not None:
            table.ravel()[self.place] = near
        if near is None or table.sum() != singles[0].sum():
            # Everybody with just so many of each value, whoever has which.
            table[:] = 0
            source = np.random.default_rng(0)
            values = [np.repeat(np.arange(len(one)), one) for one in singles]
            np.add.at(table, tuple(source.permutation(one) for one in values), 1)
        pairs = {pair: numbers[one] for pair, one in self.pairs.items()}
        for again in range(ways):
            way = Exchange.of(table, singles, pairs, again)
            if way.run():
                found: Ints = way.table.ravel()[self.place]
                return found
        return None


def _attributes(masks: list[int], whole: int) -> list[list[int]]:
    # What is no crossing of larger numbers is a value of an attribute; those of one attribute share no cell.
    given = sorted(
        {mask for mask in masks if mask not in (0, whole)}, key=lambda mask: (mask & -mask, -mask.bit_count())
    )
    having: dict[int, list[int]] = {}
    for mask in given:
        for cell in _bits(mask):
            having.setdefault(cell, []).append(mask)
    values = []
    for mask in given:
        around = whole
        for other in having[(mask & -mask).bit_length() - 1]:
            if other != mask and other & mask == mask:
                around &= other
        if around != mask:
            values.append(mask)
    attributes = []
    while values:
        found, covered = [values[0]], values[0]
        for mask in values[1:]:
            if not mask & covered:
                found.append(mask)
                covered |= mask
        if covered != whole:
            return []
        attributes.append(found)
        values = [mask for mask in values if mask not in found]
    return attributes


def _bits(mask: int) -> list[int]:
    # The cells of a mask, as `mask_of` made it.
    import numpy as np

    held = np.frombuffer(mask.to_bytes(mask.bit_length() // 8 + 1, "little"), dtype=np.uint8)
    found: list[int] = np.flatnonzero(np.unpackbits(held, bitorder="little")).tolist()
    return found


def _box(mask: int, attributes: list[list[int]], whole: int) -> Box | None:
    found: list[tuple[int, int]] = []
    rest = whole
    for attribute, values in enumerate(attributes):
        for value, one in enumerate(values):
            if mask & one == mask:
                found.append((attribute, value))
                rest &= one
    return tuple(found) if rest == mask and mask else None
