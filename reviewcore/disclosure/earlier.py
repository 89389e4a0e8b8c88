"""What a publication told, as it is kept in the agency's ledger and held beside those that come after it.

Of every measure: what each row printed, and of which cases it is; that nothing was printed, too, since later ones can
tell of the same cases. A case is kept under its name in the ledger, and its answer as a mark that only tells whether a
later answer is the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, frozen

from reviewcore.disclosure.lines import Printed
from reviewcore.disclosure.model import Said, said_of
from reviewcore.disclosure.publication import AUDIENCES, Audience
from reviewcore.disclosure.shape import Population

if TYPE_CHECKING:
    from reviewcore.disclosure.protect import Family

Coded: TypeAlias = tuple[tuple[str, tuple[tuple[str, frozenset[str]], ...]], ...]
Mark: TypeAlias = Callable[[str], str]
"""Makes a mark of a text that tells whether two texts are alike, and nothing else."""
Kept: TypeAlias = Mapping[str, Any]
"""What a publication told of its measures, as JSON."""


@frozen
class Earlier:
    """One publication that is held beside another: whose it is, and what it told."""

    review: str
    audience: Audience
    number: int
    told: Kept

    def seen_by(self, audience: Audience) -> bool:
        """Return whether an audience holds it: it was told to that one, or to one that knows less."""
        return AUDIENCES.index(self.audience) >= AUDIENCES.index(audience)

    def of(self, key: str) -> Held | None:
        """Return what it told of one measure, None where that is nothing."""
        one = self.told.get("measures", {}).get(key)
        if one is None:
            return None
        units = [unit(member, mark) for member, mark in zip(self.told["members"], one["marks"], strict=True)]
        rows_of = [[rows[number] for number in numbers] for _, rows, numbers in one["splits"]]
        population = Population(
            tuple((split, tuple(rows)) for split, rows, _ in one["splits"]),
            {name: tuple(rows[n] for rows in rows_of) for n, name in enumerate(units)},
            dict(zip(units, self.told["workers"], strict=True)),
            frozenset(name for name, asked in zip(units, one["asked"], strict=True) if asked),
            dict(zip(units, one.get("weights", ()), strict=False)),
        )
        return Held(
            self,
            population,
            tuple(
                Said(
                    split,
                    row,
                    rated,
                    tuple((frozenset(codes), low, high) for codes, low, high in spans),
                    weighted=next(
                        ((frozenset(codes), n, share, step) for codes, n, share, step in weighted), None
                    ),
                )
                for split, row, rated, spans, *weighted in one["said"]
            ),
            tuple(
                (split, tuple((name, frozenset(codes)) for name, codes in coding))
                for split, coding in one["coded"]
            ),
            one["always"],
            one["whose"],
            {(split, row): size for split, row, size in one["sizes"]},
        )


@frozen
class Held:
    """What an earlier publication told of one measure: of whom, what its rows printed, by which codings.

    `always` says that every case was rated. `sizes` are those of its rows as they were told; `whose` names the cases
    that these count.
    """

    publication: Earlier
    population: Population
    said: tuple[Said, ...]
    coded: Coded
    always: bool
    whose: str
    sizes: Mapping[tuple[str, str], int | None]

    def weighs(self) -> bool:
        """Return whether it told a share weighted."""
        return any(one.weighted for one in self.said)

    def weighed(self) -> Held:
        """Return the same with the cases of each weight told apart, too."""
        return evolve(self, population=self.population.weighed())

    def members(self) -> frozenset[str]:
        """Return the cases by their names in the ledger."""
        return frozenset(one.rpartition(" ")[0] for one in self.population.where)


def unit(member: str, mark: str) -> str:
    """Return the name of a case with its answer."""
    return f"{member} {mark}"


def coded_of(printed: Mapping[str, Printed]) -> Coded:
    """Return the categories of the tables of a measure."""
    return tuple(
        (split, tuple((one.key, one.codes) for one in table.coding)) for split, table in printed.items()
    )


def kept(
    members: Sequence[str],
    workers: Sequence[str],
    families: Mapping[str, Family],
    made: Mapping[str, Mapping[str, Printed]],
    told: Mapping[str, tuple[str, Mapping[tuple[str, str], int | None]]],
) -> Kept:
    """Return what a publication must be remembered to have told, as JSON.

    `told` gives for each measure whose sizes were told of its rows, and which.
    """
    measures = {}
    for key, printed in made.items():
        family = families[key]
        said = [one for split, table in printed.items() for one in said_of(split, family.rows(split), table)]
        people = family.people
        units = [people.units[member] for member in members]
        whose, sizes = told[key]
        measures[key] = {
            "marks": [one.rpartition(" ")[2] for one in units],
            "asked": [int(one in people.population.asked) for one in units],
            "splits": [
                [split, list(rows), [rows.index(people.population.where[one][at]) for one in units]]
                for at, (split, rows) in enumerate(people.population.splits)
            ],
            "said": [
                [one.split, one.row, one.rated, [[sorted(c), low, high] for c, low, high in one.spans]]
                + [[sorted(codes), *share] for codes, *share in ([one.weighted] if one.weighted else ())]
                for one in said
            ],
            "coded": [
                [split, [[name, sorted(codes)] for name, codes in coding]]
                for split, coding in coded_of(printed)
            ],
            "always": family.always,
            "whose": whose,
            "sizes": [[split, row, size] for (split, row), size in sizes.items()],
        }
        if weights := people.population.weights:
            measures[key]["weights"] = [weights[one] for one in units]
    return {"members": list(members), "workers": list(workers), "measures": measures} if measures else {}
