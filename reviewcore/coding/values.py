"""What coders have marked, as the log tells of it. No note is read here and no person is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

if TYPE_CHECKING:
    from reviewcore.store.log import Log

Mark: TypeAlias = tuple[str, str]
"""A code of the codebook: the list of themes that it is in, and the code."""

CODED, MERGED, RESTORED = "themes.coded", "themes.merged", "themes.restored"


@frozen
class Coded:
    """Where the coding stands: by coder and note the codes that were marked, and which codes were merged into which.

    A note is called by its session and its question, as in "K7QF-2M9X/notes". `coders` is how many code apart.
    """

    coders: int
    marks: Mapping[str, Mapping[str, frozenset[Mark]]]
    sheets: Mapping[str, str]
    merged: Mapping[Mark, Mark]

    def standing(self, mark: Mark) -> Mark:
        """Return the code that a code has been merged into, or the code itself."""
        seen = set()
        while mark in self.merged and mark not in seen:
            seen.add(mark)
            mark = self.merged[mark]
        return mark

    def voiced(self) -> dict[str, dict[str, frozenset[str]]]:
        """Return by list and code the sessions in which every coder marked it; none before all have coded."""
        if not self.coders or len(self.marks) < self.coders:
            return {}
        each: list[set[tuple[Mark, str]]] = [
            {(self.standing(mark), note.partition("/")[0]) for note, marks in notes.items() for mark in marks}
            for notes in self.marks.values()
        ]
        found: dict[str, dict[str, frozenset[str]]] = {}
        for (themes, code), token in sorted(set.intersection(*each)):
            told = found.setdefault(themes, {})
            told[code] = told.get(code, frozenset()) | {token}
        return found


def coded(log: Log, before: int | None = None) -> Coded:
    """Return how the coding stands, a fold over the log; `before` leaves out events from that number on."""
    coders, merges = 0, list[tuple[Mark, Mark]]()
    marks: dict[str, Mapping[str, frozenset[Mark]]] = {}
    sheets: dict[str, str] = {}
    for event in log.events():
        body: Mapping[str, Any] = event.body or {}
        if before is not None and event.seq >= before:
            break
        if event.kind == CODED and body:
            coders = int(body["coders"])
            sheets[body["coder"]] = body["sha256"]
            marks[body["coder"]] = {
                note: frozenset((themes, code) for themes, code in found)
                for note, found in body["marks"].items()
            }
        elif event.kind == MERGED and body:
            merges.append(((body["list"], body["code"]), (body["list"], body["into"])))
        elif event.kind == RESTORED and merges:
            merges.pop()
    return Coded(coders, marks, sheets, dict(merges))


def alpha(pairs: list[tuple[bool, bool]]) -> float | None:
    """Return Krippendorff's alpha of two coders over yes-or-no marks; None where all marks are alike.

    1 is full agreement, 0 what chance would give. After K. Krippendorff, "Computing Krippendorff's
    Alpha-Reliability" (2011), nominal data without gaps. His own example:

    >>> a, b = "0100000010", "1110010000"
    >>> round(alpha([(x == "1", y == "1") for x, y in zip(a, b, strict=True)]), 3)
    0.095
    """
    total = 2 * len(pairs)
    yes = sum(a + b for a, b in pairs)
    alike = 2 * sum(a == b for a, b in pairs)
    chance = yes * (yes - 1) + (total - yes) * (total - yes - 1)
    if yes in (0, total):
        return None
    return ((total - 1) * alike - chance) / (total * (total - 1) - chance)


def agreement(now: Coded) -> tuple[float | None, dict[Mark, float | None]]:
    """Return the agreement of the first two coders over all codes together, and code by code."""
    if len(now.marks) < 2:
        return None, {}
    (_, one), (_, two) = sorted(now.marks.items())[:2]
    notes = sorted(one.keys() & two.keys())
    used = sorted({now.standing(mark) for marks in (*one.values(), *two.values()) for mark in marks})

    def pairs(mark: Mark) -> list[tuple[bool, bool]]:
        marked = [
            ({now.standing(m) for m in one[note]}, {now.standing(m) for m in two[note]}) for note in notes
        ]
        return [(mark in first, mark in second) for first, second in marked]

    by_code = {mark: pairs(mark) for mark in used}
    every = [pair for found in by_code.values() for pair in found]
    return alpha(every), {mark: alpha(found) for mark, found in by_code.items()}
