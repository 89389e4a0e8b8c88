"""Every writer says what was published and nothing else, to everybody, in the same bytes."""

import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from made_up_reports import FACTS, HIDDEN, PLAN, PUBLICATION, reports
from report_readers import NUMBER, PICTURE, Node, W, web, web_tables, word, word_tables, word_text

from reviewcore.disclosure.publication import Cell, Publication, Table
from reviewcore.report import check, docx, html, jsonfile
from reviewcore.report.plan import Cite, Document, Given, ReportPlan, ShowChart, ShowTable
from reviewcore.report.resolve import page

# -- what must be printed, worked out from the plan and the publication alone ------------------------


def _printed(cell: Cell) -> str:
    if cell.kind == "withheld":
        return "withheld"
    plain = format(cell.value, ",") if isinstance(cell.value, int) else str(cell.value)
    return plain + "%" * (cell.kind == "percent")


def _matrix(table: Table) -> list[list[str]]:
    return [["Cases", *(c.label for c in table.columns)]] + [
        [row.label, *map(_printed, row.cells)] for row in table.rows
    ]


def _shown(document: Document, publication: Publication) -> list[Table]:
    return [publication.table(b.table) for b in document.blocks if isinstance(b, ShowTable | ShowChart)]


def _told(document: Document, publication: Publication) -> list[str]:
    """Return every figure and mark that the document's own sentences print."""
    found = []
    for block in document.blocks:
        for text in getattr(block, "items", None) or [getattr(block, "text", ())]:
            for part in text:
                if isinstance(part, Given):
                    found.append(part.text)
                if isinstance(part, Cite):
                    found.append(_printed(publication.table(part.table).cell(part.row, part.column)))
    return found


def _numbers(texts: list[str]) -> Counter[str]:
    return Counter(found for text in texts for found in NUMBER.findall(text))


# -- the same figures everywhere --------------------------------------------------------------------


def test_random_reports_are_sound_plans() -> None:
    """If this fails, the random documents below are not what a review type may return."""

    @settings(max_examples=30)
    @given(reports())
    def holds(drawn: tuple[Document, Publication]) -> None:
        assert check.problems(ReportPlan((drawn[0],)), drawn[1]) == []

    holds()


def _check_web(data: bytes, document: Document, publication: Publication) -> None:
    root = web(data)
    body, main = root.all("body")[0], root.all("main")[0]
    assert web_tables(main) == [_matrix(table) for table in _shown(document, publication)]
    said = _told(document, publication)
    cells = [text for table in _shown(document, publication) for row in _matrix(table) for text in row[1:]]
    assert _numbers([main.words("svg")]) == _numbers(said + cells)
    assert len([e for e in main.all("em") if e.text() == "withheld"]) == (said + cells).count("withheld")
    given_above = [part.text for part in document.subtitle if isinstance(part, Given)]
    the_date_twice = ["30", "2027"] * 2
    assert _numbers([body.words("main", "nav")]) == _numbers(given_above + the_date_twice)
    notes = [p for p in main.all("p") if p.attributes.get("class") == "note"]
    assert len(notes) == ("withheld" in said + cells)
    charts = [publication.table(b.table) for b in document.blocks if isinstance(b, ShowChart)]
    for drawing, table in zip(main.all("svg"), charts, strict=True):
        _check_drawing(drawing, table)


def _check_drawing(drawing: Node, table: Table) -> None:
    """A drawing holds the table's figures only, rows in order, and one band of one size where withheld."""
    figures = Counter(_printed(cell) for row in table.rows for cell in row.cells[1:])
    assert _numbers([drawing.words("title", "desc")]) <= _numbers(list(figures.elements()))
    hidden = [row for row in table.rows
              if HIDDEN in (row.cells[1:] if table.rung == "band" else row.cells)]  # fmt: skip
    bands = [r.attributes for r in drawing.all("rect") if r.attributes.get("class") == "withheld"]
    assert len(bands) == len(hidden)
    assert len({band["width"] for band in bands}) <= 1
    labels = "".join(t.text() for t in drawing.all("text")).replace(" ", "")
    place = 0
    for row in table.rows:
        place = labels.index(row.label.replace(" ", ""), place) + 1


@settings(max_examples=60, deadline=None)
@given(reports())
def test_the_web_page_prints_what_was_published(drawn: tuple[Document, Publication]) -> None:
    """If this fails, the web page shows a figure that was not published, or another mark for withheld (PQCR-7)."""
    document, publication = drawn
    _check_web(html.write(page(document, publication, FACTS)), document, publication)


@settings(max_examples=25, deadline=None)
@given(reports())
def test_the_word_file_prints_what_was_published(drawn: tuple[Document, Publication]) -> None:
    """If this fails, the Word file shows a figure that was not published, or another mark for withheld (PQCR-7)."""
    document, publication = drawn
    data = docx.write(page(document, publication, FACTS))
    body, tables = word(data), _shown(document, publication)
    assert word_tables(body, "Figures") == [_matrix(table) for table in tables]
    said = _told(document, publication)
    cells = [text for table in tables for row in _matrix(table) for text in row[1:]]
    bars = [row for table in word_tables(body, "Bars") for row in table]
    words = "\n".join(word_text(p) for p in body if p.tag == f"{W}p")
    assert _numbers([words]) == _numbers([*said, "30", "2027"])
    charted = [publication.table(b.table) for b in document.blocks if isinstance(b, ShowChart)]
    assert _numbers([text for row in bars for text in row]) <= _numbers(
        [_printed(cell) for table in charted for row in table.rows for cell in row.cells[1:]]
    )
    assert len(
        re.findall(r"\bwithheld\b", word_text(body).replace("“withheld”", "").replace("Withheld", ""))
    ) == (said + cells).count("withheld") + sum(row[1].strip() == "withheld" for row in bars)
    described = [(d.get("descr") or "") for d in body.iter(PICTURE)]
    assert all(described)
    assert _numbers(described) == _numbers([text for row in bars for text in row])


@settings(max_examples=40, deadline=None)
@given(reports())
def test_the_data_file_holds_what_was_published(drawn: tuple[Document, Publication]) -> None:
    """If this fails, machines read other figures than people, or a value where it is withheld."""
    document, publication = drawn
    read = json.loads(jsonfile.write((page(document, publication, FACTS),), publication, FACTS))
    for table, made in zip(publication.tables, read["tables"], strict=True):
        assert [c["label"] for c in made["columns"]] == [c.label for c in table.columns]
        assert [r["label"] for r in made["rows"]] == [r.label for r in table.rows]
        for row, line in zip(table.rows, made["rows"], strict=True):
            assert [c["value"] for c in line["cells"]] == [c.value for c in row.cells]
            assert [c.get("code") == "withheld" for c in line["cells"]] == [c == HIDDEN for c in row.cells]
    texts = [text for block in read["documents"][0]["blocks"]
             for text in [block.get("paragraph", ""), block.get("heading", ""), *block.get("list", ())]]  # fmt: skip
    assert _numbers(texts) == _numbers(_told(document, publication))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda text: text.replace("<td>211</td>", "<td>212</td>"),
        lambda text: text.replace("<p>Teams:", "<p>Of 4 teams:"),
        lambda text: text.replace('<em class="withheld">withheld</em>', '<em class="withheld">0</em>', 1),
        lambda text: text.replace('<em class="withheld">withheld</em>', "–", 1),
        lambda text: re.sub(r'(<rect class="withheld"[^>]* width=")\d+', r"\g<1>99", text, count=1)
        .replace('<rect class="track"', '<rect class="withheld" width="7"', 1),
        lambda text: text.replace('class="note"', 'class="other"'),
    ],
)  # fmt: skip
def test_the_readers_catch_a_page_that_says_something_else(wrong: object) -> None:
    """If this fails, the comparison above would pass a page with a wrong, added or unmasked figure."""
    text = html.write(page(PLAN.documents[0], PUBLICATION, FACTS)).decode()
    _check_web(text.encode(), PLAN.documents[0], PUBLICATION)
    spoilt = wrong(text)  # type: ignore[operator]
    assert spoilt != text
    with pytest.raises((AssertionError, KeyError)):
        _check_web(spoilt.encode(), PLAN.documents[0], PUBLICATION)
