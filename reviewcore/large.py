"""Sealing a list of millions: read, checked and blinded in parts on all cores, then one sealed ledger.

Each part is read and placed by the very code that reads a county's list, so that a list gives the same
leaves and the same root whichever way it is sealed, in any order and in parts of any size. Needs
`reviewcore[scale]`.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.register.cases import cases_of, required
from reviewcore.register.cells import Row
from reviewcore.register.listing import Listing, listed, uncounted
from reviewcore.register.mapping import case_fields
from reviewcore.register.table import EACH, SheetTable
from reviewcore.register.typed import database_in_batches, in_batches
from reviewcore.selection import casedraw
from reviewcore.selection.frame import SAME_FAMILY, placing
from reviewcore.selection.scale.engines import connect, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from reviewcore.profile.lists import List
    from reviewcore.reviewtype import Source
    from reviewcore.selection.plan import SelectionPlan

T = TypeVar("T")
_BLOCK = 2**16  # leaves hashed at a time: a power of two, so that their node is one of the tree
_GROUP = 20_480  # rows that Parquet keeps together, and that each of an engine's threads holds at a time
_PART = "'row': 'BIGINT', 'case': 'VARCHAR', 'worker': 'VARCHAR', 'family': 'VARCHAR', "
_PART += "'stratum': 'VARCHAR', 'leaf': 'VARCHAR'"


@frozen
class Sealed:
    """A sealed ledger, and of its list what a commitment states (docs/casedraw.md, sections 4 and 5)."""

    ledger: Path
    root: str
    listed: int
    excluded: Mapping[str, int]
    by_stratum: Mapping[str, int]
    workers_by_stratum: Mapping[str, int]


@frozen
class _Sealing:
    """What every part is sealed with."""

    key: bytes
    source: Source
    plan: SelectionPlan
    reading: Listing
    folder: Path


def seal(
    path: Path,
    listing: List,
    source: Source,
    plan: SelectionPlan,
    key: bytes,
    into: Path,
    *,
    processes: int = 0,
    rows_at_a_time: int = 20_000,
    memory: str = "1GB",
) -> Sealed:
    """Seal the case list at `path`, Parquet or CSV, into a ledger at `into`, a new Parquet file.

    Where `listing` names a database's URL in place of a file, its table or view is read, whatever `path` is.

    `source` declares the list's fields and `plan` asks for them; no line has a unit. `processes` 0 takes
    all cores; each is a new interpreter, so a script that calls this does so under
    `if __name__ == "__main__":`. What does not fit in `memory` goes to the disk beside the ledger, whose
    lines are sorted by worker, so that equal lists give equal ledgers. Raises BadInput with the rows that
    are wrong, at most twenty of each kind in each part, and leaves no ledger behind.
    """
    if listing.in_database:
        headings, batches = database_in_batches(listing.file, listing.sheet, "lists.cases", rows_at_a_time)
    else:
        headings, batches = in_batches(path, rows_at_a_time)
    name = f"table {listing.sheet}" if listing.in_database else path.name
    bare = SheetTable(name, "", "", 0, headings, ())
    reading = listed(bare, listing, case_fields(source), required(source), "lists.cases")
    processes = processes or os.cpu_count() or 1
    with TemporaryDirectory(dir=into.parent, prefix=".sealing-") as scratch:
        folder = Path(scratch)
        sealing = _Sealing(key, source, plan, reading, folder)
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            excluded: Counter[str] = Counter()
            problems: list[Problem] = []
            count = 0
            for rows, out, wrong in _each(pool, partial(_part, sealing), enumerate(batches), 2 * processes):
                count, problems = count + rows, [*problems, *wrong][: EACH * EACH]
                excluded.update(out)
            if listing.control_total not in (None, count):
                problems.insert(0, Problem(name, uncounted("cases", count, listing)))
            if problems:
                raise BadInput(problems)
            connection = connect(memory=memory)
            connection.execute("SET preserve_insertion_order = true")
            connection.execute("SET temp_directory = ?", [str(folder)])
            parts = f"read_csv({quoted(folder / '*.csv')}, header = false, columns = {{{_PART}}})"
            connection.execute(f"CREATE VIEW parts AS SELECT * FROM {parts}")  # noqa: S608 - our own path
            _once(connection, name)
            beside = folder / "ledger.parquet"
            _write(connection, beside)
            sizes = connection.execute(_SIZES).fetchall()
            root = _root(connection, pool, 2 * processes)
            connection.close()
        beside.replace(into)
    placed = sum(cases for _, cases, _ in sizes)
    if family := count - excluded.total() - placed:
        excluded[SAME_FAMILY] = family
    names = [stratum.name for stratum in plan.strata]
    cases = {name: number for name, number, _ in sizes}
    workers = {name: number for name, _, number in sizes}
    return Sealed(
        into,
        root,
        count,
        dict(sorted(excluded.items())),
        {name: cases.get(name, 0) for name in names},
        {name: workers.get(name, 0) for name in names},
    )


def _part(sealing: _Sealing, numbered: tuple[int, list[Row]]) -> tuple[int, Counter[str], list[Problem]]:
    """Check and seal one part of the list into a file; return its rows, exclusions by reason, and faults."""
    number, rows = numbered
    reading = Listing(evolve(sealing.reading.table, rows=tuple(rows)), sealing.reading.columns)
    cases = cases_of(reading, sealing.source, None)
    if problems := reading.problems():
        return len(rows), Counter(), list(problems)
    blinding, worker_of = _blinds(sealing.key)
    place = placing(sealing.plan, {field.name: field for field in sealing.source.fields})
    case_ids, worker_ids, family_ids, fields = zip(*cases, strict=True)
    blinded, placed = blinding.cases(case_ids), list(map(place, fields))
    excluded = Counter(reason for _, reason in placed if reason)
    listed = zip(rows, blinded, worker_ids, family_ids, placed, strict=True)
    sealed = [
        (row, case, worker_of(worker), blinding.salt("family", family) if family else "", stratum)
        for (row, _), case, worker, family, (stratum, reason) in listed
        if not reason
    ]
    leaves = casedraw.leaves((case, worker, "", stratum) for _, case, worker, _, stratum in sealed)
    with (sealing.folder / f"{number:06}.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerows
        write((*line, leaf) for line, leaf in zip(sealed, leaves, strict=True))
        out = zip(rows, blinded, placed, strict=True)
        write((row, case, "", "", "", "") for (row, _), case, (_, reason) in out if reason)
    return len(rows), excluded, []


@lru_cache(maxsize=1)
def _blinds(key: bytes) -> Any:
    """Return the blinding under a key, and what remembers the pseudonyms of workers."""
    blinding = casedraw.Blinding(key)
    return blinding, lru_cache(maxsize=100_000)(blinding.worker)


_TWICE = 'SELECT min("row"), max("row") FROM parts GROUP BY "case" HAVING count(*) > 1 ORDER BY 2 LIMIT ?'
_LEDGER = """
COPY (
  SELECT leaf, "case", worker, '' AS unit, stratum FROM (
    SELECT * FROM parts WHERE leaf IS NOT NULL AND family IS NULL
    UNION ALL
    (SELECT * FROM parts WHERE leaf IS NOT NULL AND family IS NOT NULL
     QUALIFY row_number() OVER (PARTITION BY family ORDER BY "case") = 1)
  ) ORDER BY worker, leaf
) TO {into} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group})
"""
_SIZES = "SELECT stratum, count(*), count(DISTINCT worker) FROM ledger GROUP BY stratum"


def _once(connection: DuckDBPyConnection, file: str) -> None:
    twice = connection.execute(_TWICE, [EACH]).fetchall()
    if twice:
        raise BadInput(
            Problem(
                f"{file} row {row}",
                f"the same case id as in row {first}; every case stands on the list once",
            )
            for first, row in twice
        )


def _write(connection: DuckDBPyConnection, ledger: Path) -> None:
    connection.execute(_LEDGER.format(into=quoted(ledger), group=_GROUP))
    connection.execute(f"CREATE VIEW ledger AS SELECT * FROM read_parquet({quoted(ledger)})")  # noqa: S608


def _root(connection: DuckDBPyConnection, pool: ProcessPoolExecutor, ahead: int) -> str:
    """Return the RFC 6962 root over the ledger's leaves: nodes over blocks of them, then the tree over these."""
    found = connection.execute("SELECT leaf FROM ledger ORDER BY leaf")
    blocks = iter(lambda: "".join(leaf for (leaf,) in found.fetchmany(_BLOCK)), "")
    nodes = list(_each(pool, _node, blocks, ahead))
    return casedraw.tree(nodes).hex() if nodes else casedraw.root(())


def _node(leaves: str) -> bytes:
    block = bytes.fromhex(leaves)
    return casedraw.tree([block[at : at + 32] for at in range(0, len(block), 32)])


def _each(pool: ProcessPoolExecutor, work: Any, given: Iterable[T], ahead: int) -> Iterator[Any]:
    """Yield what the pool makes of each, in order, with never more than `ahead` of them on their way."""
    waiting: deque[Future[Any]] = deque()
    for one in given:
        if len(waiting) == ahead:
            yield waiting.popleft().result()
        waiting.append(pool.submit(work, one))
    while waiting:
        yield waiting.popleft().result()
