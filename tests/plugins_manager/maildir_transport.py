"""A transport of another package: letters go into a Maildir, from which a mail system takes them."""

from __future__ import annotations

from reviewcore.ports import Answer, Message, Transport, Unusable, Way, hookimpl


class Maildir:
    """Letters are written under `tmp`, and the last word is the move to `new`."""

    def __init__(self, way: Way) -> None:
        if "folder" not in way.sending.options:
            raise Unusable(
                "options", 'say where the Maildir is, as in options = { folder = "/var/mail/reviews" }'
            )
        self.folder = way.folder / way.sending.options["folder"]
        for name in ("tmp", "new", "cur"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.name = ""

    def offer(self, message: Message) -> tuple[Answer, ...]:
        """Write the letter whole, where nobody looks for it yet."""
        self.name = f"{message.letter}.{'+'.join(message.recipients)}"
        (self.folder / "tmp" / self.name).write_bytes(message.data)
        return tuple(Answer("accepted") for _ in message.recipients)

    def deliver(self) -> Answer:
        """Let it be found."""
        (self.folder / "tmp" / self.name).rename(self.folder / "new" / self.name)
        return Answer("accepted")

    def abandon(self) -> None:
        """Take it away again."""
        (self.folder / "tmp" / self.name).unlink()

    def close(self) -> None:
        """Nothing is held open."""


class Maildirs:
    """The plugin."""

    @hookimpl
    def transports(self) -> tuple[Transport, ...]:
        """Offer the Maildir."""
        return (Transport("maildir", Maildir),)
