"""Tokens of sessions: short, unlike one another, and telling nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from reviewcore.interview import tokens as module
from reviewcore.interview.tokens import token, tokens
from reviewcore.store.keys import Key

KEY = Key(b"k" * 32)
SESSIONS = [("case", f"{n:064x}") for n in range(2000)]


def test_tokens_are_readable_and_depend_on_the_key() -> None:
    """A token would be misread on the telephone, or worked out by somebody who knows the case."""
    made = tokens(KEY, SESSIONS, {})
    assert len(set(made.values())) == len(SESSIONS)
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", one) for one in made.values())
    other = tokens(Key(b"o" * 32), SESSIONS, {})
    assert not set(made.values()) & set(other.values())
    assert made == tokens(KEY, list(reversed(SESSIONS)), {})


def test_a_token_that_is_taken_is_never_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sessions would share a workbook, and one of them lose its answers."""
    real: Callable[..., str] = token

    def few(key: Key, case: str, kind: str = "", again: int = 0) -> str:
        return real(key, case, kind, again)[:1] + "000-0000"  # only 32 of them: collisions are certain

    monkeypatch.setattr(module, "token", few)
    made = tokens(KEY, SESSIONS[:20], {})
    assert len(set(made.values())) == 20
    more = tokens(KEY, SESSIONS[:30], made)
    assert {session: more[session] for session in made} == made
    assert len(set(more.values())) == 30
