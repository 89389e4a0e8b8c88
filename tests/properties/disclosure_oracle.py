"""An attacker who has only the printed cells and the group sizes, and tries every table there could be.

It shares no code with the engine: bands are read by their documented meaning, and the tables that agree
with what is printed are enumerated, not reasoned about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

Counts = tuple[int, ...]  # cases by code, then the cases not rated


@cache
def compositions(total: int, parts: int) -> tuple[Counts, ...]:
    """Every way to share `total` cases among `parts` kinds."""
    if parts == 1:
        return ((total,),)
    return tuple(
        (first, *rest) for first in range(total + 1) for rest in compositions(total - first, parts - 1)
    )


def band_of(acceptable: int, rated: int, k: int, printed: str = "") -> str:
    """The band of a row whose number rated is printed, as the documentation words it, on the scale that it is on."""
    quarter = max(k, rated // 4)
    if rated - 2 * quarter - 1 >= k and "half" not in printed:
        if acceptable <= quarter:
            return "few"
        return "most" if rated - acceptable <= quarter else "some"
    return "fewer than half" if 2 * acceptable < rated else "half or more"


def hidden_band_of(acceptable: int, not_acceptable: int, size: int, k: int) -> str:
    """The band of a row whose number rated is not printed: quarters of the cases reviewed."""
    quarter = max(k, size // 4)
    if acceptable <= quarter:
        return "?" if not_acceptable <= quarter else "few"
    return "most" if not_acceptable <= quarter else "some"


class Attacker:
    """Holds tables over all cases and tables of one split of the same measure."""

    def __init__(self, codes, good, coded, k, printed, sizes, knows=None) -> None:
        """`printed` lists what is held: (overall table, split table, the k of the audience it was made for)."""
        self.codes, self.good, self.coded, self.k = codes, good, coded, k
        self.sizes = dict(sizes)
        self.total = sum(sizes.values())
        self.printed = printed
        self.knows: Mapping[tuple[str, int], int] = knows or {}
        self.possible = {row: list(self._rows(row)) for row in self.sizes}

    def _fits(self, table, row: str, counts: Counts, size: int, k: int) -> bool:
        rated = size - counts[-1]
        acceptable = sum(c for code, c in zip(self.codes, counts, strict=False) if code in self.good)
        told = table.cell(row, "rated").kind == "count"
        if told and table.cell(row, "rated").value != rated:
            return False
        for column in table.columns:
            cell = table.cell(row, column.key)
            if cell.kind == "withheld" or column.key == "rated":
                continue
            if cell.kind == "band":
                have = band_of(acceptable, rated, k, cell.value) if told else hidden_band_of(
                    acceptable, rated - acceptable, size, k)  # fmt: skip
                if cell.value != have:
                    return False
            elif cell.kind == "percent":
                part = self.sum_of(counts, self.coded[table.rung][column.key])
                if not rated or cell.value != round(100 * part / rated):
                    return False
            elif cell.value != self.sum_of(counts, self.coded[table.rung][column.key]):
                return False
        return True

    def sum_of(self, counts: Counts, codes) -> int:
        return sum(c for code, c in zip(self.codes, counts, strict=False) if code in codes)

    def _rows(self, row: str) -> Iterator[Counts]:
        size = self.sizes[row]
        for counts in compositions(size, len(self.codes) + 1):
            if all(counts[i] >= own for (r, i), own in self.knows.items() if r == row) and (
                all(self._fits(split, row, counts, size, k) for _, split, k in self.printed)
            ):
                yield counts

    def _sums(self, rows: list[str]) -> set[Counts]:
        sums = {(0,) * (len(self.codes) + 1)}
        for row in rows:
            sums = {tuple(a + b for a, b in zip(s, c, strict=True)) for s in sums for c in self.possible[row]}
        return sums

    def values(self, rows: list[str], number: Callable[[Counts], int]) -> set[int]:
        """Every value that `number` of the sum over `rows` can have, given all that is printed."""
        mine, others = self._sums(rows), self._sums([r for r in self.sizes if r not in rows])
        found: set[int] = set()
        for one in mine:
            if number(one) not in found and any(self._whole(one, other) for other in others):
                found.add(number(one))
        return found

    def _whole(self, one: Counts, other: Counts) -> bool:
        return _fits_cached(self, tuple(a + b for a, b in zip(one, other, strict=True)))

    def leaks(self) -> list[str]:
        """Every number that is not printed and is known more closely than the promise allows."""
        shown = [table for overall, split, _ in self.printed for table in (overall, split)]
        cells = [c for _, split, _ in self.printed for row in split.rows for c in row.cells]
        if all(c.kind == "withheld" for c in cells):
            return []
        found = []
        silent = [r for r in self.sizes if not self._speaks(r, rated=False)]
        untold = [r for r in self.sizes if not self._speaks(r, rated=True)]
        targets = [([row], row) for row in self.sizes] + [(list(self.sizes), "all")]
        parts = {(code,): [i] for i, code in enumerate(self.codes)}
        parts |= {
            tuple(sorted(codes)): [self.codes.index(c) for c in codes]
            for t in shown
            for codes in (self.coded[t.rung] if t.rung != "band" else self.coded["acceptable"]).values()
        }
        parts[("not rated",)] = [len(self.codes)]
        coarse = {tuple(sorted(c)) for t in shown for c in (
            self.coded[t.rung] if t.rung != "band" else self.coded["acceptable"]).values()}  # fmt: skip
        for part, places in parts.items():
            if part != ("not rated",) and part not in coarse:
                continue
            rest = untold if part == ("not rated",) else silent
            for rows, name in [*targets, *([(rest, "rows left over")] if rest else [])]:
                size = sum(self.sizes[r] for r in rows)
                own = sum(self.knows.get((r, i), 0) for r in rows for i in places)
                values = self.values(rows, lambda c, p=places: sum(c[i] for i in p))
                # Whoever knows cases of the group that are not in this part knows how many the part can be at most.
                size -= sum(n for (r, i), n in self.knows.items() if r in rows and i not in places)
                if not values:
                    found.append(f"{name} {part}: contradiction")
                elif not self._safe(values, own, size, rows, part):
                    found.append(f"{name} {part}: {sorted(values)}")
        return found

    def _speaks(self, row: str, *, rated: bool) -> bool:
        return any(
            split.cell(row, c.key).kind != "withheld"
            for _, split, _ in self.printed
            for c in split.columns
            if (c.key == "rated") == rated
        )

    def _safe(self, values: set[int], own: int, size: int, rows: list[str], part) -> bool:
        if set(range(own, min(own + self.k - 1, size) + 1)) <= values or min(values) - own >= self.k:
            return True
        if size == own:
            return True  # nobody else is left to be told of
        # A number known for sure is as good as printed: it must be one that may be printed.
        # A zero must be that of a group of at least k, or follow from the zero of such a group.
        if values == {0}:
            return self._zero_of_many(rows, part)
        return False

    def _zero_of_many(self, rows: list[str], part) -> bool:
        places = [len(self.codes)] if part == ("not rated",) else [self.codes.index(c) for c in part]
        around = [r for r in self.sizes if self.values([r], lambda c: sum(c[i] for i in places)) == {0}]
        return sum(self.sizes[r] for r in {*around, *rows}) >= self.k


def _fits_cached(attacker: Attacker, counts: Counts) -> bool:
    cache_ = attacker.__dict__.setdefault("_fit", {})
    if counts not in cache_:
        cache_[counts] = all(
            attacker._fits(overall, "all", counts, attacker.total, k) for overall, _, k in attacker.printed
        )
    return cache_[counts]
