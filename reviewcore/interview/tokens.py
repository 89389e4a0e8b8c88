"""One-time tokens of sessions, such as `K7QF-2M9X`: they name a session and tell nothing about it.

Eight characters of Crockford's base 32 (no I, L, O or U, so none is mistaken for a digit), cut from an
HMAC under the review's key: the same again on every run, and not to be worked out without the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviewcore.store.keys import Key

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def token(key: Key, case: str, kind: str = "", again: int = 0) -> str:
    """Return the token of a case's session of one kind; `again` counts from 0 past tokens that are taken."""
    bits = int(key.mac("session token", f"{kind}\n{case}\n{again}")[:10], 16)  # 40 bits
    text = "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{text[:4]}-{text[4:]}"


def tokens(
    key: Key, sessions: Iterable[tuple[str, str]], taken: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """Return a token for every (kind, case), no two alike; what is in `taken` stays as it is."""
    found = dict(taken)
    used = set(taken.values())
    for kind, case in sorted(set(sessions) - set(taken)):
        again = 0
        while (made := token(key, case, kind, again)) in used:
            again += 1
        used.add(made)
        found[kind, case] = made
    return found
