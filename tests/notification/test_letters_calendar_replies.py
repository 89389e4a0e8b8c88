"""Replies of calendars: matched by meeting and person, all mistakes at once, the good ones recorded."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from mailbox import mbox
from pathlib import Path

import pytest
from icalendar import Calendar, Event, vCalAddress
from letters_of_alder import Alder, alder

from reviewcore.notification.incoming import take_in
from reviewcore.notification.stage import approve, reply, state
from reviewcore.notification.state import Reply, Standing

Make = Callable[..., bytes]


@pytest.fixture
def review(tmp_path: Path) -> Alder:
    """The small review with the letters up to the draw approved."""
    made = alder(tmp_path / "review")
    made.draw()
    made.draft()
    approve(made.records)
    return made


@pytest.fixture
def answer(review: Alder) -> Make:
    """Return a function that answers an invitation as a calendar does, from what the invited person got."""

    def make(
        letter: str,
        said: str,
        number: int = 0,
        who: str = "",
        stamp: str = "20270110T080000Z",
        method: str = "REPLY",
    ) -> bytes:
        path = sorted((review.records.folder / "papers/letters/to-send").glob(f"{letter}-*.ics"))[number]
        got = Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0]
        made, event = Calendar(), Event()
        made.add("prodid", "-//A calendar//EN")
        made.add("version", "2.0")
        made.add("method", method)
        event["UID"], event["DTSTAMP"] = got["UID"], got["DTSTAMP"]
        event.add("dtstart", got["DTSTART"].dt)
        who_ = vCalAddress(f"MAILTO:{who}" if who else str(got["ATTENDEE"]).upper())
        who_.params["PARTSTAT"] = said
        event.add("attendee", who_, encode=False)
        made.add_component(event)
        data: bytes = made.to_ical()
        return b"\r\n".join(f"DTSTAMP:{stamp}".encode() if line.startswith(b"DTSTAMP") else line
                            for line in data.split(b"\r\n"))  # fmt: skip

    return make


def files(review: Alder, **data: bytes) -> Path:
    """A folder of replies by their names."""
    folder = review.records.folder / "replies"
    folder.mkdir(exist_ok=True)
    for name, one in data.items():
        (folder / name.replace("_", ".")).write_bytes(one)
    return folder


def mail(calendar: bytes | None, subject: str = "Re: A review") -> EmailMessage:
    """A message as mail programs send a reply; the calendar is in it twice, as part and as file."""
    made = EmailMessage()
    made["Subject"], made["From"] = subject, "Una Birch <u1@alder.example>"
    made.set_content("Una has accepted.")
    if calendar:
        made.add_alternative(calendar.decode(), subtype="calendar", params={"method": "REPLY"})
        made.add_attachment(calendar, maintype="application", subtype="ics", filename="reply.ics")
    return made


def said(review: Alder, path: Path) -> list[str]:
    """Take replies in; return what is wrong."""
    return [str(problem) for problem in take_in(path, review.records, review.vault)]


@pytest.mark.parametrize(
    ("partstat", "stands"),
    [
        ("ACCEPTED", Standing(True, True)),
        ("DECLINED", Standing(True, False)),
        ("TENTATIVE", Standing(True, None)),
    ],
)
def test_a_calendars_reply_is_booked_to_its_letter(
    review: Alder, answer: Make, partstat: str, stands: Standing
) -> None:
    """If this fails, who accepts in their calendar counts as silent, and is reminded (QSR-7)."""
    folder = files(review, a_ics=answer("0004-worker", partstat))
    assert said(review, folder / "a.ics") == []
    assert state(review.records.log).standing("0004-worker") == stands
    before = review.told()
    assert said(review, folder) == []
    assert review.told() == before


def test_replies_come_as_messages_and_mailboxes_too(review: Alder, answer: Make) -> None:
    """If this fails, a coordinator takes a hundred replies out of their messages one by one."""
    folder = files(review, a_eml=bytes(mail(answer("0001-union", "ACCEPTED"))))
    box = mbox(folder / "b.mbox")
    for one in (
        mail(None, "Lunch?"),
        mail(answer("0004-worker", "DECLINED")),
        mail(answer("0002-reviewer", "ACCEPTED")),
    ):
        box.add(one)
    box.close()
    assert said(review, folder) == []
    now = state(review.records.log)
    assert {name: now.standing(name).available for name in now.replies} == {
        "0001-union": True, "0004-worker": False, "0002-reviewer": True
    }  # fmt: skip


def test_the_latest_reply_holds_and_old_ones_are_not_read_again(review: Alder, answer: Make) -> None:
    """If this fails, the order of files decides, or a folder that is read again takes back what was said by phone."""
    folder = files(
        review,
        a_ics=answer("0004-worker", "DECLINED", stamp="20270112T080000Z"),
        b_ics=answer("0004-worker", "ACCEPTED", stamp="20270111T080000Z"),
    )
    assert said(review, folder) == []
    assert state(review.records.log).replies["0004-worker"] == (Reply("no", False, "2027-01-12T08:00:00Z"),)
    reply(review.records, "0004-worker", "yes", supervisor=True)
    assert said(review, folder) == []
    assert state(review.records.log).standing("0004-worker") == Standing(True, True, True)
    files(review, c_ics=answer("0004-worker", "TENTATIVE", stamp="20270113T080000Z"))
    assert said(review, folder) == []
    assert state(review.records.log).standing("0004-worker") == Standing(True, True, True)


def test_a_letter_with_several_invitations_has_one_answer(review: Alder, answer: Make) -> None:
    """If this fails, who cannot come to one of four meetings counts as having said no to the review (PQCR-9)."""
    two = files(review, a_ics=answer("0001-union", "DECLINED", 0), b_ics=answer("0001-union", "DECLINED", 1))
    assert said(review, two) == []
    assert state(review.records.log).standing("0001-union") == Standing(True, None)
    for number, name in enumerate("abcd"):
        files(review, **{f"{name}_ics": answer("0001-union", "DECLINED", number, stamp="20270114T080000Z")})
    assert said(review, two) == []
    assert state(review.records.log).standing("0001-union").available is False
    files(review, e_ics=answer("0001-union", "ACCEPTED", 2, stamp="20270115T080000Z"))
    assert said(review, two) == []
    assert state(review.records.log).standing("0001-union").available is True


def test_every_mistake_is_told_at_once_and_the_others_are_recorded(review: Alder, answer: Make) -> None:
    """If this fails, one stray reply stops all, a stranger answers for somebody, or a person's data is repeated."""
    union = answer("0001-union", "ACCEPTED")
    twice = union.replace(
        b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\r\n"
    )
    folder = files(
        review,
        a_ics=answer("0004-worker", "ACCEPTED", who="jane.public@elsewhere.example"),
        b_ics=b"BEGIN:VCALENDAR\r\nJane Public was here",
        c_ics=answer("0002-reviewer", "ACCEPTED"),
        d_ics=answer("0003-reviewer", "ACCEPTED", method="REQUEST"),
        e_ics=answer("0003-reviewer", "DELEGATED"),
        f_ics=answer("0003-reviewer", "ACCEPTED", method="COUNTER"),
        g_ics=twice,
        h_ics=b"\r\n".join(b"UID:jane@elsewhere.example" if line.startswith(b"UID") else line
                           for line in union.replace(b"\r\n ", b"").split(b"\r\n")),
        i_csv=b"letter,answer\n0003-reviewer,yes\n",
        j_csv=b"letter,answer\n0001-union,yes\n0099-jane,yes\n",
        k_eml=bytes(mail(None)),
    )  # fmt: skip
    wrong = said(review, folder)
    assert [line.partition(":")[0].partition(",")[0] for line in wrong] == [
        "b.ics", "d.ics", "e.ics", "f.ics", "g.ics", "j.csv", "k.eml", "a.ics", "h.ics"
    ]  # fmt: skip
    assert "reviewcore reply --letter 0004-worker --answer yes" in wrong[-2]
    assert wrong[-1] == (
        "h.ics: this answers no invitation of this review; take it away, or answer whoever it is from"
    )
    text = "\n".join(wrong).lower()
    assert not [word for word in ("jane", "@", "una birch") if word in text]
    now = state(review.records.log)
    assert set(now.replies) == {"0002-reviewer", "0003-reviewer"}


def test_a_folder_or_file_without_replies_is_told(review: Alder, tmp_path: Path) -> None:
    """If this fails, a wrong path looks as if all replies were in."""
    (tmp_path / "none").mkdir()
    assert said(review, tmp_path / "none")[0].startswith("none: there are no replies in this folder")
    assert said(review, tmp_path / "gone.ics") == ["gone.ics: there is no such file"]
    (tmp_path / "empty.ics").write_bytes(b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n")
    assert said(review, tmp_path / "empty.ics") == [
        "empty.ics: there is no reply in it; export the reply that came, as .ics"
    ]
