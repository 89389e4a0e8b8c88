"""What is printed of one measure: the row over all cases and its splits, protected together.

A row that may not be told is withheld whole, and so are further rows until nothing that is withheld can
be worked out from what is printed: smallest group first, by the number of cases reviewed, which is known
anyway. Each step down is part of the rule that is fixed before any answer is seen: counts where they may
be told, else the band, else which half it is, else nothing. That a row is a band where counts were planned
tells that some count is below k, and no more: that count can still be anything from 0 to k-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import evolve, frozen

from reviewcore.aggregation.plan import Rung
from reviewcore.aggregation.values import Coding
from reviewcore.disclosure.earlier import Held, coded_of
from reviewcore.disclosure.judge import Leak, leak
from reviewcore.disclosure.learned import Kept
from reviewcore.disclosure.lines import SILENT, Line, Printed, banded
from reviewcore.disclosure.model import Measured, Said, said_of
from reviewcore.disclosure.rules import Group, Rules, may_tell_counts, may_tell_rated
from reviewcore.disclosure.shape import (
    ALL,
    Own,
    People,
    Population,
    Shape,
    margins_of,
    own_by_workers,
    own_of,
    shape_of,
)
from reviewcore.pace import FREE, Pace

STEPS = (1, 5, 10)
"""To what a weighted share can be rounded, in percents."""
Groups: TypeAlias = Mapping[str, Group]
Holder: TypeAlias = tuple[Rules, Sequence[Held]]
"""Somebody who will hold a publication: the rules for what they may know, and what they hold already."""
Fits: TypeAlias = Callable[[Printed, bool], Leak]
"""What a table would give away; whether it is enough to know that it is something."""


@frozen
class Family:
    """One measure: all its cases, and the groups of each split, with the rows in the declared order.

    `people` are the cases as units that earlier publications may have too. `rungs` is the planned rung of the overall
    row ("") and of each split. `always` says that every case that is asked was rated. `may` is given where some cases
    only are asked, and how many these are may not be told: of every value of all splits together, whether such cases
    can be asked, and whether they can be not; `may_beside` is the same where it may be told of this publication alone,
    but not of what it does not share with another. `weights` are all that cases of the list have, where the share that
    is acceptable may be told weighted, too. `untold` names (split, row) of whose size nothing may be told, and
    so nothing of it.
    """

    everybody: Group
    splits: Mapping[str, Groups]
    people: People
    coded: Mapping[Rung, Coding]
    rungs: Mapping[str, Rung | None]
    banded: bool = True
    always: bool = False
    may: Mapping[tuple[str, ...], frozenset[bool]] | None = None
    untold: frozenset[tuple[str, str]] = frozenset()
    may_beside: Mapping[tuple[str, ...], frozenset[bool]] | None = None
    weights: tuple[int, ...] = ()

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
    family: Family, rules: Rules, holders: Sequence[Holder] = (), pace: Pace = FREE
) -> dict[str, Printed]:
    """Return what is printed of the overall row ("") and of each split of one measure.

    `holders` are those who will hold it, with all that each has been told of the measure before, now or in earlier
    publications: every table is tried on each of them, under the rules for that one, with all of that together.
    Raises Refused when the time of `pace` is up.
    """
    nothing = {split: silent(family, split) for split in family.splits}
    trial = _Trial(family, holders or [(rules, ())], pace)
    fitting = (one for one in _overall(family, rules) if trial({**nothing, "": one}, True) == "")
    # Silence adds nothing to what somebody holds who was told more, whatever that leaves open.
    made = {"": next(fitting, _untold(family))}
    shown: list[Group] = []
    for split, groups in family.splits.items():
        apart = {
            key
            for key, group in groups.items()
            # Of a row that must say nothing the rows of any split could be the sum, or the rest.
            if (split, key) in family.untold or _overlaps(group, shown, rules.k)
        }

        def fits(printed: Printed, brief: bool, split: str = split) -> Leak:
            return trial({**nothing, **made, split: printed}, brief)

        made[split] = _split(family, split, made, apart, rules, fits)
        shown += [groups[key] for key, one in made[split].lines.items() if one != SILENT]
    weighed = {**made, "": _weighted(family, made[""])}
    return weighed if weighed[""] != made[""] and trial(weighed, True) == "" else made


class _Trial:
    """Tries what would be printed of a measure on everybody who would hold it, all that each holds together."""

    def __init__(self, family: Family, holders: Sequence[Holder], pace: Pace) -> None:
        self.family, self.holders, self.pace = family, holders, pace
        self.weighs = any(one.weighs() for _, held in holders for one in held)
        self.known = list(self._known())
        self.last = self.known[0]

    def _known(self) -> Iterator[tuple[Rules, list[list[Held]], Shape, frozenset[Own], Kept]]:
        for rules, held in self.holders:
            population, near = self.family.people.population, held
            if self.weighs:
                population, near = population.weighed(), [one.weighed() for one in held]
            all_told = beside(population, near)
            # Beside earlier publications it must hold by itself, too: that is what is proved of it.
            for told in [all_told[:1], all_told] if len(all_told) > 1 else [all_told]:
                for view in _views(self.family, population, told, rules.t):
                    yield rules, told, *view, Kept()

    def __call__(self, made: Mapping[str, Printed], brief: bool) -> Leak:
        self.pace.check()
        if not self.weighs and weighs(made):
            self.weighs = True
            self.known = list(self._known())
        # Where it is enough to know that something is given away, who learned something the last time is asked first.
        for one in sorted(self.known, key=lambda one: one is not self.last) if brief else self.known:
            rules, told, shape, insiders, kept = one
            held = measured(self.family, shape, made, told)
            if found := leak(held, insiders, rules.k, rules.t, kept, brief):
                self.last = one
                return found
        return ""


def held_by_each(
    key: str, family: Family, holders: Sequence[Holder], made: Mapping[str, Printed]
) -> Iterator[tuple[Rules, Measured, dict[Own, list[tuple[str, ...]]]]]:
    """Yield who would hold what is printed of a measure, all that they hold of these answers, whose cases are where.

    Nobody where nothing is printed: silence adds nothing to what somebody holds.
    """
    if all(line == SILENT for printed in made.values() for line in printed.lines.values()):
        return
    people = family.people
    named = {people.units[member]: worker for member, worker in family.everybody.workers.items()}
    own = evolve(people.population, workers=named)
    for rules, held in holders:
        told, mine = beside(own, held)[:1], own
        if weighs(made) or any(one.weighs() for one in told[0]):
            told, mine = [[one.weighed() for one in told[0]]], own.weighed()
        for some in (mine, mine.those(own.asked)) if family.may is not None else (mine.those(own.asked),):
            shape = shape_of([some], family.always and some is not mine)
            yield rules, measured(family, shape, made, told, key), own_by_workers([some], rules.t)


def beside(population: Population, held: Sequence[Held]) -> list[list[Held]]:
    """Return what must be looked at together with a publication of some cases, by whose cases they are of.

    The first are of the very same cases, answered alike; the others have some in common with them, or with each other.
    """
    together: list[tuple[Population, list[Held]]] = [(population, [])]
    units, left = frozenset(population.where), list(held)
    while near := [one for one in left if not units.isdisjoint(one.population.where)]:
        left = [one for one in left if one not in near]
        for one in near:
            units |= one.population.where.keys()
            mine = one.population.where, one.population.splits
            same = (found for of, found in together if (of.where, of.splits) == mine)
            found = next(same, None)
            if found is None:
                together.append((one.population, [one]))
            else:
                found.append(one)
    return [found for _, found in together]


def weighs(made: Mapping[str, Printed]) -> bool:
    """Return whether a share is told weighted."""
    return any(line.weighted for line in made[""].lines.values())


def _weighted(family: Family, printed: Printed) -> Printed:
    # With the share that is acceptable, weighted, beside the counts of all cases; half a step is rounded up.
    line, good = printed.lines[ALL], family.good()[0].codes
    if not (line.counts and family.weights and "acceptable" in family.coded):
        return printed
    weights = {one: family.people.population.weights[unit] for one, unit in family.people.units.items()}
    ratings = family.everybody.ratings
    whole = sum(weights[one] for one in ratings)
    part = sum(weights[one] for one, code in ratings.items() if code in good)
    step = rounded_to(len(weights))
    percent = step * ((200 * part + step * whole) // (2 * step * whole))
    return evolve(printed, lines={ALL: evolve(line, weighted=(good, percent, step))})


def rounded_to(cases: int) -> int:
    """Return to how many percents a weighted share of so many reviewed cases is rounded: some three cases' worth.

    >>> rounded_to(20), rounded_to(60), rounded_to(150), rounded_to(400)
    (10, 5, 5, 1)
    """
    return next((step for step in STEPS if step * cases >= 300), STEPS[-1])


def _views(
    family: Family, population: Population, told: Sequence[Sequence[Held]], coalition: int
) -> Iterator[tuple[Shape, frozenset[Own]]]:
    # What somebody may know of sizes: those of all places, and, where a measure is asked of some cases only, who
    # these are, or how many.
    populations = [population, *(found[0].population for found in told[1:])]
    always = family.always and all(one.always for found in told for one in found)
    asked = frozenset[str]().union(*(one.asked for one in populations))
    some = [one.those(asked) for one in populations]
    if family.may is not None:
        yield shape_of(populations, False), own_of(populations, coalition)
    may = family.may_beside if len(populations) > 1 else family.may
    if may is not None:
        yield margins_of(populations, may), frozenset()
    yield shape_of(some, always), own_of(some, coalition)


def measured(
    family: Family,
    shape: Shape,
    made: Mapping[str, Printed],
    told: Sequence[Sequence[Held]] = (),
    key: str = "",
) -> Measured:
    """Return all that somebody holds of a measure: this publication, and others as `beside` gives them."""
    said: dict[tuple[int, str, str], Said] = {}
    coded: dict[tuple[int, str, tuple[tuple[str, frozenset[str]], ...]], None] = {}
    new = [one for split, printed in made.items() for one in said_of(split, family.rows(split), printed)]
    rows = [(0, coded_of(made), new)]
    rows += [(of, one.coded, list(one.said)) for of, found in enumerate(told) for one in found]
    for of, tables, lines in rows:
        coded |= dict.fromkeys((of, split, coding) for split, coding in tables)
        for line in lines:
            before = said.get((of, line.split, line.row))
            line = evolve(line, of=of)
            said[of, line.split, line.row] = line.beside(before) if before else line
    codings = tuple(tuple((one.key, one.codes) for one in coding) for coding in family.codings())
    return Measured(key, shape, codings, tuple(coded), tuple(said.values()))


def silent(family: Family, split: str) -> Printed:
    """Return a table in which nothing is printed."""
    return Printed("band", family.good(), dict.fromkeys(family.splits[split] if split else (ALL,), SILENT))


def _overall(family: Family, rules: Rules) -> Iterator[Printed]:
    group, rung, good = family.everybody, family.rungs[""], family.good()
    if rung is None:
        return
    if rung != "band":
        coding = family.coded[rung]
        if may_tell_counts(group, coding, family.codings(), rules):
            yield Printed(rung, coding, {ALL: Line(rated=True, counts=True)})
        if not family.banded:
            return
    if may_tell_rated(group, rules):
        for line in dict.fromkeys(banded(group, good, True, rules, halves) for halves in (False, True)):
            yield Printed("band", good, {ALL: line})
    yield Printed("band", good, {ALL: banded(group, good, False, rules)})


def _untold(family: Family) -> Printed:
    rung = family.rungs[""]
    if rung is None or family.banded:
        return silent(family, "")
    return Printed(rung, family.coded[rung], {ALL: SILENT})


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
        if not fits(printed, True):
            return printed
        del told[0]
    return None


def _bands(family: Family, groups: Groups, heard: list[str], rules: Rules, fits: Fits) -> Printed:
    good = family.good()

    def table(halves: bool) -> Printed:
        lines = {
            key: banded(group, good, key in told, rules, halves) if key in heard else SILENT
            for key, group in groups.items()
        }
        return Printed("band", good, lines)

    heard = list(heard)
    told = [key for key in heard if may_tell_rated(groups[key], rules)]
    while heard:
        printed, coarser = table(False), table(True)
        if not (found := fits(printed, not told)):
            return printed
        if found == "rated" and told:
            del told[0]
        elif coarser != printed and not fits(coarser, True):
            return coarser
        else:
            smallest = heard.pop(0)
            told = [key for key in told if key != smallest]
    return table(False)


def _overlaps(group: Group, shown: list[Group], k: int) -> bool:
    # Two groups of different splits that differ by a few cases would give those few away, whatever
    # is told of each.
    mine = frozenset(group.workers)
    for other in shown:
        theirs = frozenset(other.workers)
        if 0 < len(mine - theirs) < k or 0 < len(theirs - mine) < k:
            return True
    return False
