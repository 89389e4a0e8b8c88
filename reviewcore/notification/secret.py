"""The secret that opens a mail account: read where the profile says it is, and never told, written or kept."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from reviewcore.notification.transport import Unusable, Way

_SECONDS = 60


@frozen
class Login:
    """A user name and what opens its account: a password, or an OAuth 2 access token. Its repr has no secret."""

    username: str
    kind: Literal["password", "token"]
    secret: str = field(repr=False)


def login(way: Way) -> Login | None:
    """Return how to log in, or None where the profile has no user name.

    A command is run each time anew, since a token is good for an hour or so. Raise Unusable where the
    secret cannot be had; what a command said is not repeated.
    """
    sending = way.sending
    if not sending.username:
        return None
    if sending.password_file or sending.token_file:
        setting = "password_file" if sending.password_file else "token_file"
        secret = _from_file(setting, way.folder / Path(getattr(sending, setting)).expanduser())
    else:
        setting = "password_command" if sending.password_command else "token_command"
        secret = _from_command(setting, getattr(sending, setting), way.folder)
    if not secret:
        raise Unusable(setting, "gives an empty first line; the secret stands there, and nothing else")
    if not (secret.isascii() and secret.isprintable() and sending.username.isascii()):
        raise Unusable(
            setting,
            "the user name or the secret has a letter that mail servers cannot be given (ä, é, a tab); use "
            "plain letters, digits and signs",
        )
    return Login(sending.username, "password" if setting.startswith("password") else "token", secret)


def _from_file(setting: str, path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Unusable(
                setting,
                f"others on this machine can read {path}; make it its owner's alone: chmod 600 {path}",
            )
        return _first_line(path.read_bytes())
    except OSError as error:
        raise Unusable(setting, f"{path} cannot be read ({error.strerror}); put the secret there") from None
    except UnicodeDecodeError:
        raise Unusable(setting, f"{path} is not a text; put the secret there as one plain line") from None


def _from_command(setting: str, command: tuple[str, ...], folder: Path) -> str:
    cause = ""
    try:
        done = subprocess.run(  # noqa: S603  (the county's own command, from its profile, without a shell)
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
        if not done.returncode:
            return _first_line(done.stdout)
        cause = f"left with status {done.returncode}"
    except OSError as error:
        cause = f"cannot be run ({error.strerror})"
    except UnicodeDecodeError:
        cause = "did not print a text"
    except subprocess.TimeoutExpired:
        cause = f"did not end within {_SECONDS} seconds"
    raise Unusable(setting, f"{command[0]} {cause}; run it by itself to see why") from None


def _first_line(data: bytes) -> str:
    return data.decode("utf-8-sig").partition("\n")[0].strip()
