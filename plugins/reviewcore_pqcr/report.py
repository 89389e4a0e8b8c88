"""The documents of a peer review: a report for every audience, and a summary for the agency.

Every figure is cited from a published table. Which tables there are, and how fine, was fixed by the
audience's rules; whatever was left out is named, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reviewcore.api import (
    Block,
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Instrument,
    Item,
    Paragraph,
    Publication,
    ReportPlan,
    ShowTable,
    ShowThemes,
    Table,
    Text,
    chart_or_table,
    estimated,
    fill,
    finding,
    good_columns,
    published,
    standing,
)
from reviewcore_pqcr.aggregation import THEMES
from reviewcore_pqcr.interview import tool
from reviewcore_pqcr.notification import values
from reviewcore_pqcr.settings import Settings

_TOO_FEW = (
    "So few cases were reviewed that no figure can be told here without the risk of pointing to someone. A "
    "review of more cases would show more."
)


def plan(publication: Publication, settings: Settings) -> ReportPlan:
    """Return the report, and for the agency a summary to hand round."""
    given, instrument = values(settings), tool(settings)
    report = (
        *_about(given),
        *_selection(settings),
        *_who(publication, given),
        *_found(publication, instrument),
        *estimated(publication),
        *_heard(publication),
        *_withheld(publication, instrument),
        *_next(given),
    )
    documents = [Document("report", publication.audience, "Peer review: what we learned", report)]
    if publication.audience == "agency":
        summary = (*_in_short(publication, instrument, given), *_heard(publication), *_next(given))
        documents.append(Document("summary", "agency", "Peer review: a summary", summary))
    return ReportPlan(tuple(documents))


def _about(given: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(1, ("What this review is",))
    yield _say(
        given,
        "{mandate} asks every county for a peer review once in {cycle_years} years. It is part of our "
        "{assessment}, and the first step toward the next {plan_name}, which starts in {plan_starts} and runs "
        "for {plan_years} years." + (" It stands in the place of {replaces}." if given["replaces"] else ""),
    )
    yield _say(
        given,
        "Its aim is to learn. Colleagues from {peer_term} looked with us at everyday practice, and asked those "
        "who do the work what helps and what gets in the way. The review looks at the system. It is there to "
        "support, and never to punish. What was found in a single case is not reported, here or anywhere else.",
    )
    yield Paragraph(("The focus areas are:",))
    yield Bullets(
        (fill(given, "{program_one}: {focus_one}"), fill(given, "{program_two}: {focus_two}")),
    )


def _selection(settings: Settings) -> Iterator[Block]:
    yield Heading(1, ("How the cases were selected",))
    yield _say(
        {"cases": str(settings.cases())},
        "The cases were selected by a draw from all open cases in the focus areas. How many there would be was "
        "set beforehand: {cases} in all. The list was sealed before the draw, and the draw can be checked by "
        "anyone who holds its papers. No worker had more than one case in the review.",
    )


def _who(publication: Publication, given: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(1, ("Who took part",))
    yield _say(
        given,
        "For each case a team read the file and the record in {record_system}. Then it talked with the worker "
        "or officer who carries the case. Workers could decline, and could have their own supervisor with them "
        "if they asked for it. The number of review teams was {teams}, and each had {team_size} people from "
        "child welfare and probation, with at least one peer from another county.",
    )
    if sample := published(publication, "sample"):
        if sample.cell("all", "cases").kind != "withheld":
            yield Paragraph(("Cases reviewed: ", Cite("sample", "all", "cases"), "."))
        yield ShowTable("sample")


def _found(publication: Publication, instrument: Instrument) -> Iterator[Block]:
    yield Heading(1, ("What was found",))
    if not any(published(publication, item.key) for item in instrument.items()):
        yield Paragraph((_TOO_FEW,))
        return
    yield _say(
        {},
        "Each statement below was rated for every case to which it applies, on this scale. “Seen well or "
        "strongly” means the last two steps, which the tables call acceptable.",
    )
    yield Bullets(tuple((Given(f"{one.label}: {one.anchor}"),) for one in instrument.scales[0].codes))
    yield _say(
        {},
        "Where a count would tell too much, the share is told in words. Few is about a quarter of the cases or fewer, "
        "most about three quarters or more, and some lies between. With fewer cases it is only told whether it "
        "was half or more.",
    )
    for section in instrument.sections:
        told = [item for item in section.items if item.kind == "scale" and published(publication, item.key)]
        if told:
            yield Heading(2, (section.title,))
        for item in told:
            yield from _finding(publication, item)


def _finding(publication: Publication, item: Item) -> Iterator[Block]:
    yield Heading(3, (_words(item),))
    for key, says in ((item.key, "in all cases"), (f"{item.key}/program", "by program")):
        if table := published(publication, key):
            if said := _said(table):
                yield Paragraph(said)
            yield chart_or_table(table, f"How far this was seen, {says}")


def _heard(publication: Publication) -> Iterator[Block]:
    told = {one.key for one in publication.themes if one.themes}
    yield Heading(1, ("What was heard",))
    yield _say(
        {},
        "The teams marked what the files and the workers spoke of. A theme is told only if it was heard in more "
        "than one talk, and by enough people that it points to nobody. Themes are listed in no order of weight.",
    )
    for key, (_, title) in THEMES.items():
        if key in told:
            yield ShowThemes(key)
        else:
            yield Paragraph((f"{title}: no theme was heard widely enough to be told here.",))


def _withheld(publication: Publication, instrument: Instrument) -> Iterator[Block]:
    yield Heading(1, ("What is not shown, and why",))
    yield _say(
        {},
        "We promised that nobody could be picked out. So a figure is withheld where so few cases stand behind "
        "it that it could tell something about one family or one worker, alone or together with other figures. "
        "Where a count would tell too much, a rougher answer is given, and where even that would, none. "
        "Withheld does not mean zero, and it does not mean that something went wrong.",
    )
    rated = [item for item in instrument.items() if item.kind == "scale"]
    if missing := [item for item in rated if not published(publication, item.key)]:
        yield _say(
            {},
            "Nothing can be told here about these statements, since too few of the cases that were reviewed have a "
            "rating for them, or since a figure would give another one away:",
        )
        yield Bullets(tuple((_words(item),) for item in missing))
    if any(not item.when and not published(publication, f"{item.key}/program") for item in rated):
        yield _say(
            {},
            "Some statements are not told for each program, since too few cases of one program stand behind "
            "them.",
        )


def _next(given: Mapping[str, str]) -> Iterator[Block]:
    said = (
        "Everyone who took part is invited to the reflections meeting, to say what these findings mean to them.",
        "Members of the review teams comment on the draft of this report, and carry what works here back home.",
        "The findings go into the {assessment} and then into the {plan_name}, with steps that can be measured.",
        "The final report goes to the {state_agency} by the date that the staff and the union were told.",
        "More about reviews of this kind can be had from {more_information}.",
    )
    yield Heading(1, ("What happens next",))
    yield Bullets(tuple(fill(given, one) for one in said))


def _in_short(publication: Publication, instrument: Instrument, given: Mapping[str, str]) -> Iterator[Block]:
    """Every finding in a line, what was seen most first; the order follows printed figures only."""
    yield Heading(1, ("In short",))
    yield _say(
        given,
        "Peers from other counties looked at how we work in two focus areas: {focus_one}, and {focus_two}. The "
        "cases were drawn, at most one of any worker. What follows is told for all cases together, and begins "
        "with what was seen most.",
    )
    good = good_columns(instrument.scales[0])
    found = [
        (standing(table, good), (f"{_words(item)}. ", *said))
        for item in instrument.items()
        if item.kind == "scale" and (table := published(publication, item.key)) and (said := _said(table))
    ]
    found.sort(key=lambda one: -(one[0] or Fraction(0)))
    if found:
        yield Bullets(tuple(said for _, said in found))
    else:
        yield Paragraph((_TOO_FEW,))


def _say(given: Mapping[str, str], text: str) -> Paragraph:
    return Paragraph(fill(given, text))


def _said(table: Table) -> Text:
    return finding(table, "Seen well or strongly")


def _words(item: Item) -> str:
    return item.words.rstrip(".")
