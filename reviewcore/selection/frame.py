"""The frame: which listed cases can be drawn, why the others cannot, and what a plugin may know of the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

from attrs import frozen

from reviewcore import language
from reviewcore.errors import Refused
from reviewcore.language import All, Any, Compare, Condition, Field, Not, Value
from reviewcore.reviewtype import Source
from reviewcore.selection import casedraw
from reviewcore.selection.bands import told
from reviewcore.selection.casedraw import Json
from reviewcore.selection.draw import Entry
from reviewcore.selection.plan import Frame, SelectionPlan
from reviewcore.selection.values import FrameRow
from reviewcore.uncollected import each

NO_STRATUM = "in no stratum"
SAME_FAMILY = "another case of the same family is listed"
UNKNOWN = ""
"""The value under which a frame counts the cases whose value in a field is not known."""

_Texts: TypeAlias = tuple[str, ...]
_Columns: TypeAlias = tuple[_Texts, _Texts, _Texts, _Texts, tuple[Mapping[str, Value], ...]]
_OPPOSITE: Mapping[language.Op, language.Op] = {
    "is": "is_not",
    "is_not": "is",
    "in": "not_in",
    "not_in": "in",
}


@frozen(repr=False, eq=False)
class Framed:
    """The list as it is drawn from, in the order of the pseudonyms, and how many were left out and why.

    `rows` and `entries` are of the same cases, one by one.
    """

    rows: tuple[FrameRow, ...]
    entries: tuple[Entry, ...]
    listed: int
    excluded: Mapping[str, int]
    strata: tuple[str, ...]

    def sizes(self) -> dict[str, Json]:
        """Return the sizes that a commitment binds, as it names them."""
        return {
            "listed": self.listed,
            "eligible": len(self.entries),
            "excluded": self.excluded,
            "by_stratum": self.cases(),
            "workers_by_stratum": self.workers(),
        }

    def cases(self) -> dict[str, int]:
        """Return how many cases each stratum has."""
        count = Counter(stratum for _, _, stratum in self.entries)
        return {name: count[name] for name in self.strata}

    def workers(self) -> dict[str, int]:
        """Return how many workers have cases in each stratum; one can count in several."""
        count = Counter(stratum for _, stratum in {(worker, stratum) for _, worker, stratum in self.entries})
        return {name: count[name] for name in self.strata}


def problems(plan: SelectionPlan, fields: Mapping[str, Field]) -> list[str]:
    """Return what is wrong with a plan over the source's declared fields, in words; empty when nothing is."""
    found = (
        [f"eligible: {said}" for said in language.problems(plan.eligible, fields)] if plan.eligible else []
    )
    if plan.per_worker < 1:
        found.append(f"per_worker: must be at least 1 (got {plan.per_worker})")
    if not plan.strata:
        return [*found, "strata: give at least one, such as one stratum for all cases"]
    names = Counter(stratum.name for stratum in plan.strata)
    for place, stratum in enumerate(plan.strata, start=1):
        where = f"strata[{place}]"
        try:
            if casedraw.text(stratum.name) != stratum.name:
                found.append(
                    f"{where}: name: leave out spaces at its ends, and write accents in one piece (NFC)"
                )
        except ValueError as error:
            found.append(f"{where}: name: {error}")
        if names[stratum.name] > 1:
            found.append(
                f"{where}: name: '{stratum.name}' names several strata; each needs a name of its own"
            )
        if stratum.quota < 0:
            found.append(f"{where}: quota: must be at least 0 (got {stratum.quota})")
        if stratum.where is not None:
            found += [f"{where}: where: {said}" for said in language.problems(stratum.where, fields)]
        elif place < len(plan.strata):
            found.append(f"{where}: where: without a condition it takes every case; put it last")
    if all(stratum.quota == 0 for stratum in plan.strata):
        found.append("strata: no stratum has a quota of 1 or more, so nothing would be drawn")
    keys = Counter(group.key for group in plan.groups)
    for place, group in enumerate(plan.groups, start=1):
        where = f"groups[{place}]"
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", group.key):
            found.append(f"{where}: key: use small letters, digits and hyphens, as in 'caseworkers'")
        if keys[group.key] > 1:
            found.append(f"{where}: key: '{group.key}' names several groups; each needs a key of its own")
        if group.size < 1 or group.alternates < 0:
            found.append(f"{where}: a group has at least 1 person, and 0 or more alternates")
    return found


def frame(rows: Iterable[FrameRow], plan: SelectionPlan, fields: Mapping[str, Field]) -> Framed:
    """Sort the listed cases into the plan's strata, and count those that are left out by reason.

    Of one family one case stays: the one with the smallest pseudonym, which nobody who writes the list
    can steer. Raises Refused where one case is listed twice.
    """
    listed = sorted(rows, key=attrgetter("case"))
    cases, _, _, families, values = _columns(listed)
    if len(set(cases)) < len(cases):
        raise Refused(
            "two listed cases have the same case id once spaces and forms of accents are set aside: give each "
            "listed case an id of its own, and list it once"
        )
    place = placing(plan, fields)
    places = {key: place(one) for key, one in dict(zip(map(id, values), values, strict=True)).items()}
    kept: list[FrameRow] = []
    strata: list[str] = []
    excluded: list[str] = []
    seen: set[str] = set()
    for row, key, family in zip(listed, map(id, values), families, strict=True):
        stratum, reason = places[key]
        if not reason and family:
            if family in seen:
                reason = SAME_FAMILY
            seen.add(family)
        if reason:
            excluded.append(reason)
        else:
            kept.append(row)
            strata.append(stratum)
    cases, workers, units, _, _ = _columns(kept)
    leaves = casedraw.leaves(zip(cases, workers, units, strata, strict=True))
    entries = each(Entry, leaves, workers, strata)
    names = tuple(stratum.name for stratum in plan.strata)
    return Framed(tuple(kept), tuple(entries), len(listed), dict(sorted(Counter(excluded).items())), names)


def _columns(rows: Iterable[FrameRow]) -> _Columns:
    cases, workers, units, families, _, values = tuple(zip(*rows, strict=True)) or ((),) * 6
    return cases, workers, units, families, values


def placing(
    plan: SelectionPlan, fields: Mapping[str, Field]
) -> Callable[[Mapping[str, Value]], tuple[str, str]]:
    """Return what tells of a case's values its stratum, or "" and the reason for which it is left out.

    Cases that have the same values in the fields that the plan asks for are looked at once.
    """
    conditions = [plan.eligible, *(stratum.where for stratum in plan.strata)]
    asked = sorted({name for one in conditions if one for name in language.names(one)})

    @lru_cache(maxsize=None, typed=True)
    def place(*said: Value) -> tuple[str, str]:
        values = dict(zip(asked, said, strict=True))
        if plan.eligible and (reason := _reason(plan.eligible, values, fields)):
            return "", f"not eligible: {reason}"
        for stratum in plan.strata:
            if stratum.where is None or language.holds(stratum.where, values):
                return stratum.name, ""
        return "", NO_STRATUM

    return lambda values: place(*map(values.get, asked))  # type: ignore[arg-type]  # every Fraction has a hash


def frame_for_plugins(rows: Iterable[FrameRow], source: Source, k: int) -> Frame:
    """Return what a plugin sees of the list: counts by the closed fields, no size from 1 to k - 1 among them.

    Flags count under "true" and "false", values that are not known under "". See `bands.told` for how
    subtraction is kept from giving a small size away; a field's counts add up with the total alone.
    """
    listed = list(rows)
    total, _ = told({"all": len(listed)}, k)
    counts = {}
    for field in source.fields:
        if field.kind not in ("choice", "flag"):
            continue
        have = Counter(_counted(row.fields.get(field.name)) for row in listed)
        values = [*(field.choices if field.kind == "choice" else ("true", "false")), UNKNOWN]
        counts[field.name] = told({value: have[value] for value in values}, k)[1]
    return Frame(source.name, source.fields, total, counts)


def _counted(value: language.Value) -> str:
    if value is None:
        return UNKNOWN
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reason(condition: Condition, values: Mapping[str, Value], fields: Mapping[str, Field]) -> str:
    """Return in words which part of a condition a case does not meet; "" where it meets all."""
    if language.holds(condition, values):
        return ""
    if isinstance(condition, All):
        return next(reason for part in condition.of if (reason := _reason(part, values, fields)))
    if isinstance(condition, Compare) and condition.op != "known" and values.get(condition.field) is None:
        return denied(Compare(condition.field, "known", True), fields)
    return denied(condition, fields)


def denied(condition: Condition, fields: Mapping[str, Field]) -> str:
    """Say in plain words that `condition` is not true.

    >>> denied(Compare("days", "at_least", 60), {"days": Field("days", "number", "days open")})
    'days open is below 60'
    """
    match condition:
        case Compare(name, "known", value):
            return language.words(Compare(name, "known", not value), fields)
        case Compare(name, "at_least" | "at_most" as op, value):
            less, more = ("before", "after") if isinstance(value, date) else ("below", "above")
            said = fields[name].said() if name in fields else name
            return f"{said} is {less if op == 'at_least' else more} {value}"
        case Compare(name, "is" | "is_not", bool(value)):
            said = fields[name].said() if name in fields else name
            return f"{said}: {'no' if (condition.op == 'is') == value else 'yes'}"
        case Compare(name, op, value):
            return language.words(Compare(name, _OPPOSITE[op], value), fields)
        case All(parts):
            return " or ".join(_bracketed(part, fields) for part in parts)
        case Any(parts):
            return " and ".join(_bracketed(part, fields) for part in parts)
        case Not(part):
            return language.words(part, fields)


def _bracketed(part: Condition, fields: Mapping[str, Field]) -> str:
    said = denied(part, fields)
    return f"({said})" if isinstance(part, (All, Any, Not)) else said
