"""Small sets of linked count tables."""

from __future__ import annotations

from itertools import product

from hypothesis import settings
from hypothesis import strategies as st

from reviewcore.disclosure.linked import LinkedTables, Quantity, Rate, Split


def examples(usually: int) -> int:
    """How many examples a search takes: ten thousand where `make deep` asks."""
    return 10_000 if settings.get_current_profile_name() == "deep" else usually


def cross(
    shape: tuple[int, ...], counts, merged: bool = False, rates: bool = False, without=(), inner: bool = True
):
    """All cells, margins and totals of a cross of attributes; `merged` adds a coding with joined categories."""
    places = list(product(*map(range, shape)))
    codings = [[{v} for v in range(size)] + [set(range(size))] for size in shape]
    if merged and shape[0] > 2:
        codings[0].append(set(range(shape[0] - 1)))
    found: dict[frozenset[int], str] = {}
    for which in product(*(range(len(one)) for one in codings)):
        cells = frozenset(
            i for i, place in enumerate(places)
            if all(value in codings[a][w] for a, (value, w) in enumerate(zip(place, which, strict=True)))
        )  # fmt: skip
        name = "/".join(
            "*" if w == shape[a] else "+" if w > shape[a] else str(w) for a, w in enumerate(which)
        )
        found.setdefault(cells, name)
    quantities = [Quantity(name, cells) for cells, name in found.items() if name not in without]
    names = {one.name for one in quantities}
    splits = []
    for name in sorted(names):
        parts = name.split("/")
        for a, part in enumerate(parts):
            if part == "*" and shape[a] > 1:
                inside = ["/".join([*parts[:a], str(v), *parts[a + 1 :]]) for v in range(shape[a])]
                splits.append(Split(name, tuple(one for one in inside if one in names)))
    made = [
        Rate(f"{part} of {split.whole}", part, split.whole) for split in splits for part in split.parts
    ]  # fmt: skip
    return LinkedTables(counts, quantities, splits, made if rates else (), (), inner)


@st.composite
def linked(draw, rates: bool = False):
    """A small cross with zeros, empty rows, lopsided groups, totals that no table has."""
    shape = draw(st.sampled_from([(1, 3), (2, 2), (2, 3), (3, 3), (2, 2, 2), (4,), (3, 2, 1)]))
    size = 1
    for one in shape:
        size *= one
    count = st.one_of(st.integers(0, 3), st.integers(0, 7), st.just(0))
    counts = draw(st.lists(count, min_size=size, max_size=size))
    tables = cross(shape, counts, draw(st.booleans()), rates)
    without = draw(st.lists(st.sampled_from([q.name for q in tables.quantities]), max_size=3))
    return cross(shape, counts, draw(st.booleans()), rates, without, draw(st.booleans()))
