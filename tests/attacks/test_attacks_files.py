"""Finished files in every format: what they tell beside their tables, of whom, and in which order."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from attrs import evolve

from tests.attacks import planted, scores
from tests.attacks.design import Case, Design
from tests.attacks.driver import Agency, Publication, Review
from tests.attacks.finished import blank, files, publish_files
from tests.attacks.made_up import case
from tests.attacks.readers import READERS
from tests.attacks.rounds import Out, assault
from tests.attacks.seen import Seen
from tests.attacks.words import bars, forms, hidden_small, named, shape, stray

DESIGN = Design(
    {"site": ("North", "South", "West")},
    {"q": ("1", "2"), "r": ("1", "2", "3")},
    {
        name: {"q": "acceptable", "q/site": "acceptable", "r": "band", "r/site": "band"}
        for name in ("team", "agency")
    },
    {"team": 3, "agency": 5},
    {"q": ("site",), "r": ("site",)},
)
FORMATS = sorted(READERS)


def people(seed: int) -> list[Case]:
    """Return some made-up cases; the South's are few."""
    source = random.Random(seed)
    shape = {"lopsided": 0.2, "low": 0.3, "missing": 0.1, "shared": 0.0}
    made = [case(source, DESIGN, n, shape) for n in range(46)]
    return [
        evolve(one, values={"site": "North"}) if one.values["site"] == "South" and n > 14 else one
        for n, one in enumerate(made)
    ]


def publish(cases: list[Case]) -> dict[str, Publication]:
    """Return what the real engine publishes of the cases."""
    review = Review(Agency(), DESIGN)
    review.draw(cases)
    review.answer(cases)
    return review.publish()


@pytest.fixture(scope="module")
def made() -> list[tuple[list[Case], Publication]]:
    """Return made-up reviews, each with what the agency was given."""
    return [(people(seed), publish(people(seed))["agency"]) for seed in range(20 if scores.deep() else 2)]


@cache
def readings(publication: Publication) -> dict[str, Seen]:
    """Return a publication as it is read from each of its finished files."""
    return {name: READERS[name](data) for name, data in files(publication, FORMATS, charts=True).items()}


def test_every_format_is_read() -> None:
    """If this fails, there is a format without a reader here, which no attack looks at."""
    from tests.attacks.finished import every_format

    assert set(READERS) >= set(every_format())


def test_every_format_tells_the_same_and_gives_nothing_away(made) -> None:
    """Attacks 1 to 3 and 6 in every format: if this fails, one file tells what another withholds."""
    tried: Counter[str] = Counter()
    for cases, publication in made:
        seen = readings(publication)
        for name, one in seen.items():
            assert one.tables == seen["json"].tables, name
            assert hidden_small(one, 5) == []
            lost, asked = assault(
                evolve(DESIGN, k={"agency": 5}), [Out({c.key: c for c in cases}, {"agency": one})]
            )
            assert lost == []
            tried.update(asked)
            withheld = [
                cell for table in one.tables for _, row in table.rows for cell in row if cell == "withheld"
            ]
            assert withheld
    scores.record("finished files", {
        "formats": FORMATS, "files": len(made) * len(FORMATS), "numbers tried": dict(sorted(tried.items())),
        "numbers lost": 0,
    })  # fmt: skip


def test_no_number_stands_beside_the_tables(made) -> None:
    """Attack 1: if this fails, a chart's label, a hidden sheet or a property tells a number that no table holds."""
    for _, publication in made:
        twins = readings(blank(publication))
        for name, seen in readings(publication).items():
            assert stray(seen, twins[name]) == Counter(), name


def test_every_withheld_row_is_drawn_alike(made) -> None:
    """Attack 1: if this fails, the length of a bar in a chart tells a number that is withheld, or that would pass."""
    pages = [files(publication, ("html",), charts=True)["html"] for _, publication in made]
    shapes = set().union(*map(bars, pages))
    assert len(shapes) == 1
    wrong = re.sub(rb'(<rect class="withheld"[^>]*?width=")\d+', rb"\g<1>77", pages[0], count=1)
    assert bars(wrong) - shapes


def _zipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, change(info.filename, old.read(info.filename)))
    return out.getvalue()


def _in_part(part: str, old: str, new: str) -> Callable[[bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        text = data.decode()
        assert old in text, part
        return text.replace(old, new, 1).encode()

    return lambda data: _zipped(data, change)


def _hidden_sheet(data: bytes) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data))
    sheet = book.create_sheet("data")
    sheet["A1"], sheet.sheet_state = 77, "veryHidden"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf_info(data: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.add_metadata({"/Subject": "South: 77"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _pdf_attached(data: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.add_attachment("data.txt", b"South 77")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


LEAKS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "html, a comment": ("html", lambda data: data.replace(b"</body>", b"<!-- South 77 --></body>")),
    "html, a label of a chart": ("html", lambda data: data.replace(b"</desc>", b", South 77</desc>", 1)),
    "html, an attribute": ("html", lambda data: data.replace(b"<caption ", b'<caption data-n="77" ', 1)),
    "docx, an alternative text": ("docx", _in_part("word/document.xml", 'descr="', 'descr="South 77, ')),
    "docx, a property": ("docx", _in_part("docProps/core.xml", "<dc:title>", "<dc:title>77 ")),
    "xlsx, a hidden sheet": ("xlsx", _hidden_sheet),
    "xlsx, a chart's own copy": (
        "xlsx", lambda data: _zipped(data, lambda name, part: part.replace(b"<c:v>", b"<c:v>South 77 ", 1)
                                     if name.startswith("xl/charts/chart") else part),
    ),
    "pdf, a property": ("pdf", _pdf_info),
    "pdf, an attached file": ("pdf", _pdf_attached),
    "json, a key beside the others": ("json", lambda data: data.replace(b'"themes": [', b'"n": 77,\n "themes": [', 1)),
}  # fmt: skip


def test_a_number_planted_in_a_file_is_found(made) -> None:
    """Attack 1: if this fails, a number could stand in a file's hidden parts, unnoticed."""
    _, publication = made[0]
    right = files(publication, FORMATS, charts=True)
    twins = readings(blank(publication))
    found = {
        how: "77" in stray(READERS[name](plant(right[name])), twins[name])
        for how, (name, plant) in LEAKS.items()
    }
    scores.record("planted: numbers beside the tables", {"planted": len(found), "found": sum(found.values())})
    assert found == dict.fromkeys(LEAKS, True)


# -- order, rows, times ------------------------------------------------------------------------------------------


def test_rows_columns_and_times_never_come_from_the_answers(made) -> None:
    """Attacks 9 and 12: if this fails, a missing row, an order or a time stamp tells of the answers."""
    shapes = {name: set() for name in FORMATS}
    for _, publication in made:
        for name, seen in readings(publication).items():
            shapes[name].add(repr([(title, rows) for title, _, rows in shape(seen)]))
            assert all(re.match(r"1980-1-1|(D:)?2027-?04-?30", stamp) for stamp in seen.stamps), (
                name,
                seen.stamps,
            )
    assert {name: len(found) for name, found in shapes.items()} == dict.fromkeys(FORMATS, 1)


@pytest.mark.parametrize("engine", [planted.sorted_rows, planted.only_what_there_is])
def test_an_engine_whose_rows_come_from_the_answers_is_caught(engine) -> None:
    """Attacks 9 and 12: if this fails, rows in the order of hidden counts, or only where somebody is, pass."""
    shapes = set()
    for seed in range(3):
        cases = [
            evolve(one, values={"site": "North" if seed == 1 else one.values["site"]}) for one in people(seed)
        ]
        team = publish(cases)["team"]
        wrong = engine(planted.without(team, DESIGN, {c.key: c for c in cases}, lambda t, k, cells: list(cells)),
                       DESIGN, {c.key: c for c in cases})  # fmt: skip
        shapes.add(repr(shape(READERS["json"](files(wrong, ("json",))["json"]))))
    scores.record(f"planted: {engine.__name__.replace('_', ' ')}", {"reviews": 3, "shapes": len(shapes)})
    assert len(shapes) > 1


# -- names -------------------------------------------------------------------------------------------------------

PERSON = {"name": "Quetzal Äbersold", "person_id": "P-90017", "email": "q.abersold@alder.example"}


def test_a_name_in_any_form_keeps_every_file_shut(made, tmp_path: Path) -> None:
    """Attack 13: if this fails, a label that names somebody leaves in a finished file.

    Forms that only free text is searched for are not asked for here; with the scan off, each is found in every format.
    """
    _, publication = made[0]
    shut, planted_found = {}, 0
    ways = forms(PERSON["name"], PERSON["person_id"], PERSON["email"])
    for number, (form, said) in enumerate(ways.items()):
        table = publication.tables[-1]
        rows = (evolve(table.rows[0], label=f"Site of {said}"), *table.rows[1:])
        wrong = evolve(publication, tables=(*publication.tables[:-1], evolve(table, rows=rows)))
        whole = number in (0, 4, 8) or scores.deep()
        formats = FORMATS if whole else ("html", "json")
        shut[form] = publish_files(tmp_path / f"{number}", wrong, formats, PERSON) is None
        if whole:
            open_ = publish_files(tmp_path / f"{number}open", wrong, FORMATS, None)
            where = {name: bool(named(READERS[name](data), [said])) for name, data in open_.items()}
            assert all(where.values()), (form, where)
            planted_found += sum(where.values())
    scores.record("names in finished files", {"forms": len(shut), "kept shut": sum(shut.values())})
    scores.record("planted: scan off", {"files that named somebody": planted_found})
    assert shut == dict.fromkeys(ways, True)


# -- who somebody is changes nothing -----------------------------------------------------------------------------


def again(cases: list[Case], source: random.Random, **how: Callable[[Case], Case]) -> list[Case]:
    """Return the same cases in another order and under other names."""
    other = [evolve(one, key=f"x{source.random()}", worker=f"{one.worker}-{len(cases)}") for one in cases]
    source.shuffle(other)
    return other


def by_name(publication: Publication, cases: list[Case]) -> Publication:
    """Order the themes by the name of the first case that raised each: an engine that looks at who somebody is."""
    first = {
        theme: min((c.key for c in cases if theme in c.themes), default="")
        for c in cases
        for theme in c.themes
    }
    lists = tuple(
        evolve(one, themes=tuple(sorted(one.themes, key=lambda theme: first.get(theme.key, ""))))
        for one in publication.themes
    )
    return evolve(publication, themes=lists)


def test_who_the_persons_are_changes_no_byte() -> None:
    """Attack 14: if this fails, a name or the order of the cases leaves a trace in a finished file."""
    cases = people(5)
    one = publish(cases)["team"]
    bytes_of = files(one, FORMATS, charts=True)
    traces = 0
    for number in range(20 if scores.deep() else 3):
        other = again(cases, random.Random(number))
        two = publish(other)["team"]
        assert files(two, FORMATS, charts=True) == bytes_of
        traces += files(by_name(two, other), ("json",)) != files(by_name(one, cases), ("json",))
    scores.record("planted: an order by name", {"reviews": number + 1, "caught": traces})
    assert traces
