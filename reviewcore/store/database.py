"""The tables behind the log, the vault and the ledger, on SQLite or by URL on PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewcore.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Engine, MetaData

FORMAT = 1
"""The format of the stored tables. It only ever grows; what is stored is never rewritten."""


def sqlite_url(path: Path) -> str:
    """Return the URL of an SQLite file."""
    return f"sqlite:///{path}"


def connect(url: str, tables: MetaData, name: str) -> Engine:
    """Open the database at `url`, make the tables that it lacks, and refuse one from a newer version.

    SQLite keeps its rollback journal, so that a database at rest is one file that can be copied.
    """
    import sqlalchemy as sa

    meta = sa.Table(
        "meta", sa.MetaData(), sa.Column("name", sa.Text, primary_key=True), sa.Column("format", sa.Integer)
    )
    try:
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)  # nothing stays open between steps
        if url.startswith("sqlite"):
            sa.event.listen(engine, "connect", _sqlite_settings)
        with engine.begin() as connection:
            if url.startswith("sqlite") and connection.scalar(sa.text("PRAGMA quick_check(1)")) != "ok":
                raise sa.exc.DatabaseError("quick_check", None, ValueError("damaged"))
            meta.create(connection, checkfirst=True)
            found = connection.scalar(sa.select(meta.c.format).where(meta.c.name == name))
            if found is None or found <= FORMAT:
                tables.create_all(connection, checkfirst=True)
            if found is None:
                connection.execute(meta.insert().values(name=name, format=FORMAT))
    except (sa.exc.ArgumentError, ImportError) as error:  # not repeated: a URL may hold a password
        raise Refused(
            "the store's URL names no database that can be opened from here: write it as sqlite:////path/to/file.db "
            "or postgresql+psycopg://user@host/name, and for PostgreSQL install reviewcore[postgresql]"
        ) from error
    except sa.exc.DatabaseError as error:
        raise Refused(
            f"{engine.url.render_as_string(hide_password=True)}: this cannot be opened as the review's {name} "
            "(damaged, only half copied, locked, or not a database): put a whole copy in its place and try again"
        ) from error
    if found is not None and found > FORMAT:
        raise Refused(
            f"{engine.url.render_as_string(hide_password=True)}: written by a newer reviewcore (format {found}; "
            f"this one knows {FORMAT}): update reviewcore, nothing was changed"
        )
    return engine


def _sqlite_settings(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")  # what is erased leaves no trace in free pages
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.close()
