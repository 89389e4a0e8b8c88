"""Which themes may be told: those that were heard widely enough, without a count (disclosure.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping

from reviewcore.disclosure.publication import Theme, ThemeList
from reviewcore.disclosure.rules import Rules
from reviewcore.interview.plan import Code

SESSIONS = 2
"""In how many sessions at least a theme must have been coded,"""

GROUP = 6
"""unless it was in one group of so many people or more, in which nobody can tell who raised it."""


def themes(
    key: str,
    title: str,
    book: tuple[Code, ...],
    voiced: Mapping[str, frozenset[str]],
    attendees: Mapping[str, frozenset[str]],
    rules: Rules,
) -> ThemeList:
    """Return the themes that may be told, in the order of the codebook.

    A theme is told when it was coded in at least two sessions, or in one group of six or more, that had at
    least k different attendees together. One that everybody raised is told like any other: no number goes
    with it, so nobody can work out how many did not raise it, and a theme that is not told may have been
    raised or not.
    """
    told = []
    for code in book:
        sessions = voiced.get(code.code, frozenset())
        each = [attendees.get(session, frozenset()) for session in sessions]
        wide = len(sessions) >= SESSIONS or any(len(one) >= GROUP for one in each)
        if wide and len(frozenset().union(*each)) >= rules.k:
            told.append(Theme(code.code, code.label))
    return ThemeList(key, title, tuple(told))
