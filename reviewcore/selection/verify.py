"""Check the papers of a case selection: one file, Python's standard library, nothing of the program that drew.

    python -I -S verify.py PAPERS

PAPERS is a folder with papers of one draw (or the papers themselves). Whoever asks holds other ones: the
public the commitment and the draw; a witness also the ledger, the account and the replacements; the auditor
also the openings; a worker or a family the opening of one case. What can be checked from the papers at
hand is checked, and said in plain words. Exit status: 0 all holds, 1 something is wrong, 2 misuse.

The format is `casedraw/1`, defined in docs/casedraw.md. This file was written from that page alone, and shares
no code with the draw: it does not search for a selection, it checks the reasons that the account gives.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SPEC = "casedraw/1"
FULL, BUSY, AHEAD, TAKEN = "stratum full", "worker taken", "would leave a quota unfilled", "taken"
REASONS = ("declined", "unreachable", "ineligible", "conflict", "safety", "worker")
OF_THE_WORKER = "worker"
Paper = dict[str, Any]
Row = tuple[str, str, str, str]


class Wrong(Exception):
    """Something on a paper is not so."""


def need(true: bool, said: str) -> None:
    """Raise Wrong where something that must hold does not."""
    if not true:
        raise Wrong(said)


# -- what is hashed -----------------------------------------------------------------------------------


def sha(*parts: str) -> str:
    """Return the SHA-256 of the parts, one after the other, in hex."""
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def jcs(value: Any) -> str:
    """Return a value as RFC 8785 writes it."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{jcs(key)}:{jcs(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    need(
        isinstance(value, (str, int)) and not isinstance(value, bool),
        "a paper holds texts and whole numbers only",
    )
    return json.dumps(value, ensure_ascii=False)


def text(value: Any) -> str:
    """Return an id or a name as it is hashed; Wrong where it cannot be one."""
    need(isinstance(value, str), "an id is text")
    value = unicodedata.normalize("NFC", value)
    hidden = any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") for one in value)
    need(not hidden and value.strip() != "", "an id is empty, or holds a character that cannot be seen")
    return str(value.strip())


def leaf_of(row: Row) -> str:
    """Return the sealed line of a case: C, P, U and its stratum."""
    return sha("\0", SPEC, "/leaf\n", "\n".join(row))


def root_of(leaves: Iterable[str]) -> str:
    """Return the RFC 6962 root over the sorted leaves."""
    level = [bytes.fromhex(one) for one in sorted(leaves)]
    need(len(set(level)) == len(level), "a line stands on the list twice")
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\1" + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[2 * len(pairs) :]
    return level[0].hex() if level else sha("")


def pseudonym(kind: str, salt: str, name: str) -> str:
    """Return C, P or U of an id that was opened by its salt."""
    return sha(f"{SPEC}/{kind}\n{salt}\n{text(name)}")


def is_hex(value: Any) -> bool:
    """Return whether a value is 64 hex digits."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


# -- the shape of each paper --------------------------------------------------------------------------


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _rows(*kinds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def rows(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(row, list) and len(row) == len(kinds) and all(k(v) for k, v in zip(kinds, row))
            for row in value
        )

    return rows


def _table(of: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(of, value.values()))


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _counts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_count, value))


def _hexes(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_hex, value))


def _any_table(value: Any) -> bool:
    return isinstance(value, dict)


def _maybe_hex(value: Any) -> bool:
    return value == "" or is_hex(value)


_DRAWN = {"seed_lines": _texts, "seed": is_hex, "key": is_hex, "selected": _rows(is_hex, is_hex, _text)}
_ACCOUNT = {"dispositions": _rows(is_hex, is_hex, _text), "tight": _table(_texts)}
SHAPES: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "commitment": {"fields": _any_table, "plan": _any_table},
    "ledger": {
        "cases": _rows(is_hex, is_hex, _maybe_hex, _text), "sizes_salt": is_hex, "counts": _any_table,
    },
    "chances": {
        "replicates": _count, "exact": _rows(_text, _count, _text), "drawn": _rows(is_hex, _text, _counts),
        "zero": _rows(is_hex, _texts), "possible": _rows(is_hex, _text, _texts),
    },
    "groups": {"listed": _table(_hexes)},
    "draw": {**_DRAWN, "result": is_hex, "groups": _rows(_text, is_hex, _hexes, _hexes)},
    "account": {"result": is_hex, **_ACCOUNT},
    "replacement": {
        "number": _count, "before": is_hex, "eliminated": _rows(is_hex, _text), **_DRAWN, **_ACCOUNT,
        "shortfall": _table(_count), "short_of": _texts, "link": is_hex,
    },
    "openings": {"cases": _rows(_text, is_hex, _text, is_hex, _text, _maybe_hex)},
    "opening": {
        "case": _text, "case_salt": is_hex, "worker": _text, "worker_salt": is_hex, "unit": _text,
        "unit_salt": _maybe_hex, "stratum": _text, "path": _rows(_text, is_hex),
    },
}  # fmt: skip


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "a name stands in it twice")
    return dict(pairs)


def _no_fraction(_: str) -> Any:
    raise Wrong("it holds a number that is not whole")


def read(data: bytes) -> Paper:
    """Return the paper in a file; Wrong where it is none, or was changed or cut short."""
    try:
        found = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except ValueError:
        raise Wrong("it cannot be read: it was cut short or changed on the way; get a whole copy") from None
    need(
        isinstance(found, dict) and str(found.get("paper", "")).startswith(f"{SPEC} "),
        "it is no paper of a draw",
    )
    kind = found["paper"][len(SPEC) + 1 :]
    need(kind in SHAPES, f"this verifier knows no paper '{kind}'")
    rest = {name: value for name, value in found.items() if name != "sum"}
    need(
        found.get("sum") == sha(f"{SPEC}/paper\n", jcs(rest)), "it is not as it was written; get a whole copy"
    )
    shape = SHAPES[kind]
    need(set(rest) == {"paper", "commitment", *shape}, "it lacks something, or holds something more")
    need(is_hex(found["commitment"]), "its commitment is not 64 hex digits")
    for name, fits in shape.items():
        need(fits(found[name]), f"'{name}' has not the form that it must have")
    return dict(found)


# -- the commitment -----------------------------------------------------------------------------------


class Sealed:
    """What the commitment fixes: quotas, cap, purpose, root, seed rule."""

    def __init__(self, paper: Paper) -> None:
        fields, plan = paper["fields"], paper["plan"]
        names = ["spec", "root", "sizes", "plan_hash", "key_commitment", "seed_rule", "time", "earlier"]
        need(sorted({*fields} - {"groups"}) == sorted(names), "its fields are not those of casedraw/1")
        need(fields["spec"] == SPEC, "it is of another format")
        need(
            all(is_hex(fields[one]) for one in ("root", "sizes", "plan_hash", "key_commitment")),
            "a digest is none",
        )
        need(
            _texts(fields["earlier"]) and all(map(is_hex, fields["earlier"])),
            "'earlier' is no list of commitments",
        )
        need(_is_time(fields["time"]), "its time is not written as UTC")
        need(
            sha(f"{SPEC}/commit\n", jcs(fields)) == paper["commitment"],
            "the commitment does not follow from what it is said to commit to",
        )
        need(
            sha(f"{SPEC}/plan\n", jcs(plan)) == fields["plan_hash"],
            "the plan is not the one that was committed to",
        )
        strata, cap = plan.get("strata"), plan.get("per_worker")
        need(_count(cap) and cap >= 1 and isinstance(strata, list) and len(strata) > 0, "the plan is none")
        for one in strata:
            need(isinstance(one, dict) and _count(one.get("quota")), "a stratum has no quota")
            need(text(one.get("name")) == one["name"], "a stratum's name is not as it is hashed")
        self.commitment, self.root, self.sizes = paper["commitment"], fields["root"], fields["sizes"]
        self.plan_hash, self.time, self.earlier = fields["plan_hash"], fields["time"], fields["earlier"]
        self.quotas: dict[str, int] = {one["name"]: one["quota"] for one in strata}
        need(len(self.quotas) == len(strata), "two strata have one name")
        self.cap: int = cap
        self.groups: dict[str, str] = fields.get("groups", {})
        self.sizes_of = _sizes_of(plan.get("groups", []))
        fits = _table(is_hex)(self.groups) and set(self.groups) == set(self.sizes_of)
        need(fits, "the focus groups of the plan are not those that were sealed")
        self.fresh = plan.get("alternates") == "fresh"
        self.rule = _rule(fields["seed_rule"])
        self.said_rule = fields["seed_rule"]


def _sizes_of(groups: Any) -> dict[str, tuple[int, int]]:
    """Return how many members and alternates each focus group of the plan has, in the plan's order."""
    need(
        isinstance(groups, list) and all(isinstance(one, dict) for one in groups),
        "the plan's groups are none",
    )
    sizes = {}
    for one in groups:
        fits = _text(one.get("key")) and _count(one.get("size")) and _count(one.get("alternates"))
        need(fits and one["key"] not in sizes, "the plan's groups are none")
        sizes[one["key"]] = (one["size"], one["alternates"])
    return sizes


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        return False
    month, day, hour, minute, second = (int(value[n : n + 2]) for n in (5, 8, 11, 14, 17))
    return 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60


def _rule(said: Any) -> tuple[int, str, int]:
    """Return the dice, the beacon and the witness lines that the seed rule asks for."""
    found = re.fullmatch(
        r"(?:dice ([1-9][0-9]{0,3}))?"
        r"(?:(?:^| and )beacon ([A-Za-z0-9._-]+ [A-Za-z0-9.:_-]+))?"
        r"(?: and witnesses ([1-9][0-9]?))?",
        said if isinstance(said, str) else "",
    )
    need(found is not None and bool(found[1] or found[2]), "the seed rule is none of casedraw/1")
    assert found is not None
    dice = int(found[1] or 0)
    need(dice == 0 or dice >= 24, "the seed rule asks for fewer than 24 dice")
    return dice, found[2] or "", int(found[3] or 0)


def seed_of(rule: tuple[int, str, int], after: str, lines: Sequence[str]) -> str:
    """Return the seed that follows from what came before and the lines; Wrong where the rule asks otherwise."""
    dice, beacon, witnesses = rule
    wanted = [f"dice [0-9]{{{dice}}}"] * bool(dice)
    wanted += [f"beacon {re.escape(beacon)} (?=.{{64}})[0-9a-f]+"] * bool(beacon)
    wanted += ["witness .+"] * witnesses
    fits = len(lines) == len(wanted) and all(re.fullmatch(one, line) for one, line in zip(wanted, lines))
    need(fits, "the seed's lines are not what the sealed rule asks for")
    said = [line for line in lines if line.startswith("witness ")]
    need(
        said == sorted(said, key=str.encode) and all(text(one) == one for one in lines),
        "the lines are out of form",
    )
    return sha("\n".join([f"{SPEC}/seed", after, *lines]))


# -- the ledger ---------------------------------------------------------------------------------------


def check_ledger(sealed: Sealed, paper: Paper) -> dict[str, Row]:
    """Return the rows of the sealed list by their leaves."""
    rows: dict[str, Row] = {leaf_of((c, p, u, s)): (c, p, u, s) for c, p, u, s in paper["cases"]}
    need(len(rows) == len(paper["cases"]), "a line stands on the list twice")
    need(paper["cases"] == sorted(paper["cases"]), "its lines are out of order")
    need(
        root_of(rows) == sealed.root,
        f"its {len(paper['cases'])} lines are not the list that was sealed: lines are missing, added or changed "
        "(if it was cut short, get a whole copy)",
    )
    need({row[3] for row in rows.values()} <= set(sealed.quotas), "a line's stratum is not in the plan")
    need(len({row[0] for row in rows.values()}) == len(rows), "a case stands on the list twice")
    counts = paper["counts"]
    need(
        sha(f"{SPEC}/sizes\n{paper['sizes_salt']}\n", jcs(counts)) == sealed.sizes,
        "the sizes are not those that were committed to",
    )
    by_stratum = Counter(row[3] for row in rows.values())
    workers = Counter(stratum for stratum, _ in {(row[3], row[1]) for row in rows.values()})
    told = counts.get("by_stratum"), counts.get("workers_by_stratum"), counts.get("eligible")
    there = {n: by_stratum[n] for n in sealed.quotas}, {n: workers[n] for n in sealed.quotas}, len(rows)
    need(told == there, "the sizes that were committed to are not those of the list")
    out = counts.get("excluded")
    need(
        _table(_count)(out) and counts.get("listed") == len(rows) + sum(out.values()),
        "the sizes do not add up",
    )
    return rows


# -- the draw -----------------------------------------------------------------------------------------


def check_draw(sealed: Sealed, paper: Paper, rows: Mapping[str, Row]) -> list[str]:
    """Return the leaves that were drawn, in order, after checking all that follows from the seed."""
    need(
        seed_of(sealed.rule, sealed.commitment, paper["seed_lines"]) == paper["seed"],
        "the seed does not follow from the commitment and the lines",
    )
    need(
        sha(f"{SPEC}/ticket\n{paper['seed']}") == paper["key"],
        "the key of the draw does not follow from the seed",
    )
    leaves = _selected(paper, sealed.quotas, rows)
    _check_groups_in_order(sealed, paper)
    said = "\n".join([f"{SPEC}/result", sealed.commitment, paper["seed"], *leaves])
    need(sha(said) == paper["result"], "the digest of the result does not follow from the cases drawn")
    return leaves


def _selected(paper: Paper, quotas: Mapping[str, int], rows: Mapping[str, Row]) -> list[str]:
    numbers = []
    for leaf, ticket, stratum in paper["selected"]:
        need(sha(paper["key"], leaf) == ticket, "a case's number does not follow from the key and its line")
        need(
            not rows or (leaf in rows and rows[leaf][3] == stratum), "a case drawn is not on the sealed list"
        )
        numbers.append((ticket, leaf))
    need(numbers == sorted(set(numbers)), "the cases drawn are not in the order of their numbers")
    drawn = Counter(stratum for _, _, stratum in paper["selected"])
    need(
        drawn == Counter({name: quota for name, quota in quotas.items() if quota}),
        "the quotas are not filled exactly",
    )
    return [leaf for _, leaf in numbers]


def _check_groups_in_order(sealed: Sealed, paper: Paper) -> None:
    """Check what everybody can check of the focus groups: keys, order, sizes, nobody in two of them."""
    need(
        [row[0] for row in paper["groups"]] == list(sealed.sizes_of),
        "the focus groups are not those of the plan",
    )
    people: list[str] = []
    for name, key, members, alternates in paper["groups"]:
        need(
            sha(f"{SPEC}/focus/{name}\n{paper['seed']}") == key,
            "a focus group's key does not follow from the seed",
        )
        order = [(sha(key, person), person) for person in (*members, *alternates)]
        need(order == sorted(order), "the people of a focus group are not in the order of their numbers")
        size, spare = sealed.sizes_of[name]
        full = len(members) == size or not alternates
        need(len(members) <= size and len(alternates) <= spare and full, "a focus group is not of its size")
        people += [*members, *alternates]
    need(len(set(people)) == len(people), "somebody is in two focus groups")


def check_groups(sealed: Sealed, listed: Mapping[str, list[str]], draw: Any) -> int:
    """Check the lists that the focus groups are drawn from, and who was drawn; return how many people."""
    need(set(listed) == set(sealed.groups), "the lists of the focus groups are not those of the commitment")
    for name, people in listed.items():
        need(people == sorted(set(people)), "the list of a focus group is out of order")
        need(
            root_of(people) == sealed.groups[name], "the list of a focus group is not the one that was sealed"
        )
    taken: set[str] = set()
    for name, key, members, alternates in draw["groups"] if draw else ():
        order = sorted((sha(key, person), person) for person in set(listed[name]) - taken)
        size, spare = sealed.sizes_of[name]
        asked = [person for _, person in order]
        need(
            members == asked[:size] and alternates == asked[size : size + spare],
            "a focus group has other people",
        )
        taken |= {*members, *alternates}
    return len(taken)


def check_account(
    paper: Paper,
    order: Sequence[tuple[str, str, Row]],
    quotas: Mapping[str, int],
    cap: int,
    held: Mapping[str, int],
    *,
    short: bool = False,
) -> list[str]:
    """Check what is said to have become of every case, in the order of their numbers; return those taken.

    No search is needed: a case that was passed over with room and a free worker bears a certificate, strata
    which together need every case that workers can still supply to them, and this worker with all of theirs.
    A certificate covers its worker's later cases in the same stratum. `order` has (ticket, leaf, row). The
    account ends with the last case, or `short` as soon as every quota is filled.
    """
    tight, told = paper["tight"], paper["dispositions"]
    walk = Walk(order, quotas, cap, held)
    taken, used = [], set()
    for place, (ticket, leaf, row) in enumerate(order):
        if short and not any(walk.room.values()):
            need(place == len(told), "the account goes on after the quotas are filled")
            break
        need(place < len(told), "the account breaks off before the quotas are filled")
        need(
            told[place][:2] == [leaf, ticket],
            f"line {place + 1} of the account is not the next case by its number",
        )
        why = walk.step(row[1], row[3], told[place][2] == TAKEN, tight.get(leaf))
        need(told[place][2] == why, f"line {place + 1} of the account: '{told[place][2]}' is not so")
        if why == TAKEN:
            taken.append(leaf)
        elif why == AHEAD and walk.certified:
            used.add(leaf)
    need(len(told) <= len(order), "the account has more lines than the list")
    need(used == set(tight), "a certificate stands where none is needed")
    need(not any(walk.room.values()), "the quotas are not filled")
    return taken


class Walk:
    """The state of a walk over the cases: room in strata, cases of workers, what is still to come."""

    def __init__(
        self,
        order: Iterable[tuple[str, str, Row]],
        quotas: Mapping[str, int],
        cap: int,
        held: Mapping[str, int],
    ) -> None:
        self.room, self.cap, self.load = dict(quotas), cap, Counter(held)
        self.left: Counter[tuple[str, str]] = Counter((row[1], row[3]) for _, _, row in order)
        self.workers: dict[str, set[str]] = {name: set() for name in quotas}
        for worker, stratum in self.left:
            self.workers[stratum].add(worker)
        self.closed: set[tuple[str, str]] = set()
        self.known: set[tuple[str, ...]] = set()
        self.certified = False

    def step(self, worker: str, stratum: str, take: bool, strata: Any) -> str:
        """Walk past a case and return what became of it, if it can have been so."""
        self.left[worker, stratum] -= 1
        self.certified = False
        if not self.room[stratum]:
            return FULL
        if self.load[worker] >= self.cap:
            return BUSY
        if (worker, stratum) in self.closed:
            return AHEAD
        if take:
            self.room[stratum] -= 1
            self.load[worker] += 1
            return TAKEN
        need(strata is not None, "a case was passed over without a certificate")
        self.prove(worker, stratum, tuple(strata))
        self.closed.add((worker, stratum))
        self.certified = True
        return AHEAD

    def prove(self, worker: str, stratum: str, strata: tuple[str, ...]) -> None:
        """Check a certificate: a set of strata that is tight, and that needs all of this worker."""
        wrong = "a certificate does not show that taking the case would have left a quota unfilled"
        need(list(strata) == sorted(set(strata)) and set(strata) <= set(self.room) - {stratum}, wrong)
        if strata not in self.known:  # once tight, always tight: a full selection uses up what there is
            need(all(self.room[name] for name in strata), wrong)
            could = {one for name in strata for one in self.workers[name]}
            supply = sum(min(self.cap - self.load[one], self._to_come(one, strata)) for one in could)
            need(sum(self.room[name] for name in strata) >= supply, wrong)
            self.known.add(strata)
        need(self._to_come(worker, strata) >= self.cap - self.load[worker], wrong)

    def _to_come(self, worker: str, strata: Iterable[str]) -> int:
        """Return how many cases of a worker are still to come that could be taken in these strata."""
        return sum(
            self.left[worker, name]
            for name in strata
            if self.room[name] and (worker, name) not in self.closed
        )


def in_order(key: str, rows: Mapping[str, Row]) -> list[tuple[str, str, Row]]:
    """Return (ticket, leaf, row) in the order of the tickets."""
    return sorted((sha(key, leaf), leaf, row) for leaf, row in rows.items())


# -- replacements -------------------------------------------------------------------------------------


def check_replacements(
    sealed: Sealed, draw: Paper, drawn: Sequence[str], rows: Mapping[str, Row], papers: Sequence[Paper]
) -> list[str]:
    """Replay the log of replacements from the draw on, and return the cases that stand now."""
    live, gone = list(drawn), set()
    away: set[str] = set()
    before = draw["result"]
    for number, paper in enumerate(sorted(papers, key=lambda one: int(one["number"])), 1):
        where = f"replacement {number}: "
        need(paper["number"] == number, f"replacement {number} is missing")
        rest = {name: value for name, value in paper.items() if name not in ("link", "sum")}
        need(paper["before"] == before, where + "it does not follow the one before")
        need(
            paper["link"] == sha(f"{SPEC}/replacement\n", jcs(rest)),
            where + "its link does not follow from it",
        )
        out = [leaf for leaf, _ in paper["eliminated"]]
        need(
            bool(out) and len(set(out)) == len(out) and set(out) <= set(live),
            where + "it eliminates a case that does not stand",
        )
        need(all(reason in REASONS for _, reason in paper["eliminated"]), where + "a reason is none of those")
        live = [leaf for leaf in live if leaf not in out]
        gone |= set(out)
        away |= {rows[leaf][1] for leaf, reason in paper["eliminated"] if reason == OF_THE_WORKER}
        vacant = Counter(rows[leaf][3] for leaf in out)
        if sealed.fresh:
            seed = seed_of(
                sealed.rule,
                sha("\n".join([f"{SPEC}/batch", before, jcs(paper["eliminated"])])),
                paper["seed_lines"],
            )
            need(seed == paper["seed"], where + "its seed does not follow from its lines")
            need(
                sha(f"{SPEC}/alternates/{number}\n{seed}") == paper["key"],
                where + "its key does not follow from its seed",
            )
        else:
            same = all(paper[name] == draw[name] for name in ("seed_lines", "seed", "key"))
            need(same, where + "it is not drawn with the numbers of the draw")
        held = Counter(rows[leaf][1] for leaf in live)
        rest_of = {
            leaf: row
            for leaf, row in rows.items()
            if leaf not in gone and leaf not in live and row[1] not in away and vacant[row[3]]
        }
        wanted = {name: vacant[name] - paper["shortfall"].get(name, 0) for name in vacant}
        _check_shortfall(paper, rest_of, vacant, sealed.cap, held, where)
        taken = check_account(paper, in_order(paper["key"], rest_of), wanted, sealed.cap, held, short=True)
        need(_selected(paper, wanted, rows) == taken, where + "the account takes other cases")
        live += taken
        before = paper["link"]
    return live


def _check_shortfall(
    paper: Paper,
    rows: Mapping[str, Row],
    vacant: Mapping[str, int],
    cap: int,
    held: Mapping[str, int],
    where: str,
) -> None:
    """Check that no more vacancies could have been filled: some strata need more than workers can supply."""
    short, strata = paper["shortfall"], paper["short_of"]
    fits = all(0 < short[name] <= vacant.get(name, 0) for name in short) and set(short) <= set(strata) <= set(
        vacant
    )
    need(
        fits and bool(short) == bool(strata) and strata == sorted(set(strata)),
        where + "its shortfall is none",
    )
    supply = Counter(row[1] for row in rows.values() if row[3] in strata)
    have = sum(min(max(cap - held.get(worker, 0), 0), count) for worker, count in supply.items())
    lacking = sum(vacant[name] for name in strata) - have
    need(lacking == sum(short.values()) or not strata, where + "more could have been replaced")


# -- chances ------------------------------------------------------------------------------------------


def check_chances(sealed: Sealed, rows: Mapping[str, Row], paper: Paper) -> tuple[int, int]:
    """Check the chances that are stated; return how many strata they were worked out and tried out for."""
    lists = [paper[name] for name in ("exact", "drawn", "zero", "possible")]
    need(all(one == sorted(one) for one in lists), "its lines are out of order")
    cells = Counter((row[1], row[3]) for row in rows.values())
    spans = {stratum for _, stratum, _ in paper["drawn"]}
    need(all(stratum in sealed.quotas for stratum, _, _ in paper["exact"]), "a chance is that of no stratum")
    for stratum, quota in sealed.quotas.items():
        sizes = Counter(count for (_, name), count in cells.items() if name == stratum)
        if stratum in spans:
            continue
        told = {size: chance for name, size, chance in paper["exact"] if name == stratum}
        need(
            sorted(told) == sorted(sizes) and sealed.cap == 1,
            f"chances of {stratum} are missing, or too many",
        )
        others = {worker for (worker, name) in cells if name != stratum} & {
            w for (w, name) in cells if name == stratum
        }
        need(not others, f"workers of {stratum} have cases elsewhere: its chances cannot be worked out alone")
        expected = chances_of(sizes, quota)
        for size, chance in told.items():
            need(re.fullmatch(r"[01]\.\d{9}", chance) is not None, "a chance is not written with nine digits")
            right = abs(float(chance) - expected[size]) < 6e-10
            need(right, f"a chance of {stratum} is not the one that follows from its sizes")
    need(len(paper["exact"]) == len({(s, n) for s, n, _ in paper["exact"]}), "a chance is stated twice")
    need(not {s for s, _, _ in paper["exact"]} & spans, "a stratum's chances are stated in two ways")
    _check_tried(sealed, cells, paper, spans)
    _check_zero(sealed, rows, paper)
    return len(sealed.quotas) - len(spans), len(spans)


def _check_tried(
    sealed: Sealed, cells: Mapping[tuple[str, str], int], paper: Paper, spans: Iterable[str]
) -> None:
    trials = paper["replicates"]
    told = {(worker, stratum): times for worker, stratum, times in paper["drawn"]}
    need(
        len(told) == len(paper["drawn"]) and bool(told) == bool(trials),
        "a trial's chance is stated twice, or without trials",
    )
    need(
        set(told) == {cell for cell in cells if cell[1] in set(spans)},
        "chances of a worker are missing, or too many",
    )
    by_stratum: Counter[str] = Counter()
    by_worker: Counter[str] = Counter()
    for (worker, stratum), times in told.items():
        fits = len(times) == min(sealed.cap, cells[worker, stratum]) + 1 and sum(times) == trials
        need(fits, "the trials of a worker do not add up")
        by_stratum[stratum] += sum(count * drawn for count, drawn in enumerate(times))
        by_worker[worker] += sum(count * drawn for count, drawn in enumerate(times))
    need(
        all(by_stratum[name] == sealed.quotas[name] * trials for name in spans),
        "the chances do not add up to the quota",
    )
    need(
        all(count <= sealed.cap * trials for count in by_worker.values()), "a worker's chances exceed the cap"
    )


def _check_zero(sealed: Sealed, rows: Mapping[str, Row], paper: Paper) -> None:
    never = dict(paper["zero"])
    need(
        len(never) == len(paper["zero"]) and set(never) <= set(rows),
        "a case without a chance is not on the list",
    )
    drawn = {(worker, stratum) for worker, stratum, times in paper["drawn"] if sum(times[1:])}
    for leaf, strata in never.items():
        _, worker, _, stratum = rows[leaf]
        need((worker, stratum) not in drawn, "a case is said to have no chance, and was drawn in a trial")
        if sealed.quotas[stratum] == 0:
            need(strata == [], "a case of a stratum of which none is drawn needs no certificate")
        else:
            Walk([("", "", row) for row in rows.values()], sealed.quotas, sealed.cap, {}).prove(
                worker, stratum, tuple(strata)
            )
    nobody = {leaf for leaf, row in rows.items() if sealed.quotas[row[3]] == 0}
    need(nobody <= set(never), "a case has no chance, and is not listed")
    undrawn = {(worker, stratum) for worker, stratum, times in paper["drawn"]} - drawn
    for worker, stratum, leaves in paper["possible"]:
        picked = [rows.get(leaf, ("", "", "", "")) for leaf in leaves]
        full = len(set(leaves)) == len(leaves) and Counter(row[3] for row in picked) == +Counter(
            sealed.quotas
        )
        full = full and max(Counter(row[1] for row in picked).values()) <= sealed.cap
        mine = (
            full
            and (worker, stratum) in undrawn
            and (worker, stratum) in {(row[1], row[3]) for row in picked}
        )
        need(mine, "what is given as a full selection with a case that no trial drew is none")
    named = [(worker, stratum) for worker, stratum, _ in paper["possible"]]
    without = {leaf for leaf, row in rows.items() if (row[1], row[3]) in undrawn - set(named)}
    need(
        len(set(named)) == len(named) and without <= set(never),
        "a case that no trial drew is not accounted for",
    )
    need(
        not {(rows[leaf][1], rows[leaf][3]) for leaf in never} & set(named),
        "a case is given as possible and as not",
    )


def chances_of(sizes: Mapping[int, int], quota: int) -> dict[int, float]:
    """Return the chance of a case by its worker's cases, in a stratum of its own, by numerical integration.

    It is the integral over its number u of the chance that no other case of its worker has a smaller one and
    that fewer than `quota` other workers have one. `sizes` has how many workers have so many cases. Over the
    logarithm of t = -log(1 - u) the trapezoid rule is exact to all digits once its points lie close enough.
    """
    if quota == 0:
        return dict.fromkeys(sizes, 0.0)
    low, high, step = -28.0, 6.0, 0.25
    places = [low + step * n for n in range(int((high - low) / step))]
    found = _sums(sizes, quota, places, step)
    while True:
        between = _sums(sizes, quota, [place + step / 2 for place in places], step)
        finer = {size: (found[size] + between[size]) / 2 for size in sizes}
        if step < 0.01 or all(abs(finer[size] - found[size]) < 1e-10 for size in sizes):
            return finer
        places = sorted([*places, *(place + step / 2 for place in places)])
        found, step = finer, step / 2


def _sums(sizes: Mapping[int, int], quota: int, places: Iterable[float], step: float) -> dict[int, float]:
    total = dict.fromkeys(sizes, 0.0)
    for place in places:
        t = math.exp(place)
        for size, fewer in _fewer(sizes, quota, t).items():
            total[size] += step * t * math.exp(-size * t) * fewer
    return total


def _fewer(sizes: Mapping[int, int], quota: int, t: float) -> dict[int, float]:
    """Return, for a worker of each size, the chance that fewer than `quota` others have a case below 1 - exp(-t)."""
    order = [(size, sizes[size], -math.expm1(-size * t)) for size in sorted(sizes)]
    if t * order[0][0] > 40:  # the case itself would have others of its worker below
        return {}
    after = [[1.0]]
    for _, count, below in reversed(order):
        after.append(_product(after[-1], _some(count, below, quota), quota))
    before, fewer = after[0], {}
    for (size, count, below), behind in zip(order, reversed(after[:-1])):
        others, mine = _product(before, behind, quota), _some(count - 1, below, quota)
        up_to = [sum(mine[:n]) for n in range(quota + 1)]
        fewer[size] = sum(chance * up_to[quota - n] for n, chance in enumerate(others))
        before = _product(before, _some(count, below, quota), quota)
    return fewer


def _product(one: Sequence[float], other: Sequence[float], quota: int) -> list[float]:
    """Return the product of two polynomials, as far as fewer than `quota` are concerned."""
    found = [0.0] * min(quota, len(one) + len(other) - 1)
    for n, x in enumerate(one):
        for m, y in enumerate(other[: quota - n], n):
            found[m] += x * y
    return found


def _some(count: int, chance: float, quota: int) -> list[float]:
    """Return the chances that 0 to quota - 1 of `count` happen, up to where they are next to nothing."""
    if chance == 1.0:
        return [float(n == count) for n in range(min(quota, count + 1))]
    none, odds = count * math.log1p(-chance), math.log(chance) - math.log1p(-chance)
    found, ways = [], 0.0
    for n in range(min(quota, count + 1)):
        found.append(math.exp(max(ways + none + n * odds, -700.0)))
        if found[-1] < 1e-30 and n > count * chance:
            break
        ways += math.log(count - n) - math.log(n + 1) if n < count else 0.0
    return found


# -- openings -----------------------------------------------------------------------------------------


def check_openings(rows: Mapping[str, Row], paper: Paper) -> int:
    """Check that every line of the list is opened, each to a case of its own; return how many."""
    opened = set()
    for case, case_salt, worker, worker_salt, unit, unit_salt in paper["cases"]:
        need(bool(unit) == bool(unit_salt), "a unit is opened without its salt")
        c, p = pseudonym("case", case_salt, case), pseudonym("worker", worker_salt, worker)
        opened.add((c, p, pseudonym("unit", unit_salt, unit) if unit else ""))
    need(len({text(one[0]) for one in paper["cases"]}) == len(paper["cases"]), "a case is opened twice")
    need(paper["cases"] == sorted(paper["cases"]), "its lines are out of order")
    need(opened == {row[:3] for row in rows.values()}, "what is opened is not what was sealed")
    return len(opened)


def check_opening(sealed: Sealed, paper: Paper) -> str:
    """Return the leaf of the one case that is opened, after following its path to the root."""
    need(bool(paper["unit"]) == bool(paper["unit_salt"]), "the unit is opened without its salt")
    unit = pseudonym("unit", paper["unit_salt"], paper["unit"]) if paper["unit"] else ""
    case = pseudonym("case", paper["case_salt"], paper["case"])
    worker = pseudonym("worker", paper["worker_salt"], paper["worker"])
    need(paper["stratum"] in sealed.quotas, "its stratum is not in the plan")
    leaf = at = leaf_of((case, worker, unit, paper["stratum"]))
    for side, other in paper["path"]:
        need(side in ("left", "right"), "its path is none")
        pair = (other, at) if side == "left" else (at, other)
        at = hashlib.sha256(b"\1" + bytes.fromhex(pair[0]) + bytes.fromhex(pair[1])).hexdigest()
    need(
        at == sealed.root,
        "its path does not lead to the sealed list: the case was not on it as it stands here",
    )
    return leaf


# -- all of it ----------------------------------------------------------------------------------------


def check(files: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
    """Check the papers in these files, and return what holds and what is wrong, in plain words."""
    wrong: list[str] = []
    papers: dict[str, list[tuple[str, Paper]]] = {}
    for name in sorted(files):
        try:
            paper = read(files[name])
            papers.setdefault(paper["paper"][len(SPEC) + 1 :], []).append((name, paper))
        except Wrong as error:
            wrong.append(f"{name}: {error}")
        except (RecursionError, TypeError, ValueError):
            wrong.append(f"{name}: it is not in the form that it must have")
    checking = Checking(papers)
    if not wrong:
        try:
            checking.all()
        except Wrong as error:
            wrong.append(f"{checking.at}: {error}")
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
            wrong.append(f"{checking.at}: it is not in the form that it must have")
    return checking.holds, wrong


class Checking:
    """The papers at hand, checked in the order in which one follows from the other."""

    def __init__(self, papers: Mapping[str, list[tuple[str, Paper]]]) -> None:
        self.papers, self.at = papers, "commitment.json"
        self.holds: list[str] = []
        self.rows: dict[str, Row] = {}
        self.draw: Any = None
        self.live: list[str] = []

    def each(self, kind: str, *after: bool) -> Iterator[Paper]:
        """Give the papers of one kind; Wrong where what they follow from is not at hand."""
        for name, paper in self.papers.get(kind, ()):
            self.at = name
            need(all(after), "to check it, the ledger (and for the rest the draw) must be here too")
            yield paper

    def all(self) -> None:
        """Check every paper."""
        need(
            len(self.papers.get("commitment", ())) == 1,
            "one paper of it must be here: the one that was handed over before the seed",
        )
        sealed = Sealed(self.papers["commitment"][0][1])
        for kind, found in self.papers.items():
            for paper in self.each(kind):
                need(
                    paper["commitment"] == sealed.commitment,
                    "it belongs to another draw: keep the papers of each draw in a folder of their own",
                )
            need(len(found) == 1 or kind in ("replacement", "opening"), "there are two papers of this kind")
        self.holds.append(said_sealed(sealed))
        for paper in self.each("ledger"):
            self.rows = check_ledger(sealed, paper)
            self.holds.append(
                f"the ledger: its {len(self.rows)} lines are the list that was sealed, none missing, added or changed"
            )
        for paper in self.each("chances", bool(self.rows)):
            exact, tried = check_chances(sealed, self.rows, paper)
            self.holds.append(
                f"the chances: worked out anew for {exact} groups; for {tried} they add up, over "
                f"{paper['replicates']} trials; cases without any chance: {len(paper['zero'])}"
            )
        for paper in self.each("draw"):
            self.draw, self.live = paper, check_draw(sealed, paper, self.rows)
            self.holds.append(said_drawn(paper))
        self.after_the_draw(sealed)

    def after_the_draw(self, sealed: Sealed) -> None:
        """Check what follows from ledger and draw."""
        for paper in self.each("groups"):
            count = check_groups(sealed, paper["listed"], self.draw)
            self.holds.append(
                f"the focus groups: {len(paper['listed'])} lists as they were sealed; {count} people by their numbers"
            )
        both = bool(self.rows), self.draw is not None
        for paper in self.each("account", *both):
            need(paper["result"] == self.draw["result"], "it is the account of another draw")
            order = in_order(self.draw["key"], self.rows)
            taken = check_account(paper, order, sealed.quotas, sealed.cap, {})
            need(taken == self.live, "the account takes other cases than the draw")
            self.holds.append(said_account(paper))
        log = list(self.each("replacement", *both))
        if log:
            self.live = check_replacements(sealed, self.draw, self.live, self.rows, log)
            self.holds.append(
                f"the replacements: {len(log)}, each after the one before; {len(self.live)} cases stand now"
            )
        for paper in self.each("openings", both[0]):
            count = check_openings(self.rows, paper)
            self.holds.append(
                f"the openings: each of the {count} lines is the case, the worker and the unit that are named"
            )
        for paper in self.each("opening"):
            self.holds.append(said_own(check_opening(sealed, paper), self.live, self.draw))


def said_sealed(sealed: Sealed) -> str:
    """Say what the commitment shows."""
    said = f"the sealed list: closed {sealed.time}; plan and seed rule ({sealed.said_rule}) are those committed to"
    return said + (f"; lists sealed before it and set aside: {len(sealed.earlier)}" if sealed.earlier else "")


def said_drawn(paper: Paper) -> str:
    """Say what the draw shows."""
    groups = Counter(stratum for _, _, stratum in paper["selected"])
    each = ", ".join(f"{name} {count}" for name, count in groups.items())
    return (
        "the draw: the seed follows from the lines as rolled, and each number from the seed; "
        f"{len(paper['selected'])} drawn ({each})"
    )


def said_account(paper: Paper) -> str:
    """Say what the account shows."""
    why = Counter(one[2] for one in paper["dispositions"])
    return (
        f"the account: every case was taken or passed over by the rule; {why[TAKEN]} taken, {why[FULL]} passed over "
        f"with their group full, {why[BUSY]} with their worker taken, {why[AHEAD]} because a group would have been "
        "left short"
    )


def said_own(leaf: str, live: Sequence[str], draw: Any) -> str:
    """Say what became of the one case that was opened."""
    said = "your case: it was on the sealed list"
    if draw is None:
        return said + "; the draw's paper is not here yet"
    became = "drawn" if leaf in live else "not drawn, as far as these papers go"
    return f"{said}; its number in the draw is {sha(draw['key'], leaf)}; it was {became}"


CANNOT = (
    "No paper can show that the dice were really rolled after the commitment was handed over, or that the agency "
    "listed every case: for the first there are witnesses, for the second the agency's own count."
)


def files_in(paths: Sequence[str]) -> dict[str, bytes]:
    """Return the papers in files and folders (not in folders inside them), by name."""
    found: dict[str, bytes] = {}
    for path in map(Path, paths):
        for one in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            found[str(one) if len(paths) > 1 else one.name] = one.read_bytes()
    return found


def main(arguments: Sequence[str]) -> int:
    """Check papers and say what holds."""
    if not arguments or any(one.startswith("-") for one in arguments):
        sys.stderr.write("usage: python -I -S verify.py PAPERS   (a folder with the papers of one draw)\n")
        return 2
    try:
        files = files_in(arguments)
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 2
    if not files:
        sys.stderr.write("there is no paper here: papers are files that end in .json\n")
        return 2
    holds, wrong = check(files)
    lines = [f"holds   {one}" for one in holds] + [f"WRONG   {one}" for one in wrong]
    lines += (
        ["", CANNOT]
        if not wrong
        else ["", "Something is wrong: keep these papers, and ask whoever gave them to you."]
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
