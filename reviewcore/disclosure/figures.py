"""What is printed of a measure, and what of it must be hidden, as arrays: sums of inner cells, and what bounds them."""

from __future__ import annotations

from typing import Any

from reviewcore.disclosure.linked.numbers import Ints
from reviewcore.disclosure.linked.reach import Row
from reviewcore.disclosure.model import Problem

FAR = 2**52


class Figures:
    """All numbers of a problem.

    `sums` has the cells of every number, as 0 and 1, and `spans` the least and most of those that are printed.
    `cells` are those of what must be hidden: first every number that is withheld, then, where it is `rest`, what a
    group has besides one of its parts; `number` says of which number each is. `sure` and `cap` are how many are
    certainly there at least and at most; `least` and `most` the same by the sizes of places alone, with `whole`
    those that are in it with all their cases and `touched` those with any. `rows` are all that is known of the cells.
    """

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        tables, made = problem.tables, problem.made
        self.size, self.quantities, self.atoms = len(tables.counts), tables.quantities, len(problem.atoms)
        values = list(made.values.values())
        self.spans = [
            made.ranges.get(one.name) if value is None else (value, value)
            for one, value in zip(tables.quantities, values, strict=True)
        ]
        self.sums: Ints = np.zeros((len(values), self.size), dtype=np.int64)
        for q, one in enumerate(tables.quantities):
            self.sums[q, list(one.cells)] = 1
        self.printed: Ints = np.array(
            [q for q, value in enumerate(values) if value is not None], dtype=np.int64
        )
        self.values: Ints = np.array([values[q] for q in self.printed], dtype=np.int64)
        self.new = np.array([not self.quantities[q].publication for q in self.printed], dtype=bool)
        hidden = [q for q, value in enumerate(values) if value is None]
        names = {one.name: q for q, one in enumerate(tables.quantities)}
        rest = [
            (names[one.whole], names[part])
            for one in tables.splits
            for part in one.parts
            if tables.quantities[names[part]].cells != tables.quantities[names[one.whole]].cells
        ]
        self.number = [*hidden, *(whole for whole, _ in rest)]
        self.cells: Ints = np.concatenate(
            [self.sums[hidden], *(self.sums[[whole]] - self.sums[[part]] for whole, part in rest)]
        )
        self.rest = np.arange(len(self.number)) >= len(hidden)
        self.count: Ints = self.cells.sum(axis=1)
        self.told: list[Row] = [
            (list(one.cells), list(map(float, one.cells.values())), float(one.value), float(one.value))
            for one in tables.told
        ]
        printed: dict[frozenset[int], tuple[int, int]] = {}
        for one, span in zip(tables.quantities, self.spans, strict=True):
            if span is not None:
                low, high = printed.get(one.cells, span)
                printed[one.cells] = max(low, span[0]), min(high, span[1])
        self.rows = [*self.told, *(row_of(cells, span) for cells, span in printed.items())]
        self._by_size(problem)

    def _by_size(self, problem: Problem) -> None:
        import numpy as np

        sizes = problem.shape.sizes()
        self.least: Ints = np.zeros(len(self.number), dtype=np.int64)
        self.most: Ints = np.full(len(self.number), FAR)
        self.touched = self.whole = None
        if sizes is not None:
            by_place = (
                self.cells[:, : len(sizes) * self.atoms].reshape(len(self.number), -1, self.atoms).sum(axis=2)
            )
            self.touched, self.whole = by_place > 0, by_place == self.atoms
            self.least, self.most = self.whole @ sizes, self.touched @ sizes
        # By what is printed inside a number, or around it.
        self.sure, self.cap = self.least.copy(), self.most.copy()
        for q, span in enumerate(self.spans):
            if span is not None:
                around, within = self.around(self.sums[q])
                self.sure[around] = np.maximum(self.sure[around], span[0])
                self.cap[within] = np.minimum(self.cap[within], span[1])

    def around(self, of: Any) -> tuple[Any, Any]:
        """Return which numbers have all of some cells inside them, and which have no others."""
        inside, many = self.cells @ of, of.sum()
        return inside >= many, inside >= self.count

    def agree(self, tables: Any) -> Any:
        """Return which of some tables agree with all that is known."""
        import numpy as np

        rows = np.zeros((len(self.rows), self.size), dtype=np.int64)
        for at, (cells, factors, _, _) in enumerate(self.rows):
            rows[at, list(cells)] = factors
        sums = tables @ rows.T
        low, high = (np.array([row[n] for row in self.rows]) for n in (2, 3))
        return ((sums >= low) & (sums <= high)).all(axis=1)


def row_of(cells: frozenset[int], span: tuple[int, int]) -> Row:
    """Return a sum of cells as it bounds them."""
    return list(cells), [1.0] * len(cells), float(span[0]), float(span[1])
