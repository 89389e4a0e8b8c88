"""A two-way table with its margins as a network, so that large ones need no linear program.

Rows and columns are nodes, and a cell is an arc from its row to its column; a margin is an arc that comes back.
What flows into a node flows out of it: a row adds up. So another table that agrees with what is printed is
this one with some cycles of withheld arcs run through, and how far a number can move is a question of paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from attrs import define, frozen

from reviewcore.disclosure.linked.numbers import Flags, Ints
from reviewcore.disclosure.linked.values import LinkedTables

Arc: TypeAlias = tuple[int, int, bool]
"""Row, column, and whether the arc is gone from the row to the column."""


@frozen(eq=False)
class TwoWay:
    """Where the quantities of a two-way table stand: the last row and the last column are the margins.

    `number` has the quantity at each place, and `cell` the inner cell; -1 where there is none.
    """

    number: Ints
    cell: Ints

    @classmethod
    def of(cls, tables: LinkedTables) -> TwoWay | None:
        """Return the tables as one two-way table, or None where they are anything else."""
        import numpy as np

        size = len(tables.counts)
        single: dict[int, int] = {}
        sums: list[int] = []
        for q, one in enumerate(tables.quantities):
            if len(one.cells) == 1:
                single[next(iter(one.cells))] = q
            else:
                sums.append(q)
        if tables.told or len(single) < size or len(single) + len(sums) != len(tables.quantities):
            return None
        every = [q for q in sums if len(tables.quantities[q].cells) == size]
        margins = [q for q in sums if len(tables.quantities[q].cells) not in (0, size)]
        if len(every) != 1 or len(margins) + 1 != len(sums) or not margins:
            return None
        first = tables.quantities[margins[0]].cells
        rows = [q for q in margins if q == margins[0] or first.isdisjoint(tables.quantities[q].cells)]
        columns = sorted(set(margins) - set(rows))
        places = []
        for those in (rows, columns):
            place = np.full(size, -1)
            for at, q in enumerate(those):
                place[list(tables.quantities[q].cells)] = at
            if (place < 0).any() or sum(len(tables.quantities[q].cells) for q in those) != size:
                return None
            places.append(place)
        number = np.full((len(rows) + 1, len(columns) + 1), -1)
        cell = number.copy()
        cell[places[0], places[1]] = np.arange(size)
        if int((cell >= 0).sum()) != size:
            return None
        number[places[0], places[1]] = [single[c] for c in range(size)]
        number[:-1, -1], number[-1, :-1], number[-1, -1] = rows, columns, every[0]
        return cls(number, cell)

    def table(self, counts: Ints) -> Ints:
        """Return inner cells as a table with its margins."""
        import numpy as np

        found = np.zeros(self.cell.shape, dtype=np.int64)
        held = self.cell >= 0
        found[held] = counts[self.cell[held]]
        found[-1] = found.sum(axis=0)
        found[:, -1] = found[:, :-1].sum(axis=1)
        return found

    def values(self, by_number: Any, none: int) -> Ints:
        """Return what each quantity has, place by place; `none` where no quantity stands."""
        import numpy as np

        return np.where(self.number >= 0, np.asarray(by_number)[self.number], none)


@define(eq=False)
class Flow:
    """A table, what of it is withheld, and along which arcs it can be changed.

    `out[i, j]` says that the arc between row i and column j can be gone towards the column, and `back[j, i]`
    towards the row: a number can always grow, and shrink as long as it is above 0.
    """

    table: Ints
    withheld: Flags
    plain: Flags
    out: Flags
    back: Flags

    @classmethod
    def of(cls, table: Ints, withheld: Flags) -> Flow:
        """Return the flow of a table. Margins run from column to row, all else from row to column."""
        import numpy as np

        plain = np.ones(table.shape, dtype=bool)
        plain[-1, :-1] = plain[:-1, -1] = False
        out = withheld & (plain | (table > 0))
        back = withheld & (~plain | (table > 0))
        return cls(table.copy(), withheld.copy(), plain, out, np.ascontiguousarray(back.T))

    def loose(self) -> tuple[Ints, Ints]:
        """Return what has still to leave every row, and every column, for the table to add up."""
        into = self.table[:-1, -1], self.table[-1, :-1]
        rows = self.table[:, :-1].sum(axis=1)
        columns = self.table[:-1].sum(axis=0)
        rows[:-1] = into[0] - rows[:-1]
        rows[-1] -= self.table[-1, -1]
        columns[:-1] -= into[1]
        columns[-1] = self.table[-1, -1] - columns[-1]
        return rows, columns

    def path(self, start: tuple[bool, int], rows: Flags, columns: Flags) -> list[Arc] | None:
        """Return the shortest way from a row (True) or a column to any of those asked for; None if there is none."""
        reached = self.reach(start, rows, columns)
        return None if reached is None else self._trace(start, *reached)

    def reach(
        self, start: tuple[bool, int], rows: Flags, columns: Flags, seen: tuple[Flags, Flags] | None = None
    ) -> tuple[tuple[bool, int], Ints, Ints] | None:
        """Return the nearest of those asked for, and from where each row and column was come to.

        `seen` is filled with all that can be come to, where nothing that is asked for can be.
        """
        import numpy as np

        came = np.full(len(rows), -1), np.full(len(columns), -1)
        seen = seen or (np.zeros(len(rows), dtype=bool), np.zeros(len(columns), dtype=bool))
        wanted = rows, columns
        in_row, at = start[0], np.array([start[1]])
        seen[0 if in_row else 1][start[1]] = True
        while at.size:
            arcs = (self.out if in_row else self.back)[at]
            side = 1 if in_row else 0
            new = np.flatnonzero(arcs.any(axis=0) & ~seen[side])
            came[side][new] = at[arcs[:, new].argmax(axis=0)]
            seen[side][new] = True
            in_row, at = not in_row, new
            hit = at[wanted[side][at]]
            if hit.size:
                return (in_row, int(hit[0])), came[0], came[1]
        return None

    def _trace(self, start: tuple[bool, int], goal: tuple[bool, int], rows: Ints, columns: Ints) -> list[Arc]:
        found: list[Arc] = []
        in_row, at = goal
        while (in_row, at) != start:
            before = int((rows if in_row else columns)[at])
            found.append((at, before, False) if in_row else (before, at, True))
            in_row, at = not in_row, before
        return found[::-1]

    def room(self, way: list[Arc], most: int) -> int:
        """Return how much can go along a way, `most` at most."""
        for i, j, out in way:
            if out != self.plain[i, j]:
                most = min(most, int(self.table[i, j]))
        return most

    def push(self, way: list[Arc], much: int) -> None:
        """Let so much go along a way."""
        for i, j, out in way:
            self.set(i, j, int(self.table[i, j]) + (much if out == self.plain[i, j] else -much))

    def set(self, i: int, j: int, value: int) -> None:
        """Put another number at a place."""
        self.table[i, j] = value
        if self.withheld[i, j]:
            plain = bool(self.plain[i, j])
            self.out[i, j] = plain or value > 0
            self.back[j, i] = not plain or value > 0

    @contextmanager
    def without(self, i: int, j: int) -> Iterator[None]:
        """Go around one arc while this lasts."""
        held = bool(self.out[i, j]), bool(self.back[j, i])
        self.out[i, j] = self.back[j, i] = False
        yield
        self.out[i, j], self.back[j, i] = held

    def ends(self, i: int, j: int, up: bool) -> tuple[tuple[bool, int], Flags, Flags]:
        """Return from where to where a way must lead that lets a number grow, or shrink."""
        import numpy as np

        rows, columns = (np.zeros(size, dtype=bool) for size in self.table.shape)
        if up == bool(self.plain[i, j]):
            rows[i] = True
            return (False, j), rows, columns
        columns[j] = True
        return (True, i), rows, columns

    def move(self, i: int, j: int, goal: int) -> list[tuple[list[Arc], int]]:
        """Bring a number as near to a goal as it goes, and return what was pushed for it."""
        up = goal > int(self.table[i, j])
        ends = self.ends(i, j, up)
        done: list[tuple[list[Arc], int]] = []
        with self.without(i, j):
            while left := abs(goal - int(self.table[i, j])):
                way = self.path(*ends)
                if way is None:
                    break
                much = self.room(way, left)
                self.push(way, much)
                self.table[i, j] += much if up else -much
                done.append((way, much))
        self.set(i, j, int(self.table[i, j]))
        return done

    def cut(self, i: int, j: int, up: bool) -> tuple[Flags, Flags]:
        """Return the rows and columns that can be come to where a number goes no further."""
        import numpy as np

        start, rows, columns = self.ends(i, j, up)
        seen = tuple(np.zeros(size, dtype=bool) for size in self.table.shape)
        with self.without(i, j):
            self.reach(start, rows, columns, (seen[0], seen[1]))
        return seen[0], seen[1]

    def even_out(self) -> bool:
        """Make the table add up by changing what is withheld, and return whether it does."""
        import numpy as np

        rows, columns = self.loose()
        inner = self.withheld.copy()
        inner[-1], inner[:, -1] = False, False
        # Most of it goes straight over one arc.
        left, short = rows.tolist(), (-columns).tolist()
        for i, j in np.argwhere(inner).tolist():
            much = min(left[i], short[j])
            if much > 0:
                left[i] -= much
                short[j] -= much
                self.set(i, j, int(self.table[i, j]) + much)
        over = np.array(left), -np.array(short)
        for in_row in (True, False):
            for at in np.flatnonzero(over[0 if in_row else 1] > 0).tolist():
                mine = over[0 if in_row else 1]
                while mine[at] > 0:
                    reached = self.reach((in_row, at), over[0] < 0, over[1] < 0)
                    if reached is None:
                        return False
                    (goal_row, goal), came_row, came_column = reached
                    way = self._trace((in_row, at), (goal_row, goal), came_row, came_column)
                    theirs = over[0 if goal_row else 1]
                    much = self.room(way, int(min(mine[at], -theirs[goal])))
                    self.push(way, much)
                    mine[at] -= much
                    theirs[goal] += much
        return True
