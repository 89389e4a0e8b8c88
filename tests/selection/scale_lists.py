"""One made-up list, written as every kind of file that a county may send, in any order of its rows."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from reviewcore.language import Compare, Field
from reviewcore.profile.settings import List
from reviewcore.reviewtype import Source
from reviewcore.selection.plan import SelectionPlan, Stratum

KEY = bytes(range(32))
AT = datetime(2027, 1, 11, 17, tzinfo=UTC)
DICE = "dice 314159265358979323846264"
STRATA = ("children's home", "two, with a comma", 'said "three"', "back\\slash", "año")
SOURCE = Source(
    "cases",
    (
        Field("kind", "choice", choices=STRATA),
        Field("opened", "date"),
        Field("visits", "number", required=False),
        Field("closed", "flag", required=False),
    ),
)
PLAN = SelectionPlan(
    tuple(Stratum(name, 9 - place, Compare("kind", "is", name)) for place, name in enumerate(STRATA)),
    Compare("visits", "at_least", 1),
)  # fmt: skip
QUOTAS = {stratum.name: stratum.quota for stratum in PLAN.strata}
HEAD = ("case_id", "worker_id", "family_id", "kind", "opened", "visits", "closed")
LISTING = List("cases", {})


def rows(seed: int = 1, cases: int = 600, workers: int = 50) -> list[tuple[str, ...]]:
    """Made-up cases with zeros in front, accents and families; shuffled by `seed`, otherwise always the same."""
    made = []
    for number in range(cases):
        chance = hashlib.sha256(str(number).encode()).digest()
        made.append(
            (
                f"{number:05}" if number % 5 else f"Añ-{number}",
                f"{chance[0] * 256 % workers + chance[1] % workers:03}",
                f"F{number // 2:04}" if chance[2] < 60 else "",
                STRATA[(chance[0] + chance[1] + chance[3] % 2) % 5],
                f"2026-{1 + chance[4] % 12:02}-{1 + chance[5] % 28:02}",
                str(chance[6] % 9) if chance[6] < 240 else "",
                ("yes", "no", "")[chance[7] % 3],
            )
        )
    random.Random(seed).shuffle(made)
    return made


def as_csv(path: Path, made: Sequence[tuple[str, ...]]) -> Path:
    """Write the list as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *made])
    return path


def as_xlsx(path: Path, made: Sequence[tuple[str, ...]]) -> Path:
    """Write the list as a workbook with ids as text, dates as dates and counts as numbers."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        day, sheet = book.add_format({"num_format": "m/d/yyyy"}), book.add_worksheet("List")
        for row, cells in enumerate([HEAD, *made]):
            for column, cell in enumerate(cells):
                if row and column == 4:
                    sheet.write_datetime(row, column, datetime.fromisoformat(cell), day)
                elif row and column == 5 and cell:
                    sheet.write_number(row, column, int(cell))
                else:
                    sheet.write_string(row, column, cell)
    return path


def as_parquet(path: Path, made: Sequence[tuple[str, ...]], group: int = 2048) -> Path:
    """Write the list as Parquet with dates, whole numbers, flags and nulls of their own types."""
    import duckdb

    with duckdb.connect() as connection:
        texts = ", ".join(f"{name} VARCHAR" for name in HEAD)
        connection.execute(f"CREATE TABLE texts ({texts})")
        connection.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", [list(row) for row in made])
        connection.execute(
            "COPY (SELECT case_id, worker_id, nullif(family_id, '') AS family_id, kind, opened::DATE AS opened, "
            "nullif(visits, '')::BIGINT AS visits, CASE closed WHEN 'yes' THEN true WHEN 'no' THEN false END AS closed "
            f"FROM texts) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {group})"
        )
    return path


def as_database(path: Path, made: Sequence[tuple[str, ...]]) -> str:
    """Put the list into a table of a database and return its URL."""
    import sqlite3

    with closing(sqlite3.connect(path)) as connection, connection:
        kinds = "case_id TEXT, worker_id TEXT, family_id TEXT, kind TEXT, opened DATE, visits INTEGER, closed TEXT"
        connection.execute(f"CREATE TABLE open_cases ({kinds})")
        filled = [[cell or None for cell in row] for row in made]
        connection.executemany("INSERT INTO open_cases VALUES (?, ?, ?, ?, ?, ?, ?)", filled)
    return f"sqlite:///{path}"


def as_ledger(path: Path, made: Sequence[tuple[str, str, str]], group: int = 2048) -> Path:
    """Write (leaf, worker, stratum) lines as a sealed ledger, in the order given."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            'CREATE TABLE t (leaf VARCHAR, "case" VARCHAR, worker VARCHAR, unit VARCHAR, stratum VARCHAR)'
        )
        if made:
            columns = [list(column) for column in zip(*made, strict=True)]
            connection.execute("INSERT INTO t SELECT unnest(?), '', unnest(?), '', unnest(?)", columns)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {group})")
    return path
