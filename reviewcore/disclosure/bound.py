"""Whether a certificate is about a publication: every cell is a number that it proves, printed alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reviewcore.disclosure import checkshares
from reviewcore.disclosure.model import RATED, SHARE
from reviewcore.disclosure.proof import SIZES
from reviewcore.disclosure.publication import Cell, Publication, Table
from reviewcore.disclosure.shape import ALL
from reviewcore.disclosure.shares import behind, plain
from reviewcore.disclosure.sizes import STRATUM, name
from reviewcore.profile.settings import FLOORS

BAND = "acceptable"
"""The number of which a band tells the least and most."""


def unbound(
    publication: Publication,
    certificate: Mapping[str, Any],
    earlier: Mapping[tuple[str, int], Publication] | None = None,
) -> list[str]:
    """Return the cells of a publication that its certificate says nothing of, or something else.

    `earlier` are publications of the same review by audience and number, where they are at hand: what the certificate
    takes for their figures must be what they print.
    """
    parts: Mapping[str, Any] = certificate["parts"]
    floor = FLOORS[publication.audience]
    found = [
        f"{key}: proves less than the rules of the audience '{publication.audience}' ask for"
        for key, part in sorted(parts.items())
        if part["k"] < floor or part["t"] < 1
    ]
    numbers = {key: {one["name"]: one for one in part["numbers"]} for key, part in parts.items()}
    try:
        shares = {name: one for part in parts.values() for name, one in checkshares.shares(part).items()}
    except (checkshares.Wrong, KeyError, TypeError):
        shares = {}
    measured: dict[str, Any] = {}
    for key, part in numbers.items():
        measured |= part if key not in certificate["cells"].values() else {}
    for table in publication.tables:
        if table.rung == "shares":
            found += _shares(table, shares, measured)
            continue
        for where, cell, which in _cells(table):
            part, number = certificate["cells"].get(where, (None, which))
            one = (numbers.get(part, {}) if part else measured).get(number)
            if not _same(cell, one) or (not part and one and _of(one) != (0, _home(table))):
                found.append(f"{where}: the certificate is not about what stands there")
    for key, chain in certificate.get("beside", {}).items():
        for of, printed in enumerate(chain, start=1):
            for who, count in printed:
                source = str(who), int(count)
                if earlier is not None and source not in earlier:
                    found.append(f"{key}: the certificate leans on a publication that there is not")
                elif earlier is not None:
                    found += _misread(key, of, earlier[source], measured)
    return found


def _shares(
    table: Table, shares: Mapping[str, tuple[int, int, int]], measured: Mapping[str, Any]
) -> Iterator[str]:
    for row in table.rows:
        rated, *told = row.cells
        percent, step, count = shares.get(f"{row.key}|{ALL}|{SHARE}", (None, 0, 0))
        right = _same(rated, measured.get(f"{row.key}|{ALL}|{RATED}"))
        if any(cell.kind != "withheld" for cell in told) and right:
            cases = rated.value if isinstance(rated.value, int) else 0
            whole = [plain(count, cases), percent, step, behind(cases)] if cases else []
            right = [cell.value for cell in told] == whole
        if not right:
            yield f"{table.key}|{row.key}: the certificate is not about what stands there"


def _misread(key: str, of: int, earlier: Publication, measured: Mapping[str, Any]) -> Iterator[str]:
    for table in earlier.tables:
        for row in table.rows if table.key.partition("/")[0] == key else ():
            for column, cell in zip(table.columns, row.cells, strict=True):
                last = BAND if column.key == "band" else column.key
                one = measured.get(f"{table.key}|{row.key}, publication {-of}|{last}")
                if cell.kind in ("count", "band") and not (_same(cell, one) and one and _of(one)[0] == of):
                    yield f"{table.key}|{row.key}|{column.key}: publication {earlier.number} prints something else"


def _of(number: Mapping[str, Any]) -> tuple[int, str]:
    return number.get("publication", 0), number["table"]


def _home(table: Table) -> str:
    return "" if table.key == "sample" else table.split


def _cells(table: Table) -> Iterator[tuple[str, Cell, str]]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            where = f"{table.key}|{row.key}|{column.key}"
            if table.key == "sample":
                yield where, cell, f"{SIZES}|{name('', STRATUM if row.key != ALL else '', row.key)}"
            elif cell.kind in ("count", "withheld", "band") or table.rung != "tally":
                yield where, cell, f"{table.key}|{row.key}|{BAND if column.key == 'band' else column.key}"


def _same(cell: Cell, number: Mapping[str, Any] | None) -> bool:
    if number is None:  # a group of nobody has no number
        return cell.kind == "withheld" or cell.value == 0
    if cell.kind == "count":
        return bool(number["value"] == cell.value)
    if cell.kind == "band":
        return "band" in number or number["value"] is not None
    return number["value"] is None and "band" not in number
