"""Long work: told how far it is to whoever waits for it, and ended when its time is up."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

from attrs import frozen

from reviewcore.errors import Refused

Tell: TypeAlias = Callable[[str], None]
"""Told in a few words what is being done."""


@frozen
class Pace:
    """Who is told how far the work is, and until when it may go on, by `time.monotonic`; without, it never ends."""

    tell: Tell = lambda _: None
    until: float | None = None

    @classmethod
    def of(cls, tell: Tell | None, minutes: float) -> Pace:
        """Return the pace of work that begins now and may take so long."""
        return cls(tell or (lambda _: None), monotonic() + 60 * minutes)

    def at(self, what: str, left: int, doing: str = "") -> None:
        """Tell that so many of something are left, and what is being done for them; raise as `check`."""
        self.check()
        self.tell(f"{what}: {f'{doing}, ' if doing else ''}{left:,} left")

    def check(self) -> None:
        """Raise Refused where the time is up: never is anything made otherwise to save time."""
        if self.until is not None and monotonic() > self.until:
            raise Refused(
                "the tables could not be protected in the time that the profile allows (tables.minutes), so nothing "
                "is published; allow more, or ask for fewer splits or coarser ones"
            )

    def seconds(self) -> float | None:
        """Return how much time is left, None where there is no end to it."""
        return None if self.until is None else max(0.0, self.until - monotonic())


FREE = Pace()
"""Nobody waits, and there is no end to it."""
