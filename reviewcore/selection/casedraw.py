"""`casedraw/1`: exactly what is hashed, from an id to a ticket. Standard library only.

docs/casedraw.md is the definition, with test vectors that a second implementation can be written
from (selection.md section 4). Whatever changes a single byte here is `casedraw/2`.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

SPEC = "casedraw/1"
Json: TypeAlias = "str | int | Sequence[Json] | Mapping[str, Json]"

_HEX, _DIGITS = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]*")
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")  # control, format, surrogate, unassigned, line, paragraph
_NOT_BLINDED = "a leaf is made of pseudonyms of 64 hex digits in lower case"
_LARGEST = 2**53 - 1  # the largest integer that RFC 8785 writes exactly


# -- text and plan ------------------------------------------------------------------------------------


def text(value: object) -> str:
    """Return `value` as it is hashed: NFC, without spaces at either end.

    Raises ValueError, without quoting the value, for anything but text, for empty text, and for
    characters that cannot be seen: they make two ids that look alike differ.

    >>> text("  Case 007 ")
    'Case 007'
    """
    if not isinstance(value, str):
        raise ValueError("must be text, not a number: keep the column as text, so that 007 stays 007")
    if not (value.isascii() and value.isprintable()):
        value = unicodedata.normalize("NFC", value)
        for place, character in enumerate(value, start=1):
            if unicodedata.category(character) in _UNSEEN:
                raise ValueError(
                    f"character {place} (U+{ord(character):04X}) cannot be seen (a line break, a tab, a "
                    "zero-width or unknown character): take it out"
                )
    if not (value := value.strip()):
        raise ValueError("must not be empty")
    return value


def jcs(value: Json) -> str:
    """Return the RFC 8785 form of texts, whole numbers, lists and tables of them.

    Raises ValueError for anything else (no true, false, null or fractions) and for numbers that not
    every reader of JSON keeps exactly.

    >>> jcs({"b": [1, "é"], "a": "x"})
    '{"a":"x","b":[1,"é"]}'
    """
    if not _plain(value):
        return _jcs(value)
    said = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    said.isascii() or said.encode()  # half a surrogate pair has no UTF-8 form
    return said


def _plain(value: Any) -> bool:
    """Return whether the `json` module writes the form itself: of ASCII keys it knows the order."""
    kind = type(value)
    if kind is list or kind is tuple:
        return {*map(type, value)} <= {str} or all(map(_plain, value))
    if kind is dict:
        return all(type(key) is str and key.isascii() for key in value) and all(map(_plain, value.values()))
    return kind is str or (kind is int and abs(value) <= _LARGEST)


def _jcs(value: Json) -> str:
    if isinstance(value, str):
        value.encode()  # half a surrogate pair has no UTF-8 form
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool) or not isinstance(value, (int, Mapping, list, tuple)):
        raise ValueError(f"casedraw/1 hashes texts, whole numbers, lists and tables only, not {type(value)}")
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError("a whole number must lie between -(2^53 - 1) and 2^53 - 1")
        return str(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("the keys of a table must be texts")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_jcs(key)}:{_jcs(value[key])}" for key in keys) + "}"
    return "[" + ",".join(map(_jcs, value)) + "]"


def plan_hash(plan: Mapping[str, Json]) -> str:
    """Return the digest of a sampling plan, given as a table of texts and whole numbers."""
    return _sha256(f"{SPEC}/plan\n{jcs(plan)}")


def utc(moment: datetime) -> str:
    """Return a time as it is hashed: UTC, whole seconds, `2027-03-01T17:00:00Z`; ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone cannot be committed to")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# -- blinding -----------------------------------------------------------------------------------------


class Blinding:
    """Makes the pseudonyms C, P and U of cases, workers and units under a secret 32-byte key.

    Each has a salt of its own, so one case can be opened to its worker without the key.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the blinding key must be 32 bytes")
        # RFC 2104, with the work on the key done once: one pseudonym costs less than half
        self.key, padded = key, key.ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded))
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in padded))

    def case(self, case_id: str) -> str:
        """Return C, the pseudonym of a case, as 64 hex digits; ValueError as in `text`."""
        return self._blind("case", case_id)

    def worker(self, worker_id: str) -> str:
        """Return P, the pseudonym of a worker (or of any person), as 64 hex digits; ValueError as in `text`."""
        return self._blind("worker", worker_id)

    def unit(self, name: str) -> str:
        """Return U, the pseudonym of a unit, as 64 hex digits. An absent unit has "" and is not blinded."""
        return self._blind("unit", name)

    def cases(self, case_ids: Sequence[str]) -> list[str]:
        """Return the pseudonyms of many cases, as `case` does of each."""
        return self._blind_all("case", case_ids)

    def workers(self, worker_ids: Sequence[str]) -> list[str]:
        """Return the pseudonyms of many workers, as `worker` does of each."""
        return self._blind_all("worker", worker_ids)

    def commitment(self) -> str:
        """Return the digest that binds the agency to this key before the seed is known."""
        return _sha256(f"{SPEC}/key\n{self.key.hex()}")

    def salt(self, kind: str, name: str) -> str:
        """Return the salt (64 hex digits) of one case, worker, unit or set of sizes: what opens it alone."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{kind}\n{name}".encode())
        outer.update(inner.digest())
        return str(outer.hexdigest())

    def _blind(self, kind: str, name: str) -> str:
        name = text(name)
        return _sha256(f"{SPEC}/{kind}\n{self.salt(kind, name)}\n{name}")

    def _blind_all(self, kind: str, names: Sequence[str]) -> list[str]:
        together = "".join(names)
        if not (together.isascii() and together.isprintable() and all(map(str.strip, names))):
            return [self._blind(kind, name) for name in names]
        inner, outer, sha256, made = self._inner.copy, self._outer.copy, hashlib.sha256, []
        for name in map(str.strip, names):
            first, last = inner(), outer()
            first.update(f"{kind}\n{name}".encode())
            last.update(first.digest())
            made.append(sha256(f"{SPEC}/{kind}\n{last.hexdigest()}\n{name}".encode()).hexdigest())
        return made


# -- the sealed list ----------------------------------------------------------------------------------


def leaf(case: str, worker: str, unit: str, stratum: str) -> str:
    """Return the sealed line of one case (64 hex digits); `unit` is "" where there is none.

    Raises ValueError where a pseudonym is not 64 hex digits: only then is the line unambiguous.
    """
    if not (_HEX.fullmatch(case) and _HEX.fullmatch(worker) and (not unit or _HEX.fullmatch(unit))):
        raise ValueError(_NOT_BLINDED)
    return _sha256(f"\0{SPEC}/leaf\n{case}\n{worker}\n{unit}\n{text(stratum)}")


def leaves(listed: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """Return the sealed lines of many cases, (case, worker, unit, stratum), as `leaf` does of each."""
    cases, workers, units, strata = list(zip(*listed, strict=True)) or [()] * 4
    said = {name: text(name) for name in {*strata}}
    blinded = [*cases, *{*workers}, *({*units} - {""})]
    if not _DIGITS.fullmatch("".join(blinded)) or not {*map(len, blinded)} <= {64}:
        raise ValueError(_NOT_BLINDED)
    sha256 = hashlib.sha256
    return [
        sha256(f"\0{SPEC}/leaf\n{case}\n{worker}\n{unit}\n{said[stratum]}".encode()).hexdigest()
        for case, worker, unit, stratum in zip(cases, workers, units, strata, strict=True)
    ]


def root(leaves: Iterable[str]) -> str:
    """Return the RFC 6962 root over the byte-sorted leaves; ValueError where one occurs twice."""
    level = sorted(map(bytes.fromhex, leaves))
    if len(set(level)) < len(level):
        raise ValueError("a case stands twice on the list: each listed case needs an id of its own")
    return tree(level).hex() if level else hashlib.sha256().hexdigest()


def tree(level: Sequence[bytes]) -> bytes:
    """Return the RFC 6962 node over one or more nodes of one level, from the left to the right."""
    sha256 = hashlib.sha256
    while len(level) > 1:
        # An odd node at the end moves up as it is, which gives RFC 6962's tree without recursion.
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = [*above, *level[len(above) * 2 :]]
    return level[0]


def path(leaves: Iterable[str], leaf: str) -> list[list[str]]:
    """Return the way from a leaf to the root: at each step the side on which the other half stands, and it.

    Raises ValueError where the leaf is not on the list.
    """
    level = sorted(map(bytes.fromhex, leaves))
    at = level.index(bytes.fromhex(leaf))
    steps = []
    while len(level) > 1:
        if (other := at ^ 1) < len(level):
            steps.append(["left" if other < at else "right", level[other].hex()])
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs]
        level, at = above + level[len(above) * 2 :], at // 2
    return steps


def sizes(salt: str, counts: Mapping[str, Json]) -> str:
    """Return the digest that binds the list's sizes without telling them.

    Without a secret salt a size below k could be found by trying out its few possible values.
    """
    return _sha256(f"{SPEC}/sizes\n{salt}\n{jcs(counts)}")


def commitment(fields: Mapping[str, Json]) -> str:
    """Return the commitment: what is given to the union and the state before the seed."""
    return _sha256(f"{SPEC}/commit\n{jcs(fields)}")


# -- the seed and what follows from it ----------------------------------------------------------------


def seed(commit: str, lines: Sequence[str]) -> str:
    """Return the seed that follows from the commitment and the seed's lines in their fixed form and order."""
    return _sha256("\n".join((f"{SPEC}/seed", commit, *lines)))


def purpose_key(seed: str, purpose: str) -> str:
    """Return the key for one purpose: ticket, round, alternates/k, focus/role or team (64 hex digits)."""
    if text(purpose) != purpose:
        raise ValueError("a purpose is a name without spaces at its ends")
    return _sha256(f"{SPEC}/{purpose}\n{seed}")


def ordered(key: str, leaves: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return (ticket, leaf, place in `leaves`) of every case, in the order of the draw."""
    sha256 = hashlib.sha256
    return sorted(
        [(sha256((key + leaf).encode()).hexdigest(), leaf, place) for place, leaf in enumerate(leaves)]
    )


def ticket(key: str, leaf: str) -> str:
    """Return a case's number in the draw: `printf KEYLEAF | sha256sum` gives the same."""
    return _sha256(key + leaf)


def preview_key(plan: str, root: str) -> str:
    """Return the key by which chances are tried out before the seed, from the plan's hash and the root."""
    return _sha256(f"{SPEC}/pi\n{plan}{root}")


def batch(before: str, eliminated: Sequence[tuple[str, str]]) -> str:
    """Return what the new dice of a batch of replacements come after: the log so far, and who is eliminated."""
    return _sha256(f"{SPEC}/batch\n{before}\n{jcs([list(one) for one in eliminated])}")


def link(said: Mapping[str, Json]) -> str:
    """Return the digest of one entry of the log of replacements, which the next entry names."""
    return _sha256(f"{SPEC}/replacement\n{jcs(said)}")


def result(commit: str, seed: str, selected: Iterable[str]) -> str:
    """Return the digest of a draw: its commitment, its seed, the leaves drawn in the order of the draw."""
    return _sha256("\n".join((f"{SPEC}/result", commit, seed, *selected)))


def _sha256(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()
