"""A name that got into a finished file is found however it hides; nothing is said about whose it is."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_reports import FACTS, PLAN, PUBLICATION

from reviewcore.disclosure.publication import Cell, TableRow
from reviewcore.report.scan import places
from reviewcore.report.stage import render
from reviewcore.store.scan import Roster

PEOPLE = (
    {"person_id": "W-4711", "name": "Mary Smith", "email": "msmith@alder.example"},
    {"person_id": "88123", "name": "José Núñez Ortega", "email": "jose@alder.example"},
)
CASES = ({"case_id": "C-2044", "family_id": "F-77", "family_name": "Van der Berg"},)
FIND = Roster.of(PEOPLE, CASES, ("Alder County Human Services",)).find
FILES = render(FACTS, PLAN, PUBLICATION)


def _web(text: str) -> bytes:
    return FILES["report.html"].decode().replace("</main>", f"{text}</main>").encode()


def _word(part: str, old: str, new: str) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(FILES["report.docx"])) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text, old
                text = text.replace(old.encode(), new.encode(), 1)
            after.writestr(name, text)
    return made.getvalue()


def test_finished_files_that_name_nobody_pass() -> None:
    """If this fails, a clean publication is blocked, and soon nobody believes the scan."""
    assert {name: places(FIND, name, data) for name, data in FILES.items()} == dict.fromkeys(FILES, 0)


@pytest.mark.parametrize(
    "leak",
    [
        "<p>Mary Smith</p>",
        "<p>MARY SMITH</p>",
        "<p>Smith, Mary</p>",
        "<p>Jose Nunez Ortega</p>",
        "<p>Ma<b>ry</b> Smith</p>",
        "<p>words</p><p>Ma<b>ry</b> Smith</p>",
        "<p>Mary <i>Smith</i></p>",
        "<td>Mary</td><td>Smith</td>",
        "<text>Mary</text><text>Smith</text>",
        "<p>M&#97;ry&nbsp;Smith</p>",
        "<p>M&#x61;ry Sm&shy;ith</p>",
        "<p>Ma\u200bry Smith</p>",
        "<img alt='Mary Smith'>",
        "<svg><title>Mary Smith</title></svg>",
        "<svg><desc>msmith@alder.example</desc></svg>",
        "<a href='mailto:msmith@alder.example'>write</a>",
        "<!-- Mary Smith -->",
        "<style>.Mary-Smith {}</style>",
        "<p>case <i>C</i>-2044</p>",
        "<p>W-4711</p>",
        "<p>88123</p>",
        "<p data-x='C-2044'>case</p>",
        "<p>F-77</p>",
        "<p>Berg, Van der</p>",
    ],
)  # fmt: skip
def test_a_name_in_a_page_is_found(leak: str) -> None:
    """If this fails, somebody is named in a web page: in its words, between its tags, or where few look."""
    assert places(FIND, "report.html", _web(leak)) >= 1


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", "Child welfare", "Mary Smith"),
        ("word/document.xml", "Child welfare", "Mary</w:t></w:r><w:r><w:t xml:space='preserve'> Smith"),
        ("word/document.xml", "Child welfare", "Ma</w:t></w:r><w:r><w:t>ry Smith"),
        ("word/document.xml", "Child welfare", "M&#97;ry Smi&#x74;h"),
        ("word/document.xml", "Child welfare", "<!--Mary Smith-->"),
        ("word/document.xml", 'descr="', 'descr="Mary Smith: '),
        ("word/document.xml", 'descr="', 'title="88123" descr="'),
        ("word/document.xml", "<w:body>", '<w:body w:x="W-4711">'),
        ("word/footer1.xml", "Alder", "Mary Smith"),
        ("docProps/core.xml", "Alder County Human Services", "Mary Smith"),
        ("docProps/core.xml", "What the review found", "msmith@alder.example"),
        ("word/styles.xml", "Withheld", "Smith Mary"),
        ("word/_rels/document.xml.rels", "media/", "mailto:msmith@alder.example/"),
    ],
)  # fmt: skip
def test_a_name_in_a_word_file_is_found(part: str, old: str, new: str) -> None:
    """If this fails, somebody is named in a Word file: in its words, its pictures or its properties."""
    assert places(FIND, "report.docx", _word(part, old, new)) >= 1


@pytest.mark.parametrize("leak", ["Mary Smith", "JOSÉ NÚÑEZ ORTEGA", "see 88123"])
def test_a_name_in_the_data_file_is_found(leak: str) -> None:
    """If this fails, somebody is named where machines read, escaped or not."""
    for ascii_only in (True, False):
        for content in ({"label": leak}, {leak: None}, {"a": [["x", {"b": leak}]]}):
            data = json.dumps(content, ensure_ascii=ascii_only).encode()
            assert places(FIND, "report.json", data) >= 1


def test_a_name_in_a_file_name_is_found() -> None:
    """If this fails, a file tells by its own name whom it is about."""
    assert places(FIND, "mary-smith.json", b"{}") == 1


def test_a_name_that_may_be_told_passes() -> None:
    """If this fails, the director cannot sign a report."""
    find = Roster.of(PEOPLE, CASES, ("Mary Smith",)).find
    assert places(find, "report.html", _web("<p>Mary Smith, director</p>")) == 0


def test_figures_side_by_side_are_no_id() -> None:
    """If this fails, two cells of a table, read together, pass for a case number and block a publication."""
    table = evolve(
        PUBLICATION.tables[2], rows=(TableRow("all", "All", (Cell("count", 88), Cell("count", 123))),)
    )
    files = render(FACTS, PLAN, evolve(PUBLICATION, tables=(*PUBLICATION.tables[:2], table)))
    assert {name: places(FIND, name, data) for name, data in files.items()} == dict.fromkeys(files, 0)


def test_every_place_is_counted() -> None:
    """If this fails, the county mends one place and believes that there was no other."""
    assert places(FIND, "report.html", _web("<p>Mary Smith</p><p>José Núñez Ortega</p><p>C-2044</p>")) == 3


def test_a_reading_of_the_raw_text_alone_would_miss_them() -> None:
    """If this fails, the leaks above are no test: a plain search through the file would find them all."""
    hidden = ("<p>Ma<b>ry</b> Smith</p>", "<p>M&#97;ry Smith</p>", "<p>Ma\u200bry Smith</p>")
    for leak in hidden:
        assert FIND(_web(leak).decode()) == ()
    assert FIND(_word("docProps/core.xml", "What the", "Mary Smith").decode("latin-1")) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["b", "i", "em", "span"]), min_size=1, max_size=3), st.integers(1, 9))
def test_a_name_is_found_wherever_tags_split_it(tags: list[str], at: int) -> None:
    """If this fails, a tag somewhere within a name hides it."""
    name = "Mary Smith"
    opened, closed = "".join(f"<{t}>" for t in tags), "".join(f"</{t}>" for t in reversed(tags))
    assert places(FIND, "report.html", _web(f"<p>{name[:at]}{opened}{name[at:]}{closed}</p>")) >= 1


def test_a_name_in_a_label_reaches_every_file_and_is_found_in_each() -> None:
    """If this fails, one of the writers has a way out that the scan does not look through."""
    named = evolve(PUBLICATION.tables[0], title="Cases of Mary Smith")
    files = render(FACTS, PLAN, evolve(PUBLICATION, tables=(named, *PUBLICATION.tables[1:])))
    assert all(places(FIND, name, data) >= 1 for name, data in files.items())
