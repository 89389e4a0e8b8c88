"""One list, read in many ways: the same sealed digest, the same cases drawn (OWN-3; selection.md section 5)."""

from __future__ import annotations

import gc
import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from scale_lists import (
    AT,
    DICE,
    KEY,
    LISTING,
    PLAN,
    QUOTAS,
    SOURCE,
    as_csv,
    as_database,
    as_ledger,
    as_parquet,
    as_xlsx,
    rows,
)

from reviewcore import standalone
from reviewcore.errors import BadInput, Refused
from reviewcore.large import Sealed, seal
from reviewcore.profile.settings import List
from reviewcore.selection import casedraw, verify
from reviewcore.selection.draw import Entry
from reviewcore.selection.draw import draw as rule_t
from reviewcore.selection.scale import drawing, engines, queries
from reviewcore.selection.scale.engines import DuckDB, Spark, connect
from tests.conftest import absent

TICKETS = casedraw.purpose_key(casedraw.seed("0" * 64, (DICE,)), "ticket")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """The list sealed from Parquet, in parts."""
    folder = tmp_path_factory.mktemp("ledger")
    path = as_parquet(folder / "cases.parquet", rows())
    return seal(path, LISTING, SOURCE, PLAN, KEY, folder / "ledger.parquet", processes=2, rows_at_a_time=97)


@pytest.fixture(scope="module")
def from_csv(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a county's draw from CSV, in memory, seals and draws."""
    return in_memory(as_csv(tmp_path_factory.mktemp("csv") / "cases.csv", rows()), LISTING)


def in_memory(path: Path, listing: List) -> dict[str, Any]:
    """Seal and draw in memory; return what was sealed and the cases drawn, the time and papers left out."""
    sealed = standalone.seal(path, listing, SOURCE, PLAN, KEY, AT)
    drawn = standalone.draw(sealed, [DICE])
    names = ("root", "commitment", "listed", "excluded", "by_stratum", "workers_by_stratum")
    return {name: sealed.committed[name] for name in names} | {"drawn": drawn}


def test_a_program_finds_its_collector_as_it_was(tmp_path):
    """Else a program that draws in memory runs without its garbage collector ever after, or with one it had off."""
    bad = as_csv(tmp_path / "cases.csv", [("", *rows()[0][1:])])
    try:
        for switch, running in ((gc.disable, False), (gc.enable, True)):
            switch()
            with pytest.raises(BadInput):
                in_memory(bad, LISTING)
            assert gc.isenabled() is running
    finally:
        gc.enable()


def test_papers_of_a_draw_in_memory_are_made_when_asked_for_and_hold(tmp_path):
    """Else whoever draws in memory has no papers to hand over, or others than the draw's."""
    sealed = standalone.seal(as_csv(tmp_path / "cases.csv", rows()), LISTING, SOURCE, PLAN, KEY, AT)
    before = sealed.papers()
    assert "selection/witness/ledger.json" in before
    assert not any("draw" in name for name in before)
    drawn = standalone.draw(sealed, [DICE])
    papers = sealed.papers()
    assert before.items() <= papers.items()
    witness = {name.split("/")[-1]: data for name, data in papers.items() if "/witness/" in name}
    checked, wrong = verify.check({name: data for name, data in witness.items() if name.endswith(".json")})
    assert not wrong
    assert any(f"{len(drawn)} taken" in line for line in checked)


def test_a_draw_in_memory_is_made_once(tmp_path):
    """Else whoever does not like a draw rolls again until one pleases."""
    sealed = standalone.seal(as_csv(tmp_path / "cases.csv", rows()), LISTING, SOURCE, PLAN, KEY, AT)
    drawn = standalone.draw(sealed, [DICE])
    with pytest.raises(Refused, match="another seed"):
        standalone.draw(sealed, [DICE[:-1] + str(9 - int(DICE[-1]))])
    assert standalone.draw(sealed, [DICE]) == drawn


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", ["xlsx", "parquet", "database"])
def test_every_kind_of_file_in_any_order_is_the_same_list(kind, seed, from_csv, tmp_path):
    """Else a county's draw would depend on the format or the order in which its list was exported."""
    made = rows(seed)
    if kind == "database":
        url = as_database(tmp_path / "warehouse.db", made)
        found = in_memory(tmp_path, List(url, {}, "open_cases"))
    else:
        write = as_xlsx if kind == "xlsx" else as_parquet
        found = in_memory(write(tmp_path / f"cases.{kind}", made), LISTING)
    assert len(found["drawn"]) == sum(QUOTAS.values())
    assert found == from_csv


@pytest.mark.parametrize(
    ("kind", "at_a_time", "seed"), [("parquet", 1000, 3), ("csv", 61, 4), ("database", 83, 5)]
)
def test_a_list_sealed_in_parts_is_the_same_list(kind, at_a_time, seed, from_csv, ledger, tmp_path):
    """Else what is sealed would depend on how many cores or how much memory the machine has."""
    path, listing, into = tmp_path / f"cases.{kind}", LISTING, tmp_path / "ledger.parquet"
    if kind == "database":
        listing = List(as_database(path, rows(seed)), {}, "open_cases")
    else:
        (as_parquet if kind == "parquet" else as_csv)(path, rows(seed))
    sealed = seal(path, listing, SOURCE, PLAN, KEY, into, processes=1, rows_at_a_time=at_a_time)
    for name in ("root", "listed", "excluded", "by_stratum", "workers_by_stratum"):
        assert getattr(sealed, name) == getattr(ledger, name) == from_csv[name], name
    assert into.read_bytes() == ledger.ledger.read_bytes()
    assert sealed.excluded.keys() >= {"another case of the same family is listed"}


def drawn(engine: drawing.Engine, key: str = TICKETS) -> tuple[str, ...]:
    return drawing.draw(engine, QUOTAS, 1, key).taken()


def entries(ledger: Sealed) -> list[Entry]:
    found = DuckDB(ledger.ledger).rows(queries.Query("SELECT leaf, worker, stratum FROM ledger"))
    return [Entry(*row) for row in found]


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("wanted", ["all", "a third", "none"])
def test_duckdb_draws_what_the_core_draws(threads, wanted, ledger, monkeypatch):
    """Else the draw from a large list is another draw: by threads, or by how many cases came back at first."""
    if wanted != "all":
        cut = {"a third": "5" * 16, "none": "0"}[wanted]
        monkeypatch.setattr(drawing, "cutoff", lambda *_: cut)
    want = rule_t(entries(ledger), QUOTAS, 1, TICKETS).taken()
    assert drawn(DuckDB(ledger.ledger, threads)) == want


def test_a_ledger_that_needs_more_memory_than_a_scan_gets_it(ledger, monkeypatch):
    """Else a ledger that another program wrote in one piece, or a draw that must sort, ends in an error of DuckDB."""
    given: list[str] = []

    def counted(threads: int, memory: str, *, disk: bool) -> Any:
        given.append(memory)
        return connect(threads, memory, disk=disk)

    monkeypatch.setattr(engines, "_ONCE", 1)
    monkeypatch.setattr(engines, "_EACH", 0)
    monkeypatch.setattr(engines, "connect", counted)
    everything = "SELECT count(*) FROM (SELECT DISTINCT leaf, n FROM ledger, range(500) t(n))"
    assert DuckDB(ledger.ledger).rows(queries.Query(everything)) == [(500 * len(entries(ledger)),)]
    assert given[:2] == ["1MB", ""]


class Counting:
    """An engine that counts what it is asked, and what it gives back."""

    def __init__(self, engine: DuckDB) -> None:
        self.engine, self.given = engine, list[int]()

    def rows(self, query: queries.Query) -> list[tuple[Any, ...]]:
        found = self.engine.rows(query)
        self.given.append(len(found))
        return found


def test_a_list_that_is_not_tight_is_hashed_once_and_little_of_it_comes_back(tmp_path):
    """Else every draw from millions of cases asks for all that could matter in the tightest of counties."""
    listed = [
        (hashlib.sha256(b"%d" % n).hexdigest(), f"{n // 5:064x}", "xyz"[n // 5 % 3]) for n in range(9000)
    ]
    engine = Counting(DuckDB(as_ledger(tmp_path / "ledger.parquet", listed)))
    quotas = {"x": 40, "y": 40, "z": 40}
    found = drawing.draw(engine, quotas, 1, TICKETS)
    assert found.taken() == rule_t([Entry(*line) for line in listed], quotas, 1, TICKETS).taken()
    assert len(engine.given) == 2  # the sizes, and one hash pass
    assert engine.given[1] < 3 * (2 * 40 + 60) * 1.5


lines = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("xyz")), max_size=40)


@given(lines, st.tuples(*[st.integers(0, 3)] * 3), st.integers(1, 2), st.sampled_from("048cg"), st.randoms())
@settings(max_examples=40, deadline=None)
def test_any_ledger_gives_the_core_s_draw_or_its_refusal(tmp_path_factory, made, quota, cap, cut, chance):
    """Else some ledger, tight or short of workers, is drawn otherwise at scale than by the core (4, 5)."""
    quotas = dict(zip("xyz", quota, strict=True))
    listed = [
        (hashlib.sha256(str(place).encode()).hexdigest(), f"{worker:064x}", stratum)
        for place, (worker, stratum) in enumerate(made)
    ]
    chance.shuffle(listed)
    engine = DuckDB(as_ledger(tmp_path_factory.mktemp("any") / "ledger.parquet", listed), threads=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "cutoff", lambda *_: cut)
        want = outcome(lambda: rule_t([Entry(*line) for line in listed], quotas, cap, TICKETS).taken())
        event("drawn" if isinstance(want, tuple) else "refused")
        assert outcome(lambda: drawing.draw(engine, quotas, cap, TICKETS).taken()) == want


def outcome(call: Callable[[], tuple[str, ...]]) -> tuple[str, ...] | str:
    try:
        return call()
    except Refused as refused:
        return str(refused)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark on this machine, of two threads."""
    if not shutil.which("java"):
        absent("java")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        absent("pyspark (reviewcore[spark])")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings_ = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1", "spark.ui.showConsoleProgress": "false",
    }  # fmt: skip
    session = SparkSession.builder.master("local[2]").config(map=settings_).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_spark_draws_what_duckdb_draws(spark, ledger, monkeypatch):
    """Else a draw made on a state's cluster cannot be checked on a laptop: both passes, quotes and accents."""
    want = drawn(DuckDB(ledger.ledger))
    assert drawn(Spark(str(ledger.ledger), spark)) == want
    monkeypatch.setattr(drawing, "cutoff", lambda *_: "5" * 16)
    assert drawn(Spark(str(ledger.ledger), spark)) == want


class Wrong:
    """An engine whose SHA-256 is wrong in one line."""

    def __init__(self, engine: DuckDB) -> None:
        self.engine = engine

    def rows(self, query: queries.Query) -> list[tuple[Any, ...]]:
        found = self.engine.rows(query)
        if query.parameters and found:
            *line, ticket = found[0]
            found[0] = (*line, ticket[::-1])
        return found


def test_an_engine_that_hashes_otherwise_is_refused(ledger):
    """Else an engine's bug would choose the cases."""
    with pytest.raises(Refused, match="SHA-256"):
        drawn(Wrong(DuckDB(ledger.ledger)))


def test_a_list_with_faults_is_told_by_row_and_leaves_no_ledger(tmp_path):
    """Else a large list is sealed with cases left out, or its owner is not told which rows to mend."""
    made = rows()
    made[5] = ("", *made[5][1:])
    made[250] = (*made[250][:5], "many", "")
    path, into = as_csv(tmp_path / "cases.csv", made), tmp_path / "ledger.parquet"
    listing = List("cases.csv", {}, control_total=601)
    with pytest.raises(BadInput) as caught:
        seal(path, listing, SOURCE, PLAN, KEY, into, processes=1, rows_at_a_time=100)
    said = str(caught.value)
    assert "cases.csv row 7: column 'case_id': blank, but every row needs it" in said
    assert "cases.csv row 252: column 'visits': expected a whole number" in said
    assert "cases.csv: there are 600 cases on the list, but the control total is 601" in said
    assert "many" not in said
    assert [one.name for one in tmp_path.iterdir()] == ["cases.csv"]


def test_a_case_that_stands_in_two_parts_is_told_with_both_rows(tmp_path):
    """Else a case that is listed twice has two chances."""
    made = rows()
    made[500] = (made[3][0], *made[500][1:])
    path = as_parquet(tmp_path / "cases.parquet", made)
    with pytest.raises(BadInput, match=r"^cases.parquet row 501: the same case id as in row 4;"):
        seal(path, LISTING, SOURCE, PLAN, KEY, tmp_path / "l.parquet", processes=1, rows_at_a_time=100)


@pytest.mark.parametrize("leaves", [1, 2, 3, 7, 8, 9, 31, 64, 65, 100])
def test_the_tree_over_blocks_is_the_tree(leaves):
    """Else the root of a large ledger is not the one that docs/casedraw.md defines."""
    level = sorted(hashlib.sha256(str(number).encode()).digest() for number in range(leaves))
    blocks = [casedraw.tree(level[at : at + 8]) for at in range(0, leaves, 8)]
    assert casedraw.tree(blocks).hex() == casedraw.root(leaf.hex() for leaf in level)


def test_a_stratum_without_a_quota_is_refused(ledger):
    """Else cases of a stratum that the plan does not know are silently left out."""
    quotas = {name: quota for name, quota in QUOTAS.items() if name != "año"}
    with pytest.raises(ValueError, match="año"):
        drawing.draw(DuckDB(ledger.ledger), quotas, 1, TICKETS)


def test_random_keys_draw_alike(ledger):
    """Else the engine agrees with the core for one seed only."""
    every = entries(ledger)
    for number in random.Random(5).sample(range(10**6), 5):
        key = hashlib.sha256(str(number).encode()).hexdigest()
        assert drawn(DuckDB(ledger.ledger), key) == rule_t(every, QUOTAS, 1, key).taken()
