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
from reviewcore_caseload.aggregation import THEMES
from reviewcore_caseload.settings import Settings

Block: TypeAlias = Heading | Paragraph | Bullets | ShowTable | ShowChart | ShowThemes


def plan(publication: Publication, settings: Settings) -> ReportPlan:
    """Return the report; it has the themes as soon as the session has been held."""
    blocks = (
        *_about(settings),
        *_words(settings),
        *_standing(publication, settings),
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
            ". They are the ground for the session in which all staff agree on a goal and on what each of us will do. "
            "Small numbers of families are withheld, and so is whatever would give them away.",
        )
    )
    goal = settings.goal
    yield Paragraph(
        (
            "The goal that is proposed to the group: ",
            Given(goal.who), ", ", Given(goal.what), ", within ",
            Given("1 month" if goal.months == 1 else f"{goal.months} months"), ".",
        )
    )  # fmt: skip


def _words(settings: Settings) -> Iterator[Block]:
    yield Heading(1, ("What the words mean",))
    yield Bullets(
        (
            ("Assigned: how many the state asks the agency to serve.",),
            ("Certified: in a valid certification on at least a day of the month.",),
            (
                "Participating: certified, and counted as having had ",
                Given(settings.benefits),
                " for the month.",
            ),
            ("Participation rate: the participating among the certified.",),
            (
                "Show rate: the kept among the appointments of a type. It counts each participant's appointment.",
            ),
        )
    )
    yield Paragraph(
        (
            "A month changes until it is settled, so the newest always looks low. Its status stands beside it: ",
            Given(", ".join(settings.statuses)),
            ".",
        )
    )


def _standing(publication: Publication, settings: Settings) -> Iterator[Block]:
    """Say in a few sentences where the agency stands, as far as its figures are told."""
    yield Heading(1, ("Where we stand",))
    said = [
        one
        for one in (
            _sentence(publication, "caseload-by-clinic", "participating", "Participating: "),
            _sentence(publication, "caseload-by-clinic", "of-assigned", "Of the assigned caseload, that is "),
            _sentence(
                publication,
                "caseload-by-clinic",
                "participation-rate",
                "Participation rate, of the certified: ",
            ),
            _sentence(
                publication, "caseload-by-clinic", "issued-rate", "Benefits issued, of the certified: "
            ),
        )
        if one
    ]
    if said:
        yield Bullets(tuple(said))
    else:
        yield Paragraph(("So few families are served that no figure for all clinics together can be told.",))


def _sentence(publication: Publication, key: str, column: str, words: str) -> tuple[str | Cite, ...]:
    table = _table(publication, key)
    if table is None or table.cell("all", column).kind in ("withheld", "none"):
        return ()
    return (words, Cite(key, "all", column), ".")


def _tables(publication: Publication) -> Iterator[Block]:
    for heading, keys in (
        ("Our clinics", ("caseload-by-clinic",)),
        ("Whom we serve", ("by-category", "by-priority")),
        ("Appointments", ("show-by-type", "show-by-clinic")),
        ("Month by month", ("months",)),
    ):
        found = [key for key in keys if _table(publication, key) is not None]
        if found:
            yield Heading(1, (heading,))
        for key in found:
            yield ShowTable(key)


def _session(publication: Publication) -> Iterator[Block]:
    heard = [one for one in publication.themes if one.key in THEMES]
    if not any(one.themes for one in heard):
        return
    yield Heading(1, ("What the session named",))
    yield Paragraph(("The group marked these together. Who raised what is not recorded anywhere.",))
    for one in heard:
        if one.themes:
            yield ShowThemes(one.key)
    yield Heading(1, ("What happens next",))
    yield Paragraph(
        (
            "The group's goal and plan are its own paper: who does what, where and by when. It is looked at again in the "
            "meetings that follow, changed where it does not work, and kept up once the goal is reached.",
        )
    )


def _table(publication: Publication, key: str) -> Table | None:
    return next((one for one in publication.tables if one.key == key), None)
