"""What aggregation hands on: answers under pseudonyms, counts of extracts, the codings of a scale, its bands."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, frozen

from reviewcore.aggregation.plan import Rung, Tally
from reviewcore.interview.plan import Code, Instrument, Item
from reviewcore.language import Field, Value

Answer = str | int | tuple[str, ...]


@frozen
class Answered:
    """One session's answers. `member` is the case's name in the agency's ledger; "" for one about no case.

    `attendees` are those whose views were heard: the pseudonyms of the worker and of a supervisor who sat
    in, or a mark for each who came to a group.
    """

    token: str
    instrument: str
    worker: str
    member: str
    stratum: str
    fields: Mapping[str, Value]
    answers: Mapping[str, Answer]
    attendees: frozenset[str] = frozenset()


@frozen
class Member:
    """One case of the population: its worker, its stratum and its declared fields, as text."""

    key: str
    worker: str
    stratum: str
    fields: Mapping[str, str]


@frozen
class Weights:
    """For how many cases of the list each drawn case stands, by member, in hundredths of what one does on average.

    `all` are the weights that cases of the list have, in order, drawn or not.
    """

    of: Mapping[str, int]
    all: tuple[int, ...]


@frozen
class Tabulated:
    """The inner cells of every table: who was rated what. It stays inside; only the door reads it.

    `ratings[measure][member]` is the code; a member that is missing there was not rated (not applicable
    or unanswered), so is out of that measure's denominator. `voiced[themes][theme]` are the sessions in
    which a theme was coded, and `attendees[session]` who was heard there. `weights` are given where shares are also
    to be told weighted.
    """

    population: tuple[Member, ...]
    ratings: Mapping[str, Mapping[str, str]]
    voiced: Mapping[str, Mapping[str, frozenset[str]]] = Factory(dict)
    attendees: Mapping[str, frozenset[str]] = Factory(dict)
    weights: Weights | None = None


@frozen
class Month:
    """One month of a tally, which is a population of its own.

    `counts[values]` are the tally's counts of those with these values of `Tallied.by`; `targets[value]` its
    targets by the value of their one field, and "" for all together.
    """

    period: str
    status: str
    counts: Mapping[tuple[str, ...], tuple[int, ...]]
    targets: Mapping[str, tuple[int, ...]]


@frozen
class Tallied:
    """A tally's months, in order; `by` are the fields by which they are counted, `at` the month that tables show."""

    tally: Tally
    by: tuple[Field, ...]
    months: tuple[Month, ...]
    at: int


@frozen
class Category:
    """One column of a coded table: its key, how it is headed, and the codes that it counts."""

    key: str
    label: str
    codes: frozenset[str]


Coding = tuple[Category, ...]


@frozen
class Band:
    """A part of the range that an acceptable count can take: from `low` to `high` cases."""

    label: str
    low: int
    high: int


def find(instruments: tuple[Instrument, ...], instrument: str, item: str) -> tuple[Instrument, Item]:
    """Return an instrument and one of its items by key; raise KeyError where there is none."""
    for one in instruments:
        if one.key == instrument:
            for each in one.items():
                if each.key == item:
                    return one, each
            raise KeyError(item)
    raise KeyError(instrument)


def codings(instrument: Instrument, item: Item) -> dict[Rung, Coding]:
    """Return the codings that an item has, finest first, each with its categories in the scale's order.

    A "scale" item has its codes, its zones where they cover the scale, and acceptable or not where the
    scale says what is; a "choice" item has its choices. Other items cannot be counted and have none.
    The band is not a coding: it is words about the share that is acceptable.
    """
    if item.kind == "choice":
        return {"codes": _codes(item.choices)}
    if item.kind != "scale":
        return {}
    scale = instrument.scale(item)
    every = frozenset(one.code for one in scale.codes)
    made: dict[Rung, Coding] = {"codes": _codes(scale.codes)}
    zoned = [code for zone in scale.zones for code in zone.codes]
    if len(zoned) == len(every) and frozenset(zoned) == every:
        made["zones"] = tuple(Category(zone.name, zone.name, frozenset(zone.codes)) for zone in scale.zones)
    good = frozenset(scale.acceptable) & every
    if good and good != every:
        made["acceptable"] = (
            Category("acceptable", "Acceptable", good),
            Category("not-acceptable", "Not acceptable", every - good),
        )
    return made


def _codes(codes: tuple[Code, ...]) -> Coding:
    return tuple(Category(one.code, one.label, frozenset({one.code})) for one in codes)


def bands(n: int, k: int, halves: bool = False) -> tuple[Band, ...] | None:
    """Return the bands for the acceptable among `n` rated cases, each at least k values wide, or None.

    From the share that is few to the share that is most: few is a quarter, or k cases where that is
    more; most leaves out as many; some lies between. Below 3k + 1 cases there is room for two bands, up to
    2k for none: whoever knows a case of their own must find k others in the larger half, or room for k-1 in the
    smaller. The edges follow from n and k alone (disclosure.md section 1). With `halves` there are two in any case.

    >>> [(band.label, band.low, band.high) for band in bands(20, 5)]
    [('few', 0, 5), ('some', 6, 14), ('most', 15, 20)]
    """
    edge = max(k, n // 4)
    if n - 2 * edge - 1 >= k and not halves:
        return (Band("few", 0, edge), Band("some", edge + 1, n - edge - 1), Band("most", n - edge, n))
    half = (n + 1) // 2
    if n > 2 * k:
        return (Band("fewer than half", 0, half - 1), Band("half or more", half, n))
    return None
