"""The stage of letters: who gets what, corrections, approval, and the promises that letters make."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from attrs import evolve
from docx import Document
from icalendar import Calendar
from letters_of_alder import AT, DATES, PEOPLE, PLAN, PROFILE, TYPE, Alder, alder, person, pseudonym
from python_calamine import CalamineWorkbook

from reviewcore.errors import BadInput, Refused
from reviewcore.notification.plan import DaysFrom, Letter, NotificationPlan, Wording
from reviewcore.notification.stage import approve, milestones, preview, roles, state
from reviewcore.selection.plan import Count


def body(review: Alder, letter: str) -> str:
    """The plain words of a message."""
    part = review.messages()[letter].get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def ids(review: Alder) -> list[str]:
    """All letters by id."""
    return list(state(review.records.log).letters)


def test_letters_are_written_as_soon_as_their_stage_is_done(tmp_path: Path) -> None:
    """A letter before its stage would tell a worker of a draw that has not been held."""
    review = alder(tmp_path)
    first = review.draft()
    assert (first.new, first.waiting) == (3, ("worker", "supervisor", "appointment", "team"))
    assert ids(review) == ["0001-union", "0002-reviewer", "0003-reviewer"]
    review.draw()
    assert (review.draft().new, review.draft().new) == (4, 0)
    review.schedule()
    assert review.draft().waiting == ()
    assert ids(review)[3:] == [
        "0004-worker", "0005-worker", "0006-supervisor", "0007-supervisor", "0008-appointment", "0009-appointment",
        "0010-team", "0011-team",
    ]  # fmt: skip
    assert [kind for kind, _ in review.told()].count("letters.drafted") == 3


def test_the_union_is_written_to_and_invited_to_four_meetings(tmp_path: Path) -> None:
    """The union must be told by letter and invited to all four (PQCR-9)."""
    review = alder(tmp_path)
    review.draft()
    message = review.messages()["0001-union"]
    assert message["To"] == "Una Birch <u1@alder.example>"
    invited = [
        Calendar.from_ical(part.get_content()).walk("VEVENT")[0] for part in message.iter_attachments()
    ]
    assert [str(event["SUMMARY"]) for event in invited] == [
        "Planning meeting", "Orientation", "Pre-briefing", "Reflections meeting",
    ]  # fmt: skip
    assert all(event["ATTENDEE"] == "mailto:u1@alder.example" for event in invited)
    assert "Monday, January 25, 2027, 9:00 a.m. to 11:00 a.m., Room 4" in body(review, "0001-union")
    printed = Document(BytesIO(review.files()["letters/drafts/0001-union.docx"]))
    assert printed.paragraphs[0].text.startswith("Alder County Human Services\n12 Court Street, Alder\n")
    assert [paragraph.text for paragraph in printed.paragraphs].count("Lee Rowan\nDirector") == 1
    # The letter leaves a week before the 25th, which is a holiday: on the Friday before it.
    letter = state(review.records.log).letters["0001-union"]
    assert (letter.leave, letter.reply_by, letter.confirm) == ("2027-01-15", "2027-01-22", True)
    assert printed.paragraphs[1].text == "Friday, January 15, 2027"


def test_the_supervisor_gets_the_copy_that_the_letter_speaks_of(tmp_path: Path) -> None:
    """A promised copy that does not go, or goes to another unit's supervisor, breaks QSR-8."""
    review = alder(tmp_path)
    review.draw()
    review.draft()
    messages = review.messages()
    assert (messages["0004-worker"]["To"], messages["0004-worker"]["Cc"]) == (
        "Wes Holly <w1@alder.example>", "Sam Fir <s1@alder.example>",
    )  # fmt: skip
    assert messages["0005-worker"]["Cc"] == "Sue Gum <s2@alder.example>"
    assert "Case C-100001 was drawn. Sam Fir gets a copy." in body(review, "0004-worker")
    assert "El caso C-100002" in body(review, "0005-worker")  # Win reads Spanish
    assert {str(m["Cc"]) for n, m in messages.items() if "worker" not in n} == {"None"}
    assert [(one.key, one.language, one.letters, one.copies) for one in preview(review.records.log)] == [
        ("union", "en", 1, 0), ("reviewer", "en", 2, 0), ("worker", "en", 1, 1), ("worker", "es", 1, 1),
        ("supervisor", "en", 2, 0),
    ]  # fmt: skip


def test_everybody_learns_of_their_own_session_only(tmp_path: Path) -> None:
    """A worker who learns another's hour learns that the other has a case in the review (PQCR-7)."""
    review = alder(tmp_path)
    review.draw()
    review.schedule()
    review.draft()
    assert body(review, "0008-appointment").startswith(
        "Dear Wes Holly,\n\nCase C-100001: Room 1, 12 Court Street, Alder, 60 minutes."
    )
    calendar = next(iter(review.messages()["0008-appointment"].iter_attachments())).get_content()
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Interview"
    assert event.start.isoformat() == "2027-03-16T09:00:00-07:00"
    assert event["ATTENDEE"] == "mailto:w1@alder.example"
    assert "Tuesday, March 16" in body(review, "0010-team")
    assert "March 15" not in body(review, "0010-team")
    assert "C-1000" not in body(review, "0010-team")


def test_nothing_leaves_before_it_is_approved_and_nothing_twice(tmp_path: Path) -> None:
    """A letter that left unseen, or again, cannot be called back."""
    review = alder(tmp_path)
    review.draft()
    drafted = {Path(name).name: data for name, data in review.files().items() if "/drafts/" in name}
    assert not any("to-send" in name for name in review.files())
    assert approve(review.records) == 3
    sent = {Path(name).name: data for name, data in review.files().items() if "/to-send/" in name}
    assert sent == drafted
    for path in (tmp_path / "papers" / "letters" / "to-send").iterdir():
        path.unlink()  # sent, and taken away
    review.people([person("R0", "Ray Ash", "reviewer"), *reversed(PEOPLE)])
    assert review.draft().new == 1
    assert approve(review.records) == 1
    assert approve(review.records) == 0
    left = [name for name in review.files() if name.endswith(".eml")]
    assert left == ["letters/to-send/0004-reviewer.eml"]
    assert review.messages()["0004-reviewer"]["To"] == "Ray Ash <r0@alder.example>"


def test_what_the_look_finds_wrong_can_be_put_right(tmp_path: Path) -> None:
    """A look that cannot change anything would be for show."""
    review = alder(tmp_path)
    review.draft()
    mended = [evolve_person(one) for one in PEOPLE if one["person_id"] != "R2"]
    review.people(mended)
    outcome = review.draft(AT + timedelta(days=1))
    assert (outcome.new, outcome.changed, outcome.withdrawn, outcome.unchanged) == (0, 1, 1, 1)
    assert ids(review) == ["0001-union", "0002-reviewer"]
    assert "Dear Una Birch-Oak," in body(review, "0001-union")
    assert not any("0003" in name for name in review.files())
    review.people([*mended, person("R3", "Ron Yew", "reviewer")])
    review.draft()
    assert ids(review)[-1] == "0004-reviewer"  # a number is never given twice
    assert approve(review.records) == 3


def evolve_person(one: dict[str, object]) -> dict[str, object]:
    """Correct the name of the union's representative."""
    return {**one, "name": "Una Birch-Oak"} if one["person_id"] == "U1" else one


def test_a_draft_that_was_changed_by_hand_is_not_approved(tmp_path: Path) -> None:
    """What was looked at and what goes out must be the same."""
    review = alder(tmp_path)
    review.draft()
    before = review.told()
    path = tmp_path / "papers" / "letters" / "drafts" / "0002-reviewer.eml"
    path.write_bytes(path.read_bytes() + b"PS\r\n")
    with pytest.raises(
        Refused, match=r"papers/letters/drafts/0002-reviewer\.eml: changed or taken away"
    ) as caught:
        approve(review.records)
    assert "draft the letters again, look at them, then approve" in str(caught.value)
    path.unlink()
    with pytest.raises(Refused, match="nothing was approved"):
        approve(review.records)
    assert review.told() == before
    review.draft()
    assert review.told() == before
    assert approve(review.records) == 3


def test_whoever_has_no_e_mail_is_written_to_on_paper(tmp_path: Path) -> None:
    """Somebody without an address would otherwise be told nothing."""
    people = [{**one, "email": ""} if one["person_id"] in ("R1", "S2") else one for one in PEOPLE]
    review = alder(tmp_path, people)
    review.draw()
    review.draft()
    names = [Path(name).name for name in review.files()]
    assert [name for name in names if "0002" in name] == ["0002-reviewer.docx"]
    assert "0005-worker.docx" in names  # the copy of it goes by hand
    assert review.messages()["0005-worker"]["Cc"] is None


def test_the_sheet_tells_who_gets_what(tmp_path: Path) -> None:
    """A coordinator without mail rights sends from the sheet: a wrong row is a letter to a wrong person."""
    review = alder(tmp_path)
    review.draw()
    review.draft()
    book = CalamineWorkbook.from_filelike(BytesIO(review.files()["letters/outbox.xlsx"]))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["Letter", "Kind", "To", "E-mail"]
    assert rows[5] == [
        "0005-worker", "worker", "Win Iris", "w2@alder.example", "selected worker", "es", "Sue Gum",
        "s2@alder.example", "2027-01-04", "2027-03-01", "", "0005-worker.eml, 0005-worker-pre_briefing.ics",
    ]  # fmt: skip


def test_the_log_and_the_file_names_name_nobody(tmp_path: Path) -> None:
    """The log outlives the vault: a name in it could never be erased with the people it names."""
    review = alder(tmp_path)
    review.draw()
    review.schedule()
    review.draft()
    approve(review.records)
    said = str(review.told()) + str(list(review.files()))
    for one in PEOPLE:
        assert one["name"] not in said
        assert one["email"] not in said
    assert "C-10000" not in said
    entry = review.told()[2][1]["letters"][3]
    assert (entry["to"], entry["copy"]) == (pseudonym("person", "W1"), pseudonym("person", "S1"))
    assert (entry["case"], entry["role"]) == (pseudonym("case", "C-100001"), "selected worker")


def test_problems_are_told_by_place_and_before_anything_is_written(tmp_path: Path) -> None:
    """A half-written outbox could be approved by mistake; a name in an error would travel to a help desk."""
    bad = {"W1": {"supervisor_id": ""}, "U1": {"email": "una at birch"}}
    people = [{**one, **bad.get(one["person_id"], {})} for one in PEOPLE if one["person_id"] != "W2"]
    review = alder(tmp_path, people)
    review.draw()
    with pytest.raises(BadInput) as caught:
        review.draft()
    assert [str(problem) for problem in caught.value.problems] == [
        (
            "people list, person 1: email: this cannot be used as an e-mail address; write it as in "
            "'name@county.example', or leave it empty to write to them on paper"
        ),
        (
            "people list: drawn case 1: the worker of this case is not on it, so the letter cannot be written; add "
            "them and read the lists again"
        ),
        (
            "people list, person 6: supervisor: letter 'worker' promises the supervisor a copy, and this person has "
            "no supervisor on the list; enter one and read the lists again"
        ),
    ]
    assert review.files() == {}
    assert [kind for kind, _ in review.told()] == ["selection.drawn"]


def test_a_drawn_case_that_left_the_list_is_told(tmp_path: Path) -> None:
    """Another list under the same draw would put another case's id into a worker's letter, or none."""
    review = alder(tmp_path)
    review.draw()
    review.vault.put_all("case", {}, replace=True)
    with pytest.raises(BadInput) as caught:
        review.draft()
    assert str(caught.value).splitlines()[1] == (
        "case list: drawn case 2: is not on it any more; put back the list that the draw was made from and "
        "read the lists again"
    )
    assert review.files() == {}


def test_an_unsound_plan_is_refused_by_the_stage_itself(tmp_path: Path) -> None:
    """A host that forgot to check a plan must not be able to copy a parent's letter to anybody."""
    wording = Wording(
        "x", "en", "About", "{{ safety_name }} {{ safety_phone }}", ("safety_name", "safety_phone")
    )
    plan = NotificationPlan((Letter("x", "parent", copy_supervisor=True),), (wording,))
    review = alder(tmp_path, [*PEOPLE, person("P1", "Pia Moss", "parent", supervisor="S1")], plan=plan)
    with pytest.raises(BadInput, match="'parent' is not a staff role"):
        review.draft()
    assert review.files() == {}


def test_a_language_without_a_wording_falls_back_and_is_counted(tmp_path: Path) -> None:
    """A letter that somebody cannot read is a fact that the county must see."""
    people = [{**one, "language": "hmn"} if one["person_id"] == "U1" else one for one in PEOPLE]
    people = [{**one, "language": "es-MX"} if one["person_id"] == "W1" else one for one in people]
    review = alder(tmp_path, people)
    review.draw()
    # The union's is one, and the two supervisors' and reviewers' English is their own.
    assert review.draft().fallback == 1
    assert state(review.records.log).letters["0004-worker"].language == "es"


def test_a_letter_that_nobody_gets_is_told(tmp_path: Path) -> None:
    """A union letter to nobody, unnoticed, would break the promise to tell the union (PQCR-9)."""
    review = alder(tmp_path, PEOPLE[1:])
    assert review.draft().nobody == ("union",)


@pytest.mark.parametrize(
    ("at", "leave", "reply_by"),
    [
        (datetime(2027, 1, 4, tzinfo=UTC), "2027-02-05", "2027-02-26"),
        (datetime(2027, 2, 20, tzinfo=UTC), "2027-02-19", "2027-02-26"),
        (datetime(2027, 3, 3, 7, tzinfo=UTC), "2027-03-02", "2027-03-02"),
    ],
)
def test_letters_leave_on_working_days_and_never_in_the_past(
    tmp_path: Path, at: datetime, leave: str, reply_by: str
) -> None:
    """A letter dated on a Sunday or last week looks careless; a reply asked for before it leaves is absurd."""
    letter = Letter(
        "union", "union", leave=DaysFrom("pre_briefing", -29), reply_by=DaysFrom("pre_briefing", -8)
    )
    review = alder(tmp_path, plan=evolve(PLAN, letters=(letter,)))
    review.draft(at)
    made = state(review.records.log).letters["0001-union"]
    assert (made.leave, made.reply_by) == (leave, reply_by)


def test_days_after_an_event_count_from_its_last_day(tmp_path: Path) -> None:
    """Counted from its first day, a letter of thanks would leave in the middle of the week."""
    letter = Letter("union", "union", leave=DaysFrom("event", 3))
    plan = evolve(PLAN, letters=(letter,), wordings=(PLAN.wordings[1],))
    plan = evolve(plan, wordings=(evolve(plan.wordings[0], key="union"),))
    review = alder(tmp_path, plan=plan)
    review.draft()
    assert state(review.records.log).letters["0001-union"].leave == "2027-03-22"


def test_milestones_are_the_profiles_dates() -> None:
    """A date that a letter tells must be the one that the county set."""
    found = {one.key: one for one in milestones(PROFILE, TYPE)}
    assert list(found) == ["planning", "orientation", "pre_briefing", "event", "reflections", "report"]
    assert found["planning"].words == "Planning meeting"
    assert found["planning"].starts.isoformat() == "2027-01-25T09:00:00-08:00"
    assert (found["event"].starts.date(), found["event"].ends.date()) == (
        date(2027, 3, 15),
        date(2027, 3, 19),
    )
    assert found["report"].starts.date() == date(2027, 5, 18)  # 60 days after the 19th (PQCR-11)
    assert tuple(found.values()) == DATES


def test_the_same_review_is_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    """Letters that depend on the machine could not be checked against the log on another one."""
    code = (
        "import sys, hashlib, pathlib; from letters_of_alder import alder\n"
        "review = alder(pathlib.Path(sys.argv[1])); review.draw(); review.schedule(); review.draft()\n"
        "print(hashlib.sha256(repr(review.files()).encode()).hexdigest())"
    )
    said = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": path}
        args = [sys.executable, "-c", code, str(tmp_path / seed)]
        said.add(subprocess.run(args, env=env, capture_output=True, check=True).stdout)
    assert len(said) == 1


def test_small_roles_are_told_as_a_band() -> None:
    """An exact count of few would tell a plugin more than it may know."""
    many = [person(f"W{n}", "x", "worker", language=("en", "es")[n % 2]) for n in range(12)]
    found = {one.name: one for one in roles([*many, person("U", "x", "union", "worker")], 11)}
    assert (found["union"].count, found["worker"].count) == (Count(1, 10), Count(13, 13))
    assert found["worker"].languages == ("en", "es")
