"""The outbox as a sheet: who gets what, when, with a copy to whom, in which files; for sending by hand."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

HEADINGS = (
    "Letter", "Kind", "To", "E-mail", "Role", "Language", "Copy to", "Copy e-mail", "Leaves on", "Reply by",
    "Instead of", "Files",
)  # fmt: skip


def xlsx(rows: tuple[tuple[str, ...], ...], at: datetime) -> bytes:
    """Return the sheet; every cell is text, so nothing in it is ever run as a formula. `at` dates the file."""
    from xlsxwriter import Workbook

    packed = BytesIO()
    with Workbook(packed, {"in_memory": True}) as book:
        book.set_properties(
            {"title": "Letters of the review", "author": "", "created": at.replace(tzinfo=None)}
        )
        sheet = book.add_worksheet("Letters")
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading, bold)
            texts = [heading, *(row[column] for row in rows)]
            sheet.set_column(column, column, min(40, max(len(text) for text in texts) + 2))
        for place, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(5)  # legal
        sheet.fit_to_pages(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(HEADINGS) - 1)
    return packed.getvalue()
