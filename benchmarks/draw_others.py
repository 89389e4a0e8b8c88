"""What others do in the benchmarks of the draw: `python draw_others.py WHAT [SIZE]`."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

TIGHT = [
    (f"W{worker:02}", stratum)
    for worker in range(40)
    for case in range(1 + worker % 9)
    for stratum in ("ABCDEF"[(worker + case * (worker % 3)) % 6],)
]
"""A county in which 34 of 40 workers are drawn, as (worker, stratum) of each case."""

TIGHT_QUOTAS = {"A": 6, "B": 6, "C": 6, "D": 6, "E": 5, "F": 5}


def pandas(size: str) -> None:
    """Shuffle, keep one case of each worker, sample by stratum: what one would write with pandas.

    No quota is missed here because there are far more workers than cases to draw; `full` shows what
    becomes of it in a county.
    """
    import pandas as pd
    from draw_lists import QUOTA, QUOTAS

    cases = pd.read_parquet(f"ledger-{size}.parquet", columns=["leaf", "worker", "stratum"])
    one_each = cases.sample(frac=1, random_state=1).drop_duplicates("worker")
    assert len(one_each.groupby("stratum").sample(QUOTA, random_state=1)) == sum(QUOTAS.values())


def limit(size: str) -> None:
    """Let DuckDB work out the SHA-256 of the key and every leaf, and nothing else."""
    import duckdb
    from draw_lists import KEY

    sql = f"SELECT max(sha256('{KEY}' || leaf)) FROM 'ledger-{size}.parquet'"
    duckdb.connect().execute(sql).fetchall()


def sampler() -> None:
    """Sample 240 of a million ids with consistent_sampler, which knows no strata and no workers."""
    from consistent_sampler import sampler
    from draw_lists import QUOTAS

    ids = Path("leaves.txt").read_text().split("\n")
    assert len(list(sampler(ids, seed="ab" * 32, take=sum(QUOTAS.values()), output="id"))) == sum(
        QUOTAS.values()
    )


def openssl() -> None:
    """Make as many hashes of the same lengths as sealing the raw list does, on all cores, and nothing else."""
    import os
    from multiprocessing import get_context

    from draw_lists import RAW

    cores = os.cpu_count() or 1
    edges = [RAW * core // cores for core in range(cores + 1)]
    with get_context("spawn").Pool(cores) as pool:
        pool.starmap(_hashes, pairwise(edges))


def _hashes(first: int, last: int) -> None:
    """Hash as often as a case costs: an HMAC and a digest for the case, one for the leaf, a node of the tree.

    Workers have an HMAC and a digest each, once.
    """
    from hashlib import sha256

    from draw_lists import CASELOAD

    pad = sha256(bytes(64))
    for number in range(first, last):
        for _ in range(1 + (number % CASELOAD == 0)):
            inner = pad.copy()
            inner.update(b"case\nC-%09d" % number)
            outer = pad.copy()
            outer.update(inner.digest())
            blinded = sha256(
                b"casedraw/1/case\n%s\nC-%09d" % (outer.hexdigest().encode(), number)
            ).hexdigest()
        leaf = sha256(f"\0casedraw/1/leaf\n{blinded}\n{blinded}\n\nprogram-01".encode()).digest()
        sha256(b"\1" + leaf + leaf).digest()


def chances() -> None:
    """Print how far the idiom of pandas draws cases of an uneven county from the chances of rule T."""
    import pandas as pd
    from draw_lists import DRAWS, UNEVEN, UNEVEN_QUOTAS, furthest

    cases, drawn = pd.DataFrame(UNEVEN, columns=["worker", "stratum"]), []
    (quota,) = set(UNEVEN_QUOTAS.values())
    for number in range(DRAWS):
        one_each = cases.sample(frac=1, random_state=number).drop_duplicates("worker")
        drawn += list(one_each.groupby("stratum").sample(quota, random_state=number).index)
    print(furthest(drawn))


def full() -> None:
    """Print in how many of 300 draws from a tight county the idiom of pandas fills every quota."""
    import pandas as pd

    cases = pd.DataFrame(TIGHT, columns=["worker", "stratum"])
    filled = 0
    for seed in range(300):
        one_each = cases.sample(frac=1, random_state=seed).drop_duplicates("worker")
        have = one_each["stratum"].value_counts()
        filled += all(have.get(name, 0) >= quota for name, quota in TIGHT_QUOTAS.items())
    print(filled)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
