"""Check that printed count tables give no small count away. Standard library only, whole numbers only.

    python -I -S checktables.py CERTIFICATE.json

A certificate holds what is printed, and for every number that is withheld, or told as a band only, either two
whole tables that agree with all of it, in one of which the number is 0 and in the other k-1 or more, or else a
sum of printed numbers that shows it to be k or more, or 0. Where nothing of a table is printed, its numbers need
only be as open as the row over all cases leaves them. Nothing here is solved or searched: everything given is
added up. A file can hold several certificates, as parts. Says what is wrong, and leaves with 1, where anything is.
"""

from __future__ import annotations

import json
import sys
from typing import Any

SPEC = "linked-tables/2"
PART = "each place"
"""The table of the numbers that no publication has a row for: of places, "... by SPLIT" and "... of all" of parts."""
WEIGHTED, BY_WEIGHT = "shares, weighted", f"{PART}, by weight"
"""The table of shares that are told weighted, and that of cases of one weight, of which these must tell nothing."""


_AGAIN = "a part cannot have parts of its own"


class Wrong(Exception):
    """The certificate does not prove what it must."""


def problems(certificate: Any) -> list[str]:
    """Return what is wrong with a certificate; an empty list where it proves all that it must."""
    try:
        if "parts" not in certificate:
            return _problems(certificate)
        if certificate["spec"] != SPEC or not certificate["parts"]:
            return [f"this program checks {SPEC}"]
        return [
            f"{name}: {one}"
            for name, part in sorted(certificate["parts"].items())
            for one in ([_AGAIN] if "parts" in part else problems(part))
        ]
    except Wrong as wrong:
        return [str(wrong)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, OverflowError):
        return ["the file is not a certificate of this kind"]


def _problems(held: Any) -> list[str]:
    if held["spec"] != SPEC:
        return [f"this program checks {SPEC}"]
    k, t, size = _whole(held["k"]), _whole(held["t"]), _whole(held["cells"])
    if k < max(3, t + 2):
        return ["k must be at least 3, and at least t + 2"]
    numbers = [_cells(one["cells"], size) for one in held["numbers"]]
    values = [None if one["value"] is None else _whole(one["value"]) for one in held["numbers"]]
    ranges = [_range(one) for one in held["numbers"]]
    held_together = [_cells(one, size) for one in held.get("publications", [])]
    homes = [
        (_place(one.get("publication", 0), held_together or [0]), one["table"]) for one in held["numbers"]
    ]
    speaking = {home for home, span in zip(homes, ranges, strict=True) if span or home[1] == ""}
    names = [one["name"] for one in held["numbers"]]
    if len(set(names)) < len(names):
        return ["two numbers have one name"]
    told = [({_cell(cell, size): _whole(factor, True) for cell, factor in row}, _whole(value, True))
            for row, value in held["told"]]  # fmt: skip
    base, changes = _tables(held, size)
    # Of each table only what differs from the first is added up, number by number.
    holding: list[list[int]] = [[] for _ in range(size)]
    for number, cells in enumerate(numbers):
        for cell in cells:
            holding[cell].append(number)
    sums = [sum(base[cell] for cell in cells) for cells in numbers]
    moved: list[dict[int, int]] = []
    for change in changes:
        moved.append({})
        for cell, by in change.items():
            for number in holding[cell]:
                moved[-1][number] = moved[-1].get(number, 0) + by
    found = [
        f"{name}: {value} is printed, and fewer than {k} must not be"
        for name, value in zip(names, values, strict=True)
        if value is not None and 0 < value < k
    ]
    for place, (change, sides) in enumerate(zip(changes, moved, strict=True)):
        if any(base[cell] + by < 0 for cell, by in change.items()) or (
            not place and min(base, default=0) < 0
        ):
            found.append(f"table {place} has fewer than nobody in a cell")
        looked = [(q, ranges[q]) for q in (sides if place else range(len(numbers)))]
        if any(span and not span[0] <= sums[q] + sides.get(q, 0) <= span[1] for q, span in looked):
            found.append(f"table {place} does not agree with what is printed")
        if any(sum(f * (base[c] + change.get(c, 0)) for c, f in row.items()) != value for row, value in told):
            found.append(f"table {place} does not agree with what is told")
    if found:
        return found

    def count(number: int, table: Any) -> int:
        # What a number is in one of the tables.
        return sums[number] + moved[_place(table, moved)].get(number, 0)

    kinds = _kinds(held_together, size)

    def silent(about: int) -> bool:
        # Whether no publication of some of a number's cases prints anything of its table.
        table = homes[about][1]
        if table in ("", f"{PART} of all"):
            return False
        of = set().union(*(kinds[cell] for cell in numbers[about])) or {homes[about][0]}
        return table == PART or not any((one, table.removeprefix(f"{PART} by ")) in speaking for one in of)

    def anyway(about: int, used: set[int]) -> bool:
        # Whether a proof that a number is not narrowed may lean on these: on nothing printed; on rows over all, where
        # nothing of its own table is printed; on one publication, where it is about some of its cases alone; on all
        # but weighted shares, where it is about cases of one weight.
        tables = {homes[number][1] for number in used}
        if not used or (silent(about) and tables == {""}):
            return True
        if homes[about][1] == BY_WEIGHT and WEIGHTED not in tables:
            return True
        of = {homes[n][0] for n in used}
        if (
            len(of) > 1
            or not held_together
            or (homes[about][0] in of and not homes[about][1].startswith(PART))
        ):
            return False
        mine = {kinds[cell] for cell in numbers[about]}
        return mine < {kinds[cell] for cell in held_together[of.pop()]}

    def combined(proof: Any, most: bool, about: int | None) -> tuple[int, dict[int, int], int]:
        # Sums of printed and told numbers, each with its factor: what they come to, cell by cell and in all.
        # `about` is the number that the proof shows not to be narrowed.
        row: dict[int, int] = {}
        over, total = _whole(proof["over"]), 0
        if over < 1:
            raise Wrong("a proof is divided by less than 1")
        for number, factor in proof["printed"]:
            span = ranges[_place(number, ranges)]
            if span is None:
                raise Wrong("a proof leans on a number that is withheld")
            total += _whole(factor, True) * span[most == (factor > 0)]
            for cell in numbers[number]:
                row[cell] = row.get(cell, 0) + factor
        for number, factor in proof["told"]:
            line, value = told[_place(number, told)]
            total += _whole(factor, True) * value
            for cell, times in line.items():
                row[cell] = row.get(cell, 0) + factor * times
        if about is not None and not anyway(about, {number for number, factor in proof["printed"] if factor}):
            raise Wrong("a proof that nothing is narrowed leans on what narrows it")
        return over, row, total

    def at_least(cells: set[int], proof: Any, about: int | None = None) -> int:
        over, row, total = combined(proof, False, about)
        if any(factor > (over if cell in cells else 0) for cell, factor in row.items()):
            raise Wrong("a proof that a number is large leans on other cells")
        return -(-total // over)

    def at_most(cells: set[int], proof: Any, about: int | None = None) -> int:
        over, row, total = combined(proof, True, about)
        if min(row.values(), default=0) < 0 or any(row.get(cell, 0) < over for cell in cells):
            raise Wrong("a proof that a number is small leaves out some of its cells")
        return total // over

    def nobody(number: int) -> bool:
        proof = held["hidden"].get(str(number))
        if values[number] is not None:
            return bool(values[number] == 0)
        return bool(proof["how"] == "none" and at_most(numbers[number], proof) <= 0)

    def hidden(number: int) -> bool:
        cells, proof = numbers[number], held["hidden"][str(number)]
        if proof["how"] == "large":
            return at_least(cells, proof) >= k
        if proof["how"] == "none":
            return at_most(cells, proof) <= 0
        low, high = count(number, proof["low"]), count(number, proof["high"])
        small = low <= 0 or at_least(cells, proof["told low"], number) >= low
        return small and (high >= k - 1 or at_most(cells, proof["told high"], number) <= high)

    def apart(split: int, part: int, proof: Any) -> bool:
        whole = held["splits"][split][0]
        if proof == "nobody":
            return nobody(whole)
        if isinstance(proof, dict):
            return at_most(numbers[whole] - numbers[part], proof, whole) <= t
        return count(whole, proof) - count(part, proof) > t

    for number, name in enumerate(names):
        if values[number] is None and not hidden(number):
            found.append(
                f"{name}: is withheld, and it is not shown that it could be anything from 0 to {k - 1}"
            )
    for name, part, whole, shown in held["rates"]:
        if shown and (values[_place(part, values)] is None or values[_place(whole, values)] is None):
            found.append(f"{name}: a rate is shown of counts that are withheld")
    proofs = {(_place(split, held["splits"]), _whole(part)): proof for split, part, proof in held["apart"]}
    for split, (whole, parts) in enumerate(held["splits"]):
        for part in parts:
            if not numbers[part] <= numbers[whole]:
                found.append(f"{names[part]}: is not a part of {names[whole]}")
            elif numbers[part] != numbers[whole] and not apart(split, part, proofs[split, part]):
                found.append(f"{names[part]}: (nearly) all of {names[whole]} could be known to be in it")
    return found


def _range(number: Any) -> tuple[int, int] | None:
    """Return the least and most that a number is printed as, None where it is withheld."""
    if number["value"] is not None:
        return _whole(number["value"]), _whole(number["value"])
    if number.get("band") is None:
        return None
    low, high = number["band"]
    return _whole(low), _whole(high)


def _tables(held: Any, size: int) -> tuple[list[int], list[dict[int, int]]]:
    # The first table, and by how much each differs from it: the first itself by nothing.
    base = [_whole(count, True) for count in held["base"]]
    if len(base) != size:
        raise Wrong("the first table has another number of cells")
    changes: list[dict[int, int]] = [{}]
    for change in held["differences"]:
        changes.append({})
        for cell, by in change:
            changes[-1][_cell(cell, size)] = changes[-1].get(cell, 0) + _whole(by, True)
    return base, changes


def _kinds(publications: list[set[int]], size: int) -> list[frozenset[int]]:
    # In which publications the cases of each cell are.
    found: list[set[int]] = [set() for _ in range(size)]
    for number, cells in enumerate(publications):
        for cell in cells:
            found[cell].add(number)
    return [frozenset(one) for one in found]


def _cells(runs: Any, size: int) -> set[int]:
    found: set[int] = set()
    for first, last in runs:
        found.update(range(_cell(first, size), _cell(last, size) + 1))
    return found


def _cell(value: Any, size: int) -> int:
    if not 0 <= _whole(value) < size:
        raise Wrong("a cell is named that is not there")
    return int(value)


def _place(value: Any, among: Any) -> int:
    if not 0 <= _whole(value) < len(among):
        raise Wrong("a number or a table is named that is not there")
    return int(value)


def _whole(value: Any, negative: bool = False) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or (value < 0 and not negative):
        raise Wrong("every number must be a whole one")
    return value


def main(arguments: list[str]) -> int:
    """Check the certificate whose path is given; print what is wrong, or that nothing is."""
    if len(arguments) != 1:
        sys.stderr.write("use: python -I -S checktables.py CERTIFICATE.json\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:  # noqa: PTH123
            held = json.load(file)
    except (OSError, ValueError, RecursionError):
        sys.stderr.write("the file cannot be read as JSON\n")
        return 1
    found = problems(held)
    for one in found:
        sys.stdout.write(f"{one}\n")
    if not found:
        parts = list(held["parts"].values()) if "parts" in held else [held]
        values = [one["value"] for part in parts for one in part["numbers"]]
        sys.stdout.write(
            f"proved: {len(values)} numbers, {values.count(None)} withheld; no count from 1 to "
            f"{min(part['k'] for part in parts) - 1} can be worked out\n"
        )
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
