"""The verifier against the draw: it accepts every true draw and refuses every other (selection.md 6, 7 and 11)."""

from __future__ import annotations

import ast
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import selection_papers as made
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from selection_oracles import feasible, greedy, leaf
from selection_papers import Bodies, Walk

from reviewcore.selection import casedraw, handouts, sealed, verify

SOURCE = Path(verify.__file__)

TIGHT: Walk = [tuple(one) for one in ("Ax", "Ay", "Bx", "Bx", "Cy", "Ax", "Cz", "Dz", "Dz", "Ez")]
QUOTAS = {"x": 1, "y": 2, "z": 1}


def tight(**plan: Any) -> Bodies:
    """A draw in which look-ahead passed a case over."""
    return next(one for seed in range(50) if (one := made.drawn(TIGHT, QUOTAS, 1, seed, **plan))[1]["tight"])


@st.composite
def counties(draw_from: st.DrawFn) -> tuple[Walk, dict[str, int], int, int]:
    """A small list that can be drawn from, its quotas, cap and a seed."""
    strata = ["x", "y", "z"][: draw_from(st.integers(1, 3))]
    case = st.tuples(st.sampled_from("ABCDE"), st.sampled_from(strata))
    cases = draw_from(st.lists(case, min_size=2, max_size=12))
    cap = draw_from(st.sampled_from([1, 1, 2]))
    quotas = {name: draw_from(st.integers(0, 3)) for name in strata}
    assume(sum(quotas.values()) > 0 and feasible(cases, quotas, cap))
    return cases, quotas, cap, draw_from(st.integers(0, 10**6))


# -- what it is -----------------------------------------------------------------------------------------


def imported(source: str) -> set[str]:
    """The modules that a program imports, read from its syntax tree."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
            "__import__", "import_module", "exec", "eval",
        ):  # fmt: skip
            names.add(f"by {ast.unparse(node.func)}")
    return {name.split(".")[0] or name for name in names}


def test_the_verifier_imports_nothing_but_the_standard_library() -> None:
    """Else it cannot be run by whoever has Python and the papers, or it repeats the mistakes of the draw."""
    assert imported(SOURCE.read_text(encoding="utf-8")) <= sys.stdlib_module_names


def test_the_verifier_runs_on_older_pythons() -> None:
    """Else a witness whose computer is not new cannot check what they hold: the page says Python 3.9."""
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize(
    "line",
    [
        "import reviewcore",
        "from reviewcore.selection import draw",
        "from . import draw",
        "__import__('attrs')",
    ],
)
def test_an_import_of_the_engine_would_be_found(line: str) -> None:
    """Planted offender: else the check above passes whatever the verifier imports."""
    assert not imported(f"import json\ndef f():\n    {line}\n") <= sys.stdlib_module_names


def said(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the verifier says in a folder in which there are only papers and itself."""
    command = [sys.executable, "-I", "-S", "verify.py", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, env={})


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Put papers and the verifier that comes with them into an empty folder."""
    folder.mkdir()
    for name, data in {**files, "verify.py": handouts.verifier()}.items():
        (folder / name).write_bytes(data)
    return folder


READERS = {
    "public": (lambda bodies: made.public(bodies), ("the sealed list:", "the draw:")),
    "witness": (lambda bodies: made.witness(bodies), ("the ledger:", "the chances:", "the account:")),
    "auditor": (lambda bodies: made.auditor(bodies, TIGHT), ("the openings: each of the 10 lines",)),
    "worker": (lambda bodies: made.worker(bodies, TIGHT, 2), ("your case: it was on the sealed list",)),
}


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_checks_what_they_hold_in_an_empty_folder(tmp_path: Path, reader: str) -> None:
    """Else somebody holds papers that they cannot check, or is not told what was checked."""
    papers, lines = READERS[reader]
    done = said(put(tmp_path / reader, papers(tight())))
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"holds   {line}" in done.stdout for line in lines)
    assert "No paper can show" in done.stdout
    assert "WRONG" not in done.stdout


def test_the_public_holds_neither_a_size_nor_a_pseudonym_of_a_worker() -> None:
    """Else what is posted tells caseloads, or joins several draws by worker."""
    bodies = tight()
    posted = b"".join(made.public(bodies).values()).decode()
    workers = {one["worker"] for one in bodies[0]["rows"]} | {one["case"] for one in bodies[0]["rows"]}
    assert not [one for one in workers if one in posted]
    assert bodies[0]["sizes_salt"] not in posted
    assert not any(f'"{name}":' in posted for name in ("listed", "eligible", "by_stratum", "excluded"))


def test_one_case_is_opened_without_any_other() -> None:
    """Else a worker's paper tells about a colleague's case."""
    paper = json.loads(made.worker(tight(), TIGHT, 2)["opening.json"])
    assert paper["case"] == "case 2"
    assert not [n for n in range(len(TIGHT)) if n != 2 and f"case {n}" in json.dumps(paper)]


# -- what it accepts ------------------------------------------------------------------------------------


@given(counties())
@settings(max_examples=150, deadline=None)
def test_invariant_7_the_verifier_accepts_every_true_draw(
    county: tuple[Walk, dict[str, int], int, int],
) -> None:
    """Else a true draw is called forged in front of the union (7; 4: draws are made on the kernel)."""
    cases, quotas, cap, seed = county
    bodies = made.drawn(cases, quotas, cap, seed)
    event("look-ahead" if bodies[1]["tight"] else "no look-ahead")
    event("zero chance" if bodies[0]["chances"]["zero"] else "all have a chance")
    holds, wrong = verify.check(made.auditor(bodies, cases))
    assert wrong == []
    assert len(holds) == 6


def spanning(chance: random.Random) -> tuple[Walk, dict[str, int], int]:
    """A list with more cases of each worker than the kernel keeps, whose workers span strata."""
    names, cap = [f"s{n}" for n in range(chance.randint(2, 8))], chance.choice([1, 1, 1, 2, 3])
    cases: list[tuple[str, str]] = []
    quotas: Counter[str] = Counter(dict.fromkeys(names, 0))
    for worker in range(chance.randint(4, 40)):
        home = chance.sample(names, chance.choice([1, 2, 2, min(3, len(names))]))
        mine = [chance.choice(home) for _ in range(chance.randint(1, 12))]
        cases += [(f"w{worker}", name) for name in mine]
        if chance.random() < 0.9:
            quotas.update(chance.sample(mine, min(cap, len(mine), chance.randint(1, cap))))
    return cases, dict(quotas), cap


def test_certificates_of_the_kernel_hold_on_the_full_ledger() -> None:
    """Else the draw, which looks at the kernel only, is refused by whoever holds the whole list (4, 7)."""
    looked_ahead = 0
    for number in range(120):
        cases, quotas, cap = spanning(random.Random(number))
        rows = {leaf(n): (f"{n}", *("", case[0], "", case[1])[1:]) for n, case in enumerate(cases)}
        entries = [sealed.Entry(one, row[1], row[3]) for one, row in rows.items()]
        key = casedraw.purpose_key(f"{number:064x}", "ticket")
        drawn = sealed.draw(entries, quotas, cap, key)
        paper = sealed.account(drawn)
        assert verify.check_account(paper, verify.in_order(key, rows), quotas, cap, {}) == list(drawn.taken())
        looked_ahead += bool(drawn.tight)
    assert looked_ahead > 30


# -- what it refuses ------------------------------------------------------------------------------------

SMALL: Walk = [("A", "x"), ("A", "y"), ("B", "x"), ("C", "y"), ("C", "y"), ("D", "y")]


def all_papers() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Every kind of paper: exact chances and tried ones, an account with certificates, replacements, groups."""
    from reviewcore.selection import groups, replacing
    from reviewcore.selection.plan import Group

    yield "look-ahead", made.auditor(tight(), TIGHT)
    plain = [case for case in SMALL if case != ("A", "y")]
    yield "exact chances", made.auditor(made.drawn(plain, {"x": 1, "y": 2}, 1, 3), plain)
    yield "own case", made.worker(tight(), TIGHT, 2)
    people = [(made.BLIND.worker(f"P{n}"), ["worker"]) for n in range(5)]
    planned = Group("staff", "Staff", "worker", 2, "week", 1)
    gathered = groups.seal([planned], people)
    body = made.committed(plain, {"x": 1, "y": 1}, 1, gathered)
    drawn = sealed.drawn_from(body, made.lines(3))
    yield "groups", made.public((body, drawn)) | {"groups.json": handouts.groups(body)}
    for fresh in ({}, {"alternates": "fresh"}):
        bodies = made.drawn(TIGHT, QUOTAS, 1, 1, **fresh)
        log: list[Any] = []
        for reason in ("declined", "worker", "declined"):
            out = sealed.leaf(replacing.standing(bodies[1], log)[0])
            lines = made.lines(90 + len(log)) if fresh else ()
            log.append(replacing.replace(*bodies, log, [(out, reason)], lines))
        entries = {
            f"replacement-{n}.json": handouts.replacement(bodies[0], one["entry"])
            for n, one in enumerate(log)
        }
        yield f"replacements {fresh}", made.witness(bodies) | entries


PAPERS = dict(all_papers())


@pytest.mark.parametrize("which", PAPERS)
def test_invariant_7_a_paper_with_any_one_field_changed_is_refused(which: str) -> None:
    """Else a paper is changed on its way, and nobody sees it (7)."""
    files = PAPERS[which]
    assert verify.check(files)[1] == []
    tried = 0
    for name, paper, changed in made.mutations(files, lambda paper: casedraw.jcs(paper).encode()):
        tried += 1
        assert verify.check(changed)[1], (name, paper)
    assert tried > 80


@pytest.mark.parametrize("which", PAPERS)
def test_invariant_7_a_forger_who_mends_the_sum_is_refused_all_the_same(which: str) -> None:
    """Else only a slip is found, and not somebody who knows how papers are made (7, 11).

    What is not bound by the commitment and cannot be worked out from the papers at hand is none.
    """
    files = PAPERS[which]
    for name, paper, changed in made.mutations(files, made.mended):
        if made.mended(paper) != files[name].strip():
            assert verify.check(changed)[1], (name, paper)


def test_a_change_that_nobody_makes_would_pass() -> None:
    """Else the two tests above would pass for a verifier that refuses everything."""
    files = PAPERS["look-ahead"]
    assert all(verify.check({**files, name: made.mended(json.loads(files[name]))})[1] == [] for name in files)


def account_of(bodies: Bodies, **change: Any) -> list[str]:
    """What is wrong with a draw whose account was forged so."""
    return verify.check(made.witness((bodies[0], {**bodies[1], **change})))[1]


def test_invariant_11_a_certificate_forged_dropped_or_moved_is_refused() -> None:
    """Else "taking it would have left a group short" can be said of any case that somebody wants to spare (11)."""
    bodies = tight()
    (case, strata), *_ = bodies[1]["tight"].items()
    others = [one[0] for one in bodies[1]["dispositions"] if one[0] != case]
    assert account_of(bodies) == []
    assert account_of(bodies, tight={})
    for other in others:
        assert account_of(bodies, tight={other: strata})
        assert account_of(bodies, tight={**bodies[1]["tight"], other: strata})
    for forged in ([], ["x"], ["z"], ["x", "y"], ["x", "y", "z"], ["nowhere"], strata * 2):
        if forged != strata:
            assert account_of(bodies, tight={case: forged})


def completes(later: Walk, room: Counter[str], load: Counter[str], cap: int) -> bool:
    """Whether the room can be filled from the later cases, by trying all ways."""
    if not later:
        return not +room
    (worker, stratum), rest = later[0], later[1:]
    if room[stratum] and load[worker] < cap:
        with_it = completes(rest, room - Counter([stratum]), load + Counter([worker]), cap)
        if with_it:
            return True
    return completes(rest, room, load, cap)


@given(counties(), st.data())
@settings(max_examples=150, deadline=None)
def test_invariant_11_whatever_certificate_is_accepted_is_true(
    county: tuple[Walk, dict[str, int], int, int], data: st.DataObject
) -> None:
    """Else some forged set of strata passes for a reason: every set is tried against brute force (11)."""
    cases, quotas, cap, seed = county
    body, drawn = made.drawn(cases, quotas, cap, seed)
    rows = {sealed.leaf(row): (row["case"], row["worker"], "", row["stratum"]) for row in body["rows"]}
    order = verify.in_order(drawn["key"], rows)
    whys = {one: why for one, _, why in drawn["dispositions"]}
    walk = verify.Walk(order, quotas, cap, {})
    accepted = 0
    for place, (_, one, row) in enumerate(order):
        strata = data.draw(st.sets(st.sampled_from(sorted(quotas))))
        alone = {row[3]} & strata or not strata
        before = walk.room[row[3]] and walk.load[row[1]] < cap and (row[1], row[3]) not in walk.closed
        if before:
            walk.left[row[1], row[3]] -= 1
            room = Counter(walk.room) - Counter([row[3]])
            later = [(r[1], r[3]) for _, _, r in order[place + 1 :]]
            try:
                walk.prove(row[1], row[3], tuple(sorted(strata)))
            except verify.Wrong:
                pass
            else:
                accepted += 1
                assert not alone
                assert not completes(later, room, walk.load + Counter([row[1]]), cap)
            walk.left[row[1], row[3]] += 1
        walk.step(row[1], row[3], whys[one] == "taken", drawn["tight"].get(one))
    event("accepted" if accepted else "none accepted")


# -- planted wrong draws, each told by the account that it would have to give ------------------------------


def refused(cases: Walk, quotas: dict[str, int], picked: list[int], seed: int = 5) -> bool:
    """Whether the verifier refuses a selection of these places of the list, put into true papers."""
    body, drawn = made.drawn(cases, quotas, 1, seed)
    rows = {sealed.leaf(row): row for row in body["rows"]}
    leaves = [sealed.leaf(body["rows"][place]) for place in picked]
    numbers = {one: casedraw.ticket(drawn["key"], one) for one in rows}
    leaves.sort(key=lambda one: (numbers[one], one))
    told = [[one, number, "taken" if one in leaves else "stratum full"] for number, one in sorted(
        (number, one) for one, number in numbers.items())]  # fmt: skip
    forged = {
        **drawn,
        "selected": [{**rows[one], "place": place} for place, one in enumerate(leaves, 1)],
        "dispositions": told,
        "tight": {},
        "result": casedraw.result(body["commitment"], drawn["seed"], leaves),
    }
    return bool(verify.check(made.witness((body, forged)))[1])


COUNTY: Walk = [(f"W{n % 7}", "x" if n % 3 else "y") for n in range(30)]


def ours(seed: int = 5) -> list[int]:
    """The places that the draw takes."""
    body, drawn = made.drawn(COUNTY, {"x": 4, "y": 2}, 1, seed)
    cases = [row["case"] for row in body["rows"]]
    return [cases.index(one["case"]) for one in drawn["selected"]]


def first_n_by_id() -> list[int]:
    """The first cases of the list that keep quotas and cap."""
    return list(greedy(COUNTY, {"x": 4, "y": 2}, 1))


def one_per_worker_then_strata() -> list[int]:
    """The pandas idiom: one random case of each worker, then a sample by group."""
    chance, by_worker = random.Random(1), {}
    for place in chance.sample(range(len(COUNTY)), len(COUNTY)):
        by_worker.setdefault(COUNTY[place][0], place)
    found: list[int] = []
    for name, quota in {"x": 4, "y": 2}.items():
        mine = [place for place in by_worker.values() if COUNTY[place][1] == name]
        found += mine[:quota]
    return found


def with_replacement() -> list[int]:
    """Each draw forgets the one before."""
    chance = random.Random(2)
    by = {name: [n for n, case in enumerate(COUNTY) if case[1] == name] for name in "xy"}
    return [chance.choice(by["x"]) for _ in range(4)] + [chance.choice(by["y"]) for _ in range(2)]


def by_the_clock() -> list[int]:
    """Drawn by the rule, with another seed than the dice: that of the clock."""
    return ours(seed=1_767_225_600)


def by_numeric_ids() -> list[int]:
    """Tickets from ids that were taken for numbers, and not from the sealed lines."""
    order = sorted(range(len(COUNTY)), key=lambda n: hash(float(n) * 7919 % 101))
    return [order[place] for place in greedy([COUNTY[n] for n in order], {"x": 4, "y": 2}, 1)]


@pytest.mark.parametrize(
    "offender",
    [first_n_by_id, one_per_worker_then_strata, with_replacement, by_the_clock, by_numeric_ids],
)
def test_a_planted_wrong_draw_is_caught_by_the_verifier(offender: Any) -> None:
    """Else a selection that was not made by lot passes with true-looking papers (OWN-3, QSR-2)."""
    assert refused(COUNTY, {"x": 4, "y": 2}, offender())


def test_a_planted_greedy_draw_is_caught_in_a_tight_county() -> None:
    """Else a draw that skips only "worker taken", and falls short, passes: the union-hall example."""
    cases, quotas = [("A", "x"), ("A", "y"), ("B", "x")], {"x": 1, "y": 1}
    caught = 0
    for seed in range(20):
        body, drawn = made.drawn(cases, quotas, 1, seed)
        order = sorted(range(3), key=lambda n: casedraw.ticket(drawn["key"], sealed.leaf(body["rows"][n])))
        picked = [order[place] for place in greedy([cases[n] for n in order], quotas, 1)]
        if len(picked) < 2:
            caught += 1
            assert refused(cases, quotas, picked, seed)
    assert caught > 2


def test_the_true_draw_of_that_county_is_not_caught() -> None:
    """Else the planted draws above are refused for another reason than what is wrong with them."""
    body, drawn = made.drawn(COUNTY, {"x": 4, "y": 2}, 1, 5)
    assert verify.check(made.witness((body, drawn)))[1] == []


@given(
    st.sampled_from(sorted(PAPERS["look-ahead"])), st.integers(0, 10**6), st.binary(min_size=1, max_size=9)
)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_paper_is_told_and_nothing_breaks(name: str, at: int, noise: bytes) -> None:
    """Else a damaged paper ends in an error of the program, and whoever holds it does not know what is wrong."""
    data = PAPERS["look-ahead"][name]
    at %= len(data)
    assume(data[at : at + len(noise)] != noise)
    assert verify.check({**PAPERS["look-ahead"], name: data[:at] + noise + data[at + len(noise) :]})[1]


WEIRD: list[Any] = [
    {},
    [],
    [[]],
    {"a": 1},
    [{}],
    "",
    "x",
    0,
    -1,
    10**40,
    [["x"] * 4],
    {"strata": [{}]},
    None,
    True,
]


@pytest.mark.parametrize("weird", WEIRD, ids=repr)
def test_a_field_of_another_kind_is_told_though_the_sum_was_mended(weird: Any) -> None:
    """Else a forger can make the program break, and say that it is at fault."""
    files = PAPERS["look-ahead"]
    for name, data in files.items():
        paper = json.loads(data)
        for key in paper:
            forged = {**paper, key: weird}
            if key in ("fields", "plan") and isinstance(paper[key], dict):
                forged = {**paper, key: {**paper[key], next(iter(paper[key])): weird}}
            try:
                changed = made.mended(forged)
            except ValueError:
                changed = json.dumps(forged).encode()
            if key != "sum" and forged != paper:
                assert verify.check({**files, name: changed})[1], (name, key)


def test_every_invariant_has_its_test() -> None:
    """Else one of the seventeen invariants of the definition is held by nothing."""
    cited: set[str] = set()
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = ast.get_docstring(node) or ""
                found = re.findall(r"\(((?:\d+(?:, |; )?)+)[^)]*\)", said) + re.findall(
                    r"invariants? (\d+)", said
                )
                cited |= {one for part in found for one in re.findall(r"\d+", part)}
    assert {str(number) for number in range(1, 18)} <= cited


# -- papers that do not belong together --------------------------------------------------------------------

OTHER = {**made.witness(made.drawn(TIGHT, QUOTAS, 1, 4, source="elsewhere"))}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ledger.json": OTHER["ledger.json"]}, "it belongs to another draw"),
        (
            {"ledger.json": PAPERS["look-ahead"]["ledger.json"][:-200]},
            "it was cut short or changed on the way",
        ),
        ({"notes.json": b'{"some":"thing"}'}, "it is no paper of a draw"),
        ({"second.json": PAPERS["look-ahead"]["draw.json"]}, "there are two papers of this kind"),
        ({"commitment.json": None}, "one paper of it must be here"),
        ({"ledger.json": None}, "to check it, the ledger"),
        ({"draw.json": b'{"paper":"casedraw/1 draw","paper":"x"}'}, "a name stands in it twice"),
        ({"draw.json": b'{"paper":"casedraw/1 draw","n":1.5}'}, "it holds a number that is not whole"),
    ],
)
def test_papers_that_do_not_belong_together_are_told(change: dict[str, bytes | None], words: str) -> None:
    """Else somebody is told that a draw is forged who only mixed up two folders, or not told at all."""
    files = {name: data for name, data in {**PAPERS["look-ahead"], **change}.items() if data is not None}
    _, wrong = verify.check(files)
    assert any(words in line for line in wrong), wrong
