"""Whether quotas can be filled, whatever the seed; where they cannot, why, and the smallest changes that would do.

A change is one of these, and each is given at its smallest: one quota lowered, as little as is enough
while all else stays; the cap of every worker raised, likewise. Only where no single quota is enough does
it take several: then with the fewest cases given up in all, which is what the strata need beyond what
workers can supply, and the earlier strata of the plan keep theirs before the later ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from reviewcore.selection.draw import Entry, checked
from reviewcore.selection.matching import Cells, Witness, spanned

_NOBODY: Mapping[str, int] = MappingProxyType({})


@frozen
class Shortfall:
    """Why quotas cannot be filled: together, `strata` need more cases than workers can supply to them.

    `alone` gives, for each stratum that could be lowered by itself, the largest quota that would do;
    `cap` the smallest cap for all workers that would do, 0 for none; `together` the quotas that would do
    with the fewest cases given up. `empty` are the strata among them that no case is in.
    """

    strata: tuple[str, ...]
    need: int
    have: int
    alone: Mapping[str, int]
    together: Mapping[str, int]
    cap: int = 0
    empty: tuple[str, ...] = ()

    def __str__(self) -> str:
        one = len(self.strata) == 1
        said = f"{'stratum' if one else 'strata'} {', '.join(self.strata)} need{'s' * one} {self.need} case slots; "
        said += f"workers can supply {self.have}. "
        for name in self.empty:
            said += f"No case that can be drawn is in {name}: see whether the list lacks them. "
        either = " or ".join(f"{name} to {quota}" for name, quota in self.alone.items())
        said += (
            f"It would do to lower {either or ' and '.join(f'{n} to {q}' for n, q in self.together.items())}"
        )
        if self.cap:
            said += f", or to let a worker have {self.cap} cases (if none was promised fewer)"
        return said


def infeasible(
    entries: Iterable[Entry],
    quotas: Mapping[str, int],
    per_worker: int,
    held: Mapping[str, int] = _NOBODY,
) -> Shortfall | None:
    """Return why the quotas cannot be filled, or None where they can be; no seed has a part in it.

    `held` has the cases that workers hold already.
    """
    pairs = [one[1:] for one in checked(entries, quotas)]
    if _alone_and_full(Counter(pairs), quotas, per_worker, held):
        return None
    walk, names = sorted(pairs), list(quotas)
    cells = Cells.of(walk, names)
    wanted = [quotas[name] for name in names]
    if not Witness(cells, wanted, per_worker, held).fill():
        return None
    witness = Witness(cells, wanted, per_worker, held)
    short = sorted(witness.fill(in_order=True))
    lacking = {names[s] for s in short}
    cases = Counter(worker for worker, stratum in walk if stratum in lacking)
    alone = {}
    for s in short:
        largest = _largest(cells, names, quotas, per_worker, s, held)
        if largest is not None:
            alone[names[s]] = largest
    return Shortfall(
        tuple(names[s] for s in short),
        sum(quotas[names[s]] for s in short),
        sum(min(max(per_worker - held.get(worker, 0), 0), count) for worker, count in cases.items()),
        alone,
        {names[s]: witness.filled[s] for s in short if witness.filled[s] < quotas[names[s]]},
        _smallest_cap(cells, wanted, per_worker, held),
        tuple(names[s] for s in short if not cells.by_stratum[s]),
    )


def _alone_and_full(
    sizes: Mapping[tuple[str, str], int],
    quotas: Mapping[str, int],
    per_worker: int,
    held: Mapping[str, int],
) -> bool:
    """Return whether no worker has cases in two strata, and each stratum's workers can supply its quota."""
    if spanned(sizes):
        return False
    have: Counter[str] = Counter()
    for (worker, stratum), cases in sizes.items():
        have[stratum] += max(min(cases, per_worker - held.get(worker, 0)), 0)
    return all(have[name] >= quota for name, quota in quotas.items())


def _largest(
    cells: Cells,
    names: Sequence[str],
    quotas: Mapping[str, int],
    per_worker: int,
    stratum: int,
    held: Mapping[str, int],
) -> int | None:
    """Return the largest quota of one stratum with which all others can be filled as they are, or None."""
    others = [0 if s == stratum else quotas[name] for s, name in enumerate(names)]
    witness = Witness(cells, others, per_worker, held)
    if witness.fill():
        return None
    while witness.add(stratum):
        pass
    return witness.filled[stratum]


def _smallest_cap(cells: Cells, quotas: Sequence[int], per_worker: int, held: Mapping[str, int]) -> int:
    """Return the smallest cap beyond `per_worker` with which all quotas can be filled, or 0."""
    listed = Counter(cells.of_entry)
    most = max((sum(listed[cell] for cell in mine) for mine in cells.by_worker), default=0)
    low, high = per_worker + 1, most + max(held.values(), default=0)
    if low > high or Witness(cells, quotas, high, held).fill():
        return 0
    while low < high:
        middle = (low + high) // 2
        if Witness(cells, quotas, middle, held).fill():
            low = middle + 1
        else:
            high = middle
    return low
