"""Sending by SMTP: encrypted, the server's certificate checked, one connection for many letters.

The standard library's smtplib, driven command by command, since the engine must write to the log after a
letter's last line and before the dot that ends it: RFC 5321 lets a server take a letter only at that dot.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from reviewcore.notification.secret import Login, login
from reviewcore.notification.transport import Answer, Message, Unusable, Way

if TYPE_CHECKING:
    from smtplib import SMTP
    from ssl import SSLContext

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class SmtpConnection:
    """An open connection to a mail server."""

    def __init__(self, server: SMTP, timeout: int, answer_timeout: int) -> None:
        self._server, self._timeout, self._answer_timeout = server, timeout, answer_timeout

    def offer(self, message: Message) -> tuple[Answer, ...]:
        """Send the letter but for the dot that ends it, to whichever recipients the server takes."""
        server = self._server
        code, said = server.mail(message.sender)
        if code != 250:
            _sender_refused(code, said)
        answers = [_answer(*server.rcpt(recipient)) for recipient in message.recipients]
        if any(one.outcome == "accepted" for one in answers):
            code, said = server.docmd("DATA")
            if code != 354:
                refused = _answer(code, said)
                return tuple(refused if one.outcome == "accepted" else one for one in answers)
            lines = re.sub(rb"^\.", b"..", message.data, flags=re.MULTILINE)
            server.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")
        return tuple(answers)

    def deliver(self) -> Answer:
        """Send the dot, and wait for the server's word that it has taken the letter.

        A dot that could not be sent whole was not heard, and so the letter has not left.
        """
        from smtplib import SMTPServerDisconnected

        self._wait(self._answer_timeout)
        try:
            self._server.send(b".\r\n")
        except SMTPServerDisconnected:
            return Answer("later")
        code, said = self._server.getreply()
        self._wait(self._timeout)
        return Answer("later", _code(code, said)) if code == 421 else _answer(code, said)

    def abandon(self) -> None:
        """Take back an offer that nobody took."""
        code, _ = self._server.rset()
        if code != 250:
            raise ConnectionError("the server did not take the offer back")

    def close(self) -> None:
        """Hang up. A letter without its dot was never sent."""
        self._server.close()

    def _wait(self, seconds: int) -> None:
        if self._server.sock:
            self._server.sock.settimeout(seconds)


def connect(way: Way) -> SmtpConnection:
    """Connect and log in; raise Unusable with what is wrong and what to do."""
    sending = way.sending
    who = login(way)
    server = _greet(way)
    try:
        if who:
            _log_in(server, who, f"{sending.host}:{_port(way)}")
    except BaseException:
        server.close()
        raise
    _at_once(server)
    return SmtpConnection(server, sending.timeout, sending.answer_timeout)


def _at_once(server: SMTP) -> None:
    """Let a dot go at once: it would wait for the letter's lines to be confirmed, 40 ms each time."""
    from socket import IPPROTO_TCP, TCP_NODELAY

    if server.sock:
        server.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)


def _port(way: Way) -> int:
    return way.sending.port or _PORTS[way.sending.tls]


def _greet(way: Way) -> SMTP:
    """Open the connection and encrypt it; no word of a letter or a login has been said then."""
    import smtplib
    import ssl

    sending, place = way.sending, f"{way.sending.host}:{_port(way)}"
    server: SMTP | None = None
    try:
        if sending.tls == "tls":
            server = smtplib.SMTP_SSL(
                sending.host, _port(way), timeout=sending.timeout, context=_context(way)
            )
        else:
            server = smtplib.SMTP(sending.host, _port(way), timeout=sending.timeout)
        server.ehlo_or_helo_if_needed()
        if sending.tls == "starttls":
            if not server.has_extn("starttls"):
                raise Unusable(
                    "tls", f"{place} does not offer STARTTLS; if it speaks TLS from the first word, write "
                    'tls = "tls", and its port, mostly 465',
                )  # fmt: skip
            server.starttls(context=_context(way))
            server.ehlo_or_helo_if_needed()
    except Unusable:
        _close(server)
        raise
    except ssl.SSLCertVerificationError as error:
        _close(server)
        raise Unusable(
            "host",
            f"the certificate of {place} does not hold ({error.verify_message.rstrip('.')}): write the host by the "
            "name that its certificate has, or give its certificate authority as ca_file; if neither is it, ask "
            "whoever runs the server, since another machine may answer in its place",
        ) from None
    except ssl.SSLError as error:
        _close(server)
        raise Unusable(
            "tls",
            f'{place} does not speak TLS as asked ({error.reason or "no handshake"}): tls = "tls" goes with port '
            '465, tls = "starttls" with 587',
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        _close(server)
        raise Unusable(
            "host",
            f"{place} cannot be reached ({_why(error)}): look at host, port and tls, and whether this machine may "
            "send mail through the county's firewall",
        ) from None
    return server


def _close(server: SMTP | None) -> None:
    if server:
        server.close()


def _context(way: Way) -> SSLContext:
    import ssl

    file = way.sending.ca_file
    try:
        return ssl.create_default_context(cafile=str(way.folder / file) if file else None)
    except (OSError, ssl.SSLError):
        raise Unusable("ca_file", f"{file} is no file of certificates in PEM that can be read") from None


def _log_in(server: SMTP, who: Login, place: str) -> None:
    import smtplib

    try:
        if who.kind == "password":
            server.login(who.username, who.secret)
        else:
            server.auth(*_bearer(server, who), initial_response_ok=True)
    except smtplib.SMTPAuthenticationError as error:
        code = _code(error.smtp_code, error.smtp_error)
        secret = "password" if who.kind == "password" else "token"
        hint = (
            "; it does not take passwords from programs any more: use token_command or token_file"
            if code == "535 5.7.139"
            else ""
        )
        raise Unusable(
            "username",
            f"{place} does not take this user name and {secret} ({code}): look at username and at what gives the "
            f"{secret}{hint}",
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise Unusable(
            "username", f"{place} takes no login; take username and its secret away, or name the right port"
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unusable("username", f"{place} broke off at the login ({_why(error)}); try again") from None


def _bearer(server: SMTP, who: Login) -> tuple[str, Any]:
    """Return the mechanism for a token that the server has, and what answers it: an empty word to a refusal."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    first, last = f"user={who.username}\1auth=Bearer {who.secret}\1\1", ""
    mechanism = "XOAUTH2"
    if mechanism not in offered and "OAUTHBEARER" in offered:
        mechanism, first, last = "OAUTHBEARER", f"n,a={who.username},\1auth=Bearer {who.secret}\1\1", "\1"
    elif mechanism not in offered:
        raise Unusable(
            "username", "the server takes no OAuth 2 tokens; give a password_file or password_command"
        )
    return mechanism, lambda challenge=None: first if challenge is None else last


def _sender_refused(code: int, said: bytes) -> NoReturn:
    """Say that the server lets this account not write from this address: no letter would leave."""
    if code == 421 or code < 0:
        raise ConnectionError("the server is closing the connection")
    if code < 500:
        raise ConnectionError("the server takes no letter now")
    if code == 530:
        raise Unusable("username", "the server asks for a login; give username and where its secret is")
    raise Unusable(
        "sender",
        f"the server lets this account not write from the review's address ({_code(code, said)}): give the "
        "address that it may write from as sender, or have the account allowed",
    )


def _answer(code: int, said: bytes) -> Answer:
    """Read an answer by its digits; anything but a plain yes or no breaks the connection off."""
    if 200 <= code < 300:
        return Answer("accepted", _code(code, said))
    if code == 421 or not 400 <= code < 600:
        raise ConnectionError("the server is closing the connection, or does not speak SMTP")
    return Answer("later" if code < 500 else "refused", _code(code, said))


def _code(code: int, said: bytes | str) -> str:
    """Return the digits of an answer: its words could quote an address."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    more = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", text)
    return f"{code} {more[0]}" if more else str(code)


def _why(error: Exception) -> str:
    """Say what kind of failure it was, in words of ours or of the system's, never the server's."""
    import smtplib

    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {_code(error.smtp_code, error.smtp_error)}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it hung up"
