"""A note is quoted only where the plan asks for it: clean, of a group large enough, approved by a named person."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attrs import evolve

from reviewcore import Review
from reviewcore.aggregation import check
from reviewcore.aggregation.plan import AggregationPlan, QuoteMeasure, Schema
from reviewcore.demo import inservice
from reviewcore.disclosure.codec import from_json, to_json
from reviewcore.disclosure.publication import Publication
from reviewcore.errors import Blocked, Refused
from reviewcore.report.plan import Paragraph, ReportPlan, ShowQuotes
from reviewcore.sealing import Plugins
from tests.review.small_agency import ATTENDED, before, begin, opened

ASKS = QuoteMeasure("said", "What was said about issues", "session", "issues-said")
GOOD = "People want somebody to call them back."
OTHER = "The waiting room is friendly."
KEPT = {
    "names somebody": "{name} never calls back.",
    "names somebody by initials": "So said {initials} at once.",
    "a telephone number": "They call 555-0170 and wait.",
    "a figure": "It takes 9 weeks.",
    "a figure in other digits": "It takes ٩ weeks.",
}


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an in-service whose record is back, with a note of good sentences and of such as must be kept."""
    root = tmp_path_factory.mktemp("quoting")
    begin(root)
    review = before(root)
    inservice.record(review, ATTENDED)
    name = str(review._vault(review._open()).all("person")[0]["name"])
    initials = "".join(f"{part[0]}." for part in name.split())
    note = " ".join([GOOD, *(one.format(name=name, initials=initials) for one in KEPT.values()), OTHER])
    (path,) = (root / "review/returned").glob("*.xlsx")
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book["Notes"]
    (row,) = (cells[0].row for cells in sheet.iter_rows() if cells[0].value == "issues-said")
    sheet.cell(row, 3).value = note
    book.save(path)
    review.interview()
    return root


@pytest.fixture
def agency(waiting: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    shutil.copytree(waiting, tmp_path / "agency")
    return tmp_path / "agency"


def asking(root: Path, monkeypatch: pytest.MonkeyPatch, actor: str = "Rania Mossmere") -> Review:
    """Open the review with a plan that asks for quotes, and a report that shows them."""
    review = evolve_actor(opened(root), actor)
    review.__dict__["_measures"] = evolve(review._measures, quotes=(ASKS,))
    plain = Plugins.report

    def report(self: Plugins, publication: Publication, settings: object) -> ReportPlan:
        made = plain(self, publication, settings)
        shown = tuple(ShowQuotes(one.key) for one in publication.quotes if one.quotes)
        return ReportPlan(
            tuple(evolve(one, blocks=(*one.blocks, Paragraph(("Heard:",)), *shown)) for one in made.documents)
        )

    monkeypatch.setattr(Plugins, "report", report)
    return review


def evolve_actor(review: Review, actor: str) -> Review:
    return Review.open(review.folder, keys=review.keys, clock=review._clock, actor=actor)


def sentence(review: Review, text: str) -> str:
    """Return the id of a sentence."""
    (found,) = (one.name for one in review.quotes() if one.text == text)
    return found


def told(root: Path, audience: str) -> str:
    """Return all words that went to an audience after the session."""
    place = root / f"review/publications/{audience}/2"
    return (place / "report.html").read_text(encoding="utf-8") + (place / "report.json").read_text(
        encoding="utf-8"
    )


def test_nothing_is_quoted_that_nobody_approved(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, somebody's words go out although nobody answers for it."""
    review = asking(agency, monkeypatch)
    review.aggregate()
    review.report()
    assert GOOD not in told(agency, "agency")


def test_an_approved_sentence_is_shown_and_no_other(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, an approval opens the door to more than the one sentence, or to nothing."""
    review = asking(agency, monkeypatch)
    name = sentence(review, GOOD)
    review.quote(name, approve=True)
    (event,) = review.records.log.events("quotes.approved")
    assert event.actor == "Rania Mossmere"
    assert GOOD not in str(event.body)
    review.aggregate()
    review.report()
    for audience in ("agency", "state"):
        assert f"“{GOOD}”" in told(agency, audience)
        assert OTHER not in told(agency, audience)


def test_a_smaller_group_is_not_quoted_to_whoever_needs_a_larger_one(
    agency: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, words of a group of few go out, and one of them can be made out."""
    review = asking(agency, monkeypatch)
    review.quote(sentence(review, GOOD), approve=True)
    from reviewcore import quoting

    (event,) = review.records.log.events("interview.answered")
    assert event.body is not None
    heard = {event.body["token"]: frozenset(map(str, range(10)))}
    vault = review._vault(review._open())
    quotes = quoting.approved(review.records.log, vault, review._measures, review._find(vault), heard)
    assert [len(one.quotes) for k in (5, 10, 11) for one in quotes(k)] == [1, 1, 0]


@pytest.mark.parametrize("kept", KEPT)
def test_a_sentence_that_gives_somebody_away_cannot_be_approved(
    agency: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """If this fails, a name or a number is quoted because somebody did not look."""
    review = asking(agency, monkeypatch)
    names = {one.name: one.text for one in review.quotes() if one.why_not}
    assert len(names) == len(KEPT)
    name = list(names)[list(KEPT).index(kept)]
    with pytest.raises(Blocked) as caught:
        review.quote(name, approve=True)
    assert names[name] not in str(caught.value)
    assert not review.records.log.events("quotes.approved")


@pytest.mark.parametrize("actor", ["", "unknown"])
def test_nobody_in_particular_approves_nothing(
    agency: Path, monkeypatch: pytest.MonkeyPatch, actor: str
) -> None:
    """If this fails, nobody stands for what is quoted."""
    review = asking(agency, monkeypatch, actor)
    with pytest.raises(Refused, match="named person"):
        review.quote(sentence(review, GOOD), approve=True)


def test_an_approval_is_taken_back_and_does_not_outlive_a_change(
    agency: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, words stay quoted that were taken back, or others stand under the approval."""
    review = asking(agency, monkeypatch)
    name = sentence(review, GOOD)
    review.quote(name, approve=True)
    review.quote(name, approve=False)
    assert not [one for one in review.quotes() if one.approved_by]
    with pytest.raises(Refused, match="not approved"):
        review.quote(name, approve=False)
    review.quote(name, approve=True)
    vault = review._vault(review._open())
    vault.put("note", name.rpartition("/")[0], {"text": "Nobody wants to be called back."})
    assert not [one for one in review.quotes() if one.approved_by]
    with pytest.raises(Refused, match="no sentence"):
        review.quote("K7QF-2M9X/notes/1", approve=True)


def test_the_types_that_come_along_quote_nobody(agency: Path) -> None:
    """If this fails, a letter promises that nobody is quoted, and the report quotes."""
    assert opened(agency).quotes() == ()


def test_a_plan_asks_for_quotes_of_sealed_free_text_alone(agency: Path) -> None:
    """If this fails, what a group posts by name could be quoted, or a closed answer."""
    review = opened(agency)
    schema: Schema = review._schema
    for item, says in (
        ("goal", "no sealed free text"),
        ("attended", "no sealed free text"),
        ("nothing", "nothing"),
    ):
        plan = AggregationPlan((), quotes=(evolve(ASKS, item=item),))
        assert any(says in one for one in check.problems(plan, schema)), item
    assert check.problems(AggregationPlan((), quotes=(ASKS,)), schema) == []


def test_quotes_are_stored_without_loss() -> None:
    """If this fails, a quote is lost between the door and the report."""
    from reviewcore.disclosure.publication import QuoteList

    made = Publication("agency", 1, (), (), (QuoteList("said", "Said", ("One.", "Two.")),))
    assert from_json(to_json(made)) == made
    assert "quotes" not in to_json(Publication("agency", 1, ()))
