"""Every document can be used by everybody, and holds nothing but what the record gives."""

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given, settings
from made_up_reports import FACTS, HIDDEN, PLAN, PUBLICATION, count, document, reports
from report_readers import Node, W, parts, web, word, word_text

from reviewcore.disclosure.publication import Publication, Theme, ThemeList
from reviewcore.report import docx, html, jsonfile, pdf, xlsx
from reviewcore.report.plan import Document, Given, Heading, Paragraph, ShowChart, ShowTable, ShowThemes
from reviewcore.report.resolve import page
from reviewcore.report.scan import views
from reviewcore.report.stage import render
from reviewcore.report.values import Page

FIRST = PLAN.documents[0]


# -- for everybody ----------------------------------------------------------------------------------


def _problems_of(root: Node) -> list[str]:
    """Return what would keep somebody from using the page."""
    every = root.every()
    ids = [n.attributes["id"] for n in every if "id" in n.attributes]
    wrong = [f"id twice: {one}" for one, times in Counter(ids).items() if times > 1]
    for node in every:
        for name in ("aria-labelledby", "href"):
            targets = node.attributes.get(name, "").replace("#", "").split()
            wrong += [f"{name} to nothing: {one}" for one in targets if one not in ids]
    levels = [int(n.tag[1]) for n in every if re.fullmatch("h[1-6]", n.tag)]
    wrong += [] if levels[:1] == [1] and levels.count(1) == 1 else ["not one h1 that is first"]
    wrong += ["a heading level is skipped" for a, b in pairwise(levels) if b > a + 1]
    for table in root.all("table"):
        wrong += [] if table.all("caption") else ["a table without caption"]
        wrong += ["a header cell without scope" for th in table.all("th") if "scope" not in th.attributes]
        wrong += ["a row without header" for tr in table.all("tr") if not tr.all("th")]
    wrong += ["a drawing without role" for s in root.all("svg") if s.attributes.get("role") != "img"]
    wrong += [
        "a drawing without text" for s in root.all("svg") if not all(s.all(t) for t in ("title", "desc"))
    ]
    wrong += [f"no {tag}" for tag in ("header", "main", "footer", "title") if len(root.all(tag)) < 1]
    wrong += ["no language"] if not root.all("html")[0].attributes.get("lang") else []
    wrong += [f"<{n.tag}>" for n in root.all("script", "img", "link", "iframe", "object", "form")]
    wrong += [
        "a handler or style attribute"
        for n in every
        for a in n.attributes
        if a.startswith("on") or a == "style"
    ]
    wrong += ["an address outside" for n in every for a in ("src", "href") if "//" in n.attributes.get(a, "")]
    return wrong


@settings(max_examples=30, deadline=None)
@given(reports())
def test_the_page_can_be_used_by_everybody(drawn: tuple[Document, Publication]) -> None:
    """If this fails, a reader who does not see the page, or has no mouse, is shut out (WCAG 2.1 AA)."""
    assert _problems_of(web(html.write(page(*drawn, FACTS)))) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("<caption", "<span hidden"), "not closed|closes"),
        ((' scope="col"', ""), "header cell without scope"),
        (("<h3", "<h5"), "closes"),
        ((' role="img"', ""), "without role"),
        (('id="block-1"', 'id="text"'), "id twice"),
        (('href="#text"', 'href="https://a.example"'), "address outside"),
        (("<main", "<main onclick='x'"), "handler"),
    ],
)
def test_the_page_check_catches_offenders(change: tuple[str, str], found: str) -> None:
    """If this fails, the check above would pass a page that shuts readers out."""
    text = html.write(page(FIRST, PUBLICATION, FACTS)).decode()
    try:
        wrong = "; ".join(_problems_of(web(text.replace(*change).encode())))
    except AssertionError as error:
        wrong = str(error)
    assert re.search(found, wrong)


def _luminance(colour: str) -> float:
    whole = colour.lstrip("#") if len(colour) == 7 else "".join(c * 2 for c in colour.lstrip("#"))
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
              for v in (int(whole[n : n + 2], 16) / 255 for n in (0, 2, 4))]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_all_text_stands_out_from_its_ground() -> None:
    """If this fails, text is too pale for readers with low vision, by day or in dark mode."""
    style = web(html.write(page(FIRST, PUBLICATION, FACTS))).all("style")[0].text()
    schemes = [
        dict(re.findall(r"--([a-z-]+): (#\w+);", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(schemes) == 2
    for scheme in schemes:
        for text in ("ink", "soft", "accent"):
            for ground in ("paper", "wash", "note"):
                assert _contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
    drawing = web(html.write(page(FIRST, PUBLICATION, FACTS))).all("svg")[0]
    plates = {r.attributes["fill"] for r in drawing.all("rect") if r.attributes.get("rx")}
    inks = {t.attributes["fill"] for t in drawing.all("text")}
    assert plates
    assert all(_contrast(ink, plate) >= 4.5 for ink in inks for plate in plates)


def test_the_word_file_can_be_used_by_everybody() -> None:
    """If this fails, Word's own accessibility check complains: no header rows, no language, empty pictures."""
    made = page(FIRST, PUBLICATION, FACTS)
    data = docx.write(made)
    body = word(data)
    for table in body.iter(f"{W}tbl"):
        first, *rest = table.iter(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in rest)
        assert table.find(f"{W}tblPr/{W}tblDescription") is not None
        assert not list(table.iter(f"{W}gridSpan"))
    styles = [p.find(f"{W}pPr/{W}pStyle") for p in body.iter(f"{W}p")]
    heads = [s.get(f"{W}val") for s in styles if s is not None and "Heading" in (s.get(f"{W}val") or "")]
    assert heads == ["Heading1", "Heading2", "Heading2", "Heading1", "Heading1"]
    assert b'w:lang w:val="en-US"' in parts(data)["word/styles.xml"]
    spanish = docx.write(page(evolve(FIRST, language="es"), PUBLICATION, FACTS))
    assert b'w:lang w:val="es-US"' in parts(spanish)["word/styles.xml"]
    assert b"PAGE" in parts(data)["word/footer1.xml"]
    assert b'w:w="12240" w:h="15840"' in parts(data)["word/document.xml"]  # Letter


# -- nothing but what the record gives --------------------------------------------------------------


def test_properties_hold_the_record_and_nothing_else() -> None:
    """If this fails, the file says which machine, program or person made it, and when."""
    data = docx.write(page(FIRST, PUBLICATION, FACTS))
    found = parts(data)
    assert sorted(name for name in found if "media" not in name) == [
        "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels",
        "word/document.xml", "word/footer1.xml", "word/numbering.xml", "word/settings.xml", "word/styles.xml",
    ]  # fmt: skip
    core = found["docProps/core.xml"].decode()
    assert sorted(re.findall(r">([^<>\n]+)<", core)) == sorted([
        FACTS.agency, FACTS.agency, "What the review found", "en-US", "1",
        "2027-04-30T00:00:00Z", "2027-04-30T00:00:00Z",
    ])  # fmt: skip
    metas = {n.attributes.get("name"): n.attributes.get("content")
             for n in web(html.write(page(FIRST, PUBLICATION, FACTS))).all("meta")}  # fmt: skip
    assert metas["author"] == FACTS.agency
    assert metas["dcterms.date"] == "2027-04-30"
    assert not set(metas) - {None, "viewport", "color-scheme", "author", "dcterms.date"}


def test_no_template_holds_what_could_be_an_id() -> None:
    """If this fails, our own layout could be taken for a case number or a worker's id and block a publication."""
    files = render(FACTS, PLAN, PUBLICATION)
    for name, data in files.items():
        found = {word for view in views(name, data) for word in re.findall(r"[^\W_]+", view.lower())}
        assert {word for word in found if re.fullmatch(r"[a-z]{1,2}\d+|\d{5,}", word)} == set(), name


def test_the_same_record_gives_the_same_bytes() -> None:
    """If this fails, a publication cannot be checked by making it again."""
    made = [page(FIRST, PUBLICATION, FACTS) for _ in range(2)]
    for write in (
        html.write,
        docx.write,
        xlsx.write,
        pdf.write,
        lambda one: jsonfile.write((one,), PUBLICATION, FACTS),
    ):
        assert write(made[0]) == write(made[1])


def test_what_could_be_markup_is_text_everywhere() -> None:
    """If this fails, a label from a county's list runs as code in a reader's browser."""
    evil = "</title><script>alert('x')</script>&lt;{{ 7 }}\x00\x0b\u202e"
    table = PUBLICATION.tables[0]
    columns = tuple(evolve(column, label=evil) for column in table.columns)
    rows = tuple(evolve(row, label=evil) for row in table.rows)
    table = evolve(table, title=evil, columns=columns, rows=rows)
    publication = Publication("state", 1, (table,), (ThemeList("t", evil, (Theme("a", evil),)),))
    blocks = (Heading(1, (Given(evil),)), Paragraph((Given(evil),)), ShowTable(table.key),
              ShowChart(table.key, evil.replace("7", "x")), ShowThemes("t"))  # fmt: skip
    made = page(document(*blocks, title="</title><script>"), publication, evolve(FACTS, agency=evil))
    root = web(html.write(made))
    assert root.all("script") == []
    assert "<script>alert('x')</script>&lt;{{ 7 }}" in root.all("main")[0].text()
    assert "<script>alert('x')</script>&lt;{{ 7 }}" in word_text(word(docx.write(made)))
    read = json.loads(jsonfile.write((made,), publication, FACTS))
    assert not set("\x00\x0b\u202e") & set(json.dumps(read, ensure_ascii=False))


def test_each_language_has_its_own_words() -> None:
    """If this fails, a Spanish report carries English marks, or its date reads as nobody writes it."""
    made = page(evolve(FIRST, language="es-MX"), PUBLICATION, FACTS)
    root = web(html.write(made))
    assert root.all("html")[0].attributes["lang"] == "es-MX"
    text = root.all("body")[0].text()
    assert "withheld" not in text
    assert "reservado" in text
    assert "30 de abril de 2027" in text
    assert "la mayoría" in text
    english: Page = page(FIRST, PUBLICATION, FACTS)
    assert english.words.day(date(2027, 12, 1)) == "December 1, 2027"


def test_a_row_with_anything_withheld_is_drawn_as_withheld_whole() -> None:
    """If this fails, the length of a gap in a bar gives the withheld figure away."""
    for cells in ((count(18), HIDDEN, count(4)), (HIDDEN, count(14), count(4)), (count(18), HIDDEN, HIDDEN)):
        table = evolve(PUBLICATION.tables[0], rows=(evolve(PUBLICATION.tables[0].rows[0], cells=cells),))
        made = page(document(ShowChart(table.key, "Teams")), evolve(PUBLICATION, tables=(table,)), FACTS)
        drawing = web(html.write(made)).all("svg")[0]
        boxes = [
            r.attributes["class"]
            for r in drawing.all("rect")
            if "y" in r.attributes and "class" in r.attributes
        ]
        assert boxes.count("withheld") == 1
        assert boxes.count("part") == 2  # the key's two swatches
