"""What a group puts up for itself, its goal and who does what by when, as its own paper (CAS-5, CAS-8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from reviewcore.interview.plan import Instrument
from reviewcore.store.files import stamped

_WIDE = (1.9, 4.1)
"""The columns of the paper's tables, in inches."""


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


def write(
    instrument: Instrument, notes: Mapping[str, str], gathering: Mapping[str, Any], created: datetime
) -> bytes:
    """Return the group's paper as a Word document, the same bytes for the same arguments.

    `gathering` is the session as it is scheduled: its title, day and place.
    """
    import docx
    from docx.shared import Inches

    title, day = f"{gathering['title']}: what we agreed", date.fromisoformat(gathering["day"])
    document = docx.Document()
    made = document.core_properties
    made.author = made.last_modified_by = made.comments = ""
    made.title, made.language, made.revision = title, "en-US", 1
    made.created = made.modified = created.astimezone(UTC).replace(tzinfo=None)
    document.add_heading(title, level=0)
    document.add_paragraph(f"{day:%A}, {day:%B} {day.day}, {day.year}, {gathering['place']}.")
    document.add_paragraph(
        "This is the group's own paper, in its own words. It is for those who were there and for those who "
        "follow up. It is part of no report."
    )
    for heading, written in posted(instrument, notes).items():
        document.add_heading(heading, level=1)
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        table.autofit = False
        for column, wide in zip(table.columns, _WIDE, strict=True):
            column.width = Inches(wide)
        for words, text in written:
            row = table.add_row()
            for cell, said, wide in zip(row.cells, (words, text), _WIDE, strict=True):
                cell.width = Inches(wide)
                cell.text = said
            row.cells[0].paragraphs[0].runs[0].bold = True
    packed = BytesIO()
    document.save(packed)
    return stamped(packed.getvalue())
