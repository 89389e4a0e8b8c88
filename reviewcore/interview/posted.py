"""What a group puts up for itself, its goal and who does what by when, as its own paper (CAS-5, CAS-8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO

from reviewcore.interview.plan import Instrument
from reviewcore.store.files import stamped


def posted(instrument: Instrument, notes: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Return by section the words and the text of every posted item that was filled in."""
    return {
        section.title: written
        for section in instrument.sections
        if (
            written := [
                (item.words, notes[item.key]) for item in section.items if item.posted and notes.get(item.key)
            ]
        )
    }


def write(instrument: Instrument, notes: Mapping[str, str], created: datetime) -> bytes:
    """Return the group's paper as a Word document, the same bytes for the same arguments."""
    import docx

    document = docx.Document()
    made = document.core_properties
    made.author = made.last_modified_by = made.comments = ""
    made.title, made.language, made.revision = instrument.title, "en-US", 1
    made.created = made.modified = created.astimezone(UTC).replace(tzinfo=None)
    document.add_heading(instrument.title, level=0)
    document.add_paragraph(
        "This is the group's own paper, in its own words. It is for those who were there and for those who "
        "follow up. It is not part of any report."
    )
    for title, written in posted(instrument, notes).items():
        document.add_heading(title, level=1)
        for words, text in written:
            document.add_paragraph().add_run(words).bold = True
            document.add_paragraph(text)
    packed = BytesIO()
    document.save(packed)
    return stamped(packed.getvalue())
