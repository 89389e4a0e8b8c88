"""The way to the mail server: encrypted to the right one, logged in, and no secret in any word or file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from attrs import evolve
from sending_of_alder import ready, send, stand

from reviewcore.notification.transport import Unusable
from reviewcore.profile.settings import Sending
from tests.mail_server import MailServer, serving

SECRET = "xyzzy-4711"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> Callable[..., str]:
    """Return a function that issues a certificate for a host, and leaves the authority's beside it."""

    def issue(host: str, by: trustme.CA = authority) -> str:
        file = tmp_path / f"{host}.pem"
        by.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(str(file))
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        return str(file)

    return issue


@pytest.fixture
def encrypted(tmp_path: Path, certificate: Callable[..., str]) -> Iterator[MailServer]:
    """A server that speaks STARTTLS under the name localhost."""
    with serving(tmp_path / "mail", "--starttls", certificate("localhost")) as running:
        yield running


def sends(tmp_path: Path, server: MailServer, **settings: object) -> bool:
    """Send by these settings; return whether everything was sent, and nothing where it was not."""
    how = {"host": "localhost", "port": server.port, "ca_file": str(tmp_path / "authority.pem"), "timeout": 5}
    review = ready(tmp_path / "review", server)
    review = evolve(review, profile=evolve(review.profile, sending=Sending(**{**how, **settings})))  # type: ignore[arg-type]
    try:
        send(review)
    except Unusable:
        assert set(stand(review).values()) == {"waiting"}
        assert not server.took()
        raise
    finally:
        assert SECRET not in repr(review.told())
    return set(stand(review).values()) == {"sent"}


def secret(tmp_path: Path, text: str = SECRET) -> str:
    """A file with a secret for its owner alone."""
    path = tmp_path / "secret"
    path.write_text(f"{text}\n")
    path.chmod(0o600)
    return str(path)


def test_letters_leave_encrypted_both_ways(
    tmp_path: Path, encrypted: MailServer, certificate: Callable[..., str]
) -> None:
    """If this fails, a county whose server speaks only one of the two cannot send."""
    assert sends(tmp_path, encrypted)
    with serving(tmp_path / "other", "--tls", certificate("localhost")) as server:
        assert sends(tmp_path / "second", server, tls="tls", ca_file=str(tmp_path / "authority.pem"))


@pytest.mark.parametrize(
    ("host", "trusted", "said"),
    [
        ("mail.other.example", True, "Hostname mismatch, certificate is not valid for 'localhost'"),
        ("localhost", False, "unable to get local issuer certificate"),
    ],
)
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_another_servers_certificate_is_refused(
    tmp_path: Path, certificate: Callable[..., str], host: str, trusted: bool, said: str, tls: str
) -> None:
    """If this fails, whoever stands between the county and its server reads who is in the review."""
    file = certificate(host) if trusted else certificate(host, trustme.CA())
    with (
        serving(tmp_path / "mail", f"--{tls}", file) as server,
        pytest.raises(Unusable, match="does not hold") as caught,
    ):
        sends(tmp_path, server, tls=tls)
    assert caught.value.setting == "host"
    assert said in caught.value.what
    assert "another machine may answer in its place" in caught.value.what


def test_a_server_without_encryption_gets_nothing(tmp_path: Path, encrypted: MailServer) -> None:
    """If this fails, somebody who strips STARTTLS from the greeting reads every letter, and the password."""
    with serving(tmp_path / "open") as server, pytest.raises(Unusable, match="does not offer STARTTLS"):
        sends(tmp_path, server, username="kim", password_file=secret(tmp_path))
    with pytest.raises(Unusable, match="does not speak TLS as asked"):
        sends(tmp_path, encrypted, tls="tls")
    with pytest.raises(ValueError, match="on this very machine"):
        Sending(host="mail.county.example", tls="none")


@pytest.mark.parametrize("without", [[], ["PLAIN"], ["LOGIN"]])
@pytest.mark.parametrize("way", ["file", "command"])
def test_a_password_opens_the_account(
    tmp_path: Path, encrypted: MailServer, way: str, without: list[str]
) -> None:
    """If this fails, a server that takes only AUTH PLAIN, or only AUTH LOGIN, cannot be used."""
    encrypted.orders(user="kim", password=SECRET, without=without)
    given = secret(tmp_path)
    command = (sys.executable, "-c", f"print(open({given!r}).read())")
    how = {"password_file": given} if way == "file" else {"password_command": command}
    assert sends(tmp_path, encrypted, username="kim", **how)


@pytest.mark.parametrize("without", [[], ["XOAUTH2"]])
@pytest.mark.parametrize("way", ["file", "command"])
def test_a_token_opens_the_account(
    tmp_path: Path, encrypted: MailServer, way: str, without: list[str]
) -> None:
    """If this fails, a county whose provider has turned passwords off cannot send (XOAUTH2, OAUTHBEARER)."""
    encrypted.orders(user="kim@alder.example", token=SECRET, without=without)
    given = secret(tmp_path)
    command = (sys.executable, "-c", f"print(open({given!r}).read())")
    how = {"token_file": given} if way == "file" else {"token_command": command}
    assert sends(tmp_path, encrypted, username="kim@alder.example", **how)


@pytest.mark.parametrize(("kind", "without"), [("password", []), ("token", []), ("token", ["XOAUTH2"])])
def test_a_wrong_secret_is_told_and_never_repeated(
    tmp_path: Path, encrypted: MailServer, kind: str, without: list[str]
) -> None:
    """If this fails, a wrong password looks like something else, or stands in a log."""
    encrypted.orders(user="kim", password="another", token="another", without=without)
    with pytest.raises(Unusable, match=f"does not take this user name and {kind} \\(535") as caught:
        sends(tmp_path, encrypted, username="kim", **{f"{kind}_file": secret(tmp_path)})
    assert SECRET not in str(caught.value)
    assert "kim" not in str(caught.value)


def test_a_login_that_is_missing_is_asked_for(tmp_path: Path, encrypted: MailServer) -> None:
    """If this fails, a forgotten user name ends in words that help nobody."""
    encrypted.orders(user="kim", password=SECRET)
    with pytest.raises(Exception, match="the server asks for a login"):
        sends(tmp_path, encrypted)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"password_file": "gone"}, "cannot be read \\(No such file or directory\\)"),
        ({"token_command": ("/no/such/program",)}, "/no/such/program cannot be run"),
        ({"token_command": (sys.executable, "-c", f"print('{SECRET}'); raise SystemExit(3)")}, "status 3"),
        ({"token_command": (sys.executable, "-c", "print()")}, "gives an empty first line"),
        (
            {"password_command": (sys.executable, "-c", "print('xyzzy-4711\\u00e4')")},
            "has a letter that mail",
        ),
    ],
)
def test_a_secret_that_cannot_be_had_is_told(
    tmp_path: Path, encrypted: MailServer, given: dict[str, object], said: str
) -> None:
    """If this fails, a broken command for tokens ends in a traceback, or its output in a log."""
    with pytest.raises(Unusable, match=said) as caught:
        sends(tmp_path, encrypted, username="kim", **given)
    assert SECRET not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, encrypted: MailServer) -> None:
    """If this fails, everybody on the machine can write in the county's name."""
    given = secret(tmp_path)
    Path(given).chmod(0o644)
    with pytest.raises(Unusable, match="chmod 600"):
        sends(tmp_path, encrypted, username="kim", password_file=given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": "kim"}, "username: say where its secret is"),
        ({"password_file": "x"}, "username: missing; password_file belongs to a user name"),
        ({"username": "kim", "password_file": "x", "token_file": "y"}, "token_file: password_file is given"),
        ({"sender": "nobody"}, "must be an e-mail address"),
    ],
)
def test_a_login_that_is_none_is_refused_with_the_profile(given: dict[str, str], said: str) -> None:
    """If this fails, the mistake shows only when the letters should leave."""
    with pytest.raises(ValueError, match=said):
        Sending(host="mail.county.example", **given)  # type: ignore[arg-type]
