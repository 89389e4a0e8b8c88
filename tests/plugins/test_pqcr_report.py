"""The documents of a peer review: right with few tables and many, and never a number by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pqcr_examples import example
from reviewcore_pqcr import PQCR

from reviewcore.api import (
    Bullets,
    Cell,
    Cite,
    Column,
    Document,
    Given,
    Heading,
    Paragraph,
    Publication,
    Schema,
    ShowChart,
    ShowTable,
    ShowThemes,
    Table,
    TableRow,
    Theme,
    ThemeList,
    finding,
    good_columns,
    standing,
)
from reviewcore.profile.settings import Profile
from reviewcore.report.check import problems

SETTINGS = example("alder").settings
TOOL = PQCR().interview(SETTINGS).instruments[0]
PLAN = PQCR().aggregation(Schema(PQCR().review_type().sources[0].fields, (TOOL,)))
PROGRAMS = ("child-welfare", "probation")
HIDDEN = Cell("withheld")
COLUMNS = {
    "codes": ("1", "2", "3", "4"),
    "zones": ("to build", "to grow", "to share"),
    "acceptable": ("acceptable", "not-acceptable"),
    "band": ("band",),
}
BANDS = ("few", "some", "most")


@st.composite
def tables(draw: st.DrawFn, key: str, rows: tuple[str, ...], title: str) -> Table:
    """Draw a table as the engine prints it: at any rung, with any of its rows withheld."""
    rung = draw(st.sampled_from(sorted(COLUMNS)))
    made = []
    for row in rows:
        counts = [draw(st.integers(0, 30)) for _ in COLUMNS[rung]]
        cells = (
            [Cell("band", draw(st.sampled_from(BANDS)))]
            if rung == "band"
            else [Cell("count", n) for n in counts]
        )
        rated, told = draw(st.booleans()), draw(st.booleans())
        made.append(
            TableRow(
                row,
                row,
                (
                    Cell("count", sum(counts)) if rated else HIDDEN,
                    *(cells if told else [HIDDEN] * len(cells)),
                ),
            )
        )
    columns = (Column("rated", "Cases rated"), *(Column(one, one) for one in COLUMNS[rung]))
    return Table(key, title, rung, columns, tuple(made), "program" if "/" in key else "")  # type: ignore[arg-type]


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    """Draw a publication to any audience: every table of the plan may be there or have been left out."""
    made = []
    for measure in PLAN.measures:
        if draw(st.booleans()):
            made.append(draw(tables(measure.key, ("all",), measure.title)))
        splits = [split for split in measure.splits if draw(st.booleans())]
        made += [draw(tables(f"{measure.key}/{split}", PROGRAMS, measure.title)) for split in splits]
    if draw(st.booleans()):
        cells = [Cell("count", n) if draw(st.booleans()) else HIDDEN for n in (60, 40, 20)]
        rows = tuple(TableRow(key, key, (cell,)) for key, cell in zip(("all", *PROGRAMS), cells, strict=True))
        made.append(Table("sample", "Cases reviewed", "codes", (Column("cases", "Cases"),), rows, "stratum"))
    themes = tuple(
        ThemeList(one.key, one.title, tuple(Theme("t", "a theme") for _ in range(draw(st.integers(0, 1)))))
        for one in PLAN.themes
        if draw(st.booleans())
    )
    return Publication(draw(st.sampled_from(["agency", "state", "public"])), 1, tuple(made), themes)


def told(table: Table, row: str = "") -> bool:
    """Return whether any finding of the table (or of one row) is printed; how many were rated is none."""
    return any(
        cell.kind != "withheld"
        for one in table.rows
        if row in ("", one.key)
        for column, cell in zip(table.columns, one.cells, strict=True)
        if column.key != "rated"
    )


def blank_charts(document: Document, publication: Publication) -> list[str]:
    """Return the charts of a document in which nothing at all could be drawn."""
    keys = [block.table for block in document.blocks if isinstance(block, ShowChart)]
    found = {table.key: table for table in publication.tables}
    return [
        key
        for key in keys
        if all(
            any(c.kind == "withheld" for c in (row.cells[1:] if found[key].rung == "band" else row.cells))
            for row in found[key].rows
        )
    ]


def written(document: Document) -> str:
    """Return all words of a document, a line to each text; a cited figure is left out."""
    texts: list[tuple[str | Cite | Given, ...]] = [(document.title,)]
    for block in document.blocks:
        match block:
            case Heading(_, text) | Paragraph(text):
                texts.append(text)
            case Bullets(items):
                texts += items
            case ShowChart(_, says):
                texts.append((says,))
    said = [
        [p.text if isinstance(p, Given) else p for p in text if not isinstance(p, Cite)] for text in texts
    ]
    return "\n".join("".join(parts) for parts in said)


@settings(max_examples=40, deadline=None)
@given(publication=publications())
def test_any_publication_makes_a_sound_report(publication: Publication) -> None:
    """If this fails, a report cites what was not published, holds a number by hand, shows a blank chart, or
    passes over a statement in silence: each one is either told or named as withheld."""
    plan = PQCR().report(publication, SETTINGS)
    assert problems(plan, publication) == []
    kinds = [document.kind for document in plan.documents]
    assert kinds == (["report", "summary"] if publication.audience == "agency" else ["report"])
    for document in plan.documents:
        assert blank_charts(document, publication) == []
    report = plan.documents[0]
    shown_keys = [b.table for b in report.blocks if isinstance(b, (ShowChart, ShowTable))]
    by_key = {table.key: table for table in publication.tables}
    headings = {b.text for b in report.blocks if isinstance(b, Heading) and b.level == 3}
    listed = {item for b in report.blocks if isinstance(b, Bullets) for item in b.items}
    for measure in PLAN.measures:
        words = (next(item.words for item in TOOL.items() if item.key == measure.item).rstrip("."),)
        published = measure.key in by_key and told(by_key[measure.key])
        assert (words in headings) == published
        assert (words in listed) == (not published)
        assert shown_keys.count(measure.key) == int(published)
    assert len(shown_keys) == len(set(shown_keys))


def test_a_blank_chart_would_be_found() -> None:
    """If this fails, the check for blank charts passes whatever is drawn."""
    rows = (TableRow("all", "All", (Cell("count", 9), HIDDEN, HIDDEN)),)
    columns = tuple(Column(key, key) for key in ("rated", "acceptable", "not-acceptable"))
    publication = Publication("state", 1, (Table("kin-engaged", "Kin", "acceptable", columns, rows),))
    offender = Document("report", "state", "Title", (ShowChart("kin-engaged", "Kin."),))
    assert blank_charts(offender, publication) == ["kin-engaged"]
    [report] = PQCR().report(publication, SETTINGS).documents
    assert not any(isinstance(block, ShowChart) for block in report.blocks)


def test_nothing_published_still_says_why(profile: Profile) -> None:
    """PQCR-7: if this fails, a county too small for any figure gets an empty report instead of the reason."""
    publication = Publication("state", 1, ())
    plan = PQCR().report(publication, profile.settings)
    assert problems(plan, publication) == []
    text = written(plan.documents[0])
    assert "no figure can be told" in text
    assert "Withheld does not mean zero" in text


@pytest.mark.parametrize("audience", ["agency", "state", "public"])
def test_what_every_report_says(audience: str, profile: Profile) -> None:
    """PQCR-1, PQCR-2, PQCR-4, PQCR-7, PQCR-10, PQCR-11: if this fails, readers are not told what the review is,
    how cases were selected, what was promised, and what comes next."""
    plan = PQCR().report(Publication(audience, 1, ()), profile.settings)  # type: ignore[arg-type]
    text = written(plan.documents[0])
    settings_ = profile.settings
    for words in (
        settings_.mandate, settings_.plan.name, settings_.plan.starts, settings_.programs[0].focus_area,
        settings_.programs[1].focus_area, settings_.record_system, settings_.state_agency,
        "No worker had more than one case", "selected by a draw", "never to punish",
        "single case is not reported", "reflections meeting", "comment on the draft",
        f"{settings_.cases()} in all",
    ):  # fmt: skip
        assert words in text, words
    assert ("in the place of" in text) == bool(settings_.replaces)


def test_no_program_is_counted_outside_the_tables(profile: Profile) -> None:
    """PQCR-7: if this fails, a report tells how few cases one program had although its table withholds it."""
    text = written(PQCR().report(Publication("state", 1, ()), profile.settings).documents[0])
    for program in profile.settings.programs:
        assert f"{program.quota} cases" not in text


@settings(max_examples=60, deadline=None)
@given(table=tables("kin-engaged", ("all",), "Kin"))
def test_a_sentence_says_only_what_is_printed(table: Table) -> None:
    """If this fails, a sentence cites a withheld cell, or stays silent where the table does not."""
    said = finding(table, "Seen well or strongly")
    assert bool(said) == told(table, "all")
    for part in said:
        if isinstance(part, Cite):
            assert table.cell(part.row, part.column).kind != "withheld"


@settings(max_examples=60, deadline=None)
@given(table=tables("kin-engaged", ("all",), "Kin"))
def test_the_order_follows_the_acceptable_share(table: Table) -> None:
    """If this fails, the summary puts findings in an order that its printed figures do not bear out."""
    found = standing(table, good_columns(TOOL.scales[0]))
    cells = {column.key: cell for column, cell in zip(table.columns, table.rows[0].cells, strict=True)}
    if "band" in cells:
        known = {"few": 1, "some": 3, "most": 5}.get(str(cells["band"].value))
        assert found == (Fraction(known, 6) if known else None)
        return
    last = {"codes": ("3", "4"), "zones": ("to share",), "acceptable": ("acceptable",)}[table.rung]
    values = [cells[key] for key in (*last, "rated")]
    if any(cell.kind == "withheld" for cell in values) or not cells["rated"].value:
        assert found is None
    else:
        assert found == Fraction(sum(int(cells[key].value or 0) for key in last), int(cells["rated"].value))


@settings(max_examples=30, deadline=None)
@given(publication=publications())
def test_the_summary_begins_with_what_was_seen_most(publication: Publication) -> None:
    """If this fails, the one page that most people read is in a misleading order, or lacks its themes."""
    agency = Publication("agency", 1, publication.tables, publication.themes)
    summary = PQCR().report(agency, SETTINGS).documents[1]
    bullets = next((b for b in summary.blocks if isinstance(b, (Bullets, ShowThemes))), None)
    cited = [
        next(part.table for part in item if isinstance(part, Cite))
        for item in (bullets.items if isinstance(bullets, Bullets) else ())
        if any(isinstance(part, Cite) for part in item)
    ]
    good = good_columns(TOOL.scales[0])
    shares = [standing(agency.table(key), good) or Fraction(0) for key in cited]
    assert shares == sorted(shares, reverse=True)
    assert {b.themes for b in summary.blocks if isinstance(b, ShowThemes)} == {
        one.key for one in agency.themes if one.themes
    }
