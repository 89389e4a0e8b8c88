"""What adds up, line by line: the inner cells, and the quantities that are sums of several, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from reviewcore.disclosure.linked.numbers import Flags, Floats, Guards, Ints

if TYPE_CHECKING:
    import highspy


@frozen(eq=False)
class Lines:
    """A column for each inner cell, then one for each quantity that is a sum of several; `columns` has each quantity's.

    A quantity of one inner cell has the column of that cell. Line r says that the columns
    `places[start[r]:start[r + 1]]`, the last excepted, add up to the last; it is that of quantity `summed[r]`.
    """

    guards: Guards
    size: int
    columns: Ints
    summed: Ints
    start: Ints
    places: Ints

    @classmethod
    def of(cls, guards: Guards, size: int) -> Lines:
        """Return what adds up among guarded quantities, over so many inner cells."""
        import numpy as np

        columns = np.full(guards.quantities, -1, dtype=np.int64)
        taken: set[int] = set()
        summed: list[int] = []
        for quantity in range(guards.quantities):
            cells = guards.sums.at(quantity).tolist()
            if len(cells) == 1 and cells[0] not in taken:
                taken.add(cells[0])
                columns[quantity] = cells[0]
            else:
                columns[quantity] = size + len(summed)
                summed.append(quantity)
        lines = []
        for quantity in summed:
            others, own = guards.made_of[quantity]
            lines.append([*own, *columns[list(others)].tolist(), int(columns[quantity])])
        start = np.cumsum([0, *map(len, lines)])
        places = np.array([place for line in lines for place in line], dtype=np.int64)
        return cls(guards, size, columns, np.array(summed, dtype=np.int64), start, places)

    def __len__(self) -> int:
        return self.size + len(self.summed)

    def values(self, table: Ints) -> Ints:
        """Return what every column is in a table of inner cells."""
        import numpy as np

        return np.concatenate((table, self.guards.sums.values(table)[self.summed]))

    def factors(self, guard: int) -> tuple[Ints, Floats]:
        """Return the columns of which a guard is made, and the factor of each."""
        import numpy as np

        guards = self.guards
        places, factors = [], []
        for number, factor in ((int(guards.plus[guard]), 1.0), (int(guards.minus[guard]), -1.0)):
            if number != guards.none:
                known = number < guards.quantities
                places.append(self.columns[number : number + 1] if known else guards.sums.at(number))
                factors.append(np.full(len(places[-1]), factor))
        return np.concatenate(places), np.concatenate(factors)

    def add_to(self, program: highspy.Highs, kept: Flags, twice: bool = False) -> None:
        """Add the lines to a program that has the kept columns, or each of these twice: upward and downward."""
        import numpy as np

        new, factors = np.cumsum(kept) - 1, np.ones(len(self.places))
        factors[self.start[1:] - 1] = -1.0
        mine = kept[self.places]
        lines = np.repeat(np.arange(len(self.summed)), np.diff(self.start))[mine]
        places, factors = new[self.places[mine]], factors[mine]
        if twice:
            lines, places = np.tile(lines, 2), np.concatenate((places, places + int(kept.sum())))
            factors = np.concatenate((factors, -factors))
            order = np.argsort(lines, kind="stable")
            lines, places, factors = lines[order], places[order], factors[order]
        start = np.unique(lines, return_index=True)[1].astype(np.int32)
        nothing = np.zeros(len(start))
        program.addRows(len(start), nothing, nothing, len(places), start, places.astype(np.int32), factors)
