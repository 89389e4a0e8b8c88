"""What a row prints, before it is written as cells."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from reviewcore.aggregation.plan import Rung
from reviewcore.aggregation.values import Coding, bands
from reviewcore.disclosure.rules import Group, Rules

Spans = tuple[tuple[int, int], ...]


@frozen
class Line:
    """What one row prints: whether the number rated, whether the counts, and which band.

    `spans` says what the band tells: the least and most of each category of the acceptable coding. `weighted` are
    codes, the percent of the cases rated that has them, each case counted by its weight, and to what it is rounded.
    """

    rated: bool = False
    counts: bool = False
    band: str = ""
    spans: Spans = ()
    weighted: tuple[frozenset[str], int, int] | None = None

    def silent(self) -> bool:
        """Return whether the row prints nothing about answers."""
        return not self.counts and not self.band


SILENT = Line()


@frozen
class Printed:
    """What one table prints: the rung that it came to, the coding behind it, and its rows' lines.

    The coding of a band is the one that it speaks about: acceptable or not.
    """

    rung: Rung
    coding: Coding
    lines: Mapping[str, Line]


def banded(group: Group, good: Coding, told: bool, rules: Rules, halves: bool = False) -> Line:
    """Return the line that tells a group's band, with the number rated where that is `told`, or which half it is.

    Where it is not told, the edges follow from the number reviewed, which is known: few is at most a
    quarter of those (or k), most leaves out no more than that. So the band cannot tell the number rated.
    """
    workers = {group.workers[member] for member in group.ratings}
    if len(workers) < rules.workers:
        return SILENT
    count, rated, size = group.count(good[0].codes), group.rated, group.size
    if told:
        for band in bands(rated, rules.k, halves) or ():
            if band.low <= count <= band.high:
                spans = ((band.low, band.high), (rated - band.high, rated - band.low))
                return Line(rated=True, band=band.label, spans=spans)
        return Line(rated=True)
    # Whoever knows the rule knows that few are not rated: from 4k cases reviewed on there is room for three bands.
    if size - rated >= rules.k + rules.t or size < 4 * rules.k:
        return SILENT
    edge = max(rules.k, size // 4)
    few, more = (0, edge), (edge + 1, size)
    if count <= edge:
        return Line(band="few", spans=(few, more))
    if rated - count <= edge:
        return Line(band="most", spans=(more, few))
    return Line(band="some", spans=(more, more))
