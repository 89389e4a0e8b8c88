"""What works the queries out: DuckDB within this process, or Spark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field, frozen

from reviewcore.errors import Refused
from reviewcore.selection.scale.queries import Query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession


class Engine(Protocol):
    """Holds one sealed ledger under the name `ledger`."""

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in no order."""
        ...


@frozen
class DuckDB:
    """A sealed ledger in Parquet (a file, or a pattern such as `ledger/*.parquet`), read by DuckDB.

    `threads` 0 takes all cores; `memory` such as "2GB" is the most that it takes before it uses the disk.
    """

    ledger: Path
    threads: int = 0
    memory: str = ""
    _connection: DuckDBPyConnection = field(init=False, repr=False, eq=False)

    @_connection.default
    def _connect(self) -> DuckDBPyConnection:
        connection = connect(self.threads, self.memory)
        connection.execute(f"CREATE VIEW ledger AS SELECT * FROM read_parquet({quoted(self.ledger)})")  # noqa: S608
        return connection

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in no order."""
        sql = query.said("sha256(? || leaf)")
        return self._connection.execute(sql, list(query.parameters)).fetchall()


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


def connect(threads: int = 0, memory: str = "") -> DuckDBPyConnection:
    """Return a DuckDB of its own in memory, which loads nothing from elsewhere."""
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
    return duckdb.connect(config=config)


def quoted(path: Path) -> str:
    """Return a path as DuckDB takes it where it takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"
