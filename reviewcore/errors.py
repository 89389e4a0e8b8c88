"""What reviewcore says when it cannot go on: for the person who must act, and never a person's data."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known word that is most like `word`, or nothing.

    >>> nearest("methd", ["method", "quota"])
    "; did you mean 'method'?"
    """
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


@frozen
class Problem:
    """One thing that is wrong: where it stands, what it concerns, what is wrong and what would be right.

    >>> print(Problem("review.toml:8", "unknown setting; did you mean 'method'?", "review.methd"))
    review.toml:8: review.methd: unknown setting; did you mean 'method'?
    """

    where: str
    what: str
    subject: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.subject, self.what) if part)


class ReviewError(Exception):
    """The root of every error that reviewcore raises on purpose; `exit_code` is the command line's."""

    exit_code = 1


class BadInput(ReviewError):
    """Something given to the review is wrong. Carries every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Refused(ReviewError):
    """The engine will not do this, and says what would make it possible."""


class Blocked(Refused):
    """Going on would break a promise that the review has made."""

    exit_code = 3


class PluginFailed(ReviewError):
    """A plugin broke the agreement: which one, which version, at which stage.

    The plugin's own message is left out, since it could quote data; the cause is chained only where
    all people are made up.
    """

    def __init__(self, plugin: str, version: str, stage: str, what: str) -> None:
        self.plugin, self.version, self.stage, self.what = plugin, version, stage, what
        super().__init__(f"{plugin} {version}: {stage}: {what}")
