"""An extract: counts from the agency's own system, read row by row; nothing that is wrong in it is swallowed.

A row says for which combination of its fields it counts. Rows of totals (a state among its districts) are
known by the names that the profile gives them, held against the sum of their parts, and left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from reviewcore.errors import BadInput, Problem
from reviewcore.language import Field, Value
from reviewcore.profile.lists import List
from reviewcore.register.cells import Cell, as_text, as_value, folded
from reviewcore.register.listing import Listing, open_list, rows_of
from reviewcore.register.mapping import LEVEL, extract_fields
from reviewcore.reviewtype import Source

Key = tuple[Value, ...]


@frozen
class ExtractRow:
    """A row of an extract: its row in the file, what it counts for, and its counts, in the fields' order."""

    place: int
    key: Key
    counts: tuple[int, ...]


def read_extract(path: Path, listing: List, source: Source) -> tuple[ExtractRow, ...]:
    """Read an extract; raise BadInput with every problem. Rows of totals are checked and not returned."""
    rows, problems = extract_and_problems(path, listing, source)[1:]
    if problems:
        raise BadInput(problems)
    return rows


def extract_and_problems(
    path: Path, listing: List, source: Source
) -> tuple[Listing, tuple[ExtractRow, ...], tuple[Problem, ...]]:
    """Read an extract as far as it can be read; raise BadInput where its columns cannot be told."""
    wanted = extract_fields(source)
    required = [one.name for one in source.fields if one.required]
    reading = open_list(path, listing, wanted, required, f"lists.{source.name}")
    keys = [one for one in source.fields if one.kind != "number"]
    counts = [one for one in source.fields if one.kind == "number"]
    parts: dict[Key, ExtractRow] = {}
    wholes: dict[Key, ExtractRow] = {}
    whole_list = True
    closed = next((one for one in keys if one.kind == "choice"), None)
    hint = (
        ""
        if listing.totals
        else f"; where it is a row of totals, name its word in totals, under [lists.{source.name}]"
    )
    said = rows_of(
        (_keys(reading, one, listing.totals, hint if one is closed else "") for one in keys), reading
    )
    counted = rows_of((_counts(reading, one) for one in counts), reading)
    levels = reading.read(LEVEL, as_text)
    named = {folded(one) for one in listing.totals}
    for (number, _), key, row, level in zip(reading.table.rows, said, counted, levels, strict=True):
        whole = "" in key
        if level is not None and (folded(level) in named) != whole and None not in key:
            reading.wrong(number, LEVEL, _mislabelled(keys, whole))
        seen = wholes if whole else parts
        if key in seen:
            what = (
                f"the same {_listed(keys)} as in row {seen[key].place}; every combination stands there once"
            )
            reading.wrong(number, keys[-1].name, what, "twice")
        elif None not in key:
            seen[key] = ExtractRow(number, key, tuple(one or 0 for one in row))
        whole_list &= None not in (*key, *row)
    if whole_list:  # where a row could not be read, totals would only repeat that
        for place, name, what in _unlike(parts, wholes, keys, counts):
            reading.wrong(place, name, what)
    return reading, tuple(parts.values()), reading.problems()


def _keys(reading: Listing, field: Field, totals: Sequence[str], hint: str) -> list[Value]:
    """Return what each row counts for in one field, the name of a whole as ""; `hint` ends what is wrong."""
    named = {folded(one) for one in totals}

    def typed(cell: Cell) -> Value:
        if field.kind == "choice" and folded(as_text(cell)) in named:
            return ""
        try:
            return as_value(cell, field)
        except ValueError as error:
            raise ValueError(f"{error}{hint}") from None

    return reading.read(field.name, typed, required=field.required)


def _mislabelled(keys: Sequence[Field], whole: bool) -> str:
    part = next((one.said() for one in keys if one.kind == "choice"), "part")
    if whole:
        return f"the row is labelled as a part, but it names no {part}; correct the label, or the name"
    return f"the row is labelled as a total, but it names a {part}; correct the label, or the name"


def _counts(reading: Listing, field: Field) -> list[int | None]:
    def typed(cell: Cell) -> int:
        number = as_value(cell, field)
        if not isinstance(number, int) or number < 0:
            raise ValueError("a count is a whole number, 0 or more")
        return number

    return reading.read(field.name, typed, required=field.required)


def _unlike(
    parts: Mapping[Key, ExtractRow],
    wholes: Mapping[Key, ExtractRow],
    keys: Sequence[Field],
    counts: Sequence[Field],
) -> Iterator[tuple[int, str, str]]:
    """Yield the totals that their parts do not add up to, and the parts that a month lacks."""
    for whole in wholes.values():
        under = [
            one
            for one in parts.values()
            if all(w in ("", value) for w, value in zip(whole.key, one.key, strict=True))
        ]
        for place, field in enumerate(counts):
            total = sum(one.counts[place] for one in under)
            if total != whole.counts[place]:
                what = f"the total is {whole.counts[place]}, and its {len(under)} parts add up to {total}"
                yield whole.place, field.name, f"{what}; correct whichever is wrong"
    yield from _missing(parts, keys)


def _missing(parts: Mapping[Key, ExtractRow], keys: Sequence[Field]) -> Iterator[tuple[int, str, str]]:
    """Yield what has rows in one month and none in another, told at the month's first row."""
    months = [place for place, field in enumerate(keys) if field.kind == "month"]
    closed = [place for place, field in enumerate(keys) if field.kind == "choice" and field.setting]
    for month in months:
        for place in closed[:1]:
            there: dict[Value, dict[Value, int]] = defaultdict(dict)
            for one in parts.values():
                there[one.key[month]].setdefault(one.key[place], one.place)
            for when, having in there.items():
                if absent := [choice for choice in keys[place].choices if choice not in having]:
                    what = (
                        f"{when} has no row for {', '.join(absent)}; add it, with 0 where nobody was served"
                    )
                    yield min(having.values()), keys[place].name, what


def _listed(fields: Sequence[Field]) -> str:
    return " and ".join(one.said() for one in fields)
