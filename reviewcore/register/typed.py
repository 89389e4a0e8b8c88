"""Lists whose cells have types already: a Parquet file, by DuckDB, or a table or view of a database, by its URL.

Nothing is guessed from what cells look like: a text stays as it is, and a whole number is read as its
digits. Zeros in front that whoever wrote the list as numbers has lost cannot be seen here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.register.cells import Cell, Flaw, Row, blank
from reviewcore.store.files import digest

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table

Typed = tuple[tuple[str, ...], list[Row]]
"""The headings, and the numbered rows that are not empty, counted from 1."""

_DAMAGED = "the file is damaged, or not what its name says; write it again, or export the list as CSV UTF-8"


def parquet(path: Path) -> Typed:
    """Return what a Parquet file holds, in its order; raise BadInput where it cannot be read."""
    headings, batches = in_batches(path)
    rows = [row for batch in batches for row in batch]
    if not rows:
        raise BadInput([Problem(path.name, "there is nothing on the list")])
    return headings, rows


def in_batches(path: Path, size: int = 20_000) -> tuple[tuple[str, ...], Iterator[list[Row]]]:
    """Return the headings of a Parquet or CSV file of any length, and its numbered rows, so many at a time.

    Rows are numbered as a spreadsheet shows those of the CSV file, and from 1 in Parquet.

    Every cell of a CSV file is text, so that ids keep their zeros; its quotes and line ends are RFC 4180's,
    its letters UTF-8. Raises BadInput, also between batches, where the file cannot be read.
    """
    try:
        import duckdb
    except ImportError:
        raise Refused(
            f"{path.name}: to read Parquet, install reviewcore with its scale part "
            "(pip install 'reviewcore[scale]'), or export the list as CSV"
        ) from None
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    read = (
        "read_parquet(?)" if path.suffix == ".parquet" else "read_csv(?, all_varchar = true, header = true)"
    )
    try:
        found = connection.execute(f"SELECT * FROM {read}", [str(path)])  # noqa: S608 - one of two texts
    except duckdb.Error:
        raise BadInput([Problem(path.name, _DAMAGED)]) from None
    headings = tuple(one[0] for one in found.description or ())

    def batches() -> Iterator[list[Row]]:
        first = 1 if path.suffix == ".parquet" else 2  # under the headings
        with connection:
            try:
                while rows := found.fetchmany(size):
                    yield _rows(rows, first)
                    first += len(rows)
            except duckdb.Error:
                raise BadInput([Problem(path.name, _DAMAGED)]) from None

    return headings, batches()


def database(url: str, name: str, section: str) -> tuple[str, Typed]:
    """Return the digest of a table's content and what it holds; `name` may have a schema, as in "child.cases".

    Rows of a database have no order of their own: they are sorted by what stands in them. The URL may hold
    a password and is never repeated. Raises BadInput where the table cannot be read.
    """
    headings, batches = _stream(url, name, section, 20_000)
    found = sorted((row for batch in batches for row in batch), key=lambda row: [str(cell) for cell in row])
    content = json.dumps([headings, *found], default=str, separators=(",", ":"))
    rows = _rows(found)
    if not rows:
        raise BadInput([Problem(f"table {name}", "there is nothing on the list")])
    return digest(content.encode()), (headings, rows)


def database_in_batches(
    url: str, name: str, section: str, size: int = 20_000
) -> tuple[tuple[str, ...], Iterator[list[Row]]]:
    """Return the headings of a table of any length, and its rows, so many at a time, in the database's own order.

    Raises BadInput, also between batches, where the table cannot be read.
    """
    headings, batches = _stream(url, name, section, size)

    def numbered() -> Iterator[list[Row]]:
        first = 1
        for batch in batches:
            yield _rows(batch, first)
            first += len(batch)

    return headings, numbered()


def _stream(
    url: str, name: str, section: str, size: int
) -> tuple[tuple[str, ...], Iterator[list[tuple[Any, ...]]]]:
    import sqlalchemy as sa

    where = f"{section}.file"
    try:
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    except (sa.exc.ArgumentError, ImportError):
        what = (
            "this URL names no database that can be opened from here: write it as "
            "postgresql+psycopg://reader@host/name or sqlite:////path/to/file.db, and install its driver (for "
            "PostgreSQL reviewcore[postgresql])"
        )
        raise BadInput([Problem(where, what)]) from None
    silent = (
        "the database does not answer, or does not let this user read the table; try the same URL with the "
        "database's own client, and ask for the right to read"
    )
    try:
        table = _table(engine, name, section)
    except sa.exc.SQLAlchemyError:
        raise BadInput([Problem(where, silent)]) from None

    def batches() -> Iterator[list[tuple[Any, ...]]]:
        try:
            with engine.connect().execution_options(yield_per=size) as connection:
                for batch in connection.execute(sa.select(table)).partitions():
                    yield [tuple(row) for row in batch]
        except sa.exc.SQLAlchemyError:
            raise BadInput([Problem(where, silent)]) from None

    return tuple(column.name for column in table.columns), batches()


def _table(engine: Engine, name: str, section: str) -> Table:
    """Return what the database says of the table's columns."""
    from difflib import get_close_matches

    import sqlalchemy as sa

    schema, _, bare = name.rpartition(".")
    if bare:
        try:
            return sa.Table(bare, sa.MetaData(), schema=schema or None, autoload_with=engine)
        except sa.exc.NoSuchTableError:
            pass
    looked = sa.inspect(engine)
    there = sorted([*looked.get_table_names(schema or None), *looked.get_view_names(schema or None)])
    near = get_close_matches(bare, there, n=1)
    what = f"the database has no table or view '{name}'" if bare else "say which table or view is the list"
    what += f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(there) or 'none'}"
    raise BadInput([Problem(f"{section}.sheet", what)])


def _rows(found: Iterable[Sequence[Any]], first: int = 1) -> list[Row]:
    """Return rows numbered from `first` on, those without the ones that are empty."""
    rows = [(number, tuple(map(_cell, cells))) for number, cells in enumerate(found, start=first)]
    return [row for row in rows if not all(map(blank, row[1]))]


def _cell(value: Any) -> Cell:
    if value is None or value != value:  # pandas writes a missing value as "not a number"
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # exact, whatever its size
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else str(value)
    if isinstance(value, (str, float, bool, date, datetime, time, timedelta)):
        return value
    return Flaw.NESTED if isinstance(value, (bytes, list, tuple, dict)) else str(value)
