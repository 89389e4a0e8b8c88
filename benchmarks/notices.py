"""Ten thousand letters with invitations: written, and sent to a server on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

from contest import Contest

BARE = (sys.executable, "-c", "pass")
LETTERS = (sys.executable, str(Path(__file__).with_name("many_letters.py")))

CONTESTS = (
    Contest(
        "notices", "render", (*LETTERS, "render"), BARE, "a bare interpreter (python -c pass)",
        "10,000 letters with invitations written in under 30 s", lambda ours, _: ours < 30,
        prepare=(*LETTERS, "list"), quick=False, runs=5, warm=False,
    ),
    Contest(
        "notices", "send", (*LETTERS, "send"), (*LETTERS, "plain"),
        "a plain smtplib loop over the same bytes, one connection and no record",
        "10,000 letters sent in under 60 s, each on record before it leaves", lambda ours, _: ours < 60,
        prepare=(*LETTERS, "approve"), quick=False, runs=5, warm=False,
    ),
)  # fmt: skip
