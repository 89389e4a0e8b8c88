"""The vault: identities and notes, sealed with a key that lies elsewhere.

Each record is sealed by AES-256-GCM under the review's key and found again by an HMAC of its name, so
the file alone tells neither who is in it nor who is not. Its kinds are "person", "key person", "case", "note",
"secret", "concern" and "insiders".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from attrs import define, field

from reviewcore.errors import Refused
from reviewcore.store import points
from reviewcore.store.keys import Key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from sqlalchemy import Engine, Table

    from reviewcore.store.scan import Roster, Span

Record = Mapping[str, Any]
_JSON = json.JSONEncoder(ensure_ascii=False)


@cache
def table() -> Table:
    """Return the vault's table."""
    import sqlalchemy as sa

    return sa.Table(
        "vault",
        sa.MetaData(),
        sa.Column("agency_id", sa.Text, primary_key=True),
        sa.Column("review_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("key_mac", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


@define
class Vault:
    """One review's sealed records."""

    engine: Engine
    agency: str
    review: str
    key: Key
    _roster: Roster | None = field(default=None, init=False)
    _reader: Callable[[str], tuple[Span, ...]] | None = field(default=None, init=False)
    _opened: dict[str, tuple[Record, ...]] = field(factory=dict, init=False)

    def put(self, kind: str, name: str, record: Record) -> None:
        """Seal one record under its name, in place of an earlier one."""
        self.put_all(kind, {name: record})

    def put_all(self, kind: str, records: Mapping[str, Record], *, replace: bool = False) -> None:
        """Seal many records at once, in order; with `replace`, they are all that is left of that kind."""
        import sqlalchemy as sa

        rows = table()
        mine = (rows.c.agency_id == self.agency) & (rows.c.review_id == self.review) & (rows.c.kind == kind)
        macs = {self._mac(kind, name): record for name, record in records.items()}
        with self.engine.connect() as connection:
            first = connection.scalar(sa.select(sa.func.max(rows.c.place)).where(mine)) or 0
            if replace:
                connection.execute(rows.delete().where(mine))
            elif macs:
                earlier = rows.delete().where(mine, rows.c.key_mac == sa.bindparam("mac"))
                connection.execute(earlier, [{"mac": mac} for mac in macs])
            if macs:
                connection.execute(
                    rows.insert().values(agency_id=self.agency, review_id=self.review, kind=kind),
                    [
                        {"key_mac": mac, "place": place, "sealed": self._seal(kind, mac, record)}
                        for place, (mac, record) in enumerate(macs.items(), start=first + 1)
                    ],
                )
            points.about_to(f"vault {kind}")
            connection.commit()
        self._roster = self._reader = None
        self._opened.pop(kind, None)
        if replace:
            self._opened[kind] = tuple(records.values())

    def forget(self) -> None:
        """Forget what was opened, so that records written by another process meanwhile are seen."""
        self._roster, self._reader, self._opened = None, None, {}

    def get(self, kind: str, name: str) -> Record | None:
        """Return one record, or None."""
        return self.get_all(kind, (name,)).get(name)

    def get_all(self, kind: str, names: Iterable[str]) -> dict[str, Record]:
        """Return the records of one kind that have these names, by name; the others stay sealed."""
        import sqlalchemy as sa

        rows, macs = table(), {self._mac(kind, name): name for name in names}
        with self.engine.connect() as connection:
            found = connection.execute(
                sa.select(rows.c.key_mac, rows.c.sealed).where(
                    rows.c.agency_id == self.agency, rows.c.review_id == self.review, rows.c.kind == kind
                )
            ).all()
        return {
            macs[row.key_mac]: self._open(kind, row.key_mac, row.sealed)
            for row in found
            if row.key_mac in macs
        }

    def all(self, kind: str) -> tuple[Record, ...]:
        """Return every record of one kind, in the order in which they were put."""
        if kind in self._opened:
            return self._opened[kind]
        import sqlalchemy as sa

        rows = table()
        with self.engine.connect() as connection:
            found = connection.execute(
                sa.select(rows.c.key_mac, rows.c.sealed)
                .where(rows.c.agency_id == self.agency, rows.c.review_id == self.review, rows.c.kind == kind)
                .order_by(rows.c.place)
            ).all()
        self._opened[kind] = tuple(self._open(kind, row.key_mac, row.sealed) for row in found)
        return self._opened[kind]

    def scanner(self, public: Iterable[str] = ()) -> Callable[[str], tuple[tuple[int, int], ...]]:
        """Return a function that tells where a text names somebody: positions, never who.

        `public` lists names that the profile declares public, such as the director who signs.
        """
        from reviewcore.store.scan import Roster

        if self._roster is None:
            self._roster = Roster.of(
                [*self.all("person"), *self.all("key person")], self.all("case"), tuple(public)
            )
        return self._roster.find

    def reader(self, public: Iterable[str] = ()) -> Callable[[str], tuple[Span, ...]]:
        """Return a function that tells where free text names somebody in any of the ways in which people do.

        It finds what `scanner` finds, and names with slips, nicknames, initials and the like besides; it is
        for notes and quotes, since a report full of figures would hold many that only look like a name.
        """
        from reviewcore.freetext import roster

        if self._reader is None:
            exact = self.scanner(public)
            names = roster([*self.all("person"), *self.all("key person"), *self.all("case")], public)
            self._reader = lambda text: (*exact(text), *names.find(text))
        return self._reader

    @cached_property
    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self.key.derive("vault seal"))

    def _mac(self, kind: str, name: str) -> str:
        return self.key.mac("vault lookup", f"{kind}\n{name}")

    def _bound(self, kind: str, mac: str) -> bytes:
        return f"{self.agency}\n{self.review}\n{kind}\n{mac}".encode()

    def _seal(self, kind: str, mac: str, record: Record) -> bytes:
        from os import urandom

        nonce = urandom(12)
        plain = _JSON.encode(record).encode()
        return nonce + self._cipher.encrypt(nonce, plain, self._bound(kind, mac))

    def _open(self, kind: str, mac: str, sealed: bytes) -> Record:
        from cryptography.exceptions import InvalidTag

        try:
            plain = self._cipher.decrypt(sealed[:12], sealed[12:], self._bound(kind, mac))
        except InvalidTag:
            raise Refused(
                "the vault does not open with this key: it belongs to another review, or the vault was "
                "changed; put back the key and the vault that belong together"
            ) from None
        record: Record = json.loads(plain)
        return record


def short(text: str) -> str:
    """Return a short stable fingerprint of a text, for file names that must not tell."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
