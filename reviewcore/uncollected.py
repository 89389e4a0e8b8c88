"""Long lists, built fast: without the collector of garbage, and without a call for every row."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T", bound=tuple[Any, ...])


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the collector of cyclic garbage while a list is built, if it runs at all.

    It would look through all of the growing list again and again: a quarter of the time is saved.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def each(kind: type[T], *columns: Iterable[Any]) -> Iterator[T]:
    """Return the rows of some columns, all of one length, as named tuples of a kind, which are not looked at.

    >>> from reviewcore.selection.draw import Entry
    >>> list(each(Entry, ["leaf"], ["worker"], ["stratum"]))
    [Entry(leaf='leaf', worker='worker', stratum='stratum')]
    """
    return map(partial(tuple.__new__, kind), zip(*columns, strict=True))
