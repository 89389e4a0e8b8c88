"""All splits of one measure held together: what they tell side by side that none of them tells alone.

Where every site lies in one county, a county's row less the rows of its other sites is a site. And where
the row over all cases is not printed, each split's rows add up to it, and so tell it to the other splits.
The attacker knows which values lie within which, and the sizes of all groups. For every number that is
guarded in a split's own table (`system.py`), the exact least and greatest value in whole numbers is then
sought once more with everything that is printed of the measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from reviewcore.disclosure.flow import Node
from reviewcore.disclosure.jointsystem import Measured, System, Within, nested
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated
from reviewcore.disclosure.system import Subject, build, union

Groups: TypeAlias = Mapping[str, Group]


def joint_leak(measured: Measured, rules: Rules) -> Subject | None:
    """Return what all that is printed of a measure gives away together, or None.

    Each split's table must have been found safe by itself beside the row over all cases.
    """
    within = {
        (fine, coarse): rows
        for fine in measured.splits
        for coarse in measured.splits
        if fine != coarse and (rows := nested(measured.splits[fine], measured.splits[coarse])) is not None
    }
    speaking = measured.speaking()
    (line,) = measured.overall.lines.values()
    tied = any(set(pair) & set(speaking) for pair in within)
    if not tied and (line.counts or len(speaking) < 2):
        # The counts over all cases are all that one split could tell another, and they are printed.
        return None
    for fine, coarse in within:
        if (found := _left_over(measured, fine, coarse, within[fine, coarse], rules)) is not None:
            return found
    return _narrowed(measured, within, rules)


def _left_over(
    measured: Measured, fine: str, coarse: str, rows: Mapping[str, str], rules: Rules
) -> Subject | None:
    # What a printed row leaves over when the printed rows within it are taken off is a group like any other.
    for key, line in measured.printed[coarse].lines.items():
        inside = [one for one, other in rows.items() if other == key]
        lines = {one: measured.printed[fine].lines[one] for one in inside}
        silent = [one for one in inside if not lines[one].counts]
        if line.counts and 0 < len(silent) < len(inside):
            rest = union(measured.splits[fine], silent)
            if not may_tell_counts(rest, measured.printed[coarse].coding, measured.codings, rules):
                return "counts"
        untold = [one for one in inside if not lines[one].rated]
        some = line.rated and 0 < len(untold) < len(inside)
        if some and not may_tell_rated(union(measured.splits[fine], untold), rules):
            return "rated"
    return None


def _narrowed(measured: Measured, within: Within, rules: Rules) -> Subject | None:
    system = System.of(measured, within, rules.t)
    for split, groups in measured.splits.items():
        alone = build(measured.everybody, measured.overall, groups, measured.printed[split], rules.t)
        for guard in alone.guards:
            low, high = alone.network.bounds(guard.arc)
            if high == 0:
                continue  # told by the table itself, which was found fit to tell it
            pieces = [_piece(alone.network.arcs[arc], measured, split) for arc in guard.cells]
            cells = [cell for row, codes in pieces for cell in system.cells(split, row, codes)]
            # What the row over all cases tells alone of a split that prints nothing is no fault of the others.
            least, most = (0 if low >= rules.k else low), min(rules.k - 1, guard.size, high)
            if cells and not system.open(cells, least, most, rules.k):
                return guard.subject
    return None


def _piece(arc: tuple[Node, Node], measured: Measured, split: str) -> tuple[str, frozenset[str] | None]:
    # An arc of the split's own network, read as a row and the codes counted there; None for those not rated.
    start, end = arc
    if start[0] == "row":
        return start[1], None
    category = next(one for one in measured.printed[split].coding if one.key == start[2])
    column = next(one for one in measured.overall.coding if one.key == end[-1])
    return start[1], category.codes & column.codes
