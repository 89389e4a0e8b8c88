"""Shares weighted by the chance of each case, beside the plain ones (selection.md section 2).

Those of `Review.estimates` stay inside, for whoever holds the key. What a publication tells is worked out from `weigh`,
and protected: a weighted share is not a function of counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from reviewcore.selection.chances import read


@frozen
class Estimate:
    """A share as estimated: `weighted` by the combined Hajek ratio, `plain` as counted, over so many `cases`.

    None where no case has a value.
    """

    weighted: float | None
    plain: float | None
    cases: int


def hajek(drawn: Iterable[tuple[bool | None, float]]) -> Estimate:
    """Return the share of drawn cases that have something, from (whether they have it, their chance).

    The combined ratio sum(y / chance) / sum(1 / chance) over all strata together; by strata it is biased
    where quotas are tiny. A case whose value is None, because it does not apply, is left out. Its error
    within a caseload cannot be estimated where each worker has one case. Raises ValueError for a case
    that had no chance.
    """
    known = [(value, chance) for value, chance in drawn if value is not None]
    if any(chance <= 0 for _, chance in known):
        raise ValueError("a case that had no chance to be drawn has no weight")
    if not known:
        return Estimate(None, None, 0)
    whole = sum(1 / chance for _, chance in known)
    with_it = sum(1 / chance for value, chance in known if value)
    return Estimate(with_it / whole, sum(value for value, _ in known) / len(known), len(known))


def weigh(chances: Mapping[str, float]) -> dict[str, int]:
    """Return for how many cases of the list each one would stand if it were drawn, in hundredths of the mean.

    A case without a chance has no weight, and is left out.

    >>> weigh({"one of ten": 0.1, "the other": 0.3, "not on the list": 0})
    {'one of ten': 150, 'the other': 50}
    """
    exact = {case: 1 / chance for case, chance in chances.items() if chance > 0}
    mean = sum(exact.values()) / len(exact) if exact else 1.0
    return {case: max(1, round(100 * weight / mean)) for case, weight in exact.items()}


def chances_of(committed: Mapping[str, Any]) -> dict[str, float]:
    """Return the chance of every sealed case, by its pseudonym, as it was stated before the seed.

    A case that came in as a replacement keeps the chance that it had: those who respond stand for all.
    """
    known = read(committed["chances"])
    sizes = Counter((row["worker"], row["stratum"]) for row in committed["rows"])
    return {
        row["case"]: known.of(row["worker"], row["stratum"], sizes[row["worker"], row["stratum"]])
        for row in committed["rows"]
    }
