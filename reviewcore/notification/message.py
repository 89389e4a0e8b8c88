"""A letter as an e-mail message: text, HTML and invitations, the same bytes every time."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from reviewcore.notification.calendar import Mailbox

if TYPE_CHECKING:
    from email.message import Message
    from email.policy import Compat32


def eml(
    *,
    sender: Mailbox,
    to: Mailbox,
    copy: Mailbox | None,
    subject: str,
    text: str,
    html: str,
    invitations: tuple[tuple[str, bytes], ...],
    at: datetime,
    name: str,
) -> bytes:
    """Return a message that has not been sent, so that a mail program opens it to be looked at and sent.

    `name` is unlike that of any other message: the Message-ID and the boundaries come from it.

    A single invitation also stands inside the alternative, where mail programs offer accept and decline.
    Outlook shows such a message as the meeting and reads no second one; so a letter with several stays a
    letter, and each invitation is opened by itself.
    """
    from email.mime.application import MIMEApplication
    from email.mime.multipart import MIMEMultipart
    from email.utils import format_datetime

    alternative = MIMEMultipart("alternative", boundary=f"=_{name}_alternative")
    alternative.attach(_part("plain", text))
    alternative.attach(_part("html", html))
    if len(invitations) == 1:
        calendar = invitations[0][1].decode().replace("\r\n", "\n")
        method = "CANCEL" if "\nMETHOD:CANCEL\n" in calendar else "REQUEST"
        alternative.attach(_part("calendar", calendar, f'; method="{method}"'))
    message = alternative
    if invitations:
        message = MIMEMultipart("mixed", boundary=f"=_{name}_mixed")
        message.attach(alternative)
        for file, data in invitations:
            attached = MIMEApplication(data, "ics", name=file)
            attached.add_header("Content-Disposition", "attachment", filename=file)
            message.attach(attached)
    message["From"] = _address("From", sender)
    message["To"] = _address("To", to)
    if copy:
        message["Cc"] = _address("Cc", copy)
    message["Subject"] = _subject(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}@{sender.address.rpartition('@')[2]}>"
    message["X-Unsent"] = "1"
    return message.as_bytes(policy=_policy())


@cache
def _policy() -> Compat32:
    """Return how messages are written: with the line ends of mail, and no header folded."""
    from email.policy import Compat32

    class Unfolded(Compat32):
        def fold_binary(self, name: str, value: str) -> bytes:
            # One plain line, as nearly all are, stays as it is; email would take it apart and put it together again.
            if value.isascii() and value.isprintable():
                return f"{name}: {value}\r\n".encode("ascii")
            return super().fold_binary(name, value)

    return Unfolded(linesep="\r\n", max_line_length=None)


def _part(subtype: str, text: str, parameters: str = "") -> Message:
    """Return a text of one kind; its headers are written out, since email works them out anew at every step."""
    from email.message import Message
    from email.quoprimime import body_encode

    part = Message()
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"{parameters}'
    part["MIME-Version"] = "1.0"
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(body_encode(text.encode().decode("latin-1")))
    return part


def _address(header: str, who: Mailbox) -> str:
    """Write a name and address; a name that is not plain words is encoded, so that it stays a name."""
    if not who.name:
        return who.address
    if re.fullmatch(r"[A-Za-z0-9 .'-]{1,200}", who.name):
        return f'"{who.name}" <{who.address}>'
    return f"{_words(header, who.name)} <{who.address}>"


def _subject(text: str) -> str:
    return text if re.fullmatch(r"[ -~]{1,900}", text) and "=?" not in text else _words("Subject", text)


def _words(header: str, text: str) -> str:
    """Encode words in pieces no longer than RFC 2047 allows; nothing in them can end the header."""
    from email.header import Header

    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")
