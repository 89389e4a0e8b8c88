"""The agency's ledger: what has ever been published, so that the next publication can be held against it.

It belongs to the agency and outlives reviews. It keeps, for every publication, its groups and
their members as keyed pseudonyms, HMAC(agency key, person): enough to tell by how many persons two
publications differ, and nothing about who they are. Of its measures it keeps what was printed, and of each
member's answer a keyed mark, which tells whether a later answer is the same one, and not what it was.
Counts of extracts have no members: of those it keeps
what was printed, month by month, to hold a month that is restated against what was told of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, frozen

from reviewcore.store import points
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table


@frozen
class Entry:
    """One earlier publication: which, to whom, from what population, and the members of each group.

    `told` are the counts of extracts that it printed, by name; `measures` is what it told of measures, as JSON.
    """

    review: str
    audience: str
    number: int
    population: str
    cells: Mapping[str, frozenset[str]]
    told: Mapping[str, int] = Factory(dict)
    measures: Mapping[str, Any] = Factory(dict)

    def members(self) -> frozenset[str]:
        """Return all members of the publication."""
        return frozenset().union(*self.cells.values())


@cache
def tables() -> tuple[Table, Table, Table, Table]:
    """Return the tables of publications, of their members, of the counts of extracts and the measures they told."""
    import sqlalchemy as sa

    metadata = sa.MetaData()
    published = sa.Table(
        "published",
        metadata,
        sa.Column("agency_id", sa.Text, primary_key=True),
        sa.Column("review_id", sa.Text, primary_key=True),
        sa.Column("audience", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("population", sa.Text, nullable=False),
    )
    members = sa.Table(
        "members",
        metadata,
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("agency_id", "review_id", "audience")),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("cell", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, primary_key=True),
    )
    told = sa.Table(
        "told",
        metadata,
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("agency_id", "review_id", "audience")),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    measures = sa.Table(
        "measures",
        metadata,
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("agency_id", "review_id", "audience")),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    return published, members, told, measures


@define
class Ledger:
    """The ledger of one agency."""

    engine: Engine
    agency: str
    key: Key

    @classmethod
    def open(cls, path: Path, agency: str, key: Key) -> Ledger:
        """Open the ledger file, made now if there is none yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(connect(sqlite_url(path), tables()[0].metadata, "ledger"), agency, key)

    def member(self, person: str) -> str:
        """Return the pseudonym under which the ledger knows a person."""
        return self.key.mac("ledger member", person)

    def mark(self, text: str) -> str:
        """Return a mark that tells whether two texts are the same, and nothing else."""
        return self.key.mac("ledger mark", text)[:12]

    def entries(self) -> tuple[Entry, ...]:
        """Return all publications of the agency, in a fixed order."""
        import sqlalchemy as sa

        published, members, told, measures = tables()
        bodies: dict[tuple[str, str, int], Any] = {}
        cells: dict[tuple[str, str, int], dict[str, set[str]]] = {}
        counts: dict[tuple[str, str, int], dict[str, int]] = {}
        with self.engine.connect() as connection:
            rows = connection.execute(
                sa.select(published)
                .where(published.c.agency_id == self.agency)
                .order_by(published.c.review_id, published.c.audience, published.c.number)
            ).all()
            for row in connection.execute(sa.select(members).where(members.c.agency_id == self.agency)):
                inner = cells.setdefault((row.review_id, row.audience, row.number), {})
                inner.setdefault(row.cell, set()).add(row.member)
            for row in connection.execute(sa.select(told).where(told.c.agency_id == self.agency)):
                counts.setdefault((row.review_id, row.audience, row.number), {})[row.name] = row.value
            for row in connection.execute(sa.select(measures).where(measures.c.agency_id == self.agency)):
                bodies[row.review_id, row.audience, row.number] = json.loads(row.body)
        return tuple(
            Entry(
                row.review_id,
                row.audience,
                row.number,
                row.population,
                {
                    cell: frozenset(found)
                    for cell, found in sorted(
                        cells.get((row.review_id, row.audience, row.number), {}).items()
                    )
                },
                dict(sorted(counts.get((row.review_id, row.audience, row.number), {}).items())),
                bodies.get((row.review_id, row.audience, row.number), {}),
            )
            for row in rows
        )

    def record(
        self,
        review: str,
        audience: str,
        number: int,
        population: str,
        cells: Mapping[str, Iterable[str]],
        told: Mapping[str, int] | None = None,
        measures: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember a publication for good; said twice, it is remembered once."""
        import sqlalchemy as sa

        wanted = {cell: frozenset(found) for cell, found in cells.items()}
        printed = dict(told or {})
        body = dict(measures or {})
        new = Entry(
            review, audience, number, population, {c: m for c, m in wanted.items() if m}, printed, body
        )
        if new in self.entries():
            return
        published, members, counts, bodies = tables()
        key = {"agency_id": self.agency, "review_id": review, "audience": audience, "number": number}
        with self.engine.connect() as connection:
            for one in (published, members, counts, bodies):
                connection.execute(one.delete().where(*(one.c[name] == value for name, value in key.items())))
            connection.execute(sa.insert(published).values(**key, population=population))
            rows = [{**key, "cell": cell, "member": m} for cell, found in wanted.items() for m in found]
            if rows:
                connection.execute(sa.insert(members), rows)
            if printed:
                numbers = [{**key, "name": name, "value": value} for name, value in printed.items()]
                connection.execute(sa.insert(counts), numbers)
            if body:
                text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                connection.execute(sa.insert(bodies).values(**key, body=text))
            points.about_to("ledger")
            connection.commit()
