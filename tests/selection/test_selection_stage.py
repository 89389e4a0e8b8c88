"""The stage from the sealed list to the draw: what it refuses, writes, repeats and restores."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from fractions import Fraction
from importlib.util import find_spec

import pytest
from attrs import evolve
from selection_lists import AT, DICE, FIELDS, KEY, PLAN, county, records, row

from reviewcore.errors import BadInput, Refused
from reviewcore.language import Compare
from reviewcore.selection import casedraw, record, stage, verify
from reviewcore.selection.eliminating import ask, countersign
from reviewcore.selection.plan import SelectionPlan, Stratum
from reviewcore.selection.seedrule import read_lines, read_rule
from reviewcore.store import points


def commit(kept, rows=None, plan=PLAN, rule="dice 24", at=AT, **more):
    """Seal the county's list, or another one."""
    stage.commit(kept, KEY, county() if rows is None else rows, plan, FIELDS, rule, at, **more)


def kinds(kept) -> list[str]:
    """The kinds of the events so far."""
    return [event.kind for event in kept.log.events()]


@pytest.fixture
def kept(tmp_path):
    """The records of a review that has just begun."""
    return records(tmp_path)


# -- sealing ------------------------------------------------------------------------------------------


def test_a_sealed_list_binds_everything_before_the_seed(kept):
    """Else something that decides the draw could still be changed after the dice are known."""
    kept.log.append("register.read", {"control_total": 67, "control_source": "monthly report"})
    commit(kept)
    body = stage.state(kept.log).committed
    leaves = [casedraw.leaf(r["case"], r["worker"], r["unit"], r["stratum"]) for r in body["rows"]]
    assert body["root"] == casedraw.root(leaves)
    assert (body["listed"], body["eligible"], body["control_total"]) == (67, 60, 67)
    assert body["by_stratum"] == {"child-welfare": 40, "probation": 20}
    assert body["quotas"] == {"child-welfare": 6, "probation": 3}
    assert body["plan_hash"] == casedraw.plan_hash(body["plan"])
    assert body["key_commitment"] == casedraw.Blinding(KEY).commitment()
    names = [
        "listed",
        "eligible",
        "excluded",
        "by_stratum",
        "workers_by_stratum",
        "control_total",
        "control_source",
    ]
    assert body["sizes"] == casedraw.sizes(body["sizes_salt"], {name: body[name] for name in names})
    hashed = ["spec", "root", "sizes", "plan_hash", "key_commitment", "seed_rule", "time", "earlier"]
    assert body["commitment"] == casedraw.commitment({name: body[name] for name in hashed})


def test_neither_event_nor_papers_hold_an_id(kept):
    """Else the log or a paper names a case or a worker (design.md: events hold pseudonyms only)."""
    commit(kept)
    stage.draw(kept, [DICE])
    said = json.dumps([event.body for event in kept.log.events()])
    said += "".join(path.read_text() for path in (kept.folder / "papers").rglob("*.txt"))
    assert not any(f'"{prefix}{number:03}"' in said for prefix in "CW" for number in range(67))
    assert "W001" not in said


def test_quotas_that_cannot_be_filled_are_refused_in_words_before_any_seed(kept):
    """Else the county finds out with the dice on the table (selection.md section 1, PQCR-4)."""
    strata = (evolve(PLAN.strata[0], quota=14), evolve(PLAN.strata[1], quota=3))
    with pytest.raises(Refused) as caught:
        commit(kept, plan=evolve(PLAN, strata=strata))
    assert str(caught.value) == (
        "stratum child-welfare needs 14 case slots; workers can supply 12. It would do to lower "
        "child-welfare to 12, or to let a worker have 2 cases (if none was promised fewer). Nothing was sealed, "
        "and no dice are needed yet"
    )
    assert kinds(kept) == []
    assert not (kept.folder / "papers").exists()


def test_strata_that_share_their_workers_are_named_together(kept):
    """Else a county lowers one quota after the other without learning what holds it up."""
    halves = [
        row(number, number // 2, program=("child-welfare", "probation")[number % 2]) for number in range(24)
    ]
    strata = (evolve(PLAN.strata[0], quota=9), evolve(PLAN.strata[1], quota=6))
    said = "strata child-welfare, probation need 15 case slots; workers can supply 12. "
    with pytest.raises(Refused, match=f"{said}It would do to lower child-welfare to 6 or probation to 3"):
        commit(kept, halves, evolve(PLAN, strata=strata))


def test_where_no_single_quota_is_enough_the_smallest_change_of_several_is_said(kept):
    """Else a county is told to lower a quota and is refused again."""
    strata = (evolve(PLAN.strata[0], quota=13), evolve(PLAN.strata[1], quota=6))
    with pytest.raises(Refused, match="lower child-welfare to 12 and probation to 5"):
        commit(kept, plan=evolve(PLAN, strata=strata))


def test_a_plan_that_cannot_be_meant_is_refused_with_every_problem(kept):
    """Else a slip in the plan decides who is reviewed."""
    plan = SelectionPlan((Stratum("all", 3, Compare("programme", "is", "x")),), per_worker=0)
    with pytest.raises(BadInput) as caught:
        commit(kept, plan=plan)
    assert [str(one) for one in caught.value.problems] == [
        "selection plan: per_worker: must be at least 1 (got 0)",
        "selection plan: strata[1]: where: unknown field 'programme'; did you mean 'program'?",
    ]


def test_sealing_the_same_again_does_nothing(kept):
    """Else a stage that is repeated after a crash looks like a second attempt at the draw."""
    commit(kept)
    before = kept.log.events()
    commit(kept, rows=county()[::-1], at=AT + timedelta(hours=1))
    stage.draw(kept, [DICE])
    commit(kept, at=AT + timedelta(days=1))
    assert kept.log.events("selection.committed") == before


def test_a_second_attempt_shows_for_good(kept):
    """Else an agency can seal and roll until the draw pleases: a reroll cannot be hidden (section 4, point 5)."""
    commit(kept)
    first = stage.state(kept.log).committed
    commit(kept, rows=county()[1:])
    commit(kept)
    second, third = (event.body for event in kept.log.events("selection.committed")[1:])
    assert second["earlier"] == [first["commitment"]]
    assert third["earlier"] == [first["commitment"], second["commitment"]]
    assert len({body["commitment"] for body in (first, second, third)}) == 3
    papers = kept.folder / "papers" / "selection"
    for name in ("commitment{}.txt", "plan{}.txt", "public{}", "witness{}"):
        assert all((papers / name.format(attempt)).exists() for attempt in ("", "-2", "-3"))
    said = (papers / "commitment-3.txt").read_text()
    assert "sealed 2 times before" in said
    assert first["commitment"] in said


def test_nothing_new_is_sealed_after_the_draw(kept):
    """Else the list could be exchanged under a draw that is already known."""
    commit(kept)
    stage.draw(kept, [DICE])
    for change in ({"rows": county()[1:]}, {"rule": "dice 30"}, {"plan": evolve(PLAN, per_worker=2)}):
        with pytest.raises(Refused, match="the draw has been made"):
            commit(kept, **change)
    assert kinds(kept) == ["selection.committed", "selection.drawn"]


# -- drawing ------------------------------------------------------------------------------------------


def test_a_draw_follows_from_the_sealed_list_and_the_dice(kept):
    """Else the event says something else than the definition: recomputed here with hashlib alone."""
    commit(kept)
    stage.draw(kept, [DICE])
    now = stage.state(kept.log)
    digits = DICE.removeprefix("dice").replace(" ", "")
    said = f"casedraw/1/seed\n{now.committed['commitment']}\ndice {digits}"
    seed = hashlib.sha256(said.encode()).hexdigest()
    assert now.drawn["seed"] == seed
    key = hashlib.sha256(f"casedraw/1/ticket\n{seed}".encode()).hexdigest()
    for leaf, ticket, _ in now.drawn["dispositions"]:
        assert ticket == hashlib.sha256(f"{key}{leaf}".encode()).hexdigest()
    assert [ticket for _, ticket, _ in now.drawn["dispositions"]] == sorted(
        t for _, t, _ in now.drawn["dispositions"]
    )
    assert now.by_stratum == {"child-welfare": 6, "probation": 3}
    assert [one.place for one in now.selected] == list(range(1, 10))
    assert len({one.row.worker for one in now.selected}) == 9  # PQCR-4


def test_a_seed_before_the_list_is_sealed_is_refused(kept):
    """Else the list could be made to fit the dice."""
    with pytest.raises(Refused, match="no list is sealed yet: seal it and hand out its paper first"):
        stage.draw(kept, [DICE])


def test_a_second_draw_is_refused_and_the_same_draw_repeated_does_nothing(kept):
    """Else an agency rolls until the draw pleases; and a repeated stage must end in the same bytes."""
    commit(kept)
    stage.draw(kept, [DICE])
    before = kept.log.events()
    stage.draw(kept, [DICE.replace(" ", "").replace("dice", "dice ")])
    assert kept.log.events() == before
    with pytest.raises(Refused, match="a second draw is refused"):
        stage.draw(kept, [DICE.replace("3141", "3142")])
    kept.log.erase(2)
    with pytest.raises(Refused, match="cannot be made again"):
        stage.draw(kept, [DICE])


def test_a_list_that_was_changed_after_sealing_is_not_drawn_from(kept):
    """Else a row that is exchanged in the log is drawn as if it had been sealed."""
    commit(kept)
    body = json.loads(json.dumps(kept.log.events()[-1].body))
    body["rows"][0]["worker"] = body["rows"][1]["worker"]
    kept.log.append("selection.committed", body)
    with pytest.raises(Refused, match="not the one that was sealed"):
        stage.draw(kept, [DICE])


def test_the_selected_rows_come_back_as_they_went_in(kept):
    """Else later stages compare a date with a text, and rules about declared fields silently fail."""
    rows = [row(n, n, days_open=Fraction(181, 2), opened=date(2026, 2, 1)) for n in range(12)]
    plan = SelectionPlan((Stratum("all", 2),))
    commit(kept, rows, plan)
    stage.draw(kept, [DICE])
    listed = {one.case: one for one in rows}
    for one in stage.state(kept.log).selected:
        assert one.row == listed[one.row.case]
        assert one.stratum == "all"


WRITES = 15 + bool(find_spec("typst"))
"""So often do sealing and drawing write something for good; the record is a PDF, too, where typst is there."""


class Cut(Exception):
    """The process is gone."""


@pytest.mark.parametrize("point", range(1, WRITES + 1))
def test_a_stage_that_is_cut_off_anywhere_ends_in_the_same_bytes_when_repeated(tmp_path, monkeypatch, point):
    """Else a crash leaves half a draw, or makes a second attempt of what is only a repetition."""

    def run(kept) -> None:
        commit(kept)
        stage.draw(kept, [DICE])

    for name in ("whole", "cut"):
        (tmp_path / name).mkdir()
    whole, cut = records(tmp_path / "whole"), records(tmp_path / "cut")
    reached = []
    monkeypatch.setattr(points, "about_to", reached.append)
    run(whole)
    assert len(reached) == WRITES
    reached.clear()

    def die(what: str) -> None:
        reached.append(what)
        if len(reached) == point:
            raise Cut

    monkeypatch.setattr(points, "about_to", die)
    with pytest.raises(Cut):
        run(cut)
    run(records(tmp_path / "cut"))
    again = records(tmp_path / "cut")
    assert [event.body for event in again.log.events()] == [event.body for event in whole.log.events()]
    one, other = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in (folder / "papers").rglob("*")
            if path.is_file()
        }
        for folder in (whole.folder, cut.folder)
    )
    assert one == other


# -- the seed's rule and lines ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("dice", "dice 24"),
        (" dice  030", "dice 30"),
        ("beacon drand-quicknet 5000000", "beacon drand-quicknet 5000000"),
        ("dice 24 and beacon nist 2:41 and witnesses 2", "dice 24 and beacon nist 2:41 and witnesses 2"),
    ],
)
def test_seed_rules_are_read_in_one_form(said, read):
    """Else one rule is sealed under two texts."""
    assert str(read_rule(said)) == read


@pytest.mark.parametrize(
    "said", ["", "coin", "witnesses 3", "dice 24 and", "dice and dice", "dice 24 beacon a 1"]
)
def test_a_seed_rule_without_chance_or_sense_is_refused(said):
    """Else people's own words, which they can choose, decide the draw."""
    with pytest.raises(Refused, match="the seed rule is 'dice 24', 'beacon NAME ROUND' or both"):
        read_rule(said)
    with pytest.raises(Refused, match="names 23 dice; it takes at least 24"):
        read_rule("dice 23")


VALUE = "0" * 63 + "F"


def test_seed_lines_have_one_form_and_order_whoever_types_them():
    """Else whoever types them can choose between several seeds."""
    rule = read_rule("dice 24 and beacon b 7 and witnesses 2")
    given_lines = ["witness  zebra", "1234 " * 6, f"beacon b 7 {VALUE}", "witness Apfel"]
    fixed = ("dice " + "1234" * 6, f"beacon b 7 {VALUE.lower()}", "witness Apfel", "witness zebra")
    assert read_lines(rule, given_lines) == fixed
    assert read_lines(rule, fixed[::-1]) == fixed


@pytest.mark.parametrize(
    ("rule", "lines", "said"),
    [
        ("dice", ["dice 123"], "asks for 24 dice; 3 are given: write down exactly these"),
        ("dice", ["dice " + "1" * 25], "asks for 24 dice; 25 are given"),
        ("dice", [], "asks for 1 dice line; given: 0"),
        ("dice", [DICE, DICE], "asks for 1 dice line; given: 2"),
        ("dice", [DICE, "witness me"], "has no witness line: leave it out"),
        ("dice", [DICE, f"beacon b 7 {VALUE}"], "has no line of another beacon: leave it out"),
        (
            "beacon b 7",
            [f"beacon b 8 {VALUE}"],
            "asks for 1 line 'beacon b 7 VALUE'; given: 0; the sealed rule has no",
        ),
        ("beacon b 7", [f"beacon b 7 {VALUE}", DICE], "has no dice line: leave it out"),
        ("dice", ["six sixes"], "seed line 1: write 'dice' and the digits as rolled"),
        ("dice", ["dice 1\t2"], r"seed line 1: character 7 \(U\+0009\) cannot be seen"),
        ("dice and witnesses 2", [DICE], "asks for 2 witness lines; given: 0"),
    ],
)
def test_lines_that_the_sealed_rule_does_not_ask_for_are_refused(kept, rule, lines, said):
    """Else a die or a line more or less lets whoever enters them try out draws."""
    commit(kept, rule=rule)
    with pytest.raises(Refused, match=said):
        stage.draw(kept, lines)
    assert kinds(kept) == ["selection.committed"]


# -- the papers ---------------------------------------------------------------------------------------


def test_the_sealed_lists_paper_can_be_checked_by_hand_and_tells_no_small_size(kept):
    """Else the union holds a page that binds nobody, or that tells how many cases a small group has."""
    kept.log.append("register.read", {"control_total": 67, "control_source": "monthly report"})
    commit(kept)
    said = (kept.folder / "papers/selection/commitment.txt").read_text()
    body = stage.state(kept.log).committed
    (hashed,) = (line.strip() for line in said.splitlines() if line.startswith("  {"))
    assert hashlib.sha256(f"casedraw/1/commit\n{hashed}".encode()).hexdigest() == body["commitment"]
    assert body["commitment"] in said
    assert "67 cases were listed. That is also the agency's own count (monthly report)." in " ".join(
        said.split()
    )
    assert "- Child welfare: 37 to 46 cases of 12 workers; 6 will be drawn." in said
    assert "- Juvenile probation: 20 cases of 1 to 10 workers; 3 will be drawn." in said
    assert "- Left out: 1 to 10 cases, for these reasons:\n    in no stratum\n" in said
    assert "roll 24 ten-sided dice" in said
    for word in ("ticket", "Hall", "lexicographic", "stratum:"):
        assert word not in said
    assert {
        "path": "papers/selection/commitment.txt",
        "sha256": hashlib.sha256(said.encode()).hexdigest(),
    } in body["papers"]
    assert len(said.splitlines()) < 75
    assert all(len(line) <= 78 for line in said.splitlines() if not line.startswith("  "))


def test_reasons_are_told_with_their_sizes_where_these_are_large(kept):
    """Else the union cannot see how many cases were left out although nothing stands against it."""
    more = [row(100 + number, 1, days_open=10) for number in range(20)]
    more += [row(200 + number, 1, closed=True) for number in range(14)]
    commit(kept, county()[:60] + more, k=5)
    said = (kept.folder / "papers/selection/commitment.txt").read_text()
    assert "- Left out: 34 cases, for these reasons:" in said
    assert "not eligible: days open is below 60: 20 cases" in said


def test_a_count_that_is_not_the_agencys_own_is_said(kept):
    """Else a list that lacks cases passes for the whole list."""
    kept.log.append("register.read", {"control_total": 70, "control_source": "monthly report"})
    commit(kept)
    said = (kept.folder / "papers/selection/commitment.txt").read_text()
    assert "The agency's own count is another number; ask the agency" in " ".join(said.split())


def test_the_paper_of_the_draw_lists_each_number_and_no_pseudonym_of_a_worker(kept):
    """Else a drawn case's number cannot be checked, or several draws can be joined by worker."""
    commit(kept)
    stage.draw(kept, [DICE])
    said = (kept.folder / "papers/selection/result.txt").read_text()
    now = stage.state(kept.log)
    taken = [(leaf, ticket) for leaf, ticket, why in now.drawn["dispositions"] if why == "taken"]
    assert all(leaf in said and ticket in said for leaf, ticket in taken)
    assert now.drawn["seed"] in said
    assert now.drawn["result"] == casedraw.result(
        now.committed["commitment"], now.drawn["seed"], [t[0] for t in taken]
    )
    assert not any(one.row.worker in said or one.row.case in said for one in now.selected)


def test_the_record_of_the_meeting_says_what_those_who_sign_have_seen(kept, monkeypatch):
    """Else the page that is signed binds to another draw, or names somebody, or speaks to engineers."""
    commit(kept)
    stage.draw(kept, [DICE])
    now, folder = stage.state(kept.log), kept.folder / "papers/selection"
    said = (folder / "record.html").read_text()
    assert now.committed["commitment"] in said
    assert now.drawn["result"] in said
    assert "dice 3141 5926 5358 9793 2384 6264" in said
    assert "<td>Child welfare</td><td>6</td>" in said
    assert "For the union" in said
    for word in ("ticket", "stratum", "Hall", "lexicographic"):
        assert word not in said
    blocks = record.blocks(now.committed, now.drawn)
    made = record.pdf(blocks, now.committed["time"])
    assert (made is not None) == (find_spec("typst") is not None) == (folder / "record.pdf").is_file()
    if made is not None:
        assert made == record.pdf(blocks, now.committed["time"]) == (folder / "record.pdf").read_bytes()
        assert made.startswith(b"%PDF")
        assert made.count(b"/Type /Page\n") + made.count(b"/Type/Page/") <= 1
    monkeypatch.setattr(record, "find_spec", lambda name: None)
    assert record.pdf(blocks, now.committed["time"]) is None


def test_words_in_the_record_are_words_and_no_markup(kept):
    """Else a group's title can put anything on the page that is signed."""
    odd = evolve(PLAN, strata=(evolve(PLAN.strata[0], title="<b>A</b> #panic() *x* & y"), PLAN.strata[1]))
    commit(kept, plan=odd)
    stage.draw(kept, [DICE])
    said = (kept.folder / "papers/selection/record.html").read_text()
    assert "&lt;b&gt;A&lt;/b&gt; #panic() *x* &amp; y" in said


def test_the_sampling_plan_stands_under_the_headings_of_the_regulation(kept):
    """Else a state reviewer looks for an answer that 7 CFR 275.11 asks for, and finds none; or a small size."""
    kept.log.append("register.read", {"control_total": 67, "control_source": "monthly report"})
    commit(kept)
    said = (kept.folder / "papers/selection/plan.txt").read_text()
    for heading in (
        "source", "availability", "accuracy", "completeness", "components", "location", "form",
        "frequency of updates", "deletion of cases not subject to review", "structure",
    ):  # fmt: skip
        assert f"Frame: {heading}\n" in said
    for heading in (
        "estimating caseload size", "overpull", "computation of sampling intervals and random starts",
        "stratification or clustering", "identifying sample cases", "correcting over- or undersampling",
        "monitoring sample selection and assignment",
    ):  # fmt: skip
        assert f"Selection: {heading}\n" in said
    for heading in (
        "Time schedule for each step", "Estimating characteristics of the population, and their sampling errors",
    ):  # fmt: skip
        assert f"\n{heading}\n" in said
    assert "the agency's own count (monthly report) is the same" in " ".join(said.split())
    assert "- Child welfare: 37 to 46 cases of 12 workers; 6 will be drawn." in said
    assert all(len(line) <= 78 for line in said.splitlines())


def test_cases_without_a_chance_are_told_of_without_their_number(kept):
    """45 CFR 265.5(b)(1): else a case that nothing can draw passes for one that was spared by chance."""
    strata = (*PLAN.strata[:1], evolve(PLAN.strata[1], quota=0))
    commit(kept, plan=evolve(PLAN, strata=strata))
    body = stage.state(kept.log).committed
    assert len(body["chances"]["zero"]) == body["by_stratum"]["probation"]
    said = " ".join((kept.folder / "papers/selection/commitment.txt").read_text().split())
    assert "Some cases on the list can be drawn by no seed" in said


def test_new_dice_for_replacements_need_a_rule_of_dice(kept):
    """Else a batch of replacements is to wait for a beacon whose round is over, and known to everybody."""
    with pytest.raises(Refused, match="give a seed rule of dice"):
        commit(kept, plan=evolve(PLAN, fresh_alternates=True), rule="dice 24 and beacon b 7")


def test_an_elimination_waits_for_new_dice_where_the_plan_says_so(kept):
    """Else alternates can be shopped for, or the dice of the draw count twice."""
    commit(kept, plan=evolve(PLAN, fresh_alternates=True))
    stage.draw(kept, [DICE])
    gone = stage.state(kept.log).selected[0].row.case
    ask(kept, gone, "declined")
    kept.log.actor = "second"
    countersign(kept, gone)
    countersign(kept, gone)
    assert list(stage.state(kept.log).eliminations.waiting) == [gone]
    stage.draw(kept, [DICE])
    assert gone in {one.row.case for one in stage.state(kept.log).selected}
    new = DICE.replace("3141", "2718")
    stage.draw(kept, [new])
    stage.draw(kept, [new])
    now = stage.state(kept.log)
    assert gone not in {one.row.case for one in now.selected}
    assert len(now.selected) == 9
    assert kinds(kept).count("selection.replaced") == 1
    with pytest.raises(Refused, match="a second draw is refused"):
        stage.draw(kept, [DICE.replace("3141", "1111")])
    witness = kept.folder / "papers/selection/witness"
    assert verify.check(verify.files_in([str(witness)]))[1] == []
