"""The report of an in-service: only what was published, whatever that is."""

from __future__ import annotations

import pytest
from attrs import evolve
from caseload_examples import example, published
from reviewcore_caseload import Caseload
from reviewcore_caseload.aggregation import CHARTS, THEMES

from reviewcore.api import Cell, Cite, Given, Publication, ReportPlan, ShowChart, ShowTable, ShowThemes
from reviewcore.report.check import problems

ELDER = example("elder").settings
MADE = published(ELDER)


def report(publication: Publication) -> ReportPlan:
    """Return the plugin's report of a publication."""
    return Caseload().report(publication, ELDER)


def words(plan: ReportPlan) -> str:
    """Return all words of a report, with a mark where a cell is cited."""
    found = []
    for block in plan.documents[0].blocks:
        for text in getattr(block, "items", (getattr(block, "text", ()),)):
            found += [
                "#" if isinstance(one, Cite) else one.text if isinstance(one, Given) else one for one in text
            ]
    return "".join(found)


@pytest.mark.parametrize("like", MADE)
def test_the_report_can_be_written_whatever_was_published(like: str) -> None:
    """If this fails, an agency gets no report at all, because a figure in it was withheld."""
    assert problems(report(MADE[like]), MADE[like]) == []


def test_every_table_is_shown_once() -> None:
    """CAS-3: if this fails, a caseload report is left out, or printed twice."""
    shown = [
        one.table
        for one in report(MADE["all shown, fine"]).documents[0].blocks
        if isinstance(one, ShowTable | ShowChart)
    ]
    assert sorted(shown) == sorted(one.key for one in MADE["all shown, fine"].tables)
    charts = [
        one for one in report(MADE["all shown, fine"]).documents[0].blocks if isinstance(one, ShowChart)
    ]
    assert {one.table for one in charts} == set(CHARTS)


def test_where_the_agency_stands_is_said_and_nothing_where_it_is_withheld() -> None:
    """CAS-3: if this fails, the figures for all clinics are not said in words, or a withheld one is."""
    said = words(report(MADE["all shown, fine"]))
    assert "# participate. Assigned to us are #, so that is # of our assigned caseload." in said
    assert "# of the certified had no benefits issued." in said
    assert "no figure for all clinics together can be told" in words(report(MADE["all withheld"]))


def test_the_words_are_defined() -> None:
    """CAS-6: if this fails, a reader takes one figure for another."""
    said = words(report(MADE["nothing"]))
    for word in (
        "Assigned:",
        "Certified:",
        "Participating:",
        "Participation rate:",
        "Show rate:",
        "Without benefits:",
    ):
        assert word in said


def test_themes_stand_there_once_the_session_has_been_held() -> None:
    """CAS-7, CAS-9: if this fails, what the group named is lost, or a heading stands over nothing."""

    def shown(one: Publication) -> list[str]:
        return [b.themes for b in report(one).documents[0].blocks if isinstance(b, ShowThemes)]

    assert shown(MADE["all shown, fine"]) == list(THEMES)
    assert shown(MADE["all withheld"]) == []
    assert "What the session named" not in words(report(MADE["all withheld"]))


def test_a_chart_with_nothing_to_draw_is_a_table() -> None:
    """If this fails, a reader looks at an empty chart."""
    made = MADE["all shown, fine"]
    tables = tuple(
        evolve(
            table,
            rows=tuple(evolve(row, cells=tuple(Cell("withheld") for _ in row.cells)) for row in table.rows),
        )
        if table.key == "months"
        else table
        for table in made.tables
    )
    blocks = report(evolve(made, tables=tables)).documents[0].blocks
    assert ShowTable("months") in blocks
