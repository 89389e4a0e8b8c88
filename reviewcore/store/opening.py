"""Opening a review's stores: together, with the key that belongs to them, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.keys import Key, KeyFolder
from reviewcore.store.ledger import Ledger
from reviewcore.store.log import Log
from reviewcore.store.log import table as log_table
from reviewcore.store.records import Records
from reviewcore.store.vault import Vault
from reviewcore.store.vault import table as vault_table

LEDGER_KEY = "ledger"


@frozen
class Place:
    """Where a review is kept, and whose it is. `url` is "" for the two SQLite files of the folder."""

    folder: Path
    agency: str
    review: str
    keys: KeyFolder
    ledger: Path
    public_names: tuple[str, ...] = ()
    url: str = ""

    @property
    def log_file(self) -> Path:
        """The event log of a review that is kept in its folder."""
        return self.folder / "review.db"

    @property
    def vault_file(self) -> Path:
        """The vault of a review that is kept in its folder."""
        return self.folder / "vault.db"

    def begun(self) -> bool:
        """Return whether anything has been stored yet; refuse a folder that is only half there."""
        _whole(self)
        return bool(self.url) or self.log_file.exists()


@frozen
class Stores:
    """The open stores. `vault` is None once the review is closed: its key is gone, and with it who was in it."""

    records: Records
    vault: Vault | None
    ledger: Ledger


def open_stores(place: Place, clock: Callable[[], datetime], actor: str) -> Stores:
    """Open the stores of a review, making what is not there yet; refuse a folder that is only half there."""
    _whole(place)
    # The vault comes first: a log without a vault can then only be a folder that was copied in part.
    vault_engine = connect(place.url or sqlite_url(place.vault_file), vault_table().metadata, "vault")
    engine = connect(place.url or sqlite_url(place.log_file), log_table().metadata, "event log")
    log = Log(engine, place.agency, place.review, clock, actor)
    closed = log.last("review.closed") is not None
    begun = log.last("register.read") is not None
    key = Key(b"") if closed else (place.keys.read if begun else place.keys.make)(place.agency, place.review)
    vault = None if closed else Vault(vault_engine, place.agency, place.review, key)
    remembered = place.ledger.exists()
    ledger_key = (place.keys.read if remembered else place.keys.make)(place.agency, LEDGER_KEY)
    ledger = Ledger.open(place.ledger, place.agency, ledger_key)

    def scan(text: str) -> tuple[tuple[int, int], ...]:
        if vault is None:
            raise Refused("the review is closed: nothing more can be published from it")
        return vault.scanner(place.public_names)(text)

    return Stores(Records(place.folder, log, key, scan), vault, ledger)


def _whole(place: Place) -> None:
    if place.url:
        return
    for there, missing in ((place.log_file, place.vault_file), (place.vault_file, place.log_file)):
        if not there.exists() or missing.exists() or _untouched(place, there):
            continue
        raise Refused(
            f"{missing}: missing, though {there.name} is here: the folder was copied only in part; copy the "
            "whole folder again while no program is using it (nothing was changed)"
        )


def _untouched(place: Place, there: Path) -> bool:
    """Return whether `there` is a vault that was only just made when the process before this one ended."""
    import sqlalchemy as sa

    if there != place.vault_file:
        return False
    engine = connect(sqlite_url(there), vault_table().metadata, "vault")
    with engine.connect() as connection:
        return not connection.scalar(sa.select(sa.func.count()).select_from(vault_table()))
