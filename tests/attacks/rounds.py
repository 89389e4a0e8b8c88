"""From publications to what each audience holds: which cases each is about, and what the attacker knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from tests.attacks.design import ORDER, Case, Design
from tests.attacks.reviewed import Held, Insider, Known, Loss, Part, attack
from tests.attacks.seen import Seen, count

Counted = Mapping[str, Case]


@frozen
class Out:
    """One publication that went out: the cases that it counts as they then were, and what each audience was given."""

    cases: Counted
    given: Mapping[str, Seen]


def assault(
    design: Design, out: Sequence[Out], t: int = 1, insiders: int = 0
) -> tuple[list[Loss], dict[str, int]]:
    """Attack the publications of one review as each audience that has them, and return what was lost and tried."""
    lost: list[Loss] = []
    tried: dict[str, int] = {}
    seen = {(key, one.codes_key()) for entry in out for key, one in _stated(entry.cases).items()}
    # Cases that are in the same publications with the same answers are one part.
    where = {mark: tuple(n for n, one in enumerate(out) if mark in _marks(one)) for mark in seen}
    cases = {mark: _stated(one.cases)[mark[0]].case for one in out for mark in _marks(one)}
    names = sorted(set(where.values()))
    called = {name: "p" + "".join(map(str, name)) for name in names}
    parts = []
    for name in names:
        mine = [cases[mark] for mark in seen if where[mark] == name]
        sizes = {
            (split, value): sum(one.values[split] == value for one in mine)
            for split, values in design.splits.items()
            for value in values
        }
        parts.append(Part(called[name], sizes, len(mine)))
    counts: dict[tuple[str, str, tuple[str, ...], str], int] = {}
    for mark, one in cases.items():
        for item, code in one.codes.items():
            key = (
                called[where[mark]],
                item,
                tuple(one.values[split] for split in design.splits),
                code or "not rated",
            )
            counts[key] = counts.get(key, 0) + 1

    def truth(part: str, item: str, values: Mapping[str, str], codes: frozenset[str]) -> int:
        return sum(counts.get((part, item, tuple(values.values()), code), 0) for code in codes)

    known = Known(design.known(), design.splits, tuple(parts), design.inside)
    for audience, k in design.k.items():
        held = tuple(
            Held(seen, design.k[name], frozenset(called[one] for one in names if number in one))
            for number, entry in enumerate(out)
            for name, seen in entry.given.items()
            if ORDER.index(name) >= ORDER.index(audience)
        )
        inside = _insiders(cases, {mark: called[where[mark]] for mark in seen}, insiders)
        found, asked = attack(known, held, k, t, truth, inside)
        lost += found
        for name, number in asked.items():
            tried[name] = tried.get(name, 0) + number
    return lost, tried


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


@frozen
class _Stated:
    case: Case

    def codes_key(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.case.codes.items()))


def _stated(cases: Counted) -> dict[str, _Stated]:
    return {key: _Stated(one) for key, one in cases.items()}


def _marks(one: Out) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    return {(key, stated.codes_key()) for key, stated in _stated(one.cases).items()}


def _insiders(cases, called: Mapping[object, str], number: int) -> tuple[Insider, ...]:
    by_worker: dict[str, list[object]] = {}
    for mark, one in sorted(cases.items(), key=lambda pair: pair[0]):
        by_worker.setdefault(one.worker, []).append(mark)
    chosen = sorted(by_worker.values(), key=lambda marks: -len(marks))[:number]

    def known(mark: object) -> tuple[str, dict[str, str], dict[str, str]]:
        one = cases[mark]
        return called[mark], dict(one.values), {item: code for item, code in one.codes.items() if code}

    return tuple(Insider(tuple(map(known, marks))) for marks in chosen)
