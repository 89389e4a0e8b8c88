"""The list of key people to fill in: a row for each person to be found, the drawn cases' ids already there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reviewcore.register.key_people import CONSENT
from reviewcore.reviewtype import Source

ROWS = 12
"""How many rows each case gets; what stays empty is passed over, and more can be added."""

LONGEST = 255  # Excel's limit for the choices that stand in a cell's own drop-down list

_SAID = {
    "case_id": (16, "The case's id, as it stands here. Copy a row for one more person."),
    "name": (28, "First and last name."),
    "email": (30, "May stay empty: then the letter is printed."),
    "role": (30, "Choose from the list. The case's own worker is interviewed anyway: leave them out."),
    "consent": (12, "yes, no, or asked until there is an answer. Families, children and youth need one."),
    "interpreter": (13, "The code of the language, as es for Spanish; empty if none is needed."),
    "place": (34, "Only if it is not at the agency."),
}


def form(source: Source, case_ids: Sequence[str], created: datetime) -> bytes:
    """Return a workbook with the list's headings, and `ROWS` rows for every case."""
    from io import BytesIO

    from xlsxwriter import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": "Key people of the drawn cases", "created": created})
    head = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"})
    text, first = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "top": 1})
    page = book.add_worksheet("Key people")
    names = (*_SAID, *(field.name for field in source.fields))
    last = len(case_ids) * ROWS
    for column, name in enumerate(names):
        width, message = _SAID.get(name, (20, ""))
        page.set_column(column, column, width, text)
        page.write_string(0, column, name, head)
        choices = {"role": list(source.roles), "consent": list(CONSENT)}.get(name)
        said = {"input_title": name, "input_message": message} if message else {}
        # A list that is too long for a cell's own is not offered: a second sheet would be one more list to read.
        if choices and len(",".join(choices)) <= LONGEST:
            page.data_validation(1, column, last, column, {"validate": "list", "source": choices, **said})
        elif said:
            page.data_validation(1, column, last, column, {"validate": "any", **said})
    for place, case_id in enumerate(case_ids):
        for row in range(1 + place * ROWS, 1 + (place + 1) * ROWS):
            new = row == 1 + place * ROWS
            page.write_string(row, 0, case_id, first if new else text)
            for column in range(1, len(names)):
                page.write_blank(row, column, None, first if new else text)
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()
