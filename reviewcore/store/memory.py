"""Records that are kept in memory: for a program that makes one draw and keeps its papers itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import define, field

from reviewcore.store.files import digest
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
    """Records whose papers are `papers`, by name, and whose log is kept in memory."""

    papers: dict[str, bytes] = field(factory=dict)

    def write_paper(self, name: str, data: bytes) -> dict[str, str]:
        """Keep a paper and return its entry for the papers' register."""
        self.papers[name] = data
        return {"path": f"papers/{name}", "sha256": digest(data)}


def in_memory(clock: Callable[[], datetime], key: Key) -> MemoryRecords:
    """Return empty records."""
    no_engine: Any = None
    return MemoryRecords(Path(), MemoryLog(no_engine, "", "", clock, ""), key, lambda _: ())
