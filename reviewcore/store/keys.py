"""Keys: one file per review and one for the agency's ledger, for their owner only, never beside the data.

Every secret of a review is derived from its one key, so a review that is run again with the same key,
seed and clock gives the same bytes, and destroying the key destroys what it sealed.
"""

from __future__ import annotations

import hmac
import re
from functools import lru_cache
from pathlib import Path

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.store.files import write_whole

_SIZE = 32


@frozen
class Key:
    """A 32-byte key from which others are derived by purpose."""

    secret: bytes

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes that only the holder of this key can work out, other bytes for every purpose."""
        return _derived(self.secret, purpose)

    def mac(self, purpose: str, text: str) -> str:
        """Return a keyed pseudonym of `text` for one purpose, as 64 hex digits."""
        return hmac.digest(self.derive(purpose), text.encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, purpose.encode(), "sha256")


@frozen
class KeyFolder:
    """The folder that holds an agency's keys."""

    folder: Path

    def path(self, agency: str, name: str) -> Path:
        """Return where the key called `name` lies."""
        return self.folder / _safe(agency) / f"{_safe(name)}.key"

    def make(self, agency: str, name: str) -> Key:
        """Return the key, made now if there is none yet."""
        path = self.path(agency, name)
        if not path.exists():
            import secrets

            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, secrets.token_hex(_SIZE).encode() + b"\n", private=True)
        return self.read(agency, name)

    def read(self, agency: str, name: str) -> Key:
        """Return the key; refuse where it is missing or is not a key."""
        path = self.path(agency, name)
        if not path.exists():
            raise Refused(
                f"{path}: the key of this review is not here; put the key file back from where your agency "
                "keeps it, or say where it is with --keys"
            )
        text = path.read_text().strip()
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise Refused(f"{path}: this is not a key file (64 hex digits); put the right one back")
        return Key(bytes.fromhex(text))

    def destroy(self, agency: str, name: str) -> None:
        """Delete the key for good; what it sealed can never be read again."""
        self.path(agency, name).unlink(missing_ok=True)


def _safe(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise Refused(f"'{name}' cannot name a key: use letters, digits, dots and hyphens")
    return name
