"""What is left to read: the demos and generated reviews of every size, and why the rest is not told."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attacks import scores
from tests.attacks.design import Design
from tests.attacks.driver import Agency, Review
from tests.attacks.finished import files
from tests.attacks.generated import indicators, rated_in, review
from tests.attacks.made_up import case
from tests.attacks.useful import OTHER, ROOM, said

K = {"agency": 5, "state": 11}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "what-is-told.md"
SIZES = (12, 20, 60, 150)


def line(name: str, audience: str, found: dict[str, Any]) -> str:
    """Return a row of the page's table."""
    told = f"{found['indicators told']} of {found['indicators']}" if "indicators" in found else "–"
    return (
        f"| {name} | {audience} | {found['share of cells shown']:.0%} | {found['measures told']} of "
        f"{found['measures']} | {told} | {found['themes told']} of {found['themes']} |"
    )


def written(row: str) -> None:
    """Hold the page to what was found."""
    assert row in PAGE.read_text(encoding="utf-8").splitlines(), f"docs/what-is-told.md lacks: {row}"


@pytest.mark.parametrize("kind", ["qsr", "pqcr"])
def test_generated_reviews_say_what_no_attack_forbids(kind: str, tmp_path: Path) -> None:
    """If this fails, a report says less than it may: a measure is withheld that no attack needs withheld."""
    for size in SIZES:
        (tmp_path / str(size)).mkdir()
        given, rated, themes = review(kind, size, tmp_path / str(size))
        for audience, publication in given.items():
            one = said(files(publication, ("json",))["json"], K[audience], rated, size)
            found = one.row(indicators(kind), themes)
            scores.record(f"useful: {kind} of {size} cases, {audience}", found)
            assert OTHER not in one.forbidden.values(), one.forbidden
            assert size < 60 or one.shown / one.cells > 0.4
            written(line(f"{kind} of {size} cases", audience, found))


@pytest.mark.parametrize("kind", ["qsr", "pqcr", "caseload"])
def test_the_demos_say_what_is_promised(kind: str, demo: Callable[[str], Path]) -> None:
    """QSR-1: if this fails, the demo's agency sees fewer than 15 indicators, or a state fewer than its rules allow."""
    into = demo(kind)
    rated, themes = rated_in(into)
    for path in sorted((into / "review/publications").glob("*/*/report.json")):
        audience, number = path.parts[-3:-1]
        size = max(one[""] for one in rated.values()) if kind != "caseload" else 0
        one = said(path.read_bytes(), K[audience], rated, size)
        name = f"demo {kind}" + (f", publication {number}" if number != "1" else "")
        scores.record(f"useful: {name}, {audience}", one.row(indicators(kind), themes))
        assert f"| {name} | {audience} |" in PAGE.read_text(encoding="utf-8")  # each run of a demo draws anew
        allowed = {key for key in one.measures if rated.get(key, {}).get("", 0) > 2 * K[audience]}
        if (kind, audience) == ("qsr", "agency"):
            assert len(one.indicators(indicators(kind))) >= 15
        if (kind, audience) == ("pqcr", "state"):
            assert one.themes >= 5
        # Whatever the rules leave room for is told, but for what an attack forbids, which is named in the record.
        assert all(one.forbidden[key] not in (OTHER, ROOM) for key in allowed - set(one.told))


AGAIN = Design(
    {"site": ("North", "South", "West")},
    {"q0": ("1", "2", "3"), "q1": ("1", "2")},
    {"agency": {"q0": "codes", "q0/site": "acceptable", "q1": "acceptable", "q1/site": "band"}},
    {"agency": 5},
    {"q0": ("site",), "q1": ("site",)},
)


def test_a_second_publication_still_says_something() -> None:
    """If this fails, what an agency was told of 60 cases keeps nearly all closed that could be told of 40 more."""
    shown: Counter[tuple[str, bool]] = Counter()
    for start in range(2):
        source = random.Random(start)
        shape = {"lopsided": 0.0, "low": 0.35, "missing": 0.0, "shared": 0.1}
        made = [case(source, AGAIN, n, shape) for n in range(100)]
        for name, steps in (("beside", (made[:60], made[60:])), ("alone", (made,))):
            one = Review(Agency(), AGAIN)
            one.draw(made)
            for new in steps:
                one.answer(new)
                tables = one.publish()["agency"].tables
            over = [table.rows[0].cells for table in tables if table.key in AGAIN.items]
            assert all(row[-1].kind != "withheld" for row in over)
            cells = [
                cell for table in tables for row in table.rows for cell in row.cells if table.key != "sample"
            ]
            shown.update((name, cell.kind != "withheld") for cell in cells)
    share = {
        name: shown[name, True] / (shown[name, True] + shown[name, False]) for name in ("beside", "alone")
    }
    scores.record("useful: 40 cases more than before", {name: round(one, 3) for name, one in share.items()})
    assert share["beside"] > 0.5 * share["alone"] > 0.3


def test_the_record_is_whole() -> None:
    """If this fails, `build/attacks.json` cannot be read by whoever wants the figures."""
    scores.record("what this is", {"says": "what each attack tried, and each planted engine lost"})
    assert "what this is" in json.loads(scores.FILE.read_text(encoding="utf-8"))
