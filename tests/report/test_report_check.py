"""What a plan may not say is found before anything is rendered."""

import pytest
from attrs import evolve
from made_up_reports import PLAN, PUBLICATION, TEAMING, WHOLE, document

from reviewcore.disclosure.publication import Cell, TableRow
from reviewcore.report.check import problems
from reviewcore.report.plan import (
    Bullets,
    Cite,
    Given,
    Heading,
    Paragraph,
    ReportPlan,
    ShowChart,
    ShowTable,
    ShowThemes,
)

GOOD = Paragraph(("words",))


def test_a_sound_plan_passes() -> None:
    """If this fails, a plan that keeps every rule is refused and a county cannot publish."""
    assert problems(PLAN, PUBLICATION) == []


@pytest.mark.parametrize(
    ("offender", "where", "said"),
    [
        (document(Paragraph(("All 12 teams met.",))), "block 1", "Cite(table, row, column)"),
        (document(Paragraph(("Alle ١٢ teams",))), "block 1", "hold a digit"),
        (document(Paragraph(("Up by ½.",))), "block 1", "hold a digit"),
        (document(Heading(1, ("Part 2",))), "block 1", "hold a digit"),
        (document(GOOD, Bullets((("fine",), ("3 cases",)))), "block 2", "hold a digit"),
        (document(ShowChart("seen", "40 cases")), "block 1", "hold a digit"),
        (document(GOOD, title="Review 2027"), "title", "hold a digit"),
        (document(GOOD, subtitle=("Round 2",)), "subtitle", "hold a digit"),
        (document(Paragraph((Cite("teaming", "all", "rated"),))), "block 1", "'teaming' was not published"),
        (document(Paragraph((Cite("seen", "north", "rated"),))), "block 1", "no row 'north'; there is all"),
        (document(Paragraph((Cite("seen", "all", "n"),))), "block 1", "no column 'n'; there is rated, share"),
        (document(GOOD, subtitle=(Cite("x", "all", "n"),)), "subtitle", "'x' was not published"),
        (document(ShowTable("inner")), "block 1", "table 'inner' was not published"),
        (document(ShowChart("inner", "A chart")), "block 1", "table 'inner' was not published"),
        (document(ShowThemes("all")), "block 1", "themes 'all' were not published; there is strengths, needs"),
        (document(Heading(2, ("Deep",))), "block 1", "level 2 cannot follow level 0; use 1 to 1"),
        (document(Heading(1, ("A",)), Heading(3, ("B",))), "block 2", "cannot follow level 1; use 1 to 2"),
        (document(Heading(0, ("A",))), "block 1", "level 0"),
        (document(Heading(1, (" ", Given("")))), "block 1", "the heading is empty"),
        (document(Paragraph(())), "block 1", "the paragraph is empty"),
        (document(Bullets(())), "block 1", "no item"),
        (document(ShowChart("seen", " ")), "block 1", "`says`"),
        (document(GOOD, title=" "), "'report'", "title is empty"),
        (document(), "'report'", "at least one"),
        (document(GOOD, audience="public"), "'report'", "for 'public', but the publication is for 'state'"),
        (document(GOOD, language="english"), "(english)", "as in 'en' or 'es-MX'"),
        (document(GOOD, language="fr"), "(fr)", "written in en, es only"),
        (document(GOOD, kind="../report"), "'../report'", "small letters and hyphens"),
    ],
)  # fmt: skip
def test_every_offender_is_named_with_its_place(offender: object, where: str, said: str) -> None:
    """If this fails, a figure by hand, an unpublished cell or a broken outline reaches a document."""
    found = problems(ReportPlan((offender,)), PUBLICATION)  # type: ignore[arg-type]
    assert len(found) == 1, found
    assert where in found[0]
    assert said in found[0]


def test_all_problems_are_told_at_once() -> None:
    """If this fails, an author mends one problem after the other, a run for each."""
    plan = ReportPlan((document(Paragraph(("1",)), Paragraph(("2",)), ShowTable("inner")), document()))
    assert len(problems(plan, PUBLICATION)) == 5  # and two documents of one kind and language


def test_two_documents_of_one_name_are_refused() -> None:
    """If this fails, one document silently takes the other's file."""
    plan = ReportPlan((document(GOOD), document(GOOD)))
    assert "two of this kind and language" in problems(plan, PUBLICATION)[0]
    assert problems(ReportPlan((document(GOOD), document(GOOD, language="es"))), PUBLICATION) == []


def test_a_chart_needs_something_that_can_be_drawn() -> None:
    """If this fails, a chart breaks while it is drawn, or draws the number of cases as a finding."""
    only = evolve(TEAMING, columns=TEAMING.columns[:1],
                  rows=tuple(evolve(row, cells=row.cells[:1]) for row in TEAMING.rows))  # fmt: skip
    odd = evolve(
        TEAMING,
        rung="band",
        rows=(TableRow("a", "A", (Cell("count", 9), Cell("band", "lots"), Cell("band", "few"))),),
    )
    plan = ReportPlan((document(ShowChart("teaming/program", "Teams")),))
    assert "nothing that a chart could draw" in problems(plan, evolve(PUBLICATION, tables=(only,)))[0]
    assert "not on a known scale" in problems(plan, evolve(PUBLICATION, tables=(odd,)))[0]


def test_a_message_holds_no_words_of_the_document() -> None:
    """If this fails, words that could quote somebody are printed where anybody reads them."""
    found = problems(ReportPlan((document(*WHOLE, Paragraph(("Mary Smith said 4",))),)), PUBLICATION)
    assert "Smith" not in "".join(found)
