"""What is printed of one measure: the row over all cases and its splits, protected together.

A row that may not be told is withheld whole, and so are further rows until nothing that is withheld can
be worked out from what is printed: smallest group first, by the number of cases reviewed, which is known
anyway. Each step down is part of the rule that is fixed before any answer is seen: counts where they may
be told, else the band, else nothing. That a row is a band where counts were planned tells that some
count is below k, and no more: that count can still be anything from 0 to k-1.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from reviewcore.aggregation.plan import Rung
from reviewcore.aggregation.values import Coding
from reviewcore.disclosure.attacker import leak
from reviewcore.disclosure.lines import SILENT, Line, Printed, banded
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated

ALL = "all"
Groups = Mapping[str, Group]


@frozen
class Family:
    """One measure: all its cases, and the groups of each split, with the rows in the declared order.

    `rungs` is the planned rung of the overall row ("") and of each split. `closed` names (split, row)
    whose counts may not be printed because of what was published before.
    """

    everybody: Group
    splits: Mapping[str, Groups]
    coded: Mapping[Rung, Coding]
    rungs: Mapping[str, Rung | None]
    banded: bool = True
    closed: frozenset[tuple[str, str]] = frozenset()

    def codings(self) -> tuple[Coding, ...]:
        """Return all codings of the item."""
        return tuple(self.coded.values())

    def good(self) -> Coding:
        """Return the coding that a band speaks about; where the item has none, its codes."""
        return self.coded.get("acceptable", self.coded["codes"])


def protect(family: Family, rules: Rules) -> dict[str, Printed]:
    """Return what is printed of the overall row ("") and of each split of one measure."""
    overall = _overall(family, rules)
    made = {"": overall}
    shown: list[Group] = []
    for split, groups in family.splits.items():
        apart = {key for key, group in groups.items() if _overlaps(group, shown, rules.k)}
        made[split] = _split(family, split, overall, apart, rules)
        shown += [groups[key] for key, one in made[split].lines.items() if one != SILENT]
    return made


def _overall(family: Family, rules: Rules) -> Printed:
    group, rung, good = family.everybody, family.rungs[""], family.good()
    open_ = ("", ALL) not in family.closed
    if rung is None:
        return Printed("band", good, {ALL: SILENT})
    if rung != "band" and open_ and may_tell_counts(group, family.coded[rung], family.codings(), rules):
        return Printed(rung, family.coded[rung], {ALL: Line(rated=True, counts=True)})
    if not family.banded:
        return Printed(rung, family.coded[rung], {ALL: SILENT})
    told = open_ and may_tell_rated(group, rules)
    return Printed("band", good, {ALL: banded(group, good, told, rules)})


def _split(family: Family, split: str, overall: Printed, apart: set[str], rules: Rules) -> Printed:
    groups, rung = family.splits[split], family.rungs[split]
    if rung is None:
        return Printed("band", family.good(), dict.fromkeys(groups, SILENT))
    # Smallest first; ties stand in the declared order.
    heard = sorted((key for key in groups if key not in apart), key=lambda key: groups[key].size)
    open_ = [key for key in heard if (split, key) not in family.closed]
    if rung != "band" and overall.lines[ALL].counts:
        counted = _counted(family, groups, rung, overall, open_, rules)
        if counted is not None:
            return counted
    if not family.banded:
        return Printed(rung, family.coded[rung], dict.fromkeys(groups, SILENT))
    return _bands(family, groups, overall, heard, open_, rules)


def _counted(
    family: Family, groups: Groups, rung: Rung, overall: Printed, open_: list[str], rules: Rules
) -> Printed | None:
    coding, codings = family.coded[rung], family.codings()
    told = [key for key in open_ if may_tell_counts(groups[key], coding, codings, rules)]
    while told:
        lines = {key: Line(rated=True, counts=True) if key in told else SILENT for key in groups}
        printed = Printed(rung, coding, lines)
        if not leak(family.everybody, overall, groups, printed, codings, rules):
            return printed
        del told[0]
    return None


def _bands(
    family: Family, groups: Groups, overall: Printed, heard: list[str], open_: list[str], rules: Rules
) -> Printed:
    good = family.good()
    heard = list(heard)
    told = [key for key in open_ if may_tell_rated(groups[key], rules)]
    while heard:
        lines = {
            key: banded(group, good, key in told, rules) if key in heard else SILENT
            for key, group in groups.items()
        }
        printed = Printed("band", good, lines)
        found = leak(family.everybody, overall, groups, printed, family.codings(), rules)
        if not found:
            return printed
        if found == "rated" and told:
            del told[0]
        else:
            smallest = heard.pop(0)
            told = [key for key in told if key != smallest]
    return Printed("band", good, dict.fromkeys(groups, SILENT))


def _overlaps(group: Group, shown: list[Group], k: int) -> bool:
    # Two groups of different splits that differ by a few cases would give those few away, whatever
    # is told of each.
    mine = frozenset(group.workers)
    for other in shown:
        theirs = frozenset(other.workers)
        if 0 < len(mine - theirs) < k or 0 < len(theirs - mine) < k:
            return True
    return False
