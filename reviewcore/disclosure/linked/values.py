"""What is asked of joint suppression, and what it answers: plain frozen values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from reviewcore import errors


def _held(given: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(given)


def _cells(given: Iterable[int]) -> frozenset[int]:
    return frozenset(given)


@frozen
class Quantity:
    """A number that may be printed: how many persons are in `cells`, inner cells by their place.

    One cell of a table, a row's sum, a total. Of two that could be withheld the one of less `weight` is.
    `table` is the table in which it stands, "" for the row over all: where nothing of a table is printed, its
    numbers need only be as open as the row over all leaves them. `publication` is the one in which it stands.
    """

    name: str
    cells: frozenset[int] = field(converter=_cells)
    weight: float = 1.0
    table: str = ""
    publication: int = 0


@frozen
class Told:
    """A number that is known anyway, from letters, a law or an earlier publication: a sum over inner cells.

    `cells` gives each cell's factor: 1 for a plain count, and -1 beside it for a difference.
    """

    cells: Mapping[int, int]
    value: int


@frozen
class Split:
    """A group and the parts into which a table splits it, all by name: nobody may learn that (nearly) all
    of the group are in one part."""

    whole: str
    parts: tuple[str, ...]


@frozen
class Rate:
    """A figure worked out from two printed counts: it is shown where both of them are, and only there."""

    name: str
    part: str
    whole: str


@frozen
class LinkedTables:
    """Count tables over the same persons, protected together.

    `counts` are the inner cells: how many persons have each combination of the attributes that any table
    uses; every person is in one. `inner` says that inner cells are guarded like printable numbers, though
    no table has them. `publications` are the cells of each publication, this one's first, where several are held
    together: what one of them alone tells of some of its cases is no loss, what they tell together is.
    """

    counts: tuple[int, ...] = field(converter=_held)
    quantities: tuple[Quantity, ...] = field(converter=_held)
    splits: tuple[Split, ...] = field(default=(), converter=_held)
    rates: tuple[Rate, ...] = field(default=(), converter=_held)
    told: tuple[Told, ...] = field(default=(), converter=_held)
    inner: bool = True
    publications: tuple[frozenset[int], ...] = field(default=(), converter=_held)

    def value(self, quantity: Quantity) -> int:
        """Return a quantity's true number."""
        return sum(self.counts[cell] for cell in quantity.cells)


@frozen
class Protected:
    """What may be printed. `values` has every quantity's number, or None where it is withheld, in order.

    `ranges` has the least and most of those that are told as a band only. `rates` names those that are shown.
    `small` is how many quantities were withheld for their own size, `further` how many more so that none of them
    can be worked out; `solved` counts linear programs.
    """

    values: Mapping[str, int | None]
    rates: frozenset[str]
    small: int = 0
    further: int = 0
    solved: int = field(default=0, eq=False, repr=False)
    ranges: Mapping[str, tuple[int, int]] = field(factory=dict, repr=False)

    def shown(self, name: str) -> bool:
        """Return whether a quantity or a rate is printed."""
        return name in self.rates if name not in self.values else self.values[name] is not None


def check(tables: LinkedTables) -> None:
    """Raise BadInput with everything that is wrong, without a number of anybody's."""
    found = list(_problems(tables))
    if found:
        raise errors.BadInput(errors.Problem("linked tables", what, subject) for subject, what in found)


def _problems(tables: LinkedTables) -> Iterator[tuple[str, str]]:
    size = len(tables.counts)
    for place, count in enumerate(tables.counts):
        if not isinstance(count, int) or isinstance(count, bool):
            yield f"inner cell {place}", "a count of persons is a whole number"
        elif count < 0:
            yield f"inner cell {place}", "a count of persons cannot be negative; correct it at its source"
    names = [one.name for one in tables.quantities] + [one.name for one in tables.rates]
    for name, times in Counter(names).items():
        if times > 1:
            yield name, f"the name is used {times} times; each number needs a name of its own"
    cells: list[tuple[str, Iterable[int]]] = [(one.name, one.cells) for one in tables.quantities]
    cells += [(f"told number {i}", one.cells) for i, one in enumerate(tables.told)]
    for name, found in cells:
        if any(not 0 <= cell < size for cell in found):
            yield name, f"names an inner cell that is not there (there are {size})"
    known = {one.name: one for one in tables.quantities}
    for split in tables.splits:
        missing = [name for name in (split.whole, *split.parts) if name not in known]
        if missing:
            yield split.whole, f"the split names no quantity: {', '.join(missing)}"
        elif not all(known[part].cells <= known[split.whole].cells for part in split.parts):
            yield split.whole, "a part of the split has inner cells that the whole does not have"
    for rate in tables.rates:
        missing = [name for name in (rate.part, rate.whole) if name not in known]
        if missing:
            yield rate.name, f"the rate is of no quantity: {', '.join(missing)}"
        elif not known[rate.part].cells <= known[rate.whole].cells:
            yield rate.name, "the rate's part has inner cells that its whole does not have"
    if all(isinstance(count, int) and count >= 0 for count in tables.counts):
        for i, told in enumerate(tables.told):
            if all(0 <= c < size for c in told.cells) and told.value != sum(
                f * tables.counts[c] for c, f in told.cells.items()
            ):
                yield f"told number {i}", "the inner cells do not add up to it; find out which is wrong"
