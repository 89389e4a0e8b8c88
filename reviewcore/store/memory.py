"""Records that are kept in memory: for a program that makes one draw and keeps its papers itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import define, field

from reviewcore.store.keys import Key
from reviewcore.store.log import Body, Event, Log, utc
from reviewcore.store.records import Records


@define
class MemoryLog(Log):
    """Events that end with the process; nothing is chained, since nobody else can write to them."""

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """Return all events in order, or those of one kind."""
        return tuple(e for e in self._events if kind is None or e.kind == kind)

    def append_all(self, entries: Iterable[tuple[str, Body]], schema: int = 1) -> tuple[Event, ...]:
        """Keep several events."""
        at = utc(self.clock())
        made = [
            Event(number, at, self.actor, kind, schema, body)
            for number, (kind, body) in enumerate(entries, start=len(self._events) + 1)
        ]
        self._events += made
        return tuple(made)


@define
class MemoryRecords(Records):
    """Records whose log is kept in memory, and whose papers are made when they are asked for."""

    _to_make: list[Callable[[], Mapping[str, bytes]]] = field(factory=list, init=False)
    _papers: dict[str, bytes] = field(factory=dict, init=False)

    def make_papers(self, make: Callable[[], Mapping[str, bytes]]) -> list[dict[str, str]]:
        """Keep what makes the papers; there is no register of papers."""
        self._to_make.append(make)
        return []

    def papers(self) -> dict[str, bytes]:
        """Return all papers so far by name."""
        while self._to_make:
            self._papers |= self._to_make.pop(0)()
        return dict(self._papers)


def in_memory(clock: Callable[[], datetime], key: Key) -> MemoryRecords:
    """Return empty records."""
    no_engine: Any = None
    return MemoryRecords(Path(), MemoryLog(no_engine, "", "", clock, ""), key, lambda _: ())
