"""What is printed of one measure: the row over all cases and its splits, protected together.

A row that may not be told is withheld whole, and so are further rows until nothing that is withheld can
be worked out from what is printed: smallest group first, by the number of cases reviewed, which is known
anyway. Each step down is part of the rule that is fixed before any answer is seen: counts where they may
be told, else the band, else nothing. That a row is a band where counts were planned tells that some
count is below k, and no more: that count can still be anything from 0 to k-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from reviewcore.aggregation.plan import Rung
from reviewcore.aggregation.values import Coding
from reviewcore.disclosure.judge import Leak, leak
from reviewcore.disclosure.lines import SILENT, Line, Printed, banded
from reviewcore.disclosure.model import Measured, Said, said_of
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated
from reviewcore.disclosure.shape import ALL, Shape, own_of, shape_of
from reviewcore.pace import FREE, Pace

Groups: TypeAlias = Mapping[str, Group]
Wider: TypeAlias = tuple[Rules, Mapping[str, Printed]]
Fits: TypeAlias = Callable[[Printed], Leak]


@frozen
class Family:
    """One measure: all its cases, and the groups of each split, with the rows in the declared order.

    `rungs` is the planned rung of the overall row ("") and of each split. `closed` names (split, row)
    of which nothing may be printed because of what was published before. `always` says that every case was rated.
    `asked` is the same of those cases only that are asked at all, where how many these are may not be told.
    `untold` names (split, row) of whose size nothing may be told, and so nothing of it.
    """

    everybody: Group
    splits: Mapping[str, Groups]
    coded: Mapping[Rung, Coding]
    rungs: Mapping[str, Rung | None]
    banded: bool = True
    closed: frozenset[tuple[str, str]] = frozenset()
    always: bool = False
    asked: Family | None = None
    untold: frozenset[tuple[str, str]] = frozenset()

    def rows(self, split: str) -> Groups:
        """Return the rows of a split, or with "" the one over all cases."""
        return self.splits[split] if split else {ALL: self.everybody}

    def codings(self) -> tuple[Coding, ...]:
        """Return all codings of the item."""
        return tuple(self.coded.values())

    def good(self) -> Coding:
        """Return the coding that a band speaks about; where the item has none, its codes."""
        return self.coded.get("acceptable", self.coded["codes"])


def protect(
    family: Family, rules: Rules, wider: tuple[Wider, ...] = (), pace: Pace = FREE
) -> dict[str, Printed]:
    """Return what is printed of the overall row ("") and of each split of one measure.

    `wider` is what audiences that know more were told of it, the widest-knowing first. Each of them holds
    what all after it are told, and will hold this too: so every table is also tried on them, under their
    own rules, with all of that together. Raises Refused when the time of `pace` is up.
    """
    nothing = {split: silent(family, split) for split in family.splits}
    trial = _Trial(family, rules, wider, pace)
    fitting = (one for one in _overall(family, rules) if trial({**nothing, "": one}) == "")
    # Silence adds nothing to what somebody holds who was told more, whatever that leaves open.
    made = {"": next(fitting, silent(family, ""))}
    shown: list[Group] = []
    for split, groups in family.splits.items():
        apart = {
            key
            for key, group in groups.items()
            # Of a row that must say nothing the rows of any split could be the sum, or the rest.
            if family.closed or (split, key) in family.untold or _overlaps(group, shown, rules.k)
        }

        def fits(printed: Printed, split: str = split) -> Leak:
            return trial({**nothing, **made, split: printed})

        made[split] = _split(family, split, made, apart, rules, fits)
        shown += [groups[key] for key, one in made[split].lines.items() if one != SILENT]
    return made


class _Trial:
    """Tries what would be printed of a measure on everybody who would hold it, all that each holds together."""

    def __init__(self, family: Family, rules: Rules, wider: tuple[Wider, ...], pace: Pace = FREE) -> None:
        self.pace = pace
        self.holders = [(rules, ()), *((theirs, wider[place:]) for place, (theirs, _) in enumerate(wider))]
        self.known = [
            (one, shape_of(one.everybody, one.splits, one.always), {
                t: own_of(one.everybody, one.splits, t) for t in {r.t for r, _ in self.holders}
            })
            for one in (family, family.asked)
            if one
        ]  # fmt: skip

    def __call__(self, made: Mapping[str, Printed]) -> Leak:
        self.pace.check()
        for rules, wider in self.holders:
            for family, shape, insiders in self.known:
                held = measured(family, shape, [*(told for _, told in wider), made])
                if found := leak(held, insiders[rules.t], rules.k, rules.t):
                    return found
        return ""


def held_by_each(
    key: str, family: Family, rules: Rules, wider: tuple[Wider, ...], made: Mapping[str, Printed]
) -> Iterator[tuple[Rules, Family, Measured]]:
    """Yield who would hold what is printed of a measure, each with the family as they know it and all they hold.

    Nobody where nothing is printed: silence adds nothing to what somebody holds.
    """
    if all(line == SILENT for printed in made.values() for line in printed.lines.values()):
        return
    trial = _Trial(family, rules, wider)
    for theirs, before in trial.holders:
        for known, shape, _ in trial.known:
            yield theirs, known, measured(known, shape, [*(told for _, told in before), made], key)


def measured(family: Family, shape: Shape, held: Sequence[Mapping[str, Printed]], key: str = "") -> Measured:
    """Return all that somebody holds of a measure, from one publication or from several."""
    said: dict[tuple[str, str], Said] = {}
    coded: dict[tuple[str, tuple[tuple[str, frozenset[str]], ...]], None] = {}
    for told in held:
        for split, printed in told.items():
            coded[split, tuple((one.key, one.codes) for one in printed.coding)] = None
            for one in said_of(split, family.rows(split), printed):
                before = said.get((split, one.row))
                said[split, one.row] = one.beside(before) if before else one
    codings = tuple(tuple((one.key, one.codes) for one in coding) for coding in family.codings())
    return Measured(key, shape, codings, tuple(coded), tuple(said.values()))


def silent(family: Family, split: str) -> Printed:
    """Return a table in which nothing is printed."""
    return Printed("band", family.good(), dict.fromkeys(family.splits[split] if split else (ALL,), SILENT))


def _overall(family: Family, rules: Rules) -> Iterator[Printed]:
    group, rung, good = family.everybody, family.rungs[""], family.good()
    if rung is None or ("", ALL) in family.closed:
        yield silent(family, "")
        return
    if rung != "band":
        coding = family.coded[rung]
        if may_tell_counts(group, coding, family.codings(), rules):
            yield Printed(rung, coding, {ALL: Line(rated=True, counts=True)})
        if not family.banded:
            yield Printed(rung, coding, {ALL: SILENT})
            return
    if may_tell_rated(group, rules):
        yield Printed("band", good, {ALL: banded(group, good, True, rules)})
    yield Printed("band", good, {ALL: banded(group, good, False, rules)})
    yield silent(family, "")


def _split(
    family: Family,
    split: str,
    made: Mapping[str, Printed],
    apart: set[str],
    rules: Rules,
    fits: Fits,
) -> Printed:
    groups, rung = family.splits[split], family.rungs[split]
    # Smallest first; ties stand in the declared order.
    heard = sorted((key for key in groups if key not in apart), key=lambda key: groups[key].size)

    if rung and rung != "band" and made[""].lines[ALL].counts:
        counted = _counted(family, groups, rung, heard, rules, fits)
        if counted is not None:
            return counted
    if rung and family.banded:
        return _bands(family, groups, heard, rules, fits)
    return Printed(rung, family.coded[rung], dict.fromkeys(groups, SILENT)) if rung else silent(family, split)


def _counted(
    family: Family, groups: Groups, rung: Rung, heard: list[str], rules: Rules, fits: Fits
) -> Printed | None:
    coding = family.coded[rung]
    told = [key for key in heard if may_tell_counts(groups[key], coding, family.codings(), rules)]
    while told:
        lines = {key: Line(rated=True, counts=True) if key in told else SILENT for key in groups}
        printed = Printed(rung, coding, lines)
        if not fits(printed):
            return printed
        del told[0]
    return None


def _bands(family: Family, groups: Groups, heard: list[str], rules: Rules, fits: Fits) -> Printed:
    good = family.good()
    heard = list(heard)
    told = [key for key in heard if may_tell_rated(groups[key], rules)]
    while True:
        lines = {
            key: banded(group, good, key in told, rules) if key in heard else SILENT
            for key, group in groups.items()
        }
        printed = Printed("band", good, lines)
        found = fits(printed)
        if not found or not heard:
            return printed
        if found == "rated" and told:
            del told[0]
        else:
            smallest = heard.pop(0)
            told = [key for key in told if key != smallest]


def _overlaps(group: Group, shown: list[Group], k: int) -> bool:
    # Two groups of different splits that differ by a few cases would give those few away, whatever
    # is told of each.
    mine = frozenset(group.workers)
    for other in shown:
        theirs = frozenset(other.workers)
        if 0 < len(mine - theirs) < k or 0 < len(theirs - mine) < k:
            return True
    return False
