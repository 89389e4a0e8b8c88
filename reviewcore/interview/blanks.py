"""The blank workbooks of many sessions: what asks the same is written once, and copied for each token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from reviewcore.interview.guide import Notice
from reviewcore.interview.plan import Instrument
from reviewcore.interview.questions import questions
from reviewcore.interview.talks import Talk
from reviewcore.interview.workbook import write
from reviewcore.language import Row


def blanks(
    sessions: Iterable[tuple[Instrument, str, Row, tuple[Talk, ...]]], notice: Notice, created: datetime
) -> Iterator[bytes]:
    """Yield each session's workbook, for its instrument, token, declared fields and interviews with key people.

    They are the bytes of `write`.
    """
    made: dict[object, tuple[str, bytes]] = {}
    for instrument, token, fields, talks in sessions:
        alike = instrument.key, questions(instrument, fields), talks
        if alike not in made:
            made[alike] = token, write(instrument, token, fields, notice, created, talks=talks)
        first, workbook = made[alike]
        yield workbook if token == first else _with_token(workbook, first.encode(), token.encode())


def _with_token(workbook: bytes, old: bytes, new: bytes) -> bytes:
    """Return a workbook with another token wherever it has one. Tokens are all of one length, so nothing moves."""
    copied = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(copied, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part, source.read(part).replace(old, new))
    return copied.getvalue()
