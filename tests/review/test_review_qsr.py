"""A whole quality service review: key people, their times and interviews, alternates, resumption, the report."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from python_calamine import load_workbook
from reviewcore_qsr.indicators import INDICATORS
from small_county import letters
from small_qsr import FILE, begin, drawn, journey, opened
from test_review_killed_anywhere import in_child, killed_at, traces

from reviewcore import Review
from reviewcore.demo.run import return_tools
from reviewcore.errors import BadInput, Refused


@pytest.fixture(scope="session")
def cedar(demo: Callable[[str], Path]) -> Review:
    """Return the demo's county with its review done."""
    into = demo("qsr")
    return Review.open(into / "review", keys=into / "keys")


def last(review: Review, kind: str) -> Any:
    """Return what the last event of a kind says."""
    event = review.records.log.last(kind)
    assert event is not None
    return event.body


def vault(review: Review) -> Any:
    """Return the identities, which no program gets to see but through the engine."""
    return review._open().vault


def report(review: Review, audience: str) -> Any:
    """Return an audience's publication as it is handed out."""
    return json.loads((review.folder / f"publications/{audience}/1/report.json").read_text("utf-8"))


def silences(review: Review) -> set[str]:
    """Return the indicators of which the agency is told nothing, over all cases."""
    found = set()
    for table in report(review, "agency")["tables"]:
        if "/" in table["key"] or table["key"] == "sample":
            continue
        [row] = [one for one in table["rows"] if one["key"] == "all"]
        if all(cell.get("value") is None for cell in row["cells"][1:]):
            found.add(table["key"])
    return found


def test_every_indicator_is_told_to_the_agency(cedar: Review) -> None:
    """QSR-1: if this fails, twenty cases tell an agency nothing about an indicator that applies to enough of them."""
    tables = {one["key"]: one for one in report(cedar, "agency")["tables"]}
    answered = [e.body for e in cedar.records.log.events("interview.answered") if e.body]
    rated = Counter(item for body in answered for item in body["answers"])
    silent = silences(cedar)
    assert tables["sample"]["rows"][0]["cells"][0]["value"] == 20
    assert {"overall-status", "overall-practice", "permanency", "teaming-formation"} <= set(tables) - silent
    # Of ten, whoever has one of five would know of four others; and of the twelve who live away from home few may
    # not be rated, which twelve less those that are would tell.
    (away,) = (row["cells"][0]["value"] for row in tables["sample"]["rows"] if row["key"] == "out-of-home")
    assert away == 12
    assert all(rated[key] <= 10 or 0 < away - rated[key] <= 5 for key in silent), silent
    heard = [
        one
        for one in INDICATORS
        if any(one.item_key(rating) in tables.keys() - silent for rating in one.ratings)
    ]
    assert len(heard) * 20 >= len(INDICATORS) * 15, silent


def test_why_nothing_is_told_is_said_in_plain_words(cedar: Review) -> None:
    """If this fails, a reader takes an indicator that applied to few for one that was forgotten."""
    agency, state = (
        re.sub(r"\s+", " ", (cedar.folder / f"publications/{audience}/1/report.html").read_text("utf-8"))
        for audience in ("agency", "state")
    )
    because = "since too few of the cases that were reviewed have a rating for them"
    assert (because in agency) == bool(silences(cedar))
    assert "Few is about a quarter of the cases or fewer, most about three quarters or more" in agency
    assert "Here nothing can be told about any of the indicators: too few cases were reviewed." in state
    assert "So few cases were reviewed that no figure can be told here" in state


def test_rows_are_labelled_for_people(cedar: Review) -> None:
    """If this fails, a table shows the codes of the case list and not their titles."""
    tables = {one["key"]: one for one in report(cedar, "agency")["tables"]}
    assert [row["label"] for row in tables["permanency/setting"]["rows"]] == ["In-home", "Out-of-home"]


def test_nobody_is_in_two_places(cedar: Review) -> None:
    """QSR-3: if this fails, somebody is to be interviewed twice at once, by two teams, or while at a focus group."""
    body = last(cedar, "interview.scheduled")
    members = {one["team"]: one["members"] for one in body["teams"]}
    meetings = [(g["asked"], g["day"], g["start"], g["end"]) for g in body["gatherings"]]
    busy: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for session in body["sessions"]:
        assert len(members[session["team"]]) == 2
        for one in session["appointments"]:
            assert session["day"] <= one["day"] <= session["until"]
            people = {one["who"], one["supervisor"], *members[session["team"]]} - {None}
            assert len(people) >= 3, "somebody interviews themselves"
            for person in people:
                busy.setdefault((person, one["day"]), []).append((one["start"], one["end"]))
    for asked, day, start, end in meetings:
        for person in asked:
            busy.setdefault((person, day), []).append((start, end))
    for times in busy.values():
        ordered = sorted(times)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered)), ordered


def test_somebody_has_several_cases(cedar: Review) -> None:
    """If this fails, the demo does not try the rule that one person of two cases is one person."""
    body = last(cedar, "interview.scheduled")
    seen = Counter(one["who"] for session in body["sessions"] for one in session["appointments"])
    assert max(seen.values()) > 2
    listed = last(cedar, "register.key_people")
    assert listed["people"] < listed["listed"]


def test_who_refused_is_not_asked(cedar: Review) -> None:
    """ALL-1: if this fails, somebody who did not agree has an appointment, or is counted as heard."""
    body = last(cedar, "interview.scheduled")
    planned = {(s["case"], a["who"]) for s in body["sessions"] for a in s["appointments"]}
    refused = [one for one in vault(cedar).all("key person") if one["consent"] == "no"]
    assert refused
    assert not {(one["case"], one["pseudonym"]) for one in refused} & planned
    assert {one["role"] for one in refused} <= {
        "child or youth", "mother", "father", "substitute caregiver", "other family",
    }  # fmt: skip


def test_interviews_are_counted(cedar: Review) -> None:
    """QSR-3: if this fails, nobody knows how many of the planned interviews were held."""
    answered = {e.body["token"]: e.body for e in cedar.records.log.events("interview.answered") if e.body}
    seen = [one for body in answered.values() for one in body.get("interviews", {}).values()]
    held = sum(one["held"] for one in seen)
    [step] = [one for one in cedar.status().stages if one.stage == "interview"]
    assert f"{len(seen)} interviews planned, {held} held, {len(seen) - held} not held" in step.did
    assert 100 < held < len(seen)


def test_no_name_stands_in_a_team_workbook(cedar: Review) -> None:
    """QSR-3: if this fails, a workbook that travels names the people who are interviewed, or where they live."""
    names = {str(one["name"]) for one in vault(cedar).all("key person")}
    places = {str(one["place"]) for one in vault(cedar).all("key person")} - {""}
    body = last(cedar, "interview.scheduled")
    for session in body["sessions"]:
        book = load_workbook(str(cedar.folder / f"papers/sessions/{session['token']}.xlsx"))
        texts = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
                 for cell in row}  # fmt: skip
        assert not (names | places) & texts
        grid = book.get_sheet_by_name("Interviews").to_python()
        assert len([row for row in grid[4:] if row[0]]) == len(session["appointments"])


def test_the_schedule_in_the_office_names_them(cedar: Review) -> None:
    """If this fails, a team does not know whom it is to see where."""
    book = load_workbook(str(cedar.folder / "papers/schedule/schedule.xlsx"))
    texts = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
             for cell in row}  # fmt: skip
    planned = {a["who"] for s in last(cedar, "interview.scheduled")["sessions"] for a in s["appointments"]}
    for one in vault(cedar).all("key person"):
        assert one["pseudonym"] not in planned or one["name"] in texts


def test_no_key_person_is_named_in_the_log_or_a_publication(cedar: Review) -> None:
    """QSR-6: if this fails, whoever has the log, or a report, can say who was interviewed, or where they live."""
    people = vault(cedar).all("key person")
    known = {str(one[what]) for one in people for what in ("name", "email", "place")} - {""}
    assert len(known) > 100
    log = "\n".join(str(event.body) for event in cedar.records.log.events())
    assert not [one for one in known if one in log]
    for path in (cedar.folder / "publications").rglob("*"):
        text = path.read_text("utf-8") if path.suffix in (".html", ".json") else ""
        assert not [one for one in known if one in text and " " in one], path.name


def test_letters_to_key_people(cedar: Review) -> None:
    """ALL-1, QSR-3: if this fails, a family gets a letter in a language it does not read, or others get a copy."""
    drafted = {
        one["id"]: one for e in cedar.records.log.events("letters.drafted") for one in e.body["letters"]
    }
    ours = [one for one in drafted.values() if one["role"] == "key person"]
    assert {one["language"] for one in ours} == {"en", "es"}
    assert len({one["to"] for one in ours}) == len(ours), "somebody has two letters"
    assert not any(one["copy"] for one in ours)
    mails = [file["path"] for one in ours for file in one["files"] if file["path"].endswith(".eml")]
    printed = [one for one in ours if not any(file["path"].endswith(".eml") for file in one["files"])]
    assert printed, "nobody without an address is written to on paper"
    for path in mails:
        sent = cedar.folder / "papers/letters/to-send" / Path(path).name
        mail = message_from_bytes(sent.read_bytes(), policy=policy.default)
        assert mail["cc"] is None


def test_the_supervisor_copy_goes_to_staff_alone(cedar: Review) -> None:
    """QSR-8: if this fails, a caseworker's supervisor is not told, or a foster parent's name goes to somebody."""
    drafted = {
        one["id"]: one for e in cedar.records.log.events("letters.drafted") for one in e.body["letters"]
    }
    copies = {one["role"]: one["copy"] is not None for one in drafted.values()}
    assert copies["drawn for caseworkers"]
    assert copies["drawn for supervisors"]
    assert not copies["drawn for providers"]
    assert not copies["drawn for foster-parents"]


def test_themes_of_cases_and_groups_are_told(cedar: Review) -> None:
    """QSR-6: if this fails, what was heard widely is told nowhere, or with the notes' own words."""
    told = {one["key"]: one["themes"] for one in report(cedar, "agency")["themes"]}
    assert told["strengths"]
    assert told["challenges"]
    assert told["group-good"] or told["group-hard"]


def test_every_promise_is_kept_and_verified(cedar: Review) -> None:
    """If this fails, the demo ends with a promise broken, or a check that does not hold."""
    assert cedar.verify().wrong == ()
    assert not [one for one in cedar.status().promises if one.standing == "broken"]


def test_what_to_do_before_the_key_people_are_listed(tmp_path: Path) -> None:
    """QSR-3: if this fails, the coordinator is not told to list them, or gets no list to fill in."""
    begin(tmp_path)
    review = drawn(tmp_path)
    step = review.interview()
    assert "fill in papers/key-people/key_people.xlsx" in step.waits[0]
    assert FILE in step.waits[0]
    made = review.folder / "papers/key-people/key_people.xlsx"
    shutil.copy(made, review.folder / FILE)  # handed back as it is: nobody is on it, which is no fault
    review.interview()
    sessions = last(review, "interview.scheduled")["sessions"]
    assert [len(one["appointments"]) for one in sessions] == [1] * 8, "only the workers are seen"


def test_a_list_of_key_people_with_faults(tmp_path: Path) -> None:
    """QSR-3: if this fails, a fault of the list is told one at a time, late, or with somebody's name in it."""
    county = begin(tmp_path)
    review = drawn(tmp_path)
    rows = list(county.key_people(review.drawn_cases()))
    family = next(n for n, one in enumerate(rows) if one.consent)
    rows[family] = evolve(rows[family], consent="")
    rows.append(evolve(rows[-1], case_id="CF-999999"))
    rows.append(evolve(rows[1], role="neighbor", email="no address"))
    _csv(review, rows)
    with pytest.raises(BadInput) as told:
        review.interview()
    said = "\n".join(map(str, told.value.problems))
    assert len(told.value.problems) == 4, said
    for words in ("whether a", "is not in the review", "expected one of: child or youth", "e-mail address"):
        assert words in said
    assert rows[0].name not in said
    assert not review.records.log.last("register.key_people")


def _csv(review: Review, rows: Any) -> None:
    """Put the list in place as a CSV file, which the profile then names."""
    from reviewcore.demo.cedar import KeyPerson
    from reviewcore.demo.people import write_list

    write_list(review.folder / "key_people.csv", KeyPerson, rows)
    profile = review.folder / "review.toml"
    profile.write_text(profile.read_text().replace(FILE, "key_people.csv"))
    review.profile = opened(review.folder.parent).profile


def test_a_corrected_list_moves_nobody_else(tmp_path: Path) -> None:
    """QSR-3: if this fails, one more key person shuffles the appointments that others were told."""
    county = begin(tmp_path)
    review = drawn(tmp_path)
    rows = list(county.key_people(review.drawn_cases()))
    _csv(review, rows[:-1])
    review.interview()
    before = _times(review)
    _csv(review, [evolve(rows[0], name="Corrected Mosswick"), *rows[1:]])
    review.interview()
    after = _times(review)
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 1
    assert any(one["name"] == "Corrected Mosswick" for one in vault(review).all("key person"))


def test_once_the_teams_are_on_site_the_times_stand(tmp_path: Path) -> None:
    """If this fails, a correction in the event week stops the review, or moves what was agreed."""
    county = begin(tmp_path)
    review = drawn(tmp_path)
    rows = list(county.key_people(review.drawn_cases()))
    _csv(review, rows[:-1])
    review.interview()
    before = _times(review)
    week = datetime(2027, 4, 13, 17, tzinfo=UTC)
    review = opened(tmp_path, lambda: week)
    _csv(review, rows)
    review.interview()
    after = _times(review)
    assert {key: after[key] for key in before} == before
    assert [when for key, when in after.items() if key not in before] == [(None, None)]
    assert return_tools(review) == 10
    review.interview()
    assert len(review.records.log.events("interview.answered")) == 10


def _times(review: Review) -> dict[str, tuple[str, str]]:
    sessions = last(review, "interview.scheduled")["sessions"]
    return {a["key"]: (a["day"], a["start"]) for s in sessions for a in s["appointments"]}


def test_whoever_declines_is_let_go_and_an_alternate_is_asked(tmp_path: Path) -> None:
    """QSR-4, ALL-1: if this fails, a no is not heard, or a group stays a place short though others are willing."""
    county = begin(tmp_path)
    review = drawn(tmp_path)
    county.write_key_people(review.folder / FILE, review.drawn_cases())
    review.interview()
    letters(review)
    drafted = {
        one["id"]: one for e in review.records.log.events("letters.drafted") for one in e.body["letters"]
    }
    invited = next(one for one in drafted.values() if one["role"] == "drawn for caseworkers")
    talk = next(one for one in drafted.values() if one["role"] == "key person")
    [group] = [one for one in last(review, "selection.drawn")["groups"] if one["key"] == "caseworkers"]
    worker = next(one for one in drafted.values() if one["key"] == "worker")
    for one in (invited, talk, worker):
        review.reply(one["id"], "no")
    review.interview()
    letters(review)
    asked = {
        one["to"] for e in review.records.log.events("letters.drafted") for one in e.body["letters"]
        if one["role"] == "drawn for caseworkers"
    }  # fmt: skip
    assert asked == {*group["members"], group["alternates"][0]}
    body = last(review, "interview.scheduled")
    [gathered] = [one for one in body["gatherings"] if one["group"] == "caseworkers"]
    assert set(gathered["asked"]) == asked - {invited["to"]}
    seen = {a["who"] for s in body["sessions"] for a in s["appointments"]}
    assert not {talk["to"], worker["to"]} & seen
    assert len(body["sessions"]) == 8, "a case is reviewed without its worker's interview too"
    book = load_workbook(str(review.folder / "papers/schedule/sign-in.xlsx"))
    signing = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
    names = {one["pseudonym"]: one["name"] for one in vault(review).all("person")}
    assert names[group["alternates"][0]] in signing
    assert names[invited["to"]] not in signing


def test_too_many_cases_for_the_days_are_told_before_the_draw(tmp_path: Path) -> None:
    """If this fails, a county learns only after the draw that its teams have no days for the cases."""
    begin(tmp_path)
    profile = tmp_path / "review" / "review.toml"
    profile.write_text(profile.read_text().replace("days_per_case = 1", "days_per_case = 2"))
    with pytest.raises(BadInput) as told:
        opened(tmp_path).check()
    assert any("8 cases of 2 days each" in str(one) for one in told.value.problems)


def test_teams_that_change_in_the_event_week_are_refused(tmp_path: Path) -> None:
    """If this fails, a schedule that stands is thrown over by a change of the teams in the event week."""
    county = begin(tmp_path)
    review = drawn(tmp_path)
    county.write_key_people(review.folder / FILE, review.drawn_cases())
    review.interview()
    people = review.folder / "people.csv"
    text = people.read_text("utf-8").replace(",reviewer,", ",coordinator,", 1)
    people.write_text(text.replace(",facilitator,", ",reviewer,", 1), "utf-8")
    later = opened(tmp_path, lambda: datetime(2027, 4, 13, 17, tzinfo=UTC))
    with pytest.raises(Refused, match="the event has begun"):
        later.interview()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not to be had on Windows")
def test_a_review_killed_again_and_again_ends_the_same(tmp_path: Path) -> None:
    """QSR-3: if this fails, a power cut changes who is seen when, or loses an interview that was held."""
    from reviewcore.store import points

    county = begin(tmp_path / "before")
    shutil.copytree(tmp_path / "before", tmp_path / "run")
    writes: list[str] = []
    stand_in, points.about_to = points.about_to, writes.append
    try:
        journey(tmp_path / "run", county)
    finally:
        points.about_to = stand_in
    shutil.copytree(tmp_path / "before", tmp_path / "killed")
    step = len(writes) // 12
    root = tmp_path / "killed"
    for _ in range(step, len(writes) + 1, step):
        run = killed_at(step + 1, root, lambda root: journey(root, county))
        if in_child(run) != signal.SIGKILL:
            break
    assert in_child(lambda: journey(root, county)) == 0
    assert traces(root) == traces(tmp_path / "run")


def test_a_closed_review_would_keep_no_list_of_key_people(cedar: Review) -> None:
    """If this fails, families stand by name in a folder of which the county believes that it names nobody."""
    closing = cedar.close(dry_run=True)
    for name in ("people.csv", "cases.csv", FILE):
        assert f"{name}: a list of persons, to delete" in closing.did
