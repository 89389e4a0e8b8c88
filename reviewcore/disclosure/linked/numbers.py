"""Everything that is summed and everything that is guarded, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from reviewcore.disclosure.linked.values import LinkedTables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Ints: TypeAlias = "NDArray[np.int64]"
Floats: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"


@frozen(eq=False)
class Sums:
    """Sums of inner cells: number j is over `cells[start[j]:start[j + 1]]`."""

    start: Ints
    cells: Ints

    @classmethod
    def of(cls, members: list[list[int]]) -> Sums:
        """Return the sums over lists of cells."""
        import numpy as np

        start = np.zeros(len(members) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in members], out=start[1:])
        flat = [cell for one in members for cell in one]
        return cls(start, np.array(flat, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.start) - 1

    def at(self, number: int) -> Ints:
        """Return the cells of one sum."""
        return self.cells[self.start[number] : self.start[number + 1]]

    def values(self, table: Ints) -> Ints:
        """Return every sum over a table of inner cells, followed by a 0."""
        import numpy as np

        running = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(table[self.cells])))
        found: Ints = running[self.start[1:]] - running[self.start[:-1]]
        return np.concatenate((found, np.zeros(1, dtype=np.int64)))


@frozen(eq=False)
class Guards:
    """What must not be worked out: number `plus` less number `minus` (`none` where nothing is taken off).

    A guard must be able to be as small as 0 and as large as `least_high`, or be sure to be k or more, or
    sure to be 0; not the last where it is `barred`, unless quantity `whole` is 0 too. The first guards are
    the quantities, in order; `made_of` says how each is the sum of few others and inner cells.
    """

    sums: Sums
    quantities: int
    made_of: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    plus: Ints
    minus: Ints
    least_high: Ints
    barred: Flags
    whole: Ints

    @property
    def none(self) -> int:
        """The number that is always 0."""
        return len(self.sums)

    def __len__(self) -> int:
        return len(self.plus)

    def values(self, table: Ints) -> Ints:
        """Return what every guard is in a table of inner cells."""
        found = self.sums.values(table)
        return found[self.plus] - found[self.minus]

    def cells(self, guard: int) -> Ints:
        """Return the inner cells of a guard."""
        import numpy as np

        plus, minus = int(self.plus[guard]), int(self.minus[guard])
        mine = self.sums.at(plus)
        return mine if minus == self.none else mine[~np.isin(mine, self.sums.at(minus))]


def guards(tables: LinkedTables, k: int, t: int) -> Guards:
    """Return every quantity, whatever its number, and whatever else is in truth too small to be known.

    That is: inner cells, what is left of one quantity less another inside it, and what is left of a
    group less a part of its split, where these are from 1 to k-1; the last also where it is 0.
    """
    import numpy as np

    members = [sorted(one.cells) for one in tables.quantities]
    masks = [mask_of(one) for one in members]
    values = [sum(tables.counts[cell] for cell in one) for one in members]
    rows = [(number, -1, k - 1, 0, -1) for number in range(len(masks))]
    seen = set(masks) | {0}
    if tables.inner:
        for cell in sorted({cell for one in members for cell in one}):
            if 0 < tables.counts[cell] < k and 1 << cell not in seen:
                seen.add(1 << cell)
                rows.append((len(members), -1, k - 1, 0, -1))
                members.append([cell])
    having: dict[int, list[int]] = {}
    for number, one in enumerate(members[: len(masks)]):
        for cell in one:
            having.setdefault(cell, []).append(number)
    inside: dict[int, list[int]] = {}
    for number, mask in enumerate(masks):
        for other in having[members[number][0]] if mask else ():
            if masks[other] & mask != mask:
                continue
            if masks[other] != mask or other > number:
                inside.setdefault(other, []).append(number)
            left = masks[other] & ~mask
            if 0 < values[other] - values[number] < k and left not in seen:
                seen.add(left)
                rows.append((other, number, k - 1, 0, -1))
    names = {one.name: number for number, one in enumerate(tables.quantities)}
    for split in tables.splits:
        whole = names[split.whole]
        rows += [
            (whole, part, t + 1, 1, whole)
            for part in map(names.__getitem__, split.parts)
            if values[whole] - values[part] <= t and masks[whole] != masks[part]
        ]
    found = np.array(rows, dtype=np.int64).reshape(-1, 5)
    found[found[:, 1] < 0, 1] = len(members)
    made_of = tuple(_made_of(members[q], masks, inside.get(q, []), members) for q in range(len(masks)))
    return Guards(
        Sums.of(members), len(masks), made_of,
        found[:, 0], found[:, 1], found[:, 2], found[:, 3].astype(bool), found[:, 4],
    )  # fmt: skip


def _made_of(
    cells: list[int], masks: list[int], inside: list[int], members: list[list[int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    # The largest first: a sum of few is quicker to work with than one of many.
    chosen: list[int] = []
    covered = 0
    for other in sorted(inside, key=lambda q: (-len(members[q]), q)):
        if not masks[other] & covered:
            chosen.append(other)
            covered |= masks[other]
    return tuple(chosen), tuple(cell for cell in cells if not covered >> cell & 1)


def mask_of(cells: list[int]) -> int:
    """Return cells, in order, as the bits of a number."""
    if not cells:
        return 0
    held = bytearray(cells[-1] // 8 + 1)
    for cell in cells:
        held[cell // 8] |= 1 << cell % 8
    return int.from_bytes(held, "little")


def whole_numbers(found: Any) -> Ints | None:
    """Return a solver's table as whole numbers, or None where it is not made of them."""
    import numpy as np

    near = np.rint(found)
    return near.astype(np.int64) if np.abs(near - found).max(initial=0.0) < 1e-6 else None
