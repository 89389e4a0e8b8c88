"""The interview stage: one schedule, workbooks out, answers in; and what happens when something goes wrong."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from reviewcore.errors import Refused
from reviewcore.interview.stage import collect, filled, schedule, state
from reviewcore.store import points
from tests.interview.made_up_review import (
    FIELDS,
    HOST,
    Made,
    asks_for_supervisor,
    drawn,
    fake,
    later,
    open_review,
    people,
    person,
)
from tests.interview.resaving import find, grids, resave
from tests.properties.schedule_checker import wrong_teams, wrong_times


def scheduled(made: Made) -> Made:
    """Schedule the interviews."""
    schedule(made.records, made.vault, made.profile, made.plan, host_county=HOST, fields=FIELDS)
    return made


def hand_in(made: Made, token: str, voice: str = "3", note: str = "", name: str = "") -> Path:
    """Put a filled-in workbook into the folder of those that came back."""
    data = workbook(made, token, voice, note)
    path = made.records.folder / "returned" / (name or f"{token}.xlsx")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def workbook(made: Made, token: str, voice: str = "3", note: str = "") -> bytes:
    """Return a session's workbook as a team would fill it in."""
    session = next(s for s in state(made.records.log).sessions if s["token"] == token)
    welfare = session["case"] in {fake("case", str(n)) for n in range(0, 20, 2)}
    answers: dict[str, Any] = {"voice": voice, "visits": 1} if welfare else {"voice": voice, "court": "n"}
    notes = {"notes": note} if note else {}
    if voice in ("1", "2"):
        answers["why"] = ("travel",)
    return filled(
        made.records,
        made.profile,
        made.plan,
        token,
        answers=answers,
        not_applicable={},
        notes=notes,
        fields=FIELDS,
    )


def collected(made: Made) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """Collect, and return what was new, what was known and what is wrong."""
    done = collect(made.records, made.vault, made.plan, fields=FIELDS)
    return done.new, done.unchanged, [str(problem) for problem in done.problems]


def papers(made: Made) -> dict[str, bytes]:
    """Return all papers by name."""
    root = made.records.folder / "papers"
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def bodies(made: Made) -> list[tuple[str, Any]]:
    """Return what all events say."""
    return [(event.kind, event.body) for event in made.records.log.events()]


# -- the schedule -------------------------------------------------------------------------------------


def test_every_case_is_scheduled_by_the_rules(tmp_path: Path) -> None:
    """A case would have no interview, or somebody would be in two places (PQCR-3, PQCR-6, invariant 16)."""
    made = drawn(tmp_path, workers=12)
    for worker in ("w0", "w2", "w4", "w1"):
        asks_for_supervisor(made, worker)
    now = state(scheduled(made).records.log)
    teams = {team["team"]: team["members"] for team in now.teams}
    ids = {p["person_id"]: p["pseudonym"] for p in people(12)}
    known = {
        p["pseudonym"]: {
            "county": p["county"],
            "unit": p["unit"],
            "supervisor": ids.get(p["supervisor_id"], ""),
        }
        for p in people(12)
    }
    assert wrong_teams(teams, known, HOST, smallest=2, largest=4, peers=1) == []
    assert len({s["case"] for s in now.sessions}) == 12
    days = made.profile.calendar.days()
    assert wrong_times(
        now.sessions, teams, known, HOST, tokens={s["token"] for s in now.sessions}, days=days, opens="08:00",
        closes="17:00", minutes=60, rooms=2,
    ) == []  # fmt: skip
    asked = {s["worker"]: s["supervisor"] for s in now.sessions if s["supervisor"]}
    assert asked == {fake("person", w): fake("person", f"s{int(w[1]) % 2}") for w in ("w0", "w2", "w4", "w1")}


def test_papers_name_people_only_where_they_must(tmp_path: Path) -> None:
    """A workbook that leaves the building, a file name or the log would tell whose case it is."""
    made = scheduled(drawn(tmp_path))
    names = re.compile(rb"Name|Of-|C-0000|w\d@")
    for name, data in papers(made).items():
        text = str(grids(data)).encode()
        if name == "schedule/schedule.xlsx":
            assert names.search(text)
            assert b"C-00003" in text
        else:
            assert re.fullmatch(r"sessions/[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\.xlsx", name)
            assert not names.search(text)
            assert fake("person", "w0").encode() not in data
    assert not names.search(str(bodies(made)).encode())
    body = made.records.log.last("interview.scheduled")
    assert body is not None
    assert body.body is not None
    assert {paper["path"] for paper in body.body["papers"]} == {f"papers/{name}" for name in papers(made)}


def test_scheduling_again_changes_nothing(tmp_path: Path) -> None:
    """Every run would send people a new time."""
    made = scheduled(drawn(tmp_path))
    before = bodies(made), papers(made)
    scheduled(made)
    assert (bodies(made), papers(made)) == before


def test_a_new_reply_moves_only_what_it_must(tmp_path: Path) -> None:
    """One worker's wish would give everybody another time, after the letters have gone out."""
    made = scheduled(drawn(tmp_path, workers=14))
    first = {s["token"]: s for s in state(made.records.log).sessions}
    asks_for_supervisor(made, "w3")
    second = {s["token"]: s for s in state(scheduled(made).records.log).sessions}
    changed = [token for token in first if first[token] != second[token]]
    assert [second[token]["supervisor"] for token in changed] == [fake("person", "s1")]
    asks_for_supervisor(made, "w3", wants=False)
    assert {s["token"]: s for s in state(scheduled(made).records.log).sessions} == first
    assert len(made.records.log.events("interview.scheduled")) == 3


def test_to_confirm_receipt_takes_no_wish_back(tmp_path: Path) -> None:
    """A worker who asked for their supervisor would find themselves alone, for having said thank you (PQCR-3)."""
    made = drawn(tmp_path)
    asks_for_supervisor(made, "w3")
    made.records.log.append("letters.replied", {"id": "L-w3", "answer": "receipt", "supervisor": False})
    made.records.log.append("letters.drafted", {"letters": [{"id": "other", "to": fake("person", "w3")}]})
    made.records.log.append("letters.replied", {"id": "other", "answer": "yes", "supervisor": False})
    assert sum(bool(s["supervisor"]) for s in state(scheduled(made).records.log).sessions) == 1


def test_once_the_event_has_begun_the_schedule_stands(tmp_path: Path) -> None:
    """A late reply would move interviews of the same morning."""
    made = scheduled(drawn(tmp_path))
    begun = later(made, datetime(2027, 3, 1, 9, 0, tzinfo=UTC))  # 1 a.m. in California
    scheduled(begun)
    asks_for_supervisor(begun, "w3")
    with pytest.raises(Refused, match="the event has begun: the schedule stands"):
        scheduled(begun)
    still_february = later(made, datetime(2027, 3, 1, 7, 0, tzinfo=UTC))
    assert len(scheduled(still_february).records.log.events("interview.scheduled")) == 2


def test_a_worker_may_ask_only_for_a_supervisor_who_is_listed(tmp_path: Path) -> None:
    """A worker's request would be dropped without a word (PQCR-3)."""
    persons = [one | ({"supervisor_id": ""} if one["person_id"] == "w1" else {}) for one in people()]
    made = drawn(tmp_path, persons)
    asks_for_supervisor(made, "w1")
    with pytest.raises(
        Refused, match="1 worker asked for their supervisor to sit in, and the people list names none"
    ):
        scheduled(made)


def test_what_cannot_be_is_refused_with_its_reason_and_nothing_is_written(tmp_path: Path) -> None:
    """A county would learn of a week that is too short when people stand before a closed door."""
    made = drawn(tmp_path, workers=12)
    calendar = evolve(made.profile.calendar, day_start=time(9), day_end=time(11))
    short = evolve(made, profile=evolve(made.profile, rooms=1, calendar=calendar))
    want = (
        "the interviews cannot be scheduled: 12 interviews; 1 room for 2 teams x 5 days x 2 times a day make "
        "10 places; plan more teams, rooms, days or longer days"
    )
    with pytest.raises(Refused) as caught:
        scheduled(short)
    assert str(caught.value) == want
    assert not (tmp_path / "papers").exists()
    assert state(made.records.log).sessions == ()


def test_cases_that_no_team_may_review_are_told(tmp_path: Path) -> None:
    """Somebody would have to review their own unit (PQCR-6)."""
    persons = [one | ({"unit": "U0"} if one["person_id"] in ("h0", "h1") else {}) for one in people()]
    persons = [one | ({"county": HOST} if one["person_id"] == "p0" else {}) for one in persons]
    persons.append(person("p9", roles=["reviewer"], county="Birch"))
    with pytest.raises(Refused, match="3 interviews can be held by no team: each team has a member of"):
        scheduled(drawn(tmp_path, persons))


def test_nothing_is_scheduled_before_the_draw(tmp_path: Path) -> None:
    """An empty schedule would be taken for a finished one."""
    with pytest.raises(Refused, match="draw the cases first"):
        scheduled(open_review(tmp_path))
    with pytest.raises(Refused, match="schedule the interviews first"):
        collected(drawn(tmp_path / "other"))


def test_a_peers_unit_is_not_the_countys_unit_of_the_same_name(tmp_path: Path) -> None:
    """A peer from another county's "U0" would be kept from half of the cases for no reason."""
    made = scheduled(drawn(tmp_path))  # both peers are of a "U0" of their own county
    assert Counter(s["team"] for s in state(made.records.log).sessions) == {"T1": 3, "T2": 3}


# -- collecting ---------------------------------------------------------------------------------------


def test_returned_workbooks_are_recorded_once(tmp_path: Path) -> None:
    """Answers would be lost, or counted twice (PQCR-10)."""
    made = scheduled(drawn(tmp_path))
    tokens = sorted(s["token"] for s in state(made.records.log).sessions)
    for token in tokens[:2]:
        hand_in(made, token, note="It helped to ride along.")
    assert collected(made) == (tuple(tokens[:2]), (), [])
    assert collected(made) == ((), tuple(tokens[:2]), [])
    now = state(made.records.log)
    assert now.missing == tuple(s["token"] for s in now.sessions if s["token"] in tokens[2:])
    assert now.answered[tokens[0]]["answers"]["voice"] == "3"
    assert "ride along" not in str(bodies(made))
    assert made.vault.get("note", f"{tokens[0]}/notes") == {"text": "It helped to ride along."}


def test_a_corrected_workbook_replaces_the_first(tmp_path: Path) -> None:
    """A team could not correct a slip, or its first answers would be counted as well."""
    made = scheduled(drawn(tmp_path))
    token = state(made.records.log).sessions[0]["token"]
    first = hand_in(made, token, "3", "a note").read_bytes()
    collected(made)
    path = hand_in(made, token, "2")
    assert collected(made) == ((token,), (), [])
    body = state(made.records.log).answered[token]
    assert (body["answers"]["voice"], body["answers"]["why"]) == ("2", ["travel"])
    assert made.vault.get("note", f"{token}/notes") == {"text": ""}, (
        "a note that was taken back is still there"
    )
    (path.parent / "older copy.xlsx").write_bytes(first)
    assert collected(made) == ((), (token,), []), "an old copy beside the corrected one won"
    path.unlink()
    assert collected(made) == ((token,), (), [])
    assert state(made.records.log).answered[token]["answers"]["voice"] == "3"


def test_one_bad_workbook_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """The office would wait for one team before it could record any; or a bad file would vanish."""
    made = scheduled(drawn(tmp_path))
    good, bad, twice = sorted(s["token"] for s in state(made.records.log).sessions)[:3]
    hand_in(made, good)
    path = hand_in(made, bad)
    path.write_bytes(
        resave(path.read_bytes(), {("Tool", f"D{find(path.read_bytes(), 'Tool', 'voice')}"): "sometimes"})
    )
    hand_in(made, twice, "3")
    hand_in(made, twice, "4", name=f"{twice} (1).xlsx")
    (path.parent / "notes.docx").write_bytes(b"x")
    (path.parent / f"~${good}.xlsx").write_bytes(b"x")
    before = {p.name: p.read_bytes() for p in path.parent.iterdir()}
    new, unchanged, problems = collected(made)
    assert (new, unchanged) == ((good,), ())
    assert sorted(problems) == sorted([
        f"{bad}.xlsx sheet Tool cell D6: this is not one of the answers: 1 seldom; 2 in part; 3 well; 4 strongly",
        f"{twice}.xlsx: there are 2 different new workbooks for session {twice}; keep the one that counts",
        f"{twice} (1).xlsx: there are 2 different new workbooks for session {twice}; keep the one that counts",
        "notes.docx: only Excel workbooks (.xlsx) are read; save it as one",
    ])  # fmt: skip
    assert {p.name: p.read_bytes() for p in path.parent.iterdir()} == before, "a returned file was touched"


# -- stopped at any write -----------------------------------------------------------------------------


def whole(folder: Path, stop_at: int | None, said: Callable[[int], None] = lambda _: None) -> None:
    """Schedule and collect; stop the process dead at the given write."""
    count = 0

    def about_to(what: str) -> None:
        nonlocal count
        count += 1
        if count == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)

    points.about_to = about_to
    made = scheduled(open_review(folder))
    first, second, *_ = sorted(s["token"] for s in state(made.records.log).sessions)
    for token in (first, second):
        path = folder / "returned" / f"{token}.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(workbook(made, token, note="sealed"))
    collected(made)
    said(count)


def ended(child: Callable[[], None]) -> int:
    """Run something in a process of its own and return how it ended."""
    process = os.fork()
    if process == 0:
        try:
            child()
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    return os.waitpid(process, 0)[1]


def outcome(folder: Path) -> object:
    """Return everything that a review holds in the end."""
    made = open_review(folder)
    leftovers = [p.name for p in folder.rglob("*.part")]
    notes = sorted(str(note) for note in made.vault.all("note"))
    return bodies(made), papers(made), notes, leftovers


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
def test_a_stop_at_any_write_can_be_resumed_to_the_same_end(tmp_path: Path) -> None:
    """A power cut would leave half a schedule, doubled events, or papers that differ from the record."""
    counts: list[int] = []
    drawn(tmp_path / "whole", workers=3)
    original = points.about_to
    try:
        whole(tmp_path / "whole", None, counts.append)
    finally:
        points.about_to = original
    want = outcome(tmp_path / "whole")
    assert counts[0] >= 1 + 3 + 1 + 1 + 1  # schedule, workbooks, event, notes, answers
    for write in range(1, counts[0] + 1):
        folder = tmp_path / f"stopped-{write}"
        drawn(folder, workers=3)
        assert os.WIFSIGNALED(ended(lambda f=folder, n=write: whole(f, n))), write  # type: ignore[misc]
        assert ended(lambda f=folder: whole(f, None)) == 0  # type: ignore[misc]
        assert outcome(folder) == want, write
