"""What a run of the attacks came to, gathered in `build/attacks.json` section by section."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from filelock import FileLock
from hypothesis import settings

FILE = Path(__file__).resolve().parents[2] / "build" / "attacks.json"


def deep() -> bool:
    """Return whether this is the deep profile, which looks for longer."""
    return settings().max_examples > 1000


def record(section: str, found: dict[str, Any]) -> None:
    """Write one section, in whichever process and order the tests run."""
    FILE.parent.mkdir(exist_ok=True)
    with FileLock(FILE.with_suffix(".lock")):
        have = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
        have[section] = {"profile": "deep" if deep() else "fast", **found}
        text = json.dumps(dict(sorted(have.items())), indent=1, sort_keys=True)
        FILE.write_text(text + "\n", encoding="utf-8")
