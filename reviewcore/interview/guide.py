"""What every workbook says on its first sheet: how to fill it in, who sees it, and whom to tell of a danger."""

from __future__ import annotations

from attrs import frozen

from reviewcore.interview.plan import Instrument


@frozen
class Notice:
    """Whom a workbook names: the review, whom to ask, and the safety contact (ALL-1, ALL-2).

    These are staff whose names the profile publishes; nobody who is reviewed or interviewed is among them.
    """

    review: str
    agency: str
    contact: str
    contact_phone: str
    contact_email: str
    safety_name: str
    safety_phone: str
    safety_email: str


Part = tuple[str, tuple[str, ...]]


def guide(instrument: Instrument, notice: Notice) -> tuple[Part, ...]:
    """Return headings, each with its paragraphs."""
    safety = f"{notice.safety_name}, {notice.safety_phone}, {notice.safety_email}"
    contact = f"{notice.contact}, {notice.contact_phone}, {notice.contact_email}"
    wall = [s.title for s in instrument.sections if any(item.posted for item in s.items)]
    scales = (
        "The sheet Scales says what each answer means. Choose the one that fits best, not the kindest one.",
    )
    results: tuple[str, ...] = (
        "Results are told for all cases together. No single case and no worker is reported on.",
    )
    if wall:  # the record of a group: it is about no case
        own = " and ".join(f"'{title}'" for title in wall)
        results = (
            f"What is written under {own} is the group's own: it goes on a paper for those who were there.",
            "The reports tell themes only, once so many people took part that nobody can be made out.",
        )
    about = tuple(line.strip() for line in instrument.intro.splitlines() if line.strip())
    return (
        ("What this is", (f"{notice.review}, {notice.agency}.", f"Filled in by: {instrument.filled_by}.", *about)),
        (
            "If somebody may be in danger",
            (
                f"Do not wait, and do not write it here. Tell {safety} at once.",
                ("A concern for somebody's safety never goes through these answers. If the law asks you to "
                "report it, report it yourself, today, as you always would."),
            ),
        ),
        (
            "How to fill it in",
            (
                "Go to the sheet Tool and answer from top to bottom. Only the pale yellow cells can be changed.",
                "Choose each answer from the list in its cell.",
                *(scales if instrument.scales else ()),
                "Where a question does not apply, leave its answer empty and choose the reason beside it.",
                "A question that turns grey is not asked, because of an earlier answer. Leave it empty.",
                ("Save the workbook as an Excel workbook (.xlsx) and give it back to the review office. "
                "You may correct it and give it back again: the last one counts."),
            ),
        ),
        (
            "Who sees what is written here",
            (
                ("The review team and the review office see this workbook. It has a session number instead of "
                "names: please keep it that way and write no names and no case numbers."),
                ("All other free text is sealed. It" if wall else "Free text is sealed. It")
                + " is read for themes and is never handed on as it stands, and nobody is quoted.",
                *results,
            ),
        ),
        (
            "Taking part",
            (
                ("Whoever is asked may decline to answer a question, and may have an interpreter. Nobody's "
                "work is graded, and saying no has no consequence."),
                f"Questions about the review: {contact}.",
                f"If somebody was put under pressure, or fears it: {safety}.",
            ),
        ),
    )  # fmt: skip
