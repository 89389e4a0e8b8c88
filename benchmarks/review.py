"""A whole peer review, from the lists to the report."""

from __future__ import annotations

import sys
from pathlib import Path

from contest import Contest

BARE = (sys.executable, "-c", "pass")
LARGE = str(Path(__file__).with_name("large_county.py"))

CONTESTS = (
    Contest(
        "review", "demo", (sys.executable, "-m", "reviewcore", "demo", "--into", "made-up"), BARE,
        "a bare interpreter (python -c pass)", "under 15 s", lambda ours, _: ours < 15,
    ),
    Contest(
        "review", "pqcr-5000", (sys.executable, LARGE, "run"), BARE, "a bare interpreter (python -c pass)",
        "5,000 listed cases of 250 workers, from the lists to the report, in under 5 s",
        lambda ours, _: ours < 5, prepare=(sys.executable, LARGE, "prepare"),
    ),
)  # fmt: skip
