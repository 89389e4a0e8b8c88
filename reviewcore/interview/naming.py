"""Which sentences of a note name somebody, told to whoever wrote it: by cell and number, never by the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reviewcore.freetext import look
from reviewcore.interview.plan import Instrument
from reviewcore.interview.workbook import NOTES

_PASSED = ("a date", "a web address")
"""What stands in many a note and need not be written again; a sentence with it is still never quoted."""


def naming(
    instrument: Instrument,
    notes: Mapping[str, str],
    cells: Mapping[str, str],
    find: Callable[[str], tuple[tuple[int, int], ...]],
) -> dict[str, Any]:
    """Return by item the cell, and the numbers of the sentences that name somebody, each with what it holds.

    What a group puts up on its own wall is left out: who does what by when is what it is for (CAS-8).
    """
    found: dict[str, Any] = {}
    for item in instrument.items():
        if item.posted or item.key not in notes:
            continue
        told = [
            [one.sentence, holds]
            for one in look(notes[item.key], find)
            if (holds := [what for what in one.holds if what not in _PASSED])
        ]
        if told:
            found[item.key] = {"cell": cells[item.key], "sentences": told}
    return found


def said(token: str, named: Mapping[str, Any]) -> str:
    """Return in words, in one line for a workbook, which of its sentences hold what.

    >>> said("AB7K-QRST", {"notes": {"cell": "C7", "sentences": [[2, ["a name"]]]}})
    'AB7K-QRST.xlsx sheet Notes: cell C7 sentence 2 (a name)'
    """
    cells = sorted(named.values(), key=lambda one: int(one["cell"][1:]))
    told = [
        f"cell {one['cell']} "
        + ", ".join(f"sentence {number} ({' and '.join(holds)})" for number, holds in one["sentences"])
        for one in cells
    ]
    return f"{token}.xlsx sheet {NOTES}: {'; '.join(told)}"


ADVICE = (
    "write these sentences again without, and return the workbooks once more; or leave them: the notes are sealed as "
    "they are, and no such sentence is ever quoted"
)
