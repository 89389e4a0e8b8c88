"""The documents of an in-service: the caseload reports that the session looks at, and what came of it (CAS-3, CAS-9).

Every figure is cited from a published table. Before the session there are the tables alone; after it the
themes that the group marked stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from reviewcore.api import (
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Paragraph,
    Publication,
    ReportPlan,
    ShowChart,
    ShowTable,
    ShowThemes,
    Table,
)
from reviewcore_caseload.aggregation import CHARTS, CLINICS, THEMES
from reviewcore_caseload.settings import Settings

Block: TypeAlias = Heading | Paragraph | Bullets | ShowTable | ShowChart | ShowThemes

CHAPTERS = (
    ("Our clinics", (CLINICS,)),
    ("Whom we serve", ("by-category", "by-priority")),
    ("Appointments", ("show-by-type", "show-by-clinic")),
    ("Month by month", ("months",)),
)


def plan(publication: Publication, settings: Settings) -> ReportPlan:
    """Return the report; it has the themes as soon as the session has been held."""
    blocks = (
        *_about(settings),
        *_standing(publication, settings),
        *_words(settings),
        *_tables(publication),
        *_session(publication),
    )
    return ReportPlan((Document("report", publication.audience, "Our caseload", blocks),))


def _about(settings: Settings) -> Iterator[Block]:
    yield Heading(1, ("What this is",))
    yield Paragraph(
        (
            "These are the caseload reports of our clinics, made from our own extracts from ",
            Given(settings.system),
            (
                ". They are the ground for a session in which all staff agree on a goal and on who will do what. Where "
                "few families stand behind a figure it is withheld, and so is whatever would give it away."
            ),
        )
    )
    yield Paragraph(("The goal that was proposed to the group: ", Given(settings.goal.said()), "."))


def _standing(publication: Publication, settings: Settings) -> Iterator[Block]:
    """Say in a few sentences where the agency stands, as far as its figures are told."""
    yield Heading(1, ("Where we stand",))
    table = _table(publication, CLINICS)
    told = {column.key for column in table.columns if _told(table, "all", column.key)} if table else set()

    def cite(column: str) -> Cite:
        return Cite(CLINICS, "all", column)

    said: list[tuple[str | Cite | Given, ...]] = []
    if {"participating", "assigned", "of-assigned"} <= told:
        said.append(
            (
                cite("participating"), " participate. Assigned to us are ", cite("assigned"), ", so that is ",
                cite("of-assigned"), " of our assigned caseload.",
            )
        )  # fmt: skip
    if {"certified", "participation-rate"} <= told:
        said.append(
            (cite("certified"), " are certified, and ", cite("participation-rate"), " of them participate.")
        )
    if "without" in told:
        said.append((cite("without"), " of the certified had no ", Given(settings.benefits), " issued."))
    if said:
        yield Bullets(tuple(said))
    else:
        yield Paragraph(("So few families are served that no figure for all clinics together can be told.",))


def _words(settings: Settings) -> Iterator[Block]:
    yield Heading(1, ("What the words mean",))
    yield Bullets(
        (
            ("Assigned: how many the state asks the agency to serve.",),
            ("Certified: in a valid certification on at least a day of the month.",),
            ("Participating: certified, and counted with ", Given(settings.benefits), " for the month.",),
            ("Participation rate: the participating among the certified.",),
            ("Without ", Given(settings.benefits), ": the share of the certified who had none issued.",),
            ("Show rate: how many of the appointments of a type were kept; each participant's appointment counts.",),
        )
    )  # fmt: skip
    yield Paragraph(
        (
            (
                "A month looks low until its figures are settled. Their status stands beside the month, from the "
                "newest to the settled: "
            ),
            Given(", ".join(settings.statuses)),
            ".",
        )
    )


def _tables(publication: Publication) -> Iterator[Block]:
    for heading, keys in CHAPTERS:
        found = [table for key in keys if (table := _table(publication, key)) is not None]
        if found:
            yield Heading(1, (heading,))
        for table in found:
            column, says = CHARTS.get(table.key, ("", ""))
            drawn = column and any(_told(table, row.key, column) for row in table.rows)
            yield ShowChart(table.key, says, column) if drawn else ShowTable(table.key)


def _session(publication: Publication) -> Iterator[Block]:
    heard = [one for one in publication.themes if one.key in THEMES and one.themes]
    if not heard:
        return
    yield Heading(1, ("What the session named",))
    yield Paragraph(("The group marked these together. Who raised what is not recorded anywhere.",))
    for one in heard:
        yield ShowThemes(one.key)
    yield Heading(1, ("What happens next",))
    yield Paragraph(
        (
            (
                "The group's goal and plan are its own paper: who does what, where and by when. It is looked at again "
                "in the meetings that follow, changed where it does not work, and kept up once the goal is reached."
            ),
        )
    )


def _table(publication: Publication, key: str) -> Table | None:
    return next((one for one in publication.tables if one.key == key), None)


def _told(table: Table, row: str, column: str) -> bool:
    return table.cell(row, column).kind not in ("withheld", "none")
