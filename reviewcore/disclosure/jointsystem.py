"""All splits of a measure as one system of whole numbers: what an outsider, or an insider, must allow for.

The unknown is how many cases of each row have each code, or were not rated. A split whose rows are made of
another's rows has no unknowns of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import define, frozen

from reviewcore.aggregation.values import Coding
from reviewcore.disclosure.lines import SILENT, Line, Printed
from reviewcore.disclosure.rules import Group
from reviewcore.errors import Refused

if TYPE_CHECKING:
    import highspy

Groups: TypeAlias = Mapping[str, Group]
Within: TypeAlias = Mapping[tuple[str, str], Mapping[str, str]]
TINY = 1e-6
NODES = 2000
"""How many branches a search among whole tables may take before the question counts as undecided."""


@frozen
class Measured:
    """What is printed of a measure: the row over all cases, and each split with its groups."""

    everybody: Group
    overall: Printed
    splits: Mapping[str, Groups]
    printed: Mapping[str, Printed]
    codings: tuple[Coding, ...]

    def speaking(self) -> list[str]:
        """Return the splits that print anything."""
        return [split for split, one in self.printed.items() if any(v != SILENT for v in one.lines.values())]


def nested(fine: Groups, coarse: Groups) -> dict[str, str] | None:
    """Return the row of `coarse` in which each row of `fine` lies, or None where one lies in several.

    A row of nobody lies in none.
    """
    found = {}
    for key, group in fine.items():
        inside = [other for other, wide in coarse.items() if group.workers.keys() & wide.workers.keys()]
        if len(inside) > 1:
            return None
        if inside:
            found[key] = inside[0]
    return found


@define(eq=False)
class System:
    """Cells by (split, row, code), for the splits that are not made of another; `made` says how others are."""

    places: dict[tuple[str, str, str | None], int]
    made: Mapping[str, tuple[str, Mapping[str, str]]]
    codes: tuple[str, ...]
    truth: list[int]
    own: list[int]
    program: highspy.Highs

    @classmethod
    def of(cls, measured: Measured, within: Within, coalition: int) -> System:
        """Return the system of all that is printed; `coalition` is how many workers put together what they know."""
        import highspy

        splits = list(measured.splits)
        codes = tuple(sorted(set().union(*(one.codes for coding in measured.codings for one in coding))))
        made: dict[str, tuple[str, Mapping[str, str]]] = {}
        for at, coarse in enumerate(splits):
            for fine in splits:
                mutual = (coarse, fine) in within and splits.index(fine) > at
                if (fine, coarse) in within and not mutual and fine not in made:
                    made[coarse] = fine, within[fine, coarse]
                    break
        places: dict[tuple[str, str, str | None], int] = {}
        truth: list[int] = []
        own: list[int] = []
        for split in splits:
            for row, group in measured.splits[split].items() if split not in made else ():
                for code in (*codes, None):
                    behind = group.own(None if code is None else frozenset({code}))
                    places[split, row, code] = len(truth)
                    truth.append(behind.total())
                    own.append(sum(cases for _, cases in behind.most_common(coalition)))
        program = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            program.setOptionValue(option, value)
        system = cls(places, made, codes, truth, own, program)
        system._state(measured, within)
        return system

    def cells(self, split: str, row: str, codes: frozenset[str] | None) -> list[int]:
        """Return the cells of the cases of a row that have one of `codes`, or that were not rated."""
        if split in self.made:
            fine, rows = self.made[split]
            return [
                cell for one, other in rows.items() if other == row for cell in self.cells(fine, one, codes)
            ]
        if codes is None:
            return [self.places[split, row, None]]
        return [self.places[split, row, code] for code in self.codes if code in codes]

    def _state(self, measured: Measured, within: Within) -> None:
        import numpy as np

        size = measured.everybody.size
        self.program.addVars(
            len(self.truth), np.zeros(len(self.truth)), np.full(len(self.truth), float(size))
        )
        every = frozenset(self.codes)
        first = next(split for split in measured.splits if split not in self.made)

        def overall(codes: frozenset[str] | None) -> list[int]:
            return [cell for row in measured.splits[first] for cell in self.cells(first, row, codes)]

        self._said(measured.overall, next(iter(measured.overall.lines.values())), overall)
        for split, groups in measured.splits.items():
            for row, group in groups.items():
                here = partial(self.cells, split, row)
                if split not in self.made:
                    self._row([*here(every), *here(None)], [], group.size, group.size)
                self._said(measured.printed[split], measured.printed[split].lines[row], here)
        # Splits that are not made of each other have the same cases in all, and in what both are parts of.
        bases = [split for split in measured.splits if split not in self.made]
        for base in bases[1:]:
            for code in (*self.codes, None):
                one = None if code is None else frozenset({code})
                theirs = [cell for row in measured.splits[base] for cell in self.cells(base, row, one)]
                self._row(overall(one), theirs, 0, 0)
        for (fine, coarse), rows in within.items():
            if fine in bases and coarse in self.made and self.made[coarse][0] != fine:
                for key in measured.splits[coarse]:
                    for code in (*self.codes, None):
                        one = None if code is None else frozenset({code})
                        theirs = [
                            c
                            for row, other in rows.items()
                            if other == key
                            for c in self.cells(fine, row, one)
                        ]
                        self._row(self.cells(coarse, key, one), theirs, 0, 0)

    def _said(self, printed: Printed, line: Line, cells: Any) -> None:
        if line.rated:
            self._exactly(cells(None))
        for place, category in enumerate(printed.coding):
            if line.counts:
                self._exactly(cells(category.codes))
            elif line.spans:
                self._row(cells(category.codes), [], *line.spans[place])

    def _exactly(self, cells: list[int]) -> None:
        count = sum(self.truth[cell] for cell in cells)
        self._row(cells, [], count, count)

    def _row(self, plus: list[int], minus: list[int], least: int, most: int) -> None:
        import numpy as np

        factors = dict.fromkeys(plus, 1.0)
        for cell in minus:
            factors[cell] = factors.get(cell, 0.0) - 1.0
        places = np.array(list(factors), dtype=np.int32)
        self.program.addRow(float(least), float(most), len(places), places, np.array(list(factors.values())))

    def open(self, cells: list[int], least: int, most: int, k: int) -> bool:
        """Return whether a sum of cells is k or more for sure, or can be as small as `least` and as large as `most`.

        To an insider the least is their own number, and no less can be asked.
        """
        at = sum(self.truth[cell] for cell in cells)
        if self._bound(cells, low=True)[0] > k - 1 + TINY:
            return True
        if not (at <= least or self._reaches(cells, least, low=True)):
            return False
        if not (at >= most or self._reaches(cells, most, low=False)):
            return False
        if not any(self.own):
            return True
        # An insider's own cases inside the sum take nothing off: it can then fall to just their number.
        everywhere = set(range(len(self.own)))
        low = at <= least or self._known(
            everywhere - set(cells), lambda: self._reaches(cells, least, low=True)
        )
        return low and (at >= most or self._known(everywhere, lambda: self._reaches(cells, most, low=False)))

    def _known(self, cells: set[int], ask: Callable[[], bool]) -> bool:
        most = float(sum(self.truth))
        for cell in cells:
            self.program.changeColBounds(cell, float(self.own[cell]), most)
        try:
            return ask()
        finally:
            for cell in cells:
                self.program.changeColBounds(cell, 0.0, most)

    def _bound(self, cells: list[int], *, low: bool) -> tuple[float, Any]:
        # How small or large a sum can be, fractions allowed, and a table where it is.
        import highspy
        import numpy as np

        size = len(self.truth)
        objective = np.zeros(size)
        objective[cells] = 1.0 if low else -1.0
        self.program.changeColsCost(size, np.arange(size, dtype=np.int32), objective)
        self.program.run()
        if self.program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Refused("the solver came to no result for these tables; nothing is published")
        table = np.array(self.program.getSolution().col_value)
        return float(table[cells].sum()), table

    def _reaches(self, cells: list[int], goal: int, *, low: bool) -> bool:
        # Fractions first; where the answer is not in whole numbers, a search among those. Undecided is no.
        import highspy
        import numpy as np

        size = len(self.truth)
        value, table = self._bound(cells, low=low)
        if value > goal + TINY if low else value < goal - TINY:
            return False
        if np.abs(np.rint(table) - table).max() < TINY:
            return True
        search = highspy.Highs()  # type: ignore[no-untyped-call]
        search.setOptionValue("output_flag", False)
        search.passModel(self.program.getLp())
        search.setOptionValue("mip_max_nodes", NODES)
        search.changeColsIntegrality(
            size, np.arange(size, dtype=np.int32), np.full(size, highspy.HighsVarType.kInteger)
        )
        used = np.array(cells, dtype=np.int32)
        bounds = (0.0, float(goal)) if low else (float(goal), float(size * sum(self.truth)))
        search.addRow(*bounds, len(used), used, np.ones(len(used)))
        search.run()
        return bool(search.getModelStatus() == highspy.HighsModelStatus.kOptimal)
