"""Which themes may be told: those that were heard widely enough, without a count (disclosure.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.disclosure.publication import Theme, ThemeList
from reviewcore.disclosure.rules import Rules
from reviewcore.interview.plan import Code

SESSIONS = 2
"""In how many sessions at least a theme must have been coded."""


def themes(
    key: str,
    title: str,
    book: tuple[Code, ...],
    voiced: Mapping[str, frozenset[str]],
    attendees: Mapping[str, frozenset[str]],
    rules: Rules,
) -> ThemeList:
    """Return the themes that may be told, in the order of the codebook.

    A theme is told when it was coded in at least two sessions that had at least k different attendees
    together. One that everybody raised is told like any other: no number goes with it, so nobody can
    work out how many did not raise it, and a theme that is not told may have been raised or not.
    """
    told = []
    for code in book:
        sessions = voiced.get(code.code, frozenset())
        heard = frozenset().union(*(attendees.get(session, frozenset()) for session in sessions))
        if len(sessions) >= SESSIONS and len(heard) >= rules.k:
            told.append(Theme(code.code, code.label))
    return ThemeList(key, title, tuple(told))
