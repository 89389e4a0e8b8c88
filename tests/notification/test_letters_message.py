"""Messages, invitations, prints and the sheet: whatever a name holds, it stays a name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from html import unescape
from io import BytesIO
from zoneinfo import ZoneInfo

from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from letters_of_alder import AT
from python_calamine import CalamineWorkbook

from reviewcore.notification.calendar import Invitation, Mailbox, ics
from reviewcore.notification.mergelist import HEADINGS, xlsx
from reviewcore.notification.message import eml
from reviewcore.notification.plan import Wording
from reviewcore.notification.printed import docx
from reviewcore.notification.render import Block, as_html, as_text, clean, fill

ZONE = ZoneInfo("America/Los_Angeles")
NASTY = (
    'O"Neil', "Ann\r\nBcc: eve@evil.example", "Doe, Jane", "דנה כהן", "\u202eevil", "{{ agency }}", "{% if x %}",
    "=cmd|' /C calc'!A1", "<b>Bo</b>", "a;b:c\\n", "=?utf-8?q?Bcc=3A?=", "END:VCALENDAR", "- item", "@x",
    "\ue0001\ue001", "Zoë Nuñez-Łukasz", "\x00\x0b", "علی‌رضا",
)  # fmt: skip
names = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), min_size=1, max_size=4).map("".join)
KIM = Mailbox("Kim Ash", "reviews@alder.example")
WORDING = Wording(
    "x",
    "en",
    "For {{ recipient }}",
    "Dear {{ recipient }},\n\n- for {{ recipient }}\n\n{{ recipient }}\nDirector",
    (),
)


def message(name: str, *invitations: tuple[str, bytes], copy: str | None = None) -> bytes:
    """A message to somebody of that name."""
    filled = fill(WORDING, {"recipient": name})
    return eml(
        sender=KIM,
        to=Mailbox(clean(name), "w@alder.example"),
        copy=None if copy is None else Mailbox(clean(copy), "s@alder.example"),
        subject=filled.subject,
        text=as_text(filled),
        html=as_html(filled),
        invitations=invitations,
        at=AT,
        name="0001-x.abc",
    )


def test_an_address_beyond_plain_letters_stays_one_header() -> None:
    """If this fails, what a county writes as its own address ends the header, and begins another one."""
    odd = Mailbox("", "büro;bcc:eve@zoë.example")
    data = eml(
        sender=odd, to=odd, copy=None, subject="S", text="t\n", html="<p>t</p>\n", invitations=(), at=AT, name="0001-x",
    )  # fmt: skip
    headers = data.partition(b"\r\n\r\n")[0]
    assert headers.isascii()
    assert b"Bcc" not in {line.partition(b":")[0].title() for line in headers.split(b"\r\n")}


def invitation(name: str, starts: datetime, ends: datetime, *days: date) -> bytes:
    """An invitation to somebody of that name."""
    made = Invitation("m", "uid@alder.example", clean(name), starts, ends, clean(name), 2, days)
    return ics(made, KIM, Mailbox(clean(name), "w@alder.example"), AT)


@settings(max_examples=100, deadline=None)
@given(names, names)
def test_no_name_breaks_a_header(name: str, other: str) -> None:
    """A line break in a name could add a Bcc, and the letter would go to a stranger."""
    data = message(name, copy=other)
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(map(len, data.split(b"\r\n"))) <= 998
    read = message_from_bytes(data, policy=policy.default)
    assert sorted(read.keys()) == sorted(
        ["Content-Type", "MIME-Version", "From", "To", "Cc", "Subject", "Date", "Message-ID", "X-Unsent"]
    )
    assert [one.addr_spec for one in read["To"].addresses] == ["w@alder.example"]
    assert [one.addr_spec for one in read["Cc"].addresses] == ["s@alder.example"]
    assert [one.addr_spec for one in read["From"].addresses] == ["reviews@alder.example"]
    # The legacy parser joins the pieces of a long name as RFC 2047 says; the other puts a space between.
    raw = message_from_bytes(data)["To"].rpartition("<")[0].strip()
    said = str(make_header(decode_header(raw)))
    assert said.strip().removeprefix('"').removesuffix('"') == clean(name) or said.strip() == clean(name)


@settings(max_examples=100, deadline=None)
@given(names)
def test_no_name_breaks_a_template_or_the_html(name: str) -> None:
    """A name that forged a tag, a list or a blank could make the letter say what nobody wrote."""
    filled = fill(WORDING, {"recipient": name, "agency": "LEAK"})
    shown = clean(name)
    assert "LEAK" not in str(filled)
    plain = [tuple(line.strip("\u2068\u2069") for line in block.lines) for block in filled.blocks]
    assert [block.bullets for block in filled.blocks] == [False, True, False]
    assert filled.subject == f"For {shown}".strip()
    assert unescape(as_html(filled)).count(shown) >= 4
    assert as_html(filled).count("<") == as_html(fill(WORDING, {"recipient": "Bo"})).count("<") - (
        0 if shown else 1
    )
    assert plain[-1][-1] == "Director"


@settings(max_examples=100, deadline=None)
@given(names)
def test_no_name_breaks_an_invitation(name: str) -> None:
    """A line break in a name could add an attendee or a whole second meeting."""
    starts = datetime(2027, 3, 12, 9, tzinfo=ZONE)
    data = invitation(name, starts, starts + timedelta(hours=1))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    read = Calendar.from_ical(data)
    (event,) = read.walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:w@alder.example"
    assert event["ORGANIZER"] == "mailto:reviews@alder.example"
    assert event["SUMMARY"] == event["LOCATION"] if clean(name) else "LOCATION" not in event
    assert str(event["SUMMARY"]) == clean(name)
    assert sorted(event.keys()) == sorted(
        ["SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "ATTENDEE", "ORGANIZER", "STATUS"]
        + (["LOCATION"] if clean(name) else [])
    )


@settings(max_examples=15, deadline=None)
@given(names)
def test_no_name_becomes_a_formula_or_spoils_a_print(name: str) -> None:
    """A cell that begins with = would run on the coordinator's computer; a bad character would not open."""
    shown = clean(name)
    sheet = CalamineWorkbook.from_filelike(BytesIO(xlsx(((shown,) * len(HEADINGS),), AT))).get_sheet_by_index(
        0
    )
    assert sheet.to_python(skip_empty_area=False)[1:] == [[shown] * len(HEADINGS)]
    printed = docx(fill(WORDING, {"recipient": name}), ("Alder",), ("Lee", "Director"), date(2027, 1, 4), AT)
    assert any(shown in paragraph.text for paragraph in Document(BytesIO(printed)).paragraphs)


def test_hours_are_local_on_both_sides_of_a_change_of_the_clocks() -> None:
    """An invitation an hour off would leave a worker waiting, or a team."""
    for day, offset in ((date(2027, 3, 12), -8), (date(2027, 3, 15), -7), (date(2027, 11, 8), -8)):
        starts = datetime.combine(day, time(9), ZONE)
        read = Calendar.from_ical(invitation("Bo", starts, starts + timedelta(hours=1)))
        (event,) = read.walk("VEVENT")
        assert event.start.utcoffset() == timedelta(hours=offset)
        assert event.start.astimezone(UTC) == starts.astimezone(UTC)
        # The file's own time zone, not the reader's, has the same hours: other programs know no other.
        zone = read.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
        own = datetime.combine(day, time(9)).replace(tzinfo=zone)
        assert own.utcoffset() == timedelta(hours=offset)


def test_several_days_are_the_hours_of_each_working_day() -> None:
    """One entry from Friday morning to Tuesday night would fill a reviewer's weekend."""
    friday, tuesday = datetime(2027, 3, 12, 8, tzinfo=ZONE), datetime(2027, 3, 16, 17, tzinfo=ZONE)
    days = (date(2027, 3, 12), date(2027, 3, 15), date(2027, 3, 16))
    (event,) = Calendar.from_ical(invitation("Bo", friday, tuesday, *days)).walk("VEVENT")
    assert (event.start, event.end) == (friday, datetime(2027, 3, 12, 17, tzinfo=ZONE))
    assert event["RRULE"]["FREQ"] == ["DAILY"]
    assert event["RRULE"]["UNTIL"] == [datetime(2027, 3, 16, 15, tzinfo=UTC)]  # summer time by then
    off = event["EXDATE"]
    assert [one.dt.date() for each in off for one in each.dts] == [date(2027, 3, 13), date(2027, 3, 14)]
    due = datetime(2027, 5, 18, 17, tzinfo=ZONE)
    (whole,) = Calendar.from_ical(invitation("Bo", due, due)).walk("VEVENT")
    assert (whole.start, whole["TRANSP"]) == (date(2027, 5, 18), "TRANSPARENT")


def test_one_invitation_is_inline_and_several_are_attached() -> None:
    """Outlook shows a message with an inline invitation as that meeting: four would hide a letter and three."""
    starts = datetime(2027, 3, 12, 9, tzinfo=ZONE)
    data = invitation("Bo", starts, starts + timedelta(hours=1))
    one = message_from_bytes(message("Bo", ("0001-x-m.ics", data)), policy=policy.default)
    kinds = [part.get_content_type() for part in one.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    inline = list(one.walk())[4]
    assert inline["Content-Type"].params["method"] == "REQUEST"
    assert Calendar.from_ical(data)["METHOD"] == "REQUEST"
    assert inline.get_content().replace("\r\n", "\n") == data.decode().replace("\r\n", "\n")
    two = message_from_bytes(message("Bo", ("a.ics", data), ("b.ics", data)), policy=policy.default)
    assert "text/calendar" not in [part.get_content_type() for part in two.walk()]
    assert [part.get_filename() for part in two.iter_attachments()] == ["a.ics", "b.ics"]
    assert [part.get_content() for part in two.iter_attachments()] == [data, data]


def test_the_same_letter_is_the_same_bytes() -> None:
    """Bytes that change by themselves could not be checked against what was approved."""
    filled = fill(WORDING, {"recipient": "Zoë"})
    starts = datetime(2027, 3, 12, 9, tzinfo=ZONE)
    assert message("Zoë") == message("Zoë")
    assert invitation("Zoë", starts, starts) == invitation("Zoë", starts, starts)
    assert xlsx((("a",) * len(HEADINGS),), AT) == xlsx((("a",) * len(HEADINGS),), AT)
    made = [docx(filled, ("Alder",), ("Lee", "Director"), date(2027, 1, 4), AT) for _ in range(2)]
    assert made[0] == made[1]


def test_a_print_carries_letterhead_date_signature_and_no_stamp_of_the_program() -> None:
    """A print without them is no letter; the library's own author and comment would stand in its place."""
    filled = fill(WORDING, {"recipient": "Zoë"})
    printed = Document(
        BytesIO(
            docx(filled, ("Alder County", "12 Court Street"), ("Lee Rowan", "Director"), date(2027, 1, 4), AT)
        )
    )
    texts = [paragraph.text for paragraph in printed.paragraphs]
    assert texts == [
        "Alder County\n12 Court Street", "Monday, January 4, 2027", "For Zoë", "Dear Zoë,", "for Zoë", "Zoë\nDirector",
        "Lee Rowan\nDirector",
    ]  # fmt: skip
    made = printed.core_properties
    assert (made.author, made.last_modified_by, made.comments) == ("", "", "")
    assert (made.title, made.language, made.created) == ("For Zoë", "en", AT)


def test_lines_flow_but_for_signatures_and_lists() -> None:
    """A signature run together, or a sentence broken in the middle, reads as carelessness."""
    long = "This sentence was broken by the author's editor in the middle of a line that is long"
    body = f"{long},\nand goes on.\n\nThree things:\n- one\n  more of one\n- two\n\nLee Rowan\nDirector"
    assert fill(Wording("x", "en", "s", body, ()), {}).blocks == (
        Block((f"{long}, and goes on.",)),
        Block(("Three things:",)),
        Block(("one more of one", "two"), True),
        Block(("Lee Rowan", "Director")),
    )
