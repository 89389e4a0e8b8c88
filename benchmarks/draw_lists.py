"""Made-up lists for the benchmarks of the draw, always the same: sealed ledgers, a raw list, counties.

`python draw_lists.py ledgers` writes ledger-100000, -1000000 and -10000000.parquet and leaves.txt, `raw`
writes raw.parquet, `county N` writes a review folder with N listed cases.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

STRATA, QUOTA, CASELOAD, KEY = 24, 10, 25, "ab" * 32
PROGRAMS = tuple(f"program-{number:02}" for number in range(STRATA))
QUOTAS = dict.fromkeys(PROGRAMS, QUOTA)
SIZES = (100_000, 1_000_000, 10_000_000)
RAW = 500_000
NEEDED = 8 * 2**30  # bytes on disk, the sorting's included

DRAWS = 2_000
UNEVEN = [(f"W{worker:02}", "AB"[worker % 2]) for worker in range(40) for _ in range(1 + (7 * worker) % 19)]
"""A county whose caseloads go from 1 to 19, as (worker, stratum) of each case; a worker's cases are in one stratum."""

UNEVEN_QUOTAS = {"A": 8, "B": 8}

_ROW = """
SELECT sha256('leaf' || i) AS leaf, sha256('case' || i) AS "case", sha256('worker' || w) AS worker,
       '' AS unit, 'program-' || lpad((w % {strata})::VARCHAR, 2, '0') AS stratum
FROM (SELECT i, (i * 2654435761 % {workers}) AS w FROM range({size}) t(i))
"""
_RAW = """
SELECT 'C-' || lpad((i * 7)::VARCHAR, 9, '0') AS case_id, 'W-' || lpad(w::VARCHAR, 7, '0') AS worker_id,
       'program-' || lpad((w % {strata})::VARCHAR, 2, '0') AS program, (i * 31 % 40)::INTEGER AS months_open
FROM (SELECT i, (i * 2654435761 % {workers}) AS w FROM range({size}) t(i))
"""


def furthest(drawn: Sequence[int]) -> float:
    """Return how far how often a case was drawn lies from its stated chance, in standard errors, at most.

    `drawn` has the places in UNEVEN of all cases of DRAWS draws.
    """
    from collections import Counter

    from reviewcore.selection.chances import chances
    from reviewcore.selection.draw import Entry

    listed = [Entry(f"{place:064x}", *case) for place, case in enumerate(UNEVEN)]
    stated, sizes, times = chances(listed, UNEVEN_QUOTAS, 1, KEY), Counter(UNEVEN), Counter(drawn)
    far = 0.0
    for place, case in enumerate(UNEVEN):
        chance = stated.of(*case, sizes[case])
        far = max(far, abs(times[place] / DRAWS - chance) / (chance * (1 - chance) / DRAWS) ** 0.5)
    return far


def ledgers() -> None:
    """Write a ledger of each size as `reviewcore.large` does, and the leaves of the middle one as lines."""
    import shutil

    import duckdb

    if shutil.disk_usage(".").free < NEEDED:
        sys.exit(f"the lists need {NEEDED >> 30} GiB of free disk while they are made")
    connection = duckdb.connect(config={"memory_limit": "4GB"})
    for size in SIZES:
        rows = _ROW.format(strata=STRATA, workers=size // CASELOAD, size=size)
        connection.execute(
            f"COPY ({rows} ORDER BY worker, leaf) TO 'ledger-{size}.parquet' "
            "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
        )
    found = connection.execute("SELECT leaf FROM 'ledger-1000000.parquet'").fetchall()
    Path("leaves.txt").write_text("\n".join(leaf for (leaf,) in found))


def raw() -> None:
    """Write a list as a county's system would export it to Parquet."""
    import duckdb

    rows = _RAW.format(strata=STRATA, workers=RAW // CASELOAD, size=RAW)
    duckdb.connect().execute(f"COPY ({rows}) TO 'raw.parquet' (FORMAT parquet)")


def county(cases: int) -> None:
    """Write a made-up county's review folder: its profile and its two lists."""
    from reviewcore.demo.county import make
    from reviewcore.profile.new import new

    made = make(cases=cases, caseload=20)
    totals = {"lists.people.control_total": len(made.people), "lists.cases.control_total": cases}
    new(Path("review"), "pqcr-alder", values=totals)
    made.write(Path("review"))


if __name__ == "__main__":
    if sys.argv[1] == "county":
        county(int(sys.argv[2]))
    else:
        {"ledgers": ledgers, "raw": raw}[sys.argv[1]]()
