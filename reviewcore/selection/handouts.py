"""The papers that can be checked by anybody who holds them, and the program that checks them (verify.py).

Each is one line of JSON in the form of RFC 8785, with the commitment that it belongs to and a sum of its
own. Who may hold which is said in docs/casedraw.md: no paper of the public holds a size or a pseudonym.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from reviewcore.selection import casedraw
from reviewcore.selection.sealed import SIZES, Body, hashed, leaves, rows_of

_ROW = ("case", "worker", "unit", "stratum")


def verifier() -> bytes:
    """Return the program that checks papers: one file, the standard library alone."""
    return Path(__file__).with_name("verify.py").read_bytes()


def paper(kind: str, commitment: str, content: Mapping[str, Any]) -> bytes:
    """Return one paper as it is handed over."""
    said = {"paper": f"{casedraw.SPEC} {kind}", "commitment": commitment, **content}
    parts = {name: f'"{name}":{casedraw.jcs(said[name])}' for name in sorted(said)}
    whole = "{" + ",".join(parts.values()) + "}"
    total = hashlib.sha256(f"{casedraw.SPEC}/paper\n{whole}".encode()).hexdigest()
    parts["sum"] = f'"sum":"{total}"'
    return ("{" + ",".join(parts[name] for name in sorted(parts)) + "}\n").encode()


def commitment(committed: Body) -> bytes:
    """Return the paper of the commitment: for everybody, before the seed."""
    content = {"fields": hashed(committed), "plan": committed["plan"]}
    return paper("commitment", committed["commitment"], content)


def ledger(committed: Body) -> bytes:
    """Return the sealed list in pseudonyms, with its sizes: for witnesses. It shows caseloads: not to be posted."""
    content = {
        "cases": sorted(map(itemgetter(*_ROW), committed["rows"])),
        "sizes_salt": committed["sizes_salt"],
        "counts": {name: committed[name] for name in SIZES if name in committed},
    }
    return paper("ledger", committed["commitment"], content)


def chances(committed: Body) -> bytes:
    """Return the chance of every case, known before the seed: for witnesses."""
    return paper("chances", committed["commitment"], committed["chances"])


def draw(committed: Body, drawn: Body) -> bytes:
    """Return the draw: for everybody."""
    numbers = {leaf: ticket for leaf, ticket, _ in drawn["dispositions"]}
    content = {name: drawn[name] for name in ("seed_lines", "seed", "key", "result")}
    content["selected"] = _selected(drawn["selected"], numbers)
    content["groups"] = [
        [
            one["key"],
            casedraw.purpose_key(drawn["seed"], f"focus/{one['key']}"),
            one["members"],
            one["alternates"],
        ]
        for one in drawn.get("groups", ())
    ]
    return paper("draw", committed["commitment"], content)


def groups(committed: Body) -> bytes:
    """Return the lists that the focus groups are drawn from, in pseudonyms: for witnesses."""
    listed = {one["key"]: one["listed"] for one in committed["groups"]}
    return paper("groups", committed["commitment"], {"listed": listed})


def account(committed: Body, drawn: Body) -> bytes:
    """Return what became of every case, with the reason: for witnesses."""
    content = {name: drawn[name] for name in ("result", "dispositions", "tight")}
    return paper("account", committed["commitment"], content)


def replacement(committed: Body, entry: Body) -> bytes:
    """Return one entry of the log of replacements: for witnesses."""
    return paper("replacement", committed["commitment"], entry)


def openings(committed: Body, blinding: casedraw.Blinding, people: Iterable[tuple[str, str, str]]) -> bytes:
    """Return who stands behind every sealed line: for the auditor. `people` are (case, worker, unit) in clear.

    A case that is not on the sealed list, because it was not eligible, is left out.
    """
    sealed = {row["case"] for row in committed["rows"]}
    opened = []
    for case, worker, unit in people:
        if blinding.case(case) in sealed:
            opened.append(_opened(blinding, case, worker, unit))
    return paper("openings", committed["commitment"], {"cases": sorted(opened)})


def opening(committed: Body, blinding: casedraw.Blinding, case: str, worker: str, unit: str) -> bytes | None:
    """Return the opening of one case, with its way to the root; None where it is not on the sealed list.

    It is for the worker or the family of that case: "my case was in the hat".
    """
    rows = rows_of(committed)
    mine = next((one for one, row in rows.items() if row["case"] == blinding.case(case)), None)
    if mine is None:
        return None
    case, case_salt, worker, worker_salt, unit, unit_salt = _opened(blinding, case, worker, unit)
    content = {
        "case": case, "case_salt": case_salt, "worker": worker, "worker_salt": worker_salt, "unit": unit,
        "unit_salt": unit_salt, "stratum": rows[mine]["stratum"], "path": casedraw.path(rows, mine),
    }  # fmt: skip
    return paper("opening", committed["commitment"], content)


def _opened(blinding: casedraw.Blinding, case: str, worker: str, unit: str) -> list[str]:
    case, worker, unit = casedraw.text(case), casedraw.text(worker), casedraw.text(unit) if unit else ""
    unit_salt = blinding.salt("unit", unit) if unit else ""
    return [case, blinding.salt("case", case), worker, blinding.salt("worker", worker), unit, unit_salt]


def _selected(rows: Sequence[Body], numbers: Mapping[str, str]) -> list[list[str]]:
    return [[leaf, numbers[leaf], row["stratum"]] for row, leaf in zip(rows, leaves(rows), strict=True)]
