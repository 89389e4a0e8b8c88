"""The event log: append-only, chained, and still verifiable after content has been erased.

Each event has an actor, a UTC time and a schema number. The chain hashes a salted digest of the body,
not the body: erase body and salt, and every link still holds, while nobody can guess what stood there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from reviewcore.errors import Refused
from reviewcore.store import points

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

Body = Mapping[str, Any]
_FIRST = "0" * 64


@frozen
class Event:
    """Something that happened in a review. `body` holds pseudonyms, never identities; None once erased."""

    seq: int
    at: str
    actor: str
    kind: str
    schema: int
    body: Body | None


def canonical(body: object) -> str:
    """Return JSON with sorted keys and no spaces: the same text for the same content."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@cache
def table() -> Table:
    """Return the events table."""
    import sqlalchemy as sa

    return sa.Table(
        "events",
        sa.MetaData(),
        sa.Column("agency_id", sa.Text, primary_key=True),
        sa.Column("review_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("salt", sa.Text),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
    )


@define
class Log:
    """One review's events. Reading is free; only the process that holds the review's lock appends."""

    engine: Engine
    agency: str
    review: str
    clock: Callable[[], datetime]
    actor: str
    _events: list[Event] = field(factory=list, init=False)
    _fresh: bool = field(default=False, init=False)

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """Return all events in order, or those of one kind."""
        if not self._fresh:
            with self.engine.connect() as connection:
                self._events += [_event(row) for row in connection.execute(self._mine(len(self._events)))]
            self._fresh = True
        return tuple(e for e in self._events if kind is None or e.kind == kind)

    def refresh(self) -> None:
        """Look again for events that another process has written meanwhile."""
        self._fresh = False

    def last(self, kind: str) -> Event | None:
        """Return the latest event of one kind, or None."""
        return next((e for e in reversed(self.events(kind))), None)

    def append(self, kind: str, body: Body, schema: int = 1) -> Event:
        """Write one event for good and return it."""
        return self.append_all([(kind, body)], schema)[0]

    def append_all(self, entries: Iterable[tuple[str, Body]], schema: int = 1) -> tuple[Event, ...]:
        """Write several events at once: either all of them are there afterwards, or none."""
        import secrets

        import sqlalchemy as sa

        have = self.events()
        made: list[Event] = []
        with self.engine.connect() as connection:
            link = self._last_link(connection)
            for kind, body in entries:
                text, salt = canonical(body), secrets.token_hex(16)
                event = Event(
                    len(have) + len(made) + 1, utc(self.clock()), self.actor, kind, schema, json.loads(text)
                )
                digest = hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
                link = _link(link, event, digest)
                try:
                    connection.execute(
                        table()
                        .insert()
                        .values(
                            agency_id=self.agency, review_id=self.review, seq=event.seq, at=event.at,
                            actor=event.actor, kind=kind, schema=schema, body=text, salt=salt,
                            digest=digest, link=link,
                        )
                    )  # fmt: skip
                except sa.exc.IntegrityError as error:
                    raise Refused(
                        "another process has written to this review meanwhile: nothing of this step was "
                        "written; wait until it is done, then repeat the step"
                    ) from error
                made.append(event)
            points.about_to(f"events {', '.join(e.kind for e in made)}")
            connection.commit()
        self._events += made
        return tuple(made)

    def erase(self, seq: int) -> None:
        """Erase what an event says; that it happened, and the chain, stay."""
        with self.engine.connect() as connection:
            mine = (table().c.agency_id == self.agency) & (table().c.review_id == self.review)
            connection.execute(
                table().update().where(mine, table().c.seq == seq).values(body=None, salt=None)
            )
            points.about_to("erasure of an event's content")
            connection.commit()
        self._events, self._fresh = [], False

    def verify(self) -> list[str]:
        """Return what is wrong with the chain, in words; an empty list when it holds."""
        wrong: list[str] = []
        link = _FIRST
        with self.engine.connect() as connection:
            for number, row in enumerate(connection.execute(self._mine()), start=1):
                if row.seq != number:
                    return [*wrong, f"event {number} is missing"]
                link = _link(link, _event(row), row.digest)
                if row.link != link:
                    return [*wrong, f"event {number} or one before it was changed after it was written"]
                if row.body is None:
                    continue
                if hashlib.sha256(f"{row.salt}\n{row.body}".encode()).hexdigest() != row.digest:
                    wrong.append(f"what event {number} says was changed after it was written")
        return wrong

    def _mine(self, after: int = 0) -> Any:
        import sqlalchemy as sa

        rows = table()
        return (
            sa.select(rows)
            .where(rows.c.agency_id == self.agency, rows.c.review_id == self.review, rows.c.seq > after)
            .order_by(rows.c.seq)
        )

    def _last_link(self, connection: Connection) -> str:
        import sqlalchemy as sa

        rows = table()
        return (
            connection.scalar(
                sa.select(rows.c.link)
                .where(rows.c.agency_id == self.agency, rows.c.review_id == self.review)
                .order_by(rows.c.seq.desc())
                .limit(1)
            )
            or _FIRST
        )


def _link(before: str, event: Event, digest: str) -> str:
    said = canonical([before, event.seq, event.at, event.actor, event.kind, event.schema, digest])
    return hashlib.sha256(said.encode()).hexdigest()


def _event(row: Any) -> Event:
    body = None if row.body is None else json.loads(row.body)
    return Event(row.seq, row.at, row.actor, row.kind, row.schema, body)


def utc(moment: datetime) -> str:
    """Return a time as events keep it."""
    from datetime import UTC

    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
