"""The same stores on PostgreSQL, by URL, against a real server that the test starts."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reviewcore.errors import Refused
from reviewcore.store.keys import KeyFolder
from reviewcore.store.opening import Place, Stores, open_stores

NOON = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)


@pytest.fixture
def url(need: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL server of our own on a socket in a scratch folder, and stop it afterwards."""
    initdb, pg_ctl = need("initdb"), need("pg_ctl")
    pytest.importorskip("psycopg")
    root = Path("/tmp") / f"pg-{os.getpid()}"  # a socket's path must be short
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(mode=0o755)
    runner: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(root, "nobody")
        runner = ["setpriv", "--reuid=nobody", "--clear-groups", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(
        [*runner, initdb, "-D", root / "data", "-U", "review", "-A", "trust"], check=True, cwd=root, stdout=-3
    )
    options = f"-k {root} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off"
    start = [*runner, pg_ctl, "-D", root / "data", "-w", "-o", options, "-l", root / "log"]
    subprocess.run([*start, "start"], check=True, cwd=root, stdout=-3)
    try:
        yield f"postgresql+psycopg://review@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*start[:-2], "-m", "immediate", "stop"], check=True, cwd=root, stdout=-3)
        shutil.rmtree(root, ignore_errors=True)


def opened(url: str, root: Path, review: str = "alder-2027") -> Stores:
    folder = root / "review"
    folder.mkdir(exist_ok=True)
    place = Place(folder, "alder", review, KeyFolder(root / "keys"), root / "ledger.db", url=url)
    return open_stores(place, lambda: NOON, "tester")


@pytest.mark.slow
def test_the_stores_are_the_same_on_postgresql(url: str, tmp_path: Path) -> None:
    """If this fails, county IT cannot keep reviews in the county's own database."""
    stores = opened(url, tmp_path)
    assert stores.vault
    stores.vault.put_all("person", {"W-1": {"person_id": "W-1", "name": "Ash Rowan"}}, replace=True)
    stores.records.log.append_all([("register.read", {"n": 1}), ("selection.committed", {"text": "é\u2028"})])
    again = opened(url, tmp_path)
    assert again.vault
    assert [(e.seq, e.kind, e.body) for e in again.records.log.events()] == [
        (1, "register.read", {"n": 1}),
        (2, "selection.committed", {"text": "é\u2028"}),
    ]
    assert again.records.log.verify() == []
    assert again.vault.all("person") == ({"person_id": "W-1", "name": "Ash Rowan"},)
    assert opened(url, tmp_path, "birch-2027").records.log.events() == ()
    assert not (tmp_path / "review" / "review.db").exists()
    stores.records.log.refresh()
    again.records.log.append("a", {})
    stale = opened(url, tmp_path).records.log
    stale.events()
    again.records.log.append("b", {})
    with pytest.raises(Refused, match="another process has written"):
        stale.append("c", {})
    again.records.log.erase(2)
    assert again.records.log.verify() == []
