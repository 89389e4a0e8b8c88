"""What one group of cases may be told about, looked at by itself (disclosure.md section 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from reviewcore.aggregation.values import Coding


@frozen
class Rules:
    """The rules of one audience.

    `k` is the smallest count of cases that may be shown. `t` is the size of a coalition of workers who
    put together what they know of their own cases. `workers` is how many different workers must stand
    behind a figure.
    """

    k: int = field()
    t: int = 1
    workers: int = 3

    @k.validator
    def _wide_enough(self, _: object, value: int) -> None:
        # A count that may be anything from 0 to k-1 must leave room for more than t other cases.
        if value < self.t + 2 or value < 3:
            raise ValueError(f"k must be at least {max(3, self.t + 2)} (got {value})")


@frozen
class Group:
    """Some cases of the population under one measure: their workers, and the codes of those rated."""

    workers: Mapping[str, str]
    ratings: Mapping[str, str]

    @classmethod
    def of(cls, members: Iterable[str], workers: Mapping[str, str], ratings: Mapping[str, str]) -> Group:
        """Return the group of `members`."""
        chosen = sorted(members)
        return cls({m: workers[m] for m in chosen}, {m: ratings[m] for m in chosen if m in ratings})

    @property
    def size(self) -> int:
        """How many cases were reviewed."""
        return len(self.workers)

    @property
    def rated(self) -> int:
        """How many of them were rated: the denominator."""
        return len(self.ratings)

    def count(self, codes: frozenset[str]) -> int:
        """Return how many cases were rated with one of `codes`."""
        return sum(code in codes for code in self.ratings.values())

    def own(self, codes: frozenset[str] | None) -> Counter[str]:
        """Return, by worker, how many cases have one of `codes`; None counts the cases not rated."""
        return Counter(
            worker
            for member, worker in self.workers.items()
            if (member not in self.ratings if codes is None else self.ratings.get(member) in codes)
        )


def _wide(behind: Counter[str], rules: Rules) -> bool:
    # The most informed coalition takes its own cases off, and must not find a small number of others left.
    known = sum(cases for _, cases in behind.most_common(rules.t))
    return not behind or (behind.total() - known >= rules.k and len(behind) >= rules.workers)


def may_tell_rated(group: Group, rules: Rules) -> bool:
    """Return whether the number of cases rated may be shown.

    How many were reviewed is known, so it also tells how many were not rated. That all were rated
    tells no answer of anybody, so only small counts are withheld here.
    """
    behind = Counter(group.workers[member] for member in group.ratings)
    return bool(behind) and _wide(behind, rules) and _wide(group.own(None), rules)


def may_tell_counts(group: Group, coding: Coding, codings: Iterable[Coding], rules: Rules) -> bool:
    """Return whether the counts of the group may be shown by the categories of `coding`.

    Withheld where a count is from 1 to k-1, or would be without the cases of t workers, where fewer than three
    workers stand behind it, or where
    all of the group share a value, or all but the cases of t workers, in any way in which the scale
    groups its codes: such a table tells the answer of every member.
    """
    if not may_tell_rated(group, rules):
        return False
    if not all(_wide(group.own(category.codes), rules) for category in coding):
        return False
    everybody = group.own(frozenset(group.ratings.values()))
    for one in codings:
        for category in one:
            others = everybody - group.own(category.codes)
            if len(others) <= rules.t:
                return False
    return True
