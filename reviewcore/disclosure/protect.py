"""What is printed of one measure: the row over all cases and its splits, protected together.

A row that may not be told is withheld whole, and so are further rows until nothing that is withheld can
be worked out from what is printed: smallest group first, by the number of cases reviewed, which is known
anyway. Each step down is part of the rule that is fixed before any answer is seen: counts where they may
be told, else the band, else nothing. That a row is a band where counts were planned tells that some
count is below k, and no more: that count can still be anything from 0 to k-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from attrs import frozen

from reviewcore.aggregation.plan import Rung
from reviewcore.aggregation.values import Coding
from reviewcore.disclosure.attacker import Leak, leak
from reviewcore.disclosure.joint import joint_leak
from reviewcore.disclosure.jointsystem import Measured
from reviewcore.disclosure.lines import SILENT, Line, Printed, banded, together
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated

ALL = "all"
Groups: TypeAlias = Mapping[str, Group]
Wider: TypeAlias = tuple[Rules, Mapping[str, Printed]]
Fits: TypeAlias = Callable[[Printed], Leak]


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


def protect(family: Family, rules: Rules, wider: tuple[Wider, ...] = ()) -> dict[str, Printed]:
    """Return what is printed of the overall row ("") and of each split of one measure.

    `wider` is what audiences that know more were told of it, the widest-knowing first. Each of them holds
    what all after it are told, and will hold this too: so every table is also tried on them, under their
    own rules, with all of that together.
    """
    overall = next(
        one
        for one in _overall(family, rules)
        if all(
            _fits(family, split, {"": one}, _nothing(family, split), rules, wider) == ""
            for split in family.splits
        )
        and all(_held(wider[place:], "", one) for place in range(len(wider)))
    )
    made = {"": overall}
    shown: list[Group] = []
    for split, groups in family.splits.items():
        apart = {key for key, group in groups.items() if _overlaps(group, shown, rules.k)}
        made[split] = _split(family, split, made, apart, rules, wider)
        shown += [groups[key] for key, one in made[split].lines.items() if one != SILENT]
    return made


def _fits(
    family: Family,
    split: str,
    made: Mapping[str, Printed],
    printed: Printed,
    rules: Rules,
    wider: tuple[Wider, ...],
) -> Leak:
    # `made` is what the row over all cases and earlier splits print; `printed` is what this one would.
    overall = made[""]
    everybody, groups, codings = family.everybody, family.splits[split], family.codings()
    found = leak(everybody, overall, groups, printed, codings, rules)
    for place, (theirs, _) in enumerate(wider):
        both, all_ = _held(wider[place:], split, printed), _held(wider[place:], "", overall)
        if not found:
            found = leak(everybody, all_, groups, both, codings, theirs) if both and all_ else "counts"
    return found or _jointly(family, {**made, split: printed}, rules, wider)


def _jointly(family: Family, made: Mapping[str, Printed], rules: Rules, wider: tuple[Wider, ...]) -> Leak:
    every = {split: made.get(split) or _nothing(family, split) for split in ("", *family.splits)}
    for place, theirs in enumerate([*(told for told, _ in wider), rules]):
        held = {split: _held(wider[place:], split, one) for split, one in every.items()}
        if None in held.values():
            return "counts"
        overall, *splits = (one for one in held.values() if one)
        measured = Measured(
            family.everybody,
            overall,
            family.splits,
            dict(zip(family.splits, splits, strict=True)),
            family.codings(),
        )
        if found := joint_leak(measured, theirs):
            return found
    return ""


def _held(wider: tuple[Wider, ...], split: str, printed: Printed) -> Printed | None:
    held: Printed | None = printed
    for _, told in reversed(wider):
        held = held and together(told[split], held)
    return held


def _nothing(family: Family, split: str) -> Printed:
    return Printed("band", family.good(), dict.fromkeys(family.splits[split] if split else (ALL,), SILENT))


def _overall(family: Family, rules: Rules) -> Iterator[Printed]:
    group, rung, good = family.everybody, family.rungs[""], family.good()
    open_ = ("", ALL) not in family.closed
    if rung is None:
        yield _nothing(family, "")
        return
    if rung != "band":
        coding = family.coded[rung]
        if open_ and may_tell_counts(group, coding, family.codings(), rules):
            yield Printed(rung, coding, {ALL: Line(rated=True, counts=True)})
        if not family.banded:
            yield Printed(rung, coding, {ALL: SILENT})
            return
    yield Printed("band", good, {ALL: banded(group, good, open_ and may_tell_rated(group, rules), rules)})
    yield _nothing(family, "")


def _split(
    family: Family,
    split: str,
    made: Mapping[str, Printed],
    apart: set[str],
    rules: Rules,
    wider: tuple[Wider, ...],
) -> Printed:
    groups, rung = family.splits[split], family.rungs[split]
    # Smallest first; ties stand in the declared order.
    heard = sorted((key for key in groups if key not in apart), key=lambda key: groups[key].size)
    open_ = [key for key in heard if (split, key) not in family.closed]

    def fits(printed: Printed) -> Leak:
        return _fits(family, split, made, printed, rules, wider)

    if rung and rung != "band" and made[""].lines[ALL].counts:
        counted = _counted(family, groups, rung, open_, rules, fits)
        if counted is not None:
            return counted
    if rung and family.banded:
        return _bands(family, groups, heard, open_, rules, fits)
    return (
        Printed(rung, family.coded[rung], dict.fromkeys(groups, SILENT)) if rung else _nothing(family, split)
    )


def _counted(
    family: Family, groups: Groups, rung: Rung, open_: list[str], rules: Rules, fits: Fits
) -> Printed | None:
    coding = family.coded[rung]
    told = [key for key in open_ if may_tell_counts(groups[key], coding, family.codings(), rules)]
    while told:
        lines = {key: Line(rated=True, counts=True) if key in told else SILENT for key in groups}
        printed = Printed(rung, coding, lines)
        if not fits(printed):
            return printed
        del told[0]
    return None


def _bands(
    family: Family, groups: Groups, heard: list[str], open_: list[str], rules: Rules, fits: Fits
) -> Printed:
    good = family.good()
    heard = list(heard)
    told = [key for key in open_ if may_tell_rated(groups[key], rules)]
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
