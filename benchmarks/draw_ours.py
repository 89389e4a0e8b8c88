"""What reviewcore does in the benchmarks of the draw: `python draw_ours.py WHAT [SIZE]`."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

KEY = "ab" * 32
AT = datetime(2027, 1, 11, 17, tzinfo=UTC)
DICE = "dice 314159265358979323846264"


def ledger(size: str) -> None:
    """Draw 240 cases, 10 of each of 24 strata, from a sealed ledger."""
    from draw_lists import QUOTAS

    from reviewcore.selection.scale.drawing import draw
    from reviewcore.selection.scale.engines import DuckDB

    drawn = draw(DuckDB(Path(f"ledger-{size}.parquet")), QUOTAS, 1, KEY)
    assert len(drawn.taken()) == sum(QUOTAS.values())


def seal() -> None:
    """Seal the raw list on all cores."""
    from draw_lists import PROGRAMS, QUOTAS, RAW

    from reviewcore.language import Compare, Field
    from reviewcore.large import seal
    from reviewcore.profile.lists import List
    from reviewcore.reviewtype import Source
    from reviewcore.selection.plan import SelectionPlan, Stratum

    source = Source("cases", (Field("program", "choice", choices=PROGRAMS), Field("months_open", "number")))
    strata = tuple(Stratum(name, quota, Compare("program", "is", name)) for name, quota in QUOTAS.items())
    plan = SelectionPlan(strata, Compare("months_open", "at_least", 0))
    done = seal(Path("raw.parquet"), List("raw.parquet"), source, plan, bytes(32), Path("sealed.parquet"))
    assert sum(done.by_stratum.values()) == RAW
    Path("sealed.parquet").unlink()


def folder() -> None:
    """Do the same in a review folder: with the people list, the vault and the event log on disk."""
    from reviewcore import Review

    review = Review.open("review", keys=Path("keys"), clock=lambda: AT, actor="benchmark")
    review.select()
    review.select([DICE])


def core() -> None:
    """Print how long the core alone takes for 2,400 cases of 24 strata out of 50,000."""
    import hashlib

    from reviewcore.selection.draw import core, kernel

    def number(text: str) -> int:
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")

    workers = [number(f"worker of case {case}") % 4_000 for case in range(50_000)]
    walk = [
        (f"w{one}", f"s{(one + number(f'stratum of case {case}') % 2) % 24}")
        for case, one in enumerate(workers)
    ]
    quotas = {f"s{stratum}": 100 for stratum in range(24)}
    begun = time.perf_counter()
    kept = kernel(walk, quotas, 1)
    chosen = core([walk[place] for place in kept], quotas, 1)
    taken = time.perf_counter() - begun
    assert chosen is not None
    assert len(chosen) == 2_400
    print(taken)


def chances() -> None:
    """Print how far cases of an uneven county are drawn from the chances that were stated for them."""
    from draw_lists import DRAWS, UNEVEN, UNEVEN_QUOTAS, furthest

    from reviewcore.selection.casedraw import purpose_key, seed
    from reviewcore.selection.draw import Entry, draw

    entries = [Entry(f"{number:064x}", *case) for number, case in enumerate(UNEVEN)]
    drawn: list[int] = []
    for number in range(DRAWS):
        key = purpose_key(seed("0" * 64, (f"dice {number:024}",)), "ticket")
        drawn += [int(leaf, 16) for leaf in draw(entries, UNEVEN_QUOTAS, 1, key).taken()]
    print(furthest(drawn))


def full() -> None:
    """Print in how many of 300 draws from a tight county every quota is filled."""
    from draw_others import TIGHT, TIGHT_QUOTAS

    from reviewcore.selection.casedraw import purpose_key, seed
    from reviewcore.selection.draw import Entry, draw

    entries = [Entry(f"{number:064x}", worker, stratum) for number, (worker, stratum) in enumerate(TIGHT)]
    keys = (purpose_key(seed("0" * 64, (f"dice {number:024}",)), "ticket") for number in range(300))
    drawn = (draw(entries, TIGHT_QUOTAS, 1, key).taken() for key in keys)
    print(sum(len(taken) == sum(TIGHT_QUOTAS.values()) for taken in drawn))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
