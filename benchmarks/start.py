"""How long a person waits before anything happens."""

from __future__ import annotations

import sys

from contest import Contest

BARE = (sys.executable, "-c", "pass")
MAKE = "from pathlib import Path; from reviewcore.profile.new import new; new(Path('review'), 'pqcr-alder')"
LOAD = "from reviewcore import Review; Review.open('review')"

CONTESTS = (
    Contest(
        "start", "help", (sys.executable, "-m", "reviewcore", "--help"), BARE, "a bare interpreter (python -c pass)",
        "at most 5 times", lambda ours, bare: ours <= 5 * bare, runs=25,
    ),
    Contest(
        "start", "load", (sys.executable, "-c", LOAD), BARE, "a bare interpreter (python -c pass)",
        "a profile and its type within 0.1 s beyond it", lambda ours, bare: ours - bare <= 0.1,
        prepare=(sys.executable, "-c", MAKE), runs=25,
    ),
)  # fmt: skip
