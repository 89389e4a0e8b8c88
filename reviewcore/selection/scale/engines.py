"""What works the queries out: DuckDB within this process, or Spark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field, frozen

from reviewcore.errors import Refused
from reviewcore.selection.scale.queries import Query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession


_ONCE, _EACH = (
    32,
    8,
)  # MB in all and for each thread, which holds a row group: twice what was seen to be enough


class Engine(Protocol):
    """Holds one sealed ledger under the name `ledger`."""

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in no order."""
        ...


@frozen
class DuckDB:
    """A sealed ledger in Parquet (a file, or a pattern such as `ledger/*.parquet`), read by DuckDB.

    `threads` 0 takes all cores; `memory` such as "2GB" is the most that it takes before it uses the disk. Where
    none is given, it is held to what looking through a ledger of `reviewcore.large` takes, which is the same for
    a list of any length, and given its head for a query that needs more.
    """

    ledger: Path
    threads: int = 0
    memory: str = ""
    _connection: DuckDBPyConnection = field(init=False, repr=False, eq=False)

    @_connection.default
    def _first(self) -> DuckDBPyConnection:
        if self.memory:
            return self._connect(memory=self.memory)
        enough = _ONCE + _EACH * (self.threads or os.cpu_count() or 1)
        return self._connect(memory=f"{enough}MB", disk=False)

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in no order."""
        from duckdb import OutOfMemoryException

        sql, given = query.said("sha256(? || leaf)"), list(query.parameters)
        try:
            return self._connection.execute(sql, given).fetchall()
        except OutOfMemoryException:
            if self.memory:
                raise
            with self._connect() as roomy:
                return roomy.execute(sql, given).fetchall()

    def _connect(self, memory: str = "", *, disk: bool = True) -> DuckDBPyConnection:
        connection = connect(self.threads, memory, disk=disk)
        connection.execute(f"CREATE VIEW ledger AS SELECT * FROM read_parquet({quoted(self.ledger)})")  # noqa: S608
        return connection


@frozen
class Spark:
    """A sealed ledger in Parquet, read by the Spark of a session that is given."""

    ledger: str
    session: SparkSession = field(repr=False)

    def __attrs_post_init__(self) -> None:
        self.session.read.parquet(self.ledger).createOrReplaceTempView("ledger")

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in no order."""
        sql = query.said("sha2(concat(?, leaf), 256)")
        return [tuple(row) for row in self.session.sql(sql, args=list(query.parameters)).collect()]


def connect(threads: int = 0, memory: str = "", *, disk: bool = True) -> DuckDBPyConnection:
    """Return a DuckDB of its own in memory, which loads nothing from elsewhere.

    Beyond `memory` it goes on on the disk, or, where it may not, gives up.
    """
    try:
        import duckdb
    except ImportError:
        raise Refused(
            "for lists in Parquet install reviewcore with its scale part: reviewcore[scale]"
        ) from None
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "preserve_insertion_order": "false",
    }
    if threads:
        config["threads"] = threads
    if memory:
        config["memory_limit"] = memory
    if not disk:
        config["temp_directory"] = ""
    return duckdb.connect(config=config)


def quoted(path: Path) -> str:
    """Return a path as DuckDB takes it where it takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"
