"""A real mail server (aiosmtpd) in a process of its own, with a mailbox of its own, that does what it is told.

`python mail_server.py FOLDER` serves on a free port of 127.0.0.1 and prints it. Every delivery that it took
is a line of FOLDER/mailbox: the Message-ID, whom it was for, and its body's digest. FOLDER/orders.json, read
anew with each connection, says how it behaves to an address; FOLDER/pid is the process that it may have to
kill.
"""

# ruff: noqa: N802  (aiosmtpd calls these methods by the commands that they answer)
from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from attrs import frozen

AT_RCPT = ("550", "450", "drop", "hang")
AT_DATA = ("data-450", "drop-before-dot", "kill-before-dot")
AT_DOT = (
    "dot-550", "dot-450", "dot-421", "hang-kept", "hang-lost", "drop-kept", "drop-lost", "kill-kept", "kill-lost",
)  # fmt: skip
"""What it can be told to do to an address, and when; "kept" and "lost" say whether the letter is in the mailbox."""
IN_DOUBT = tuple(one for one in AT_DOT if "-4" not in one and "-5" not in one)


@frozen
class MailServer:
    """A running server: its port, and the folder by which it is told what to do and tells what it took."""

    port: int
    folder: Path

    def orders(self, **orders: Any) -> None:
        """Say how it is to behave: to an address, or of what it asks for at the login."""
        (self.folder / "orders.json").write_text(json.dumps(orders))

    def took(self) -> Counter[tuple[str, str]]:
        """Return how often each letter was taken for each address: its id, as the Message-ID has it, and whom."""
        found: Counter[tuple[str, str]] = Counter()
        for line in self.lines():
            letter = line["id"].removeprefix("<").partition(".")[0]
            found.update((letter, address) for address in line["to"])
        return found

    def lines(self) -> list[dict[str, Any]]:
        """Return every delivery that it took, in order."""
        path = self.folder / "mailbox"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[MailServer]:
    """Run a server as long as it is needed. Options: `--tls`, `--starttls`, each with the certificate's file."""
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder), *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout
        yield MailServer(int(process.stdout.readline()), folder)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def main(folder: Path, how: str = "", certificate: str = "") -> None:
    """Serve until killed."""
    import ssl
    import warnings

    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

    warnings.simplefilter("ignore")
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

    def kill() -> None:
        os.kill(int((folder / "pid").read_text()), signal.SIGKILL)

    def keep(envelope: Any) -> None:
        said = BytesHeaderParser().parsebytes(envelope.content)
        body = hashlib.sha256(envelope.content.partition(b"\r\n\r\n")[2]).hexdigest()
        line = {"id": said["Message-ID"], "from": envelope.mail_from, "to": envelope.rcpt_tos, "body": body}
        if orders().get("keep"):
            line["data"] = envelope.content.decode("ascii")
        with (folder / "mailbox").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def orders() -> dict[str, Any]:
        path = folder / "orders.json"
        return json.loads(path.read_text()) if path.exists() else {}

    class Handler:
        def __init__(self) -> None:
            self.orders = orders()

        async def handle_MAIL(
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            if said := self.orders.get("MAIL"):
                return str(said)
            envelope.mail_from = address
            return "250 2.1.0 ok"

        async def handle_RCPT(
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            match self.orders.get(address):
                case "550":
                    return f"550 5.1.1 <{address}>: there is no such mailbox"
                case "450":
                    return f"450 4.2.2 <{address}>: try again later"
                case "drop":
                    server.transport.abort()
                case "hang":
                    await asyncio.sleep(3600)
            envelope.rcpt_tos.append(address)
            return "250 2.1.5 ok"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            order = self.orders.get(envelope.rcpt_tos[0], "")
            if order in ("dot-550", "dot-450", "dot-421"):
                code = order[-3:]
                return f"{code} {code[0]}.7.1 not this one, {envelope.rcpt_tos[0]}"
            if order not in AT_DOT or order.endswith("kept"):
                keep(envelope)
            if order.startswith("hang"):
                await asyncio.sleep(3600)
            if order.startswith("drop"):
                server.transport.abort()
            if order.startswith("kill"):
                kill()
            return "250 2.0.0 taken"

        async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
            return await self.token(server, args[1], "user={user}\1auth=Bearer {token}\1\1")

        async def auth_OAUTHBEARER(self, server: Any, args: list[str]) -> AuthResult:
            return await self.token(server, args[1], "n,a={user},\1auth=Bearer {token}\1\1")

        async def token(self, server: Any, given: str, right: str) -> AuthResult:
            from base64 import b64decode, b64encode

            if b64decode(given).decode() == right.format(**self.orders):
                return AuthResult(success=True, auth_data=given)
            await server.push("334 " + b64encode(b'{"status":"401"}').decode())
            await server._reader.readline()
            return AuthResult(success=False, handled=False)

    class Server(SMTP):
        async def smtp_DATA(self, arg: str) -> None:
            order = self.event_handler.orders.get((self.envelope.rcpt_tos or [""])[0])
            if order == "data-450":
                await self.push("450 4.3.0 not now")
                return
            if order == "drop-before-dot":
                await self.push("354 go on")
                self.transport.abort()
                return
            if order == "kill-before-dot":
                kill()
            await super().smtp_DATA(arg)

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        wanted = orders()
        if isinstance(data, LoginPassword):
            right = data.login.decode() == wanted["user"] and data.password.decode() == wanted.get("password")
            return AuthResult(success=right, handled=False)
        return AuthResult(success=False, handled=False)

    def made() -> Server:
        handler = Handler()
        login = "user" in handler.orders
        exclude = handler.orders.get("without", [])
        return Server(
            handler, hostname="localhost", authenticator=known, auth_required=login, auth_exclude_mechanism=exclude,
            auth_require_tls=bool(how), tls_context=context if how == "--starttls" else None,
            require_starttls=how == "--starttls", timeout=600,
        )  # fmt: skip

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(made, "127.0.0.1", 0, ssl=context if how == "--tls" else None)
        print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
