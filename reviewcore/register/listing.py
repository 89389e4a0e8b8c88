"""A list while it is read: which of its columns is which, and all that is wrong with it so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

from attrs import define, field

from reviewcore.errors import BadInput, Problem
from reviewcore.profile.lists import List
from reviewcore.register.cells import Cell, all_text, as_id, blank, folded, plain_ids
from reviewcore.register.mapping import propose
from reviewcore.register.table import EACH, SheetTable, letters, read_database, read_table

T = TypeVar("T")
_BLANK = "blank, but every row needs it"


@define(repr=False, eq=False)
class Listing:
    """A table whose columns are known, and the problems found while reading it."""

    table: SheetTable
    columns: Mapping[str, int]
    _found: dict[tuple[str, str], list[tuple[int, str]]] = field(factory=dict, init=False)
    _whole: list[Problem] = field(factory=list, init=False)
    _cells: list[tuple[Cell, ...]] = field(factory=list, init=False)

    def mapping(self) -> dict[str, str]:
        """Return the heading of every field that the list has."""
        return {name: self.table.headings[column] for name, column in sorted(self.columns.items())}

    def cells(self, name: str) -> Sequence[Cell]:
        """Return the cell of every row in one column, "" where the list has none."""
        column = self.columns.get(name)
        if not self._cells:
            self._cells.extend(zip_longest(*(cells for _, cells in self.table.rows), fillvalue=""))
        if column is None or column >= len(self._cells):
            return [""] * len(self.table.rows)
        return self._cells[column]

    def read(
        self, name: str, reader: Callable[[Cell], T], *, required: bool | Sequence[bool] = False
    ) -> list[T | None]:
        """Return one column's value in every row, None where it is blank or wrong; what is wrong is kept.

        `required` says for all rows, or for each, whether it must be filled. Equal cells are read once.
        """
        cells = self.cells(name)
        # 1, 1.0 and True are equal to Python, and are not to a reader of cells
        kinds: Sequence[Any] = cells
        if not all_text(cells):
            kinds = [cell if isinstance(cell, str) else (type(cell), cell) for cell in cells]
        values: dict[Any, T | None] = {}
        wrong: dict[Any, str] = {}
        for kind, cell in dict(zip(kinds, cells, strict=True)).items():
            values[kind] = None
            if blank(cell):
                wrong[kind] = _BLANK
                continue
            try:
                values[kind] = reader(cell)
            except ValueError as error:
                wrong[kind] = str(error)
        for place, kind in enumerate(kinds) if wrong else ():
            if what := wrong.get(kind):
                needed = required if isinstance(required, bool) else required[place]
                if what != _BLANK or needed:
                    self.wrong(self.table.rows[place][0], name, what)
        return list(map(values.__getitem__, kinds))

    def wrong(self, row: int, name: str, what: str, kind: str = "") -> None:
        """Keep a fault of one row and field; faults of one `kind` are counted together when they are many."""
        self._found.setdefault((name, kind or what), []).append((row, what))

    def wrong_list(self, what: str) -> None:
        """Keep a fault of the list as a whole."""
        file, sheet = self.table.file, self.table.sheet
        self._whole.append(Problem(f"{file} sheet {sheet}" if sheet else file, what))

    def problems(self) -> tuple[Problem, ...]:
        """Return all that is wrong: of the list as a whole first, then by row and column."""
        found: list[tuple[int, int, Problem]] = []
        for (name, _), faults in self._found.items():
            column = self.columns.get(name)
            heading = self.table.headings[column] if column is not None else name
            for row, what in faults[:EACH]:
                found.append(
                    (row, column or 0, Problem(self.table.place(row, column), what, f"column '{heading}'"))
                )
            if more := faults[EACH:]:
                what = f"{len(more)} more rows are wrong in the same way, the last of them row {more[-1][0]}"
                where = self.table.place(more[0][0], column)
                found.append((more[0][0], column or 0, Problem(where, what, f"column '{heading}'")))
        return (*self._whole, *(problem for _, _, problem in sorted(found, key=lambda one: one[:2])))


def open_list(
    path: Path, listing: List, wanted: Mapping[str, Sequence[str]], required: Iterable[str], section: str
) -> Listing:
    """Read a list and find its columns; raise BadInput where it cannot be read or a column is missing.

    The list is the file at `path`, or, where the profile gives a database's URL in place of a file, the
    table or view that it names as `sheet`.
    A column is the one that the profile names under `section`.columns, or else the one that is headed
    by the field's own name.
    """
    if listing.in_database:
        table = read_database(listing.file, listing.sheet, section)
    else:
        table = read_table(path, listing.sheet)
    return listed(table, listing, wanted, tuple(required), section)


def listed(
    table: SheetTable,
    listing: List,
    wanted: Mapping[str, Sequence[str]],
    required: Sequence[str],
    section: str,
) -> Listing:
    """Find the columns of a table; raise BadInput where one is missing."""
    columns, problems = _columns(table, listing, wanted, required, section)
    if problems:
        if (row := _headings_below(table, listing, required, set(required) & set(columns))) is not None:
            what = f"row {row} looks like the headings; delete the rows above it, so that they stand first"
            problems = [Problem(table.place(table.heading_row), what)]
        raise BadInput(problems)
    return Listing(table, columns)


def uncounted(what: str, have: int, listing: List) -> str:
    """Say that a list does not have as many rows as the agency counts, and what to look for."""
    source = f" ({listing.control_source})" if listing.control_source else ""
    return (
        f"there are {have} {what} on the list, but the control total{source} is {listing.control_total}; look "
        "for a filter or a row limit in the export, rows deleted or added since, and the day on which each was "
        "counted, then mend the list or the control total"
    )


def _columns(
    table: SheetTable,
    listing: List,
    wanted: Mapping[str, Sequence[str]],
    required: Sequence[str],
    section: str,
) -> tuple[dict[str, int], list[Problem]]:
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    where = table.place(table.heading_row)
    for name in listing.columns:
        if name not in wanted:
            from difflib import get_close_matches

            near = get_close_matches(name, wanted, n=1)
            meant = f"did you mean '{near[0]}'?" if near else f"the fields are {', '.join(wanted)}"
            problems.append(Problem(f"{section}.columns", f"unknown field '{name}'; {meant}"))
    for name in wanted:
        heading = listing.columns.get(name)
        at = _at(table.headings, heading or name)
        if len(at) == 1:
            columns[name] = at[0]
            continue
        if heading is None and name not in required:
            continue
        likely = propose(table.headings, wanted).get(name)
        meant = f"; did you mean '{likely}'?" if likely else ""
        if len(at) > 1 and (heading or name in required):
            both = ", ".join(letters(column) for column in at)
            what = f"the columns {both} are all headed '{heading or name}'; rename those that are not meant"
            problems.append(Problem(where, what, name))
        elif heading is not None:
            what = f"there is no column headed '{heading}', as {section}.columns.{name} says{meant}"
            problems.append(Problem(where, what, name))
        elif name in required:
            what = (
                f'there is no column for it; say which it is, {section}.columns.{name} = "the heading"{meant}'
            )
            problems.append(Problem(where, what, name))
    return columns, problems


def _at(headings: Sequence[str], heading: str) -> list[int]:
    """Return the columns with this heading, exactly as written or else but for case and punctuation."""
    exact = [column for column, one in enumerate(headings) if one == " ".join(heading.split())]
    return exact or [column for column, one in enumerate(headings) if folded(one) == folded(heading) != ""]


def _headings_below(table: SheetTable, listing: List, required: Sequence[str], have: set[str]) -> int | None:
    """Return the first row under the headings that heads more of the required columns than they do."""
    for number, cells in table.rows[:10]:
        texts = [cell if isinstance(cell, str) else "" for cell in cells]
        if sum(len(_at(texts, listing.columns.get(name, name))) == 1 for name in required) > len(have):
            return number
    return None


def _damage(cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """Tell, at the first place concerned, where ids of a column have become numbers or lost their zeros."""
    numbers = [
        place
        for place, cell in enumerate(cells)
        if isinstance(cell, (int, float)) and not isinstance(cell, bool)
    ]
    filled = sum(not blank(cell) for cell in cells) if numbers else 0
    if numbers and len(numbers) < filled:
        what = (
            f"in this column {_rows(len(numbers))} a number and {_rows(filled - len(numbers))} text, so "
            "zeros in front may be lost; give the whole column the format Text and type the ids again, or "
            "export the list again with ids as text"
        )
        yield numbers[0], what
        return
    if numbers:
        return
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
    digits = [place for place, text in enumerate(texts) if text.isdigit()]
    zeros = {len(texts[place]) for place in digits if texts[place].startswith("0")}
    longest = max((len(texts[place]) for place in digits), default=0)
    short = [place for place in digits if len(texts[place]) < longest]
    if zeros == {longest} and longest > 1 and short:
        what = (
            f"ids of this column that begin with 0 have {longest} digits, but {_rows(len(short))} shorter: zeros "
            "in front seem to be lost; export the list again with ids as text"
        )
        yield short[0], what


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count} rows are"


def read_ids(listing: Listing, name: str, *, required: bool = False) -> list[str]:
    """Return the ids in one column, "" where there is none; what a spreadsheet has done to them is kept."""
    cells = listing.cells(name)
    plain = list(cells) if plain_ids(cells) else []
    if plain and not any(map(str.isdigit, plain)):
        return plain
    for place, what in _damage(cells):
        listing.wrong(listing.table.rows[place][0], name, what)
    return plain or [one or "" for one in listing.read(name, as_id, required=required)]


def rows_of(columns: Iterable[Sequence[T]], listing: Listing) -> list[tuple[T, ...]]:
    """Return columns of a list as its rows, which are empty where there is no column."""
    return list(zip(*columns, strict=True)) or [()] * len(listing.table.rows)
