"""From publications to what each audience holds: which cases each is about, and what the attacker knows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import frozen

from tests.attacks.design import ORDER, Case, Design
from tests.attacks.known import Held, Insider, Item, Known, Loss, Part
from tests.attacks.reviewed import attack
from tests.attacks.seen import Seen, count

Counted = Mapping[str, Case]
Mark = tuple[str, str]
"""A case as it was counted of one item: its key, and its answer."""


@frozen
class Out:
    """One publication that went out: the cases that it counts as they then were, and what each audience was given."""

    cases: Counted
    given: Mapping[str, Seen]


def assault(
    design: Design, out: Sequence[Out], t: int = 1, insiders: int = 0
) -> tuple[list[Loss], dict[str, int]]:
    """Attack the publications of one agency after each that went out; return what was lost and tried."""
    lost: list[Loss] = []
    tried: Counter[str] = Counter()
    for number in range(1, len(out) + 1):
        found, asked = assault_last(design, out[:number], t, insiders)
        lost += found
        tried.update(asked)
    return lost, tried


def assault_last(
    design: Design, out: Sequence[Out], t: int = 1, insiders: int = 0
) -> tuple[list[Loss], dict[str, int]]:
    """Attack the publications of one agency, the last just out, as each audience that has them."""
    lost: list[Loss] = []
    tried: Counter[str] = Counter()
    for item in design.known():
        found, asked = _assault_item(design, out, item, t, insiders)
        lost += found
        tried.update(asked)
    return lost, tried


def _assault_item(
    design: Design, out: Sequence[Out], item: Item, t: int, insiders: int
) -> tuple[list[Loss], dict[str, int]]:
    """Attack what was told of one item.

    Cases that are in the same publications with the same answer are one part; the attacker knows how many they are.
    """
    marked = [_marked(entry.cases, item.title) for entry in out]
    cases = {mark: one for have in marked for mark, one in have.items()}
    parts = {
        mark: "p" + ".".join(str(number) for number, have in enumerate(marked) if mark in have)
        for mark in cases
    }
    names = sorted(set(parts.values()))
    counts = Counter(
        (parts[mark], _places(design, one), one.codes.get(item.title) or "not rated")
        for mark, one in cases.items()
    )

    def truth(part: str, _: str, values: Mapping[str, str], codes: frozenset[str]) -> int:
        return sum(counts[part, tuple(values.values()), code] for code in codes)

    sized = tuple(
        _part(design, name, [cases[mark] for mark in cases if parts[mark] == name]) for name in names
    )
    known = Known((item,), design.groups(), sized, design.inside, len(out) - 1)
    inside = _insiders(cases, parts, insiders)
    lost: list[Loss] = []
    tried: Counter[str] = Counter()
    for audience, k in design.k.items():
        held = tuple(
            Held(seen, design.k[name], frozenset(parts[mark] for mark in have), at)
            for at, (entry, have) in enumerate(zip(out, marked, strict=True))
            for name, seen in entry.given.items()
            if ORDER.index(name) >= ORDER.index(audience)
        )
        found, asked = attack(known, held, k, t, truth, inside)
        lost += found
        tried.update(asked)
    return lost, tried


def _marked(cases: Counted, item: str) -> dict[Mark, Case]:
    return {(key, one.codes.get(item, "")): one for key, one in sorted(cases.items())}


def _places(design: Design, one: Case) -> tuple[str, ...]:
    return tuple(one.places()[split] for split in design.groups())


def _part(design: Design, name: str, mine: list[Case]) -> Part:
    sizes = {
        (split, value): sum(one.places()[split] == value for one in mine)
        for split, values in design.groups().items()
        for value in values
    }
    return Part(name, sizes, len(mine))


def _insiders(cases: Mapping[Mark, Case], parts: Mapping[Mark, str], number: int) -> tuple[Insider, ...]:
    """Return what so many workers know of their own cases, those with most cases first."""
    by_worker: dict[str, list[Mark]] = {}
    for mark, one in cases.items():
        by_worker.setdefault(one.worker, []).append(mark)

    def known(mark: Mark) -> tuple[str, dict[str, str], dict[str, str]]:
        one = cases[mark]
        return parts[mark], one.places(), {item: code for item, code in one.codes.items() if code}

    chosen = sorted(by_worker.values(), key=lambda marks: -len(marks))[:number]
    return tuple(Insider(tuple(map(known, marks))) for marks in chosen)


def few_workers(design: Design, out: Out, least: int = 3) -> list[str]:
    """Return every printed count with fewer than so many different workers behind it; 0 has nobody behind it."""
    found = []
    for audience, seen in out.given.items():
        for item in design.known():
            for split in ("", *item.splits):
                table = seen.table(item.title if not split else f"{item.title}, by {split}")
                for label, _ in table.rows if table else ():
                    row = table.row(label)
                    coding = next((c for c in item.codings if set(c) <= set(row)), {})
                    for heading, codes in {**coding, "Cases rated": frozenset(item.codes)}.items():
                        behind = {
                            one.worker for one in out.cases.values()
                            if one.codes[item.title] in codes and (not split or one.values[split] == label)
                        }  # fmt: skip
                        if (count(row[heading]) or 0) and len(behind) < least:
                            found.append(f"{audience}: {item.title} {split} {label} {heading}")
    return found


def small(design: Design, cases: Counted) -> bool:
    """Return whether a table of these cases has a count from 1 to k-1 of the widest-knowing audience."""
    k = next(iter(design.k.values()))
    for key in design.items:
        for split in ("", *design.tables[key]):
            counts: dict[tuple[str, bool], int] = {}
            for one in cases.values():
                if one.codes[key]:
                    good = one.codes[key] in design.items[key][len(design.items[key]) // 2 :]
                    at = one.values[split] if split else "", good
                    counts[at] = counts.get(at, 0) + 1
            if any(0 < number < k for number in counts.values()):
                return True
    return False
