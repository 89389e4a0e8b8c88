"""A letter to print and sign, as a Word document: letterhead, date, words; the same bytes every time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

from reviewcore.notification.dates import say_day
from reviewcore.notification.render import ISOLATES, Filled
from reviewcore.store.files import stamped


def docx(
    filled: Filled, letterhead: tuple[str, ...], signature: tuple[str, ...], leave: date, at: datetime
) -> bytes:
    """Return the letter with its letterhead, dated the day it leaves; `at` is stamped as when it was made.

    `signature` stands under the words, with room to sign; where the words end with the same first line,
    the room is made there instead.
    """
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    made = document.core_properties
    made.author = made.last_modified_by = made.comments = made.keywords = ""
    made.title, made.language, made.revision = filled.subject, filled.language, 1
    made.created = made.modified = at.astimezone(UTC).replace(tzinfo=None)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), filled.language)
    defaults.append(language)

    def lines(texts: tuple[str, ...], style: str | None = None) -> None:
        paragraph = document.add_paragraph()
        if style:
            paragraph._p.style = style  # by its id: looking it up by name is slow, each time anew
        for place, text in enumerate(texts):
            run = paragraph.add_run(text)
            if place < len(texts) - 1:
                run.add_break()

    lines(letterhead)
    lines((say_day(leave, filled.language),))
    document.add_heading(filled.subject, level=1)
    signed = False
    for block in filled.blocks:
        if block.bullets:
            for item in block.lines:
                lines((item,), "ListBullet")
        else:
            lines(block.lines)
            if block.lines[0].strip(ISOLATES) == signature[0]:
                document.paragraphs[-1].paragraph_format.space_before = Pt(48)
                signed = True
    if not signed:
        lines(signature)
        document.paragraphs[-1].paragraph_format.space_before = Pt(48)
    packed = BytesIO()
    document.save(packed)
    return stamped(packed.getvalue())
