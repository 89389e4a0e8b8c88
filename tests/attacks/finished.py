"""Finished files of publications, as the engine writes them. It uses the engine, as `driver` does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve

from reviewcore.disclosure.publication import Cell, Publication
from reviewcore.errors import Blocked, Refused
from reviewcore.report.formats import FORMATS
from reviewcore.report.plan import Document, Heading, ReportPlan, ShowChart, ShowTable, ShowThemes
from reviewcore.report.stage import Facts, publish, render
from reviewcore.store.keys import Key
from reviewcore.store.records import Records
from reviewcore.store.scan import Roster
from tests.attacks.driver import Agency, log_of

FACTS = Facts("Alder County Human Services", "Peer review", date(2027, 4, 30))


def files(publication: Publication, formats: Collection[str], charts: bool = False) -> dict[str, bytes]:
    """Return the finished files of a publication by format, each table under a heading of its own."""
    blocks: list[Any] = []
    for one in publication.tables:
        blocks.append(Heading(1, (one.title,)))
        counted = one.rung != "tally" and charts
        blocks.append(ShowChart(one.key, f"Chart of {one.title}") if counted else ShowTable(one.key))
    blocks += [ShowThemes(one.key) for one in publication.themes]
    document = Document("report", publication.audience, "What was found", tuple(blocks))
    made = render(FACTS, ReportPlan((document,)), publication, tuple(formats))
    return {name.removesuffix(".zip").rpartition(".")[2]: data for name, data in made.items()}


def blank(publication: Publication) -> Publication:
    """Return the same publication with every cell withheld: what is in its files is told by no answer."""
    return evolve(
        publication,
        tables=tuple(
            evolve(
                one, rows=tuple(evolve(row, cells=(Cell("withheld"),) * len(row.cells)) for row in one.rows)
            )
            for one in publication.tables
        ),
    )


def every_format() -> tuple[str, ...]:
    """Return every format that the engine writes."""
    return tuple(FORMATS)


def publish_files(
    folder: Path, publication: Publication, formats: Collection[str], person: Mapping[str, str] | None
) -> dict[str, bytes] | None:
    """Put finished files in place as a review does, scanned for one person; None where that is refused.

    Without a person the scan is off.
    """
    folder.mkdir()
    owner = Agency()
    log = log_of("r", owner)
    scan = Roster.of([person], [], ()).find if person else lambda text: ()
    blocks: list[Any] = [Heading(1, ("Tables",))]
    blocks += [ShowTable(one.key) for one in publication.tables]
    plan = ReportPlan((Document("report", publication.audience, "What was found", tuple(blocks)),))
    try:
        publish(Records(folder, log, Key(b"k" * 32), scan), FACTS, plan, publication, tuple(formats))
    except (Blocked, Refused):
        return None
    made = (folder / f"publications/{publication.audience}/{publication.number}").iterdir()
    return {path.name.removesuffix(".zip").rpartition(".")[2]: path.read_bytes() for path in made}
