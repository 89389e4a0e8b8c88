"""The draw: against what one would take instead, against the limit, and a county's list from end to end."""

from __future__ import annotations

import sys
from pathlib import Path

from contest import Contest, Target

HERE = Path(__file__).parent
BARE = (sys.executable, "-c", "pass")
BARE_WORDS = "a bare interpreter (python -c pass)"


def script(name: str, *words: str) -> tuple[str, ...]:
    """Return the command that runs one of the scripts beside this file."""
    return (sys.executable, str(HERE / f"draw_{name}.py"), *words)


LEDGERS, RAW = script("lists", "ledgers"), script("lists", "raw")


def at_most(factor: float, unit: str, words: str) -> Target:
    """Return the target that ours is at most so many times the other's."""
    return Target(unit, f"at most {factor} times {words}", lambda ours, other: ours <= factor * other)  # type: ignore[arg-type]


def growth(size: str, small: str, words: str, limit: float) -> Contest:
    """Return the contest of one size of list against a smaller one, both ours."""
    return Contest(
        "draw", f"grow-{words}", script("ours", "ledger", size), script("ours", "ledger", small),
        f"ours, from {int(small):,} cases", f"at most {limit} times the time for 10 times the list",
        lambda ours, other: ours <= limit * other, LEDGERS, runs=5, unit="cpu s", fresh=False,
        more=(at_most(1.3, "MiB", "the memory"),),
    )  # fmt: skip


def county(cases: int, limit: float, runs: int) -> tuple[Contest, ...]:
    """Return the contests of a county's list: in memory, with its papers, and in a review folder."""
    prepare = script("lists", "county", str(cases))
    within = f"read, sealed, committed and drawn within {limit} s beyond it"
    return (
        Contest(
            "draw", f"county-{cases}", script("county"), BARE, BARE_WORDS, within,
            lambda ours, bare: ours - bare <= limit, prepare, runs=runs,
            more=(Target("cpu s", f"the same, in seconds of all cores: {within}", lambda o, b: o - b <= limit),),
        ),
        Contest(
            "draw", f"papers-{cases}", script("county", "papers"), BARE, BARE_WORDS,
            f"the same with all its papers, a PDF among them: {within}", lambda ours, bare: ours - bare <= limit,
            prepare, quick=cases < 10_000, runs=runs, unit="cpu s",
        ),
        Contest(
            "draw", f"folder-{cases}", script("ours", "folder"), BARE, BARE_WORDS,
            f"in a review folder, vault and log on disk: {within}", lambda ours, bare: ours - bare <= limit,
            prepare, quick=cases < 10_000, runs=runs,
        ),
    )  # fmt: skip


CONTESTS = (
    Contest(
        "draw", "full-draws", script("ours", "full"), script("others", "full"),
        "pandas: shuffle, one case of each worker, sample by group; full draws of 300 in a tight county",
        "every draw is full", lambda ours, _: ours == 300, runs=1, unit="printed",
    ),
    Contest(
        "draw", "chances", script("ours", "chances"), script("others", "chances"),
        "pandas, the same; how far cases are drawn from their stated chances in 2,000 draws, in standard errors",
        "no case further than 5", lambda ours, _: ours <= 5, runs=1, unit="printed",
    ),
    Contest(
        "draw", "pandas-1m", script("ours", "ledger", "1000000"), script("others", "pandas", "1000000"),
        "pandas: shuffle, one case of each worker, sample by group; 1 million", "faster",
        lambda ours, other: ours < other, LEDGERS, quick=False, runs=5, fresh=False,
    ),
    Contest(
        "draw", "pandas-10m", script("ours", "ledger", "10000000"), script("others", "pandas", "10000000"),
        "pandas, the same; 10 million", "at least 4 times faster", lambda ours, other: 4 * ours <= other,
        LEDGERS, quick=False, runs=5, fresh=False, more=(at_most(0.1, "MiB", "the memory"),),
    ),
    Contest(
        "draw", "limit-10m", script("ours", "ledger", "10000000"), script("others", "limit", "10000000"),
        "DuckDB's sha256 of every row; 10 million", "at most 1.15 times its CPU",
        lambda ours, other: ours <= 1.15 * other, LEDGERS, quick=False, runs=5, unit="cpu s", fresh=False,
        more=(at_most(1.3, "MiB", "its memory"),),
    ),
    Contest(
        "draw", "sampler-1m", script("ours", "ledger", "1000000"), script("others", "sampler"),
        "consistent_sampler, which knows no rules; 1 million", "at least 10 times faster, with the rules on",
        lambda ours, other: 10 * ours <= other, LEDGERS, quick=False, runs=5, fresh=False,
    ),
    growth("1000000", "100000", "1m", 10), growth("10000000", "1000000", "10m", 10),
    Contest(
        "draw", "seal-500k", script("ours", "seal"), script("others", "openssl"),
        "the same hashes by OpenSSL, on all cores; 500,000", "none set: reading, checking and sorting are ours",
        lambda *_: True, RAW, quick=False, runs=5, fresh=False,
        more=(Target("cpu s", "none set", lambda *_: True),),
    ),
    *county(5_000, 0.15, 9), *county(50_000, 1.0, 5),
    Contest(
        "draw", "core-2400", script("ours", "core"), script("ours", "core"), "itself",
        "2,400 cases of 24 strata out of 50,000 in 0.15 s", lambda ours, _: ours <= 0.15, runs=5, unit="printed",
    ),
)  # fmt: skip
