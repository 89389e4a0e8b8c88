"""Lists in Parquet and in a database: types instead of guesses, and faults told as for any other list."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from register_lists import (
    CASE_HEAD,
    CASE_ROWS,
    PEOPLE_HEAD,
    PEOPLE_ROWS,
    SOURCE,
    HmacBlind,
    clock,
    told,
    write_csv,
)
from register_lists import TYPE as VISITS
from register_lists import profile as made_profile

from reviewcore.errors import BadInput
from reviewcore.profile.settings import List
from reviewcore.register.cases import cases_and_problems
from reviewcore.register.stage import register
from reviewcore.store.keys import KeyFolder
from reviewcore.store.opening import Place, open_stores

duckdb = pytest.importorskip("duckdb")


def parquet(path: Path, columns: str, *rows: str) -> Path:
    """Write a Parquet file of these columns (name and type) and rows (as SQL)."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t ({columns})")
        for row in rows:
            connection.execute(f"INSERT INTO t VALUES ({row})")
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def database(path: Path, rows: Sequence[Sequence[Any]] = CASE_ROWS) -> str:
    """Put the small case list into the table `open_cases` and return the database's URL."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE open_cases ({', '.join(CASE_HEAD)})")
        connection.executemany("INSERT INTO open_cases VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    return f"sqlite:///{path}"


def read(path: Path, listing: List):
    """Read a case list without a people list; raise what is wrong with it."""
    _, cases, problems = cases_and_problems(path, listing, SOURCE, None)
    if problems:
        raise BadInput(problems)
    return cases


COLUMNS = "case_id BIGINT, worker_id VARCHAR, family_id VARCHAR, program VARCHAR, opened DATE, "
COLUMNS += "visits DECIMAL(9,0), closed BOOLEAN"


def test_types_are_taken_as_they_are(tmp_path):
    """Else ids of a warehouse lose their ends or zeros, or an empty cell becomes a family."""
    path = parquet(
        tmp_path / "cases.parquet", COLUMNS,
        "9007199254740993, '007', NULL, 'probation', DATE '2026-03-01', 4, true",
        "12, '012', 'NULL', 'Child Welfare', DATE '2026-03-02', NULL, NULL",
    )  # fmt: skip
    first, second = read(path, List(path.name))
    assert (first.case_id, first.worker_id, first.family_id) == ("9007199254740993", "007", "")
    assert first.fields == {"program": "probation", "opened": date(2026, 3, 1), "visits": 4, "closed": True}
    assert (second.case_id, second.worker_id, second.family_id) == ("12", "012", "")
    assert second.fields == {
        "program": "child-welfare",
        "opened": date(2026, 3, 2),
        "visits": None,
        "closed": None,
    }


def test_faults_in_parquet_are_told_by_row(tmp_path):
    """Else whoever made the export does not know which row to look at."""
    path = parquet(
        tmp_path / "cases.parquet", COLUMNS.replace("visits DECIMAL(9,0)", "visits INTEGER[]"),
        "1, 'W1', NULL, 'probation', DATE '2026-03-01', NULL, NULL",
        "1, '', NULL, 'parole', NULL, [3, 4], NULL",
    )  # fmt: skip
    said = told(read, path, List(path.name)).splitlines()
    assert said == [
        "cases.parquet row 2: column 'case_id': the same id as in row 1; every case stands on the list once",
        "cases.parquet row 2: column 'worker_id': blank, but every row needs it",
        "cases.parquet row 2: column 'program': expected one of: child-welfare, probation",
        "cases.parquet row 2: column 'opened': blank, but every row needs it",
        (
            "cases.parquet row 2: column 'visits': the cell holds a list or bytes, not one value; "
            "export the column as text"
        ),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b"PAR1 and then nothing of the kind PAR1",
            "cases.parquet: the file is damaged, or not what its name says",
        ),
        (b"case_id,worker_id\n1,2\n", "its name ends in .parquet, but inside it is plain text such as CSV"),
        (b"", "cases.parquet: the file is empty"),
    ],
)
def test_a_file_that_is_no_parquet_is_told(tmp_path, data, words):
    """Else a damaged export ends in a traceback, or is taken for a list."""
    (tmp_path / "cases.parquet").write_bytes(data)
    assert words in told(read, tmp_path / "cases.parquet", List("cases.parquet"))


def test_a_missing_column_and_an_empty_parquet_are_told(tmp_path):
    """Else the county does not learn that the export lacks a column, or every row."""
    path = parquet(
        tmp_path / "cases.parquet", COLUMNS.replace("worker_id", "worker"), "1, 'W', '', '', NULL, 1, true"
    )
    said = told(read, path, List(path.name))
    assert said.startswith("cases.parquet: worker_id: there is no column for it; say which it is")
    path = parquet(tmp_path / "none.parquet", COLUMNS)
    assert told(read, path, List(path.name)) == "none.parquet: there is nothing on the list"


def test_a_table_of_a_database_is_read_with_its_own_columns(tmp_path):
    """Else a warehouse's list has to be exported by hand."""
    url = database(tmp_path / "warehouse.db")
    cases = read(tmp_path, List(url, {"visits": "visits"}, "open_cases"))
    assert [case.case_id for case in cases] == ["C-01", "C-02", "C-03"]
    assert cases == read(write_csv(tmp_path / "cases.csv", CASE_HEAD, CASE_ROWS), List("cases.csv"))


def test_rows_of_a_database_are_told_in_the_order_of_what_stands_in_them(tmp_path):
    """Else the row that a message names is another one each time."""
    rows = [[*row] for row in reversed(CASE_ROWS)]
    rows[1][3] = "parole"
    said = told(read, tmp_path, List(database(tmp_path / "warehouse.db", rows), {}, "open_cases"))
    assert said == "table open_cases row 2: column 'program': expected one of: child-welfare, probation"


@pytest.mark.parametrize(
    ("url", "table", "words"),
    [
        ("sqlite:///{}/warehouse.db", "open_case", "sheet: the database has no table or view 'open_case'; did"),
        ("sqlite:///{}/warehouse.db", "", "sheet: say which table or view is the list; there are open_cases"),
        ("sqlite:///{}/none/warehouse.db", "open_cases", "file: the database does not answer"),
        ("postgresql+psycopg://x:hunter2@127.0.0.1:1/x", "open_cases", "file: the database does not answer"),
        ("oracle+none://x:hunter2@host/x", "open_cases", "file: this URL names no database that can be opened"),
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_read_is_told_without_its_password(tmp_path, url, table, words):
    """Else a slip in the URL ends in a traceback that shows the password."""
    database(tmp_path / "warehouse.db")
    said = told(read, tmp_path, List(url.format(tmp_path), {}, table))
    assert words in said
    assert "hunter2" not in said


def test_what_was_sealed_from_a_database_stands_while_the_database_goes_on(tmp_path):
    """Else the first case that is opened after the draw would stop the review; or would come into it."""
    url = database(tmp_path / "warehouse.db")
    write_csv(tmp_path / "people.csv", PEOPLE_HEAD, PEOPLE_ROWS)
    profile = made_profile(cases=List(url, {}, "open_cases"))
    stores = open_stores(
        Place(tmp_path, "alder", "alder-2027", KeyFolder(tmp_path / "keys"), tmp_path / "ledger.db"),
        clock,
        "test",
    )
    assert stores.vault

    def reads() -> int:
        register(stores.records, stores.vault, HmacBlind(), tmp_path, profile, VISITS)
        return len(stores.records.log.events("register.read"))

    assert reads() == 1
    with closing(sqlite3.connect(tmp_path / "warehouse.db")) as connection, connection:
        connection.execute(
            "INSERT INTO open_cases VALUES ('C-04', 'W1', '', 'probation', '2027-01-01', '1', '')"
        )
    assert reads() == 2
    sealed = stores.vault.all("case")
    assert len(sealed) == 4
    stores.records.log.append("selection.committed", {})
    with closing(sqlite3.connect(tmp_path / "warehouse.db")) as connection, connection:
        connection.execute("DELETE FROM open_cases")
    assert reads() == 2
    stores.vault.forget()
    assert stores.vault.all("case") == sealed
    last = stores.records.log.last("register.read")
    assert last
    assert last.body
    assert last.body["sheets"] == {"people": "", "cases": "open_cases"}
    assert "warehouse" not in str(last.body)
