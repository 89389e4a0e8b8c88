"""What a finished file tells beside its tables: numbers that no cell holds, names, order, times, rows left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping

from tests.attacks.seen import Seen


def stray(seen: Seen, twin: Seen) -> Counter[str]:
    """Return the numbers in a file that neither a printed cell holds nor its twin, whose every cell is withheld."""
    printed = {
        number for table in seen.tables for _, cells in table.rows for cell in cells for number in _in(cell)
    }
    more = seen.numbers() - twin.numbers()
    plain = {number.replace(",", "") for number in printed}
    return Counter({number: times for number, times in more.items() if number.replace(",", "") not in plain})


def hidden_small(seen: Seen, k: int) -> list[str]:
    """Return every printed count from 1 to k-1, by table, row and column."""
    return [
        f"{table.title} / {label} / {heading}: {cell}"
        for table in seen.tables
        for label, cells in table.rows
        for heading, cell in zip(table.columns, cells, strict=True)
        if cell.replace(",", "").isdigit() and 0 < int(cell.replace(",", "")) < k
    ]


def shape(seen: Seen) -> list[object]:
    """Return which tables, columns and rows there are, in order: what must not come from the answers."""
    return [(table.title, list(table.columns), [label for label, _ in table.rows]) for table in seen.tables]


def forms(name: str, person: str, email: str) -> Mapping[str, str]:
    """Return the forms in which a finished file could name somebody, by what each is called."""
    first, last = name.split(" ", 1)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    return {
        "as it is": name,
        "capitals": name.upper(),
        "small letters": name.lower(),
        "last name first": f"{last}, {first}",
        "accents apart": unicodedata.normalize("NFD", name),
        "zero-width joiner": name.replace(" ", " \u200d")[:3] + "\u200b" + name[3:],
        "full width": wide,
        "no-break space": name.replace(" ", "\u00a0"),
        "id": person,
        "address": email,
        "address in capitals": email.upper(),
    }


def named(seen: Seen, wanted: Collection[str]) -> set[str]:
    """Return which of `wanted` a file names in any of its texts, however it is written."""
    said = " ".join(_folded(text) for text in seen.texts)
    return {one for one in wanted if re.search(rf"(?<!\w){re.escape(_folded(one))}(?!\w)", said)}


def bars(page: bytes) -> set[tuple[str, ...]]:
    """Return the shapes of the bars that a page draws for withheld rows, but for how far down they stand."""
    found = re.findall(rb'<rect class="withheld"[^>]*>', page)
    return {tuple(re.findall(r'\b(?:x|width|height)="[^"]*"', one.decode())) for one in found}


def _in(cell: str) -> list[str]:
    return re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", cell)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    kept = (c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join("".join(kept).casefold().split())
