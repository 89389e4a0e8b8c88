"""Made-up publications and documents for the tests of the report, and random ones."""

from datetime import date

from hypothesis import strategies as st

from reviewcore.disclosure.publication import (
    Cell,
    Column,
    Publication,
    Table,
    TableRow,
    Theme,
    ThemeList,
)
from reviewcore.report.plan import (
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Paragraph,
    ReportPlan,
    ShowChart,
    ShowTable,
    ShowThemes,
)
from reviewcore.report.values import Facts

FACTS = Facts("Alder County Human Services", "Peer review", date(2027, 4, 30))
HIDDEN = Cell("withheld")


def count(value: int) -> Cell:
    """Return a published count."""
    return Cell("count", value)


SPLIT = (Column("rated", "Rated"), Column("acceptable", "Acceptable"), Column("not", "Not acceptable"))
TEAMING = Table(
    "teaming/program",
    "Use of teams, by program",
    "acceptable",
    SPLIT,
    (
        TableRow("welfare", "Child welfare", (count(1230), count(1019), count(211))),
        TableRow("probation", "Juvenile probation", (count(18), HIDDEN, HIDDEN)),
    ),
    "program",
)
VOICE = Table(
    "voice",
    "Role and voice",
    "band",
    (Column("rated", "Rated"), Column("share", "Acceptable")),
    (
        TableRow("north", "North", (count(20), Cell("band", "most"))),
        TableRow("south", "South", (count(12), Cell("band", "fewer than half"))),
        TableRow("west", "West", (HIDDEN, HIDDEN)),
    ),
)
SEEN = Table(
    "seen",
    "Child seen in the month",
    "acceptable",
    (Column("rated", "Rated"), Column("share", "Seen")),
    (TableRow("all", "All cases", (count(40), Cell("percent", 65))),),
)
STRENGTHS = ThemeList("strengths", "Strengths", (Theme("stay", "Workers stay with families"),))
PUBLICATION = Publication("state", 1, (TEAMING, VOICE, SEEN), (STRENGTHS, ThemeList("needs", "Needs", ())))


def document(*blocks: object, **other: object) -> Document:
    """Return a document of the blocks."""
    said = {"kind": "report", "audience": "state", "title": "What the review found", **other}
    return Document(blocks=tuple(blocks), **said)  # type: ignore[arg-type]


WHOLE = (
    Heading(1, ("What was found",)),
    Paragraph(("Teams: ", Cite("teaming/program", "welfare", "acceptable"), " in ", Given("2027"), ".")),
    Heading(2, ("By program",)),
    ShowChart("teaming/program", "How teams were used"),
    Bullets((("Probation: ", Cite("teaming/program", "probation", "not")), ("Seen: ", Cite("seen", "all", "share")))),
    Heading(2, ("Voice",)),
    ShowChart("voice", "Where voices were heard"),
    Heading(1, ("Visits",)),
    ShowTable("seen"),
    Heading(1, ("What was heard",)),
    ShowThemes("strengths"),
    ShowThemes("needs"),
)  # fmt: skip
PLAN = ReportPlan((document(*WHOLE, subtitle=("Findings of ", Given("2027"))),))

LABELS = st.text("abcdeXYZ éñ<>&\"'{}%$;/-", min_size=1, max_size=60).filter(str.strip)
"""Labels without digits or line breaks, full of what a writer could forget to escape."""

_COUNTS = st.integers(0, 12_345).map(count)
_KINDS = {
    "acceptable": _COUNTS | st.just(HIDDEN),
    "codes": _COUNTS | st.just(HIDDEN),
    "percent": st.integers(0, 100).map(lambda value: Cell("percent", value)) | st.just(HIDDEN),
    "band": st.sampled_from(("few", "some", "most", "fewer than half", "half or more")).map(
        lambda value: Cell("band", value)
    )
    | st.just(HIDDEN),
}


@st.composite
def tables(draw: st.DrawFn, key: str) -> Table:
    """Draw a table of counts, percents or bands, some of it withheld."""
    kind = draw(st.sampled_from(sorted(_KINDS)))
    parts = 1 if kind == "band" else draw(st.integers(1, 7))
    columns = (Column("rated", draw(LABELS)), *(Column(f"part-{n}", draw(LABELS)) for n in range(parts)))
    rows = tuple(
        TableRow(
            f"row-{n}", draw(LABELS), (draw(_COUNTS | st.just(HIDDEN)), *(draw(_KINDS[kind]) for _ in range(parts)))
        )
        for n in range(draw(st.integers(1, 4)))
    )  # fmt: skip
    return Table(key, draw(LABELS), "acceptable" if kind == "percent" else kind, columns, rows)  # type: ignore[arg-type]


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    """Draw a publication."""
    made = tuple(draw(tables(f"table-{n}")) for n in range(draw(st.integers(1, 3))))
    themes = tuple(Theme(f"theme-{n}", label) for n, label in enumerate(draw(st.lists(LABELS, max_size=3))))
    return Publication("state", 1, made, (ThemeList("themes", draw(LABELS), themes),))


@st.composite
def documents(draw: st.DrawFn, publication: Publication) -> Document:
    """Draw a document that cites what was published and shows each table in one way."""
    blocks: list[object] = [Heading(1, (draw(LABELS),))]
    for table in publication.tables:
        row, column = draw(st.sampled_from(table.rows)), draw(st.sampled_from(table.columns))
        given = draw(st.integers(0, 99999).map(str))
        said = (draw(LABELS), " ", Cite(table.key, row.key, column.key), " / ", Given(given), " .")
        blocks.append(draw(st.sampled_from((Paragraph(said), Bullets((said,)), Heading(2, said)))))
        blocks.append(draw(st.sampled_from((ShowTable(table.key), ShowChart(table.key, draw(LABELS))))))
    return document(*blocks, ShowThemes("themes"), title=draw(LABELS))


@st.composite
def reports(draw: st.DrawFn) -> tuple[Document, Publication]:
    """Draw a publication and a document that is made of it."""
    publication = draw(publications())
    return draw(documents(publication)), publication
