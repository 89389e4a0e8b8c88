"""How much a publication still says, read from its file for machines, and which attack forbids what it does not say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import frozen

WITHHELD = "withheld"
ASKED = "asked"
ROOM = "attack 3 and 7: no more than 2k were rated; who knows one of them reads a band too closely"
LEFT = "attack 9: cases asked about less cases rated is from 1 to k-1"
OTHER = "attack 2 or 6: its rows would give a small number back, or nearly all are alike"


@frozen
class Said:
    """What one audience sees: cells, measures over all cases, themes; which measures it does not see, and why."""

    cells: int
    shown: int
    measures: tuple[str, ...]
    told: tuple[str, ...]
    themes: int
    forbidden: Mapping[str, str]

    def row(self, indicators: Mapping[str, tuple[str, ...]], themes: int) -> dict[str, Any]:
        """Return the figures as they are recorded."""
        found: dict[str, Any] = {
            "cells": self.cells, "share of cells shown": round(self.shown / max(self.cells, 1), 3),
            "measures": len(self.measures), "measures told": len(self.told),
            "themes": themes, "themes told": self.themes,
        }  # fmt: skip
        if indicators:
            found |= {"indicators": len(indicators), "indicators told": len(self.indicators(indicators))}
        causes = sorted(self.forbidden.values())
        return found | {"measures not told": {cause: causes.count(cause) for cause in dict.fromkeys(causes)}}

    def indicators(self, of: Mapping[str, tuple[str, ...]]) -> set[str]:
        """Return the indicators of which at least one rating is told."""
        return {key for key, items in of.items() if set(items) & set(self.told)}


def said(data: bytes, k: int, rated: Mapping[str, Mapping[str, int]], size: int) -> Said:
    """Read a publication; `rated` says how often each item was rated and asked, of `size` cases in all."""
    content = json.loads(data)
    cells = [cell for table in content["tables"] for row in table["rows"] for cell in row["cells"]]
    over = {one["key"]: one for one in content["tables"] if "/" not in one["key"] and one["key"] != "sample"}
    told = tuple(
        key for key, one in over.items()
        if any(cell.get("code") != WITHHELD for row in one["rows"] for cell in row["cells"][1:])
    )  # fmt: skip
    why = {key: _why(rated.get(key, {}), size, k) for key in over if key not in told}
    return Said(
        len(cells), sum(cell.get("code") != WITHHELD for cell in cells), tuple(over), told,
        sum(len(one["themes"]) for one in content["themes"]), why,
    )  # fmt: skip


def _why(rated: Mapping[str, int], size: int, k: int) -> str:
    many, asked = rated.get("", 0), rated.get(ASKED, size)
    if many <= 2 * k:
        return ROOM
    return LEFT if 0 < asked - many < k or 0 < size - many < k else OTHER
