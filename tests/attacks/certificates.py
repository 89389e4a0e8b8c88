"""A certificate bent until it proves what is not so: each way must be refused by whoever checks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

Check = Callable[[Any], list[str]]


def forged(certificate: bytes, leaky: Mapping[str, int | None]) -> Iterator[tuple[str, Any]]:
    """Yield certificates for an output that gives somebody away, each made of the honest one, and how it was bent.

    `leaky` are the numbers by name that the output prints where the honest one withholds.
    """
    honest = json.loads(certificate)
    for one in honest["numbers"]:
        if one["value"] is None and leaky.get(one["name"]) is not None:
            made = deepcopy(honest)
            place = [n["name"] for n in made["numbers"]].index(one["name"])
            made["numbers"][place]["value"] = leaky[one["name"]]
            yield f"printed {one['name']}, proofs as they were", made
            made = deepcopy(made)
            made["hidden"].pop(str(place), None)
            yield f"printed {one['name']}, its proof left out", made
    for place in honest["hidden"]:
        made = deepcopy(honest)
        del made["hidden"][place]
        yield f"no proof for {place}", made
        for one, other in (("low", "high"), ("high", "low")):
            if {one, other} <= set(honest["hidden"][place]):
                made = deepcopy(honest)
                made["hidden"][place][one] = made["hidden"][place][other]
                yield f"{place} is {one} where it is {other}", made
    for cell in range(len(honest["base"])):
        made = deepcopy(honest)
        made["base"][cell] = -(10**6)
        yield f"fewer than nobody in cell {cell}", made
    if honest["differences"]:
        made = deepcopy(honest)
        made["differences"] = [[] for _ in honest["differences"]]
        yield "all tables alike", made
    for key in sorted(honest):
        made = deepcopy(honest)
        del made[key]
        yield f"without {key}", made


def accepted(certificate: bytes, leaky: Mapping[str, int | None], check: Check) -> tuple[list[str], int]:
    """Return which forgeries a verifier accepts, and how many were tried."""
    tried, found = 0, []
    for how, made in forged(certificate, leaky):
        tried += 1
        if not check(made):
            found.append(how)
    return found, tried
