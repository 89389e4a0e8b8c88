"""Attacks on a review's publications: everything that an audience holds, as one system of whole numbers.

The attacker has the printed tables of every publication held, knows the rules, the tools (which codes there
are, to whom an item applies) and how many cases of each group were reviewed, in each publication and in what
two of them do not share. Nothing else; the truth is there to judge what was found, never to find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from tests.attacks.known import ALL, NOT_RATED, SHARES, WEIGHT, Codes, Held, Insider, Item, Known, Loss, Truth
from tests.attacks.program import Contradiction, Program
from tests.attacks.seen import BANDS, WITHHELD, SeenTable, count, percent

Bases = frozenset[tuple[int, ...]]


def attack(
    known: Known, held: tuple[Held, ...], k: int, t: int, truth: Truth, insiders: tuple[Insider, ...] = ()
) -> tuple[list[Loss], dict[str, int]]:
    """Return what an audience with `k` can find out from all that it holds, and how many numbers each attack tried."""
    lost: list[Loss] = []
    tried: dict[str, int] = {}
    for item in known.items:
        one = _Attack(known, item, held, k, t, truth)
        try:
            lost += one.losses(tried)
            for insider in insiders:
                lost += one.as_insider(insider, tried)
        except Contradiction:
            lost.append(Loss("2 joint", f"{item.title}: the printed tables contradict each other", 0, 0, 0))
    return lost, tried


class _Attack:
    def __init__(
        self, known: Known, item: Item, held: tuple[Held, ...], k: int, t: int, truth: Truth
    ) -> None:
        self.known, self.item, self.k, self.t = known, item, k, t
        self.parts = {one.name: one for one in known.parts}
        names = list(known.splits)
        self.atoms = [
            dict(zip(names, values, strict=True))
            for values in product(*known.splits.values())
            if self._there(dict(zip(names, values, strict=True)))
        ]
        self.held = held
        self.tables = [
            (one, table, split)
            for one in held
            for split in ("", *item.splits)
            if (table := one.seen.table(item.title if not split else f"{item.title}, by {split}"))
        ] + [(one, table, SHARES) for one in held if (table := one.seen.table(SHARES))]
        self.speaking = {(one.parts, split) for one, table, split in self.tables if _speaks(table)}
        self.number = {
            (part, place, code): n
            for n, (part, place, code) in enumerate(
                product(self.parts, range(len(self.atoms)), (*item.codes, *NOT_RATED))
            )
        }
        self.true = {
            n: truth(part, item.title, self.atoms[place], frozenset({code}))
            for (part, place, code), n in self.number.items()
        }
        self.program = self._program(self.tables)
        self._bases: dict[tuple[int, ...], Program] = {}

    def _there(self, atom: Mapping[str, str]) -> bool:
        return all(
            inside.get(atom[fine], atom[coarse]) == atom[coarse]
            for (fine, coarse), inside in self.known.inside.items()
        )

    # -- what is known ------------------------------------------------------------------------------------

    def _program(self, tables: list[tuple[Held, SeenTable, str]]) -> Program:
        made = Program()
        for _ in self.number:
            made.unknown(0, max(one.total for one in self.parts.values()))
        every = frozenset((*self.item.codes, *NOT_RATED))
        for part in self.known.parts:
            for (split, value), size in part.sizes.items():
                made.tie(self._sum({part.name}, {split: value}, every), size, size)
            made.tie(self._sum({part.name}, {}, every), part.total, part.total)
            if self.item.applies:
                split, value = self.item.applies
                for other in self.known.splits[split]:
                    if other != value:
                        rated = self._sum({part.name}, {split: other}, every - NOT_RATED)
                        made.tie(rated, 0, 0)
        for one, table, split in tables:
            if split == SHARES:
                self._share(made, one, dict(table.row(self.item.title)) if self._shared(table) else {})
                continue
            for label, _ in table.rows:
                value = {} if label == ALL and not split else {split: label}
                self._print(made, one, table.row(label), value)
        return made

    def _print(self, made: Program, one: Held, row: Mapping[str, str], where: Mapping[str, str]) -> None:
        rated = frozenset(self.item.codes)
        coding = next((c for c in self.item.codings if set(c) <= set(row)), {})
        number = count(row.get("Cases rated", WITHHELD))
        of = lambda codes: self._sum(one.parts, where, codes)  # noqa: E731
        if number is not None:
            made.tie(of(rated), number, number)
        for heading, cell in row.items():
            if heading in coding and (value := count(cell)) is not None:
                made.tie(of(coding[heading]), value, value)
            elif heading in coding and (share := percent(cell)) is not None:
                # A whole percent p of rated: p - 1/2 <= 100 count / rated < p + 1/2, in whole numbers.
                both = dict.fromkeys(of(rated), 1 - 2 * share)
                for n in of(coding[heading]):
                    both[n] += 200
                made.tie(both, 0, 10**9)
                both = {n: factor - 2 for n, factor in both.items()}
                made.tie(both, -(10**9), 0)
            elif cell in BANDS:
                size = sum(
                    self.parts[part].sizes[next(iter(where.items()))] if where else self.parts[part].total
                    for part in one.parts
                )
                # How many of a site's cases are asked is not known.
                asked = size if not self.item.applies else 0
                if self.item.applies and not where:
                    asked = sum(self.parts[part].sizes[self.item.applies] for part in one.parts)
                good = of(self.item.good)
                self._band(made, cell, good, of(rated - self.item.good), number, size, asked, one.k)

    def _shared(self, table: SeenTable) -> bool:
        return any(label == self.item.title for label, _ in table.rows)

    def _share(self, made: Program, one: Held, row: Mapping[str, str]) -> None:
        # A percent p of the rated, each counted by its weight, in steps of s: p - s/2 <= 100 share < p + s/2.
        share = percent(row.get("Acceptable, weighted", WITHHELD))
        if share is None:
            return
        step = count(row["Weighted: rounded to percents of"]) or 0
        both: dict[int, int] = {}
        for weight in self.known.splits[WEIGHT]:
            for codes in (self.item.good, frozenset(self.item.codes) - self.item.good):
                for n in self._sum(one.parts, {WEIGHT: weight}, codes):
                    both[n] = int(weight) * (200 * (codes == self.item.good) - 2 * share + step)
        made.tie(both, 0, 10**9)
        weights = {n: int(w) for w in self.known.splits[WEIGHT]
                   for n in self._sum(one.parts, {WEIGHT: w}, frozenset(self.item.codes))}  # fmt: skip
        made.tie({n: factor - 2 * step * weights[n] for n, factor in both.items()}, -(10**9), -1)

    def _band(
        self, made: Program, band: str, good: dict[int, int], bad: dict[int, int],
        rated: int | None, size: int, asked: int, k: int,
    ) -> None:  # fmt: skip
        # The edges as the documentation words them: a quarter, or k cases where that is more.
        if band == "fewer than half":
            made.tie(good, 0, ((rated or size) - 1) // 2)
        elif band == "half or more":
            made.tie(good, ((rated or size) + 1) // 2, 10**6)
        else:
            # The number reviewed may be of all cases, or of those that are asked: nobody is told which.
            of = (rated,) if rated is not None else (size, asked)
            least, most = (max(k, found(of) // 4) for found in (min, max))
            for name, sums in (("few", good), ("most", bad)):
                made.tie(sums, *((0, most) if band == name else (least + 1, 10**6)))

    def _sum(
        self, parts: set[str] | frozenset[str], where: Mapping[str, str], codes: Codes
    ) -> dict[int, int]:
        return {
            self.number[part, place, code]: 1
            for part in parts
            for place, atom in enumerate(self.atoms)
            if all(atom[split] == value for split, value in where.items())
            for code in codes
        }

    # -- what is sought -----------------------------------------------------------------------------------

    def _regions(self) -> Iterator[tuple[str, frozenset[str], dict[str, str], str]]:
        # Of each: the attack that asks for it, the parts, the values, and the split that it is a row of.
        whole = {one.parts for one in self.held}
        singles = {frozenset({name}) for name in self.parts}
        for parts in sorted(whole | singles, key=sorted):
            name = "4 side by side" if parts not in whole or len(whole) > 1 else "2 joint"
            yield name, parts, {}, ""
            for split in self.item.splits:
                for value in self.known.splits[split]:
                    yield name, parts, {split: value}, split
            for one, other in combinations(self.item.splits, 2):
                for pair in product(self.known.splits[one], self.known.splits[other]):
                    yield "3 inner cells", parts, dict(zip((one, other), pair, strict=True)), "inner"
            # Of one weight, in all and in every row: the last publication's, each earlier one's when it went out.
            for weight in self.known.splits.get(WEIGHT, ()) if parts in whole else ():
                yield "weighted shares", parts, {WEIGHT: weight}, WEIGHT
                for split in self.item.splits:
                    for value in self.known.splits[split]:
                        yield "weighted shares", parts, {split: value, WEIGHT: weight}, WEIGHT

    def _numbers(self) -> Iterator[tuple[str, str, dict[int, int], dict[int, int], Bases]]:
        # Of each: the attack, what it is, its sum, the sum of the rated of its group, and what is known anyway.
        rated = frozenset(self.item.codes)
        groups = {codes for coding in self.item.codings for codes in coding.values()} - {rated}
        for name, parts, where, split in self._regions():
            # A part without cases there is no part of the group.
            some = (one for one in parts if all(self.parts[one].sizes[value] for value in where.items()))
            bases = self._known_anyway(frozenset(some), split)
            of = self._sum(parts, where, rated)
            at = f"{self.item.title} {'+'.join(sorted(parts))} {' '.join(where.values()) or 'all'}"
            for codes in sorted(groups, key=sorted):
                yield name, f"{at} {'/'.join(sorted(codes))}", self._sum(parts, where, codes), of, bases
            less = name if name.startswith(("3", "4")) else "9 complements"
            # A case that is not asked has no answer that could be told.
            split, value = self.item.applies or ("", "")
            if not split or where.get(split, value) == value:
                those = where | ({split: value} if split else {})
                yield less, f"{at} not rated", self._sum(parts, those, NOT_RATED), {}, bases

    def _known_anyway(self, parts: frozenset[str], split: str) -> Bases:
        """Return which tables, by their places, tell each by itself of a group that no table has as a row.

        Whoever reads that 3 of 15 were not acceptable knows of any 5 of them that 2 were. That comes with every
        figure that is told; what two tables tell together, and no one of them, must not be. Where nothing is printed of
        a split, its rows are as open as the rows over all cases leave them. Nor is that a loss which
        everybody could know before the last publication, whatever that one is about: it was looked at when it went out.
        """
        before = tuple(n for n, (one, _, _) in enumerate(self.tables) if one.at < self.known.now)
        bases: set[tuple[int, ...]] = {(), before}
        over = tuple(n for n, (_, _, said) in enumerate(self.tables) if not said)
        for one in self.held:
            mine = [n for n, (held, _, _) in enumerate(self.tables) if held is one]
            if parts < one.parts:
                bases |= {tuple(mine)}
            elif parts == one.parts and split == "inner":
                bases |= {(*over, n) for n in mine if self.tables[n][2]}
        if split == WEIGHT:
            bases |= {tuple(n for n, (_, _, said) in enumerate(self.tables) if said != SHARES)}
        if split == "inner" or (
            split and not any(parts & of and split == said for of, said in self.speaking)
        ):
            bases |= {over}
        return frozenset(bases)

    def losses(self, tried: dict[str, int]) -> list[Loss]:
        """Return every small number that is narrowed, and every group shown to be nearly all alike."""
        lost = []
        for name, what, sums, rated, bases in self._numbers():
            true = sum(self.true[n] for n in sums)
            if 0 < true < self.k:
                tried[name] = tried.get(name, 0) + 1
                low, high = self._narrowed(self.program, sums, bases, {}, 0)
                if (low, high) != (0, 0):
                    lost.append(Loss(name, what, low, high, true))
            if rated:
                others = {n: 1 for n in rated if n not in sums}
                if sum(self.true[n] for n in rated) and sum(self.true[n] for n in others) <= self.t:
                    tried["6 alike"] = tried.get("6 alike", 0) + 1
                    most = self.program.most(others, self.t + 1)
                    if most <= self.t and all(
                        self._base(one).most(others, self.t + 1) > self.t for one in bases
                    ):
                        lost.append(Loss("6 alike", what, 0, most, sum(self.true[n] for n in others)))
        return lost

    def as_insider(self, insider: Insider, tried: dict[str, int]) -> list[Loss]:
        """Return what somebody who knows their own cases can narrow further."""
        own: dict[int, int] = {}
        for part, values, codes in insider.cases:
            place = next(n for n, atom in enumerate(self.atoms) if atom == values)
            code = codes.get(self.item.title, next(iter(NOT_RATED)))
            number = self.number[part, place, code]
            own[number] = own.get(number, 0) + 1
        program, lost = self.program.knowing(own), []
        for _, what, sums, _, bases in self._numbers():
            true = sum(self.true[n] for n in sums)
            mine = sum(own.get(n, 0) for n in sums)
            if 0 < true < self.k and true > mine:
                tried["7 insiders"] = tried.get("7 insiders", 0) + 1
                low, high = self._narrowed(program, sums, bases, own, mine)
                if (low, high) != (0, 0):
                    lost.append(Loss("7 insiders", what, low, high, true))
        return lost

    def _narrowed(
        self, program: Program, sums: dict[int, int], bases: Bases, own: Mapping[int, int], mine: int
    ) -> tuple[int, int]:
        """Return the least and most of a small number where they are closer than allowed, else (0, 0)."""
        low, high = program.least(sums, mine), program.most(sums, self.k - 1)
        allowed_low, allowed_high = mine, self.k - 1
        for one in bases if low > mine or high < self.k - 1 else ():
            base = self._base(one).knowing(own) if own else self._base(one)
            allowed_low = max(allowed_low, base.least(sums, mine))
            allowed_high = min(allowed_high, base.most(sums, self.k - 1))
        return (0, 0) if low <= allowed_low and high >= allowed_high else (low, high)

    def _base(self, tables: tuple[int, ...]) -> Program:
        """Return what is known of sizes, and what some of the tables tell."""
        if tables not in self._bases:
            self._bases[tables] = self._program([self.tables[n] for n in tables])
        return self._bases[tables]


def _speaks(table: SeenTable) -> bool:
    return any(cell != WITHHELD for _, cells in table.rows for cell in cells)
