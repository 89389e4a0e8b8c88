"""The full cross of some attributes, and which of its inner cells belong together."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from attrs import field, frozen

from reviewcore.errors import BadInput, Problem


@frozen
class Cross:
    """Attributes with their values, in order; an inner cell is one value of each.

    >>> sorted(Cross({"clinic": ("North", "South"), "part": ("issued", "not")}).cells(clinic=("South",)))
    [2, 3]
    >>> Cross({"clinic": ("North", "South"), "part": ("issued", "not")}).counts({("South", "issued"): 14})
    (0, 0, 14, 0)
    """

    attributes: Mapping[str, tuple[str, ...]] = field()

    def places(self) -> tuple[tuple[str, ...], ...]:
        """Return the inner cells in order, each as its values."""
        return tuple(product(*self.attributes.values()))

    def cells(self, **where: tuple[str, ...]) -> frozenset[int]:
        """Return the inner cells with one of the given values in each attribute named; all where none is."""
        unknown = [
            f"{name}={value}"
            for name, values in where.items()
            for value in values
            if value not in self.attributes.get(name, ())
        ]
        if unknown:
            raise KeyError(", ".join(unknown))
        wanted = [frozenset(where.get(name, values)) for name, values in self.attributes.items()]
        return frozenset(
            number
            for number, place in enumerate(self.places())
            if all(value in some for value, some in zip(place, wanted, strict=True))
        )

    def counts(self, rows: Mapping[tuple[str, ...], int]) -> tuple[int, ...]:
        """Return the count of every inner cell; one that `rows` does not name counts nobody."""
        places = self.places()
        known = set(places)
        if strange := [place for place in rows if place not in known]:
            raise BadInput(
                Problem("linked tables", f"{' / '.join(place)} is not among the declared values")
                for place in strange
            )
        return tuple(rows.get(place, 0) for place in places)
