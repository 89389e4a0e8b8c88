"""A log that was written anew, chain and all, to hide what was drawn: the draw itself gives it away."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_county import AGENCY, NOW, REVIEW, opened

from reviewcore import Review
from reviewcore.store.database import connect, sqlite_url
from reviewcore.store.log import Log, table

Bodies = dict[str, Any]


def forged(root: Path, change: Callable[[Bodies], None]) -> Review:
    """Write the whole log anew with `change` made to its events, as somebody with the file could."""
    events = opened(root).records.log.events()
    bodies = {event.kind: json.loads(json.dumps(event.body)) for event in events}
    change(bodies)
    path = root / "review" / "review.db"
    with sqlite3.connect(path) as raw:
        raw.execute("delete from events")
    raw.close()
    log = Log(connect(sqlite_url(path), table().metadata, "event log"), AGENCY, REVIEW, lambda: NOW, "forger")
    last = {event.kind: event.seq for event in events}
    log.append_all((e.kind, bodies[e.kind] if last[e.kind] == e.seq else e.body or {}) for e in events)
    return opened(root)


def swapped_case(bodies: Bodies) -> None:
    drawn, rows = bodies["selection.drawn"]["selected"], bodies["selection.committed"]["rows"]
    out = {one["case"] for one in drawn}
    other = next(row for row in rows if row["case"] not in out and row["stratum"] == drawn[0]["stratum"])
    drawn[0] |= {name: other[name] for name in ("case", "worker", "unit")}


def other_quota(bodies: Bodies) -> None:
    bodies["selection.committed"]["plan"]["strata"][0]["quota"] += 1


def other_seed(bodies: Bodies) -> None:
    bodies["selection.drawn"]["seed_lines"] = ["dice 000000000000000000000000"]


def lost_case(bodies: Bodies) -> None:
    bodies["selection.committed"]["rows"].pop()


def other_time(bodies: Bodies) -> None:
    bodies["selection.committed"]["time"] = "2027-01-01T00:00:00Z"


def hidden_attempt(bodies: Bodies) -> None:
    bodies["selection.committed"]["earlier"] = ["0" * 64]


def other_reason(bodies: Bodies) -> None:
    passed = next(one for one in bodies["selection.drawn"]["dispositions"] if one[2] != "taken")
    passed[2] = "stratum full" if passed[2] != "stratum full" else "worker taken"


FORGERIES = [swapped_case, other_quota, other_seed, lost_case, other_time, hidden_attempt, other_reason]


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda one: one.__name__)
def test_a_forged_draw_is_found_though_its_chain_holds(
    birch: Review, tmp_path: Path, forgery: Callable[[Bodies], None]
) -> None:
    """If this fails, whoever holds the folder can put a case in or out of the draw, and it still verifies."""
    root = tmp_path / "county"
    shutil.copytree(birch.folder.parent, root)
    review = forged(root, forgery)
    assert review.records.log.verify() == []
    assert any("draw" in line or "commit" in line or "seal" in line for line in review.verify().wrong)


def test_a_log_written_anew_without_a_change_still_verifies(birch: Review, tmp_path: Path) -> None:
    """If this fails, the forgeries above are found for another reason than what was forged."""
    root = tmp_path / "county"
    shutil.copytree(birch.folder.parent, root)
    wrong = forged(root, lambda bodies: None).verify().wrong
    assert wrong == ()
